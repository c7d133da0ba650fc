/**
 * The store is killed while a published app is deleted, while that is taken back, and while what is left of it is removed: it stands,
 * rests or is gone, never half, and what was begun of the removal is done with the next start.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findVersion } from "../../catalog/records.ts";
import type { AppId, Sha256 } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { DAY_MS } from "../../time.ts";
import { newPublisher, openPublishing, reviewer, signedApp, submitBytes } from "../publishing.ts";
import { chosenSteps, KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import type { AppDeletionOutcome, PreparedAppDeletion } from "./outcome.ts";
import { runChild } from "./run-child.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-app-deletion-"));
const APP = "org.example.killed" as AppId;
/** Of each act, in a check: each is two or three processes. */
const MOST_STEPS = 1;

type Act = "ask" | "keep" | "remove";
type State = Omit<AppDeletionOutcome, "steps">;

const shown = (...more: readonly string[]): State => ({
  standing: "shown",
  everybody: true,
  nobody: false,
  onFront: 1,
  versions: 1,
  removed: 0,
  audited: ["app.created", ...more],
  isServed: true,
  onDevice: "installed",
  unfinishedJobs: [],
  isKept: true,
  discrepancies: [],
});
const resting: State = {
  ...shown("app.deletion_asked"),
  standing: "resting",
  everybody: false,
  nobody: true,
  onFront: 0,
  isServed: false,
  onDevice: "device.app_not_found",
};
const gone: State = {
  ...resting,
  standing: "gone",
  nobody: false,
  versions: 0,
  removed: 1,
  audited: ["app.created", "app.deletion_asked", "app.removed"],
  isKept: false,
};
/** Before and after; what is due is removed whoever starts the store. */
const STATES: Readonly<Record<Act, readonly [State, State]>> = {
  ask: [shown(), resting],
  keep: [resting, shown("app.deletion_asked", "app.deletion_taken_back")],
  remove: [gone, gone],
};

const prepared = (act: Act) => join(top, `before ${act}`);
afterAll(() => rmSync(top, { recursive: true, force: true }));

const factsIn = (folder: string) => join(folder, "prepared.json");

/** A published app; as it is, as it is once somebody deletes it, and when the time of that is over. */
beforeAll(async () => {
  const dataDir = prepared("ask");
  mkdirSync(dataDir);
  const { store, scheduler, close } = await openPublishing({ dataDir });
  const publisher = await newPublisher(store);
  const bytes = await signedApp(store, publisher.signer, { id: APP, versionCode: 1, version: "1.0.0" });
  const { id } = await submitBytes(store, publisher.actor, bytes);
  await scheduler.drain();
  approve(store, reviewer(), id, {});
  await scheduler.drain();
  const facts: PreparedAppDeletion = {
    appId: APP,
    releasedSha256: findVersion(store.db.orm, id)?.releasedSha256 as Sha256,
    now: store.clock.now().toISOString(),
  };
  writeFileSync(factsIn(dataDir), JSON.stringify(facts));
  await close();
  cpSync(dataDir, prepared("keep"), { recursive: true });
  await run(prepared("keep"), "ask");
  cpSync(prepared("keep"), prepared("remove"), { recursive: true });
  const later = new Date(Date.parse(facts.now) + 30 * DAY_MS).toISOString();
  writeFileSync(factsIn(prepared("remove")), JSON.stringify({ ...facts, now: later }));
}, 60_000);

const run = (folder: string, act: Act | "look", killAt = 0) =>
  runChild<AppDeletionOutcome>("app-deletion-child.ts", folder, act, killAt);

function copyOf(act: Act, name: string): string {
  const folder = join(top, name);
  cpSync(prepared(act), folder, { recursive: true });
  return folder;
}

function stateOf(outcome: AppDeletionOutcome | null): State | null {
  if (outcome === null) return null;
  const { steps: _, ...state } = outcome;
  return state;
}

async function killedAt(act: Act, step: number, of: number): Promise<void> {
  const name = `${act}, step ${step} of ${of}`;
  const [old, done] = STATES[act];
  const folder = copyOf(act, name);
  expect({ name, killed: (await run(folder, act, step)) === null }).toEqual({ name, killed: true });
  const after = stateOf(await run(folder, "look"));
  const isDone = after?.standing === done.standing;
  expect({ name, after }).toEqual({ name, after: isDone ? done : old });
  if (!isDone) expect({ name, again: stateOf(await run(folder, act)) }).toEqual({ name, again: done });
  rmSync(folder, { recursive: true });
}

test(
  "a kill after durable writes of deleting an app, of keeping it and of removing it",
  async () => {
    expect(readFileSync(factsIn(prepared("remove")), "utf8")).not.toBe(
      readFileSync(factsIn(prepared("keep")), "utf8"),
    );
    const steps = { ask: await stepsOf("ask"), keep: await stepsOf("keep"), remove: await stepsOf("remove") };
    const kinds = {
      ask: steps.ask.map(kindOf),
      keep: steps.keep.map(kindOf),
      remove: steps.remove.map(kindOf),
    };
    const chosen = chosenSteps(kinds, MOST_STEPS, MOST_STEPS);
    for (const act of ["ask", "keep", "remove"] as const)
      await twoAtATime(chosen.get(act) ?? [], (step) => killedAt(act, step, steps[act].length));
  },
  KILLS_TIMEOUT_MS,
);

/** Those of an act that nothing interrupts, which is done whole. */
async function stepsOf(act: Act): Promise<readonly string[]> {
  const whole = await run(copyOf(act, `${act}, whole`), act);
  expect({ act, state: stateOf(whole) }).toEqual({ act, state: STATES[act][1] });
  expect(whole?.steps.length).toBeGreaterThan(5);
  return whole?.steps ?? [];
}

/** What is done, to whichever file. */
function kindOf(step: string): string {
  return step.split(" ").slice(0, 2).join(" ");
}
