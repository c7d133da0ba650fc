/**
 * The store is killed while an organisation is renamed: its name, the message and the signed catalogue are all of before or, once
 * it has done what was left, all of after; and a call that is made again ends in the same place.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { createAccount } from "../../accounts/people.ts";
import { shardOf } from "../../catalog/tuf/app-index.ts";
import type { AppId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { newPublisher, openPublishing, reviewer, signedApp, submitBytes } from "../publishing.ts";
import { chosenSteps, KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import type { PreparedRenaming, RenamingOutcome } from "./outcome.ts";
import { runChild } from "./run-child.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-renaming-"));
const prepared = join(top, "before");
/** In two shards, which are signed one after the other. */
const APPS = ["org.example.one", "org.example.two"] as AppId[];
const NAME = "Loud Works";
const LEAST_STEPS = 2;
afterAll(() => rmSync(top, { recursive: true, force: true }));

beforeAll(async () => {
  expect(new Set(APPS.map(shardOf)).size).toBe(2);
  mkdirSync(prepared);
  const { store, scheduler, close } = await openPublishing({ dataDir: prepared });
  const publisher = await newPublisher(store, "Quiet Works");
  await createAccount(store, OPERATOR, {
    email: "root@example.org",
    name: "Root",
    storeRole: "administrator",
  });
  for (const id of APPS) {
    const bytes = await signedApp(store, publisher.signer, { id, versionCode: 1, version: "1.0.0" });
    const { id: versionId } = await submitBytes(store, publisher.actor, bytes);
    await scheduler.drain();
    approve(store, reviewer(), versionId, {});
    await scheduler.drain();
  }
  const { organisationId } = publisher;
  const facts: PreparedRenaming = {
    ...{ apps: APPS, organisationId, name: NAME },
    now: store.clock.now().toISOString(),
  };
  writeFileSync(join(prepared, "prepared.json"), JSON.stringify(facts));
  await close();
}, 60_000);

const run = (folder: string, act: "rename" | "look", killAt = 0) =>
  runChild<RenamingOutcome>("renaming-child.ts", folder, act, killAt);

function copy(name: string): string {
  const folder = join(top, name);
  cpSync(prepared, folder, { recursive: true });
  return folder;
}

const settled = { discrepancies: [], unfinishedJobs: [] };
const BEFORE = { name: "Quiet Works", signed: ["Quiet Works", "Quiet Works"], messages: [], ...settled };
const AFTER = { name: NAME, signed: [NAME, NAME], messages: ["organisation.renamed"], ...settled };

function stateOf(outcome: RenamingOutcome | null) {
  if (outcome === null) return null;
  const { steps: _, ...state } = outcome;
  return state;
}

test(
  "a kill after durable writes of renaming",
  async () => {
    const whole = await run(copy("whole"), "rename");
    expect(stateOf(whole)).toEqual(AFTER);
    const steps = whole?.steps ?? [];
    const chosen = chosenSteps({ rename: steps }, LEAST_STEPS, 6).get("rename") ?? [];
    await twoAtATime(chosen, async (step) => {
      const name = `step ${step} of ${steps.length}`;
      const folder = copy(name);
      expect({ name, killed: (await run(folder, "rename", step)) === null }).toEqual({ name, killed: true });
      const after = stateOf(await run(folder, "look"));
      expect({ name, after }).toEqual({ name, after: after?.name === NAME ? AFTER : BEFORE });
      expect({ name, again: stateOf(await run(folder, "rename")) }).toEqual({ name, again: AFTER });
      rmSync(folder, { recursive: true });
    });
  },
  KILLS_TIMEOUT_MS,
);
