/**
 * Whether the log's tables still hold what was recorded and signed, all of it: at every start, once a day and for
 * `mosis admin reconcile`. It reads every leaf once, in steps between which requests are answered.
 */
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { enqueue } from "../../jobs/queue.ts";
import { judgeRow } from "./judge.ts";
import * as records from "./records.ts";
import { findForged, forgedWords } from "./seal.ts";
import { behindFiles, differsFromSigned } from "./signed.ts";
import { judgeStretch, type LogDiscrepancy, openEdge } from "./stretch.ts";

/** The job that computes the whole log again. */
export const CHECK_LOG_JOB = "catalog.check-log";

/** One difference is enough to stop; more help whoever looks for what happened. */
const MOST_FOUND = 100;
/** A step takes a few milliseconds. */
const PAUSE_MS = 5;

type AuditStore = Pick<Store, "db" | "blobs" | "vault" | "clock" | "log">;

/** At a start, which does not wait for it. */
export function enqueueLogCheck(store: AuditStore): void {
  write(store.db, (tx) => void enqueue(tx, { kind: CHECK_LOG_JOB, key: "log" }, store.clock.now()));
}

/**
 * Job `catalog.check-log`: computes the whole tree again, and keeps what came of it. After a difference nothing more is
 * signed, until another whole computation finds none. When it is cut off, the next start begins again.
 */
export async function checkWholeLog(
  store: AuditStore,
  signal?: AbortSignal,
  /** Whoever asked for it adds to the transaction that keeps what was found. */
  also?: (tx: Tx, found: readonly LogDiscrepancy[]) => void,
): Promise<readonly LogDiscrepancy[]> {
  const steps = auditSteps(store.db.orm);
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    await Bun.sleep(PAUSE_MS);
    if (signal?.aborted) return [];
  }
  const behind = await behindFiles(store);
  const forged = findForged(store.db.orm, store.vault);
  const found = [
    ...(behind === null ? [] : [behind]),
    ...step.value,
    ...(forged === null ? [] : [forgedWords(forged)]),
  ];
  keep(store, found, also);
  return found;
}

/**
 * At a start, before anything is written where devices read: an older database beside newer files signs and exports
 * nothing. Gives whether it is one.
 */
export async function holdIfBehind(store: AuditStore): Promise<boolean> {
  const behind = await behindFiles(store);
  if (behind !== null) keep(store, [behind]);
  return behind !== null;
}

function keep(
  store: AuditStore,
  found: readonly LogDiscrepancy[],
  also?: (tx: Tx, found: readonly LogDiscrepancy[]) => void,
): void {
  const damage = inWords(found);
  write(store.db, (tx) => {
    records.replaceCheck(tx, { checkedAt: store.clock.now(), size: records.logSize(tx), damage });
    also?.(tx, found);
  });
  if (damage !== null) store.log.error("log.damaged", { detail: damage });
}

function inWords([first, ...others]: readonly LogDiscrepancy[]): string | null {
  if (first === undefined) return null;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `${first.subject} ${first.detail}${more}`;
}

/** The same in one breath, for stores that nothing else is asked of. */
export function auditLog(store: Pick<Store, "db">): LogDiscrepancy[] {
  const steps = auditSteps(store.db.orm);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** Recomputes the tree from the leaves, and compares it with the kept hashes, every head, and what is signed. */
function* auditSteps(tx: Tx): Generator<void, LogDiscrepancy[]> {
  const found: LogDiscrepancy[] = [];
  const edge = openEdge([]);
  let size = 0;
  for (;;) {
    const stretch = judgeStretch(tx, edge, size);
    found.push(...stretch.found, ...stretch.rows.flatMap(judgeRow));
    if (found.length >= MOST_FOUND) return found.slice(0, MOST_FOUND);
    const isAtEnd = stretch.end === size;
    size = stretch.end;
    // What the leaves are missing from is told: beyond that there is nothing to go on from.
    if (isAtEnd) break;
    yield;
  }
  const newest = records.findHead(tx);
  if (newest !== null && newest.size > size)
    found.push({ subject: `leaf ${size}`, detail: `is missing: a head of ${newest.size} leaves was signed` });
  const other = differsFromSigned(tx, newest);
  return other === null ? found : [...found, other];
}
