import { expect, test } from "bun:test";
import fc from "fast-check";
import { keysOfId, lookAlike } from "./alike.ts";

test.each([
  ["com.acme.app1", "com.acme.appl"],
  ["com.acme.my-app", "com.acme.myapp"],
  ["com.acmenotes.app", "com.acme.notes.app"],
  ["com.northwind.inspect", "com.northvvind.inspect"],
  ["com.modern.tools", "com.modem.tools"],
  ["com.acme.notes", "com.acme.note"],
  ["com.acme.notes", "com.acme.ntoes"],
  ["com.acme.notes", "com.acme.nodes"],
  ["com.g00gle.maps", "com.google.maps"],
  ["com.acme.clock", "com.acme.c1ock"],
  ["com.acme.cloud", "com.acme.cioud"],
])("%s is taken for %s", (one, other) => {
  expect(lookAlike(one, other)).toBe(true);
  expect(lookAlike(other, one)).toBe(true);
  expect([...keysOfId(one)].some((key) => keysOfId(other).has(key))).toBe(true);
});

test.each([
  ["com.acme.notes", "com.acme.tasks"],
  ["com.acme.notes", "org.acme.notes"],
  ["com.acme.notes", "com.acme.notebook"],
  // Too short for one letter to be a slip rather than another word.
  ["de.a.b", "de.a.c"],
])("%s is told from %s", (one, other) => expect(lookAlike(one, other)).toBe(false));

test("whichever letter slips, the two share a key and look alike", () => {
  const letters = "abcdefghijklmnopqrstuvwxyz0125";
  const slip = fc.record({
    word: fc.string({ unit: fc.constantFrom(...letters), minLength: 10, maxLength: 40 }),
    at: fc.nat(),
    letter: fc.constantFrom(...letters),
    kind: fc.constantFrom("more", "less", "other", "turned"),
  });
  fc.assert(
    fc.property(slip, ({ word, at, letter, kind }) => {
      const place = at % (word.length - 1);
      const one = `com.${word}`;
      const changed = {
        more: word.slice(0, place) + letter + word.slice(place),
        less: word.slice(0, place) + word.slice(place + 1),
        other: word.slice(0, place) + letter + word.slice(place + 1),
        turned: word.slice(0, place) + word[place + 1] + word[place] + word.slice(place + 2),
      }[kind];
      const other = `com.${changed}`;
      // What a slip makes may look like two letters of another, such as rn.
      fc.pre(!/rn|c[l1i]|vv/.test(one) && !/rn|c[l1i]|vv/.test(other));
      expect(lookAlike(one, other)).toBe(true);
      expect([...keysOfId(one)].some((key) => keysOfId(other).has(key))).toBe(true);
    }),
  );
});
