/**
 * What texts and questions are made of when apps are searched: words in one spelling, so that case, accents and how a letter is
 * encoded make no difference. Pure.
 */

/** Longer words, and more of them, help nobody to find an app. */
const MOST_LETTERS = 40;
const MOST_WORDS_OF_TEXT = 2000;
const MOST_WORDS_OF_QUESTION = 8;

/** Digits of Arabic script, and those of Persian and Urdu. */
const DIGITS = ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"].flatMap((digits) =>
  [...digits].map((digit, value) => [digit, `${value}`] as const),
);

/** Letters that no decomposition of Unicode takes apart, as people without them on their keyboard write them. */
const SPELLINGS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  þ: "th",
  ł: "l",
  ħ: "h",
  ı: "i",
  // Arabic: letters that are written one for the other, also by who types on a Persian keyboard.
  ى: "ي",
  ی: "ي",
  ک: "ك",
  ة: "ه",
  ٱ: "ا",
  // The bar that only makes a word longer.
  ـ: "",
  ...Object.fromEntries(DIGITS),
};
const SPELT = new RegExp(`[${Object.keys(SPELLINGS).join("")}]`, "gu");

/** Scripts that put no space between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;

/** In one spelling: without case, marks above and below, and forms that look alike (NFKD). */
export function foldText(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}+/gu, "")
    .replace(SPELT, (letter) => SPELLINGS[letter] ?? letter);
}

/**
 * The words of a text, in its order. Where a script puts no space between words each two letters that stand together are one,
 * and the last letter: the beginning of a word is found as well then.
 */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  for (const [run] of foldText(text).matchAll(/[\p{L}\p{N}]+/gu)) {
    for (const word of splitRun(run)) {
      if (words.length === MOST_WORDS_OF_TEXT) return words;
      words.push(word);
    }
  }
  return words;
}

/** The words of a question: those of a text, without the single last letters, which would find too much. */
export function wordsAsked(question: string): readonly string[] {
  const words = [...foldText(question).matchAll(/[\p{L}\p{N}]+/gu)].flatMap(([run]) => {
    const parts = [...splitRun(run)];
    return parts.length > 1 && isUnspaced(run) ? parts.slice(0, -1) : parts;
  });
  return [...new Set(words)].slice(0, MOST_WORDS_OF_QUESTION);
}

/** A name as one word: who leaves out a space or a hyphen, or puts one too many, means the same app. */
export function asOneWord(text: string): string {
  return cut([...foldText(text).matchAll(/[\p{L}\p{N}]+/gu)].map(([run]) => run).join(""));
}

function isUnspaced(run: string): boolean {
  return run.search(UNSPACED) === 0;
}

function* splitRun(run: string): Generator<string> {
  let from = 0;
  for (const match of run.matchAll(UNSPACED)) {
    if (match.index > from) yield cut(run.slice(from, match.index));
    const letters = [...match[0]];
    for (const [at, letter] of letters.entries()) yield letter + (letters[at + 1] ?? "");
    from = match.index + match[0].length;
  }
  if (from < run.length) yield cut(run.slice(from));
}

function cut(word: string): string {
  return word.length <= MOST_LETTERS ? word : [...word].slice(0, MOST_LETTERS).join("");
}
