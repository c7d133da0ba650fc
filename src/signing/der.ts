/** DER (X.690 §8, §10), as far as certificates and signatures need it. */

export const TAG_INTEGER = 0x02;
export const TAG_SEQUENCE = 0x30;
export const TAG_BOOLEAN = 0x01;
export const TAG_BIT_STRING = 0x03;
export const TAG_OCTET_STRING = 0x04;
const TAG_NULL = 0x05;
export const TAG_OID = 0x06;
export const TAG_SET = 0x31;

export type DerNode = {
  readonly tag: number;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
};

/** Reads one element at `at`; undefined unless it is whole, with a one-byte tag and a definite length in its shortest form. */
export function readDer(bytes: Uint8Array, at: number, limit: number): DerNode | undefined {
  // What is not there is refused as an indefinite length is; what goes beyond the limit ends beyond it.
  const tag = bytes[at] ?? 0;
  const first = bytes[at + 1] ?? 0x80;
  if ((tag & 0x1f) === 0x1f) return undefined;
  if (first < 0x80) return whole({ tag, start: at, contentStart: at + 2, end: at + 2 + first }, limit);
  const lengthBytes = first & 0x7f;
  let length = 0;
  for (let index = 0; index < lengthBytes; index++) length = length * 256 + (bytes[at + 2 + index] ?? 0);
  const shortest = length >= 0x80 && length >= 256 ** (lengthBytes - 1);
  const contentStart = at + 2 + lengthBytes;
  return shortest ? whole({ tag, start: at, contentStart, end: contentStart + length }, limit) : undefined;
}

function whole(node: DerNode, limit: number): DerNode | undefined {
  return node.end <= limit ? node : undefined;
}

/** The elements inside a constructed one, or undefined when they do not fill it exactly. */
export function readChildren(bytes: Uint8Array, parent: DerNode): readonly DerNode[] | undefined {
  const children: DerNode[] = [];
  let at = parent.contentStart;
  while (at < parent.end) {
    const child = readDer(bytes, at, parent.end);
    if (child === undefined) return undefined;
    children.push(child);
    at = child.end;
  }
  return children;
}

const MAX_NESTING = 32;

/** Whether the bytes are exactly one element of strict DER, all the way down. */
export function isStrictDer(bytes: Uint8Array): boolean {
  const root = readDer(bytes, 0, bytes.length);
  return root !== undefined && root.end === bytes.length && isStrictNode(bytes, root, 1);
}

function isStrictNode(bytes: Uint8Array, node: DerNode, depth: number): boolean {
  const constructed = (node.tag & 0x20) !== 0;
  const isUniversal = (node.tag & 0xc0) === 0;
  // DER builds sequences and sets of parts, and nothing else (X.690 §10.2).
  if (isUniversal && constructed !== (node.tag === TAG_SEQUENCE || node.tag === TAG_SET)) return false;
  if (!constructed)
    return !isUniversal || isStrictPrimitive(node.tag, bytes.subarray(node.contentStart, node.end));
  const children = depth > MAX_NESTING ? undefined : readChildren(bytes, node);
  return children?.every((child) => isStrictNode(bytes, child, depth + 1)) ?? false;
}

/** X.690 §8.2, §8.3, §8.6, §8.8, §11.1 and §11.2. */
function isStrictPrimitive(tag: number, content: Uint8Array): boolean {
  const [first = 0] = content;
  switch (tag) {
    case TAG_BOOLEAN:
      return content.length === 1 && (first === 0x00 || first === 0xff);
    case TAG_INTEGER:
      return isMinimalInteger(content);
    case TAG_BIT_STRING: {
      if (content.length < 2) return content.length === 1 && first === 0;
      return first < 8 && ((content.at(-1) ?? 0) & ((1 << first) - 1)) === 0;
    }
    case TAG_NULL:
      return content.length === 0;
    case TAG_OID:
      return isObjectIdentifier(content);
    case TAG_SEQUENCE & 0x1f:
    case TAG_SET & 0x1f:
      return false;
    default:
      return true;
  }
}

/** X.690 §8.19: groups of seven bits; the last byte ends one, and none starts with a zero group. */
export function isObjectIdentifier(content: Uint8Array): boolean {
  return (
    (content.at(-1) ?? 0x80) < 0x80 &&
    !content.some((byte, index) => byte === 0x80 && (content[index - 1] ?? 0) < 0x80)
  );
}

/** X.690 §8.3.2: not empty, and the first nine bits are neither all zero nor all one. */
export function isMinimalInteger(content: Uint8Array): boolean {
  const [first = 0, second = 0] = content;
  return content.length === 1 || !((first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80));
}

/** One element of DER: its tag, the length in its shortest form, the content. */
export function derNode(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content;
  const size =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : length < 0x10000
          ? [0x82, length >> 8, length & 0xff]
          : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}
