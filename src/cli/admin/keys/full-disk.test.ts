/**
 * Commands of the store's keys on a disk with next to no room, at many amounts of it: each says that it is done and has done
 * it, or says that the disk is full and has changed nothing.
 */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../../boot/open-store.ts";
import { loadConfig } from "../../../config.ts";
import { closeDatabase, openDatabase } from "../../../db/database.ts";
import { MOSIS } from "../../../testing/mosis.ts";
import { noSmallDisk, openSmallDisk } from "../../../testing/small-disk.ts";
import { silentLog, testClock } from "../../../testing/store.ts";

setDefaultTimeout(240_000);
if (noSmallDisk !== null) console.warn(`The tests of a full disk are skipped: ${noSmallDisk}.`);

const DISK_BYTES = 32 * 2 ** 20;
/** By what had no room: the database, or the lock of the folder. */
const FULL = expect.stringMatching(/^(?:storage\.full|store\.unwritable)$/) as unknown as string;

let top: string;
const base = () => join(top, "store");

beforeAll(async () => {
  top = mkdtempSync(join(tmpdir(), "mosis-keys-disk-"));
  const config = loadConfig({ dataDir: base() }, {});
  const opened = await openStore({
    config,
    clock: testClock(),
    log: silentLog,
    mayCreate: true,
    runJobs: false,
  });
  await opened.scheduler.drain();
  await opened.close(10_000);
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

type Tried = {
  readonly exitCode: number;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly left: readonly string[];
  /** Of the log, once the command has ended: what came after it was emptied may be there without room. */
  readonly logBytes: number;
  /** Whether the sealed half of the key `tuf-bins` as it was before can be found in the database's files. */
  readonly holdsOld: boolean;
  /** In use, with what is sealed of each. */
  readonly keys: ReadonlyMap<string, string>;
};

/** Runs a command on a copy of the store, with so much room left on its disk, and looks at what it did. */
async function withRoom(roomKib: number, words: readonly string[]): Promise<Tried> {
  const disk = openSmallDisk(DISK_BYTES);
  try {
    const folder = join(disk.folder, "store");
    cpSync(base(), folder, { recursive: true });
    disk.leave(roomKib * 1024);
    const child = Bun.spawn([...MOSIS, "admin", "keys", ...words, "--data", folder, "--json"], {
      cwd: top,
      stdout: "pipe",
      stderr: "ignore",
      env: { ...process.env, HOME: top },
    });
    const json = JSON.parse(await new Response(child.stdout).text());
    const exitCode = await child.exited;
    const logBytes = statSync(join(folder, "mosis.db-wal"), { throwIfNoEntry: false })?.size ?? 0;
    const { error, left = [] } = json as {
      error?: { code: string; message: string };
      left?: readonly string[];
    };
    return {
      exitCode,
      code: error?.code,
      message: error?.message,
      left,
      logBytes,
      holdsOld: holdsOld(folder),
      keys: keysIn(folder),
    };
  } finally {
    disk.close();
  }
}

function holdsOld(folder: string): boolean {
  const old = Buffer.from(keysIn(base()).get("tuf-bins") ?? "", "hex");
  expect(old.length).toBeGreaterThan(32);
  return ["mosis.db", "mosis.db-wal"]
    .map((name) => join(folder, name))
    .some((path) => existsSync(path) && readFileSync(path).includes(old));
}

/** By the database itself, in a copy that has room. */
function keysIn(folder: string): ReadonlyMap<string, string> {
  const copy = mkdtempSync(join(top, "copy-"));
  for (const name of ["mosis.db", "mosis.db-wal"])
    if (existsSync(join(folder, name))) copyFileSync(join(folder, name), join(copy, name));
  const db = openDatabase(join(copy, "mosis.db"));
  try {
    const sql = "SELECT name, hex(sealed_private_key) AS sealed FROM signing_keys WHERE retired_at IS NULL";
    const rows = db.raw.query<{ name: string; sealed: string }, []>(sql).all();
    return new Map(rows.map(({ name, sealed }) => [name, sealed]));
  } finally {
    closeDatabase(db);
    rmSync(copy, { recursive: true });
  }
}

/** Whether it was done is what it says. */
function expectHonest(room: number, { exitCode, code, message }: Tried, isDone: boolean): void {
  expect({ room, exitCode, code, isDone }).toEqual(
    isDone ? { room, exitCode: 0, code: undefined, isDone } : { room, exitCode: 3, code: FULL, isDone },
  );
  // Nobody sent anything, and the disk is the caller's own to look after.
  if (code === "storage.full")
    expect({ room, message }).toEqual({
      room,
      message: expect.stringMatching(
        /^The disk of the store's data folder is full.*then run the command again\.$/,
      ),
    });
}

describe.skipIf(noSmallDisk !== null)("on a nearly full disk", () => {
  test("replace is done or has changed nothing, and says which", async () => {
    const seen: Tried[] = [];
    for (const room of [0, 8, 40, 300, 360, 420, 500, 900, 1500, 8000]) {
      const tried = await withRoom(room, ["replace", "tuf-bins"]);
      expectHonest(room, tried, tried.keys.has("tuf-bins-2"));
      expect(tried.keys.has("tuf-bins")).toBe(!tried.keys.has("tuf-bins-2"));
      // What lies there still was told of; what was told of may have worked as the command ended.
      if (tried.exitCode === 0 && tried.holdsOld)
        expect({ room, left: tried.left }).toEqual({ room, left: expect.arrayContaining(["old_keys"]) });
      seen.push(tried);
    }
    expect(seen.some(({ code }) => code === "storage.full")).toBe(true);
    expect(seen.some(({ left }) => left.includes("old_keys"))).toBe(true);
    expect(seen.filter(({ exitCode }) => exitCode !== 0).every(({ holdsOld }) => holdsOld)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ exitCode: 0, left: [], logBytes: 0, holdsOld: false });
  });

  test("reseal is done or has changed nothing, and says which", async () => {
    const before = keysIn(base()).get("tuf-bins");
    const seen: Tried[] = [];
    for (const room of [0, 4, 8, 12, 16, 20, 40, 80, 8000]) {
      const tried = await withRoom(room, ["reseal", "--new-master-key-file", join(top, `${room}.key`)]);
      expectHonest(room, tried, tried.keys.get("tuf-bins") !== before);
      seen.push(tried);
    }
    expect(seen.some(({ code }) => code === "storage.full")).toBe(true);
    expect(seen.at(-1)).toMatchObject({ exitCode: 0, left: [], logBytes: 0 });
  });
});
