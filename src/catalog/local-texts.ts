/** Texts that administrators write in several languages: which are taken, and which of them somebody reads. Pure. */

import { characterFault, nameFault, plainName } from "../accounts/name-rule.ts";
import { plainSaid } from "../accounts/said.ts";
import type { Fault } from "../errors.ts";
import { localeFault } from "../format/locales.ts";
import { ownLanguageOf, primaryOf } from "../languages.ts";
import { say, type Words } from "../say.ts";

/** A text for each language, by its tag (BCP 47, in canonical case). */
export type LocalTexts = Readonly<Record<string, string>>;

/** Of one text. */
export const MOST_LANGUAGES = 30;
const TAG_BYTES = 35;
/** Who has no text in their own language reads this one, where there is one. */
const COMMON = "en";

/** What a text is judged by. */
export type LocalTextRule = {
  /** Code of a fault. */
  readonly code: string;
  /** The member that holds the texts, as a JSON pointer: `/names`. */
  readonly pointer: string;
  /** Whose it is, such as “A category's name”. */
  readonly what: Words;
  readonly characters: number;
  /** Whether there is one in one language at least. */
  readonly isRequired: boolean;
  /** Whether it may have several lines, as Markdown has; else it is one, by the rule of names. */
  readonly isLong?: boolean;
};

/**
 * As they are kept: each by the rule of names or of long texts, those that are empty left out, by their tags.
 * @returns What is wrong with them besides; empty: nothing.
 */
export function localTexts(
  given: LocalTexts,
  rule: LocalTextRule,
): { readonly texts: LocalTexts; readonly faults: readonly Fault[] } {
  const { code, pointer, what, characters, isRequired, isLong = false } = rule;
  const written = Object.entries(given)
    .map(([tag, text]) => [tag, isLong ? plainSaid(text) : plainName(text)] as const)
    .filter(([, text]) => text !== "")
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const fault = (message: Words, tag?: string): Fault => ({
    code,
    pointer: tag === undefined ? pointer : `${pointer}/${tag}`,
    message,
  });
  const faults = written.slice(0, MOST_LANGUAGES + 1).flatMap(([tag, text]) => {
    const wrong = tagFault(tag);
    if (wrong !== null) return [fault(wrong, tag)];
    const found = textFault(text, rule);
    return found === null ? [] : [fault(found, tag)];
  });
  if (written.length > MOST_LANGUAGES)
    faults.push(fault(say`${what} is in ${MOST_LANGUAGES} languages at most; found ${written.length}.`));
  if (isRequired && written.length === 0)
    faults.push(fault(say`${what} has 1 to ${characters} characters in one language at least.`));
  return { texts: Object.fromEntries(written), faults };
}

function textFault(text: string, { what, characters, isRequired, isLong }: LocalTextRule): Words | null {
  if (isLong) {
    if (text.length > characters)
      return say`${what} has ${characters} characters at most; found ${text.length}.`;
    return characterFault(text.replaceAll(/[\n\t]/g, " "), what)?.message ?? null;
  }
  if (isRequired) return nameFault(text, characters, what)?.message ?? null;
  if ([...text].length > characters) return say`${what} is one line of ${characters} characters at most.`;
  return characterFault(text, what)?.message ?? null;
}

/** A tag in canonical case as it is, and in words what is none. */
function expectedOf(tag: string): Words | undefined {
  const expected = localeFault(tag);
  if (expected === "a well-formed RFC 5646 tag") return say`a well-formed RFC 5646 tag`;
  if (expected === "a tag that is not grandfathered") return say`a tag that is not grandfathered`;
  return expected;
}

/** What is wrong with a language's tag; null: nothing. */
export function tagFault(tag: string): Words | null {
  if (tag === "") return say`Say the language by its tag (BCP 47), such as de or pt-BR.`;
  const expected = tag.length > TAG_BYTES ? say`a tag of ${TAG_BYTES} characters at most` : expectedOf(tag);
  if (expected === undefined) return null;
  return say`“${tag.slice(0, TAG_BYTES)}” is no language tag (BCP 47) as it is kept here: expected ${expected}.`;
}

/** Whether who reads a language that is not among them gets one that hardly anybody else reads, and not English. */
export function lacksCommon(texts: LocalTexts): boolean {
  return !Object.keys(texts).some((tag) => primaryOf(tag) === COMMON);
}

/** The one that somebody reads whose language this is: in it, in the same language elsewhere, in English, or the first. */
export function textIn(texts: LocalTexts, locale: string): string {
  return languageRead(texts, locale)[1];
}

/** With the language that it is in, where that is another than theirs; null: it is theirs, or there is none. */
export function textWithLanguage(
  texts: LocalTexts,
  locale: string,
): { readonly text: string; readonly language: string | null } {
  const [tag, text] = languageRead(texts, locale);
  return { text, language: tag === "" || primaryOf(tag) === primaryOf(locale) ? null : tag };
}

/** The language that is shown to who reads this one, and the text in it. */
export function languageRead(texts: LocalTexts, locale: string): readonly [tag: string, text: string] {
  const tags = Object.keys(texts);
  const tag = ownLanguageOf(tags, locale) ?? tags.find((one) => primaryOf(one) === COMMON) ?? tags[0];
  return tag === undefined ? ["", ""] : [tag, texts[tag] ?? ""];
}
