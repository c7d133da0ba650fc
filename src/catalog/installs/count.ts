/**
 * How often devices fetched an app. A download adds one in memory alone; what came together is written once a minute, so no
 * answer waits for it, and a process that is killed loses a minute's. Of who fetched nothing is kept.
 */
import type { Store } from "../../context.ts";
import { type Db, write } from "../../db/database.ts";
import { unwatched } from "../../db/watch.ts";
import type { AppId, Sha256 } from "../../ids.ts";
import { DAY_MS } from "../../time.ts";
import * as records from "./records.ts";

/** What is counted goes into the database as often as this, and when the server stops. */
export const FLUSH_MS = 60_000;
/** Days of an app's counts; what was counted in all stays. */
export const KEPT_DAYS = 400;
/** Different files; more of them within a minute are not counted. */
const MOST_FILES = 10_000;

type Counted = {
  readonly folder: "packages" | "deltas";
  readonly sha256: Sha256;
  readonly day: number;
  times: number;
};

const counts = new WeakMap<Db, Map<string, Counted>>();

/** A release is one of these; all else that devices read is not. */
const RELEASE = /(?:^|\/)(packages|releases|deltas)\/([0-9a-f]{64})\.(?:mosis|mosisd)$/;

/** Whether the file under this key is what a device fetches to have an app. */
export function isRelease(key: string): boolean {
  return RELEASE.test(key);
}

const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS);

/** A device is sent the last byte of a release. Costs a look into a map. Gives what takes it back: it was cut off before. */
export function countFetch({ db, clock }: Pick<Store, "db" | "clock">, key: string): () => void {
  const [, folder, sha256] = RELEASE.exec(key) ?? [];
  if (folder === undefined || sha256 === undefined) return () => {};
  const day = dayOf(clock.now());
  const file = {
    folder: folder === "deltas" ? "deltas" : "packages",
    sha256: sha256 as Sha256,
    day,
  } as const;
  add(db, file, 1);
  return () => add(db, file, -1);
}

function add(db: Db, file: Omit<Counted, "times">, times: 1 | -1): void {
  const waiting = counts.get(db) ?? new Map<string, Counted>();
  counts.set(db, waiting);
  const name = `${file.day} ${file.sha256}`;
  const known = waiting.get(name);
  if (known !== undefined) known.times += times;
  else if (waiting.size < MOST_FILES) waiting.set(name, { ...file, times });
}

/** Writes what was counted since the last time; nothing when nothing was. */
export function flushFetches({ db }: Pick<Store, "db">): void {
  const waiting = counts.get(db);
  if (waiting === undefined || waiting.size === 0) return;
  counts.delete(db);
  unwatched(() =>
    write(db, (tx) => {
      const found = new Map<
        string,
        { readonly id: AppId; readonly day: number; whole: number; updates: number }
      >();
      for (const { folder, sha256, day, times } of waiting.values()) {
        const container = folder === "deltas" ? records.appOfContainer(tx, sha256) : undefined;
        const id = folder === "deltas" ? container?.id : records.appOfPackage(tx, sha256);
        if (id === undefined) continue;
        const sum = found.get(`${day} ${id}`) ?? { id, day, whole: 0, updates: 0 };
        // The compact full form is a package in another coat.
        if (container === undefined || container.base === "") sum.whole += times;
        else sum.updates += times;
        found.set(`${day} ${id}`, sum);
      }
      for (const { id, day, whole, updates } of found.values())
        if (whole !== 0 || updates !== 0) records.addFetches(tx, id, day, { whole, updates });
    }),
  );
}

/** Each night. */
export function forgetOldFetches({ db, clock }: Pick<Store, "db" | "clock">): void {
  write(db, (tx) => records.forgetDaysBefore(tx, dayOf(clock.now()) - KEPT_DAYS));
}
