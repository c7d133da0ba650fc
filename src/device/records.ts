/**
 * state.db: what the device knows besides the files. The `current` link is the truth about what runs; the rows say
 * where it came from, and what is pinned.
 */
import { Database, SQLiteError } from "bun:sqlite";
import { Problem } from "../errors.ts";
import type { LineageKey } from "../format/lineage.ts";
import type { AppId, Sha256, VersionCode } from "../ids.ts";
import { isNoRoom, noRoom } from "./no-room.ts";
import type { Subjects } from "./trust.ts";

export type StateDb = { readonly raw: Database; readonly onDurableWrite: (step: string) => void };

const SCHEMA = `
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS apps (
  app_id TEXT PRIMARY KEY NOT NULL,
  developer_id TEXT NOT NULL,
  lineage TEXT NOT NULL,
  pinned_at INTEGER NOT NULL,
  current INTEGER,
  previous INTEGER,
  pending INTEGER,
  skipped INTEGER,
  disabled_reason TEXT,
  data_version INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS releases (
  app_id TEXT NOT NULL REFERENCES apps (app_id),
  version_code INTEGER NOT NULL,
  version TEXT NOT NULL,
  name TEXT NOT NULL,
  content_digest TEXT NOT NULL,
  data_version INTEGER NOT NULL,
  developer_id TEXT NOT NULL,
  developer_keyid TEXT NOT NULL,
  developer_certificate TEXT NOT NULL,
  release_keyid TEXT NOT NULL,
  release_certificate TEXT NOT NULL,
  approved_at INTEGER NOT NULL,
  installed_at INTEGER NOT NULL,
  PRIMARY KEY (app_id, version_code)
) STRICT;
`;

/** What is known of an app for as long as its data may be there; the pins outlive a removal. */
export type AppRow = {
  readonly appId: AppId;
  readonly developerId: string;
  /** The keys that may sign the app; it only grows. */
  readonly lineage: readonly LineageKey[];
  readonly pinnedAt: Date;
  readonly current: VersionCode | null;
  /** Kept for a rollback. */
  readonly previous: VersionCode | null;
  /** What `current` is about to point at. */
  readonly pending: VersionCode | null;
  /** A person went back from this version: an update of everything does not bring it again. */
  readonly skipped: VersionCode | null;
  readonly disabledReason: string | null;
  /** The highest of all versions that ran: what the app's data may be of, also when it is not installed now. */
  readonly dataVersion: number;
  readonly changedAt: Date;
};

/** One version whose files are on the disk. */
export type ReleaseRow = Subjects & {
  readonly versionCode: VersionCode;
  readonly version: string;
  /** In the manifest's default locale. */
  readonly name: string;
  readonly dataVersion: number;
  readonly installedAt: Date;
};

/**
 * Opens the file for this process alone, for as long as it is open.
 * @throws Problem `device.busy`, `device.disk_full`, `device.state_unreadable`
 */
export function openState(path: string, onDurableWrite: StateDb["onDurableWrite"]): StateDb {
  let raw: Database | null = null;
  try {
    raw = new Database(path, { create: true, strict: true });
    raw.run("PRAGMA busy_timeout = 2000");
    raw.run("PRAGMA locking_mode = EXCLUSIVE");
    raw.run("PRAGMA journal_mode = WAL");
    raw.run("PRAGMA synchronous = FULL");
    raw.run("PRAGMA foreign_keys = ON");
    raw.run(SCHEMA);
    // An exclusive lock is taken by the first write, and then kept.
    raw.run("BEGIN EXCLUSIVE");
    raw.run("COMMIT");
    onDurableWrite("state opened");
    return { raw, onDurableWrite };
  } catch (error) {
    raw?.close();
    throw isBusy(error)
      ? new Problem(
          "conflict",
          "device.busy",
          "Another command works on this device: wait for it to end.",
          [],
          {
            cause: error,
          },
        )
      : stateProblem(path, error);
  }
}

function stateProblem(path: string, error: unknown): Problem {
  if (isNoRoom(error)) return noRoom(error, path);
  return new Problem(
    "unreachable",
    "device.state_unreadable",
    `The device's state ${path} cannot be read or written: ${error instanceof Error ? error.message : String(error)}.`,
    [],
    { cause: error },
  );
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}

export function closeState(db: StateDb): void {
  db.raw.close();
}

/** One transaction; what `change` throws undoes it. @throws Problem `device.disk_full`, `device.state_unreadable` */
export function changeState<T>(db: StateDb, change: () => T extends PromiseLike<unknown> ? never : T): T {
  let result: T;
  try {
    result = db.raw.transaction(change).immediate() as T;
  } catch (error) {
    throw error instanceof SQLiteError ? stateProblem(db.raw.filename, error) : error;
  }
  db.onDurableWrite("state");
  return result;
}

export function getFact(db: StateDb, name: string): string | null {
  return (
    db.raw.query<{ value: string }, [string]>("SELECT value FROM facts WHERE name = ?").get(name)?.value ??
    null
  );
}

/** Facts whose names begin so, by their names. */
export function listFacts(db: StateDb, prefix: string): { readonly name: string; readonly value: string }[] {
  return db.raw
    .query<{ name: string; value: string }, [string, string]>(
      "SELECT name, value FROM facts WHERE substr(name, 1, length(?)) = ? ORDER BY name",
    )
    .all(prefix, prefix);
}

