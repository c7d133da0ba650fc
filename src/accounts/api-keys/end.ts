/** Ending a key, and with it every key that it made. */
import type { AuditAuthor } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import type { ApiKeyId } from "../../ids.ts";
import { type Actor, auditAuthor } from "../actor.ts";
import { endBegunBy } from "../departed.ts";
import { type ApiKey, apiKeyOf, findKeyFor } from "./owner.ts";
import { type ApiKeyRow, type KeyOwner, liveKeysMadeWith, updateApiKey } from "./records.ts";

/**
 * Once revoked it stays so; again is no error.
 * @param owner Whose it must be; whoever's it is without.
 * @throws Problem `apikey.not_found`, `organisation.not_found`, `rights.forbidden`
 */
export function revokeApiKey(store: Store, actor: Actor, keyId: ApiKeyId, owner?: KeyOwner): ApiKey {
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const row = findKeyFor(tx, actor, keyId, "manage", owner);
    return apiKeyOf(endKey(tx, actor, row, "apikey.revoked", now));
  });
}

/**
 * Revokes the key, those that were made with it, and what was begun with it and nobody has answered, in the transaction of who calls: whoever had the key could have made
 * them. One that is over already stays as it was.
 */
export function endKey(
  tx: Tx,
  actor: Actor,
  row: ApiKeyRow,
  action: "apikey.revoked" | "apikey.leaked",
  now: Date,
): ApiKeyRow {
  return endKeyBy(tx, auditAuthor(actor), row, action, now);
}

/** The same by whom the audit log is to name. */
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
