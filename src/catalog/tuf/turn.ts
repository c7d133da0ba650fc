/**
 * One after the other. `export`: what writes the served copy of the catalogue must not overlap, or an older export could
 * put its timestamp over a newer one. `act`: acts about what is revoked, of which many may come at once, and each of
 * which signs the one list of them all. `keys`: changes of the store's own keys. One process holds the data folder, so
 * queues in memory are enough.
 */
import type { Db } from "../../db/database.ts";

type Lane = "export" | "act" | "keys";

const LANES: Readonly<Record<Lane, WeakMap<Db, Promise<unknown>>>> = {
  export: new WeakMap(),
  act: new WeakMap(),
  keys: new WeakMap(),
};

export function inTurn<T>(db: Db, work: () => Promise<T>, lane: Lane = "export"): Promise<T> {
  const last = LANES[lane];
  const before = last.get(db) ?? Promise.resolve();
  const run = before.then(work, work);
  last.set(
    db,
    run.catch(() => {}),
  );
  return run;
}
