import type { KeyObject } from "node:crypto";

export type KeyAlgorithm = "ecdsa-p256" | "ecdsa-p384" | "ed25519";
export type KeyPair = {
  readonly algorithm: KeyAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
};
export declare function generateKeyPair(algorithm?: KeyAlgorithm): KeyPair;
export declare function privateKeyToPem(key: KeyObject, passphrase?: string): string;
/** Throws Problem MPK-K… when the PEM is malformed, encrypted and no passphrase is given, or the passphrase is wrong. */
export declare function privateKeyFromPem(pem: string, passphrase?: string): KeyPair;
export declare function keyid(spki: Uint8Array | KeyObject): string;
/** PKCS #10, PEM. */
export declare function createCsr(keys: KeyPair, commonName?: string): Promise<string>;
