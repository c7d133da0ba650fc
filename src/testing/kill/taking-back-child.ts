/**
 * A process that takes something of an app back in a data folder, and ends itself by SIGKILL right after the N-th step that
 * survives a kill. Run by taking-back.test.ts: `bun taking-back-child.ts DIR ACT N`, N = 0 for not at all; ACT `yank`, `unyank`,
 * `unlist` or `deprecate`, `look` only does what was left to do.
 *
 * Its last line is what it found at the end.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { deprecateApp, setListed } from "../../catalog/listing/change.ts";
import { indexPath, shardOf, shardPath } from "../../catalog/tuf/app-index.ts";
import { noticesPath, parseNotices } from "../../catalog/tuf/app-notices.ts";
import { parseAppIndex, parseShard } from "../../catalog/tuf/documents.ts";
import { findTargetBody } from "../../catalog/tuf/records.ts";
import { newestApps } from "../../catalog/visibility/visible.ts";
import { unyankVersion, yankVersion } from "../../catalog/yank/yank.ts";
import { install } from "../../device/installer.ts";
import { isProblem } from "../../errors.ts";
import type { VersionCode } from "../../ids.ts";
import { testClock } from "../store.ts";
import { onNewDevice, openCounting, settledOf } from "./child-store.ts";
import type { PreparedTakingBack, TakingBackOutcome } from "./outcome.ts";

const [dataDir = "", act = "look", killAt = "0"] = process.argv.slice(2);
const prepared = JSON.parse(readFileSync(join(dataDir, "prepared.json"), "utf8")) as PreparedTakingBack;
const { appId, actor } = prepared;
const clock = testClock(new Date(prepared.now));
let isActing = false;
const { store, scheduler, close, steps } = await openCounting(
  { dataDir, clock, mayCreate: false },
  Number(killAt),
  (step) => (isActing ? step : null),
);
await scheduler.drain();

const newest = { appId, version: 2 as VersionCode };
isActing = true;
if (act === "yank") await yankVersion(store, actor, newest, "It loses drafts.");
if (act === "unyank") await unyankVersion(store, actor, newest);
if (act === "unlist") await setListed(store, OPERATOR, appId, false);
if (act === "deprecate") await deprecateApp(store, OPERATOR, appId, { text: "Use the other one." });
await scheduler.drain();
isActing = false;

const outcome: TakingBackOutcome = {
  steps,
  offered: offered(),
  notices: notices(),
  audited: store.db.raw
    .query<{ action: string }, []>("SELECT action FROM audit_entries ORDER BY position")
    .all()
    .map(({ action }) => action)
    .filter((action) => /yank|unlist|deprecate/.test(action)),
  messages: listMessages(store, OPERATOR, { limit: 50 })
    .items.map(({ kind }) => kind)
    .filter((kind) => /yank|listing/.test(kind)),
  onFront: newestApps(store, ANONYMOUS, 10).length,
  onDevice: await installed(),
  ...(await settledOf(store)),
};
await close(1000);
console.log(JSON.stringify(outcome));

function bodyOf(path: string): Uint8Array | null {
  const body = findTargetBody(store.db.orm, path);
  return body === null ? null : new Uint8Array(body);
}

function offered(): string | null {
  const index = bodyOf(indexPath(appId));
  if (index === null) return null;
  const channels = [...parseAppIndex(index).channels].map(
    ([name, releases]) => `${name} ${releases.map(({ versionCode }) => versionCode).join()}`,
  );
  const shard = bodyOf(shardPath(shardOf(appId)));
  const listed = shard === null ? [] : parseShard(shard, shardOf(appId));
  return [...channels, `listed ${listed.map(({ versionCode }) => versionCode).join()}`].join("; ");
}

function notices(): string[] {
  const bytes = bodyOf(noticesPath(appId));
  if (bytes === null) return [];
  const { deprecated, yanked } = parseNotices(bytes);
  return [
    ...(deprecated === null ? [] : [deprecated.text]),
    ...yanked.map((one) => `${one.versionCode}: ${one.reason}`),
  ];
}

/** What a device that is set up now says to the app. */
async function installed(): Promise<string> {
  try {
    return await onNewDevice(store, clock, async (device) => {
      const { action, versionCode } = await install(device, appId);
      return `${action} ${versionCode}`;
    });
  } catch (error) {
    if (!isProblem(error)) throw error;
    return error.code;
  }
}
