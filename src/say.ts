/**
 * What people are told, said in English where it comes about and in their language where they read it: a sentence keeps its pattern
 * and its values, and a catalogue of patterns has its words in another language (as gettext does it). Pure.
 */
import { keepNewest } from "./newest.ts";

/** What stands in a sentence: names and numbers as they are, moments, and what is said otherwise in another language. */
export type SaidValue = string | number | Date | Said | LocalName;

/** A name that somebody gave in several languages. In English, and where nothing says for whom it is, as it is there. */
export class LocalName {
  constructor(readonly inLanguage: (locale: string) => string) {}

  toString(): string {
    return this.inLanguage("en");
  }
}

/** A sentence, or one without a translation, such as the words of another program. */
export type Words = string | Said;

/** `pattern` has `{0}`, `{1}` … where the values stand. As a string, and in JSON, it is the English sentence. */
export class Said {
  constructor(
    readonly pattern: string,
    readonly values: readonly SaidValue[],
  ) {}

  toString(): string {
    return this.pattern.replace(/\{(\d+)\}/g, (_, index: string) => {
      const value = this.values[Number(index)] ?? "";
      return value instanceof Date ? saidMoment("en", value) : String(value);
    });
  }

  toJSON(): string {
    return this.toString();
  }
}

const moments = new Map<string, Intl.DateTimeFormat>();
/** Fewer than there are zones for somebody to choose one after the other. */
const MOST_KEPT = 100;

/** A moment in a language and a zone: "25 November 2026 at 09:30 UTC". English has the day before the month, as on pages. */
export function saidMoment(locale: string, at: Date, timeZone = "UTC"): string {
  const key = `${locale} ${timeZone}`;
  let format = moments.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, {
      day: "numeric",
      month: "long",
      year: "numeric",
      hour: "numeric",
      minute: "2-digit",
      timeZone,
      timeZoneName: "short",
    });
    keepNewest(moments, key, format, MOST_KEPT);
  }
  return format.format(at);
}

/** The tag of sentences that have a translation: say`There is no app ${id}.` */
export function say(parts: TemplateStringsArray, ...values: SaidValue[]): Said {
  const pattern = parts.reduce((before, part, index) => `${before}{${index - 1}}${part}`);
  return new Said(pattern, values);
}

/** A sentence without values, of a table. */
export function sayText(text: string): Said {
  return new Said(text, []);
}

/** Several things in a row. The separator is looked up like a sentence, since not every script has the same comma. */
export function sayList(items: readonly SaidValue[], separator = ", "): Words {
  const [first = "", ...others] = items;
  return others.reduce<Words>(
    (before, item) => new Said(`{0}${separator}{1}`, [before, item]),
    typeof first === "string" || first instanceof Said ? first : new Said("{0}", [first]),
  );
}

/** Sentences one after another, without the empty ones. */
export function sayAll(sentences: readonly Words[]): Words {
  return sayList(
    sentences.filter((each) => each !== ""),
    " ",
  );
}
