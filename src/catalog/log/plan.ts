/**
 * The log within one revision of the catalogue: which leaves the revision adds, and the head that is signed with it, both
 * known before anything is written.
 */
import type { Tx } from "../../db/database.ts";
import type { LogEntry } from "../../format/log/entries.ts";
import { buildLogHead, hashToHex } from "../../format/log/head.ts";
import { appendLeaf, type Hash, hashLeaf, type NodeReader, rootHash } from "../../format/log/tree.ts";
import type { Sha256 } from "../../ids.ts";
import type { Vault } from "../../keys/vault.ts";
import { formatTime } from "../../signing/times.ts";
import { mustBeOurs } from "./hold.ts";
import { append, type DraftLeaf, type LogReference, makeLeaf } from "./record.ts";
import * as records from "./records.ts";

/** What whoever plans a revision is given. */
export type LogPlan = {
  /**
   * Plans a leaf that is written with the revision. It hides nothing where the revision itself tells what it is about,
   * and names and identities where that is not public.
   */
  append(entry: LogEntry, at: Date, options?: { readonly isPublic: boolean }): LogReference;
};

/** What a revision is to write. */
export type PlannedLog = {
  /** How many leaves there were; with any other number the plan does not hold any more. */
  readonly from: number;
  readonly drafts: readonly DraftLeaf[];
  /** The head to sign; null when the newest signed one says the same. */
  readonly head: { readonly size: number; readonly rootHash: Sha256 } | null;
};

/**
 * Gives the plan to `work`, and what follows from it.
 * @throws Problem `log.damaged` when the log is not an extension of the head that was signed last, or the last whole computation found it damaged
 */
export function planLog<T>(
  tx: Tx,
  vault: Vault,
  work: (log: LogPlan) => T,
): { planned: PlannedLog; result: T } {
  const { size: from, headSize } = mustBeOurs(tx, vault);
  const read: NodeReader = (node) => records.findNode(tx, node);
  const { plan, outcome } = openPlan(from, read);
  const result = work(plan);
  const planned = outcome();
  return { result, planned: planned.head?.size === headSize ? { ...planned, head: null } : planned };
}

/** A plan on an empty log, before there is a database. */
export function planFirstLog(entries: readonly LogEntry[], now: Date): PlannedLog {
  const { plan, outcome } = openPlan(0, () => {
    throw new Error("an empty log has no hashes");
  });
  for (const entry of entries) plan.append(entry, now);
  return outcome();
}

function openPlan(from: number, read: NodeReader) {
  const drafts: DraftLeaf[] = [];
  const added = new Map<string, Hash>();
  const key = (level: number, index: number) => `${level} ${index}`;
  const readBoth: NodeReader = (node) => added.get(key(node.level, node.index)) ?? read(node);
  const plan: LogPlan = {
    append(entry, at, options = { isPublic: true }) {
      const draft = makeLeaf(entry, at, options.isPublic);
      const position = from + drafts.length;
      for (const { level, index, hash } of appendLeaf(position, hashLeaf(draft.bytes), readBoth))
        added.set(key(level, index), hash);
      drafts.push(draft);
      return { position, salt: draft.salt };
    },
  };
  const outcome = (): PlannedLog => {
    const size = from + drafts.length;
    return { from, drafts, head: { size, rootHash: hashToHex(rootHash(size, readBoth)) } };
  };
  return { plan, outcome };
}

/** `trust/log.json` of a planned head. */
export function headFile(head: { readonly size: number; readonly rootHash: Sha256 }, now: Date): Uint8Array {
  return buildLogHead({ ...head, time: formatTime(now) });
}

/** Writes what was planned, in the transaction of the revision. */
export function writePlannedLog(tx: Tx, vault: Vault, { drafts, head }: PlannedLog, now: Date): void {
  for (const draft of drafts) append(tx, vault, draft);
  if (head !== null) records.insertHead(tx, { ...head, signedAt: now });
}
