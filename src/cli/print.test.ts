/** What is printed in pieces is what it would be as a whole. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { systemClock } from "../clock.ts";
import type { Result } from "./command.ts";
import { NO_TERMINAL } from "./io.ts";
import { print } from "./print.ts";
import { BLANK_LINE, jsonText, LINE_END } from "./style.ts";

function printed(result: Partial<Result>, json: boolean): string[] {
  const pieces: string[] = [];
  const io = {
    ...NO_TERMINAL,
    stdout: (text: string) => pieces.push(text),
    stderr: () => {},
    cwd: "/",
    signal: new AbortController().signal,
    clock: systemClock,
  };
  print({ data: null, text: () => "", ...result }, io, json);
  return pieces;
}

test("JSON is what JSON.stringify makes of it", () => {
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, new Date(0)));
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 600 }), (item, count) => {
      const data = { a: Array.from({ length: count }, () => item), "\u0007": { b: item, c: [], d: {} } };
      expect(printed({ data }, true).join("")).toBe(`${jsonText(data)}\n`);
    }),
    { numRuns: 50 },
  );
});

test.each<{ data: unknown }>([
  { data: null },
  { data: "a" },
  { data: [] },
  { data: {} },
  { data: [[undefined]] },
  { data: { a: undefined } },
])("JSON of $data", ({ data }) => expect(printed({ data }, true)).toEqual([`${jsonText(data)}\n`]));

test("very much comes in pieces, in JSON and as text", () => {
  const names = Array.from({ length: 5000 }, (_, index) => `${"\u001b".repeat(3)}${"n".repeat(80)}${index}`);
  function* lines() {
    for (const name of names) yield `${name}${LINE_END}`;
  }
  for (const pieces of [printed({ data: { names } }, true), printed({ text: lines }, false)]) {
    expect(pieces.length).toBeGreaterThan(4);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(128 * 1024);
    expect(pieces.join("")).not.toContain("\u001b");
  }
  expect(JSON.parse(printed({ data: { names } }, true).join(""))).toEqual({ names });
  expect(printed({ text: lines }, false).join("").split("\n")).toHaveLength(names.length + 2);
});

test("a text ends with one line feed, and nothing is nothing", () => {
  expect(printed({ text: () => `a${BLANK_LINE}b` }, false)).toEqual(["a\n\nb\n"]);
  expect(printed({ text: () => "" }, false)).toEqual([]);
  function* nothing(): Generator<string> {}
  expect(printed({ text: nothing }, false)).toEqual([]);
});
