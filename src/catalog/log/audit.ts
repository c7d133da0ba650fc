/** Whether the log's tables still hold what was recorded and signed: what `mosis admin reconcile` tells. Reads every leaf once. */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import { hashToHex, type LogHead, parseLogHead } from "../../format/log/head.ts";
import { buildLeaf } from "../../format/log/leaves.ts";
import { appendLeaf, type Hash, hashLeaf, type Node, rootHash, sameHash } from "../../format/log/tree.ts";
import { findTargetBody } from "../tuf/records.ts";
import { LOG_PATH } from "../tuf/roles.ts";
import { mustExtend, subjectOf } from "./record.ts";
import * as records from "./records.ts";

export type LogDiscrepancy = { readonly subject: string; readonly detail: string };

const BATCH = 500;

/**
 * The quick look at a start and for /readyz: a number of hashes that is logarithmic in the log's size. Gives how many leaves
 * there are, and how many the newest head has.
 * @throws Problem `log.damaged`
 */
export function checkLog(store: Pick<Store, "db">): { readonly size: number; readonly headSize: number } {
  const tx = store.db.orm;
  const head = records.findHead(tx);
  const size = records.logSize(tx);
  if (head !== null) mustExtend(head, size, (node) => records.findNode(tx, node));
  return { size, headSize: head?.size ?? 0 };
}

/** Recomputes the whole tree from the leaves, and compares it with the kept hashes, every head, and what is signed. */
export function auditLog(store: Pick<Store, "db">): LogDiscrepancy[] {
  const tx = store.db.orm;
  const found: LogDiscrepancy[] = [];
  const heads = records.selectHeads(tx, 0, Number.MAX_SAFE_INTEGER);
  const rootAt = new Map(heads.map((head) => [head.size, head.rootHash]));
  const tree = openTree(tx, found);
  let size = 0;
  for (;;) {
    const rows = records.selectLeaves(tx, size, BATCH);
    for (const row of rows) {
      if (row.position !== size) {
        found.push({ subject: `leaf ${size}`, detail: `is missing: the next one is ${row.position}` });
        return found;
      }
      found.push(...judgeRow(row));
      tree.append(size, hashLeaf(new Uint8Array(row.leaf)));
      size += 1;
      const signed = rootAt.get(size);
      const root = signed === undefined ? undefined : hashToHex(tree.root(size));
      if (root !== signed)
        found.push({
          subject: `head ${size}`,
          detail: `was signed as ${signed}, and the leaves give ${root}`,
        });
    }
    if (rows.length < BATCH) break;
  }
  const newest = heads.at(-1);
  if (newest !== undefined && newest.size > size)
    found.push({ subject: `leaf ${size}`, detail: `is missing: a head of ${newest.size} leaves was signed` });
  found.push(...judgeSigned(tx, newest));
  return found;
}

/** The right edge of the tree is enough to go on, so that memory does not grow with the log. */
function openTree(tx: Tx, found: LogDiscrepancy[]) {
  const edge = new Map<number, Node & { readonly hash: Hash }>();
  const read = ({ level, index }: Node): Hash => {
    const node = edge.get(level);
    if (node?.index !== index) throw new Error(`the edge has no subtree ${index} of level ${level}`);
    return node.hash;
  };
  return {
    append(size: number, leaf: Hash) {
      for (const node of appendLeaf(size, leaf, read)) {
        edge.set(node.level, node);
        if (isKept(tx, node)) continue;
        const subject = node.level === 0 ? `leaf ${size}` : `subtree ${node.index} of level ${node.level}`;
        found.push({ subject, detail: "has another hash in the tree than its leaves give" });
      }
    },
    root: (size: number) => rootHash(size, read),
  };
}

function isKept(tx: Tx, node: Node & { readonly hash: Hash }): boolean {
  try {
    return sameHash(records.findNode(tx, node), node.hash);
  } catch (error) {
    if (isProblem(error)) return false;
    throw error;
  }
}

/** The entry and salt that the store keeps must give the very leaf, or nobody could be shown what it hides. */
function judgeRow(row: records.LeafRow): LogDiscrepancy[] {
  const subject = `leaf ${row.position}`;
  try {
    const salt = row.salt === null ? null : new Uint8Array(row.salt);
    const same =
      row.type === row.entry.type &&
      row.subject === subjectOf(row.entry) &&
      Buffer.compare(buildLeaf(row.entry, row.recordedAt, salt), row.leaf) === 0;
    return same ? [] : [{ subject, detail: "is not made of the entry and salt beside it" }];
  } catch (error) {
    return [{ subject, detail: `has an entry that is none: ${error instanceof Error ? error.message : ""}` }];
  }
}

/** The head in the catalogue is the newest one that was recorded as signed. */
function judgeSigned(tx: Tx, newest: records.HeadRow | undefined): LogDiscrepancy[] {
  const body = findTargetBody(tx, LOG_PATH);
  let signed: LogHead | null;
  try {
    signed = body === null ? null : parseLogHead(body);
  } catch {
    signed = null;
  }
  if (newest === undefined && signed === null) return [];
  if (signed?.size === newest?.size && signed?.rootHash === newest?.rootHash) return [];
  const words = (head: { size: number; rootHash: string } | null | undefined) =>
    head ? `${head.size} leaves with the root hash ${head.rootHash}` : "none";
  return [
    { subject: LOG_PATH, detail: `says ${words(signed)}, and the newest recorded head is ${words(newest)}` },
  ];
}
