/**
 * Files that come from outside: a copy of a catalogue, an unpacked release, what a command line names. Under such a name
 * may stand a pipe that nobody writes to, a device without end, a folder, or a link to one of them.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { readAtMostNow } from "./read-at-most.ts";

/** What stands under a name in the place of a plain file. */
export type OtherThing = "a folder" | "a pipe" | "a device" | "a socket";

/** The size is what the system says at the opening, which whoever reads bounds all the same. */
export type OpenFile = { readonly handle: FileHandle; readonly sizeBytes: number };
export type NoFile<Found = string> = { readonly handle: null; readonly found: Found };

type Options = {
  /** The name itself has to be the file's: a link may lead anywhere. */
  readonly ownName?: boolean;
};

/**
 * Opens a plain file to read it, without waiting for anybody; the caller closes it.
 * @throws what the system says of a name that leads to nothing: ENOENT, ELOOP, EACCES and the like
 */
export async function openPlainFile(
  path: string,
  { ownName = false }: Options = {},
): Promise<OpenFile | NoFile<OtherThing>> {
  const opened = await open(path, flagsOf({ ownName })).catch((error: unknown) => unopened(error));
  if (typeof opened === "string") return { handle: null, found: opened };
  let isKept = false;
  try {
    const facts = await opened.stat();
    const found = otherThing(facts);
    isKept = found === null;
    return found === null ? { handle: opened, sizeBytes: facts.size } : { handle: null, found };
  } finally {
    if (!isKept) await opened.close();
  }
}

/** As openPlainFile, and says in words what is there where the name leads to no file. @throws EACCES, EIO and the like */
export async function openIfFile(path: string, options: Options = {}): Promise<OpenFile | NoFile> {
  return openPlainFile(path, options).catch((error: unknown) => ({
    handle: null,
    found: nothingAt(error, options),
  }));
}

function flagsOf({ ownName = false }: Options): number {
  return constants.O_RDONLY | constants.O_NONBLOCK | (ownName ? constants.O_NOFOLLOW : 0);
}

/** What cannot be opened at all. */
function unopened(error: unknown): OtherThing {
  if (codeOf(error) === "ENXIO") return "a socket";
  if (codeOf(error) === "EISDIR") return "a folder";
  throw error;
}

/** In words, of a name that leads to no file. */
function nothingAt(error: unknown, { ownName = false }: Options): string {
  const code = codeOf(error);
  if (code === "ELOOP") return ownName ? "a link" : "a loop of links";
  if (NOTHING.has(code)) return "no such file";
  throw error;
}

/** The last is what a name with a NUL in it is answered with. */
const NOTHING = new Set(["ENOENT", "ENOTDIR", "ENAMETOOLONG", "EINVAL", "ERR_INVALID_ARG_VALUE"]);

export type Looked =
  | { readonly bytes: Uint8Array; readonly found: null; readonly isTooLarge: false }
  | { readonly bytes: null; readonly found: string; readonly isTooLarge: boolean };

/**
 * The bytes of a file of at most `maxBytes`, or in words what is there instead; read at once, since a catalogue has very many
 * small ones. @throws EACCES, EIO and the like
 */
export async function readIfFile(path: string, maxBytes: number, options: Options = {}): Promise<Looked> {
  const opened = openNow(path, options);
  if (typeof opened === "string") return { bytes: null, found: opened, isTooLarge: false };
  try {
    const facts = fstatSync(opened);
    const found = otherThing(facts);
    if (found !== null) return { bytes: null, found, isTooLarge: false };
    const bytes = readAtMostNow(opened, facts.size, maxBytes);
    return bytes === null
      ? { bytes: null, found: `more than ${maxBytes} bytes`, isTooLarge: true }
      : { bytes, found: null, isTooLarge: false };
  } finally {
    closeSync(opened);
  }
}

/** A descriptor, or in words what there is that is none. */
function openNow(path: string, options: Options): number | string {
  try {
    return openSync(path, flagsOf(options));
  } catch (error) {
    return ["ENXIO", "EISDIR"].includes(codeOf(error)) ? unopened(error) : nothingAt(error, options);
  }
}

/** Whether anything has that name, a link that leads nowhere too. */
export function isNamed(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** null for a folder and a link to one, or in words what stands there instead. @throws EACCES, EIO and the like */
export function notFolder(path: string): string | null {
  try {
    const facts = statSync(path);
    return facts.isDirectory() ? null : (otherThing(facts) ?? "a file");
  } catch (error) {
    const code = codeOf(error);
    if (code === "ELOOP") return "a loop of links";
    if (NOTHING.has(code)) return "a link to nothing";
    throw error;
  }
}

/** null for a plain file. */
export function otherThing(facts: Stats): OtherThing | null {
  if (facts.isFile()) return null;
  if (facts.isDirectory()) return "a folder";
  if (facts.isFIFO()) return "a pipe";
  return facts.isSocket() ? "a socket" : "a device";
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
