/** The keys of the signed catalogue as TUF metadata carries them, and who signs with each. */
import { createHash } from "node:crypto";
import { Problem } from "../errors.ts";
import type { KeyAlgorithm } from "../signing/algorithms.ts";
import { type KeySigner, keyPairSigner } from "../signing/key-signer.ts";
import type { KeyPair } from "../signing/keys.ts";
import type { SigningKeyRow } from "./records.ts";
import { type KeyStore, openKeyRow, requireSigningKey } from "./signing-keys.ts";
import { pemBlock } from "./trust-anchors.ts";

/** A public key as TUF metadata carries it (TUF 1.0 §4.2), with its id. */
export type TufKey = {
  readonly keyId: string;
  readonly json: {
    readonly keytype: "ed25519" | "ecdsa";
    readonly keyval: { readonly public: string };
    readonly scheme: "ed25519" | "ecdsa-sha2-nistp256";
  };
};

export type TufSigner = {
  readonly keyId: string;
  /** The 64 bytes of an Ed25519 signature, or a P-256 one in DER. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
};

const ED25519_RAW_BYTES = 32;

/** Whether a key of this kind may sign the catalogue: P-384 is not among the schemes of TUF 1.0. */
export function isTufAlgorithm(algorithm: KeyAlgorithm): boolean {
  return algorithm !== "ecdsa-p384";
}

/**
 * The TUF form of a key: Ed25519's raw 32 bytes in hex, P-256's SubjectPublicKeyInfo in PEM. The id is the SHA-256 of
 * the key object in canonical JSON (TUF's: only quotes and backslashes are escaped), whose keys stand here in order.
 * @throws RangeError for P-384, which `isTufAlgorithm` tells of before
 */
export function tufKeyOf(row: Pick<SigningKeyRow, "algorithm" | "publicKey">): TufKey {
  const json = tufJson(row.algorithm, row.publicKey);
  const canonical = `{"keytype":"${json.keytype}","keyval":{"public":"${json.keyval.public}"},"scheme":"${json.scheme}"}`;
  return { keyId: createHash("sha256").update(canonical).digest("hex"), json };
}

function tufJson(algorithm: KeyAlgorithm, spki: Uint8Array): TufKey["json"] {
  if (algorithm === "ed25519") {
    const raw = Buffer.from(spki.subarray(spki.byteLength - ED25519_RAW_BYTES)).toString("hex");
    return { keytype: "ed25519", keyval: { public: raw }, scheme: "ed25519" };
  }
  if (!isTufAlgorithm(algorithm)) throw new RangeError(`${algorithm} does not sign catalogues`);
  const pem = pemBlock("PUBLIC KEY", Buffer.from(spki));
  return { keytype: "ecdsa", keyval: { public: pem }, scheme: "ecdsa-sha2-nistp256" };
}

/** Opens a catalogue key for signing. @throws Problem `keys.missing`, `keys.offline`, `keys.command_unknown`, `keys.unsealable` */
export function tufSigner(store: KeyStore, name: string): TufSigner {
  return tufSignerOf(requireSigningKey(store, name), (row) => openKeyRow(store, row));
}

/** @throws Problem `keys.algorithm` for a row that should never have been one of the catalogue's */
export function tufSignerOf(
  row: SigningKeyRow,
  open: (row: SigningKeyRow) => Pick<KeySigner, "sign">,
): TufSigner {
  if (!isTufAlgorithm(row.algorithm)) {
    throw new Problem(
      "invalid",
      "keys.algorithm",
      `The key ${row.name} is ${row.algorithm}, and the catalogue is signed with Ed25519 or P-256.`,
    );
  }
  const { keyId } = tufKeyOf(row);
  const signer = open(row);
  return { keyId, sign: (bytes) => signer.sign(bytes) };
}

export function pairTufSigner(row: SigningKeyRow, keys: KeyPair): TufSigner {
  return tufSignerOf(row, () => keyPairSigner(keys));
}
