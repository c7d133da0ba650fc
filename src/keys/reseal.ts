/** Another master key in the place of one that somebody else may know, or that has to move. */
import type { AuditAuthor } from "../audit/entry.ts";
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { Problem } from "../errors.ts";
import { listSigningKeys, resealSigningKey } from "./records.ts";
import type { Vault } from "./vault.ts";

/** Encrypts what else lies under the master key, of domains that nothing here knows of, and gives how many that were. */
export type ResealOthers = (tx: Tx, from: Vault, to: Vault) => number;

/**
 * Encrypts every private key of the store under `next`, and what `others` does: all of it, in one transaction, or none.
 * Gives the keys' names.
 * @throws Problem `keys.unsealable` when one cannot be opened, `keys.master_same` when `next` is the present master key
 */
export function resealKeys(
  store: Pick<Store, "db" | "vault" | "clock">,
  author: AuditAuthor,
  next: Vault,
  others: ResealOthers,
): readonly string[] {
  return write(store.db, (tx) => {
    const names: string[] = [];
    for (const { name, sealedPrivateKey } of listSigningKeys(tx)) {
      if (sealedPrivateKey === null) continue;
      if (opens(next, name, sealedPrivateKey)) throw same();
      const plain = Buffer.from(store.vault.unseal(name, sealedPrivateKey));
      try {
        resealSigningKey(tx, name, Buffer.from(next.seal(name, plain)));
      } finally {
        plain.fill(0);
      }
      names.push(name);
    }
    const otherSecrets = others(tx, store.vault, next);
    if (names.length > 0 || otherSecrets > 0) {
      const subject = { type: "store", id: "keys" };
      const after = { keys: names, otherSecrets };
      const change = { action: "storekey.resealed", subject, after } as const;
      recordChange(tx, author, change, store.clock.now());
    }
    return names;
  });
}

function opens(vault: Vault, name: string, sealed: Uint8Array): boolean {
  try {
    vault.unseal(name, sealed).fill(0);
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

function same(): Problem {
  return new Problem(
    "conflict",
    "keys.master_same",
    "The file holds the master key that the store's keys are encrypted under already. Nothing was changed.",
  );
}
