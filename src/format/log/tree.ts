/**
 * The Merkle tree of the store's log (RFC 9162 §2.1), over the hashes of complete subtrees. Pure: whoever calls says
 * where the hashes are, so the work for one append or one proof is logarithmic in the number of leaves.
 */
import { hash } from "node:crypto";

/** 32 bytes: the hash of a leaf or of a subtree. */
export type Hash = Uint8Array;

/** A complete subtree: 2^level leaves, of which the first has the position index · 2^level. */
export type Node = { readonly level: number; readonly index: number };
export type NodeHash = Node & { readonly hash: Hash };
/** Gives the hash of a complete subtree. */
export type NodeReader = (node: Node) => Hash;

/** Leaves from `start` on, before `end`. */
export type Range = { readonly start: number; readonly end: number };

export const HASH_BYTES = 32;

/** RFC 9162 §2.1.1: the hash of the empty tree is that of nothing. */
export const EMPTY_ROOT: Hash = sha256();

/** RFC 9162 §2.1.1: 0x00 stands before a leaf, so that none can be taken for an inner node. */
export function hashLeaf(leaf: Uint8Array): Hash {
  return sha256(Uint8Array.of(0), leaf);
}

export function hashChildren(left: Hash, right: Hash): Hash {
  return sha256(Uint8Array.of(1), left, right);
}

/** At once: the state of a running hash costs more than so few bytes. */
function sha256(...parts: Uint8Array[]): Hash {
  return new Uint8Array(hash("sha256", Buffer.concat(parts), "buffer"));
}

export function sameHash(a: Hash, b: Hash): boolean {
  return Buffer.compare(a, b) === 0;
}

/** The complete subtrees that become whole when a leaf is appended to a tree of `size` leaves, the leaf's own first. */
export function appendLeaf(size: number, leaf: Hash, read: NodeReader): NodeHash[] {
  let node: NodeHash = { level: 0, index: size, hash: leaf };
  const added = [node];
  while (node.index % 2 === 1) {
    const left = read({ level: node.level, index: node.index - 1 });
    const parent: NodeHash = {
      level: node.level + 1,
      index: (node.index - 1) / 2,
      hash: hashChildren(left, node.hash),
    };
    added.push(parent);
    node = parent;
  }
  return added;
}

/** The complete subtrees that a range consists of, from left to right. A range starts where its largest one may. */
export function nodesOf({ start, end }: Range): Node[] {
  const nodes: Node[] = [];
  for (let at = start; at < end; ) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level += 1;
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}

/** MTH of a range (RFC 9162 §2.1.1): its complete subtrees, joined from the right. */
function hashRange(range: Range, read: NodeReader): Hash {
  return joinedHashes(nodesOf(range).map(read));
}

/** The hash of a range by those of its complete subtrees. */
export function joinedHashes(hashes: readonly Hash[]): Hash {
  return (
    hashes.reduceRight<Hash | null>(
      (right, left) => (right === null ? left : hashChildren(left, right)),
      null,
    ) ?? EMPTY_ROOT
  );
}

/** The root hash of a tree of `size` leaves. */
export function rootHash(size: number, read: NodeReader): Hash {
  return hashRange({ start: 0, end: size }, read);
}

/** The largest power of two that is smaller than `size`. */
function split(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** PATH(m, D_n) of RFC 9162 §2.1.3.1, as ranges whose hashes are the proof. `position` is below `size`. */
export function inclusionRanges(position: number, size: number): Range[] {
  const proof: Range[] = [];
  for (let [start, end] = [0, size]; end - start > 1; ) {
    const middle = start + split(end - start);
    if (position < middle) {
      proof.push({ start: middle, end });
      end = middle;
    } else {
      proof.push({ start, end: middle });
      start = middle;
    }
  }
  return proof.reverse();
}

/** PROOF(m, D_n) of RFC 9162 §2.1.4.1, as ranges whose hashes are the proof: none for the empty tree. `from` ≤ `to`. */
export function consistencyRanges(from: number, to: number): Range[] {
  if (from === 0) return [];
  const proof: Range[] = [];
  let [start, end] = [0, to];
  // SUBPROOF(m, D_n, b): b is true while the old tree's root has not been passed.
  while (end > from) {
    const middle = start + split(end - start);
    if (from <= middle) {
      proof.push({ start: middle, end });
      end = middle;
    } else {
      proof.push({ start, end: middle });
      start = middle;
    }
  }
  if (start > 0) proof.push({ start, end });
  return proof.reverse();
}

export function proofOf(ranges: readonly Range[], read: NodeReader): Hash[] {
  return ranges.map((range) => hashRange(range, read));
}
