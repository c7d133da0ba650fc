/**
 * The store is killed while an app that everybody sees is made one for a group, and the other way round: it is public or
 * private, never half, and a call that is made again ends in the same place.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { createGroup } from "../../accounts/groups/groups.ts";
import { deprecateApp } from "../../catalog/listing/change.ts";
import { findVersion } from "../../catalog/records.ts";
import type { AppId, Sha256 } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { newPublisher, openPublishing, reviewer, signedApp, submitBytes } from "../publishing.ts";
import { chosenSteps, KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import type { PreparedVisibility, VisibilityOutcome } from "./outcome.ts";
import { runChild } from "./run-child.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-visibility-"));
const APP = "org.example.killed" as AppId;
const POINTING = "org.example.pointing" as AppId;
/** Of each act, in a check. */
const LEAST_STEPS = 1;

type Act = "close" | "open";
type State = Omit<VisibilityOutcome, "steps">;

const SHOWN = "1 releases, 1 entries";
const HIDDEN = "0 releases, 0 entries";
const open = (audited: number): State => ({
  visibility: "everyone",
  everybody: SHOWN,
  group: HIDDEN,
  instead: APP,
  named: [],
  onFront: 2,
  audited,
  onDevice: "installed",
  isServed: true,
  isPackagePublic: true,
  discrepancies: [],
  unfinishedJobs: [],
});
const closed: State = {
  ...open(1),
  visibility: "groups",
  everybody: HIDDEN,
  group: SHOWN,
  instead: null,
  onFront: 1,
  onDevice: "device.app_not_found",
  isServed: false,
  isPackagePublic: false,
};
const STATES: Readonly<Record<Act, readonly [State, State]>> = {
  close: [open(0), closed],
  open: [closed, open(2)],
};

const prepared = (act: Act) => join(top, `before ${act}`);
afterAll(() => rmSync(top, { recursive: true, force: true }));

/** A published app that another one points to, and a group; once as it is, and once when it is for the group. */
beforeAll(async () => {
  const dataDir = prepared("close");
  mkdirSync(dataDir);
  const { store, scheduler, close } = await openPublishing({ dataDir });
  const publisher = await newPublisher(store);
  const publish = async (appId: AppId) => {
    const manifest = { id: appId, versionCode: 1, version: "1.0.0" };
    const bytes = await signedApp(store, publisher.signer, manifest);
    const { id } = await submitBytes(store, publisher.actor, bytes);
    await scheduler.drain();
    approve(store, reviewer(), id, {});
    await scheduler.drain();
    return findVersion(store.db.orm, id)?.releasedSha256 as Sha256;
  };
  const releasedSha256 = await publish(APP);
  await publish(POINTING);
  await deprecateApp(store, OPERATOR, POINTING, { text: "Use the other one.", instead: APP });
  await scheduler.drain();
  const facts: PreparedVisibility = {
    appId: APP,
    pointing: POINTING,
    group: createGroup(store, OPERATOR, { name: "Testers" }).id,
    releasedSha256,
    now: store.clock.now().toISOString(),
  };
  writeFileSync(join(dataDir, "prepared.json"), JSON.stringify(facts));
  await close();
  cpSync(dataDir, prepared("open"), { recursive: true });
  await run(prepared("open"), "close");
}, 60_000);

const run = (folder: string, act: Act | "look", killAt = 0) =>
  runChild<VisibilityOutcome>("visibility-child.ts", folder, act, killAt);

function copyOf(act: Act, name: string): string {
  const folder = join(top, name);
  cpSync(prepared(act), folder, { recursive: true });
  return folder;
}

function stateOf(outcome: VisibilityOutcome | null): State | null {
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
  expect({ name, after }).toEqual({ name, after: after?.visibility === old.visibility ? old : done });
  const again = stateOf(await run(folder, act));
  expect({ name, again }).toEqual({ name, again: done });
  rmSync(folder, { recursive: true });
}

test(
  "a kill after durable writes of making an app private and of making it public",
  async () => {
    const steps = { close: await stepsOf("close"), open: await stepsOf("open") };
    const kinds = { close: steps.close.map(kindOf), open: steps.open.map(kindOf) };
    const chosen = chosenSteps(kinds, LEAST_STEPS);
    for (const act of ["close", "open"] as const)
      await twoAtATime(chosen.get(act) ?? [], (step) => killedAt(act, step, steps[act].length));
  },
  KILLS_TIMEOUT_MS,
);

/** Those of an act that nothing interrupts, which is done whole. */
async function stepsOf(act: Act): Promise<readonly string[]> {
  const whole = await run(copyOf(act, `${act}, whole`), act);
  expect(stateOf(whole)).toEqual(STATES[act][1]);
  expect(whole?.steps.length).toBeGreaterThan(5);
  return whole?.steps ?? [];
}

/** What is done, to whichever file. */
function kindOf(step: string): string {
  return step.split(" ").slice(0, 2).join(" ");
}
