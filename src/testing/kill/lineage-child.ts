/**
 * A process that changes an app's key lineage in a data folder, and ends itself by SIGKILL right after the N-th step that
 * survives a kill. Run by lineage.test.ts: `bun lineage-child.ts DIR ACT N`, N = 0 for not at all; ACT `look` changes nothing.
 *
 * Its last line is what it found at the end, also what a device that comes then takes of it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { approveRecovery } from "../../catalog/approve-recovery.ts";
import { addKey, readLineage } from "../../catalog/lineage.ts";
import { readRecovery } from "../../catalog/recovery.ts";
import { install } from "../../device/installer.ts";
import { findApp } from "../../device/records.ts";
import { isProblem } from "../../errors.ts";
import { testClock } from "../store.ts";
import { onNewDevice, openCounting, settledOf } from "./child-store.ts";
import type { LineageOutcome, PreparedLineage } from "./outcome.ts";

const [dataDir = "", act = "look", killAt = "0"] = process.argv.slice(2);
const prepared = JSON.parse(readFileSync(join(dataDir, "prepared.json"), "utf8")) as PreparedLineage;
const { appId, recoveryId } = prepared;
const clock = testClock(new Date(prepared.now));
let isActing = false;
const { store, scheduler, close, steps } = await openCounting(
  { dataDir, clock, mayCreate: false, handlers: HANDLERS_HERE },
  Number(killAt),
  (step) => (isActing ? step : null),
);
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
  // A device that judges the whole lineage, with the statements in it.
  onDevice: await onNewDevice(store, clock, async (device) => {
    await install(device, appId);
    return findApp(device.state, appId)?.lineage.map(({ lostAt }) => (lostAt ? "lost" : "good")) ?? [];
  }),
  ...(await settledOf(store)),
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
