/** A disk that takes no more, said as what it is to whoever has a device: what had no room, and what to do. */
import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { Problem } from "../errors.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of this user is used up",
  EFBIG: "a file may not be so large here",
  SQLITE_FULL: "the disk is full",
};

export function isNoRoom(error: unknown): boolean {
  return codeOf(error) in REASONS;
}

/** The system does not say of a file that is open already which one it is. */
export async function naming<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isNoRoom(error) && error instanceof Error && !("path" in error)) Object.assign(error, { path });
    throw error;
  }
}

/** `fallback`: what is named when the error names nothing. */
export function noRoom(error: unknown, fallback: string): Problem {
  const path = pathOf(error) ?? fallback;
  return new Problem(
    "unreachable",
    "device.disk_full",
    `Could not write ${path}: ${REASONS[codeOf(error)] ?? "the disk is full"}.${freeAt(path)} What is installed is whole. Make room there, then run the command again.`,
    [],
    { cause: error },
  );
}

/** As `work`, with what the disk did not take told by its name. @throws Problem `device.disk_full` */
export async function tellingNoRoom<T>(home: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isNoRoom(error) ? noRoom(error, home) : error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Of two names, as of a copy, the second is what is written. */
function pathOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ("dest" in error && typeof error.dest === "string") return error.dest;
  return "path" in error && typeof error.path === "string" ? error.path : null;
}

function freeAt(path: string): string {
  // What was half-written may be gone by now, and its folder with it.
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    const { bavail, bsize } = statfsSync(folder);
    return ` Now that what was half-written is gone, ${Math.floor((bavail * bsize) / 1024)} KiB are free.`;
  } catch {
    return "";
  }
}
