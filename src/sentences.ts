/**
 * What has its English in the program, said in another language: what went wrong, and letters. Its other languages are
 * assets/locales/sentences/<tag>.json, in ICU MessageFormat.
 */
import { IntlMessageFormat } from "intl-messageformat";
import { assetText } from "./assets.ts";
import { CATALOGUES, REFERENCE_LANGUAGE as REFERENCE, SENTENCES } from "./languages.ts";
import { LocalName, Said, saidMoment, type Words } from "./say.ts";

const sayers = new Map<string, Sayer>();
type Sayer = (words: Words, timeZone: string) => string;

/**
 * Says sentences in a locale, by assets/locales/sentences/<tag>.json; one that is not there as it was made, in English.
 * @param timeZone In which moments are told
 */
export function sayerOf(locale: string, timeZone = "UTC"): (words: Words) => string {
  let sayer = sayers.get(locale);
  if (sayer === undefined) {
    sayer = makeSayer(locale);
    sayers.set(locale, sayer);
  }
  const sayIn = sayer;
  return (words) => sayIn(words, timeZone);
}

function makeSayer(locale: string): Sayer {
  const own = locale === REFERENCE ? new Map<string, string>() : catalogue(`${SENTENCES}${locale}`);
  const formats = new Map<string, IntlMessageFormat>();
  const sayIn: Sayer = (words, timeZone) => {
    if (typeof words === "string") return words;
    const { pattern } = words;
    const values = words.values.map((value) => {
      if (value instanceof Date) return saidMoment(locale, value, timeZone);
      if (value instanceof LocalName) return value.inLanguage(locale);
      return value instanceof Said ? sayIn(value, timeZone) : value;
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
