/**
 * A process that changes an app's key lineage in a data folder, and ends itself by SIGKILL right after the N-th step that
 * survives a kill. Run by lineage.test.ts: `bun lineage-child.ts DIR ACT N`, N = 0 for not at all; ACT `look` changes nothing.
 *
 * Its last line is what it found at the end, also what a device that comes then takes of it.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { openStore } from "../../boot/open-store.ts";
import { approveRecovery } from "../../catalog/approve-recovery.ts";
import { addKey, readLineage } from "../../catalog/lineage.ts";
import { listMessages } from "../../catalog/outbox.ts";
import { reconcileStore } from "../../catalog/reconcile.ts";
import { readRecovery } from "../../catalog/recovery.ts";
import { rootSha256 } from "../../catalog/tuf/repository.ts";
import { loadConfig } from "../../config.ts";
import { initDevice, withDevice } from "../../device/device.ts";
import { install } from "../../device/installer.ts";
import { findApp } from "../../device/records.ts";
import { isProblem } from "../../errors.ts";
import { listJobs } from "../../jobs/queue.ts";
import { serveCatalogue } from "../catalogue-server.ts";
import { silentLog, testClock } from "../store.ts";
import type { LineageOutcome, PreparedLineage } from "./outcome.ts";

const [dataDir = "", act = "look", killAt = "0"] = process.argv.slice(2);
const prepared = JSON.parse(readFileSync(join(dataDir, "prepared.json"), "utf8")) as PreparedLineage;
const { appId, recoveryId } = prepared;
const clock = testClock(new Date(prepared.now));
const steps: string[] = [];
let isActing = false;
const { store, scheduler, close } = await openStore({
  config: loadConfig({ dataDir }, {}).config,
  clock,
  log: silentLog,
  mayCreate: false,
  runJobs: false,
  handlers: HANDLERS_HERE,
  onDurableWrite: (step) => {
    if (!isActing) return;
    steps.push(step);
    if (steps.length === Number(killAt)) process.kill(process.pid, "SIGKILL");
  },
});
await scheduler.drain();

isActing = true;
if (act === "add") await addKey(store, prepared.actor, appId, { addition: prepared.addition });
if (act === "approve") await approveOnce();
await scheduler.drain();
isActing = false;

const outcome: LineageOutcome = {
  steps,
  keys: readLineage(store, OPERATOR, appId).keys.map(({ how, lostAt }) => (lostAt ? `${how}, lost` : how)),
  recovery: readRecovery(store, OPERATOR, recoveryId).state,
  messages: listMessages(store, OPERATOR, { limit: 100 }).items.map(({ kind }) => kind),
  onDevice: await onNewDevice(),
  discrepancies: (await reconcileStore(store)).map((item) => `${item.kind} ${item.subject}: ${item.detail}`),
  unfinishedJobs: listJobs(store.db, { limit: 100 })
    .filter((job) => job.state !== "done")
    .map((job) => `${job.kind} ${job.state} ${job.lastError}`),
};
await close(1000);
console.log(JSON.stringify(outcome));

/** As somebody does whose call broke off: again, and content when it was done. */
async function approveOnce(): Promise<void> {
  try {
    await approveRecovery(store, OPERATOR, recoveryId, {});
  } catch (error) {
    if (!isProblem(error) || error.code !== "recovery.decided") throw error;
  }
}

/** The keys that a device pins which judges the whole lineage, with the statements in it. */
async function onNewDevice(): Promise<readonly string[]> {
  const server = serveCatalogue(store.blobs);
  const home = mkdtempSync(join(tmpdir(), "mosis-lineage-device-"));
  try {
    await initDevice({ home, url: server.url, rootSha256: rootSha256(store), clock });
    return await withDevice({ home, clock }, async (device) => {
      await install(device, appId);
      return findApp(device.state, appId)?.lineage.map(({ lostAt }) => (lostAt ? "lost" : "good")) ?? [];
    });
  } finally {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
