/** What two texts have otherwise, line by line. Pure; the texts are anybody's. */
import { diffArrays } from "diff";

export type LineRow = {
  readonly kind: "same" | "removed" | "added";
  /** Numbers from 1; null on the side that does not have the line. */
  readonly before: number | null;
  readonly after: number | null;
  /** With its line break, so that one that is missing or is another is seen. */
  readonly text: string;
};

/** Lines that follow one another, with what stands around them. */
export type Hunk = { readonly rows: readonly LineRow[] };

export type LineChanges = {
  readonly hunks: readonly Hunk[];
  readonly added: number;
  readonly removed: number;
  /** The two have so little in common that lines were not matched: what differs is shown whole, the old before the new. */
  readonly isCoarse: boolean;
  /** Lines that had to be tried, for who compares several texts and has only so much time. */
  readonly edits: number;
};

const CONTEXT_LINES = 3;
/** What the search costs grows with the square of this, where few lines are alike: under 100 ms on a small machine. */
export const MAX_EDITS = 600;
/** Where many are alike it looks along them for each edit: so many lines at most, all edits together. */
const MOST_LOOKED_AT = 2_000_000;

/** A text in its lines, each with its break: what joins to the same text. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+/g) ?? [];
}

/** Changes by which `before` becomes `after`. Takes `maxEdits` edits at most to find them. */
export function lineChanges(before: string, after: string, maxEdits = MAX_EDITS): LineChanges {
  const was = linesOf(before);
  const is = linesOf(after);
  const head = commonHead(was, is);
  const tail = commonTail(was, is, head);
  const middleBefore = was.slice(head, was.length - tail);
  const middleAfter = is.slice(head, is.length - tail);
  // Of one side alone there is nothing to look for.
  const isOneSided = middleBefore.length === 0 || middleAfter.length === 0;
  const fair = Math.floor(MOST_LOOKED_AT / (1 + middleBefore.length + middleAfter.length));
  const most = Math.max(1, Math.min(maxEdits, fair));
  const found = isOneSided ? undefined : diffArrays(middleBefore, middleAfter, { maxEditLength: most });
  const parts = found ?? [
    { value: middleBefore, removed: true, added: false },
    { value: middleAfter, removed: false, added: true },
  ];
  const counts = { added: 0, removed: 0 };
  const rows: LineRow[] = [];
  let [oldLine, newLine] = [0, 0];
  const push = (kind: LineRow["kind"], text: string) => {
    if (kind !== "added") oldLine++;
    if (kind !== "removed") newLine++;
    if (kind !== "same") counts[kind]++;
    rows.push({
      kind,
      before: kind === "added" ? null : oldLine,
      after: kind === "removed" ? null : newLine,
      text,
    });
  };
  for (const text of was.slice(0, head)) push("same", text);
  for (const { value, added, removed } of parts)
    for (const text of value) push(added ? "added" : removed ? "removed" : "same", text);
  for (const text of was.slice(was.length - tail)) push("same", text);
  return {
    hunks: hunksOf(rows),
    ...counts,
    isCoarse: found === undefined && !isOneSided,
    // One that was given up had all of these, and looked for them.
    edits: isOneSided ? 0 : found === undefined ? maxEdits : counts.added + counts.removed,
  };
}

function commonHead(was: readonly string[], is: readonly string[]): number {
  const most = Math.min(was.length, is.length);
  let at = 0;
  while (at < most && was[at] === is[at]) at++;
  return at;
}

function commonTail(was: readonly string[], is: readonly string[], head: number): number {
  const most = Math.min(was.length, is.length) - head;
  let count = 0;
  while (count < most && was[was.length - 1 - count] === is[is.length - 1 - count]) count++;
  return count;
}

/** What changed with a few lines around it; changes that are close to each other stand in one. */
function hunksOf(rows: readonly LineRow[]): Hunk[] {
  const hunks: Hunk[] = [];
  let start = -1;
  let end = -1;
  const close = () => {
    if (start !== -1) hunks.push({ rows: rows.slice(start, Math.min(rows.length, end)) });
  };
  for (const [at, { kind }] of rows.entries()) {
    if (kind === "same") continue;
    const from = Math.max(0, at - CONTEXT_LINES);
    if (start === -1 || from > end) {
      close();
      start = from;
    }
    end = at + CONTEXT_LINES + 1;
  }
  close();
  return hunks;
}
