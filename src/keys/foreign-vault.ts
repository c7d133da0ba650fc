/**
 * A start with another master key than the store's, which opens none of its keys. Pages and files are served all the same, and
 * whoever looks after the store can replace its keys; but what was sealed meanwhile would be another's work once the right
 * master key is back, an entry of the log for good. So nothing is sealed until a key of the store opens.
 */
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import { openHolder } from "./holders.ts";
import { listSigningKeys } from "./records.ts";
import type { Vault } from "./vault.ts";

/** Those that opened nothing at the start, with the database that they were to open. */
const suspects = new WeakMap<Vault, Tx>();

/** At a start. */
export function noteForeign(tx: Tx, vault: Vault): void {
  if (opensNothing(tx, vault)) suspects.set(vault, tx);
}

function opensNothing(tx: Tx, vault: Vault): boolean {
  const sealed = listSigningKeys(tx).filter(({ sealedPrivateKey }) => sealedPrivateKey !== null);
  return sealed.length > 0 && sealed.every((row) => openHolder(vault, row).holder === "unreadable");
}

/** Whether it is one still: keys that it opens may have come in the place of the others. */
export function isForeign(vault: Vault): boolean {
  const tx = suspects.get(vault);
  return tx !== undefined && opensNothing(tx, vault);
}

/** @throws Problem `keys.unsealable` */
export function refuseForeign(vault: Vault): void {
  if (!isForeign(vault)) return;
  throw new Problem(
    "unavailable",
    "keys.unsealable",
    "The master key is not this store's: it opens none of its keys, and what it sealed would count for nothing once the right one is back. Put that back, or replace the store's keys.",
  );
}
