import { expect, test } from "bun:test";
import { laidOutJson, SHOWN_TEXT_BYTES } from "./shown-text.ts";

test("JSON on one line is laid out, and nothing else is", () => {
  expect(laidOutJson('{"a":[1,2],"b":"x, {y}"}')).toBe(
    '{\n  "a": [\n    1,\n    2\n  ],\n  "b": "x, {y}"\n}\n',
  );
  for (const text of ['{"a":1,"a":2}', '{"a":1.0}', '{ "a": 1 }', "no JSON", "", '"\\', "]]]]"])
    expect(laidOutJson(text)).toBeNull();
});

const deep = (depth: number, inside: string) => "[".repeat(depth) + inside + "]".repeat(depth);

test.each([
  ["deep", deep(101, "1")],
  ["very deep", deep(200_000, "1")],
  ["deep, and many inside", deep(90, Array.from({ length: 19_000 }, () => "1").join(","))],
  ["many", `[${Array.from({ length: 20_001 }, () => "1").join(",")}]`],
  ["never closed", "[".repeat(500_000)],
])("what would be too long when it is laid out stays as it is: %s", (_, text) => {
  expect(laidOutJson(text)).toBeNull();
});

test("what is laid out is never larger than what is shown", () => {
  const text = `[${Array.from({ length: 19_000 }, (_, at) => String(at % 10)).join(",")}]`;
  expect(laidOutJson(text)?.length).toBeLessThan(SHOWN_TEXT_BYTES);
});
