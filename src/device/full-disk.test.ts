/**
 * A device whose disk is full, at every amount of room from none to enough: a clear error with exit code 3, the old
 * version whole, nothing left in staging, and with room the same command works. In a check every second amount, with none
 * or with one to begin with; MOSIS_ROOM=all (as `bun run measure room` does) takes them all.
 */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { runCommand } from "../cli/test-io.ts";
import { APP_ID, openWorld, type ReleaseOptions, type World } from "../testing/device-world.ts";
import { noSmallDisk, openSmallDisk, type SmallDisk } from "../testing/small-disk.ts";

setDefaultTimeout(120_000);
if (noSmallDisk !== null) console.warn(`The tests of a full disk are skipped: ${noSmallDisk}.`);

const DISK_BYTES = 8 * 2 ** 20;
const BLOCK_BYTES = 4096;
/** At least so many amounts of room must have been too little, or the sweep saw nothing. */
const LEAST_REFUSALS = 10;

const EVERY = process.env.MOSIS_ROOM === "all" ? 1 : 2;

let world: World;
let disk: SmallDisk;
let home: string;
const releases = new Map<number, ReadonlyMap<string, Uint8Array>>();

/** A version whose large file no compression makes small, so that the package, and its files, can be what does not fit. */
async function release(code: number, containers: ReleaseOptions["containers"] = {}): Promise<void> {
  const noise = Buffer.concat(
    Array.from({ length: 2048 }, (_, index) => createHash("sha256").update(`${code} ${index}`).digest()),
  );
  const files = new Map([["data/noise.bin", noise]]);
  releases.set(code, await world.release(code, { files, containers }));
}

const device = (...words: readonly string[]) =>
  runCommand(["device", ...words, "--home", home, "--json"], { cwd: disk.folder, clock: world.store.clock });
const init = () => device("init", world.server.url, "--root-sha256", world.rootSha256);

/** Every file of the version that the link leads to is there, byte for byte. */
function expectWhole(code: number | null): void {
  const current = join(home, "apps", APP_ID, "current");
  if (code === null) {
    expect(existsSync(current)).toBe(false);
    return;
  }
  const files = releases.get(code) ?? new Map<string, Uint8Array>();
  for (const [name, bytes] of files)
    expect({ code, name, same: readFileSync(join(current, name)).equals(Buffer.from(bytes)) }).toEqual({
      code,
      name,
      same: true,
    });
}

type Sweep = {
  readonly command: () => ReturnType<typeof device>;
  readonly before: number | null;
  readonly after: number | null;
};

/** The home as it is now, with more room each time, until the command works. */
async function sweep({ command, before, after }: Sweep): Promise<void> {
  const saved = join(world.folder(), "home");
  cpSync(home, saved, { recursive: true, verbatimSymlinks: true });
  const codes = new Set<string>();
  const places = new Set<string>();
  let refusals = 0;
  const least = BLOCK_BYTES * Math.floor(Math.random() * EVERY);
  for (let freeBytes = least; ; freeBytes += BLOCK_BYTES * EVERY * (refusals * EVERY < 40 ? 1 : 4)) {
    disk.free();
    rmSync(home, { recursive: true });
    cpSync(saved, home, { recursive: true, verbatimSymlinks: true });
    disk.leave(freeBytes);
    const ran = await command();
    if (ran.exitCode === 0) break;
    refusals += 1;
    const { code, message } = (ran.json as { error: { code: string; message: string } }).error;
    codes.add(code);
    expect({ freeBytes, exitCode: ran.exitCode, code, message }).toMatchObject({ exitCode: 3 });
    const said = message.match(
      /^Could not write (\S+): the disk is full\. Now that what was half-written is gone, \d+ KiB are free\. .*Make room there, then run the command again\.$/,
    );
    expect({ freeBytes, message, said: said !== null }).toMatchObject({ said: true });
    places.add(relative(home, said?.[1] ?? "").replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "*"));
    expectWhole(before);
    const staging = join(home, "staging");
    expect({ freeBytes, left: existsSync(staging) ? readdirSync(staging) : [] }).toEqual({
      freeBytes,
      left: [],
    });

    disk.free();
    expect({ freeBytes, again: (await command()).exitCode }).toEqual({ freeBytes, again: 0 });
    expectWhole(after);
  }
  console.log(`${refusals} amounts of room were too little, for ${[...places].sort().join(", ")}`);
  expect([...codes]).toEqual(["device.disk_full"]);
  // Each time a file of it is named, and never the folder alone.
  expect(places.has("")).toBe(false);
  expect(refusals).toBeGreaterThan(LEAST_REFUSALS);
  disk.free();
  expectWhole(after);
  expect((await device("verify")).json).toMatchObject({ ok: true });
  expect(readdirSync(join(home, "staging"))).toEqual([]);
}

describe.skipIf(noSmallDisk !== null)("on a full disk", () => {
  beforeEach(async () => {
    world = await openWorld();
    disk = openSmallDisk(DISK_BYTES);
    home = join(disk.folder, "device");
  });

  afterEach(async () => {
    disk.close();
    await world.close();
  });

  test("init is refused and can be done again", async () => {
    mkdirSync(home);
    await sweep({ command: init, before: null, after: null });
  });

  test("an install is refused, and nothing of it stays", async () => {
    await init();
    await release(1);
    await sweep({ command: () => device("install", APP_ID), before: null, after: 1 });
  });

  test("an update is refused, and the old version stays whole", async () => {
    await init();
    await release(1);
    await device("install", APP_ID);
    await release(2);
    await sweep({ command: () => device("update"), before: 1, after: 2 });
  });

  test("an update by a delta is refused, no other way is tried, and the old version stays whole", async () => {
    await init();
    await release(1);
    await device("install", APP_ID);
    await release(2, { from: [1], compact: true });
    await sweep({ command: () => device("update"), before: 1, after: 2 });
    const asked = world.server.requests.map(({ path }) => path);
    expect(asked.filter((path) => path.includes("/packages/")).length).toBe(1);
  });
});
