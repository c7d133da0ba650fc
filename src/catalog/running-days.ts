/**
 * A waiting time is there so that people can object in it. A clock that is set ahead ends it at once, and while the store is
 * off nobody can object: so it also needs as many days on which the store was seen running. Each is sealed under the master key:
 * whoever writes into the database beside the store adds none.
 */
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { isForeign } from "../keys/foreign-vault.ts";
import { openFacts, resealFacts, resealRows, sealFacts } from "../keys/sealed-facts.ts";
import type { Vault } from "../keys/vault.ts";
import { DAY_MS } from "../time.ts";
import * as records from "./running-days.records.ts";

export const RUNNING_DAY_JOB = "store.running";

/** More than any waiting time, also where days are missing in between. */
const KEPT_DAYS = 400;

const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS);

const sealName = (day: number): string => `running day ${day}`;

const sealDay = (vault: Vault, day: number): Buffer => sealFacts(vault, sealName(day), {});

const wasSeen = (vault: Vault, { day, sealed }: records.RunningDay): boolean =>
  openFacts(vault, sealName(day), sealed) !== null;

/** By a job, each hour: that the store runs today. */
export function noteRunning({ db, clock, vault }: Pick<Store, "db" | "clock" | "vault">): void {
  const today = dayOf(clock.now());
  const noted = records.findRunningDay(db.orm, today);
  if ((noted !== undefined && wasSeen(vault, noted)) || isForeign(vault)) return;
  write(db, (tx) => {
    records.saveRunningDay(tx, today, sealDay(vault, today));
    records.forgetDaysBeyond(tx, KEPT_DAYS);
  });
}

/** In the transaction of the migration that brings the seals. */
export function sealOldDays(tx: Tx, vault: () => Vault): void {
  for (const { day } of records.allRunningDays(tx)) records.saveRunningDay(tx, day, sealDay(vault(), day));
}

/** Under another master key. Gives how many there are. */
export function resealDays(tx: Tx, from: Vault, to: Vault): number {
  return resealRows(
    records.allRunningDays(tx),
    ({ day, sealed }) => resealFacts(from, to, sealName(day), sealed),
    ({ day }, next) => records.saveRunningDay(tx, day, next),
  );
}

export type Waiting = { readonly requestedAt: Date; readonly waitingUntil: Date };

/**
 * On how many more days the store has to be seen running before something has waited; the day on which it was asked for is
 * not one of them, and today is. Days that are still to come by the clock, since it was ahead once, are none.
 */
export function daysMissing(tx: Tx, vault: Vault, { requestedAt, waitingUntil }: Waiting, now: Date): number {
  const needed = Math.round((waitingUntil.getTime() - requestedAt.getTime()) / DAY_MS);
  const [first, today] = [dayOf(requestedAt), dayOf(now)];
  if (today <= first) return needed;
  const between = records.runningDaysBetween(tx, first, today).filter((row) => wasSeen(vault, row));
  return Math.max(0, needed - between.length - 1);
}
