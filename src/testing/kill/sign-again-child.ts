/**
 * A process that runs the jobs of a data folder whose release key was replaced and revoked, and ends itself by SIGKILL right
 * after the N-th step that survives a kill. Run by sign-again.test.ts: `bun sign-again-child.ts DIR N`, N = 0 for not at all.
 *
 * Its last line is what it found at the end, also what a device that comes then installs.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../boot/open-store.ts";
import { selectLeaves } from "../../catalog/log/records.ts";
import { reconcileStore } from "../../catalog/reconcile.ts";
import { rootSha256 } from "../../catalog/tuf/repository.ts";
import { loadConfig } from "../../config.ts";
import { initDevice, withDevice } from "../../device/device.ts";
import { install } from "../../device/installer.ts";
import { listJobs } from "../../jobs/queue.ts";
import { serveCatalogue } from "../catalogue-server.ts";
import { silentLog, testClock } from "../store.ts";
import type { PreparedSignAgain, SignAgainOutcome } from "./outcome.ts";

const [dataDir = "", killAt = "0"] = process.argv.slice(2);
const { appId, now, leaves } = JSON.parse(
  readFileSync(join(dataDir, "prepared.json"), "utf8"),
) as PreparedSignAgain;
const clock = testClock(new Date(now));
const steps: string[] = [];
const { store, scheduler, close } = await openStore({
  config: loadConfig({ dataDir }, {}).config,
  clock,
  log: silentLog,
  mayCreate: false,
  runJobs: false,
  onDurableWrite: (step) => {
    steps.push(step.split(" ").slice(0, 2).join(" "));
    if (steps.length === Number(killAt)) process.kill(process.pid, "SIGKILL");
  },
});
await scheduler.drain();
const outcome: SignAgainOutcome = {
  steps,
  leaves: selectLeaves(store.db.orm, leaves, 1000)
    .map(({ entry }) => (entry.type === "developer-key" ? entry.change : entry.type))
    .sort(),
  onDevice: await onNewDevice(),
  discrepancies: (await reconcileStore(store))
    .filter(({ kind }) => kind !== "blob_without_row")
    .map((item) => `${item.kind} ${item.subject}: ${item.detail}`),
  unfinishedJobs: listJobs(store.db, { limit: 100 })
    .filter((job) => job.state !== "done")
    .map((job) => `${job.kind} ${job.state} ${job.lastError}`),
};
await close(1000);
console.log(JSON.stringify(outcome));

async function onNewDevice(): Promise<string> {
  const server = serveCatalogue(store.blobs);
  const home = mkdtempSync(join(tmpdir(), "mosis-sign-again-device-"));
  try {
    await initDevice({ home, url: server.url, rootSha256: rootSha256(store), clock });
    const { action, versionCode } = await withDevice({ home, clock }, (device) => install(device, appId));
    return `${action} ${versionCode}`;
  } finally {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
