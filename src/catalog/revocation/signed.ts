/**
 * What the signed list says is revoked. It is written in the transaction of each act, so it says nothing that the tables do
 * not: where it does, rows were lost or changed by nobody whom the store knows, and devices go by the list. No act may take
 * out of it what only somebody who lifts it may.
 */
import { SYSTEM_LABEL } from "../../accounts/actor.ts";
import type { Db, Tx } from "../../db/database.ts";
import { type AppId, type Audience, EVERYBODY, type Sha256, type VersionCode } from "../../ids.ts";
import { signedTarget } from "../tuf/as-signed.ts";
import { damaged } from "../tuf/differences.ts";
import { parseRevocations, type Revocation, type Revocations } from "../tuf/revocations.ts";
import { REVOCATIONS_PATH } from "../tuf/roles.ts";
import * as records from "./records.ts";

export const nameOf = ({ subject, id }: Pick<Revocation, "subject" | "id">): string => `${subject} ${id}`;

/** Reading a long list takes longer than the rest of an act, and it is asked for more than once in each. */
const read = new WeakMap<Db, Map<Audience, { readonly sha256: Sha256; readonly revocations: Revocations }>>();

/** Null when the database has it no more as it was signed: a list without what it said would lift that with the next act. */
export function signedRevocations(db: Db, audience: Audience = EVERYBODY): Revocations | null {
  const found = signedTarget(db, { audience, path: REVOCATIONS_PATH });
  if (found === null) return null;
  const lists = read.get(db) ?? new Map();
  read.set(db, lists);
  const known = lists.get(audience);
  if (known?.sha256 === found.sha256) return known.revocations;
  const revocations = parseRevocations(found.body);
  lists.set(audience, { sha256: found.sha256, revocations });
  return revocations;
}

/** @throws Problem `catalog.damaged` */
export function requireSigned(db: Db, audience: Audience): Revocations {
  const signed = signedRevocations(db, audience);
  if (signed === null) throw damaged({ of: "body", audience, path: REVOCATIONS_PATH });
  return signed;
}

/** What these signed lists say together. @throws Problem `catalog.damaged` */
function unionOf(db: Db, lists: readonly Audience[]): Revocations {
  const signed = lists.map((audience) => requireSigned(db, audience));
  const entries = new Map(signed.flatMap((list) => list.entries.map((entry) => [nameOf(entry), entry])));
  return {
    entries: [...entries.values()],
    lowestVersionCodes: new Map(signed.flatMap((list) => [...list.lowestVersionCodes])),
  };
}

/** What these signed lists say, and the tables do not, or otherwise. @throws Problem `catalog.damaged` */
export function lostRevocations(db: Db, inForce: Revocations, lists: readonly Audience[]): Revocations {
  const signed = unionOf(db, lists);
  const rows = new Map(inForce.entries.map((entry) => [nameOf(entry), entry]));
  return {
    entries: signed.entries.filter((entry) => !isSame(entry, rows.get(nameOf(entry)))),
    lowestVersionCodes: new Map(
      [...signed.lowestVersionCodes].filter(
        ([appId, code]) => inForce.lowestVersionCodes.get(appId) !== code,
      ),
    ),
  };
}

export function isSame(one: Revocation, other: Revocation | undefined): boolean {
  return (
    other !== undefined &&
    one.action === other.action &&
    one.reason === other.reason &&
    one.revokedAt === other.revokedAt &&
    one.approvalsUntil === other.approvalsUntil
  );
}

export function isEmpty({ entries, lowestVersionCodes }: Revocations): boolean {
  return entries.length === 0 && lowestVersionCodes.size === 0;
}

/** What is in force once what was lost is brought back. */
export function withLost(inForce: Revocations, lost: Revocations): Revocations {
  if (isEmpty(lost)) return inForce;
  const names = new Set(lost.entries.map(nameOf));
  return {
    entries: [...inForce.entries.filter((entry) => !names.has(nameOf(entry))), ...lost.entries],
    lowestVersionCodes: new Map<AppId, VersionCode>([
      ...inForce.lowestVersionCodes,
      ...lost.lowestVersionCodes,
    ]),
  };
}

/** Into the tables. */
export function bringBack(tx: Tx, lost: Revocations, now: Date): void {
  for (const { subject, id, action, reason, revokedAt, approvalsUntil } of lost.entries)
    records.saveRevocation(tx, {
      subject,
      target: id,
      action,
      reason,
      approvalsUntil: approvalsUntil === null ? null : new Date(approvalsUntil),
      revokedAt: new Date(revokedAt),
      revokedBy: SYSTEM_LABEL,
      sealed: null,
    });
  for (const [appId, versionCode] of lost.lowestVersionCodes)
    records.saveLowest(tx, {
      appId,
      versionCode,
      reason: "Brought back from the signed list.",
      setAt: now,
      setBy: SYSTEM_LABEL,
    });
}

/** What is told of it: the program's log has no room for all of a long list. */
export function namesOfLost({ entries, lowestVersionCodes }: Revocations): readonly string[] {
  return [
    ...entries.map(nameOf),
    ...[...lowestVersionCodes.keys()].map((appId) => `lowest version of ${appId}`),
  ];
}
