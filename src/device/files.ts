/** Files that survive a power cut: written, synced, and put in place by one rename. */
import { type FileHandle, mkdir, open, readdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A rename is durable only when its folder is synced; Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Syncs a file that another hand wrote. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Create-exclusive, filled by `fill`, synced. */
export async function writeNewFile(path: string, fill: (handle: FileHandle) => Promise<void>): Promise<void> {
  const handle = await open(path, "wx", 0o644);
  try {
    await fill(handle);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts `bytes` under `path` in one step, whatever was there. `staging` lies on the same disk. */
export async function replaceFile(staging: string, path: string, bytes: Uint8Array): Promise<void> {
  const next = join(staging, crypto.randomUUID());
  await writeNewFile(next, (handle) => handle.writeFile(bytes));
  await rename(next, path);
  await syncFolder(dirname(path));
}

/** Points the link at `target` (relative to the link's folder) in one step. */
export async function swapLink(staging: string, link: string, target: string): Promise<void> {
  const next = join(staging, crypto.randomUUID());
  await symlink(target, next, "dir");
  await rename(next, link);
  await syncFolder(dirname(link));
}

/** null when there is no such link. */
export async function readLink(path: string): Promise<string | null> {
  return readlink(path).catch(() => null);
}

/** Syncs every folder below `root`, the deepest first, and `root` itself. */
export async function syncTree(root: string): Promise<void> {
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncTree(join(root, entry.name));
  }
  await syncFolder(root);
}

/** Takes a folder away in one step: out of sight first, then file by file. No error when it is not there. */
export async function removeTree(staging: string, path: string): Promise<void> {
  const doomed = join(staging, crypto.randomUUID());
  try {
    await rename(path, doomed);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  await syncFolder(dirname(path));
  await rm(doomed, { recursive: true, force: true });
}

export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o755 });
}

/** Names in a folder; none when there is no such folder. */
export async function namesIn(path: string): Promise<string[]> {
  return readdir(path).catch((error) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
