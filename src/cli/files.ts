/** Files of the person who calls: read with clear errors, written so that a crash leaves the old file or the new one. */
import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Problem } from "../errors.ts";
import type { Source } from "../format/source.ts";
import { isSystemError, systemProblem } from "./report.ts";

/** A path of the command line as an absolute one. */
export function resolvePath(cwd: string, relative: string): string {
  return resolve(cwd, relative);
}

/** Runs what touches a file; what the system refuses becomes a Problem `file.…` that names the path. */
export async function withFile<Value>(
  doing: string,
  path: string,
  act: () => Promise<Value>,
): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    throw isSystemError(error) ? systemProblem(error, doing, path) : error;
  }
}

/** A whole small file. @throws Problem `file.…`, `file.too_large` */
export async function readSmallFile(path: string, maxBytes = 1024 * 1024): Promise<Uint8Array> {
  return withFile("read", path, async () => {
    const facts = await stat(path);
    if (facts.isFile() && facts.size > maxBytes) {
      throw new Problem(
        "invalid",
        "file.too_large",
        `${path} has ${facts.size} bytes; at most ${maxBytes} are expected.`,
      );
    }
    return new Uint8Array(await readFile(path));
  });
}

/** A small file of UTF-8 text. @throws Problem `file.…`, `file.not_text` */
export async function readText(path: string): Promise<string> {
  const bytes = await readSmallFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Problem("invalid", "file.not_text", `${path} is not a text in UTF-8.`);
  }
}

/** Whether something is at that path. @throws Problem `file.…` */
export async function exists(path: string): Promise<boolean> {
  return withFile("look at", path, async () => {
    try {
      await stat(path);
      return true;
    } catch (error) {
      if (isSystemError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR")) return false;
      throw error;
    }
  });
}

/**
 * Opens a file as a source, gives it to `use` and closes it. Reading fails when the file shrinks meanwhile.
 * @throws Problem `file.…`
 */
export async function withSource<Value>(
  path: string,
  use: (source: Source) => Promise<Value>,
): Promise<Value> {
  const handle = await withFile("read", path, () => open(path, constants.O_RDONLY));
  try {
    const facts = await withFile("read", path, () => handle.stat());
    if (!facts.isFile()) {
      throw new Problem("unreachable", "file.not_a_file", `Could not read ${path}: it is not a file.`);
    }
    return await use({
      sizeBytes: facts.size,
      read: (offset, length) => withFile("read", path, () => readExactly(handle, path, offset, length)),
    });
  } finally {
    await handle.close();
  }
}

async function readExactly(
  handle: FileHandle,
  path: string,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled);
    if (bytesRead === 0) {
      throw new Problem(
        "unreachable",
        "file.changed",
        `${path} became shorter while it was read. Try again.`,
      );
    }
    filled += bytesRead;
  }
  return bytes;
}

const CHUNK_BYTES = 256 * 1024;

/** The bytes of a source from the start, in chunks; `endBytes` leaves out the rest. */
export async function* chunksOf(source: Source, endBytes = source.sizeBytes): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < endBytes; offset += CHUNK_BYTES) {
    yield await source.read(offset, Math.min(CHUNK_BYTES, endBytes - offset));
  }
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Writes a file whole or not at all: beside it first, flushed to the disk, then renamed over it. Keeps the mode of what
 * was there.
 * @throws Problem `file.…`, `file.not_a_file`
 */
export async function writeFileAtomic(path: string, chunks: Chunks, mode = 0o644): Promise<void> {
  const target = await existingTarget(path);
  const final = target?.path ?? path;
  await withFile("write", path, async () => {
    const temporary = join(dirname(final), `.${basename(final)}.${randomBytes(6).toString("hex")}.tmp`);
    const handle = await open(temporary, "wx", target?.mode ?? mode);
    try {
      try {
        for await (const chunk of chunks) await writeAll(handle, chunk);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, final);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(dirname(final));
  });
}

/** Through a link to the file itself, so that the link stays one. A device or a folder is never replaced. */
async function existingTarget(path: string): Promise<{ path: string; mode: number } | null> {
  return withFile("write", path, async () => {
    try {
      const facts = await stat(path);
      if (!facts.isFile()) {
        throw new Problem(
          "unreachable",
          "file.not_a_file",
          `Could not write ${path}: something other than a file is there.`,
        );
      }
      return { path: await realpath(path), mode: facts.mode & 0o777 };
    } catch (error) {
      if (isSystemError(error) && error.code === "ENOENT") return null;
      throw error;
    }
  });
}

/**
 * Writes a file that must not be there yet, readable by its owner only.
 * @throws Problem `conflict` `file.eexist`; `file.…`
 */
export async function writeNewSecret(path: string, text: string): Promise<void> {
  await withFile("write", path, async () => {
    const handle = await openNew(path);
    try {
      // The mode given to open is cut by the umask only, but a mounted file system may have added to it.
      await handle.chmod(0o600);
      await writeAll(handle, new TextEncoder().encode(text));
      await handle.sync();
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    await syncFolder(dirname(path));
  });
}

async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, "wx", 0o600);
  } catch (error) {
    if (isSystemError(error) && error.code === "EEXIST") {
      throw new Problem(
        "conflict",
        "file.eexist",
        `${path} is there already and is not overwritten. Choose another name.`,
      );
    }
    throw error;
  }
}

/** Makes a folder and those above it; new ones are for their owner only. */
export async function makePrivateFolder(path: string): Promise<void> {
  await withFile("make the folder", path, () => mkdir(path, { recursive: true, mode: 0o700 }));
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += (await handle.write(bytes, written, bytes.length - written)).bytesWritten;
  }
}

/** Makes a rename survive a power cut, where folders can be flushed. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
