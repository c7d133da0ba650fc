/** Commands that did not sign when they were last asked to: what waits for them is tried again, and somebody has to see to them. */
import type { Store } from "../context.ts";
import { perDb } from "../db/per-db.ts";
import type { KeySigner } from "../signing/key-signer.ts";
import { listSigningKeys, type SigningKeyRow } from "./records.ts";

type Row = Pick<SigningKeyRow, "keyid">;

/** Ids of keys whose command failed. For as long as the process runs: after a start it is known with the next signature. */
const failed = perDb(() => new Set<string>());

/** The signer of a key that a command holds, with a note of whether it signed. */
export function noted(store: Pick<Store, "db">, { keyid }: Row, signer: KeySigner): KeySigner {
  return {
    ...signer,
    async sign(bytes) {
      try {
        const signature = await signer.sign(bytes);
        failed(store).delete(keyid);
        return signature;
      } catch (error) {
        failed(store).add(keyid);
        throw error;
      }
    },
  };
}

export type FailingCommand = {
  readonly command: string;
  /** The name of a key that it holds. */
  readonly key: string;
};

/** Of the keys that are in use. */
export function failingCommands(store: Pick<Store, "db">): readonly FailingCommand[] {
  const ids = failed(store);
  if (ids.size === 0) return [];
  return listSigningKeys(store.db.orm)
    .filter(({ keyid, retiredAt }) => retiredAt === null && ids.has(keyid))
    .map(({ name, command }) => ({ command: command ?? "", key: name }));
}
