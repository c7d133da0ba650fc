/** Private keys in DER, by their structure: what their bytes are is never looked at. */
import {
  type DerNode,
  readChildren,
  readDer,
  TAG_INTEGER,
  TAG_OCTET_STRING,
  TAG_OID,
  TAG_SEQUENCE,
} from "../../signing/der.ts";

/** What stands near the start of each kind: a version number, or the family of OIDs of encryption by a password. */
const MARKS = ["020100", "020101", "020103", "06092a864886f70d0105", "060a2a864886f70d010c01"].map((hex) =>
  Buffer.from(hex, "hex"),
);
/** From the mark back to the SEQUENCE: one header, or for encrypted keys two, of 2 to 5 bytes each. */
const MOST_BEFORE_MARK = 10;

export type FoundDer = { readonly offset: number; readonly what: string };

/** The first private key in DER that is whole in these bytes, at any place. */
export function findDerKey(bytes: Buffer): FoundDer | null {
  for (const mark of MARKS) {
    for (let at = bytes.indexOf(mark); at !== -1; at = bytes.indexOf(mark, at + 1)) {
      for (let offset = Math.max(0, at - MOST_BEFORE_MARK); offset < at; offset++) {
        const what = bytes[offset] === TAG_SEQUENCE ? derKeyAt(bytes, offset) : null;
        if (what !== null) return { offset, what };
      }
    }
  }
  return null;
}

/** What private key is at that place, if it is whole. */
export function derKeyAt(bytes: Uint8Array, offset: number): string | null {
  const outer = readDer(bytes, offset, bytes.length);
  if (outer?.tag !== TAG_SEQUENCE) return null;
  const parts = readChildren(bytes, outer);
  const [first, second, third] = parts ?? [];
  if (parts === undefined || first === undefined || second === undefined) return null;
  if (first.tag === TAG_SEQUENCE) {
    const encrypted =
      parts.length === 2 && second.tag === TAG_OCTET_STRING && PASSWORD.test(oidIn(bytes, first));
    return encrypted ? "an encrypted private key (PKCS #8)" : null;
  }
  if (first.tag !== TAG_INTEGER || sizeOf(first) !== 1) return null;
  const version = bytes[first.contentStart];
  if (version === 3)
    return PKCS7.test(oidIn(bytes, second)) ? "a PKCS #12 file, which holds a private key" : null;
  if (version !== 0 && version !== 1) return null;
  const isPkcs8 = oidIn(bytes, second) !== "" && third?.tag === TAG_OCTET_STRING && sizeOf(third) >= 16;
  if (isPkcs8) return "a private key (PKCS #8)";
  if (isSec1(version, second, parts.slice(2), offset)) return "a private key (SEC 1)";
  const integers = parts.findIndex((part) => part.tag !== TAG_INTEGER);
  const numbers = integers === -1 ? parts.length : integers;
  if (numbers >= 9 && sizeOf(second) >= 32) return "a private key (PKCS #1)";
  return numbers === 6 && parts.length === 6 && sizeOf(second) >= 64 ? "a private key (DSA)" : null;
}

const PASSWORD = /^(?:2a864886f70d0105|2a864886f70d010c01)/;
const PKCS7 = /^2a864886f70d01070[12]$/;

/** Version 1, the number, and then parameters or the public key; a number alone counts at the start only. */
function isSec1(version: number, key: DerNode, rest: readonly DerNode[], offset: number): boolean {
  if (version !== 1 || key.tag !== TAG_OCTET_STRING || sizeOf(key) < 16 || sizeOf(key) > 80) return false;
  return (rest.length > 0 || offset === 0) && rest.every(({ tag }) => tag === 0xa0 || tag === 0xa1);
}

function sizeOf(node: DerNode): number {
  return node.end - node.contentStart;
}

/** The OID that a SEQUENCE begins with, as hexadecimal digits; empty when it does not. */
function oidIn(bytes: Uint8Array, node: DerNode): string {
  if (node.tag !== TAG_SEQUENCE) return "";
  const oid = readDer(bytes, node.contentStart, node.end);
  if (oid?.tag !== TAG_OID) return "";
  return Buffer.from(bytes.subarray(oid.contentStart, oid.end)).toString("hex");
}