export function setFact(db: StateDb, name: string, value: string): void {
  db.raw
    .query(
      "INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .run(name, value);
}

type RawApp = {
  app_id: string;
  developer_id: string;
  lineage: string;
  pinned_at: number;
  current: number | null;
  previous: number | null;
  pending: number | null;
  skipped: number | null;
  disabled_reason: string | null;
  data_version: number;
  changed_at: number;
};

function toApp(row: RawApp): AppRow {
  return {
    appId: row.app_id as AppId,
    developerId: row.developer_id,
    lineage: readPins(row.lineage),
    pinnedAt: new Date(row.pinned_at),
    current: row.current as VersionCode | null,
    previous: row.previous as VersionCode | null,
    pending: row.pending as VersionCode | null,
    skipped: row.skipped as VersionCode | null,
    disabledReason: row.disabled_reason,
    dataVersion: row.data_version,
    changedAt: new Date(row.changed_at),
  };
}

type StoredKey = string | { readonly keyId: string; readonly lostAt: string | null };

function readPins(json: string): LineageKey[] {
  // Devices of before the statements pinned the key ids alone.
  return (JSON.parse(json) as StoredKey[]).map((key) =>
    typeof key === "string"
      ? { keyId: key, lostAt: null }
      : { keyId: key.keyId, lostAt: key.lostAt === null ? null : new Date(key.lostAt) },
  );
}

export function findApp(db: StateDb, appId: AppId): AppRow | null {
  const row = db.raw.query<RawApp, [string]>("SELECT * FROM apps WHERE app_id = ?").get(appId);
  return row ? toApp(row) : null;
}

export function listApps(db: StateDb): AppRow[] {
  return db.raw.query<RawApp, []>("SELECT * FROM apps ORDER BY app_id").all().map(toApp);
}

export function saveApp(db: StateDb, app: AppRow): void {
  db.raw
    .query(
      `INSERT INTO apps (app_id, developer_id, lineage, pinned_at, current, previous, pending, skipped, disabled_reason, data_version, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
       ON CONFLICT (app_id) DO UPDATE SET developer_id = ?2, lineage = ?3, current = ?5, previous = ?6, pending = ?7, skipped = ?8, disabled_reason = ?9,
         data_version = ?10, changed_at = ?11`,
    )
    .run(
      app.appId,
      app.developerId,
      JSON.stringify(app.lineage),
      app.pinnedAt.getTime(),
      app.current,
      app.previous,
      app.pending,
      app.skipped,
      app.disabledReason,
      app.dataVersion,
      app.changedAt.getTime(),
    );
}

type RawRelease = {
  app_id: string;
  version_code: number;
  version: string;
  name: string;
  content_digest: string;
  data_version: number;
  developer_id: string;
  developer_keyid: string;
  developer_certificate: string;
  release_keyid: string;
  release_certificate: string;
  approved_at: number;
  installed_at: number;
};

function toRelease(row: RawRelease): ReleaseRow {
  return {
    appId: row.app_id as AppId,
    versionCode: row.version_code as VersionCode,
    version: row.version,
    name: row.name,
    contentDigest: row.content_digest as Sha256,
    dataVersion: row.data_version,
    developerId: row.developer_id,
    developerKeyid: row.developer_keyid,
    developerCertificate: row.developer_certificate,
    releaseKeyid: row.release_keyid,
    releaseCertificate: row.release_certificate,
    approvedAt: new Date(row.approved_at),
    installedAt: new Date(row.installed_at),
  };
}

export function findRelease(db: StateDb, appId: AppId, code: VersionCode): ReleaseRow | null {
  const row = db.raw
    .query<RawRelease, [string, number]>("SELECT * FROM releases WHERE app_id = ? AND version_code = ?")
    .get(appId, code);
  return row ? toRelease(row) : null;
}

export function listReleases(db: StateDb, appId: AppId): ReleaseRow[] {
  return db.raw
    .query<RawRelease, [string]>("SELECT * FROM releases WHERE app_id = ? ORDER BY version_code DESC")
    .all(appId)
    .map(toRelease);
}

export function saveRelease(db: StateDb, release: ReleaseRow): void {
  db.raw
    .query("INSERT OR REPLACE INTO releases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    .run(
      release.appId,
      release.versionCode,
      release.version,
      release.name,
      release.contentDigest,
      release.dataVersion,
      release.developerId,
      release.developerKeyid,
      release.developerCertificate,
      release.releaseKeyid,
      release.releaseCertificate,
      release.approvedAt.getTime(),
      release.installedAt.getTime(),
    );
}

export function deleteRelease(db: StateDb, appId: AppId, code: VersionCode): void {
  db.raw.query("DELETE FROM releases WHERE app_id = ? AND version_code = ?").run(appId, code);
}

/** An app without releases. */
export function deleteApp(db: StateDb, appId: AppId): void {
  db.raw.query("DELETE FROM apps WHERE app_id = ?").run(appId);
}

export function deleteFact(db: StateDb, name: string): void {
  db.raw.query("DELETE FROM facts WHERE name = ?").run(name);
}
