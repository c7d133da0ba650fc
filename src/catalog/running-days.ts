/**
 * A waiting time is there so that people can object in it. A clock that is set ahead ends it at once, and while the store is
 * off nobody can object: so it also needs as many days on which the store was seen running.
 */
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { DAY_MS } from "../time.ts";
import * as records from "./running-days.records.ts";

export const RUNNING_DAY_JOB = "store.running";

/** More than any waiting time, also where days are missing in between. */
const KEPT_DAYS = 400;

const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS);

/** By a job, each hour: that the store runs today. */
export function noteRunning(store: Pick<Store, "db" | "clock">): void {
  const today = dayOf(store.clock.now());
  write(store.db, (tx) => {
    records.insertRunningDay(tx, today);
    records.forgetDaysBeyond(tx, KEPT_DAYS);
  });
}

export type Waiting = { readonly requestedAt: Date; readonly waitingUntil: Date };

/**
 * On how many more days the store has to be seen running before something has waited; the day on which it was asked for is
 * not one of them, and today is. Days that are still to come by the clock, since it was ahead once, are none.
 */
export function daysMissing(tx: Tx, { requestedAt, waitingUntil }: Waiting, now: Date): number {
  const needed = Math.round((waitingUntil.getTime() - requestedAt.getTime()) / DAY_MS);
  const [first, today] = [dayOf(requestedAt), dayOf(now)];
  const seen = today > first ? records.countDaysBetween(tx, first, today) + 1 : 0;
  return Math.max(0, needed - seen);
}
