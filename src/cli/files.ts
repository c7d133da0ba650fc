/** Files of the person who calls, read with clear errors and within bounds; write-files.ts writes them. */
import { type FileHandle, open, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { isHandedOver } from "../config.files.ts";
import { Problem } from "../errors.ts";
import type { Source } from "../format/source.ts";
import { type OtherThing, openPlainFile } from "../storage/outside-file.ts";
import { readAtMost } from "../storage/read-at-most.ts";
import { isSystemError, systemProblem } from "./report.ts";

/**
 * A path of the command line as an absolute one. An empty text, as an unset variable leaves it, is none: it would mean
 * the folder that one happens to be in. Neither is one that has U+FFFD, which is what bytes become that are not UTF-8: it would
 * mean another file than the one that was named.
 * @throws Problem `usage.empty_path`, `usage.name_not_text`
 */
export function resolvePath(cwd: string, relative: string): string {
  if (relative === "") {
    throw new Problem(
      "usage",
      "usage.empty_path",
      "The name of a file or folder is empty. Is a variable unset?",
    );
  }
  const path = resolve(cwd, relative);
  if (path.includes("\u{FFFD}")) {
    throw new Problem(
      "usage",
      "usage.name_not_text",
      `The name ${path} is not in UTF-8, or has the character U+FFFD, which stands for what is not. Use another name.`,
    );
  }
  return path;
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

const SMALL_BYTES = 1024 * 1024;

/**
 * A whole small file, or what the caller hands over (standard input, `<(…)`) until its end: of neither is more read than is
 * allowed. Nothing else is read: a pipe that nobody writes to would be waited for.
 * @throws Problem `file.…`, `file.not_a_file`, `file.too_large`
 */
export async function readSmallFile(path: string, maxBytes = SMALL_BYTES): Promise<Uint8Array> {
  const handle = isHandedOver(path)
    ? await withFile("read", path, () => open(path, "r"))
    : (await openFile(path)).handle;
  let bytes: Uint8Array | null;
  try {
    bytes = await withFile("read", path, () => readAtMost(handle, maxBytes));
  } finally {
    await handle.close();
  }
  if (bytes !== null) return bytes;
  throw new Problem(
    "invalid",
    "file.too_large",
    `${path} has more than the ${maxBytes} bytes that are expected at most.`,
  );
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
  const { handle, sizeBytes } = await openFile(path);
  try {
    return await use({
      sizeBytes,
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

/** @throws Problem `file.…`, `file.not_a_file` */
async function openFile(path: string): Promise<{ readonly handle: FileHandle; readonly sizeBytes: number }> {
  const opened = await withFile("read", path, () => openPlainFile(path));
  if (opened.handle === null) throw notAFile("read", path, opened.found);
  return opened;
}

/** What a command is given is something else than a plain file. */
export function notAFile(doing: string, path: string, found: OtherThing): Problem {
  return new Problem("unreachable", "file.not_a_file", `Could not ${doing} ${path}: it is ${found}.`);
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
export async function* chunksOf(
  source: Source,
  endBytes = source.sizeBytes,
  fromBytes = 0,
): AsyncGenerator<Uint8Array> {
  for (let offset = fromBytes; offset < endBytes; offset += CHUNK_BYTES) {
    yield await source.read(offset, Math.min(CHUNK_BYTES, endBytes - offset));
  }
}
