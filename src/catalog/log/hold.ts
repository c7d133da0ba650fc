/**
 * Whether what a head rests on is still what was signed: asked before every signature, every export of tiles, at a start
 * and for /readyz. It reads the leaves and hashes of the tiles that are not full yet, and of what has come since the
 * last export: everything that a new head and its tiles are made from, however large the log is.
 */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { isProblem, Problem } from "../../errors.ts";
import { hashToHex } from "../../format/log/head.ts";
import { foldHashes, TILE_HEIGHT, TILE_WIDTH } from "../../format/log/tiles.ts";
import { type Node, type NodeHash, nodesOf, sameHash } from "../../format/log/tree.ts";
import type { Vault } from "../../keys/vault.ts";
import * as records from "./records.ts";
import { findForged, forgedWords } from "./seal.ts";
import { differsFromSigned } from "./signed.ts";
import { judgeStretch, openEdge } from "./stretch.ts";

export type LogExtent = {
  /** How many leaves there are. */
  readonly size: number;
  /** How many the newest head has. */
  readonly headSize: number;
};

/** @throws Problem `log.damaged` */
export function checkLog({ db, vault }: Pick<Store, "db" | "vault">): LogExtent {
  return mustBeOurs(db.orm, vault);
}

/** The same, and that the store itself wrote what the next head is signed over. @throws Problem `log.damaged` */
export function mustBeOurs(tx: Tx, vault: Vault): LogExtent {
  const extent = mustHold(tx);
  const forged = findForged(tx, vault);
  if (forged === null) return extent;
  const { subject, detail } = forgedWords(forged);
  throw damaged(`${subject} ${detail}`);
}

/**
 * Whether the tables are the newest that there are, as far as the log tells. Files without a row may belong to a newer
 * database while they are not: nothing of them is removed then.
 */
export function isWhole(store: Pick<Store, "db">): boolean {
  try {
    mustHold(store.db.orm);
    return true;
  } catch (error) {
    if (isProblem(error) && error.code === "log.damaged") return false;
    throw error;
  }
}

/** @throws Problem `log.damaged`, also when the last whole computation found a difference */
export function mustHold(tx: Tx): LogExtent {
  const damage = records.findCheck(tx)?.damage ?? null;
  if (damage !== null) throw damaged(damage);
  const head = records.findHead(tx);
  const size = records.logSize(tx);
  const headSize = head?.size ?? 0;
  if (size < headSize) throw damaged(`it has ${size} leaves, and a head of ${headSize} was signed`);
  const other = differsFromSigned(tx, head);
  if (other !== null) throw damaged(`${other.subject} ${other.detail}`);

  const start = Math.floor(Math.min(headSize, records.exportedSize(tx)) / TILE_WIDTH) * TILE_WIDTH;
  const edge = openEdge(nodesOf({ start: 0, end: start }).map((node) => mustFold(tx, node)));
  // Within a stretch the roots of heads are compared; one that ends where the first begins is not.
  if (head !== null && headSize === start && start > 0) {
    const root = hashToHex(edge.root(start));
    if (root !== head.rootHash)
      throw damaged(`its first ${start} leaves have the root hash ${root}, and ${head.rootHash} was signed`);
  }
  for (let at = start; at < size; ) {
    const { end, found } = judgeStretch(tx, edge, at);
    const [first] = found;
    if (first !== undefined) throw damaged(`${first.subject} ${first.detail}`);
    if (end === at) throw damaged(`leaf ${at} is missing`);
    at = end;
  }
  return { size, headSize };
}

/** The hash of a complete subtree, which must follow from those below it that stand in the tile. */
function mustFold(tx: Tx, node: Node): NodeHash {
  const hash = records.findNode(tx, node);
  const above = node.level % TILE_HEIGHT;
  if (above === 0) return { ...node, hash };
  const width = 2 ** above;
  const first = node.index * width;
  const below = records.selectNodes(tx, node.level - above, first, first + width);
  if (below.length !== width || !sameHash(foldHashes(below), hash))
    throw damaged(`subtree ${node.index} of level ${node.level} is not what those below it give`);
  return { ...node, hash };
}

export function damaged(what: string): Problem {
  return new Problem(
    "unavailable",
    "log.damaged",
    `The store's log is not the one that was signed: ${what}. Nothing more is published until it is restored from a backup.`,
  );
}
