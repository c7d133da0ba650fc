import type { KeyObject } from "node:crypto";
import { readSigningKey, type SignatureAlgorithm } from "./algorithms.ts";
import { readCertificateForm } from "./certificate-form.ts";
import { certificateFromPem } from "./certificates.ts";
import { type KeySigner, keyPairSigner } from "./key-signer.ts";
import { keyid, keyPairOf, privateKeyFromPem } from "./keys.ts";
import { refusal } from "./refuse.ts";

/** Whatever can sign with one key: a private key in memory, or a command that asks a device of its own. */
export type Signer = {
  readonly algorithm: SignatureAlgorithm;
  /** SHA-256 of the certificate's SubjectPublicKeyInfo, lower-case hex. */
  readonly keyid: string;
  readonly certificateDer: Uint8Array;
  /** Strict DER for ECDSA, 64 bytes for Ed25519. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
};

/**
 * A signer for a private key (an object, or unencrypted PKCS #8 PEM) and its certificate (DER or PEM). Throws MPK-K001, K002,
 * K003, MPK-X001, MPK-S008.
 */
export function localSigner(privateKey: KeyObject | string, certificate: Uint8Array | string): Signer {
  const key = typeof privateKey === "string" ? privateKeyFromPem(privateKey) : keyPairOf(privateKey);
  const certificateDer =
    typeof certificate === "string" ? new Uint8Array(certificateFromPem(certificate).rawData) : certificate;
  return keySigner(keyPairSigner(key), certificateDer);
}

/** The same for whoever signs with the key. Throws MPK-K003, MPK-X001, MPK-S008. */
export function keySigner(key: KeySigner, certificateDer: Uint8Array): Signer {
  const publicKey = readSigningKey(readCertificateForm(certificateDer).spki);
  if (keyid(key.publicKey) !== publicKey.keyid) {
    throw refusal("MPK-K003", "The private key is not the one of the certificate.", {
      found: `a certificate of key ${publicKey.keyid}`,
      expected: "the certificate of this key",
    });
  }
  return {
    algorithm: publicKey.algorithm,
    keyid: publicKey.keyid,
    certificateDer,
    sign: (bytes) => key.sign(bytes),
  };
}
