/** What reasons may have in them, and how old ones that have more are shown. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { harmless, plainSaid, unseenIn } from "./said.ts";

test.each([
  ["a\u202eb", "U+202E", "a<U+202E>b"],
  ["\u2066x\u2069", "U+2066", "<U+2066>x<U+2069>"],
  ["a\u200fb", "U+200F", "a<U+200F>b"],
  ["a\u061cb", "U+061C", "a<U+061C>b"],
  ["a\u2028b", "U+2028", "a<U+2028>b"],
  ["a\u001b[31mb", "U+001B", "a<U+001B>[31mb"],
  ["a\u0000b", "U+0000", "a<U+0000>b"],
  ["a\u0085b", "U+0085", "a<U+0085>b"],
  ["a\ud800b", "U+D800", "a<U+D800>b"],
])("%j has %s", (text, name, shown) => {
  expect(unseenIn(text)).toBe(name);
  expect(harmless(text)).toBe(shown);
});

test.each(["", "One line.", "Two\nlines\tand a tab", "שלום عالم", "👩‍👩‍👧 e\u0301"])(
  "%j may be said",
  (text) => {
    expect(unseenIn(text)).toBeNull();
    expect(harmless(text)).toBe(text);
  },
);

test("ends of lines are line feeds, and what was shown is harmless", () => {
  expect(plainSaid(" a\r\nb\rc\n ")).toBe("a\nb\nc");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(unseenIn(harmless(text))).toBeNull();
      expect(harmless(harmless(text))).toBe(harmless(text));
      expect(plainSaid(plainSaid(text))).toBe(plainSaid(text));
    }),
  );
});
