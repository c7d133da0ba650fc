import { expect, test } from "bun:test";
import fc from "fast-check";
import type { ShownLine } from "../../../views/components/source.tsx";
import { lineChanges } from "../../format/line-changes.ts";
import { shownHunks, shownText } from "./source-lines.ts";

const words = (line: ShownLine | undefined) => line?.pieces.map(({ text, as }) => [as, text]);

test("names what nobody would see, and marks tabs and spaces at the end", () => {
  const [line] = shownText("\tif a\u202e\u200b then\u00a0b  \r\n");
  expect(words(line)).toEqual([
    ["tab", "\t"],
    ["plain", "if a"],
    ["unseen", "U+202E"],
    ["unseen", "U+200B"],
    ["plain", " then"],
    ["unseen", "U+00A0"],
    ["plain", "b"],
    ["space", "  "],
    ["unseen", "CR"],
  ]);
});

test("what is hidden at the end of a long line stands below it", () => {
  const lines = shownText(`${"a".repeat(2500)}EVIL\nb`);
  expect(lines.map(({ after, continues, endsHere }) => [after, continues, endsHere])).toEqual([
    [1, false, false],
    [1, true, false],
    [1, true, false],
    [2, false, true],
  ]);
  expect(lines[2]?.pieces.at(-1)?.text.endsWith("EVIL")).toBe(true);
});

test("marks the part of a line that is another", () => {
  const { hunks } = lineChanges('send("a.example")\n', 'send("b.example")\n');
  const marked = shownHunks(hunks).map(({ kind, pieces }) => [
    kind,
    pieces.filter(({ isMarked }) => isMarked).map(({ text }) => text),
  ]);
  expect(marked).toEqual([
    ["removed", ["a"]],
    ["added", ["b"]],
  ]);
});

test("whatever a text holds, all of it is there and nothing unseen is in it", () => {
  const character = fc.constantFrom("a", " ", "\t", "\u202e", "\u0000", "\ud83d\ude00", "\u2028", "\u3000");
  const text = fc.array(character, { maxLength: 2200, minLength: 900 }).map((all) => all.join(""));
  fc.assert(
    fc.property(text, (line) => {
      const pieces = shownText(line).flatMap((each) => each.pieces);
      const seen = pieces.filter(({ as }) => as !== "unseen");
      expect(seen.every(({ text: part }) => /^[a \t\u{1f600}]*$/u.test(part))).toBe(true);
      const back = pieces.map(({ as, text: part }) =>
        as === "unseen" ? String.fromCodePoint(Number.parseInt(part.slice(2), 16)) : part,
      );
      expect(back.join("")).toBe(line);
    }),
    { numRuns: 40 },
  );
});

test("only the last spaces of a line are told, wherever a long line is cut", () => {
  const told = (line: string) =>
    shownText(line).flatMap(({ pieces }) =>
      pieces.filter(({ as }) => as === "space").map(({ text }) => text),
    );
  expect(told("a  b  ")).toEqual(["  "]);
  expect(told("a  b  \r\n")).toEqual(["  "]);
  expect(told("   ")).toEqual(["   "]);
  expect(told("a  b")).toEqual([]);
  expect(told(`${" ".repeat(999)}x`.repeat(300))).toEqual([]);
  expect(told(`${"x".repeat(990)}${" ".repeat(20)}`).join("")).toBe(" ".repeat(20));
});
