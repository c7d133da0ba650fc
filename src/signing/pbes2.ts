/**
 * A private key under a passphrase: EncryptedPrivateKeyInfo (RFC 5958) by PBES2 (RFC 8018). Written here byte by byte, since
 * Node writes it with 2,048 rounds of PBKDF2, of which a graphics card does millions of passphrases a second. Reading is
 * Node's, and takes any number of rounds.
 */
import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { derNode, TAG_INTEGER, TAG_SEQUENCE } from "./der.ts";

/** As OWASP asks for PBKDF2 with HMAC-SHA-256. */
const PBKDF2_ROUNDS = 600_000;

const SALT_BYTES = 16;
const KEY_BYTES = 32;
const IV_BYTES = 16;

const TAG_OCTET_STRING = 0x04;
const TAG_NULL = 0x05;
const TAG_OID = 0x06;

const OIDS = {
  pbes2: "2a864886f70d01050d",
  pbkdf2: "2a864886f70d01050c",
  hmacWithSha256: "2a864886f70d0209",
  aes256Cbc: "60864801650304012a",
} as const;

/** `plain`: PKCS #8, DER. */
export function encryptPkcs8(plain: Uint8Array, passphrase: string): Uint8Array {
  const [salt, iv] = [randomBytes(SALT_BYTES), randomBytes(IV_BYTES)];
  const key = pbkdf2Sync(passphrase, salt, PBKDF2_ROUNDS, KEY_BYTES, "sha256");
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
  key.fill(0);
  const rounds = Buffer.alloc(4);
  rounds.writeUInt32BE(PBKDF2_ROUNDS);
  const kdf = sequence(
    oid("pbkdf2"),
    sequence(
      octets(salt),
      // In the fewest bytes: 600,000 has three.
      derNode(TAG_INTEGER, rounds.subarray(1)),
      sequence(oid("hmacWithSha256"), derNode(TAG_NULL, new Uint8Array())),
    ),
  );
  const scheme = sequence(oid("aes256Cbc"), octets(iv));
  return sequence(sequence(oid("pbes2"), sequence(kdf, scheme)), octets(encrypted));
}

const oid = (name: keyof typeof OIDS) => derNode(TAG_OID, Buffer.from(OIDS[name], "hex"));
const octets = (bytes: Uint8Array) => derNode(TAG_OCTET_STRING, bytes);
const sequence = (...parts: readonly Uint8Array[]) => derNode(TAG_SEQUENCE, Buffer.concat(parts));
