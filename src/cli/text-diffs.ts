/** What changed in the small text files of two packages, line by line. */
import { createTwoFilesPatch } from "diff";
import type { FileChange } from "../format/compare.ts";
import type { Source } from "../format/source.ts";
import { readEntryBytes } from "../format/zip/entry.ts";
import { openContainer } from "../format/zip/reader.ts";

export type TextDiff = {
  /** In the unified format, without its two lines of file names. */
  readonly patch: string;
};

/** Larger files are named only: their lines would bury everything else. */
const MAX_TEXT_BYTES = 64 * 1024;
const MAX_FILES = 100;
/** Two texts that have nothing in common are told by their sizes; finding all differences would take long. */
const MAX_EDITS = 1000;

/** By path; of files that are text in both (or one) and small enough. The packages were found right. */
export async function textDiffs(
  before: Source,
  after: Source,
  files: readonly FileChange[],
): Promise<ReadonlyMap<string, TextDiff>> {
  const [was, is] = await Promise.all([openContainer(before), openContainer(after)]);
  const diffs = new Map<string, TextDiff>();
  const read = async (container: typeof was, path: string, facts: FileChange["before"]) => {
    const entry = facts === null ? undefined : container.byName.get(path);
    return entry === undefined ? "" : textOf(await readEntryBytes(container, entry));
  };
  for (const file of files) {
    const sizes = [file.before, file.after].map((facts) => facts?.sizeBytes ?? 0);
    if (diffs.size === MAX_FILES || sizes.some((size) => size > MAX_TEXT_BYTES)) continue;
    const [old, fresh] = await Promise.all([
      read(was, file.path, file.before),
      read(is, file.path, file.after),
    ]);
    if (old === null || fresh === null) continue;
    const patch = createTwoFilesPatch("a", "b", old, fresh, undefined, undefined, {
      context: 3,
      maxEditLength: MAX_EDITS,
    });
    if (patch !== undefined) diffs.set(file.path, { patch: hunksOf(patch) });
  }
  return diffs;
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
