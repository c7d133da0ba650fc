/** The SQL of the days on which the store was seen running. */
import { and, asc, desc, eq, gt, lt } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { runningDays } from "../db/schema.ts";

export type RunningDay = typeof runningDays.$inferSelect;

export function findRunningDay(tx: Tx, day: number): RunningDay | undefined {
  return tx.select().from(runningDays).where(eq(runningDays.day, day)).get();
}

/** In the place of one that is there. */
export function saveRunningDay(tx: Tx, day: number, sealed: Buffer): void {
  const target = runningDays.day;
  tx.insert(runningDays).values({ day, sealed }).onConflictDoUpdate({ target, set: { sealed } }).run();
}

/** Those after one day and before another, neither of the two. */
export function runningDaysBetween(tx: Tx, after: number, before: number): RunningDay[] {
  const within = and(gt(runningDays.day, after), lt(runningDays.day, before));
  return tx.select().from(runningDays).where(within).all();
}

/** All of them, the oldest first: there are never more than a few hundred. */
export function allRunningDays(tx: Tx): RunningDay[] {
  return tx.select().from(runningDays).orderBy(asc(runningDays.day)).all();
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
