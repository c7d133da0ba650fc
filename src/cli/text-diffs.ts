/** What changed in the small text files of two packages, line by line. */
import { createTwoFilesPatch } from "diff";
import type { FileChange } from "../format/compare.ts";
import type { Source } from "../format/source.ts";
import { readEntryBytes } from "../format/zip/entry.ts";
import { openContainer, type ZipEntry } from "../format/zip/reader.ts";
import { collectAfter } from "../storage/garbage.ts";

export type TextDiff = {
  /** In the unified format, without its two lines of file names. */
  readonly patch: string;
};

/** Larger files are named only: their lines would bury everything else. */
const MAX_TEXT_BYTES = 64 * 1024;
const MAX_FILES = 100;
/** Two texts that have nothing in common are told by their sizes; finding all differences would take long. */
const MAX_EDITS = 1000;
/** Of all files together: what the search for differences costs grows with the square of those of one. */
const MAX_EDITS_OF_ALL = 10_000;

/** By path; of files that are text in both (or one) and small enough. The packages were found right. */
export async function textDiffs(
  before: Source,
  after: Source,
  files: readonly FileChange[],
): Promise<ReadonlyMap<string, TextDiff>> {
  const was = await entriesOf(before, files);
  const is = await entriesOf(after, files);
  const diffs = new Map<string, TextDiff>();
  const read = async (source: Source, entry: ZipEntry | undefined) =>
    entry === undefined ? "" : textOf(await readEntryBytes({ source }, entry));
  let editsLeft = MAX_EDITS_OF_ALL;
  for (const file of files) {
    if (diffs.size === MAX_FILES || editsLeft <= 0) break;
    const sizes = [file.before, file.after].map((facts) => facts?.sizeBytes ?? 0);
    if (sizes.some((size) => size > MAX_TEXT_BYTES)) continue;
    const [old, fresh] = await Promise.all([
      read(before, was.get(file.path)),
      read(after, is.get(file.path)),
    ]);
    if (old === null || fresh === null) continue;
    const patch = createTwoFilesPatch("a", "b", old, fresh, undefined, undefined, {
      context: 3,
      maxEditLength: Math.min(MAX_EDITS, editsLeft),
    });
    // One that was given up had all of these, and looked for them.
    editsLeft -= patch === undefined ? MAX_EDITS : editsOf(patch);
    if (patch !== undefined) diffs.set(file.path, { patch: hunksOf(patch) });
  }
  return diffs;
}

/** Those of the files that changed; nothing else of the package is kept. */
async function entriesOf(
  source: Source,
  files: readonly FileChange[],
): Promise<ReadonlyMap<string, ZipEntry>> {
  const { byName } = await openContainer(source);
  const entries = new Map<string, ZipEntry>();
  for (const { path } of files) {
    const entry = byName.get(path);
    // By the name that is there already: 20,000 of them are not little.
    if (entry !== undefined) entries.set(path, { ...entry, name: path });
  }
  // What opening has left behind is not to stand beside what is read next.
  collectAfter(source);
  return entries;
}

/** Null for what is no text in UTF-8. */
function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function hunksOf(patch: string): string {
  const at = patch.indexOf("\n@@");
  return at === -1 ? "" : patch.slice(at + 1);
}

/** Lines that were added or taken away. */
function editsOf(patch: string): number {
  return patch.match(/^[+-]/gm)?.length ?? 0;
}
