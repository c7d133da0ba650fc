import { type KeyObject, randomBytes } from "node:crypto";
import { algorithmOf, type KeyAlgorithm, readSigningKey } from "./algorithms.ts";
import { isStrictDer } from "./der.ts";
import {
  certificateAlgorithm,
  type KeyPair,
  keyPairOf,
  spkiOf,
  webCryptoPair,
  webCryptoPublicKey,
} from "./keys.ts";
import { type LeafKind, parseCertificate, SAN_PREFIXES } from "./leaf.ts";
import { refusal } from "./refuse.ts";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  Pkcs10CertificateRequest,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "./x509.ts";

/** Both bounds are inclusive; fractions of a second are dropped. */
export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

/** A CA that can issue: its certificate and its key pair. */
export type Authority = { readonly certificate: X509Certificate; readonly keys: KeyPair };

/** The key that a request proved possession of. */
export type CertificateRequest = {
  readonly publicKey: KeyObject;
  readonly spki: Uint8Array;
  readonly keyid: string;
};

const OID_CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
/** A developer's certificate is issued for at most this long (package format §3). */
export const DEVELOPER_CERTIFICATE_MAX_DAYS = 825;
const DAY_MS = 86_400_000;

/** A root: signed by itself, path length 1. */
export async function createRootCa(
  keys: KeyPair,
  options: Validity & { commonName: string },
): Promise<X509Certificate> {
  const pair = await webCryptoPair(keys);
  return X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: [{ CN: [options.commonName] }],
    ...wholeSeconds(options),
    signingAlgorithm: certificateAlgorithm(keys.algorithm),
    keys: pair,
    extensions: [
      new BasicConstraintsExtension(true, 1, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(pair.publicKey),
    ],
  });
}

/** A Developer CA below a root: path length 0. */
export async function createDeveloperCa(
  root: Authority,
  publicKey: KeyObject,
  options: Validity & { commonName: string },
): Promise<X509Certificate> {
  return issue(
    root,
    publicKey,
    options,
    [{ CN: [options.commonName] }],
    [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  );
}

/** The certificate of a key that countersigns for a store; issued by the root itself. */
export async function issueReleaseCertificate(
  root: Authority,
  publicKey: KeyObject,
  options: Validity & { storeId: string },
): Promise<X509Certificate> {
  readSigningKey(spkiOf(publicKey));
  const subject = [{ CN: [`Release key of ${options.storeId}`] }];
  return issue(root, publicKey, options, subject, leafExtensions("release", options.storeId));
}

/**
 * A developer's certificate for the key of a checked request. Subject and identity come from the account. Throws
 * RangeError for more than 825 days: that is the issuer's mistake.
 */
export async function issueDeveloperCertificate(
  developerCa: Authority,
  request: CertificateRequest,
  options: Validity & { developerId: string; commonName: string },
): Promise<X509Certificate> {
  const days = (options.notAfter.getTime() - options.notBefore.getTime()) / DAY_MS;
  if (days > DEVELOPER_CERTIFICATE_MAX_DAYS) throw new RangeError(`a developer certificate for ${days} days`);
  const subject = [{ CN: [options.commonName] }];
  const extensions = leafExtensions("developer", options.developerId);
  return issue(developerCa, request.publicKey, options, subject, extensions);
}

/**
 * Reads a PKCS #10 request (PEM or DER): its form, its key's kind, and that it is signed with that key. Nothing else
 * in it is ever used. Throws MPK-X010.
 */
export async function readCertificateRequest(request: string | Uint8Array): Promise<CertificateRequest> {
  const refuse = (found: string) =>
    refusal("MPK-X010", "The certificate request is refused.", {
      found,
      expected: "one PKCS #10 request for a P-256 or Ed25519 key, signed with that key",
    });
  const der = typeof request === "string" ? onePemBlock(request, "CERTIFICATE REQUEST") : request;
  if (der === undefined) throw refuse("no single PEM block CERTIFICATE REQUEST");
  if (der.length > 16_384 || !isStrictDer(der)) throw refuse("bytes that are not strict DER, or too many");
  let parsed: Pkcs10CertificateRequest;
  let key: ReturnType<typeof readSigningKey>;
  try {
    parsed = new Pkcs10CertificateRequest(new Uint8Array(der));
    key = readSigningKey(new Uint8Array(parsed.publicKey.rawData));
  } catch {
    throw refuse("another structure, or a key of a kind that is not taken");
  }
  if (!(await parsed.verify().catch(() => false))) throw refuse("a request that is not signed with its key");
  return { publicKey: key.key, spki: key.spki, keyid: key.keyid };
}

function leafExtensions(kind: LeafKind, id: string): Extension[] {
  if (!/^[a-z0-9-]{1,64}$/.test(id)) throw new RangeError("an id is 1–64 of a–z 0–9 -");
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([OID_CODE_SIGNING], true),
    new SubjectAlternativeNameExtension([{ type: "url", value: `${SAN_PREFIXES[kind]}${id}` }]),
  ];
}

