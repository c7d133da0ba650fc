/** A device is killed after each step that survives a kill: the old version or the new one is whole, and it goes on. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../clock.ts";
import { withDevice } from "../../device/device.ts";
import { list } from "../../device/inventory.ts";
import { verify } from "../../device/verification.ts";
import { APP_ID, openWorld, type World } from "../device-world.ts";
import { chosenSteps, KILLS_TIMEOUT_MS, twoAtATime } from "./chosen-steps.ts";
import { OPERATIONS, type Operation, operate, type Target } from "./device-operations.ts";
import { childCommand } from "./run-child.ts";

type Code = number | null;
const DAMAGED = "-- damaged";
/** What runs before and after, and which prepared home it is done to; null: nothing. */
const CASES: Readonly<Record<Operation, { from: string | null; old: Code; new: Code; previous: Code }>> = {
  init: { from: null, old: null, new: null, previous: null },
  install: { from: "inited", old: null, new: 2, previous: null },
  update: { from: "first", old: 1, new: 2, previous: 1 },
  rollback: { from: "second", old: 2, new: 1, previous: 2 },
  repair: { from: "damaged", old: 2, new: 2, previous: 1 },
  remove: { from: "second", old: 2, new: null, previous: null },
  purge: { from: "second", old: 2, new: null, previous: null },
};

let world: World;
let top: string;
/** What each operation does when nothing stops it. */
const stepsOf = new Map<Operation, string[]>();
let chosen: ReadonlyMap<string, readonly number[]>;
/** Of each operation, in a check. */
const STEPS = 1;
const MOST_STEPS = 2;
const releases = new Map<number, ReadonlyMap<string, Uint8Array>>();

const target = (home: string): Target => ({ home, url: world.server.url, rootSha256: world.rootSha256 });
const dataFile = (home: string) => join(home, "data", APP_ID, "mine.txt");
const current = (home: string) => join(home, "apps", APP_ID, "current");

/** One home for each state that something is done to. */
beforeAll(async () => {
  world = await openWorld();
  top = world.folder();
  const home = join(top, "making");
  const keep = (name: string) => cpSync(home, join(top, name), { recursive: true, verbatimSymlinks: true });
  await operate("init", target(home));
  keep("inited");
  releases.set(1, await world.release(1));
  await operate("install", target(home));
  writeFileSync(dataFile(home), "mine");
  keep("first");
  // The second version lacks a file of the first, so that a mixture of both would show.
  // An update and a repair go by the delta, an install by the package.
  const files = new Map([["data/new.lua", Buffer.from("return 2\n")]]);
  releases.set(2, await world.release(2, { files, containers: { from: [1] } }));
  await operate("update", target(home));
  keep("second");
  writeFileSync(join(current(home), "main.lua"), DAMAGED);
  keep("damaged");
  for (const operation of OPERATIONS) {
    const steps: string[] = [];
    stepsOf.set(operation, steps);
    await operate(operation, target(homeFor(operation, `${operation}-whole`)), (step) => steps.push(step));
  }
  chosen = chosenSteps(
    Object.fromEntries([...stepsOf].map(([operation, steps]) => [operation, steps.map(kindOf)])),
    STEPS,
    MOST_STEPS,
  );
});

afterAll(async () => {
  await world.close();
});

async function killedChild(operation: Operation, home: string, killAt: number): Promise<string> {
  const { url, rootSha256 } = target(home);
  const child = Bun.spawn(
    [...childCommand("device-child.ts"), operation, home, url, rootSha256, String(killAt)],
    {
      stdout: "ignore",
      stderr: "pipe",
    },
  );
  const stderr = await new Response(child.stderr).text();
  await child.exited;
  return child.signalCode !== null ? String(child.signalCode) : `it ended with ${child.exitCode}: ${stderr}`;
}

function homeFor(operation: Operation, name: string): string {
  const { from } = CASES[operation];
  const home = join(top, name);
  if (from === null) mkdirSync(home);
  else cpSync(join(top, from), home, { recursive: true, verbatimSymlinks: true });
  return home;
}

/** "write" of "write main.lua": what is done, to whichever file. */
const kindOf = (step: string) =>
  step.replace(/^(write|move|link|take away|delete|folder|second name) .*/s, "$1");

