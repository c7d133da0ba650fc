/** Codes that end with something else: with what their maker may, or the API key that they were made with, and with a device that enrolled by them. */
import type { AuditAuthor } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import type { Tx } from "../../db/database.ts";
import type { AccountId, DeviceId } from "../../ids.ts";
import { accountLabel } from "../actor.ts";
import { actorOnRecord } from "../on-record.ts";
import { allows } from "../rights.ts";
import { type CodeRow, codesShownBy, groupsOfCode, liveCodesBy, markCodeRevoked } from "./codes.records.ts";

/** Whether a code still counts: whoever was put out must not go on letting devices in, nor who had a key that was revoked. */
export function codeMayStand(tx: Tx, row: CodeRow): boolean {
  const actor = actorOnRecord(tx, { by: row.createdBy, with: row.createdWith });
  if (actor === undefined || !allows(actor, "device.manage")) return false;
  return groupsOfCode(tx, row.id).length === 0 || allows(actor, "group.manage");
}

/** Those of one person that do not stand any more. */
export function revokeFallenCodes(tx: Tx, author: AuditAuthor, accountId: AccountId, now: Date): void {
  for (const row of liveCodesBy(tx, accountLabel(accountId), now))
    if (!codeMayStand(tx, row)) revokeCode(tx, author, row, now);
}

/** Every code that the device has shown: whoever has the device has them, and could come back with another key. */
export function revokeCodesShownBy(tx: Tx, author: AuditAuthor, deviceId: DeviceId, now: Date): void {
  for (const row of codesShownBy(tx, deviceId, now)) revokeCode(tx, author, row, now);
}

/** One that is not revoked yet. */
export function revokeCode(tx: Tx, author: AuditAuthor, { id }: CodeRow, now: Date): CodeRow {
  const revoked = markCodeRevoked(tx, id, { revokedAt: now, revokedBy: author.actor });
  if (!revoked) throw new Error(`the code ${id} is gone while it is revoked`);
  recordChange(tx, author, { action: "enrolment.revoked", subject: { type: "enrolment", id } }, now);
  return revoked;
}
