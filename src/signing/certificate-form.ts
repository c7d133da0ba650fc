/**
 * The one form that a certificate has here (package format §3, “Certificates”): every identifier, length and value on the way
 * is named, so that two readers cannot differ on whether something is a certificate, nor on what it says. The X.509 library
 * reads more generously, and also looks into extensions that nobody asked for; it judges nothing here.
 */
import { type KnownExtensions, readExtensions } from "./certificate-extensions.ts";
import {
  childrenOf,
  isAlgorithmIdentifier,
  isName,
  malformed,
  readTime,
  sliceOf,
} from "./certificate-parts.ts";
import { isMinimalInteger, readDer, TAG_BIT_STRING, TAG_INTEGER, TAG_SEQUENCE } from "./der.ts";

export type CertificateForm = {
  /** TBSCertificate: what is signed. */
  readonly tbs: Uint8Array;
  /** The AlgorithmIdentifier that it is signed with, as lower-case hex of its DER. */
  readonly algorithm: string;
  readonly signature: Uint8Array;
  /** Both names as encoded: they are compared byte for byte. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly extensions: KnownExtensions;
};

/** More bytes are no certificate's. */
const MAX_CERTIFICATE_BYTES = 16_384;

const VERSION_3 = "a003020102";
/** A serial number has at most 20 bytes (RFC 5280 §4.1.2.2). */
const MAX_SERIAL_BYTES = 20;

/** Reads a certificate. Throws MPK-X001 for another form, MPK-X005 for a critical extension that is not known. */
export function readCertificateForm(der: Uint8Array): CertificateForm {
  if (der.length > MAX_CERTIFICATE_BYTES) throw malformed(`${der.length} bytes`);
  const root = readDer(der, 0, der.length);
  if (root?.tag !== TAG_SEQUENCE || root.end !== der.length) throw malformed("not one DER SEQUENCE");
  // Without a second part there is no third one either.
  const [tbs, outer = root, signature, ...more] = childrenOf(der, root);
  if (tbs?.tag !== TAG_SEQUENCE || signature?.tag !== TAG_BIT_STRING || more.length > 0)
    throw malformed("another structure than a certificate's");
  const [version, serial, inner, issuer, validity, subject, spki, ...optional] = childrenOf(der, tbs);
  if (version === undefined || hexOf(sliceOf(der, version)) !== VERSION_3)
    throw malformed("another version than 3");
  if (serial?.tag !== TAG_INTEGER || !isSerial(der.subarray(serial.contentStart, serial.end)))
    throw malformed("a serial number that is not positive, or has more than 20 bytes");
  if (!isAlgorithmIdentifier(der, inner) || hexOf(sliceOf(der, inner)) !== hexOf(sliceOf(der, outer)))
    throw malformed("two different signature algorithms, or none");
  if (!isName(der, issuer) || !isName(der, subject))
    throw malformed("an issuer or a subject in another form");
  const times = childrenOf(der, validity);
  const [notBefore, notAfter] = times.map((time) => readTime(der, time));
  if (
    validity?.tag !== TAG_SEQUENCE ||
    times.length !== 2 ||
    notBefore === undefined ||
    notAfter === undefined
  )
    throw malformed("a time in another form, or one that does not exist");
  const [keyAlgorithm, key, ...moreKey] = childrenOf(der, spki);
  const isKey = spki?.tag === TAG_SEQUENCE && isAlgorithmIdentifier(der, keyAlgorithm);
  if (!isKey || key?.tag !== TAG_BIT_STRING || der[key.contentStart] !== 0 || moreKey.length > 0)
    throw malformed("a public key in another form");
  if (der[signature.contentStart] !== 0) throw malformed("a signature that does not end with a byte");
  const [extensions, ...unknown] = optional;
  if (unknown.length > 0) throw malformed("fields that a certificate does not have here");
  return {
    tbs: sliceOf(der, tbs),
    algorithm: hexOf(sliceOf(der, outer)),
    signature: der.subarray(signature.contentStart + 1, signature.end),
    issuer: sliceOf(der, issuer),
    subject: sliceOf(der, subject),
    notBefore,
    notAfter,
    spki: sliceOf(der, spki),
    extensions: readExtensions(der, extensions),
  };
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function isSerial(content: Uint8Array): boolean {
  const isPositive = (content[0] ?? 0x80) < 0x80 && content.some((byte) => byte !== 0);
  return isPositive && isMinimalInteger(content) && content.length <= MAX_SERIAL_BYTES;
}
