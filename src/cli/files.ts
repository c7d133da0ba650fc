/** Files of the person who calls: read with clear errors, written so that a crash leaves the old file or the new one. */
import { randomBytes } from "node:crypto";
import { constants, rmSync } from "node:fs";
import { type FileHandle, link, mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Problem } from "../errors.ts";
import type { Source } from "../format/source.ts";
import { writeAll } from "../storage/disk.ts";
import { isSystemError, systemProblem } from "./report.ts";

/**
 * A path of the command line as an absolute one. An empty text, as an unset variable leaves it, is none: it would mean
 * the folder that one happens to be in.
 * @throws Problem `usage.empty_path`
 */
export function resolvePath(cwd: string, relative: string): string {
  if (relative === "") {
    throw new Problem(
      "usage",
      "usage.empty_path",
      "The name of a file or folder is empty. Is a variable unset?",
    );
  }
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
  // A pipe that nobody writes to would be waited for at its opening.
  const handle = await withFile("read", path, () => open(path, constants.O_RDONLY | constants.O_NONBLOCK));
  try {
    const facts = await withFile("read", path, () => handle.stat());
    if (!facts.isFile()) {
      throw new Problem("unreachable", "file.not_a_file", `Could not read ${path}: it is not a file.`);
    }
    return await use({
      sizeBytes: facts.size,
      read: async (offset, length) => {
        const bytes = new Uint8Array(length);
        await withFile("read", path, () => readExactly(handle, path, offset, bytes));
        return bytes;
      },
      readInto: (offset, bytes) => withFile("read", path, () => readExactly(handle, path, offset, bytes)),
    });
  } finally {
    await handle.close();
  }
}

async function readExactly(
  handle: FileHandle,
  path: string,
  offset: number,
  bytes: Uint8Array,
): Promise<void> {
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled);
    if (bytesRead === 0) {
      throw new Problem(
        "unreachable",
        "file.changed",
        `${path} became shorter while it was read. Try again.`,
      );
    }
    filled += bytesRead;
  }
}

const CHUNK_BYTES = 256 * 1024;

/** The bytes of a source from the start, in chunks; `endBytes` leaves out the rest. */
export async function* chunksOf(source: Source, endBytes = source.sizeBytes): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < endBytes; offset += CHUNK_BYTES) {
    yield await source.read(offset, Math.min(CHUNK_BYTES, endBytes - offset));
  }
}

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What this process writes and has not renamed yet; a process that ends early takes it along. */
const unfinished = new Set<string>();
process.on("exit", () => {
  for (const path of unfinished) rmSync(path, { recursive: true, force: true });
});

/**
 * Gives `write` a free name beside `final`; nothing of that name is left in whatever way `write` ends, but by a kill.
 * What lies there then is called `.NAME.<digits>.tmp`, which `pack` leaves out.
 */
export async function withTemporary<Value>(
  final: string,
  write: (temporary: string) => Promise<Value>,
): Promise<Value> {
  const temporary = join(dirname(final), `.${basename(final)}.${randomBytes(6).toString("hex")}.tmp`);
  unfinished.add(temporary);
  try {
    return await write(temporary);
  } finally {
    await rm(temporary, { recursive: true, force: true });
    unfinished.delete(temporary);
  }
}

/**
 * Writes a file whole or not at all: beside it first, flushed to the disk, then renamed over it. Keeps the mode of what
 * was there.
 * @throws Problem `file.…`, `file.not_a_file`
 */
export async function writeFileAtomic(path: string, chunks: Chunks, mode = 0o644): Promise<void> {
  const target = await existingTarget(path);
  const final = target?.path ?? path;
  await writing(path, () =>
    withTemporary(final, async (temporary) => {
      await writeFlushed(temporary, chunks, target?.mode ?? mode, target !== null);
      await rename(temporary, final);
      await syncFolder(dirname(final));
    }),
  );
}

/** @param exact The mode is this one whatever the umask cuts off, or a mounted file system adds. */
async function writeFlushed(path: string, chunks: Chunks, mode: number, exact: boolean): Promise<void> {
  const handle = await open(path, "wx", mode);
  try {
    if (exact) await handle.chmod(mode);
    for await (const chunk of chunks) await writeAll(handle, chunk);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** As withFile, and says of a path without a folder that the folder is what is missing. */
async function writing<Value>(path: string, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT" && !(await exists(dirname(path)))) {
      throw new Problem(
        "unreachable",
        "file.enoent",
        `Could not write ${path}: there is no folder ${dirname(path)}. Make it first.`,
        [],
        { cause: error },
      );
    }
    throw isSystemError(error) ? systemProblem(error, "write", path) : error;
  }
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
 * Writes a file that must not be there yet, readable by its owner only; it gets its name when it is whole.
 * @throws Problem `conflict` `file.eexist`; `file.…`
 */
export async function writeNewSecret(path: string, text: string): Promise<void> {
  await writing(path, () =>
    withTemporary(path, async (temporary) => {
      await writeFlushed(temporary, [new TextEncoder().encode(text)], 0o600, true);
      await nameNew(temporary, path);
      await syncFolder(dirname(path));
    }),
  );
}

/** A second name is refused when something has it; a rename would replace it. */
async function nameNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === "EEXIST") throw alreadyThere(path);
    if (!NO_LINKS.has(error.code)) throw error;
    // A file system without links: nothing better than to look first.
    if (await exists(path)) throw alreadyThere(path);
    await rename(temporary, path);
  }
}

const NO_LINKS = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"]);

export function alreadyThere(path: string): Problem {
  return new Problem(
    "conflict",
    "file.eexist",
    `${path} is there already and is not overwritten. Choose another name.`,
  );
}

/** Makes a folder and those above it; new ones are for their owner only. */
export async function makePrivateFolder(path: string): Promise<void> {
  await withFile("make the folder", path, () => mkdir(path, { recursive: true, mode: 0o700 }));
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
