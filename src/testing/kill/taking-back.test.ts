/**
 * The store is killed while something of a published app is taken back, or given back: devices have the one or the other, never
 * half, and a call that is made again ends in the same place.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AppId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { newOwner, newPublisher, openPublishing, reviewer, signedApp, submitBytes } from "../publishing.ts";
import { chosenSteps, KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import type { PreparedTakingBack, TakingBackOutcome } from "./outcome.ts";
import { runChild } from "./run-child.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-taking-back-"));
const APP = "org.example.killed" as AppId;
/** Of each act, in a check. */
const LEAST_STEPS = 1;

const ACTS = ["yank", "unyank", "unlist", "deprecate"] as const;
type Act = (typeof ACTS)[number];
type State = Omit<TakingBackOutcome, "steps">;

const OFFERED: State = {
  offered: "stable 2,1; listed 2",
  notices: [],
  audited: [],
  messages: [],
  onFront: 1,
  onDevice: "installed 2",
  discrepancies: [],
  unfinishedJobs: [],
};
const YANKED: State = {
  ...OFFERED,
  offered: "stable 1; yanked 2; listed 1",
  notices: ["2: It loses drafts."],
  audited: ["version.yanked"],
  messages: ["version.yanked"],
  onDevice: "installed 1",
};
const AGAIN: State = {
  ...OFFERED,
  audited: ["version.yanked", "version.unyanked"],
  messages: ["version.unyanked", "version.yanked"],
};
const UNLISTED: State = {
  ...OFFERED,
  offered: "stable 2,1; listed ",
  audited: ["app.unlisted"],
  messages: ["app.listing"],
  onFront: 0,
};
const DEPRECATED: State = {
  ...OFFERED,
  notices: ["Use the other one."],
  audited: ["app.deprecated"],
  messages: ["app.listing"],
};
const STATES: Readonly<Record<Act, readonly [State, State]>> = {
  yank: [OFFERED, YANKED],
  unyank: [YANKED, AGAIN],
  unlist: [OFFERED, UNLISTED],
  deprecate: [OFFERED, DEPRECATED],
};
/** What comes before each. */
const AFTER: Readonly<Record<Act, Act | null>> = {
  yank: null,
  unyank: "yank",
  unlist: null,
  deprecate: null,
};

const prepared = (act: Act) => join(top, `before ${act}`);
afterAll(() => rmSync(top, { recursive: true, force: true }));

/** A published app, as it is before each act. */
beforeAll(async () => {
  const dataDir = join(top, "first");
  mkdirSync(dataDir);
  const { store, scheduler, close } = await openPublishing({ dataDir });
  const publisher = await newPublisher(store);
  await newOwner(store, publisher.organisationId);
  for (const code of [1, 2]) {
    const manifest = { id: APP, versionCode: code, version: `${code}.0.0` };
    const { id } = await submitBytes(
      store,
      publisher.actor,
      await signedApp(store, publisher.signer, manifest),
    );
    await scheduler.drain();
    approve(store, reviewer(), id, {});
    await scheduler.drain();
  }
  const facts: PreparedTakingBack = {
    appId: APP,
    actor: publisher.actor,
    now: store.clock.now().toISOString(),
  };
  writeFileSync(join(dataDir, "prepared.json"), JSON.stringify(facts));
  await close();
  for (const act of ACTS) {
    const before = AFTER[act];
    cpSync(before === null ? dataDir : prepared(before), prepared(act), { recursive: true });
    if (before !== null) await run(prepared(act), before);
  }
}, 60_000);

const run = (folder: string, act: Act | "look", killAt = 0) =>
  runChild<TakingBackOutcome>("taking-back-child.ts", folder, act, killAt);

function copyOf(act: Act, name: string): string {
  const folder = join(top, name);
  cpSync(prepared(act), folder, { recursive: true });
  return folder;
}

function stateOf(outcome: TakingBackOutcome | null): State | null {
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
  expect({ name, after }).toEqual({ name, after: after?.audited.length === old.audited.length ? old : done });
  const again = stateOf(await run(folder, act));
  expect({ name, again }).toEqual({ name, again: done });
  rmSync(folder, { recursive: true });
}

test(
  "a kill after durable writes of what is taken back of a published app",
  async () => {
    const steps = new Map<Act, readonly string[]>();
    for (const act of ACTS) steps.set(act, await stepsOf(act));
    const kinds = Object.fromEntries([...steps].map(([act, all]) => [act, all.map(kindOf)]));
    const chosen = chosenSteps(kinds, LEAST_STEPS);
    for (const [act, all] of steps)
      await twoAtATime(chosen.get(act) ?? [], (step) => killedAt(act, step, all.length));
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
