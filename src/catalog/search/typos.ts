/**
 * Finding words that were mistyped without looking at every word that there is: two words that differ by a few letters become the
 * same when a few letters are taken out of each. Every word is kept under what is left of its beginning with up to two letters
 * taken out, and a question asks for what is left of its own. (The method is W. Garbe's, “symmetric delete spelling correction”.)
 * Pure.
 */

/** Of a word no more than its beginning is looked at: a longer one would be kept under hundreds of keys. */
const BEGINNING = 7;
/** Shorter words are close to too many others. */
export const SHORTEST = 4;

/** How many slips are forgiven in a word of so many letters. */
export function slipsForgiven(letters: number): number {
  if (letters < SHORTEST) return 0;
  return letters <= 5 ? 1 : 2;
}

/** Under which keys a word is kept and asked for; none when it is too short. */
export function keysOfWord(word: string): ReadonlySet<string> {
  const beginning = [...word].slice(0, BEGINNING);
  const slips = slipsForgiven(beginning.length);
  return slips === 0 ? new Set() : withoutLetters(beginning, slips);
}

/** The same for a name as one word, with one slip anywhere in it. */
export function keysOfName(name: string): ReadonlySet<string> {
  const letters = [...name];
  return letters.length < SHORTEST ? new Set() : withoutLetters(letters, 1);
}

function withoutLetters(letters: readonly string[], most: number): ReadonlySet<string> {
  const found = new Set<string>();
  const takeOut = (left: readonly string[], more: number) => {
    const key = left.join("");
    if (key === "") return;
    found.add(key);
    if (more === 0) return;
    for (const at of left.keys()) takeOut(left.toSpliced(at, 1), more - 1);
  };
  takeOut(letters, most);
  return found;
}

/** Rows of the table below, used again: very many words are compared for each question. */
let [beforeLast, last, row] = [new Uint8Array(0), new Uint8Array(0), new Uint8Array(0)];

/**
 * How many slips lie between two words of at most 200 letters: letters left out, put in, or taken for another, and neighbours that
 * changed places (optimal string alignment). No more than `most` are counted: beyond that it is `most + 1`.
 */
export function slipsBetween(one: string, other: string, most: number): number {
  if (one === other) return 0;
  if (Math.abs(one.length - other.length) > most) return most + 1;
  const width = other.length + 1;
  if (row.length < width)
    [beforeLast, last, row] = [new Uint8Array(width), new Uint8Array(width), new Uint8Array(width)];
  for (let j = 0; j < width; j++) last[j] = j;
  for (let i = 1; i <= one.length; i++) {
    // What is further than `most` from the diagonal has more slips than that (E. Ukkonen's cut-off): it is not reckoned.
    const from = Math.max(1, i - most);
    const until = Math.min(width - 1, i + most);
    row[from - 1] = from === 1 ? i : most + 1;
    let fewest = from === 1 ? i : most + 1;
    const letter = one.charCodeAt(i - 1);
    for (let j = from; j <= until; j++) {
      const against = other.charCodeAt(j - 1);
      let slips = at(last, j - 1) + (letter === against ? 0 : 1);
      const leftOut = at(last, j) + 1;
      const putIn = at(row, j - 1) + 1;
      if (leftOut < slips) slips = leftOut;
      if (putIn < slips) slips = putIn;
      if (i > 1 && j > 1 && letter === other.charCodeAt(j - 2) && one.charCodeAt(i - 2) === against) {
        const changed = at(beforeLast, j - 2) + 1;
        if (changed < slips) slips = changed;
      }
      row[j] = slips;
      if (slips < fewest) fewest = slips;
    }
    if (until + 1 < width) row[until + 1] = most + 1;
    if (fewest > most) return most + 1;
    [beforeLast, last, row] = [last, row, beforeLast];
  }
  return Math.min(at(last, width - 1), most + 1);
}

const at = (values: Uint8Array, place: number): number => values[place] ?? 0;
