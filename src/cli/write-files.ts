/** Files of the person who calls, written so that a crash leaves the old file or the new one. */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { type FileHandle, link, lstat, mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Problem } from "../errors.ts";
import * as durable from "../storage/durable.ts";
import { writeAll } from "../storage/file-source.ts";
import { otherThing } from "../storage/outside-file.ts";
import { exists, notAFile, withFile } from "./files.ts";
import { isSystemError, systemProblem } from "./report.ts";

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What this process writes and has not renamed yet; a process that ends early takes it along. */
const unfinished = new Set<string>();
process.on("exit", () => {
  for (const path of unfinished) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Why the process ends was said already, and nobody is left to tell.
    }
  }
});

/**
 * Gives `write` a free name beside `final`; nothing of that name is left in whatever way `write` ends, but by a kill, or
 * where the folder cannot be written any more. What lies there then is called `.NAME.<12 hex digits>.tmp`, which `pack`
 * leaves out. What `write` threw is what is thrown: cleaning up never hides it.
 */
export async function withTemporary<Value>(
  final: string,
  write: (temporary: string) => Promise<Value>,
): Promise<Value> {
  const temporary = join(dirname(final), `.${basename(final)}.${randomBytes(6).toString("hex")}.tmp`);
  unfinished.add(temporary);
  try {
    const value = await write(temporary).catch(async (error: unknown) => {
      await remove(temporary).catch(() => undefined);
      throw error;
    });
    await remove(temporary);
    return value;
  } finally {
    unfinished.delete(temporary);
  }
}

/** A read-only disk, or a folder that became unreadable, refuses to remove even what is not there. */
async function remove(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (await isThere(path)) throw isSystemError(error) ? systemProblem(error, "remove", path) : error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    return !(isSystemError(error) && error.code === "ENOENT");
  }
}

/**
 * Writes a file whole or not at all: beside it first, flushed to the disk, then renamed over it. Keeps the mode of what
 * was there.
 * @throws Problem `file.…`, `file.not_a_file`, `file.private_key`
 */
export async function writeFileAtomic(path: string, chunks: Chunks, mode = 0o644): Promise<void> {
  await fillFileAtomic(path, (handle) => writeChunks(handle, chunks), mode);
}

/**
 * The same for a file that is not written from its start to its end: `fill` writes and reads it as it likes.
 * @throws Problem `file.…`, `file.not_a_file`; what `fill` throws
 */
export async function fillFileAtomic<Value>(
  path: string,
  fill: (handle: FileHandle, temporary: string) => Promise<Value>,
  mode = 0o644,
): Promise<Value> {
  const target = await existingTarget(path);
  const final = target?.path ?? path;
  return writing(path, () =>
    withTemporary(final, async (temporary) => {
      const value = await flushed(temporary, target?.mode ?? mode, target !== null, (handle) =>
        fill(handle, temporary),
      );
      await rename(temporary, final);
      await syncFolder(dirname(final));
      return value;
    }),
  );
}

async function writeChunks(handle: FileHandle, chunks: Chunks): Promise<void> {
  for await (const chunk of chunks) await writeAll(handle, chunk);
}

/**
 * Writes a file that is not there yet, to the disk itself.
 *
 * @param exact The mode is this one whatever the umask cuts off, or a mounted file system adds.
 */
export async function writeFlushed(path: string, chunks: Chunks, mode: number, exact = false): Promise<void> {
  await flushed(path, mode, exact, (handle) => writeChunks(handle, chunks));
}

async function flushed<Value>(
  path: string,
  mode: number,
  exact: boolean,
  fill: (handle: FileHandle) => Promise<Value>,
): Promise<Value> {
  const handle = await open(path, "wx", mode);
  let value: Value;
  try {
    if (exact) await handle.chmod(mode);
    value = await fill(handle);
    await handle.sync();
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
  await handle.close();
  return value;
}

/** As withFile, and says of a path without a folder that the folder is what is missing. */
export async function writing<Value>(path: string, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT" && !(await isThere(dirname(path)))) {
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

/** Nobody can make it again, and a slip of the hand is enough to name it. Who may write a file and not read it is not held up. */
async function holdsPrivateKey(path: string): Promise<boolean> {
  try {
    const start = await Bun.file(path).slice(0, KEY_LOOKED_INTO_BYTES).text();
    return /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/.test(start);
  } catch {
    return false;
  }
}

/** Some tools write the key's parameters, or what it is for, before it. */
const KEY_LOOKED_INTO_BYTES = 4096;

function privateKey(path: string): Problem {
  return new Problem(
    "unreachable",
    "file.private_key",
    `${path} holds a private key and is not overwritten. Choose another name.`,
  );
}

/** Through a link to the file itself, so that the link stays one. A device, a folder or a private key is never replaced. */
async function existingTarget(path: string): Promise<{ path: string; mode: number } | null> {
  return withFile("write", path, async () => {
    try {
      const facts = await stat(path);
      const other = otherThing(facts);
      if (other !== null) throw notAFile("write", path, other);
      if (await holdsPrivateKey(path)) throw privateKey(path);
      return { path: await realpath(path), mode: facts.mode & 0o777 };
    } catch (error) {
      if (isSystemError(error) && error.code === "ENOENT") return null;
      throw error;
    }
  });
}

/**
 * Writes a file that must not be there yet, readable by its owner only; it gets its name when it is whole.
 * @throws Problem `file.eexist`; `file.…`
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
    "unreachable",
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
  await durable.syncFolder(path).catch((error: unknown) => {
    // Who may write into a folder and not list it cannot flush it; the file has its name all the same.
    if (!isSystemError(error) || error.code !== "EACCES") throw error;
  });
}
