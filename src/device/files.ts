/** Files that survive a power cut: written, synced, and put in place by one rename. */
import {
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  rename,
  rm,
  symlink,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { syncFolder } from "../storage/durable.ts";
import { naming } from "./no-room.ts";

export type Disk = {
  /** Where things lie until they are whole; on the same disk as the places that they go to. */
  readonly staging: string;
  /** Called after each step that survives a kill; tests end the process there. */
  readonly onDurableWrite: (step: string) => void;
};

/** Create-exclusive, filled by `fill`, synced; what could not be written whole goes again. */
export async function writeNewFile(
  disk: Disk,
  path: string,
  fill: (handle: FileHandle) => Promise<void>,
  mode = 0o644,
): Promise<void> {
  const handle = await open(path, "wx", mode);
  try {
    await naming(path, async () => {
      await fill(handle);
      await handle.sync();
    });
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
  disk.onDurableWrite(`write ${basename(path)}`);
}

/** Renames, on the same disk, and syncs the folder that it is now in. */
export async function moveIntoPlace(disk: Disk, from: string, to: string): Promise<void> {
  await rename(from, to);
  disk.onDurableWrite(`move ${basename(to)}`);
  await syncFolder(dirname(to));
}

/** Puts `bytes` under `path` in one step, whatever was there. */
export async function replaceFile(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const next = join(disk.staging, crypto.randomUUID());
  await writeNewFile(disk, next, (handle) => handle.writeFile(bytes));
  await orTakenAway(disk, next, () => moveIntoPlace(disk, next, path));
}

/** The same of what only this device's user may read. */
export async function replacePrivateFile(disk: Disk, path: string, bytes: Uint8Array): Promise<void> {
  const next = join(disk.staging, crypto.randomUUID());
  await writeNewFile(disk, next, (handle) => handle.writeFile(bytes), 0o600);
  await orTakenAway(disk, next, () => moveIntoPlace(disk, next, path));
}

/** Points the link at `target` (relative to the link's folder) in one step. */
export async function swapLink(disk: Disk, link: string, target: string): Promise<void> {
  const next = join(disk.staging, crypto.randomUUID());
  await symlink(target, next, "dir");
  disk.onDurableWrite(`link ${target}`);
  await orTakenAway(disk, next, () => moveIntoPlace(disk, next, link));
}

/** Gives what `work` gives; when it fails, what it left at `path` in staging goes, as far as it can. */
export async function orTakenAway<T>(disk: Disk, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // On a full disk every byte counts for whoever comes next; the first failure is the one to tell of.
    await removeTree(disk, path).catch(() => {});
    throw error;
  }
}

/** null when nothing is there, or no link. */
export async function readLink(path: string): Promise<string | null> {
  return readlink(path).catch((error) => {
    // A disk that cannot be read is no reason to take an app for lost.
    if (hasCode(error, "ENOENT", "EINVAL", "ENOTDIR")) return null;
    throw error;
  });
}

/** Whether there is a folder, and no link to one. */
export async function isRealFolder(path: string): Promise<boolean> {
  return lstat(path).then(
    (facts) => facts.isDirectory(),
    (error) => {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return false;
      throw error;
    },
  );
}

/** Syncs every folder below `root`, the deepest first, and `root` itself. */
export async function syncTree(root: string): Promise<void> {
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncTree(join(root, entry.name));
  }
  await syncFolder(root);
}

/**
 * Takes away a file, a link or a folder in one step: out of sight first, then file by file. A link's target stays. No
 * error when nothing is there.
 */
export async function removeTree(disk: Disk, path: string): Promise<void> {
  const doomed = join(disk.staging, crypto.randomUUID());
  try {
    await rename(path, doomed);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  disk.onDurableWrite(`take away ${basename(path)}`);
  await syncFolder(dirname(path));
  await rm(doomed, { recursive: true, force: true });
  disk.onDurableWrite(`delete ${basename(path)}`);
}

export async function makeFolder(disk: Disk, path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o755 });
  if (made !== undefined) disk.onDurableWrite(`folder ${basename(path)}`);
}

/** Names in a folder; none when there is no such folder. */
export async function namesIn(path: string): Promise<string[]> {
  return readdir(path).catch((error) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

export function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT");
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code)
  );
}
