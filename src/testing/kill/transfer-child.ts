/**
 * A process that accepts an app that is offered, and ends itself by SIGKILL right after the N-th step that survives a kill.
 * Run by transfer.test.ts: `bun transfer-child.ts DIR ACT N`, N = 0 for not at all; ACT `look` changes nothing.
 *
 * Its last line is what it found at the end, also what a device that comes then takes of it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { apiKeyById } from "../../accounts/api-keys/records.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { findApp } from "../../catalog/records.ts";
import { acceptOffer } from "../../catalog/transfer/decide.ts";
import { transferById } from "../../catalog/transfer/records.ts";
import { indexPath } from "../../catalog/tuf/app-index.ts";
import { parseAppIndex } from "../../catalog/tuf/documents.ts";
import { findTargetBody } from "../../catalog/tuf/records.ts";
import { install } from "../../device/installer.ts";
import { findApp as findOnDevice } from "../../device/records.ts";
import { isProblem } from "../../errors.ts";
import { testClock } from "../store.ts";
import { onNewDevice, openCounting, settledOf } from "./child-store.ts";
import type { PreparedTransfer, TransferOutcome } from "./outcome.ts";

const [dataDir = "", act = "look", killAt = "0"] = process.argv.slice(2);
const prepared = JSON.parse(readFileSync(join(dataDir, "prepared.json"), "utf8")) as PreparedTransfer;
const { appId, transferId, giverId, takerId } = prepared;
const clock = testClock(new Date(prepared.now));
let isActing = false;
const { store, scheduler, close, steps } = await openCounting(
  { dataDir, clock, mayCreate: false, handlers: HANDLERS_HERE },
  Number(killAt),
  (step) => (isActing ? step : null),
);
await scheduler.drain();
isActing = true;
if (act === "accept") await acceptOnce();
await scheduler.drain();
isActing = false;

const tx = store.db.orm;
const nameOf = (id: string | undefined) => (id === takerId ? "taker" : id === giverId ? "giver" : "nobody");
const index = parseAppIndex(findTargetBody(tx, indexPath(appId)) ?? new Uint8Array());
const actions = store.db.raw
  .query<{ action: string }, []>(
    "SELECT action FROM audit_entries WHERE action LIKE 'transfer.%' ORDER BY position",
  )
  .all();
const outcome: TransferOutcome = {
  steps,
  owner: nameOf(findApp(tx, appId)?.organisationId),
  signed: [index.developerId, ...index.formerDevelopers].map(nameOf),
  offer: transferById(tx, transferId)?.state ?? "gone",
  waiting:
    store.db.raw.query<{ state: string }, []>("SELECT state FROM versions WHERE version_code = 2").get()
      ?.state ?? "gone",
  keyApps: apiKeyById(tx, prepared.keyId)?.apps?.length ?? -1,
  messages: listMessages(store, OPERATOR, { limit: 100 }).items.map(({ kind }) => kind),
  told: actions.map(({ action }) => action),
  onDevice: await onNewDevice(store, clock, async (device) => {
    await install(device, appId);
    return nameOf(findOnDevice(device.state, appId)?.developerId);
  }),
  ...(await settledOf(store)),
};
await close(1000);
console.log(JSON.stringify(outcome));

/** As somebody does whose call broke off: again, and content when it was done. */
async function acceptOnce(): Promise<void> {
  const actor = { ...prepared.actor, organisations: new Map([[takerId, "owner"]] as const) };
  try {
    await acceptOffer(store, actor, { organisationId: takerId, transferId });
  } catch (error) {
    if (!isProblem(error) || error.code !== "transfer.over") throw error;
  }
}
