/** Folders that a command makes: there whole or not at all, and none is left empty where the command failed. */
import { rmdirSync } from "node:fs";
import { lstat, mkdir, rename, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withFile } from "./files.ts";
import { isSystemError } from "./report.ts";
import { syncFolder, withTemporary } from "./write-files.ts";

/** What this process has made and not filled yet, the outermost first; a process that ends early takes it along. */
const unfilled = new Set<string>();
process.on("exit", () => {
  for (const path of [...unfilled].reverse()) {
    try {
      rmdirSync(path);
    } catch {
      // Something lies there, or it went already; nobody is left to tell.
    }
  }
});

/**
 * Makes what is missing of a folder and of those above it, and gives what `work` gives; when that fails, what was made and
 * holds nothing goes again.
 */
export async function withFolder<Value>(
  path: string,
  mode: number,
  work: () => Promise<Value>,
): Promise<Value> {
  const made = await missingOf(path);
  for (const one of made) unfilled.add(one);
  try {
    await withFile("make the folder", path, () => mkdir(path, { recursive: true, mode }));
    return await work();
  } catch (error) {
    // A folder that holds something is not removed by this.
    for (const one of made.toReversed()) await rmdir(one).catch(() => undefined);
    throw error;
  } finally {
    for (const one of made) unfilled.delete(one);
  }
}

/** The outermost first. */
async function missingOf(path: string): Promise<string[]> {
  if (dirname(path) === path) return [];
  try {
    await lstat(path);
    return [];
  } catch (error) {
    if (!isSystemError(error) || error.code !== "ENOENT") return [];
    return [...(await missingOf(dirname(path))), path];
  }
}

/**
 * Fills a folder that is not there, or is and is empty, with what `fill` writes into the folder that it is given; `last` is
 * put in place last. A new folder is written beside its place first. One that is there may be what a shell stands in or a
 * disk is mounted on: what is to be in it is written into it first, and then put in place.
 */
export async function fillFolder<Value>(
  folder: string,
  { isThere, mode, last }: { readonly isThere: boolean; readonly mode: number; readonly last: string },
  fill: (at: string) => Promise<{ readonly value: Value; readonly names: readonly string[] }>,
): Promise<Value> {
  if (isThere) {
    return withTemporary(join(folder, "new"), async (temporary) => {
      await mkdir(temporary, { mode });
      const { value, names } = await fill(temporary);
      for (const name of [...names.filter((one) => one !== last), last])
        await rename(join(temporary, name), join(folder, name));
      await syncFolder(folder);
      return value;
    });
  }
  return withFolder(dirname(folder), mode, () =>
    withTemporary(folder, async (temporary) => {
      await mkdir(temporary, { mode });
      const { value } = await fill(temporary);
      await rename(temporary, folder);
      await syncFolder(dirname(folder));
      return value;
    }),
  );
}
