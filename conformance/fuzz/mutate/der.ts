/** Changes DER element by element; lengths around the change are repaired. */
import { element } from "../../make/der.ts";
import type { Random } from "../random.ts";
import { mutateBytes } from "./bytes.ts";

type Node = {
  tag: number;
  /** In front of the children: a bit string's count of unused bits. */
  prefix: Uint8Array;
  children: Node[] | null;
  content: Uint8Array;
  /** In place of all that. */
  written?: Uint8Array;
};

const NONE = new Uint8Array(0);
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;

/** All elements of the bytes, or null where they are not elements to their last byte. */
function nodesOf(bytes: Uint8Array, depth = 0): Node[] | null {
  const nodes: Node[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0;
    let length = bytes[at + 1];
    let start = at + 2;
    if (length === undefined || length === 0x80 || depth > 24) return null;
    if (length > 0x80) {
      const count = length & 0x7f;
      if (count > 3) return null;
      length = bytes.subarray(start, start + count).reduce((sum, byte) => sum * 256 + byte, 0);
      start += count;
    }
    if (start + length > bytes.length) return null;
    nodes.push(nodeOf(tag, bytes.subarray(start, start + length), depth));
    at = start + length;
  }
  return nodes;
}

function nodeOf(tag: number, content: Uint8Array, depth: number): Node {
  const isHolder = tag === BIT_STRING || tag === OCTET_STRING;
  const prefix = tag === BIT_STRING && content[0] === 0 ? content.subarray(0, 1) : NONE;
  const inner = content.subarray(prefix.length);
  const children = (tag & 0x20) !== 0 || (isHolder && inner.length > 2) ? nodesOf(inner, depth + 1) : null;
  return { tag, prefix, children, content };
}

function write(node: Node): Uint8Array {
  if (node.written !== undefined) return node.written;
  if (node.children === null) return element(node.tag, node.content);
  return element(node.tag, node.prefix, ...node.children.map(write));
}

const TAGS = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x1f, 0x30, 0x31, 0x80, 0x86, 0xa0,
  0xa3, 0xff,
] as const;
const CONTENTS = [
  "",
  "00",
  "ff",
  "0000",
  "7f",
  "80",
  "0080",
  "ff80",
  `00${"ff".repeat(20)}`,
  "ff".repeat(21),
  "0a",
  Buffer.from("260230000000Z").toString("hex"),
  Buffer.from("20260101000000Z").toString("hex"),
  Buffer.from("500101000000Z").toString("hex"),
  Buffer.from("20500101000000.0Z").toString("hex"),
  Buffer.from("mosis:dev:").toString("hex"),
  Buffer.from("mosis:store:store-1\0").toString("hex"),
  "551d13",
  "551d11",
  "551d25",
  "551d0f",
  "2a8648ce3d0201",
  "2b06010505070303",
  "8001",
  "0780",
  "0680",
] as const;

function change(siblings: Node[], node: Node, all: readonly Node[], random: Random): void {
  const at = siblings.indexOf(node);
  const leaf = (content: Uint8Array) => Object.assign(node, { children: null, content });
  const choices: readonly [() => void, ...(() => void)[]] = [
    () => {
      node.tag = random.pick(TAGS);
    },
    () => void leaf(mutateBytes(node.content, random)),
    () => void leaf(Buffer.from(random.pick(CONTENTS), "hex")),
    () => void siblings.splice(at, 1),
    () => void siblings.splice(at, 0, structuredClone(node)),
    () => void siblings.splice(random.int(siblings.length + 1), 0, structuredClone(random.some(all) ?? node)),
    () => void siblings.push(...siblings.splice(at, 1)),
    () => {
      siblings[at] = structuredClone(random.some(all) ?? node);
    },
    () => {
      node.written = badLength(write(node), random);
    },
    () => {
      node.written = wrapped(write(node), random);
    },
    () => {
      node.prefix = Uint8Array.of(random.int(9));
    },
  ];
  random.pick(choices)();
}

function wrapped(bytes: Uint8Array, random: Random): Uint8Array {
  let result = bytes;
  for (let levels = random.oneIn(10) ? 2000 : 1 + random.int(4); levels > 0; levels--)
    result = element(random.pick([0x30, 0x31, 0xa0, 0x24]), result);
  return result;
}

/** A length in more bytes than it needs, indefinite, or another. */
function badLength(bytes: Uint8Array, random: Random): Uint8Array {
  const tag = bytes.subarray(0, 1);
  const rest = bytes.subarray(2);
  const length = bytes[1] ?? 0;
  return Buffer.concat([
    tag,
    random.pick<Uint8Array>([
      Buffer.of(0x81, length),
      Buffer.of(0x84, 0, 0, 0, length),
      Buffer.of(0x80),
      Buffer.of(0x84, 0xff, 0xff, 0xff, 0xff),
      Buffer.of(0x88, 0, 0, 0, 0, 0, 0, 0, length),
      Buffer.of(0xff),
      Buffer.of((length + 1) & 0xff),
    ]),
    rest,
  ]);
}

/** Changes one to three elements; what are no elements is changed as bytes. */
export function mutateDer(bytes: Uint8Array, random: Random): Uint8Array {
  const roots = nodesOf(bytes);
  if (roots === null || roots.length === 0) return mutateBytes(bytes, random);
  for (let count = 1 + random.int(3); count > 0; count--) {
    const places: { siblings: Node[]; node: Node }[] = [];
    const visit = (siblings: Node[]): void => {
      for (const node of siblings) {
        places.push({ siblings, node });
        if (node.children) visit(node.children);
      }
    };
    visit(roots);
    const place = random.some(places);
    if (place)
      change(
        place.siblings,
        place.node,
        places.map(({ node }) => node),
        random,
      );
  }
  return new Uint8Array(Buffer.concat(roots.map(write)));
}

/** The elements directly inside of the outermost one, each with its tag and length. */
export function partsOf(bytes: Uint8Array): readonly Uint8Array[] {
  return (nodesOf(bytes)?.[0]?.children ?? []).map(write);
}
