/**
 * The words of the pages, by locale: assets/locales/<tag>.json in ICU MessageFormat. English is the reference; what
 * another catalogue lacks is said in English. A file that is added there is offered without a change here. What the store says of
 * what went wrong has its English in the program, and its other languages in assets/locales/sentences.
 */
import { IntlMessageFormat } from "intl-messageformat";
import type { MessageKey, Translate } from "../../../views/page.ts";
import { assetText } from "../../assets.ts";
import { CATALOGUES, REFERENCE_LANGUAGE as REFERENCE, SENTENCES } from "../../languages.ts";
import { Said, type Words } from "../../say.ts";

const translators = new Map<string, Translate>();

/** Gives the messages of a locale; each is parsed at its first use and then kept. */
export function translatorOf(locale: string): Translate {
  const before = translators.get(locale);
  if (before) return before;
  const own = catalogue(locale);
  const reference = locale === REFERENCE ? own : catalogue(REFERENCE);
  const formats = new Map<MessageKey, IntlMessageFormat>();
  const translate: Translate = (key, params) => {
    let format = formats.get(key);
    if (format === undefined) {
      const text = own.get(key) ?? reference.get(key);
      if (text === undefined) throw new Error(`the message catalogue has no ${key}`);
      format = new IntlMessageFormat(text, own.has(key) ? locale : REFERENCE, undefined, { ignoreTag: true });
      formats.set(key, format);
    }
    return String(format.format({ ...params }));
  };
  translators.set(locale, translate);
  return translate;
}

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
    const values = words.values.map((value) => (value instanceof Said ? sayIn(value) : value));
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

function catalogue(name: string): ReadonlyMap<string, string> {
  const parsed: unknown = JSON.parse(assetText(`${CATALOGUES}${name}.json`));
  if (typeof parsed !== "object" || parsed === null) throw new Error(`the catalogue ${name} is no object`);
  return new Map(
    Object.entries(parsed).flatMap(([key, text]) => (typeof text === "string" ? [[key, text] as const] : [])),
  );
}
