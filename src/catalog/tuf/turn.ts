/**
 * One after the other: what writes the served copy of the catalogue must not overlap, or an older export could put its
 * timestamp over a newer one. One process holds the data folder, so a queue in memory is enough.
 */
import type { Db } from "../../db/database.ts";

const last = new WeakMap<Db, Promise<unknown>>();

export function inTurn<T>(db: Db, work: () => Promise<T>): Promise<T> {
  const before = last.get(db) ?? Promise.resolve();
  const run = before.then(work, work);
  last.set(
    db,
    run.catch(() => {}),
  );
  return run;
}
