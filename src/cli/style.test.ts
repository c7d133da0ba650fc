/** What comes from outside and what a terminal would carry out of it, in texts and in JSON. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { excerpt } from "../signing/refuse.ts";
import { detailLine } from "./report.ts";
import {
  asLines,
  createStyle,
  fields,
  jsonText,
  LINE_END,
  safeForTerminal,
  shortened,
  width,
} from "./style.ts";

const UNSAFE: readonly (readonly [what: string, character: string])[] = [
  ["ESC", "\u001b"],
  ["line feed", "\n"],
  ["carriage return", "\r"],
  ["line tabulation", "\v"],
  ["form feed", "\f"],
  ["DEL", "\u007f"],
  ["next line", "\u0085"],
  ["a control sequence of one character", "\u009b"],
  ["soft hyphen", "\u00ad"],
  ["Arabic letter mark", "\u061c"],
  ["zero width space", "\u200b"],
  ["right-to-left mark", "\u200f"],
  ["line separator", "\u2028"],
  ["paragraph separator", "\u2029"],
  ["right-to-left override", "\u202e"],
  ["word joiner", "\u2060"],
  ["isolate", "\u2066"],
  ["byte order mark", "\ufeff"],
  ["a tag", "\u{e0041}"],
  ["a filler of Hangul", "\u115f"],
  ["a half-width filler", "\uffa0"],
  ["a joiner of graphemes", "\u034f"],
  ["a blank of braille", "\u2800"],
];

describe.each(UNSAFE)("%s", (_what, character) => {
  const code = `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}>`;
  const text = `a${character}b`;

  test("is written out in a text", () => {
    expect(safeForTerminal(text)).toBe(`a${code}b`);
  });
  test("is escaped in JSON, which stays the same", () => {
    const json = jsonText({ [text]: [text] }) ?? "";
    expect(json).toMatch(/^[ -~]+$/);
    expect(JSON.parse(json)).toEqual({ [text]: [text] });
  });
  test("is replaced in what an error has found", () => expect(excerpt(text)).toBe("a�b"));
});

test("what is written with joiners is shown as it is, and tabs are", () => {
  const text = "👩\u200d🚀 ❤\ufe0f می\u200cخواهم\tx";
  expect(safeForTerminal(text)).toBe(text);
});

describe("our own looks", () => {
  const style = createStyle(true, 80);

  test("are carried out, and one that a file holds is written out", () => {
    expect(safeForTerminal(style.good("Valid."))).toBe("\u001b[32mValid.\u001b[39m");
    expect(safeForTerminal("\u001b[32mValid.\u001b[39m")).toBe("<U+001B>[32mValid.<U+001B>[39m");
    expect(safeForTerminal(style.bad(style.bold("x")))).toBe("\u001b[31m\u001b[1mx\u001b[22m\u001b[39m");
  });
  test("take no cells", () => expect(width(style.warn("12345"))).toBe(5));
  test("are not there where no colours are wanted", () =>
    expect(createStyle(false, 80).good("Valid.")).toBe("Valid."));
});

test("lines end where we end them, and nowhere else", () => {
  expect(safeForTerminal(["a\nb", "c"].join(LINE_END))).toBe("a<U+000A>b\nc");
  expect(safeForTerminal(asLines("a\nb\r"))).toBe("a\nb<U+000D>");
  const rows = fields(createStyle(false, 80), [["na\nme", "val\nue\tx"]]);
  expect(safeForTerminal(rows)).toBe("na me  val ue<U+0009>x");
});

test("a finding is one line, whatever the file holds", () => {
  const hostile = "z\nkind   released\r\n\u001b[32mValid.\t";
  const line = detailLine(
    {
      code: "MPK-M002",
      message: hostile,
      entry: hostile,
      pointer: hostile,
      found: hostile,
      expected: hostile,
    },
    createStyle(true, 80),
  );
  expect(safeForTerminal(line)).not.toMatch(/[\n\r\t]/);
  expect(safeForTerminal(line)).not.toContain("\u001b[32m");
});

test("any JSON stays the same, in one line without anything to carry out", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = jsonText(value) ?? "";
      expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("what is long is cut, and no character in two", () => {
  expect(shortened("a".repeat(200))).toBe("a".repeat(200));
  expect(shortened("a".repeat(9000))).toBe(`${"a".repeat(199)}…`);
  expect(shortened("😀".repeat(201))).toBe(`${"😀".repeat(199)}…`);
});
