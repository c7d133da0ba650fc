import type { KeyObject } from "node:crypto";
import { isProblem, Problem } from "../errors.ts";
import { DAY_MS } from "../time.ts";
import { isWeak, readSigningKey } from "./algorithms.ts";
import { isStrictDer } from "./der.ts";
import { type KeySigner, keyPairSigner } from "./key-signer.ts";
import type { KeyPair } from "./keys.ts";
import { parseCertificate } from "./leaf.ts";
import { pemCertificates } from "./pem.ts";
import { refusal } from "./refuse.ts";
import { requestSpki } from "./request-form.ts";
import {
  assembleCertificate,
  type CertificateFields,
  developerCaTbs,
  type Issuer,
  leafExtensions,
  type Name,
  releaseTbs,
  rootCaTbs,
  toBeSigned,
} from "./to-be-signed.ts";
import { PemConverter, Pkcs10CertificateRequest, type X509Certificate } from "./x509.ts";

/** A CA's key: a pair in memory, or whoever else signs with it. */
export type AuthorityKey = KeyPair | KeySigner;

/** A CA that can issue: its certificate and its key. */
export type Authority = { readonly certificate: X509Certificate; readonly keys: AuthorityKey };

/** The key that a request proved possession of. */
export type CertificateRequest = {
  readonly publicKey: KeyObject;
  readonly spki: Uint8Array;
  readonly keyid: string;
};

/** A developer's certificate is issued for at most this long (package format §3). */
export const DEVELOPER_CERTIFICATE_MAX_DAYS = 825;

/** A root: signed by itself, path length 1. */
export async function createRootCa(
  keys: AuthorityKey,
  options: CertificateFields & { commonName: string },
): Promise<X509Certificate> {
  return signCertificate(keys, await rootCaTbs(keys, options));
}

/** A Developer CA below a root: path length 0. */
export async function createDeveloperCa(
  root: Authority,
  publicKey: KeyObject,
  options: CertificateFields & { commonName: string },
): Promise<X509Certificate> {
  return signCertificate(root.keys, await developerCaTbs(issuerOf(root), publicKey, options));
}

/** The certificate of a key that countersigns for a store; issued by the root itself. */
export async function issueReleaseCertificate(
  root: Authority,
  publicKey: KeyObject,
  options: CertificateFields & { storeId: string },
): Promise<X509Certificate> {
  return signCertificate(root.keys, await releaseTbs(issuerOf(root), publicKey, options));
}

/**
 * A developer's certificate for the key of a checked request. Subject and identity come from the account. Throws
 * RangeError for more than 825 days: that is the issuer's mistake.
 */
export async function issueDeveloperCertificate(
  developerCa: Authority,
  request: CertificateRequest,
  options: CertificateFields & { developerId: string; commonName: string },
): Promise<X509Certificate> {
  const days = (options.notAfter.getTime() - options.notBefore.getTime()) / DAY_MS;
  if (days > DEVELOPER_CERTIFICATE_MAX_DAYS) throw new RangeError(`a developer certificate for ${days} days`);
  const subject = [{ CN: [options.commonName] }];
  const extensions = leafExtensions("developer", options.developerId);
  const tbs = await toBeSigned(issuerOf(developerCa), request.publicKey, options, subject, extensions);
  return signCertificate(developerCa.keys, tbs);
}

async function signCertificate(keys: AuthorityKey, tbs: Uint8Array): Promise<X509Certificate> {
  const signer = "sign" in keys ? keys : keyPairSigner(keys);
  return assembleCertificate(tbs, await signer.sign(tbs));
}

function issuerOf(authority: Authority): Issuer {
  return {
    name: authority.certificate.subjectName.toJSON() as Name,
    publicKey: authority.keys.publicKey,
  };
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
    // As it stands in the request: the library would write it anew, without what it has not understood.
    key = readSigningKey(requestSpki(der) ?? new Uint8Array(0));
  } catch {
    throw refuse("another structure, or a key of a kind that is not taken");
  }
  if (!(await parsed.verify().catch(() => false))) throw refuse("a request that is not signed with its key");
  if (isWeak(key)) throw refuse("an Ed25519 key of small order, whose signatures say nothing");
  return { publicKey: key.key, spki: key.spki, keyid: key.keyid };
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

/** All certificates of a PEM file, in its order. Throws MPK-X001 or X005 when there is none or one is malformed. */
export function certificatesFromPem(pem: string | Uint8Array): X509Certificate[] {
  const blocks = pemCertificates(pem);
  if ("found" in blocks) throw refusal("MPK-X001", "It is not a file of certificates.", blocks);
  return blocks.map(({ bytes, offset }) => {
    try {
      return parseCertificate(bytes);
    } catch (error) {
      if (!isProblem(error)) throw error;
      // Which of the file's blocks it is.
      const details = error.details.map((detail) => ({ ...detail, offset }));
      throw new Problem(error.kind, error.code, error.message, details, { cause: error });
    }
  });
}

/** The one certificate of a PEM text. Throws MPK-X001. */
export function certificateFromPem(pem: string): X509Certificate {
  const [certificate, ...more] = certificatesFromPem(pem);
  if (certificate === undefined || more.length > 0) {
    throw refusal("MPK-X001", "The PEM text has more than one certificate.", {
      offset: 0,
      found: `${more.length + 1} certificates`,
      expected: "one certificate",
    });
  }
  return certificate;
}

export function certificateToPem(certificate: X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}
