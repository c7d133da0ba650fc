/** Lines of anybody's text as pages show them: what cannot be seen is named, long lines are cut into pieces and none is left out. */
import type { ShownLine, ShownPiece } from "../../../views/components/source.tsx";
import { type Hunk, type LineRow, linesOf } from "../../format/line-changes.ts";
import { UNSEEN } from "../../signing/refuse.ts";
import { characterName } from "../../signing/text-rules.ts";

/** Tabs, and what is not seen: controls, directions, joiners, spaces that are no space. Spaces at an end are looked for from there. */
const TOLD = new RegExp(
  `(?<tab>\\t+)|(?<unseen>${UNSEEN}|[\\u00a0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000])`,
  "gu",
);
/** A line goes on below itself after so many characters: whoever hides something at the end of a long one hides nothing. */
const LINE_CHARACTERS = 1000;
/** Of lines that changed in one part only, what stays the same on both sides is at least so many characters. */
const LEAST_ALIKE = 3;

/** Every line of hunks, each hunk with where it begins before it. */
export function shownHunks(hunks: readonly Hunk[]): ShownLine[] {
  return hunks.flatMap(({ rows }) => {
    const marks = marksOf(rows);
    return [...gapBefore(rows), ...rows.flatMap((row, at) => shownLine(row, marks.get(at) ?? null))];
  });
}

/** Every line of one text. */
export function shownText(text: string): ShownLine[] {
  return linesOf(text).flatMap((line, at) =>
    shownLine({ kind: "same", before: null, after: at + 1, text: line }, null),
  );
}

/** Nothing where the file begins. */
function gapBefore(rows: readonly LineRow[]): ShownLine[] {
  const before = rows.find((row) => row.before !== null)?.before ?? null;
  const after = rows.find((row) => row.after !== null)?.after ?? null;
  if ((before ?? 1) === 1 && (after ?? 1) === 1) return [];
  return [{ kind: "gap", before, after, continues: false, endsHere: false, pieces: [] }];
}

type Span = readonly [start: number, end: number];

function shownLine({ kind, before, after, text }: LineRow, mark: Span | null): ShownLine[] {
  const isEnded = text.endsWith("\n");
  const line = isEnded ? text.slice(0, -1) : text;
  const cuts = cutsOf(line);
  const spaces = spacesAtEnd(line);
  return cuts.map((start, index) => {
    const end = cuts[index + 1] ?? line.length;
    return {
      kind,
      ...{ before, after, continues: index > 0, endsHere: !isEnded && index === cuts.length - 1 },
      pieces: piecesOf(line, [start, end], mark, spaces),
    };
  });
}

/** Where the pieces of a long line begin; no pair of halves is parted. */
function cutsOf(line: string): number[] {
  const cuts = [0];
  for (let at = LINE_CHARACTERS; at < line.length; at += LINE_CHARACTERS) {
    const code = line.charCodeAt(at);
    if (code >= 0xdc00 && code <= 0xdfff) at++;
    if (at < line.length) cuts.push(at);
  }
  return cuts;
}

/** The last spaces of a line, before a carriage return if it has one. */
function spacesAtEnd(line: string): Span {
  const until = line.endsWith("\r") ? line.length - 1 : line.length;
  let from = until;
  while (line[from - 1] === " ") from--;
  return [from, until];
}

function piecesOf(line: string, [start, end]: Span, mark: Span | null, spaces: Span): ShownPiece[] {
  const pieces: ShownPiece[] = [];
  const isMarked = (at: number) => mark !== null && at >= mark[0] && at < mark[1];
  const push = (from: number, to: number, as: ShownPiece["as"]) => {
    if (to <= from) return;
    // A mark begins and ends inside of a piece.
    const edges = mark === null ? [] : mark.filter((edge) => edge > from && edge < to);
    let at = from;
    for (const edge of [...edges, to]) {
      const text = line.slice(at, edge);
      pieces.push({ text: as === "unseen" ? nameOf(text) : text, as, isMarked: isMarked(at) });
      at = edge;
    }
  };
  const pushPlain = (from: number, to: number) => {
    const middle = Math.min(to, Math.max(from, spaces[0]));
    push(from, middle, "plain");
    push(middle, Math.max(middle, Math.min(to, spaces[1])), "space");
  };
  let at = start;
  for (const { 0: found, index, groups } of line.slice(start, end).matchAll(TOLD)) {
    const from = start + index;
    pushPlain(at, from);
    push(from, from + found.length, groups?.tab !== undefined ? "tab" : "unseen");
    at = from + found.length;
  }
  pushPlain(at, end);
  return pieces;
}

const nameOf = (character: string): string => (character === "\r" ? "CR" : characterName(character));

/** By place in the hunk: the part of a changed line that is not the same in the line that takes its place. */
function marksOf(rows: readonly LineRow[]): ReadonlyMap<number, Span> {
  const marks = new Map<number, Span>();
  for (let at = 0; at < rows.length; ) {
    const removed = runOf(rows, at, "removed");
    const added = runOf(rows, at + removed, "added");
    if (removed > 0 && removed === added) {
      for (let index = at; index < at + removed; index++) {
        const pair = differingPart(rows[index]?.text ?? "", rows[index + removed]?.text ?? "");
        if (pair === null) continue;
        marks.set(index, pair[0]);
        marks.set(index + removed, pair[1]);
      }
    }
    at += Math.max(1, removed + added);
  }
  return marks;
}

function runOf(rows: readonly LineRow[], from: number, kind: LineRow["kind"]): number {
  let count = 0;
  while (rows[from + count]?.kind === kind) count++;
  return count;
}

function differingPart(was: string, is: string): readonly [Span, Span] | null {
  const most = Math.min(was.length, is.length);
  let head = 0;
  while (head < most && was[head] === is[head]) head++;
  let tail = 0;
  while (tail < most - head && was[was.length - 1 - tail] === is[is.length - 1 - tail]) tail++;
  // A pair of halves that differ in one is marked whole.
  if (head > 0 && isFirstHalf(was.charCodeAt(head - 1))) head--;
  if (tail > 0 && isSecondHalf(was.charCodeAt(was.length - tail))) tail--;
  if (head + tail < LEAST_ALIKE) return null;
  return [
    [head, was.length - tail],
    [head, is.length - tail],
  ];
}

const isFirstHalf = (code: number) => code >= 0xd800 && code <= 0xdbff;
const isSecondHalf = (code: number) => code >= 0xdc00 && code <= 0xdfff;
