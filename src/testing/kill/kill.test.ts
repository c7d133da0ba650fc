/** The store is killed after each step that survives a kill, and started again: everything is there exactly once. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newPublisher, openPublishing, signedApp } from "../publishing.ts";
import type { Outcome, Prepared } from "./outcome.ts";

const top = mkdtempSync(join(tmpdir(), "mosis-kill-"));
const prepared = join(top, "prepared");
const EXPECTED = [
  "org.example.first 1 published",
  "org.example.first 2 published",
  "org.example.second 7 published",
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

async function runChild(
  folder: string,
  killAt: number,
): Promise<{ killed: boolean; outcome: Outcome | null }> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "child.ts"), folder, String(killAt)], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  await child.exited;
  const killed = child.signalCode === "SIGKILL";
  if (!killed && child.exitCode !== 0) throw new Error(`the child ended with ${child.exitCode}: ${stderr}`);
  return { killed, outcome: killed ? null : (JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Outcome) };
}

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
  expect({ name, killed: (await runChild(folder, step)).killed }).toEqual({ name, killed: true });
  expectWhole((await runChild(folder, 0)).outcome, versions);
  rmSync(folder, { recursive: true });
}

describe("a kill after each durable write", () => {
  test("of the path from upload to catalogue loses and doubles nothing", async () => {
    const { outcome } = await runChild(copyOf("whole"), 0);
    expectWhole(outcome, EXPECTED);
    const steps = outcome?.steps ?? 0;
    expect(steps).toBeGreaterThan(30);
    const waiting = Array.from({ length: steps }, (_, index) => index + 1);
    const worker = async () => {
      for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
        await killedAt(`step ${step} of ${steps}`, copyOf(`step-${step}`), step, EXPECTED);
      }
    };
    await Promise.all([worker(), worker()]);
  }, 300_000);

  test("of the first start leaves a folder that starts", async () => {
    const whole = await runChild(join(top, "first"), 0);
    expectWhole(whole.outcome, []);
    const steps = whole.outcome?.steps ?? 0;
    // The first steps are all different; then one file after the other is written for devices.
    const chosen = [1, 2, 3, 4, 5, Math.floor(steps / 2), steps - 2, steps - 1, steps];
    for (const step of chosen)
      await killedAt(`step ${step} of ${steps}`, join(top, `first-${step}`), step, []);
  }, 120_000);
});
