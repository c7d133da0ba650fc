/**
 * The words of the pages, by locale: assets/locales/<tag>.json in ICU MessageFormat. English is the reference; what
 * another catalogue lacks is said in English. A file that is added there is offered without a change here. What has its
 * English in the program is said by `src/sentences.ts`.
 */
import { IntlMessageFormat } from "intl-messageformat";
import type { MessageKey, Translate } from "../../../views/page.ts";
import { REFERENCE_LANGUAGE as REFERENCE } from "../../languages.ts";
import { catalogue } from "../../sentences.ts";

const translators = new Map<string, Translate>();

/** Of a name that a row holds; null: the reference has no such message. */
export function messageKeyOf(key: string): MessageKey | null {
  known ??= new Set(catalogue(REFERENCE).keys());
  return known.has(key) ? (key as MessageKey) : null;
}
let known: ReadonlySet<string> | undefined;

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
