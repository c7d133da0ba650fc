/** The releases that `apply-delta` and `make-delta` are given: a package, the folder of an unpacked one, or none. */
import { stat } from "node:fs/promises";
import { openInstalledFiles } from "../device/installed-files.ts";
import type { FileSet } from "../format/delta/read.ts";
import { checkBase, unpackedFiles, unpackedRelease } from "../format/delta/unpacked.ts";
import type { DeltaTarget } from "../format/delta/write.ts";
import { checkDigests, measureEntries } from "../format/digests.ts";
import type { Source } from "../format/source.ts";
import { openContainer } from "../format/zip/reader.ts";
import { openFileSource } from "../storage/file-source.ts";
import { withFile, withSource } from "./files.ts";
import { isSystemError, systemProblem } from "./report.ts";
import { withTemporary, writeFlushed, writing } from "./write-files.ts";

/** How a command line says that there is no base. */
export const NO_BASE = "-";

/**
 * Opens a base that is whole: a package by its container and digests, a folder by its list and every file of it.
 * `beside` is where unpacked files may lie meanwhile.
 * @throws FormatError MPK-C…, J…, D…, B011; Problem `file.…`
 */
export async function withBase<Value>(
  path: string | null,
  beside: string,
  use: (base: FileSet | null) => Promise<Value>,
): Promise<Value> {
  if (path === null) return use(null);
  const isFolder = await withFile("read", path, async () => (await stat(path)).isDirectory());
  if (!isFolder) return withSource(path, (source) => withUnpacked(source, beside, use));
  const base = await readBelow(path, () => openInstalledFiles(path));
  try {
    await readBelow(path, () => checkBase(base));
    return await use(base);
  } finally {
    await base.close();
  }
}

/** As withFile, and says of a file in the folder which one it is. */
async function readBelow<Value>(folder: string, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    throw isSystemError(error) ? systemProblem(error, "read", error.path ?? folder) : error;
  }
}

/** Unpacks a package for as long as `use` takes. @throws FormatError MPK-C…, J…, D… */
export async function withUnpacked<Value>(
  source: Source,
  beside: string,
  use: (release: FileSet & DeltaTarget) => Promise<Value>,
): Promise<Value> {
  const container = await openContainer(source);
  checkDigests(await measureEntries(container), container);
  return withTemporary(beside, async (temporary) => {
    // What was asked for is named, and not a name that nobody knows.
    await writing(beside, () => writeFlushed(temporary, unpackedFiles(container), 0o600));
    const unpacked = await openFileSource(temporary);
    try {
      return await use(await unpackedRelease(container, unpacked));
    } finally {
      await unpacked.close();
    }
  });
}
