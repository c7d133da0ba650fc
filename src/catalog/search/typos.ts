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

/**
 * How many slips lie between two words: letters left out, put in, or taken for another, and neighbours that changed places
 * (optimal string alignment). No more than `most` are counted: beyond that it is `most + 1`.
 */
export function slipsBetween(one: string, other: string, most: number): number {
  const [a, b] = [[...one], [...other]];
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of a.entries()) {
    const row = [i + 1];
    let fewest = i + 1;
    for (const [j, against] of b.entries()) {
      let slips = Math.min(
        (last[j + 1] ?? 0) + 1,
        (row[j] ?? 0) + 1,
        (last[j] ?? 0) + (letter === against ? 0 : 1),
      );
      if (i > 0 && j > 0 && letter === b[j - 1] && a[i - 1] === against)
        slips = Math.min(slips, (beforeLast[j - 1] ?? 0) + 1);
      row.push(slips);
      fewest = Math.min(fewest, slips);
    }
    if (fewest > most) return most + 1;
    [beforeLast, last] = [last, row];
  }
  return Math.min(last[b.length] ?? 0, most + 1);
}
