/** The parts that a certificate is made of: names, times, algorithms (package format §3, “Certificates”). */
import { isUtf8 } from "node:buffer";
import type { Problem } from "../errors.ts";
import { type DerNode, isObjectIdentifier, readChildren, TAG_OID, TAG_SEQUENCE, TAG_SET } from "./der.ts";
import { refusal } from "./refuse.ts";

const TAG_NULL = 0x05;
const TAG_UTC_TIME = 0x17;
const TAG_GENERALIZED_TIME = 0x18;

export function malformed(found: string): Problem {
  return refusal("MPK-X001", "The certificate cannot be read.", {
    found,
    expected: "one X.509 v3 certificate in the form of the package format",
  });
}

/** The parts of a constructed element; empty when there is none, or they do not fill it. */
export function childrenOf(der: Uint8Array, parent: DerNode | undefined): readonly DerNode[] {
  return (parent && readChildren(der, parent)) ?? [];
}

/** A whole element. */
export function sliceOf(der: Uint8Array, node: DerNode): Uint8Array {
  return der.subarray(node.start, node.end);
}

export function contentOf(der: Uint8Array, node: DerNode): Uint8Array {
  return der.subarray(node.contentStart, node.end);
}

export function isOid(der: Uint8Array, node: DerNode | undefined): node is DerNode {
  return node?.tag === TAG_OID && isObjectIdentifier(contentOf(der, node));
}

/** An object identifier, alone or with one parameter: NULL or another object identifier. */
export function isAlgorithmIdentifier(der: Uint8Array, node: DerNode | undefined): node is DerNode {
  if (node?.tag !== TAG_SEQUENCE) return false;
  const [algorithm, parameter, ...more] = childrenOf(der, node);
  const isNull = parameter?.tag === TAG_NULL && parameter.contentStart === parameter.end;
  return (
    isOid(der, algorithm) && (parameter === undefined || isNull || isOid(der, parameter)) && more.length === 0
  );
}

/** What the strings of names may hold, by their tag (X.680 §41); of teletex every byte. */
const STRINGS: Readonly<Record<number, (content: Uint8Array) => boolean>> = {
  12: (content) => isUtf8(content),
  18: (content) => /^[0-9 ]*$/.test(latin1(content)),
  19: (content) => /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(latin1(content)),
  20: () => true,
  22: (content) => content.every((byte) => byte < 0x80),
  28: (content) => content.length % 4 === 0,
  30: (content) => content.length % 2 === 0,
};

/** A sequence of sets of at least one pair of object identifier and string, each set in the order of its encodings. */
export function isName(der: Uint8Array, node: DerNode | undefined): node is DerNode {
  if (node?.tag !== TAG_SEQUENCE) return false;
  const sets = readChildren(der, node);
  return sets?.every((set) => isRelativeName(der, set)) ?? false;
}

function isRelativeName(der: Uint8Array, set: DerNode): boolean {
  if (set.tag !== TAG_SET) return false;
  const pairs = childrenOf(der, set);
  return (
    pairs.length > 0 &&
    pairs.every((pair) => isNamePair(der, pair)) &&
    pairs.every((pair, index) => {
      const before = pairs[index - 1];
      // X.690 §11.6. Of two encodings none starts the other, since each says its length.
      return before === undefined || Buffer.compare(sliceOf(der, before), sliceOf(der, pair)) <= 0;
    })
  );
}

function isNamePair(der: Uint8Array, pair: DerNode): boolean {
  const [type, value, ...more] = childrenOf(der, pair);
  if (pair.tag !== TAG_SEQUENCE || !isOid(der, type) || value === undefined || more.length > 0) return false;
  return STRINGS[value.tag]?.(contentOf(der, value)) ?? false;
}

/** RFC 5280 §4.1.2.5: UTCTime for 1950 to 2049, GeneralizedTime from 2050 on, to the second; undefined for anything else. */
export function readTime(der: Uint8Array, node: DerNode): Date | undefined {
  const text = latin1(contentOf(der, node));
  if (node.tag === TAG_UTC_TIME) {
    const century = Number(text.slice(0, 2)) >= 50 ? "19" : "20";
    return calendarTime(century + text);
  }
  const isLate = node.tag === TAG_GENERALIZED_TIME && text >= "2050";
  return isLate ? calendarTime(text) : undefined;
}

/** `YYYYMMDDHHMMSSZ`. What has another form, or does not exist, differs when it is read and written again. */
function calendarTime(text: string): Date | undefined {
  const [day, time] = [text.slice(0, 8), text.slice(8, 14)].map((half) => half.match(/../g) ?? []);
  const [century, year, ...monthAndDay] = day ?? [];
  const date = [`${century}${year}`, ...monthAndDay].join("-");
  const at = new Date(`${date}T${time?.join(":")}Z`);
  if (Number.isNaN(at.getTime())) return undefined;
  return at.toISOString().replaceAll(/[-:T]|\.\d+/g, "") === text ? at : undefined;
}

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
