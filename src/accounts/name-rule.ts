/** What may be the name of something that people call themselves, a key or a group. Pure. */
import { UNSEEN } from "../signing/refuse.ts";

/** And what no JSON can hold (RFC 7493 §2.1). */
const HIDDEN = new RegExp(`${UNSEEN}|[\\p{Cs}\\p{NChar}]`, "u");

/** Scripts in whose words joiners stand (UAX #31 §2.3.1). */
const JOINED = [
  ...["Arab", "Syrc", "Mand", "Nkoo", "Mong", "Deva", "Beng", "Guru", "Gujr", "Orya", "Taml", "Telu", "Knda"],
  ...["Mlym", "Sinh", "Khmr", "Mymr", "Tibt"],
]
  .map((script) => `\\p{scx=${script}}`)
  .join("");

/** Where what cannot be seen is a part of what is written: in emoji, in words of some scripts, and beside characters with forms. */
const WRITTEN = new RegExp(
  [
    "(?<=\\p{Extended_Pictographic})[\\ufe0e\\ufe0f]",
    "(?<=[0-9#*])\\ufe0f(?=\\u20e3)",
    "(?<=[\\p{Extended_Pictographic}\\p{Emoji_Modifier}]\\ufe0f?)\\u200d(?=\\p{Extended_Pictographic})",
    `(?<=(?=[${JOINED}])[\\p{L}\\p{M}])[\\u200c\\u200d](?=(?=[${JOINED}])[\\p{L}\\p{M}])`,
    "(?<=\\p{sc=Han})[\\ufe00-\\ufe02\\u{e0100}-\\u{e01ef}]",
    "(?<=\\p{sc=Mong})[\\u180b-\\u180d\\u180f]",
  ].join("|"),
  "gu",
);
const SEEN = /[\p{L}\p{N}\p{S}]/u;

/** For messages, after how long it may be. */
export const NAME_EXPECTED =
  "a letter, a number or a symbol among them, and no control characters nor others that cannot be seen";

/** @param name Without white space at its ends. @param most How many characters it has at most; it has one at least. */
export function isName(name: string, most: number): boolean {
  return [...name].length <= most && SEEN.test(name) && !hasUnseen(name);
}

/** Whether a line has what cannot be seen, where it is no part of what is written. */
export function hasUnseen(line: string): boolean {
  return HIDDEN.test(line.replace(WRITTEN, ""));
}

const EVERY_HIDDEN = new RegExp(HIDDEN.source, "gu");
/** Letters that are drawn like a Latin one, by it. */
const DRAWN_LIKE: Readonly<Record<string, string>> = {
  a: "аα",
  b: "вβЬ",
  c: "сϲ",
  d: "ԁ",
  e: "еεё",
  h: "нһη",
  i: "іι",
  j: "ј",
  k: "кκ",
  l: "ӏ",
  m: "мμ",
  n: "п",
  o: "оοσօ",
  p: "рρ",
  q: "ԛ",
  r: "г",
  s: "ѕ",
  t: "тτ",
  u: "υ",
  v: "ѵν",
  w: "ѡԝω",
  x: "хχ",
  y: "уγ",
  z: "ζ",
};
const LATIN_OF = new Map(
  Object.entries(DRAWN_LIKE).flatMap(([latin, others]) =>
    [...others].map((other) => [other, latin] as const),
  ),
);

/**
 * Two names that share one of these look alike: without what is not seen, the white space, the case and the width of letters; and
 * drawn with Latin letters, a capital I, a 1 and a bar like a small L, and a 0 like an O.
 */
function lookKeys(name: string): readonly [string, string] {
  const plain = name
    .normalize("NFKC")
    .replace(EVERY_HIDDEN, "")
    .replace(/\s+/gu, " ")
    .replace(/\p{Pd}/gu, "-")
    .trim();
  const folded = (text: string) => text.toUpperCase().toLowerCase().normalize("NFKC");
  // The mark stands for all that looks like the small L, which the capital L does not.
  const drawn = folded(plain.replace(/[Il1|ӀІΙ]/gu, "\u0001").replaceAll("0", "o"));
  return [folded(plain), [...drawn].map((letter) => LATIN_OF.get(letter) ?? letter).join("")];
}

export function lookAlike(one: string, other: string): boolean {
  const keys = lookKeys(other);
  return lookKeys(one).some((key, at) => key === keys[at]);
}

const SCRIPTS = { Latin: /\p{sc=Latn}/u, Greek: /\p{sc=Grek}/u, Cyrillic: /\p{sc=Cyrl}/u } as const;

/** A word in letters of two of the scripts that have letters alike (UTS #39 §5.2), and these; null: there is none. */
export function mixedWord(
  name: string,
): { readonly word: string; readonly scripts: readonly string[] } | null {
  for (const word of name.normalize("NFKC").split(/[^\p{L}\p{M}\p{N}]+/u)) {
    const scripts = Object.entries(SCRIPTS).flatMap(([script, has]) => (has.test(word) ? [script] : []));
    if (scripts.length > 1) return { word, scripts };
  }
  return null;
}
