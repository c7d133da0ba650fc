/** A real store on a temporary folder: database, migrations, blobs on disk, vault, and a clock that the test sets. */
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { liveConfig } from "../accounts/store-settings/live.ts";
import { migrations } from "../assets.ts";
import { openApi } from "../boot/platform-api.ts";
import type { Clock } from "../clock.ts";
import { type Flags, loadConfig } from "../config.ts";
import type { Store } from "../context.ts";
import { closeDatabase, openDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { openVault } from "../keys/vault.ts";
import type { Log, LogFields } from "../log.ts";
import { openDiskBlobs } from "../storage/disk.ts";
import { keptFile } from "./kept.ts";

/** Settings for tests, which all ask from one address and mostly with a clock that stands still. */
export const MANY_REQUESTS = {
  addressRequests: "1000000",
  accountRequests: "1000000",
  keyRequests: "1000000",
} as const;

export type TestClock = Clock & { set(to: Date): void; advance(ms: number): void };

/** Starts at the machine's present second unless told otherwise; then it stands still. */
export function testClock(start: Date = new Date(Math.floor(Date.now() / 1000) * 1000)): TestClock {
  let nowMs = start.getTime();
  return {
    now: () => new Date(nowMs),
    set: (to) => {
      nowMs = to.getTime();
    },
    advance: (ms) => {
      nowMs += ms;
    },
  };
}

export type TestStore = Omit<Store, "clock"> & {
  readonly clock: TestClock;
  readonly dataDir: string;
  /** Closes the store; with a folder that the test gave, the folder stays. */
  close(): void;
};

export type TestStoreOptions = {
  /** Opens this folder instead of a temporary one: what a restart does. */
  readonly dataDir?: string;
  /** Opens a copy of this folder, in which no store is open. */
  readonly copyOf?: string;
  readonly clock?: TestClock;
  readonly log?: Log;
  readonly flags?: Flags;
  /** Called after each step that survives a kill. */
  readonly onDurableWrite?: (step: string) => void;
};

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error: refuseUntold };

/** What changed something and told the audit log nothing fails there and then. */
function refuseUntold(event: string, fields: LogFields = {}): void {
  if (event === "audit.missing") throw new Error(`not in the audit log: ${JSON.stringify(fields)}`);
}

export async function openTestStore(options: TestStoreOptions = {}): Promise<TestStore> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "mosis-test-"));
  if (options.copyOf !== undefined) cpSync(options.copyOf, dataDir, { recursive: true });
  const clock = options.clock ?? testClock();
  const log = options.log ?? silentLog;
  const file = join(dataDir, "mosis.db");
  if (!existsSync(file)) writeFileSync(file, emptyDatabase());
  const db = openDatabase(file, options.onDurableWrite);
  migrate(db, migrations(), clock.now());
  const blobs = await openDiskBlobs(dataDir, options.onDurableWrite);
  const vault = openVault({ file: null, dataDir, mayCreate: true, log });
  const start = loadConfig({ ...MANY_REQUESTS, dataDir, ...options.flags }, {});
  const current = liveConfig(db, start, clock, log);
  return {
    db,
    blobs,
    vault,
    api: openApi(dataDir),
    clock,
    log,
    get config() {
      return current();
    },
    wakeJobs: () => {},
    dataDir,
    close() {
      closeDatabase(db);
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

let migrated: Uint8Array | null = null;

/** What the migrations make of a new file: they take longer than all else that opening a store does, and so run once in a check. */
export function emptyDatabase(): Uint8Array {
  migrated ??= keptFile("empty.db", () => {
    const db = openDatabase(":memory:");
    migrate(db, migrations(), new Date(0));
    const made = db.raw.serialize();
    closeDatabase(db);
    return made;
  });
  return migrated;
}
