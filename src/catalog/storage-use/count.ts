/**
 * What takes how much room: counted by a job once a day, after the sweep, and when somebody asks for it, and kept. No page looks at the files, of which there are as
 * many as versions and more.
 */

import { type Actor, auditAuthor } from "../../accounts/actor.ts";
import { authorise } from "../../accounts/rights.ts";
import type { AuditChange } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { enqueueAfresh, isUnderWay, type JobPayload } from "../../jobs/queue.ts";
import { DAY_MS, HOUR_MS } from "../../time.ts";
import * as records from "./records.ts";

export const COUNT_STORAGE_JOB = "storage.count";
/** Ten apps take about 13 ms, for which a request waits. */
const APPS_AT_ONCE = 10;
const FILES_AT_ONCE = 100;
/** What failed so often is counted at its daily turn. */
const ATTEMPTS = 3;

/** Where the files of each kind lie. What everybody downloads has a second name below store/v1/, which takes no room of its own. */
const FOLDERS = {
  uploads: "uploads/",
  releases: "releases/",
  deltas: "deltas/",
  pictures: "pictures/",
  shown: "shown/",
  catalogue: "store/",
} as const;
const SECOND_NAME = /^store\/v1\/(?:packages|deltas|pictures)\//;

export const STORAGE_KINDS = [
  "uploads",
  "releases",
  "deltas",
  "pictures",
  "shown",
  "catalogue",
  "partial",
] as const;
export type StorageKind = (typeof STORAGE_KINDS)[number];

/** The job of whoever asked for it, which counts whenever it was counted last. */
const ASKED = { kind: COUNT_STORAGE_JOB, key: "asked", payload: { asked: true } } as const;

/** By a job: at once where somebody asked for it. @param asked What the job was given */
export async function runCount(store: Store, asked: JobPayload, signal?: AbortSignal): Promise<void> {
  await (asked["asked"] === true ? countStorage(store, signal) : countDaily(store, signal));
}

/** Whether somebody has asked for it, and it is not done. */
export function isCounting({ db }: Pick<Store, "db">): boolean {
  return isUnderWay(db.orm, ASKED);
}

/**
 * Counts the files anew, by a job. While one that was asked for waits or runs, asking again changes nothing.
 * @throws Problem `rights.forbidden`
 */
export function askForCount(store: Store, actor: Actor): void {
  authorise(actor, "storage.count");
  const now = store.clock.now();
  write(store.db, (tx) => {
    if (isUnderWay(tx, ASKED)) return;
    enqueueAfresh(tx, { ...ASKED, maxAttempts: ATTEMPTS }, now);
    const countedAt = records.findCountedAt(tx);
    const change: AuditChange = {
      action: "store.count_asked",
      subject: { type: "store", id: "storage" },
      before: { countedAt: countedAt?.toISOString() ?? null },
      after: { asked: true },
    };
    recordChange(tx, auditAuthor(actor), change, now);
  });
  store.wakeJobs();
}

/** By a job, each hour: once a day, and at first as soon as there is something to count. */
export async function countDaily(store: Store, signal?: AbortSignal): Promise<void> {
  const countedAt = records.findCountedAt(store.db.orm);
  const now = store.clock.now().getTime();
  // A day less what the hour's turn may come earlier than yesterday's ended.
  if (countedAt !== null && Math.abs(now - countedAt.getTime()) < DAY_MS - HOUR_MS / 2) return;
  await countStorage(store, signal);
}

/** Cut off, it leaves what it had counted of apps, and the kinds as they were. */
export async function countStorage(store: Store, signal?: AbortSignal): Promise<void> {
  for (let after: string | undefined = ""; after !== undefined; ) {
    signal?.throwIfAborted();
    const ids = records.selectAppIds(store.db.orm, after, APPS_AT_ONCE);
    write(store.db, (tx) => {
      for (const id of ids) records.saveApp(tx, records.sumApp(tx, id));
    });
    after = ids.at(-1);
    // Requests come first: between two batches they have their turn.
    await Bun.sleep(0);
  }
  const kinds: records.KindRow[] = [];
  for (const [kind, folder] of Object.entries(FOLDERS))
    kinds.push(await countFolder(store, kind, folder, signal));
  kinds.push(await countPartial(store));
  write(store.db, (tx) => {
    records.forgetRemovedApps(tx);
    records.replaceKinds(tx, kinds, store.clock.now());
  });
}

async function countFolder(
  store: Store,
  kind: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<records.KindRow> {
  let files = 0;
  let sizeBytes = 0;
  for await (const blob of store.blobs.list(folder)) {
    if (SECOND_NAME.test(blob.key)) continue;
    files += 1;
    sizeBytes += blob.sizeBytes;
    if (files % FILES_AT_ONCE === 0) signal?.throwIfAborted();
  }
  return { kind, files, sizeBytes };
}

async function countPartial({ blobs }: Store): Promise<records.KindRow> {
  let files = 0;
  let sizeBytes = 0;
  for (const { id } of await blobs.partial.list()) {
    files += 1;
    sizeBytes += (await blobs.partial.size(id)) ?? 0;
  }
  return { kind: "partial", files, sizeBytes };
}
