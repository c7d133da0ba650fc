/**
 * A process that takes prepared packages the whole way in a data folder, and ends itself by SIGKILL right after the
 * N-th step that survives a kill. Run by kill.test.ts: `bun child.ts DIR N`, N = 0 for not at all.
 *
 * It does what a client does whose connection broke: the same again. Its last line is what it found at the end.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { listApps } from "../../catalog/app-list/list.ts";
import { sweepBlobs } from "../../catalog/sweep.ts";
import { listVersions, readVersion } from "../../catalog/versions.ts";
import { approve } from "../../review/decide.ts";
import { submitBytes } from "../publishing.ts";
import { testClock } from "../store.ts";
import { openCounting, settledOf } from "./child-store.ts";
import type { Outcome, Prepared } from "./outcome.ts";

const [dataDir = "", killAt = "0"] = process.argv.slice(2);
const LATER_MS = 2 * 86_400_000;

/** What is being done; with the kind of write, the kind of step. */
let stage = "start";
const clock = testClock();
const { store, scheduler, close, steps } = await openCounting(
  { dataDir, clock, mayCreate: true, handlers: HANDLERS_HERE },
  Number(killAt),
  (step) => `${stage}: ${step}`,
);
await scheduler.drain();

const folder = join(dataDir, "prepared");
if (existsSync(folder)) {
  const prepared = JSON.parse(readFileSync(join(folder, "prepared.json"), "utf8")) as Prepared;
  for (const name of readdirSync(folder)
    .filter((name) => name.endsWith(".mosis"))
    .sort()) {
    stage = "submit";
    const version = await submitBytes({ ...store, clock }, prepared.actor, readFileSync(join(folder, name)));
    stage = "check";
    await scheduler.drain();
    stage = "approve";
    if (readVersion(store, OPERATOR, version.appId, version.id).state === "in_review") {
      approve(store, OPERATOR, version.id, {});
    }
    stage = "publish";
    await scheduler.drain();
  }
}
// A file whose row was never written is rubbish for a day, and then it goes.
const before = await settledOf(store, "blob_without_row");
clock.advance(LATER_MS);
const stepsOfPath = [...steps];
await sweepBlobs(store);
const after = await settledOf(store);
const outcome: Outcome = {
  steps: stepsOfPath,
  versions: listApps(store, OPERATOR, { limit: 100 }).items.flatMap((app) =>
    listVersions(store, OPERATOR, app.id, { limit: 100 }).items.map(
      (version) => `${app.id} ${version.versionCode} ${version.state}`,
    ),
  ),
  discrepancies: [...before.discrepancies, ...after.discrepancies],
  unfinishedJobs: after.unfinishedJobs,
};
await close(1000);
console.log(JSON.stringify(outcome));
