/** What changed inside of files that are text. */
import { type LineChanges, lineChanges, MAX_EDITS } from "../../format/line-changes.ts";
import { laidOutJson } from "../../format/shown-text.ts";
import type { OpenPackage, ReadFile } from "./contents.ts";
import type { FileChange } from "./file-changes.ts";

export type FileComparison = {
  readonly path: string;
  /** Null: that version has no such file. */
  readonly before: Omit<ReadFile, "text"> | null;
  readonly after: Omit<ReadFile, "text"> | null;
  /** Null where one of them is no text, or too large to be shown. */
  readonly lines: LineChanges | null;
  /** JSON on one line, laid out in many so that one sees what changed. */
  readonly isLaidOut: boolean;
};

/** Of all files of one page together. */
const MAX_EDITS_OF_ALL = 2 * MAX_EDITS;

/** @returns Null: neither has it. */
export async function readBoth(
  was: OpenPackage,
  is: OpenPackage,
  path: string,
  maxEdits = MAX_EDITS,
): Promise<FileComparison | null> {
  const before = await was.read(path);
  const after = await is.read(path);
  if (before === null && after === null) return null;
  const facts = (file: ReadFile | null) => file && { sizeBytes: file.sizeBytes, kind: file.kind };
  const isText = [before, after].every((file) => file === null || file.kind === "text");
  const [old, fresh] = [before?.text ?? "", after?.text ?? ""];
  const laidOut = [before, after].map((file) => (file === null ? "" : laidOutJson(file.text ?? "")));
  const isLaidOut = isText && laidOut.every((text) => text !== null);
  const [left = "", right = ""] = isLaidOut ? laidOut.map((text) => text ?? "") : [old, fresh];
  return {
    path,
    before: facts(before),
    after: facts(after),
    lines: isText ? lineChanges(left, right, maxEdits) : null,
    isLaidOut,
  };
}

/** Of the files that changed the first that are text, by path; the loop has a turn between two of them. */
export async function firstTexts(
  was: OpenPackage,
  is: OpenPackage,
  files: readonly FileChange[],
  most: number,
): Promise<ReadonlyMap<string, FileComparison>> {
  const found = new Map<string, FileComparison>();
  let editsLeft = MAX_EDITS_OF_ALL;
  for (const { path, change } of files.slice(0, 4 * most)) {
    if (found.size === most || editsLeft <= 0) break;
    if (change === "moved") continue;
    const file = await readBoth(was, is, path, Math.min(MAX_EDITS, editsLeft));
    if (file === null || file.lines === null) continue;
    found.set(path, file);
    editsLeft -= file.lines.edits;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return found;
}
