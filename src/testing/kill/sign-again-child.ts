/**
 * A process that runs the jobs of a data folder whose release key was replaced and revoked, and ends itself by SIGKILL right
 * after the N-th step that survives a kill. Run by sign-again.test.ts: `bun sign-again-child.ts DIR N`, N = 0 for not at all.
 *
 * Its last line is what it found at the end, also what a device that comes then installs.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { selectLeaves } from "../../catalog/log/records.ts";
import { install } from "../../device/installer.ts";
import { testClock } from "../store.ts";
import { onNewDevice, openCounting, settledOf } from "./child-store.ts";
import type { PreparedSignAgain, SignAgainOutcome } from "./outcome.ts";

const [dataDir = "", killAt = "0"] = process.argv.slice(2);
const { appId, now, leaves } = JSON.parse(
  readFileSync(join(dataDir, "prepared.json"), "utf8"),
) as PreparedSignAgain;
const clock = testClock(new Date(now));
const { store, scheduler, close, steps } = await openCounting(
  { dataDir, clock, mayCreate: false },
  Number(killAt),
  (step) => step.split(" ").slice(0, 2).join(" "),
);
await scheduler.drain();
const outcome: SignAgainOutcome = {
  steps,
  leaves: selectLeaves(store.db.orm, leaves, 1000)
    .map(({ entry }) => (entry.type === "developer-key" ? entry.change : entry.type))
    .sort(),
  onDevice: await onNewDevice(store, clock, async (device) => {
    const { action, versionCode } = await install(device, appId);
    return `${action} ${versionCode}`;
  }),
  ...(await settledOf(store, "blob_without_row")),
};
await close(1000);
console.log(JSON.stringify(outcome));
