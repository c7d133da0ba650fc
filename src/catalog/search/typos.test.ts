import { expect, test } from "bun:test";
import fc from "fast-check";
import { keysOfName, keysOfWord, slipsBetween, slipsForgiven } from "./typos.ts";

test.each([
  ["calculator", "calculator", 0],
  ["calcualtor", "calculator", 1],
  ["clculator", "calculator", 1],
  ["calcullator", "calculator", 1],
  ["kalculator", "calculator", 1],
  ["kalkulator", "calculator", 2],
  ["ab", "ba", 1],
  ["", "abc", 3],
])("between %p and %p lie %p slips", (one, other, slips) => {
  expect(slipsBetween(one, other, 5)).toBe(slips);
  expect(slipsBetween(other, one, 5)).toBe(slips);
  if (slips > 0) expect(slipsBetween(one, other, slips - 1)).toBe(slips);
});

/** The rule, as it is written in textbooks. */
function byTheTable(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
  );
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same);
      (rows[i] ?? [])[j] = swapped ? Math.min(least, at(i - 2, j - 2) + 1) : least;
    }
  }
  return at(a.length, b.length);
}

const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 12 });

test("whatever the words, the slips are those of the table, up to the most that are counted", () => {
  fc.assert(
    fc.property(word, word, fc.nat(6), (a, b, most) => {
      expect(slipsBetween(a, b, most)).toBe(Math.min(byTheTable(a, b), most + 1));
    }),
    { numRuns: 2000 },
  );
});

/** Every word that is one slip away. */
function* slipped(of: string): Generator<string> {
  for (let at = 0; at <= of.length; at++) {
    const [before, letter, after] = [of.slice(0, at), of[at] ?? "", of.slice(at + 1)];
    yield `${before}x${letter}${after}`;
    if (letter === "") continue;
    yield before + after;
    yield `${before}x${after}`;
    if (after !== "") yield `${before}${after[0]}${letter}${after.slice(1)}`;
  }
}

const letters = fc.string({ unit: fc.constantFrom(..."abcdefgh"), minLength: 5, maxLength: 20 });

test("a word and a name are found by what is one slip away from them", () => {
  fc.assert(
    fc.property(letters, (of) => {
      for (const other of slipped(of)) {
        if (slipsForgiven(other.length) > 0)
          expect(keysOfWord(of).isDisjointFrom(keysOfWord(other))).toBe(false);
        expect(keysOfName(of).isDisjointFrom(keysOfName(other))).toBe(false);
      }
    }),
    { numRuns: 200 },
  );
});

test("short words are under no key, and a long one under no more than a short one", () => {
  expect(keysOfWord("abc").size).toBe(0);
  expect(keysOfWord("a".repeat(40)).size).toBeLessThan(10);
  expect(keysOfWord("abcdefghijklmnopqrstuvwxyz").size).toBe(1 + 7 + 21);
  expect(keysOfName("abcdefghijklmnopqrst").size).toBe(21);
});
