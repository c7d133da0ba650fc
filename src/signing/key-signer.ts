/** Signing with one key, whoever holds it: what certificates, the catalogue and releases are signed through. */
import { type KeyObject, sign, verify } from "node:crypto";
import { type KeyAlgorithm, signatureFault } from "./algorithms.ts";
import type { KeyPair } from "./keys.ts";

/** A key that signs: a private key in memory, or a command that asks a device of its own. */
export type KeySigner = {
  readonly algorithm: KeyAlgorithm;
  readonly publicKey: KeyObject;
  /** Over the bytes as they are. ECDSA with the curve's own hash in strict DER, Ed25519 with 64 bytes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
};

/** The hash that goes with a curve, for `node:crypto`; Ed25519 hashes by itself. */
const KEY_HASHES: Readonly<Record<KeyAlgorithm, "sha256" | "sha384" | null>> = {
  "ecdsa-p256": "sha256",
  "ecdsa-p384": "sha384",
  ed25519: null,
};

export function keyPairSigner({ algorithm, privateKey, publicKey }: KeyPair): KeySigner {
  const hash = KEY_HASHES[algorithm];
  return { algorithm, publicKey, sign: async (bytes) => new Uint8Array(sign(hash, bytes, privateKey)) };
}

/** What is wrong with a signature of this key over these bytes, or undefined. */
export function keySignatureFault(
  key: Pick<KeySigner, "algorithm" | "publicKey">,
  bytes: Uint8Array,
  signature: Uint8Array,
): string | undefined {
  const fault = signatureFault(key.algorithm, signature);
  if (fault !== undefined) return fault;
  const isValid = verify(KEY_HASHES[key.algorithm], bytes, key.publicKey, signature);
  return isValid ? undefined : "a signature that this key did not make over these bytes";
}
