import type { KeyObject } from "node:crypto";

export type Signer = {
  readonly algorithm: "ecdsa-p256" | "ed25519";
  /** SHA-256 of the certificate's SubjectPublicKeyInfo, lower-case hex. */
  readonly keyid: string;
  readonly certificateDer: Uint8Array;
  /** Strict DER for ECDSA, 64 bytes for Ed25519. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
};
export declare function localSigner(privateKey: KeyObject | string, certificate: Uint8Array | string): Signer;
