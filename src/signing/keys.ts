import { createPrivateKey, createPublicKey, generateKeyPairSync, KeyObject } from "node:crypto";
import { algorithmOf, KEY_RULES, type KeyAlgorithm, keyidOf } from "./algorithms.ts";
import { encryptPkcs8 } from "./pbes2.ts";
import { refusal } from "./refuse.ts";
import { Pkcs10CertificateRequestGenerator } from "./x509.ts";

export type { KeyAlgorithm };

export type KeyPair = {
  readonly algorithm: KeyAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
};

/** Makes a key pair; P-256 unless told. */
export function generateKeyPair(algorithm: KeyAlgorithm = "ecdsa-p256"): KeyPair {
  const { namedCurve } = KEY_RULES[algorithm].webCrypto;
  const pair =
    namedCurve === undefined ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve });
  return { algorithm, ...pair };
}

/** PKCS #8 PEM; with a passphrase PBES2 (RFC 8018) with PBKDF2 and AES-256-CBC. */
export function privateKeyToPem(key: KeyObject, passphrase?: string): string {
  if (passphrase === undefined) return key.export({ type: "pkcs8", format: "pem" }).toString();
  const plain = key.export({ type: "pkcs8", format: "der" });
  const der = encryptPkcs8(plain, passphrase);
  plain.fill(0);
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN ENCRYPTED PRIVATE KEY-----", ...lines, "-----END ENCRYPTED PRIVATE KEY-----", ""].join(
    "\n",
  );
}

const PEM_BLOCK =
  /^\s*-----BEGIN (ENCRYPTED )?PRIVATE KEY-----[A-Za-z0-9+/=\s]+-----END (ENCRYPTED )?PRIVATE KEY-----\s*$/;

/** Reads a PKCS #8 PEM. Throws MPK-K001 (no such key) or MPK-K002 (passphrase missing or wrong). */
export function privateKeyFromPem(pem: string, passphrase?: string): KeyPair {
  const block = PEM_BLOCK.exec(pem);
  if (block === null || block[1] !== block[2]) {
    throw refusal("MPK-K001", "The private key cannot be read.", {
      found: "no PKCS #8 PEM block",
      expected: "-----BEGIN PRIVATE KEY----- or -----BEGIN ENCRYPTED PRIVATE KEY-----",
    });
  }
  const encrypted = block[1] !== undefined;
  if (encrypted && passphrase === undefined) {
    throw refusal("MPK-K002", "The private key is encrypted: give its passphrase.", {
      found: "no passphrase",
      expected: "the key's passphrase",
    });
  }
  return keyPairOf(decodePrivateKey(pem, encrypted ? passphrase : undefined));
}

function decodePrivateKey(pem: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: "pem", ...(passphrase === undefined ? {} : { passphrase }) });
  } catch {
    if (passphrase !== undefined) {
      throw refusal("MPK-K002", "The passphrase does not open the private key.", {
        found: "another passphrase, or a damaged file",
        expected: "the key's passphrase",
      });
    }
    throw refusal("MPK-K001", "The private key cannot be read.", {
      found: "damaged PKCS #8",
      expected: "PKCS #8",
    });
  }
}

/** The pair of a private key. Throws MPK-K001 for an algorithm that is not taken. */
export function keyPairOf(privateKey: KeyObject): KeyPair {
  const publicKey = createPublicKey(privateKey);
  const algorithm = algorithmOf(spkiOf(publicKey));
  if (algorithm === undefined) {
    throw refusal("MPK-K001", "The private key is of a kind that is not taken.", {
      found: privateKey.asymmetricKeyType ?? "another kind",
      expected: "P-256, P-384 or Ed25519",
    });
  }
  return { algorithm, privateKey, publicKey };
}

/** The SubjectPublicKeyInfo of a public key, DER. */
export function spkiOf(publicKey: KeyObject): Uint8Array<ArrayBuffer> {
  return new Uint8Array(publicKey.export({ type: "spki", format: "der" }));
}

/** The key's id: SHA-256 of its SubjectPublicKeyInfo, lower-case hex. */
export function keyid(key: Uint8Array | KeyObject): string {
  return keyidOf(key instanceof KeyObject ? spkiOf(key) : key);
}

/** A key for WebCrypto, which is what the X.509 library takes. */
async function webCryptoPair(keys: KeyPair): Promise<CryptoKeyPair> {
  const { webCrypto } = KEY_RULES[keys.algorithm];
  const pkcs8 = keys.privateKey.export({ type: "pkcs8", format: "der" });
  return {
    privateKey: await crypto.subtle.importKey("pkcs8", pkcs8, webCrypto, true, ["sign"]),
    publicKey: await webCryptoPublicKey(keys.publicKey, keys.algorithm),
  };
}

export function webCryptoPublicKey(publicKey: KeyObject, algorithm: KeyAlgorithm): Promise<CryptoKey> {
  return crypto.subtle.importKey("spki", spkiOf(publicKey), KEY_RULES[algorithm].webCrypto, true, ["verify"]);
}

/** What the X.509 library is to sign with. */
export function certificateAlgorithm(
  algorithm: KeyAlgorithm,
): { name: string; hash: string } | { name: string } {
  const { webCrypto, certificateHash } = KEY_RULES[algorithm];
  return certificateHash === undefined
    ? { name: webCrypto.name }
    : { name: webCrypto.name, hash: certificateHash };
}

/** A PKCS #10 request (PEM) that proves possession of the key. A store takes nothing from it but the key. */
export async function createCsr(keys: KeyPair, commonName = "mosis developer"): Promise<string> {
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [commonName] }],
    keys: await webCryptoPair(keys),
    signingAlgorithm: certificateAlgorithm(keys.algorithm),
  });
  return `${request.toString("pem")}\n`;
}

/** A key id as people compare it: its 64 hex digits in groups of four. None is left out, since a short form can be forged. */
export function fingerprintText(keyid: string): string {
  return (keyid.match(/.{1,4}/g) ?? []).join(" ");
}

/** The same for what may be another thing, such as an app's id: that stays as it is. */
export function digitsText(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? fingerprintText(id) : id;
}