async function issue(
  authority: Authority,
  publicKey: KeyObject,
  validity: Validity,
  subject: { CN: string[] }[],
  extensions: readonly Extension[],
): Promise<X509Certificate> {
  const subjectKey = await webCryptoPublicKey(publicKey, algorithmOfKey(publicKey));
  const { privateKey } = await webCryptoPair(authority.keys);
  return X509CertificateGenerator.create({
    serialNumber: newSerialNumber(),
    subject,
    issuer: authority.certificate.subjectName.toJSON(),
    ...wholeSeconds(validity),
    signingAlgorithm: certificateAlgorithm(authority.keys.algorithm),
    publicKey: subjectKey,
    signingKey: privateKey,
    extensions: [
      ...extensions,
      await SubjectKeyIdentifierExtension.create(subjectKey),
      await AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
    ],
  });
}

function algorithmOfKey(publicKey: KeyObject): KeyAlgorithm {
  const algorithm = algorithmOf(spkiOf(publicKey));
  if (algorithm === undefined) throw new TypeError("a public key that is neither P-256, P-384 nor Ed25519");
  return algorithm;
}

/** 127 random bits: positive and never zero (RFC 5280 §4.1.2.2). */
function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

function wholeSeconds({ notBefore, notAfter }: Validity): Validity {
  const floor = (time: Date) => new Date(Math.floor(time.getTime() / 1000) * 1000);
  return { notBefore: floor(notBefore), notAfter: floor(notAfter) };
}

function onePemBlock(pem: string, label: string): Uint8Array | undefined {
  if (!PemConverter.isPem(pem)) return undefined;
  try {
    const [block, ...more] = PemConverter.decodeWithHeaders(pem);
    return more.length === 0 && block?.type === label ? new Uint8Array(block.rawData) : undefined;
  } catch {
    return undefined;
  }
}

/** All certificates of a PEM text, in its order. Throws MPK-X001 when there is none or one is malformed. */
export function certificatesFromPem(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) {
    throw refusal("MPK-X001", "There is no certificate in the PEM text.", {
      found: "no block CERTIFICATE",
      expected: "-----BEGIN CERTIFICATE-----",
    });
  }
  return blocks.map((block) => {
    const der = onePemBlock(block, "CERTIFICATE");
    return parseCertificate(der ?? new Uint8Array(0));
  });
}

/** The one certificate of a PEM text. Throws MPK-X001. */
export function certificateFromPem(pem: string): X509Certificate {
  const [certificate, ...more] = certificatesFromPem(pem);
  if (certificate === undefined || more.length > 0) {
    throw refusal("MPK-X001", "The PEM text has more than one certificate.", {
      found: `${more.length + 1} certificates`,
      expected: "one certificate",
    });
  }
  return certificate;
}

export function certificateToPem(certificate: X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

/** An authority from its certificate and private key. Throws MPK-K003 when they do not belong together. */
export function authorityOf(certificate: X509Certificate, privateKey: KeyObject): Authority {
  const keys = keyPairOf(privateKey);
  if (!Buffer.from(certificate.publicKey.rawData).equals(Buffer.from(spkiOf(keys.publicKey)))) {
    throw refusal("MPK-K003", "The private key is not the one of the certificate.", {
      found: certificate.subject,
      expected: "the certificate of this key",
    });
  }
  return { certificate, keys };
}