/** The version that the link leads to when its files are exactly those of the release; null when there is no link. */
function wholeVersion(home: string): Code | "not whole" {
  if (!lstatSync(current(home), { throwIfNoEntry: false })) return null;
  for (const [code, files] of releases) {
    const names = existsSync(current(home))
      ? readdirSync(current(home), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
      : [];
    const envelopes = 3;
    const same = [...files].every(([name, bytes]) => {
      const path = join(current(home), name);
      return existsSync(path) && readFileSync(path).equals(Buffer.from(bytes));
    });
    if (same && names.length === files.size + envelopes) return code;
  }
  return "not whole";
}

const inDevice = <T>(home: string, work: Parameters<typeof withDevice<T>>[1]) =>
  withDevice({ home, clock: systemClock }, work);

/** What holds after any end of any operation, once the device was opened again. */
async function expectInOrder(name: string, home: string, wanted: Code, previous: Code): Promise<void> {
  const state = await inDevice(home, async (device) => ({
    apps: list(device).map((app): Code[] => [app.versionCode, app.previousVersionCode]),
    verified: await verify(device, null),
  }));
  expect({ name, apps: state.apps }).toEqual({ name, apps: wanted === null ? [] : [[wanted, previous]] });
  expect({ name, bad: state.verified.filter(({ ok }) => !ok) }).toEqual({ name, bad: [] });
  expect({ name, whole: wholeVersion(home) }).toEqual({ name, whole: wanted });
  expect({ name, staging: readdirSync(join(home, "staging")) }).toEqual({ name, staging: [] });
  const generations = readdirSync(join(home, "tuf")).filter((entry) => /^\d+$/.test(entry));
  expect({ name, generations: generations.length }).toEqual({ name, generations: 1 });
  const versions = wanted === null ? [] : readdirSync(join(home, "apps", APP_ID, "versions")).map(Number);
  const expected = [wanted, previous].filter((code) => code !== null);
  expect({ name, versions: versions.sort() }).toEqual({ name, versions: expected.sort() });
}

/** Whether what is to be mended lies there as it did: all of it, and the one file that was damaged. */
function stillDamaged(operation: Operation, home: string): boolean {
  if (operation !== "repair" || !existsSync(join(current(home), "main.lua"))) return false;
  if (readFileSync(join(current(home), "main.lua"), "utf8") !== DAMAGED) return false;
  const names = (folder: string) => readdirSync(current(folder), { recursive: true }).map(String).sort();
  expect(names(home)).toEqual(names(join(top, "damaged")));
  return true;
}

async function killedAt(operation: Operation, step: number, steps: readonly string[]): Promise<void> {
  const { old, new: fresh, previous } = CASES[operation];
  const name = `${operation}, killed after ${step} of ${steps.length}: ${steps[step - 1]}`;
  const home = homeFor(operation, `${operation}-${step}`);
  expect({ name, ended: await killedChild(operation, home, step) }).toEqual({ name, ended: "SIGKILL" });

  // As the kill left it, before anything is put right.
  const left = stillDamaged(operation, home) ? old : wholeVersion(home);
  expect({ name, left: [old, fresh].includes(left as Code) }).toEqual({ name, left: true });
  if (old !== null && operation !== "purge")
    expect({ name, data: readFileSync(dataFile(home), "utf8") }).toEqual({ name, data: "mine" });

  // A device that was opened again is in order, and what was cut off can be done again.
  if (operation === "init") {
    await operate("init", target(home)).catch((error) => expect(error.code).toBe("device.initialised"));
  } else {
    const after: Code = await inDevice(home, async (device) => list(device)[0]?.versionCode ?? null);
    const whole = stillDamaged(operation, home) ? old : wholeVersion(home);
    expect({ name, whole }).toEqual({ name, whole: after });
    expect([old, fresh]).toContain(after);
    if (after !== fresh || operation === "repair" || operation === "purge")
      await operate(operation, target(home)).catch((error) =>
        expect(error.code).toBe("device.not_installed"),
      );
  }
  await expectInOrder(name, home, fresh, previous);
  if (operation === "purge") expect(existsSync(dataFile(home))).toBe(false);
}

describe("a device that is killed after durable writes of", () => {
  for (const operation of OPERATIONS) {
    test(
      operation,
      async () => {
        const { new: fresh, previous } = CASES[operation];
        await expectInOrder(operation, join(top, `${operation}-whole`), fresh, previous);
        const steps = stepsOf.get(operation) ?? [];
        expect(steps.length).toBeGreaterThan(3);
        await twoAtATime(chosen.get(operation) ?? [], (step) => killedAt(operation, step, steps));
      },
      KILLS_TIMEOUT_MS,
    );
  }
});
