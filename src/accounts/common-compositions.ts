/**
 * Passwords that are put together of our own common words and of what is known of the person and the store alone, however they are
 * joined: "mosis-store-1". zxcvbn counts each part of a password for at least 10⁴ guesses, and takes a word between two marks for
 * letters by chance. Pure.
 */
import { COMMON_WORDS, withoutMarks } from "./common-words.ts";

const OURS: ReadonlySet<string> = new Set(COMMON_WORDS.map((word) => withoutMarks(word.toLowerCase())));
const LONGEST = Math.max(...[...OURS].map(({ length }) => length));
/** A year, digits in a row as on the keys, or one digit again and again. */
const FEW = /(?:19|20)\d\d|1234?5?6?7?8?9?0?|(\d)\1{2,}/g;
/** There are about a hundred of each, which is as many as two digits are. */
const AS_DIGITS = "00";

/**
 * How many guesses find it; Infinity where something stands in it that is neither a word, a digit nor a mark.
 * @param plain Without marks on its letters
 * @param known What others know, in parts
 */
export function guessesOfWords(plain: string, known: readonly string[]): number {
  const text = plain.toLowerCase();
  const letters = text.replace(/\P{L}/gu, "");
  const others = new Set(known.map((one) => withoutMarks(one.toLowerCase()).replace(/\P{L}/gu, "")));
  others.delete("");
  const count = fewestWords(letters, others);
  const digits = text.replace(FEW, AS_DIGITS).replace(/\P{Nd}/gu, "").length;
  const marks = new Set(text.replace(/[\p{L}\p{Nd}]/gu, "")).size;
  return (OURS.size + others.size) ** count * 10 ** (digits + marks);
}

/** Infinity: it is not made of them. */
function fewestWords(letters: string, others: ReadonlySet<string>): number {
  const longest = Math.max(LONGEST, ...[...others].map(({ length }) => length));
  /** By how many words the letters up to there are made. */
  const fewest = [0];
  for (let end = 1; end <= letters.length; end += 1) {
    let best = Number.POSITIVE_INFINITY;
    for (let from = Math.max(0, end - longest); from < end; from += 1) {
      const word = letters.slice(from, end);
      if (OURS.has(word) || others.has(word)) best = Math.min(best, (fewest[from] ?? 0) + 1);
    }
    fewest.push(best);
  }
  return letters === "" ? Number.POSITIVE_INFINITY : (fewest[letters.length] ?? 0);
}
