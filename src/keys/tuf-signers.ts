/** Who signs the catalogue: one Ed25519 key for each part of package format, section 6. */
import { createHash, type KeyObject, sign } from "node:crypto";
import type { Store } from "../context.ts";
import { Problem } from "../errors.ts";
import { findSigningKey } from "./records.ts";
import { openSigningKey } from "./signing-keys.ts";

export const TUF_KEY_NAMES = [
  "root-1",
  "root-2",
  "targets",
  "revocations",
  "apps",
  "bins",
  "snapshot",
  "timestamp",
] as const;
export type TufKeyName = (typeof TUF_KEY_NAMES)[number];

/** A public key as TUF metadata carries it (TUF 1.0 §4.2), with its id. */
export type TufKey = {
  readonly keyId: string;
  readonly json: { keytype: "ed25519"; scheme: "ed25519"; keyval: { public: string } };
};

export type TufSigner = {
  readonly keyId: string;
  /** The 64 bytes of an Ed25519 signature. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
};

/** The name of a catalogue key among the store's signing keys. */
export function tufKeyRowName(name: TufKeyName): string {
  return `tuf-${name}`;
}

const ED25519_RAW_BYTES = 32;

/**
 * The TUF form of an Ed25519 key: the raw 32 bytes in hex. The id is the SHA-256 of the key object in canonical JSON,
 * whose keys stand here in that order already.
 */
export function tufKeyFromSpki(spki: Uint8Array): TufKey {
  const raw = Buffer.from(spki.subarray(spki.byteLength - ED25519_RAW_BYTES)).toString("hex");
  const json = { keytype: "ed25519", keyval: { public: raw }, scheme: "ed25519" } as const;
  return { keyId: createHash("sha256").update(JSON.stringify(json)).digest("hex"), json };
}

/** @throws Problem `keys.missing` */
export function tufPublicKey(store: Pick<Store, "db">, name: TufKeyName): TufKey {
  const row = findSigningKey(store.db.orm, tufKeyRowName(name));
  if (!row)
    throw new Problem("unavailable", "keys.missing", `The catalogue's key ${name} is not in the database.`);
  return tufKeyFromSpki(row.publicKey);
}

/** Opens a catalogue key for signing. @throws Problem `keys.missing`, `keys.unsealable` */
export function tufSigner(store: Pick<Store, "db" | "vault">, name: TufKeyName): TufSigner {
  const { privateKey } = openSigningKey(store, tufKeyRowName(name));
  return {
    keyId: tufPublicKey(store, name).keyId,
    sign: signWith(privateKey),
  };
}

/** Ed25519 over the bytes as they are. */
export function signWith(privateKey: KeyObject): TufSigner["sign"] {
  return async (bytes) => sign(null, bytes, privateKey);
}
