/**
 * A process that deletes a published app in a data folder, takes that back, or removes what is left of it once the time is over, and
 * ends itself by SIGKILL right after the N-th step that survives a kill. Run by app-deletion.test.ts: `bun app-deletion-child.ts DIR
 * ACT N`, N = 0 for not at all; ACT is `ask`, `keep`, `remove`, or `look`, which only does what was left to do.
 *
 * Its last line is what it found at the end: in the tables, in the catalogues, on the landing page and on a new device.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import { readApp } from "../../catalog/apps.ts";
import { askToDeleteApp } from "../../catalog/deletion/ask.ts";
import { keepApp } from "../../catalog/deletion/keep.ts";
import { removeDue } from "../../catalog/deletion/remove.ts";
import { packageKey, releaseKey } from "../../catalog/release-keys.ts";
import { sweepBlobs } from "../../catalog/sweep.ts";
import { indexPath } from "../../catalog/tuf/app-index.ts";
import { findTargetBody } from "../../catalog/tuf/records.ts";
import { NOBODY } from "../../catalog/visibility/audiences.ts";
import { newestApps } from "../../catalog/visibility/visible.ts";
import { isWithheld } from "../../catalog/withheld.records.ts";
import { install } from "../../device/installer.ts";
import { isProblem } from "../../errors.ts";
import { type Audience, EVERYBODY } from "../../ids.ts";
import { testClock } from "../store.ts";
import { onNewDevice, openCounting, settledOf } from "./child-store.ts";
import type { AppDeletionOutcome, PreparedAppDeletion } from "./outcome.ts";

const [dataDir = "", act = "look", killAt = "0"] = process.argv.slice(2);
const prepared = JSON.parse(readFileSync(join(dataDir, "prepared.json"), "utf8")) as PreparedAppDeletion;
const { appId, releasedSha256 } = prepared;
const clock = testClock(new Date(prepared.now));
let isActing = false;
const { store, scheduler, close, steps } = await openCounting(
  { dataDir, clock, mayCreate: false },
  Number(killAt),
  (step) => (isActing ? step : null),
);
// Before the job that waits for its time: a month has more to be done, and this is about that alone.
if (act !== "remove") await scheduler.drain();
isActing = true;
if (act === "remove") await removeDue(store);
const confirm = appId;
if (act === "ask") await askToDeleteApp(store, OPERATOR, appId, { confirm, reason: "Nobody needs it." });
if (act === "keep") await keepApp(store, OPERATOR, appId);
if (act !== "remove") await scheduler.drain();
isActing = false;
await scheduler.drain();

const key = packageKey(releasedSha256);
const outcome: Omit<AppDeletionOutcome, "isKept" | "discrepancies"> = {
  steps,
  standing: standing(),
  everybody: isListed(EVERYBODY),
  nobody: isListed(NOBODY),
  onFront: newestApps(store, ANONYMOUS, 10).length,
  versions: count("versions"),
  removed: count("removed_versions"),
  audited: store.db.raw
    .query<{ action: string }, []>(
      "SELECT action FROM audit_entries WHERE action LIKE 'app.%' ORDER BY position",
    )
    .all()
    .map(({ action }) => action),
  isServed: (await store.blobs.head(key)) !== null && !isWithheld(store.db.orm, key),
  onDevice: await installed(),
  // What waits for the end of the time is not unfinished.
  unfinishedJobs: (await settledOf(store)).unfinishedJobs.filter((job) => job !== "app.remove queued null"),
};
const atOnce = await settledOf(store, "blob_without_row");
clock.advance(25 * 3_600_000);
await sweepBlobs(store);
const isKept = (await store.blobs.head(releaseKey(releasedSha256))) !== null;
const later = await settledOf(store);
const discrepancies = [...atOnce.discrepancies, ...later.discrepancies];
await close(1000);
console.log(JSON.stringify({ ...outcome, discrepancies, isKept } satisfies AppDeletionOutcome));

function standing(): AppDeletionOutcome["standing"] {
  try {
    return readApp(store, OPERATOR, appId).deletionAt === null ? "shown" : "resting";
  } catch (error) {
    if (!isProblem(error)) throw error;
    return "gone";
  }
}

function isListed(audience: Audience): boolean {
  return findTargetBody(store.db.orm, indexPath(appId), audience) !== null;
}

function count(table: "versions" | "removed_versions"): number {
  return store.db.raw.query<unknown, []>(`SELECT 1 FROM ${table}`).all().length;
}

/** What a device that is set up now says to the app. */
async function installed(): Promise<string> {
  try {
    return (await onNewDevice(store, clock, (device) => install(device, appId))).action;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return error.code;
  }
}
