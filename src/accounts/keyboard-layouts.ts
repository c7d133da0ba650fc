/**
 * What was typed, by its keys: the keys of a row, or a word of another language, have the letters of whichever layout was set. Each
 * layout is the letters at the places of a QWERTY keyboard, row by row. Pure.
 */

const QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";

/** Windows' standard layouts: Russian, Ukrainian, Greek, Hebrew, Arabic (101), Persian. */
const LAYOUTS = {
  russian: "йцукенгшщзхъфывапролджэячсмитьбю",
  ukrainian: "йцукенгшщзхїфівапролджєячсмитьбю",
  greek: ";ςερτυθιοπ[]ασδφγηξκλ΄'ζχψωβνμ,.",
  hebrew: "/'קראטוןםפ][שדגכעיחלךף,זסבהנמצתץ",
  arabic: "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرﻻىةوز",
  persian: "ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو.",
} as const;

/** Only what a layout alone has says that it was set. */
const FOREIGN = /\p{L}/u;
const LATIN = /\p{Script=Latin}/u;

const toQwerty = Object.values(LAYOUTS).map((letters) => mapOf(letters, QWERTY));
/** Whoever has two layouts types a Russian word on Latin keys: "gfhjkm". */
const toRussian = mapOf(QWERTY, LAYOUTS.russian);

/** The other texts that the same keys give, in small letters. */
export function typedOtherwise(text: string): readonly string[] {
  const characters = [...text.toLowerCase()];
  const letters = characters.filter((character) => FOREIGN.test(character));
  const found = toQwerty
    .filter((layout) => letters.some((one) => layout.has(one) && !LATIN.test(one)))
    .map((layout) => characters.map((one) => layout.get(one) ?? one).join(""));
  if (letters.length > 0 && letters.every((one) => LATIN.test(one)))
    found.push(characters.map((one) => toRussian.get(one) ?? one).join(""));
  return [...new Set(found)];
}

function mapOf(from: string, to: string): ReadonlyMap<string, string> {
  const targets = [...to];
  return new Map([...from].map((letter, place) => [letter, targets[place] ?? letter]));
}
