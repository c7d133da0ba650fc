/**
 * How often devices fetched an app. A download adds one in memory alone; what came together is written once a minute, so no
 * answer waits for it, and a process that is killed loses a minute's. Of who fetched nothing is kept.
 */
import type { Store } from "../../context.ts";
import { type Db, write } from "../../db/database.ts";
import { unwatched } from "../../db/watch.ts";
import type { AppId, Sha256 } from "../../ids.ts";
import { DAY_MS } from "../../time.ts";
import { releaseFileOf } from "../release-keys.ts";
import * as records from "./records.ts";

/** What is counted goes into the database as often as this, and when the server stops. */
export const FLUSH_MS = 60_000;
/** Days of an app's counts; what was counted in all stays. */
export const KEPT_DAYS = 400;
/** Files of one transaction: uploads and reviews wait for no more than these. */
export const FILES_AT_ONCE = 200;
/** Different files; more of them within a minute are not counted. */
export const MOST_FILES = 10_000;

type Counted = {
  readonly folder: "packages" | "deltas";
  readonly sha256: Sha256;
  readonly day: number;
  /** How often its last byte went out. */
  ends: number;
  /** How much of it was sent, in answers that were not cut off. */
  files: number;
};

const counts = new WeakMap<Db, Map<string, Counted>>();

const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS);

/** A part of a file that an answer has. */
export type SentPart = { readonly sizeBytes: number; readonly sentBytes: number; readonly hasEnd: boolean };

/**
 * A device is sent a part of a release; with its last byte it has it. Costs a look into a map. Gives what takes that back: it was
 * cut off before. Whoever asks for the last byte over and over is counted by how much was sent in all.
 */
export function countFetch(
  { db, clock }: Pick<Store, "db" | "clock">,
  key: string,
  { sizeBytes, sentBytes, hasEnd }: SentPart,
): () => void {
  const release = releaseFileOf(key);
  if (release === null) return () => {};
  const file = { ...release, day: dayOf(clock.now()) };
  const sent = { ends: hasEnd ? 1 : 0, files: sizeBytes === 0 ? 0 : sentBytes / sizeBytes };
  // What was not counted takes nothing back.
  if (!add(db, file, sent)) return () => {};
  return () => void add(db, file, { ends: -sent.ends, files: -sent.files });
}

/** Gives whether it counts: there is room for so many files alone. */
function add(
  db: Db,
  file: Omit<Counted, "ends" | "files">,
  { ends, files }: Pick<Counted, "ends" | "files">,
): boolean {
  const waiting = counts.get(db) ?? new Map<string, Counted>();
  counts.set(db, waiting);
  const name = `${file.day} ${file.sha256}`;
  const known = waiting.get(name);
  if (known === undefined) {
    if (waiting.size >= MOST_FILES) return false;
    waiting.set(name, { ...file, ends, files });
    return true;
  }
  known.ends += ends;
  known.files += files;
  return true;
}

/** What was sent before the last minute's end, or in an answer that was cut off, is rounded up to a whole file. */
const timesOf = ({ ends, files }: Counted): number => Math.min(ends, Math.ceil(files));

/**
 * Writes what was counted since the last time, a piece after the other; between two of them others have a turn. A piece is
 * forgotten once it is written, so that what cannot be written now is written with the next minute's, and nothing twice.
 */
export async function flushFetches({ db }: Pick<Store, "db">): Promise<void> {
  const waiting = counts.get(db);
  if (waiting === undefined) return;
  // What is counted meanwhile is the next minute's: one that goes on and on would never end.
  let left = waiting.size;
  while (left > 0 && waiting.size > 0) {
    const piece = [...waiting].slice(0, Math.min(left, FILES_AT_ONCE));
    writePiece(
      db,
      piece.map(([, counted]) => counted),
    );
    for (const [name] of piece) waiting.delete(name);
    left -= piece.length;
    if (left > 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

function writePiece(db: Db, piece: readonly Counted[]): void {
  unwatched(() =>
    write(db, (tx) => {
      const found = new Map<
        string,
        { readonly id: AppId; readonly day: number; whole: number; updates: number }
      >();
      for (const counted of piece) {
        const { folder, sha256, day } = counted;
        const times = timesOf(counted);
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
