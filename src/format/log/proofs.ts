/** Judging proofs about the log's tree, step by step as RFC 9162 §2.1.3.2 and §2.1.4.2 say. Pure. */
import { EMPTY_ROOT, HASH_BYTES, type Hash, hashChildren, sameHash } from "./tree.ts";

export type Inclusion = {
  /** Hash of the leaf whose place is to be proved. */
  readonly leaf: Hash;
  readonly position: number;
  readonly size: number;
  readonly root: Hash;
  readonly proof: readonly Hash[];
};

/** Whether the leaf stands at that position of the tree with this size and root hash (RFC 9162 §2.1.3.2). */
export function isIncluded({ leaf, position, size, root, proof }: Inclusion): boolean {
  if (!isPosition(position) || !isPosition(size) || position >= size) return false;
  if (![leaf, root, ...proof].every(isHash)) return false;
  let fn = position;
  let sn = size - 1;
  let r = leaf;
  for (const p of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = hashChildren(p, r);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      r = hashChildren(r, p);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && sameHash(r, root);
}

export type Consistency = {
  readonly from: number;
  readonly fromRoot: Hash;
  readonly to: number;
  readonly toRoot: Hash;
  readonly proof: readonly Hash[];
};

/**
 * Whether the larger tree has the smaller one as its beginning (RFC 9162 §2.1.4.2). Of the empty tree, and of a tree and
 * itself, the proof is empty.
 */
export function isExtension({ from, fromRoot, to, toRoot, proof }: Consistency): boolean {
  if (!isPosition(from) || !isPosition(to) || from > to) return false;
  if (![fromRoot, toRoot, ...proof].every(isHash)) return false;
  if (from === 0) return proof.length === 0 && sameHash(fromRoot, EMPTY_ROOT);
  if (from === to) return proof.length === 0 && sameHash(fromRoot, toRoot);
  if (proof.length === 0) return false;
  // A smaller tree that is complete is its own first hash.
  const [first, ...rest] = isPowerOfTwo(from) ? [fromRoot, ...proof] : proof;
  if (first === undefined) return false;
  let fn = from - 1;
  let sn = to - 1;
  while (fn % 2 === 1) {
    fn = half(fn);
    sn = half(sn);
  }
  let fr = first;
  let sr = first;
  for (const c of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = hashChildren(c, fr);
      sr = hashChildren(c, sr);
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn);
        sn = half(sn);
      }
    } else {
      sr = hashChildren(sr, c);
    }
    fn = half(fn);
    sn = half(sn);
  }
  return sn === 0 && sameHash(fr, fromRoot) && sameHash(sr, toRoot);
}

// Not by shifting bits: those of JavaScript have 32 of them.
const half = (value: number): number => Math.floor(value / 2);
const isPosition = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isHash = (hash: Hash): boolean => hash.length === HASH_BYTES;

function isPowerOfTwo(value: number): boolean {
  let power = 1;
  while (power < value) power *= 2;
  return power === value;
}
