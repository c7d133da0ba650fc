import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { canonicalize } from "../signing/json.ts";
import { isName, lookAlike, mixedWord } from "./name-rule.ts";
import { plainSaid, unseenIn } from "./said.ts";

describe("a name", () => {
  test.each([
    "Ada",
    "Ada 🙂",
    "\u05d0\u05d1",
    "e\u0301",
    "x".repeat(20),
    "7",
    "👩🏽\u200d💻",
    "❤\ufe0f",
    "1\ufe0f\u20e3",
    "می\u200cخواهم",
    "क्\u200dष",
    "葛\u{e0100}",
  ])("may be %j", (name) => {
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
    "\u3164",
    "\u2800",
    "\ufe0f",
    "...",
    "a\u034fb",
    "a\ufe0fb",
    "a\u200db",
    "1\ufe0f",
    "a\u2028b",
    "a\u2029b",
    "a\u{e0100}",
    "a\u{10fffe}",
  ])("may not be %j", (name) => {
    expect(isName(name, 20)).toBe(false);
  });
});

describe("names of organisations", () => {
  test.each([
    ["Alpha", "alpha"],
    ["Alpha", "Ａｌｐｈａ"],
    ["Alpha", "АӀрһа"],
    ["Alpha", "AIpha"],
    ["Caf\u00e9", "Cafe\u0301"],
    ["Two Words", "Two\u00a0 Words"],
    ["Strasse", "straße"],
    ["Coca", "Соса"],
    ["Zero 0", "Zero O"],
  ])("%j and %j look alike", (one, other) => {
    expect(lookAlike(one, other)).toBe(true);
    expect(lookAlike(other, one)).toBe(true);
  });

  test.each([
    ["Alpha", "Alpine"],
    ["Mali", "Mail"],
    ["ALI", "ALL"],
    ["Cafe", "Café"],
    ["Привет", "Приветы"],
  ])("%j and %j do not", (one, other) => {
    expect(lookAlike(one, other)).toBe(false);
  });

  test("have no word of two scripts that have letters alike", () => {
    expect(mixedWord("Аlpha Works")).toEqual({ word: "Аlpha", scripts: ["Latin", "Cyrillic"] });
    expect(mixedWord("Ωmega")?.scripts).toEqual(["Latin", "Greek"]);
    for (const name of ["Яндекс Pay", "Яндекс-Pay", "日本 Works", "Ada 7", "Ωμέγα"])
      expect(mixedWord(name)).toBeNull();
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
        if (unseenIn(plainSaid(text)) === null) canonicalize(plainSaid(text));
      },
    ),
    { numRuns: 500 },
  );
});
