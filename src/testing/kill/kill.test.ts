/** The store is killed after steps that survive a kill, and started again: everything is there exactly once. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unpackOldStore } from "../../catalog/upgrade/testing.ts";
import { newPublisher, openPublishing, signedApp } from "../publishing.ts";
import { chosenSteps, KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import type { Outcome, Prepared } from "./outcome.ts";
import { runChild } from "./run-child.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-"));
const prepared = join(top, "prepared");
const EXPECTED = [
  "org.example.first 1 published",
  "org.example.first 2 published",
  "org.example.second 7 published",
];
const UPGRADED = [
  "org.example.held 1 held",
  "org.example.rejected 1 rejected",
  "org.example.sample 1 published",
  "org.example.sample 2 published",
  "org.example.sample 3 published",
];

afterAll(() => rmSync(top, { recursive: true, force: true }));

/** A store that was started once, a developer, and three signed packages: two of one app. */
beforeAll(async () => {
  mkdirSync(prepared);
  const { store, close } = await openPublishing({ dataDir: prepared });
  const publisher = await newPublisher(store);
  const folder = join(prepared, "prepared");
  mkdirSync(folder);
  const apps = [
    { id: "org.example.first", versionCode: 1 },
    { id: "org.example.first", versionCode: 2 },
    { id: "org.example.second", versionCode: 7 },
  ];
  for (const [index, manifest] of apps.entries()) {
    writeFileSync(join(folder, `${index}.mosis`), await signedApp(store, publisher.signer, manifest));
  }
  const facts: Prepared = { actor: publisher.actor };
  writeFileSync(join(folder, "prepared.json"), JSON.stringify(facts));
  await close();
});

const run = (folder: string, killAt: number) => runChild<Outcome>("child.ts", folder, killAt);

function copyOf(name: string): string {
  const folder = join(top, name);
  cpSync(prepared, folder, { recursive: true });
  return folder;
}

function expectWhole(outcome: Outcome | null, versions: readonly string[]): void {
  expect(outcome?.discrepancies).toEqual([]);
  expect(outcome?.unfinishedJobs).toEqual([]);
  expect([...(outcome?.versions ?? [])].sort()).toEqual([...versions]);
}

async function killedAt(
  name: string,
  folder: string,
  step: number,
  versions: readonly string[],
): Promise<void> {
  const outcome = await run(folder, step);
  // Revisions that meet are signed as one, so a run may come to fewer steps than the one in which they were counted.
  if (outcome !== null) expect({ name, steps: outcome.steps.slice(step - 1) }).toEqual({ name, steps: [] });
  expectWhole(await run(folder, 0), versions);
  rmSync(folder, { recursive: true });
}

/** Of the path, in a check. */
const STEPS = 4;
const UPGRADE_STEPS = 1;
/** Of the first start: steps that are all different, and then one file after the other for devices. */
const FIRST_STEPS = 1;

describe("a kill after durable writes", () => {
  test(
    "of the path from upload to catalogue loses and doubles nothing",
    async () => {
      const outcome = await run(copyOf("whole"), 0);
      expectWhole(outcome, EXPECTED);
      const steps = outcome?.steps ?? [];
      expect(steps.length).toBeGreaterThan(30);
      const chosen = chosenSteps({ "upload to catalogue": steps }, STEPS, STEPS);
      await twoAtATime([...chosen.values()].flat(), (step) =>
        killedAt(`step ${step} of ${steps.length}`, copyOf(`step-${step}`), step, EXPECTED),
      );
    },
    KILLS_TIMEOUT_MS,
  );

  test(
    "of the first start leaves a folder that starts",
    async () => {
      const whole = await run(join(top, "first"), 0);
      expectWhole(whole, []);
      const steps = whole?.steps ?? [];
      expect(steps.length).toBeGreaterThan(30);
      const chosen = chosenSteps({ "first start": steps }, FIRST_STEPS, FIRST_STEPS);
      await twoAtATime([...chosen.values()].flat(), (step) =>
        killedAt(`step ${step} of ${steps.length}`, join(top, `first-${step}`), step, []),
      );
    },
    KILLS_TIMEOUT_MS,
  );

  test(
    "of the first start of a store of before the log leaves one that was upgraded once",
    async () => {
      const old = async (name: string) => {
        const folder = join(top, name);
        await unpackOldStore(folder);
        return join(folder, "data");
      };
      const whole = await run(await old("old"), 0);
      expectWhole(whole, UPGRADED);
      const chosen = chosenSteps({ upgrade: whole?.steps ?? [] }, UPGRADE_STEPS, UPGRADE_STEPS);
      await twoAtATime([...chosen.values()].flat(), async (step) =>
        killedAt(`step ${step} of the upgrade`, await old(`old-${step}`), step, UPGRADED),
      );
    },
    KILLS_TIMEOUT_MS,
  );
});
