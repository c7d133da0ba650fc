/** The parts of the store's certificates that are signed, built without whoever signs them. */
import { type KeyObject, randomBytes } from "node:crypto";
import { algorithmOf, isWeak, type KeyAlgorithm, readSigningKey } from "./algorithms.ts";
import { derNode, readChildren, readDer, TAG_BIT_STRING, TAG_SEQUENCE } from "./der.ts";
import type { KeySigner } from "./key-signer.ts";
import { certificateAlgorithm, spkiOf, webCryptoPublicKey } from "./keys.ts";
import { type LeafKind, parseCertificate, SAN_PREFIXES } from "./leaf.ts";
import { wholeSeconds } from "./times.ts";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "./x509.ts";

/** Both bounds are inclusive; fractions of a second are dropped. */
export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

/** What a certificate says, but for the key that it is about. */
export type CertificateFields = Validity & {
  /** Chosen at random unless given; hexadecimal. */
  readonly serialNumber?: string;
};

const OID_CODE_SIGNING = "1.3.6.1.5.5.7.3.3";

/** Who issues a certificate, without being able to sign it. */
export type Issuer = { readonly name: Name; readonly publicKey: KeyObject };
export type Name = { CN: string[] }[];

/** The part of a root's certificate that is signed (TBSCertificate, DER). */
export async function rootCaTbs(
  key: Pick<KeySigner, "publicKey">,
  options: CertificateFields & { commonName: string },
): Promise<Uint8Array> {
  const name = [{ CN: [options.commonName] }];
  return toBeSigned({ name, publicKey: key.publicKey }, key.publicKey, options, name, [
    new BasicConstraintsExtension(true, 1, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ]);
}

/** The part of a Developer CA's certificate that is signed. */
export async function developerCaTbs(
  issuer: Issuer,
  publicKey: KeyObject,
  options: CertificateFields & { commonName: string },
): Promise<Uint8Array> {
  return toBeSigned(
    issuer,
    publicKey,
    options,
    [{ CN: [options.commonName] }],
    [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  );
}

/** The part of a release certificate that is signed. Throws MPK-S008 for a key that signs no packages. */
export async function releaseTbs(
  issuer: Issuer,
  publicKey: KeyObject,
  options: CertificateFields & { storeId: string },
): Promise<Uint8Array> {
  if (isWeak(readSigningKey(spkiOf(publicKey)))) throw new RangeError("a release key of small order");
  const subject = [{ CN: [`Release key of ${options.storeId}`] }];
  return toBeSigned(issuer, publicKey, options, subject, leafExtensions("release", options.storeId));
}

/** A certificate of what was signed and the signature over it; both are checked together. Throws MPK-X001. */
export function assembleCertificate(tbs: Uint8Array, signature: Uint8Array): X509Certificate {
  const root = readDer(tbs, 0, tbs.length);
  const algorithm = (root && readChildren(tbs, root))?.[2];
  if (algorithm === undefined) throw new TypeError("a TBSCertificate without an algorithm");
  return parseCertificate(
    derNode(
      TAG_SEQUENCE,
      Buffer.concat([
        tbs,
        tbs.subarray(algorithm.start, algorithm.end),
        // All signatures end with a byte: no bit is unused.
        derNode(TAG_BIT_STRING, Buffer.concat([Buffer.of(0), signature])),
      ]),
    ),
  );
}

export function leafExtensions(kind: LeafKind, id: string): Extension[] {
  if (!/^[a-z0-9-]{1,64}$/.test(id)) throw new RangeError("an id is 1–64 of a–z 0–9 -");
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([OID_CODE_SIGNING], true),
    new SubjectAlternativeNameExtension([{ type: "url", value: `${SAN_PREFIXES[kind]}${id}` }]),
  ];
}

/** The bytes of the two forms of a signature by which the library tells how long it is. */
const PLACEHOLDER_BYTES: Readonly<Record<KeyAlgorithm, number>> = {
  "ecdsa-p256": 64,
  "ecdsa-p384": 96,
  ed25519: 64,
};

/** The library builds and encodes the whole certificate; the signature is another's work, so only its first part counts. */
export async function toBeSigned(
  issuer: Issuer,
  publicKey: KeyObject,
  fields: CertificateFields,
  subject: Name,
  extensions: readonly Extension[],
): Promise<Uint8Array> {
  const subjectKey = await webCryptoPublicKey(publicKey, algorithmOfKey(publicKey));
  const algorithm = algorithmOfKey(issuer.publicKey);
  const issuerKey = await webCryptoPublicKey(issuer.publicKey, algorithm);
  const isRoot = spkiOf(publicKey).every((byte, at) => byte === spkiOf(issuer.publicKey)[at]);
  const unsigned = await X509CertificateGenerator.create({
    serialNumber: fields.serialNumber ?? newSerialNumber(),
    subject,
    issuer: issuer.name,
    notBefore: wholeSeconds(fields.notBefore),
    notAfter: wholeSeconds(fields.notAfter),
    signingAlgorithm: { ...issuerKey.algorithm, ...certificateAlgorithm(algorithm) },
    publicKey: subjectKey,
    signature: new Uint8Array(PLACEHOLDER_BYTES[algorithm]).fill(1),
    extensions: [
      ...extensions,
      await SubjectKeyIdentifierExtension.create(subjectKey),
      ...(isRoot ? [] : [await AuthorityKeyIdentifierExtension.create(issuerKey)]),
    ],
  });
  const der = new Uint8Array(unsigned.rawData);
  const root = readDer(der, 0, der.length);
  const tbs = (root && readChildren(der, root))?.[0];
  if (tbs === undefined) throw new TypeError("a certificate without its first part");
  return der.slice(tbs.start, tbs.end);
}

function algorithmOfKey(publicKey: KeyObject): KeyAlgorithm {
  const algorithm = algorithmOf(spkiOf(publicKey));
  if (algorithm === undefined) throw new TypeError("a public key that is neither P-256, P-384 nor Ed25519");
  return algorithm;
}

/** 127 random bits: positive and never zero (RFC 5280 §4.1.2.2). */
export function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}
