/**
 * A process that changes who may see an app in a data folder, and ends itself by SIGKILL right after the N-th step that
 * survives a kill. Run by visibility.test.ts: `bun visibility-child.ts DIR ACT N`, N = 0 for not at all; ACT `close` shows
 * it to a group alone, `open` to everybody, `look` only does what was left to do.
 *
 * Its last line is what it found at the end: in the tables, in both catalogues, in what another app says of it, on the landing
 * page, on a device that is in no group, and where everybody may download its package.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import { packageKey } from "../../catalog/release-keys.ts";
import { sweepBlobs } from "../../catalog/sweep.ts";
import { indexPath, shardOf, shardPath } from "../../catalog/tuf/app-index.ts";
import { noticesPath, parseNotices } from "../../catalog/tuf/app-notices.ts";
import { parseAppIndex, parseShard } from "../../catalog/tuf/documents.ts";
import { findTargetBody } from "../../catalog/tuf/records.ts";
import { audienceOf, type VisibilityInput } from "../../catalog/visibility/audiences.ts";
import { changeVisibility, previewVisibility, readVisibility } from "../../catalog/visibility/change.ts";
import { isKeptBack } from "../../catalog/visibility/hidden-names.ts";
import { newestApps } from "../../catalog/visibility/visible.ts";
import { install } from "../../device/installer.ts";
import { isProblem } from "../../errors.ts";
import { type Audience, EVERYBODY } from "../../ids.ts";
import { testClock } from "../store.ts";
import { onNewDevice, openCounting, settledOf } from "./child-store.ts";
import type { PreparedVisibility, VisibilityOutcome } from "./outcome.ts";

const [dataDir = "", act = "look", killAt = "0"] = process.argv.slice(2);
const prepared = JSON.parse(readFileSync(join(dataDir, "prepared.json"), "utf8")) as PreparedVisibility;
const { appId, pointing, group, releasedSha256 } = prepared;
const clock = testClock(new Date(prepared.now));
const releasedKey = packageKey(releasedSha256);
let isActing = false;
const { store, scheduler, close, steps } = await openCounting(
  { dataDir, clock, mayCreate: false },
  Number(killAt),
  (step) => (isActing ? step : null),
);
const named = [...(await namedToEverybody())];
await scheduler.drain();
named.push(...(await namedToEverybody()));

isActing = true;
if (act === "close") await show({ visibility: "groups", groups: [group] });
if (act === "open") await show({ visibility: "everyone" });
await scheduler.drain();
isActing = false;

const outcome: Omit<VisibilityOutcome, "isPackagePublic" | "discrepancies"> = {
  steps,
  visibility: readVisibility(store, OPERATOR, appId).visibility,
  everybody: offered(EVERYBODY),
  group: offered(audienceOf(group)),
  instead: instead(),
  named,
  onFront: newestApps(store, ANONYMOUS, 10).length,
  audited: store.db.raw
    .query<unknown, []>("SELECT 1 FROM audit_entries WHERE action = 'app.visibility_changed'")
    .all().length,
  isServed: (await store.blobs.head(releasedKey)) !== null && !(await isKeptBack(store, releasedKey)),
  onDevice: await installed(),
  unfinishedJobs: (await settledOf(store)).unfinishedJobs,
};
// Files are copied before anything says that they are: of an act that a kill ended there, they stay for a day.
const atOnce = await settledOf(store, "blob_without_row");
// For a day whoever was about to download it may go on. Files have the machine's time.
clock.advance(25 * 3_600_000);
await sweepBlobs(store);
const isPackagePublic = (await store.blobs.head(releasedKey)) !== null;
const later = await settledOf(store);
const discrepancies = [...atOnce.discrepancies, ...later.discrepancies];
await close(1000);
console.log(JSON.stringify({ ...outcome, discrepancies, isPackagePublic } satisfies VisibilityOutcome));

async function show(input: VisibilityInput): Promise<void> {
  const { scope } = previewVisibility(store, OPERATOR, appId, input);
  await changeVisibility(store, OPERATOR, appId, input, scope);
}

function offered(audience: Audience): string {
  const body = (path: string) => findTargetBody(store.db.orm, path, audience);
  const [index, shard] = [body(indexPath(appId)), body(shardPath(shardOf(appId)))];
  const releases = index === null ? 0 : parseAppIndex(new Uint8Array(index)).channels.get("stable")?.length;
  const entries = shard === null ? [] : parseShard(new Uint8Array(shard), shardOf(appId));
  return `${releases} releases, ${entries.filter((entry) => entry.appId === appId).length} entries`;
}

function instead(): string | null {
  const body = findTargetBody(store.db.orm, noticesPath(pointing));
  return body === null ? "no notices" : (parseNotices(new Uint8Array(body)).deprecated?.instead ?? null);
}

/** Of an app that not everybody may see: what of the other one's notices is served all the same. */
async function namedToEverybody(): Promise<string[]> {
  if (readVisibility(store, OPERATOR, appId).visibility === "everyone") return [];
  const files = (await Array.fromAsync(store.blobs.list(`store/v1/targets/apps/${pointing}/`)))
    .map(({ key }) => key)
    .filter((key) => key.endsWith(".notices.json"));
  if (files.length === 0) throw new Error("there are no notices");
  const found: string[] = [];
  for (const key of files)
    if (!(await isKeptBack(store, key)) && Buffer.from(await store.blobs.bytes(key)).includes(appId))
      found.push(key);
  return found;
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
