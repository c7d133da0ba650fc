/** Which names look alike, or pass for each other. Pure. */
import { say, sayList, type Words } from "../say.ts";
import { UNSEEN } from "../signing/refuse.ts";

const EVERY_UNSEEN = new RegExp(`${UNSEEN}|[\\p{Cs}\\p{NChar}]`, "gu");
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
export function lookKeys(name: string): readonly [string, string] {
  const plain = name
    .normalize("NFKC")
    .replace(EVERY_UNSEEN, "")
    .replace(/\s+/gu, " ")
    .replace(/\p{Pd}/gu, "-")
    .trim();
  const folded = (text: string) => text.toUpperCase().toLowerCase().normalize("NFKC");
  // The mark stands for all that looks like the small L, which the capital L does not.
  const drawn = folded(plain.replace(/[Il1|ӀІΙ]/gu, "\u0001").replaceAll("0", "o"));
  return [folded(plain), [...drawn].map((letter) => LATIN_OF.get(letter) ?? letter).join("")];
}

/** The first of others that looks like the name. */
export function findAlike<T extends { readonly name: string }>(
  name: string,
  others: readonly T[],
): T | undefined {
  const keys = lookKeys(name);
  return others.find((other) => lookKeys(other.name).some((key, at) => key === keys[at]));
}

const SCRIPTS = { Latin: /\p{sc=Latn}/u, Greek: /\p{sc=Grek}/u, Cyrillic: /\p{sc=Cyrl}/u } as const;

/** What is wrong with a name that others rely on: a word in letters of two of the scripts that have letters alike (UTS #39 §5.2). */
export function mixedFault(name: string): Words | null {
  for (const word of name.normalize("NFKC").split(/[^\p{L}\p{M}\p{N}]+/u)) {
    const scripts = Object.entries(SCRIPTS).flatMap(([script, has]) => (has.test(word) ? [script] : []));
    if (scripts.length > 1)
      return say`The word “${word}” has letters of two scripts that look alike, ${sayList(scripts, " and ")}. Write each word in one of them.`;
  }
  return null;
}

/** For messages that say whose the name is already. */
export const ALIKE = say`or one that looks like it: case, width and letters that are drawn alike do not count`;
