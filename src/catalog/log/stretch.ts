/** A stretch of the log, computed again from its leaves and compared with every hash that is kept of it. */
import type { Tx } from "../../db/database.ts";
import { hashToHex } from "../../format/log/head.ts";
import { TILE_WIDTH } from "../../format/log/tiles.ts";
import { appendLeaf, type Hash, hashLeaf, type NodeHash, rootHash, sameHash } from "../../format/log/tree.ts";
import * as records from "./records.ts";

export type LogDiscrepancy = { readonly subject: string; readonly detail: string };

/** As many leaves as a tile has: what is read and computed in one go. */
const STRETCH = TILE_WIDTH;

/** The right edge of a tree, which is enough to go on: memory does not grow with the log. */
export type Edge = {
  /** Gives the subtrees that become whole. */
  append(size: number, leaf: Hash): readonly NodeHash[];
  root(size: number): Hash;
};

/** @param seeds The complete subtrees of what is there already. */
export function openEdge(seeds: readonly NodeHash[]): Edge {
  const last = new Map(seeds.map((node) => [node.level, node]));
  const read = ({ level, index }: { level: number; index: number }): Hash => {
    const node = last.get(level);
    if (node?.index !== index) throw new Error(`the edge has no subtree ${index} of level ${level}`);
    return node.hash;
  };
  return {
    append(size, leaf) {
      const nodes = appendLeaf(size, leaf, read);
      for (const node of nodes) last.set(node.level, node);
      return nodes;
    },
    root: (size) => rootHash(size, read),
  };
}

export type Stretch = {
  readonly rows: readonly records.LeafRow[];
  /** Where the next one begins. */
  readonly end: number;
  readonly found: readonly LogDiscrepancy[];
};

/** Goes on from `start` by at most a stretch; what is found ends it. `end` is `start` where no leaf is left. */
export function judgeStretch(tx: Tx, edge: Edge, start: number): Stretch {
  const rows = records.selectLeaves(tx, start, STRETCH);
  const rootAt = new Map(
    records.selectHeads(tx, start, STRETCH).map((head) => [head.size, head.rootHash as string]),
  );
  const levels = new Map<number, NodeHash[]>();
  const found: LogDiscrepancy[] = [];
  let size = start;
  for (const row of rows) {
    if (row.position !== size) {
      found.push({ subject: `leaf ${size}`, detail: `is missing: the next one is ${row.position}` });
      break;
    }
    for (const node of edge.append(size, hashLeaf(new Uint8Array(row.leaf)))) {
      const level = levels.get(node.level);
      if (level) level.push(node);
      else levels.set(node.level, [node]);
    }
    size += 1;
    const signed = rootAt.get(size);
    const root = signed === undefined ? undefined : hashToHex(edge.root(size));
    if (root !== signed)
      found.push({ subject: `head ${size}`, detail: `was signed as ${signed}, and the leaves give ${root}` });
  }
  for (const nodes of levels.values()) found.push(...compareLevel(tx, nodes));
  return { rows: rows.slice(0, size - start), end: size, found };
}

/** Neighbouring subtrees of one level, as they should be. */
function compareLevel(tx: Tx, nodes: readonly NodeHash[]): LogDiscrepancy[] {
  const [first] = nodes;
  if (first === undefined) return [];
  const { level, index } = first;
  const kept = records.selectPlacedNodes(tx, level, index, index + nodes.length);
  return nodes.flatMap((node) => {
    const hash = kept.get(node.index);
    if (hash !== undefined && sameHash(hash, node.hash)) return [];
    const subject = level === 0 ? `leaf ${node.index}` : `subtree ${node.index} of level ${level}`;
    return [{ subject, detail: "has another hash in the tree than its leaves give" }];
  });
}
