/**
 * A process that renames an organisation in a data folder, and ends itself by SIGKILL right after the N-th step that survives a
 * kill. Run by renaming.test.ts: `bun renaming-child.ts DIR ACT N`, N = 0 for not at all; ACT `look` only does what was left
 * to do. Its last line is what it found at the end.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { renameOrganisation } from "../../accounts/organisation-name.ts";
import { readOrganisation } from "../../accounts/organisations.ts";
import { shardOf, shardPath } from "../../catalog/tuf/app-index.ts";
import { parseShard } from "../../catalog/tuf/documents.ts";
import { findTargetBody } from "../../catalog/tuf/records.ts";
import { testClock } from "../store.ts";
import { openCounting, settledOf } from "./child-store.ts";
import type { PreparedRenaming, RenamingOutcome } from "./outcome.ts";

const [dataDir = "", act = "look", killAt = "0"] = process.argv.slice(2);
const prepared = JSON.parse(readFileSync(join(dataDir, "prepared.json"), "utf8")) as PreparedRenaming;
const { apps, organisationId, name } = prepared;
let isActing = false;
const { store, scheduler, close, steps } = await openCounting(
  { dataDir, clock: testClock(new Date(prepared.now)), mayCreate: false },
  Number(killAt),
  (step) => (isActing ? step : null),
);
await scheduler.drain();
isActing = true;
if (act === "rename") renameOrganisation(store, OPERATOR, organisationId, name);
await scheduler.drain();
isActing = false;

const outcome: RenamingOutcome = {
  steps,
  name: readOrganisation(store, organisationId).name,
  signed: apps.map((id) => {
    const body = findTargetBody(store.db.orm, shardPath(shardOf(id)));
    const lines = body ? parseShard(new Uint8Array(body), shardOf(id)) : [];
    return lines.find(({ appId }) => appId === id)?.publisher ?? "not there";
  }),
  messages: listMessages(store, OPERATOR, { limit: 100 }).items.map(({ kind }) => kind),
  ...(await settledOf(store)),
};
await close(1000);
console.log(JSON.stringify(outcome));
