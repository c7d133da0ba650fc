/** Ending a key, and with it every key that it made. */
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import type { ApiKeyId } from "../../ids.ts";
import { type Actor, auditAuthor } from "../actor.ts";
import { endKeyBy } from "./end-by.ts";
import { type ApiKey, apiKeyOf, findKeyFor } from "./owner.ts";
import type { ApiKeyRow, KeyOwner } from "./records.ts";

/**
 * Once revoked it stays so; again is no error.
 * @param owner Whose it must be; whoever's it is without.
 * @throws Problem `apikey.not_found`, `organisation.not_found`, `rights.forbidden`
 */
export function revokeApiKey(store: Store, actor: Actor, keyId: ApiKeyId, owner?: KeyOwner): ApiKey {
  const now = store.clock.now();
  return write(store.db, (tx) => {
    const row = findKeyFor(tx, actor, keyId, "manage", owner);
    return apiKeyOf(tx, endKey(tx, actor, row, "apikey.revoked", now), now);
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
