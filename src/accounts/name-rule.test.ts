import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { canonicalize } from "../signing/json.ts";
import { isName, UNSEEN_OR_LINE_END } from "./name-rule.ts";
import { plainSaid, unseenIn } from "./said.ts";

describe("a name", () => {
  test.each(["Ada", "Ada 🙂", "\u05d0\u05d1", "e\u0301", "x".repeat(20)])("may be %j", (name) => {
    expect(isName(name, 20)).toBe(true);
  });

  test.each([
    "",
    "x".repeat(21),
    "a\0b",
    "a\u202eb",
    "a\u200bb",
    "a\ud800",
    "a\udc00b",
    "a\ufdd0",
    "a\uffff",
    "a\u{1ffff}",
    "a\u{10fffe}",
  ])("may not be %j", (name) => {
    expect(isName(name, 20)).toBe(false);
  });
});

test("what is taken from people can stand in canonical JSON, as every change's audit entry does", () => {
  const words = fc.string({ unit: "binary", maxLength: 60 });
  const special = fc.constantFrom("\u{10fffe}", "\ufdd0", "\ufffe", "\ud800", "\udfff", "\ud83d\ude42");
  fc.assert(
    fc.property(
      fc.oneof(
        words,
        special,
        fc.tuple(words, special).map((both) => both.join("")),
      ),
      (text) => {
        if (isName(text, 100)) canonicalize(text);
        if (isName(text, 100, UNSEEN_OR_LINE_END)) canonicalize(text);
        if (unseenIn(plainSaid(text)) === null) canonicalize(plainSaid(text));
      },
    ),
    { numRuns: 500 },
  );
});
