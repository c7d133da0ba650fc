/**
 * One process per data folder. The lock is an exclusive transaction on a file of its own: the kernel lets go of it when
 * the process ends in whatever way, so a kill leaves nothing to clean up.
 */
import { Database } from "bun:sqlite";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../errors.ts";

export type FolderLock = {
  /** Tells others, for their error message, what this process is. */
  describe(what: string): void;
  release(): void;
};

/**
 * @throws Problem `store.locked` when another process holds the folder; it says which. `store.unwritable` when the
 *   folder cannot be made or written.
 */
export function lockFolder(dataDir: string): FolderLock {
  const holder = join(dataDir, "holder.txt");
  // Whatever this process writes from here on is for its own user, also in a folder that others may enter.
  process.umask(0o077);
  let database: Database;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    database = new Database(join(dataDir, "lock.db"), { create: true });
  } catch (error) {
    throw new Problem(
      "unreachable",
      "store.unwritable",
      `The data folder ${dataDir} cannot be made or written.`,
      [],
      {
        cause: error,
      },
    );
  }
  try {
    database.run("PRAGMA busy_timeout = 0");
    database.run("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (!isBusy(error)) {
      throw new Problem(
        "unreachable",
        "store.unwritable",
        `The data folder ${dataDir} cannot be written.`,
        [],
        {
          cause: error,
        },
      );
    }
    throw new Problem(
      "conflict",
      "store.locked",
      `Another mosis is using ${dataDir}${heldBy(holder)}. Stop it first, or use another folder.`,
    );
  }
  writeFileSync(holder, `process ${process.pid}\n`, { mode: 0o600 });
  return {
    describe: (what) => writeFileSync(holder, `process ${process.pid}, ${what}\n`, { mode: 0o600 }),
    release() {
      rmSync(holder, { force: true });
      database.run("ROLLBACK");
      database.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}

function heldBy(holder: string): string {
  try {
    return ` (${readFileSync(holder, "utf8").trim()})`;
  } catch {
    return "";
  }
}
