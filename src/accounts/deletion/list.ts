/**
 * Whose accounts were deleted, as a file beside the database: their ids alone, one a line. When an older database comes back
 * out of a backup, those who are in it again are taken out again.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type AccountId, isId } from "../../ids.ts";

export const ERASED_LIST = "erased-accounts.txt";

/** A line that was cut off in the middle is none. */
export function readErased(dataDir: string): ReadonlySet<AccountId> {
  const lines = textOf(join(dataDir, ERASED_LIST)).split("\n");
  return new Set(lines.filter((line): line is AccountId => isId("acc", line)));
}

/** Those that are not in it yet; on the disk when it returns. */
export function addErased(dataDir: string, ids: readonly AccountId[]): void {
  const path = join(dataDir, ERASED_LIST);
  const text = textOf(path);
  const known = readErased(dataDir);
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length === 0) return;
  const file = openSync(path, "a", 0o600);
  try {
    const begin = text === "" || text.endsWith("\n") ? "" : "\n";
    writeSync(file, `${begin}${missing.join("\n")}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
