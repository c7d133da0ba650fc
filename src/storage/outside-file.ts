/**
 * Files that come from outside: a copy of a catalogue, an unpacked release, what a command line names. Under such a name
 * may stand a pipe that nobody writes to, a device without end, a folder, or a link to one of them.
 */
import { constants, lstatSync, type Stats, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { readAtMost } from "./read-at-most.ts";

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
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (ownName ? constants.O_NOFOLLOW : 0);
  const opened = await open(path, flags).catch((error: unknown) => {
    // A socket cannot be opened at all.
    if (codeOf(error) === "ENXIO") return "a socket";
    if (codeOf(error) === "EISDIR") return "a folder";
    throw error;
  });
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
  return openPlainFile(path, options).catch((error: unknown) => {
    const code = codeOf(error);
    if (code === "ELOOP") return { handle: null, found: options.ownName ? "a link" : "a loop of links" };
    if (NOTHING.has(code)) return { handle: null, found: "no such file" };
    throw error;
  });
}

/** The last is what a name with a NUL in it is answered with. */
const NOTHING = new Set(["ENOENT", "ENOTDIR", "ENAMETOOLONG", "EINVAL", "ERR_INVALID_ARG_VALUE"]);

export type Looked =
  | { readonly bytes: Uint8Array; readonly found: null; readonly isTooLarge: false }
  | { readonly bytes: null; readonly found: string; readonly isTooLarge: boolean };

/** The bytes of a file of at most `maxBytes`, or in words what is there instead. @throws EACCES, EIO and the like */
export async function readIfFile(path: string, maxBytes: number, options: Options = {}): Promise<Looked> {
  const opened = await openIfFile(path, options);
  if (opened.handle === null) return { bytes: null, found: opened.found, isTooLarge: false };
  try {
    const bytes = await readAtMost(opened.handle, maxBytes);
    return bytes === null
      ? { bytes: null, found: `more than ${maxBytes} bytes`, isTooLarge: true }
      : { bytes, found: null, isTooLarge: false };
  } finally {
    await opened.handle.close();
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
