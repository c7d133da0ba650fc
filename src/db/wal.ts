/**
 * The database's write-ahead log, which keeps the pages that were overwritten until it is emptied. That fails while another
 * process reads, and on a disk without room: what was written is committed by then, so that it is no failure of the act.
 */
import { describeError, diskProblem, isProblem } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Db } from "./database.ts";

/** Why the log of a database could not be emptied when it was tried last. */
const full = new WeakMap<Db, string>();

/** Brings everything into the database's file and empties the log beside it. False when it has to be tried again. */
export function emptyLog(db: Db): boolean {
  const reason = tryToEmpty(db);
  if (reason === null) full.delete(db);
  else full.set(db, reason);
  return reason === null;
}

function tryToEmpty(db: Db): string | null {
  try {
    const row = db.raw.query<{ busy: number }, []>("PRAGMA wal_checkpoint(TRUNCATE)").get();
    return row?.busy === 0 ? null : "another process reads the database";
  } catch (error) {
    if (!isProblem(diskProblem(error))) throw error;
    return describeError(error);
  }
}

/** Whether what was overwritten may still be in the log. */
export function isLogLeft(store: { readonly db: Db }): boolean {
  return full.has(store.db);
}

type LogStore = { readonly db: Db; readonly log: Log };

/**
 * After something that must not be found any more was overwritten, and committed. Where the log cannot be emptied now, the job
 * `database.log`, the next such act, and the store's end and start do it.
 */
export function forgetOverwritten(store: LogStore, event: string): void {
  if (emptyLog(store.db)) return;
  store.log.warn(event, {
    reason: full.get(store.db),
    advice: "mosis.db-wal holds what was overwritten until it is emptied, which is tried again",
  });
}

/** Job `database.log`: empties the log where that did not work before. */
export function emptyLeftLog(store: LogStore): void {
  if (!isLogLeft(store)) return;
  if (emptyLog(store.db)) store.log.info("database.log_emptied", {});
  else store.log.warn("database.log_not_emptied", { reason: full.get(store.db) });
}
