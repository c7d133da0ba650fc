import { expect, test } from "bun:test";
import fc from "fast-check";
import { type Hunk, lineChanges, linesOf } from "./line-changes.ts";

/** What the first becomes by the hunks: their rows as shown, and what stands between them as it was. */
function applied(before: string, hunks: readonly Hunk[]): string {
  const was = linesOf(before);
  const result: string[] = [];
  let at = 0;
  for (const { rows } of hunks) {
    const first = rows.find((row) => row.before !== null)?.before ?? at + 1;
    result.push(...was.slice(at, first - 1));
    at = first - 1;
    for (const { kind, before: number, after, text } of rows) {
      if (kind !== "added") {
        expect([number, text]).toEqual([at + 1, was[at] ?? ""]);
        at++;
      }
      if (kind !== "removed") {
        result.push(text);
        expect(after).toBe(result.length);
      }
    }
  }
  return [...result, ...was.slice(at)].join("");
}

const line = fc.constantFrom("", "a", "b", "a\r", "end", "\u202e", "\ud83d\ude00", "x".repeat(50));
const text = fc
  .tuple(fc.array(line, { maxLength: 40 }), fc.boolean())
  .map(([lines, isEnded]) => `${lines.join("\n")}${isEnded ? "\n" : ""}`);

test("applied to the one text, the rows give the other, also where too few edits were allowed to find them", () => {
  fc.assert(
    fc.property(text, text, fc.constantFrom(1, 3, 600), (before, after, most) => {
      const { hunks, added, removed, isCoarse } = lineChanges(before, after, most);
      expect(applied(before, hunks)).toBe(after);
      expect(hunks.length === 0).toBe(before === after);
      const count = (kind: string) =>
        hunks.flatMap(({ rows }) => rows).filter((row) => row.kind === kind).length;
      expect([count("added"), count("removed")]).toEqual([added, removed]);
      if (most === 600) expect(isCoarse).toBe(false);
    }),
  );
});

test("shows three lines around a change, and changes that are close to each other once", () => {
  const lines = Array.from({ length: 60 }, (_, at) => `line ${at + 1}\n`);
  const after = lines.with(9, "ten\n").with(14, "fifteen\n").with(49, "fifty\n");
  const { hunks } = lineChanges(lines.join(""), after.join(""));
  expect(hunks.map(({ rows }) => [rows[0]?.before, rows.at(-1)?.after])).toEqual([
    [7, 18],
    [47, 53],
  ]);
});

test("only the ends of lines changed: every line did", () => {
  const { added, removed } = lineChanges("a\nb\nc\n", "a\r\nb\r\nc\r\n");
  expect([added, removed]).toEqual([3, 3]);
});

test("two large texts with nothing in common, or with changes all over, are not looked through for long", () => {
  const random = Array.from({ length: 20_000 }, (_, at) => `${(at * 7919) % 10_007}`);
  const other = random.map((each, at) => (at % 2 === 0 ? each : `${each}x`));
  const { isCoarse, edits, hunks } = lineChanges(random.join("\n"), other.join("\n"));
  expect([isCoarse, edits]).toEqual([true, 600]);
  const added = hunks.flatMap(({ rows }) => rows.filter(({ kind }) => kind !== "removed"));
  expect(added.map(({ text }) => text).join("")).toBe(other.join("\n"));
});

test("a text that is new or gone is no text that cannot be matched, however long it is", () => {
  const lines = Array.from({ length: 5000 }, (_, at) => `line ${at}\n`).join("");
  expect(lineChanges("", lines)).toMatchObject({ added: 5000, removed: 0, isCoarse: false, edits: 0 });
  expect(lineChanges(lines, "")).toMatchObject({ added: 0, removed: 5000, isCoarse: false, edits: 0 });
});

test("many lines that are alike between two that are not are not looked along again and again", () => {
  const same = Array.from({ length: 20_000 }, () => "same\n").join("");
  const unlike = (mark: string) => Array.from({ length: 700 }, (_, at) => `${mark}${at}\n`).join("");
  const { isCoarse } = lineChanges(`a\n${same}${unlike("x")}z\n`, `b\n${same}${unlike("y")}y\n`);
  expect(isCoarse).toBe(true);
  // Of few lines more is looked for.
  const { isCoarse: isShortCoarse } = lineChanges(unlike("x").slice(0, 900), unlike("y").slice(0, 900));
  expect(isShortCoarse).toBe(false);
});
