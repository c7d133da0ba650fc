/** What the store asks a provider with by itself, for somebody's groups: encrypted under the master key, and kept for nothing else. */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import type { IdentityId } from "../../ids.ts";
import type { Vault } from "../../keys/vault.ts";
import { sealedTokens, updateIdentity } from "./records.ts";

const nameOf = (id: IdentityId): string => `identity token ${id}`;

export function keepToken(store: Pick<Store, "vault">, tx: Tx, id: IdentityId, token: string | null): void {
  const sealed = token === null ? null : Buffer.from(store.vault.seal(nameOf(id), Buffer.from(token)));
  updateIdentity(tx, id, { sealedToken: sealed });
}

/** null: there is none, or none that can be opened. */
export function readToken(
  store: Pick<Store, "vault">,
  { id, sealedToken }: { readonly id: IdentityId; readonly sealedToken: Uint8Array | null },
): string | null {
  if (sealedToken === null) return null;
  try {
    return Buffer.from(store.vault.unseal(nameOf(id), sealedToken)).toString("utf8");
  } catch (error) {
    if (isProblem(error)) return null;
    throw error;
  }
}

/** Gives how many there are. @throws Problem `keys.unsealable` when one cannot be opened */
export function resealTokens(tx: Tx, from: Vault, to: Vault): number {
  const all = sealedTokens(tx);
  for (const { id, sealedToken } of all) {
    if (sealedToken === null) continue;
    const plain = from.unseal(nameOf(id), sealedToken);
    updateIdentity(tx, id, { sealedToken: Buffer.from(to.seal(nameOf(id), plain)) });
    plain.fill(0);
  }
  return all.length;
}
