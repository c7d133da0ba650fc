/** The tree against RFC 9162's own words and against the reference values of Certificate Transparency. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isExtension, isIncluded } from "./proofs.ts";
import {
  appendLeaf,
  consistencyRanges,
  EMPTY_ROOT,
  type Hash,
  hashChildren,
  hashLeaf,
  inclusionRanges,
  type NodeReader,
  proofOf,
  rootHash,
} from "./tree.ts";

const hex = (hash: Hash) => Buffer.from(hash).toString("hex");
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "hex"));

/** The leaves of the tree that Certificate Transparency's implementations are tested with. */
const CT_LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
].map(bytes);
const CT_ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/** Kept hashes of complete subtrees, as the store keeps them. */
function treeOf(leaves: readonly Uint8Array[]): NodeReader {
  const nodes = new Map<string, Hash>();
  const read: NodeReader = ({ level, index }) => {
    const hash = nodes.get(`${level} ${index}`);
    if (hash === undefined) throw new Error(`no subtree ${level} ${index}`);
    return hash;
  };
  for (const [size, leaf] of leaves.entries())
    for (const { level, index, hash } of appendLeaf(size, hashLeaf(leaf), read)) {
      expect(nodes.has(`${level} ${index}`)).toBe(false);
      nodes.set(`${level} ${index}`, hash);
    }
  return read;
}

// RFC 9162 §2.1.1, §2.1.3.1 and §2.1.4.1 as they are written: slow, and with nothing shared.

const split = (n: number) => 2 ** Math.ceil(Math.log2(n) - 1);

function mth(leaves: readonly Uint8Array[]): Hash {
  const [only] = leaves;
  if (only === undefined) return EMPTY_ROOT;
  if (leaves.length === 1) return hashLeaf(only);
  const k = split(leaves.length);
  return hashChildren(mth(leaves.slice(0, k)), mth(leaves.slice(k)));
}

function path(m: number, leaves: readonly Uint8Array[]): Hash[] {
  if (leaves.length === 1) return [];
  const k = split(leaves.length);
  return m < k
    ? [...path(m, leaves.slice(0, k)), mth(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), mth(leaves.slice(0, k))];
}

function subproof(m: number, leaves: readonly Uint8Array[], whole: boolean): Hash[] {
  const n = leaves.length;
  if (m === n) return whole ? [] : [mth(leaves)];
  const k = split(n);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), mth(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), mth(leaves.slice(0, k))];
}

const numbered = (count: number) =>
  Array.from({ length: count }, (_, at) => bytes(at.toString(16).padStart(8, "0")));

