/**
 * Plain SQL files, each in a transaction of its own, in the order of their numbers, remembered with a checksum.
 * drizzle's own migrator can skip a file and, with foreign keys on, delete child rows when it rebuilds a table.
 */
import { Problem } from "../errors.ts";
import { say } from "../say.ts";
import type { Db, Tx } from "./database.ts";

export type Migration = { readonly name: string; readonly sql: string };

/** What no SQL can do for the rows that were there before: by a migration's name without its number, and in its transaction. */
export type MigrationSteps = Readonly<Record<string, (tx: Tx) => void>>;

type Applied = { name: string; checksum: string };

const NAME_PATTERN = /^\d{4}_[a-z0-9_]+\.sql$/;

function checksum(sql: string): string {
  return new Bun.CryptoHasher("sha256").update(sql).digest("hex");
}

/**
 * Applies what is missing and gives the names of what it applied.
 *
 * @throws Problem `database.migration_changed` when an applied file is not what it was, `database.newer` when the
 *   database was made by a newer version of the program, `database.migration_failed` when a file breaks a foreign key.
 */
export function migrate(
  db: Db,
  migrations: readonly Migration[],
  now: Date,
  steps: MigrationSteps = {},
): string[] {
  db.raw.run(
    "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT",
  );
  const sorted = [...migrations].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name } of sorted) {
    if (!NAME_PATTERN.test(name)) throw new Error(`a migration is named NNNN_name.sql, found ${name}`);
  }
  const applied = db.raw.query<Applied, []>("SELECT name, checksum FROM migrations ORDER BY name").all();
  for (const row of applied) {
    const file = sorted.find((migration) => migration.name === row.name);
    if (!file) {
      throw new Problem(
        "unavailable",
        "database.newer",
        say`The database has the migration ${row.name}, which this version of mosis does not know: use the version that made it, or a newer one.`,
      );
    }
    if (checksum(file.sql) !== row.checksum) {
      throw new Problem(
        "unavailable",
        "database.migration_changed",
        say`The migration ${row.name} is not the one that was applied: this build was changed, use a released one.`,
      );
    }
  }
  const done = new Set(applied.map((row) => row.name));
  const names: string[] = [];
  for (const migration of sorted) {
    if (done.has(migration.name)) continue;
    apply(db, migration, now, steps[migration.name.slice("0000_".length)]);
    names.push(migration.name);
  }
  return names;
}

/** Foreign keys are off while a file runs (SQLite's procedure for rebuilding tables) and checked before the commit. */
function apply(db: Db, migration: Migration, now: Date, step: MigrationSteps[string] | undefined): void {
  db.raw.run("PRAGMA foreign_keys = OFF");
  try {
    db.raw.transaction(() => {
      db.raw.run(migration.sql);
      step?.(db.orm);
      const broken = db.raw.query("PRAGMA foreign_key_check").all();
      if (broken.length > 0) {
        throw new Problem(
          "unavailable",
          "database.migration_failed",
          say`The migration ${migration.name} would leave ${broken.length} rows without their parents; nothing was changed.`,
        );
      }
      db.raw
        .query("INSERT INTO migrations (name, checksum, applied_at) VALUES (?, ?, ?)")
        .run(migration.name, checksum(migration.sql), now.getTime());
    })();
    db.onDurableWrite("migration");
  } finally {
    db.raw.run("PRAGMA foreign_keys = ON");
  }
}
