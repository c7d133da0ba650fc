/** Opening the database, and the only two ways to change it: `write` and a migration. */
import { Database } from "bun:sqlite";
import { drizzle } from "drizzle-orm/bun-sqlite";
import { beginAnnouncing } from "./announcements.ts";
import { diskProblemAt } from "./full-disk.ts";
import * as schema from "./schema.ts";
import { emptyLog } from "./wal.ts";
import { beginWatching } from "./watch.ts";

type Orm = ReturnType<typeof drizzle<typeof schema>>;

/** What reads and writes take: the database itself or an open transaction. */
export type Tx = Pick<
  Orm,
  "select" | "selectDistinct" | "insert" | "update" | "delete" | "query" | "all" | "get" | "run"
>;

export type Db = {
  readonly orm: Orm;
  readonly raw: Database;
  /** Called after each commit; tests end the process here. */
  readonly onDurableWrite: (step: string) => void;
};

/** So many statements are kept compiled of each database. */
Database.MAX_QUERY_CACHE_SIZE = 256;

/**
 * Opens (and makes) a database file in WAL mode.
 *
 * synchronous=FULL, since an accepted job or upload must survive a power cut and not only a killed process.
 * @throws Problem `storage.full`, `storage.failing`
 */
export function openDatabase(path: string, onDurableWrite: (step: string) => void = () => {}): Db {
  let raw: Database | undefined;
  try {
    raw = new Database(path, { create: true, strict: true });
    // The query builder prepares every statement anew, which takes longer than running most of them.
    raw.prepare = raw.query.bind(raw) as typeof raw.prepare;
    raw.run("PRAGMA journal_mode = WAL");
    raw.run("PRAGMA synchronous = FULL");
    raw.run("PRAGMA foreign_keys = ON");
    raw.run("PRAGMA busy_timeout = 5000");
    raw.run("PRAGMA cache_size = -8000");
    // What a migration puts aside may not go into a file: of a container only the volume can be written.
    raw.run("PRAGMA temp_store = MEMORY");
    // What is deleted is overwritten: a key that was replaced must not be found in the file.
    raw.run("PRAGMA secure_delete = ON");
    const db = { orm: drizzle(raw, { schema }), raw, onDurableWrite };
    // What a kill or a full disk left in the log goes the way that it goes at an orderly end, or later.
    emptyLog(db);
    return db;
  } catch (error) {
    if (raw) release(raw);
    throw diskProblemAt(path, error);
  }
}

type NotAPromise<T> = T extends PromiseLike<unknown> ? never : T;

/**
 * Runs one transaction (BEGIN IMMEDIATE). The function is synchronous by type: an async one would commit at its
 * first await. What it throws rolls everything back.
 * @throws Problem `storage.full`, `storage.failing`, and whatever the function throws
 */
export function write<T>(db: Db, change: (tx: Tx) => NotAPromise<T>): T {
  const committed = beginWatching(db.raw);
  const announce = beginAnnouncing();
  let result: NotAPromise<T>;
  try {
    result = db.orm.transaction((tx) => change(tx as unknown as Tx), { behavior: "immediate" });
  } catch (error) {
    announce(null);
    throw diskProblemAt(db.raw.filename, error);
  }
  committed?.();
  db.onDurableWrite("database");
  announce(db);
  return result;
}

/** What `write` would give or throw, with nothing changed. */
export function rehearse<T>(db: Db, change: (tx: Tx) => NotAPromise<T>): NotAPromise<T> {
  const outcome: { result?: NotAPromise<T> } = {};
  const rollBack = new Error("only rehearsed");
  try {
    db.orm.transaction(
      (tx) => {
        outcome.result = change(tx as unknown as Tx);
        throw rollBack;
      },
      { behavior: "immediate" },
    );
  } catch (error) {
    if (error !== rollBack) throw diskProblemAt(db.raw.filename, error);
  }
  if (!("result" in outcome)) throw new Error("a rehearsal gave nothing");
  return outcome.result as NotAPromise<T>;
}

/** Reads, and takes the write lock and lets it go: throws when the file cannot be read or written. */
export function probeDatabase(db: Db): void {
  db.raw.query("SELECT count(*) FROM settings").get();
  db.raw.run("BEGIN IMMEDIATE");
  db.raw.run("ROLLBACK");
}

/** The log is emptied by whoever opens the database next where it cannot be now. */
export function closeDatabase(db: Db): void {
  emptyLog(db);
  abandonDatabase(db);
}

/** After an error: the log stays as it is. */
export function abandonDatabase({ raw }: Pick<Db, "raw">): void {
  release(raw);
}

/** A statement that is kept compiled keeps the file open. */
function release(raw: Database): void {
  raw.clearQueryCache();
  raw.close();
}
