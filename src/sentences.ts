/**
 * What has its English in the program, said in another language: what went wrong, and letters. Its other languages are
 * assets/locales/sentences/<tag>.json, in ICU MessageFormat.
 */
import { IntlMessageFormat } from "intl-messageformat";
import { assetText } from "./assets.ts";
import { CATALOGUES, REFERENCE_LANGUAGE as REFERENCE, SENTENCES } from "./languages.ts";
import { LocalName, Said, saidMoment, type Words } from "./say.ts";

const sayers = new Map<string, (words: Words) => string>();

/** Says sentences in a locale, by assets/locales/sentences/<tag>.json; one that is not there as it was made, in English. */
export function sayerOf(locale: string): (words: Words) => string {
  const before = sayers.get(locale);
  if (before) return before;
  const own = locale === REFERENCE ? new Map<string, string>() : catalogue(`${SENTENCES}${locale}`);
  const formats = new Map<string, IntlMessageFormat>();
  const sayIn = (words: Words): string => {
    if (typeof words === "string") return words;
    const { pattern } = words;
    const values = words.values.map((value) => {
      if (value instanceof Date) return saidMoment(locale, value);
      if (value instanceof LocalName) return value.inLanguage(locale);
      return value instanceof Said ? sayIn(value) : value;
    });
    const text = own.get(pattern);
    if (text === undefined) return String(new Said(pattern, values));
    let format = formats.get(pattern);
    if (format === undefined) {
      format = new IntlMessageFormat(text, locale, undefined, { ignoreTag: true });
      formats.set(pattern, format);
    }
    return String(format.format(Object.fromEntries(values.entries())));
  };
  sayers.set(locale, sayIn);
  return sayIn;
}

/** The texts of a catalogue, by their keys. */
export function catalogue(name: string): ReadonlyMap<string, string> {
  const parsed: unknown = JSON.parse(assetText(`${CATALOGUES}${name}.json`));
  if (typeof parsed !== "object" || parsed === null) throw new Error(`the catalogue ${name} is no object`);
  return new Map(
    Object.entries(parsed).flatMap(([key, text]) => (typeof text === "string" ? [[key, text] as const] : [])),
  );
}