describe("known values", () => {
  test("the empty tree and a tree of one leaf", () => {
    expect(hex(EMPTY_ROOT)).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(hex(rootHash(0, treeOf([])))).toBe(hex(EMPTY_ROOT));
    expect(hex(hashLeaf(bytes("00")))).toBe(
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    );
  });

  test("every root of the eight leaves of Certificate Transparency", () => {
    const read = treeOf(CT_LEAVES);
    expect(CT_ROOTS.map((_, at) => hex(rootHash(at + 1, read)))).toEqual(CT_ROOTS);
  });

  test("paths and proofs of that tree", () => {
    const read = treeOf(CT_LEAVES);
    const proof = (ranges: ReturnType<typeof inclusionRanges>) => proofOf(ranges, read).map(hex);
    expect(proof(inclusionRanges(0, 1))).toEqual([]);
    expect(proof(inclusionRanges(0, 8))).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    expect(proof(inclusionRanges(5, 8))).toEqual([
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    expect(proof(consistencyRanges(1, 8))).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]);
    expect(proof(consistencyRanges(6, 8))).toEqual([
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
  });
});

describe("beside the words of the RFC", () => {
  const MOST = 70;
  const leaves = numbered(MOST);
  const read = treeOf(leaves);

  test("every root, path and proof of every size is the same, and is judged to hold", () => {
    for (let size = 1; size <= MOST; size++) {
      const first = leaves.slice(0, size);
      const root = rootHash(size, read);
      expect(hex(root)).toBe(hex(mth(first)));
      for (let position = 0; position < size; position++) {
        const proof = proofOf(inclusionRanges(position, size), read);
        expect(proof.map(hex)).toEqual(path(position, first).map(hex));
        const leaf = hashLeaf(leaves[position] ?? new Uint8Array());
        expect(isIncluded({ leaf, position, size, root, proof })).toBe(true);
      }
      for (let from = 1; from <= size; from++) {
        const proof = proofOf(consistencyRanges(from, size), read);
        expect(proof.map(hex)).toEqual(subproof(from, first, true).map(hex));
        expect(isExtension({ from, fromRoot: rootHash(from, read), to: size, toRoot: root, proof })).toBe(
          true,
        );
      }
    }
  });

  test("a proof with one bit, hash, size or position changed does not hold", () => {
    const size = fc.integer({ min: 2, max: MOST });
    const flip = (hash: Hash, bit: number) => {
      const copy = new Uint8Array(hash);
      const at = Math.floor(bit / 8) % copy.length;
      copy[at] = (copy[at] ?? 0) ^ (1 << (bit % 8));
      return copy;
    };
    fc.assert(
      fc.property(size, fc.nat(), fc.nat(), fc.nat(255), (to, a, b, bit) => {
        const position = a % to;
        const root = rootHash(to, read);
        const leaf = hashLeaf(leaves[position] ?? new Uint8Array());
        const proof = proofOf(inclusionRanges(position, to), read);
        const good = { leaf, position, size: to, root, proof };
        const at = b % proof.length;
        const changed = proof.map((hash, index) => (index === at ? flip(hash, bit) : hash));
        const without = proof.filter((_, index) => index !== at);
        for (const bad of [
          { ...good, proof: changed },
          { ...good, proof: without },
          { ...good, proof: [...proof, leaf] },
          { ...good, leaf: flip(leaf, bit) },
          { ...good, root: flip(root, bit) },
          { ...good, position: position + to },
          { ...good, position: -1 },
          { ...good, position: 0.5 },
          { ...good, position: (position + 1) % to },
          { ...good, size: 0 },
        ])
          expect(isIncluded(bad)).toBe(false);

        const from = 1 + (a % (to - 1));
        const links = proofOf(consistencyRanges(from, to), read);
        const whole = { from, fromRoot: rootHash(from, read), to, toRoot: root, proof: links };
        expect(isExtension(whole)).toBe(true);
        const which = b % links.length;
        for (const bad of [
          { ...whole, proof: links.map((hash, index) => (index === which ? flip(hash, bit) : hash)) },
          { ...whole, proof: links.filter((_, index) => index !== which) },
          { ...whole, proof: [...links, root] },
          { ...whole, proof: [] },
          { ...whole, proof: links.map((hash) => hash.slice(1)) },
          { ...whole, fromRoot: flip(whole.fromRoot, bit) },
          { ...whole, toRoot: flip(root, bit) },
          { ...whole, from: to, to: from },
          { ...whole, from: 0 },
          { ...whole, from: to },
          { ...whole, to: Number.POSITIVE_INFINITY },
        ])
          expect(isExtension(bad)).toBe(false);
      }),
    );
  });
});

test("a tree and itself, and the empty tree, need no proof", () => {
  const read = treeOf(numbered(3));
  const root = rootHash(3, read);
  expect(isExtension({ from: 3, fromRoot: root, to: 3, toRoot: root, proof: [] })).toBe(true);
  expect(isExtension({ from: 3, fromRoot: root, to: 3, toRoot: rootHash(2, read), proof: [] })).toBe(false);
  expect(isExtension({ from: 0, fromRoot: EMPTY_ROOT, to: 3, toRoot: root, proof: [] })).toBe(true);
  expect(isExtension({ from: 0, fromRoot: root, to: 3, toRoot: root, proof: [] })).toBe(false);
  expect(isExtension({ from: 0, fromRoot: EMPTY_ROOT, to: 3, toRoot: root, proof: [root] })).toBe(false);
});

test("sizes beyond 32 bits are counted right", () => {
  const size = 2 ** 40 + 5;
  // All leaves the same: the hash of a complete subtree depends on its level alone.
  const levels = [hashLeaf(bytes("aa"))];
  for (let level = 1; level <= 41; level++) {
    const below = levels[level - 1] ?? EMPTY_ROOT;
    levels.push(hashChildren(below, below));
  }
  const read: NodeReader = ({ level }) => levels[level] ?? EMPTY_ROOT;
  const [root, leaf] = [rootHash(size, read), levels[0] ?? EMPTY_ROOT];
  for (const position of [0, 2 ** 33 + 1, 2 ** 40 - 1, 2 ** 40 + 4]) {
    const proof = proofOf(inclusionRanges(position, size), read);
    expect(isIncluded({ leaf, position, size, root, proof })).toBe(true);
  }
  for (const from of [1, 2 ** 32, 2 ** 33 + 7, 2 ** 40]) {
    const proof = proofOf(consistencyRanges(from, size), read);
    expect(isExtension({ from, fromRoot: rootHash(from, read), to: size, toRoot: root, proof })).toBe(true);
  }
});
