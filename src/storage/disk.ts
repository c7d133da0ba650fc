/** Blobs as files below one folder: staged beside it, synced, then renamed into place. */
import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import {
  copyFile,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { diskProblem, Problem } from "../errors.ts";
import type { Sha256 } from "../ids.ts";
import { say } from "../say.ts";
import { saidSize } from "../sizes.ts";
import { type BlobInfo, type Blobs, checkKey, missingBlob, type StagedBlob } from "./blobs.ts";
import { syncFile, syncFolder } from "./durable.ts";
import { openFileSource, writeAll } from "./file-source.ts";
import { noteGarbage } from "./garbage.ts";
import { openPartialFiles } from "./partial-files.ts";

/** What a large file has so far goes to the disk while the rest comes, so that little is left for the end. */
const SYNC_EVERY_BYTES = 32 * 2 ** 20;

/**
 * Opens the folder's `blobs/`, `staging/` and `partial/` (made when missing).
 * `onDurableWrite` is called after each step that survives a kill; tests end the process there.
 */
export async function openDiskBlobs(
  folder: string,
  onDurableWrite: (step: string) => void = () => {},
): Promise<Blobs> {
  const root = join(folder, "blobs");
  const staging = join(folder, "staging");
  await mkdir(root, { recursive: true, mode: 0o700 });
  await mkdir(staging, { recursive: true, mode: 0o700 });

  const pathOf = (key: string): string => {
    checkKey(key);
    return join(root, ...key.split("/"));
  };

  const moveIntoPlace = async (from: string, key: string): Promise<void> => {
    const target = pathOf(key);
    try {
      await makeFolder(dirname(target));
      await rename(from, target);
      await syncFolder(dirname(target));
    } catch (error) {
      await rm(from, { force: true });
      throw diskProblem(error);
    }
    onDurableWrite("blob");
  };

  /** What writes it may fail half-way, on a full disk for one: then nothing of it stays. */
  const staged = async (write: (handle: FileHandle) => Promise<void>): Promise<string> => {
    const path = join(staging, crypto.randomUUID());
    const handle = await open(path, "wx", 0o600).catch((error) => {
      throw diskProblem(error);
    });
    try {
      await write(handle);
      await handle.sync();
      await handle.close();
      return path;
    } catch (error) {
      await handle.close().catch(() => {});
      await rm(path, { force: true });
      throw diskProblem(error);
    }
  };

  /** A copy beside the target, then a rename: the target may be there already, and is never seen half written. */
  const alsoInPlace = async (from: string, key: string, missing: () => Problem): Promise<void> => {
    const path = join(staging, crypto.randomUUID());
    try {
      await link(from, path).catch((error) => {
        if (isMissing(error)) throw missing();
        return copyDurably(from, path);
      });
      await moveIntoPlace(path, key);
    } catch (error) {
      throw diskProblem(error);
    } finally {
      // rename(2) of one name onto another name of the same file does nothing and leaves both.
      await rm(path, { force: true });
    }
  };

  const partial = await openPartialFiles(join(folder, "partial"), alsoInPlace);

  return {
    partial,
    async stage(bytes, { maxBytes }) {
      let received: Received | undefined;
      const path = await staged(async (handle) => {
        received = await receive(bytes, handle, maxBytes);
      });
      if (!received) throw new Error("what was staged was not received");
      return stagedBlob(path, received.sha256, received.sizeBytes, moveIntoPlace);
    },
    async put(key, bytes) {
      await moveIntoPlace(await staged((handle) => handle.writeFile(bytes)), key);
    },
    async copy(from, to) {
      await alsoInPlace(pathOf(from), to, () => missingBlob(from));
    },
    async head(key) {
      const info = await stat(pathOf(key)).catch(() => null);
      return info?.isFile() ? { key, sizeBytes: info.size, modifiedAt: info.mtime } : null;
    },
    async bytes(key) {
      const bytes = await readFile(pathOf(key)).catch((error) => {
        throw isMissing(error) ? missingBlob(key) : error;
      });
      noteGarbage(bytes.byteLength);
      return bytes;
    },
    async open(key) {
      return openFileSource(pathOf(key)).catch((error) => {
        throw isMissing(error) ? missingBlob(key) : error;
      });
    },
    async withFile(key, use) {
      const path = pathOf(key);
      if (!(await Bun.file(path).exists())) throw missingBlob(key);
      return use(path);
    },
    async withFolder(use) {
      const folder = join(staging, crypto.randomUUID());
      await mkdir(folder, { mode: 0o700 }).catch((error) => {
        throw diskProblem(error);
      });
      try {
        return await use(folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    async stream(key, range) {
      const file = Bun.file(pathOf(key));
      if (!(await file.exists())) throw missingBlob(key);
      return range ? file.slice(range.start, range.endExclusive).stream() : file.stream();
    },
    async remove(key) {
      await rm(pathOf(key), { force: true });
    },
    async *list(prefix) {
      // Only the folder that the prefix names: one kind of blob may be far more numerous than another.
      const folder = join(root, ...prefix.split("/").slice(0, -1));
      for (const entry of await entriesBelow(folder)) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        const key = relative(root, path).split(sep).join("/");
        if (!key.startsWith(prefix)) continue;
        const info = await stat(path).catch(() => null);
        if (info) yield { key, sizeBytes: info.size, modifiedAt: info.mtime } satisfies BlobInfo;
      }
    },
    async clearStaging() {
      for (const name of await readdir(staging))
        await rm(join(staging, name), { force: true, recursive: true });
    },
  };
}

async function entriesBelow(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** A folder is there after a power cut only when the one that holds it was synced. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let folder = path; ; folder = dirname(folder)) {
    await syncFolder(dirname(folder));
    if (folder === first || folder === dirname(folder)) return;
  }
}

type Received = { readonly sha256: Sha256; readonly sizeBytes: number };

async function receive(
  bytes: AsyncIterable<Uint8Array>,
  handle: FileHandle,
  maxBytes: number,
): Promise<Received> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let unsyncedBytes = 0;
  let syncing = Promise.resolve();
  for await (const chunk of bytes) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) {
      throw new Problem(
        "too_large",
        "upload.too_large",
        say`The file is larger than the ${saidSize(maxBytes)} that this store takes.`,
      );
    }
    // The disk writes while this thread hashes.
    const written = writeAll(handle, chunk);
    hash.update(chunk);
    await written;
    unsyncedBytes += chunk.byteLength;
    if (unsyncedBytes >= SYNC_EVERY_BYTES) {
      unsyncedBytes = 0;
      await syncing;
      syncing = handle.datasync();
      syncing.catch(() => {});
    }
  }
  await syncing;
  return { sha256: hash.digest("hex") as Sha256, sizeBytes };
}

async function stagedBlob(
  path: string,
  sha256: Sha256,
  sizeBytes: number,
  moveIntoPlace: (from: string, key: string) => Promise<void>,
): Promise<StagedBlob> {
  const source = await openFileSource(path);
  let open = true;
  const release = async () => {
    if (!open) throw new Error("this staged blob was committed or discarded before");
    open = false;
    await source.close();
  };
  return {
    sha256,
    sizeBytes,
    source,
    async commit(key) {
      await release();
      await moveIntoPlace(path, key);
    },
    async discard() {
      if (!open) return;
      await release();
      await rm(path, { force: true });
    },
  };
}

/** For file systems without hard links. */
async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  await syncFile(to);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
