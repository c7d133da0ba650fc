/** Which release notes are kept, and how. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { isProblem } from "../errors.ts";
import { checkNotes, NOTES_MAX_CHARACTERS, notesLine } from "./notes.ts";

function codeOf(notes: string): string {
  try {
    checkNotes(notes);
    return "taken";
  } catch (error) {
    return isProblem(error) ? error.code : "thrown";
  }
}

test.each([
  "\0",
  "\u0001",
  "\u0007",
  "\b",
  "\v",
  "\f",
  "\u001b[31m",
  "\u007f",
  "\u0085",
  "\u009b",
  "\u2028",
  "\u2029",
  "\u202a",
  "\u202b",
  "\u202c",
  "\u202d",
  "\u202e",
  "\u2066",
  "\u2067",
  "\u2068",
  "\u2069",
  "\ud800",
  "\udc00",
  "\udc00\ud800",
  "\ufdd0",
  "\uffff",
  "\u{1fffe}",
  "\u{10ffff}",
])("%j cannot stand in them", (text) => {
  for (const notes of [text, `a${text}`, `${text}b`, `a\n${text}\nb`]) {
    expect([notes, codeOf(notes)]).toEqual([notes, "upload.notes_invalid"]);
  }
});

test.each([
  ["", ""],
  ["a\r\nb\rc\n\r\nd", "a\nb\nc\n\nd"],
  ["a\tb", "a\tb"],
  ["e\u0301", "\u00e9"],
  ["\u{1F4E6} \u05d0\u200f!", "\u{1F4E6} \u05d0\u200f!"],
])("%j is kept as %j", (notes, kept) => {
  expect(checkNotes(notes)).toBe(kept);
});

test.each([
  ["", ""],
  ["---\n\n## New in **1.2**\n- more", "New in 1.2"],
  ["* See [the guide](https://example.com/a) and `x_y`.", "See the guide and x_y."],
  ["\u{1F4E6}".repeat(3), ""],
  ["a".repeat(120), "a".repeat(120)],
  ["a".repeat(121), `${"a".repeat(120)}…`],
])("in a list %j is %j", (notes, line) => {
  expect(notesLine(notes)).toBe(line);
});

test("what is kept is kept as it is when it comes again, and has nothing unseen in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (notes) => {
      if (codeOf(notes) !== "taken") return;
      const kept = checkNotes(notes);
      expect(checkNotes(kept)).toBe(kept);
      expect(kept).not.toMatch(/\r|[\u202a-\u202e\u2066-\u2069]/);
      expect(kept.isWellFormed()).toBe(true);
      expect(kept.normalize("NFC")).toBe(kept);
    }),
  );
});

test("their length counts characters as they are kept", () => {
  expect(codeOf("\r\n".repeat(NOTES_MAX_CHARACTERS))).toBe("taken");
  expect(codeOf("e\u0301".repeat(NOTES_MAX_CHARACTERS))).toBe("taken");
  expect(codeOf("x".repeat(NOTES_MAX_CHARACTERS + 1))).toBe("upload.notes_too_long");
});
