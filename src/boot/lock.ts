/**
 * One process per data folder. The lock is an exclusive transaction on a file of its own: the kernel lets go of it when
 * the process ends in whatever way, so a kill leaves nothing to clean up.
 */
import { Database } from "bun:sqlite";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../errors.ts";

export type FolderLock = {
  /** Tells others, for their error message, what this process is. */
  describe(what: string): void;
  release(): void;
};

const HOLDER = "holder.txt";
/** How a server describes itself. */
export const SERVING = "serving";

/**
 * @throws Problem `store.locked` when another process holds the folder; it says which. `store.unwritable` when the
 *   folder cannot be made or written.
 */
function lockFolder(dataDir: string): FolderLock {
  const holder = join(dataDir, HOLDER);
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

const AGAIN_MS = 50;

/**
 * The same, when an admin command may have the folder for a moment: tries again, unless a server holds it.
 * @throws Problem as lockFolder
 */
export async function lockWhenFree(dataDir: string, waitMs: number): Promise<FolderLock> {
  const deadline = Bun.nanoseconds() + waitMs * 1e6;
  for (;;) {
    try {
      return lockFolder(dataDir);
    } catch (error) {
      const locked = error instanceof Problem && error.code === "store.locked";
      if (!locked || isServing(dataDir) || Bun.nanoseconds() > deadline) throw error;
    }
    await Bun.sleep(AGAIN_MS);
  }
}

/** Whether who holds the folder is a server that can be spoken to. */
function isServing(dataDir: string): boolean {
  return heldBy(join(dataDir, HOLDER)).includes(SERVING);
}

/**
 * Files that another user's process wrote would be out of reach for the store's own.
 * @throws Problem `store.wrong_user`
 */
export function refuseOthersStore(dataDir: string): void {
  const self = process.geteuid?.();
  const owner = ownerOf(join(dataDir, "mosis.db"));
  if (self === undefined || owner === null || owner === self) return;
  throw new Problem(
    "forbidden",
    "store.wrong_user",
    `The store in ${dataDir} belongs to the user with the number ${owner}, and this command runs as ${self}. Run it as that user (sudo -u '#${owner}' mosis …), or give the whole folder to this one.`,
  );
}

function ownerOf(path: string): number | null {
  try {
    return statSync(path).uid;
  } catch {
    return null;
  }
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
