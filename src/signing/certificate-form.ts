import { type DerNode, isStrictDer, readChildren, readDer, TAG_INTEGER, TAG_SEQUENCE } from "./der.ts";

/**
 * The form of an X.509 certificate, byte by byte (RFC 5280 §4.1): what the X.509 library reads more generously than other
 * libraries do, so that two readers cannot differ on whether something is a certificate.
 */

const TAG_BOOLEAN = 0x01;
const TAG_BIT_STRING = 0x03;
const TAG_OCTET_STRING = 0x04;
const TAG_OID = 0x06;
const TAG_UTC_TIME = 0x17;
const TAG_GENERALIZED_TIME = 0x18;

const VERSION_3 = "020102";
const OID_BASIC_CONSTRAINTS = "551d13";
/** A serial number has at most 20 bytes (RFC 5280 §4.1.2.2). */
const MAX_SERIAL_BYTES = 20;

/** What is wrong with a certificate's form, or undefined. What its names and extensions say is judged elsewhere. */
export function certificateFault(der: Uint8Array): string | undefined {
  if (!isStrictDer(der)) return "bytes that are not strict DER";
  const hexOf = (node: DerNode) => Buffer.from(der.subarray(node.contentStart, node.end)).toString("hex");
  const [tbs, outer, signature, ...more] = childrenOf(der, readDer(der, 0, der.length));
  if (tbs === undefined || outer === undefined || signature?.tag !== TAG_BIT_STRING || more.length > 0)
    return "another structure than a certificate's";
  if (der[signature.contentStart] !== 0) return "a signature that does not end with a byte";
  const [version, serial, inner, issuer, validity, subject, spki, ...optional] = childrenOf(der, tbs);
  if (version?.tag !== 0xa0 || hexOf(version) !== VERSION_3) return "another version than 3";
  if (serial?.tag !== TAG_INTEGER || !isSerial(der.subarray(serial.contentStart, serial.end)))
    return "a serial number that is not positive, or has more than 20 bytes";
  if (inner?.tag !== TAG_SEQUENCE || outer.tag !== TAG_SEQUENCE || hexOf(inner) !== hexOf(outer))
    return "two different signature algorithms";
  if (issuer?.tag !== TAG_SEQUENCE || subject?.tag !== TAG_SEQUENCE || spki?.tag !== TAG_SEQUENCE)
    return "no issuer, subject or public key where it belongs";
  const times = childrenOf(der, validity);
  if (times.length !== 2 || !times.every((time) => isTime(time, der))) return "a time in another form";
  const tags = optional.map((node) => node.tag);
  // [1] issuerUniqueID, [2] subjectUniqueID and [3] extensions, each at most once and in this order.
  if (tags.some((tag, index) => ![0x81, 0x82, 0xa3].includes(tag) || tag <= (tags[index - 1] ?? 0)))
    return "fields that a certificate does not have";
  return extensionsFault(
    der,
    optional.find((node) => node.tag === 0xa3),
  );
}

/** The AlgorithmIdentifier that a certificate is signed with, as lower-case hex of its DER. */
export function signatureAlgorithmOf(der: Uint8Array): string {
  const algorithm = childrenOf(der, readDer(der, 0, der.length))[1];
  return algorithm === undefined
    ? ""
    : Buffer.from(der.subarray(algorithm.start, algorithm.end)).toString("hex");
}

function childrenOf(der: Uint8Array, parent: DerNode | undefined): readonly DerNode[] {
  return (parent && readChildren(der, parent)) ?? [];
}

function isSerial(content: Uint8Array): boolean {
  const isPositive = (content[0] ?? 0x80) < 0x80 && content.some((byte) => byte !== 0);
  return isPositive && content.length <= MAX_SERIAL_BYTES;
}

/** RFC 5280 §4.1.2.5: UTCTime until 2049, GeneralizedTime from 2050 on, both with seconds and Z. */
function isTime(node: DerNode, der: Uint8Array): boolean {
  const text = Buffer.from(der.subarray(node.contentStart, node.end)).toString("latin1");
  if (node.tag === TAG_UTC_TIME) return /^[0-9]{12}Z$/.test(text);
  return node.tag === TAG_GENERALIZED_TIME && /^[0-9]{14}Z$/.test(text) && Number(text.slice(0, 4)) >= 2050;
}

function extensionsFault(der: Uint8Array, wrapper: DerNode | undefined): string | undefined {
  if (wrapper === undefined) return undefined;
  const [list, ...more] = childrenOf(der, wrapper);
  if (list?.tag !== TAG_SEQUENCE || more.length > 0) return "extensions of another structure";
  for (const extension of childrenOf(der, list)) {
    const parts = childrenOf(der, extension);
    const isCritical = parts.length === 3;
    const [oid, value] = [parts[0], parts.at(-1)];
    const criticalTag = isCritical ? parts[1]?.tag : TAG_BOOLEAN;
    if (
      (parts.length !== 2 && !isCritical) ||
      oid?.tag !== TAG_OID ||
      value?.tag !== TAG_OCTET_STRING ||
      criticalTag !== TAG_BOOLEAN
    )
      return "an extension of another structure";
    // DER leaves out a value that is the default: FALSE.
    if (isCritical && der[parts[1]?.contentStart ?? 0] !== 0xff)
      return "an extension that says critical FALSE";
    const inside = der.subarray(value.contentStart, value.end);
    const name = Buffer.from(der.subarray(oid.contentStart, oid.end)).toString("hex");
    // All extensions of id-ce (2.5.29) hold DER.
    if (name.startsWith("551d") && !isStrictDer(inside)) return "an extension whose value is not strict DER";
    const [first] = childrenOf(inside, readDer(inside, 0, inside.length));
    if (name === OID_BASIC_CONSTRAINTS && first?.tag === TAG_BOOLEAN && inside[first.contentStart] !== 0xff)
      return "basic constraints that say cA FALSE in words";
  }
  return undefined;
}
