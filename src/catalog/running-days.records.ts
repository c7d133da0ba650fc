/** The SQL of the days on which the store was seen running. */
import { and, count, desc, gt, lt } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { runningDays } from "../db/schema.ts";

export function insertRunningDay(tx: Tx, day: number): void {
  tx.insert(runningDays).values({ day }).onConflictDoNothing().run();
}

/** Those after one day and before another, neither of the two. */
export function countDaysBetween(tx: Tx, after: number, before: number): number {
  const within = and(gt(runningDays.day, after), lt(runningDays.day, before));
  return tx.select({ days: count() }).from(runningDays).where(within).get()?.days ?? 0;
}

/** Keeps the newest. */
export function forgetDaysBeyond(tx: Tx, most: number): void {
  const [oldest] = tx
    .select({ day: runningDays.day })
    .from(runningDays)
    .orderBy(desc(runningDays.day))
    .limit(1)
    .offset(most - 1)
    .all();
  if (oldest !== undefined) tx.delete(runningDays).where(lt(runningDays.day, oldest.day)).run();
}
