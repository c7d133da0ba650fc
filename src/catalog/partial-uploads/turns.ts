/**
 * One at a time of what reads or writes a file that comes in parts. Whoever asks next tells the one before to end: a connection that
 * is dead, and that nobody has noticed yet, must not keep its sender from going on over another one.
 */
import type { Db } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { UploadId } from "../../ids.ts";
import { say } from "../../say.ts";

type Turn = { readonly yields: AbortController; readonly ended: Promise<void> };

const turns = new WeakMap<Db, Map<UploadId, Turn>>();
/** A disk that takes longer than this to write one piece is of no use to the next one either. */
const PATIENCE_MS = 20_000;

/**
 * @param work Is told by the signal that another one waits; it then ends soon, with what it has.
 * @throws Problem `upload.in_use`, and what `work` throws
 */
export async function inUploadTurn<T>(
  db: Db,
  id: UploadId,
  work: (others: AbortSignal) => Promise<T>,
  patienceMs: number = PATIENCE_MS,
): Promise<T> {
  const of = turns.get(db) ?? new Map<UploadId, Turn>();
  turns.set(db, of);
  const deadline = AbortSignal.timeout(patienceMs);
  for (let before = of.get(id); before !== undefined; before = of.get(id)) {
    before.yields.abort();
    await Promise.race([before.ended, aborted(deadline)]);
    if (deadline.aborted) throw inUse();
  }
  const yields = new AbortController();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  of.set(id, { yields, ended });
  try {
    return await work(yields.signal);
  } finally {
    of.delete(id);
    end();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

function inUse(): Problem {
  return new Problem(
    "locked",
    "upload.in_use",
    say`Another request is at work on this upload: wait a moment, ask how much was received, and go on.`,
  );
}
