/** One private key of the store: made, sealed into a row, and opened again. */
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import type { Store } from "../context.ts";
import { Problem } from "../errors.ts";
import type { KeyId } from "../ids.ts";
import { generateKeyPair, type KeyAlgorithm, type KeyPair } from "../signing/keys.ts";
import { findSigningKey, type SigningKeyRow } from "./records.ts";
import type { Vault } from "./vault.ts";

export type NewSigningKey = { readonly row: SigningKeyRow; readonly keys: KeyPair };

const ALGORITHMS: ReadonlySet<string> = new Set<KeyAlgorithm>(["ecdsa-p256", "ecdsa-p384", "ed25519"]);

/** A fresh key pair with the row that holds it: SPKI in the clear, PKCS #8 sealed under the key's own name. */
export function newSigningKey(vault: Vault, name: string, algorithm: KeyAlgorithm, now: Date): NewSigningKey {
  const keys = generateKeyPair(algorithm);
  const publicKey = keys.publicKey.export({ format: "der", type: "spki" });
  const privateKey = keys.privateKey.export({ format: "der", type: "pkcs8" });
  const sealedPrivateKey = Buffer.from(vault.seal(name, privateKey));
  privateKey.fill(0);
  return {
    keys,
    row: {
      name,
      keyid: createHash("sha256").update(publicKey).digest("hex") as KeyId,
      algorithm,
      publicKey,
      sealedPrivateKey,
      createdAt: now,
    },
  };
}

/**
 * Opens a key that the database holds.
 * @throws Problem `keys.missing` when there is no such key, `keys.unsealable` from the vault
 */
export function openSigningKey(store: Pick<Store, "db" | "vault">, name: string): KeyPair {
  const row = findSigningKey(store.db.orm, name);
  if (!row || !ALGORITHMS.has(row.algorithm)) {
    throw new Problem(
      "unavailable",
      "keys.missing",
      `The store's key ${name} is not in the database: this is not the data folder of an initialised store.`,
    );
  }
  const plain = Buffer.from(store.vault.unseal(name, row.sealedPrivateKey));
  const privateKey = createPrivateKey({ key: plain, format: "der", type: "pkcs8" });
  plain.fill(0);
  return {
    algorithm: row.algorithm as KeyAlgorithm,
    privateKey,
    publicKey: createPublicKey({ key: row.publicKey, format: "der", type: "spki" }),
  };
}
