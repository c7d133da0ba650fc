/** The secrets of authenticator apps under another master key: with the store's keys, in their transaction. */
import type { Tx } from "../../db/database.ts";
import type { Vault } from "../../keys/vault.ts";
import { secretName } from "./change.ts";
import { replaceSealedSecret, sealedSecrets } from "./records.ts";

/** Gives how many there are. @throws Problem `keys.unsealable` when one cannot be opened */
export function resealFactors(tx: Tx, from: Vault, to: Vault): number {
  const all = sealedSecrets(tx);
  for (const { id, sealedSecret } of all) {
    const secret = from.unseal(secretName(id), sealedSecret);
    replaceSealedSecret(tx, id, Buffer.from(to.seal(secretName(id), secret)));
    secret.fill(0);
  }
  return all.length;
}
