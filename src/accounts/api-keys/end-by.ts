/** Ending keys within what ends more than a key. */
import type { AuditAuthor } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import type { Tx } from "../../db/database.ts";
import type { AccountId } from "../../ids.ts";
import { endBegunBy } from "../departed.ts";
import { type ApiKeyRow, keysInUseOf, liveKeysMadeWith, updateApiKey } from "./records.ts";

/** The key and those that it made, by whom the audit log is to name. One that is over already stays as it was. */
export function endKeyBy(
  tx: Tx,
  author: AuditAuthor,
  row: ApiKeyRow,
  action: "apikey.revoked" | "apikey.leaked",
  now: Date,
): ApiKeyRow {
  if (row.revokedAt !== null) return row;
  const leakedAt = action === "apikey.leaked" ? now : null;
  const ended = updateApiKey(tx, row.id, { revokedAt: now, leakedAt });
  if (!ended) throw new Error(`the API key ${row.id} is gone while it is revoked`);
  const { organisationId, madeWith } = row;
  recordChange(
    tx,
    author,
    {
      action,
      subject: { type: "apikey", id: row.id },
      organisationId,
      ...(madeWith === null ? {} : { after: { madeWith } }),
    },
    now,
  );
  if (row.accountId !== null) endBegunBy(tx, author, row.accountId, now);
  for (const made of liveKeysMadeWith(tx, row.id)) endKeyBy(tx, author, made, "apikey.revoked", now);
  return ended;
}

/** Every key of a person that works, for good: whoever is let in again makes their keys anew. */
export function endKeysOfPerson(tx: Tx, author: AuditAuthor, accountId: AccountId, now: Date): void {
  for (const row of keysInUseOf(tx, { accountId }, now)) endKeyBy(tx, author, row, "apikey.revoked", now);
}
