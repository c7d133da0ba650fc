/**
 * Release notes in other languages than the app's own, which `notes` of a version is in and which devices read. Those of other
 * languages are of the store alone: nothing signs them. Pure.
 */

import { type Fault, isProblem, Problem } from "../../errors.ts";
import { say } from "../../say.ts";
import { type LocalTexts, tagFault } from "../local-texts.ts";
import { checkNotes } from "../notes.ts";
import { LISTING_LIMITS } from "../store-listing/document.ts";

/** As many languages as a listing has (`LISTING_LIMITS`), each with as much as notes may say, and so much of all of them together. */
export const TRANSLATED_LANGUAGES = 40;
export const TRANSLATED_CHARACTERS = 40_000;
/** Of a tag; a longer one is none. */
const TAG_CHARACTERS = LISTING_LIMITS.localeBytes;

const INVALID = "upload.notes_invalid";
const TOO_LONG = "upload.notes_too_long";

/** What is said of a version: Markdown in the app's own language, and in others by their tags (BCP 47). */
export type ReleaseNotes = { readonly notes: string; readonly translatedNotes: LocalTexts };

/** The member that has them, as a JSON pointer; each text is below it, by its tag. */
export const TRANSLATED_POINTER = "/translatedNotes";

/**
 * As they are kept: each by the rule of notes, those with nothing in them left out, by their tags.
 * @throws Problem `upload.notes_invalid`, `upload.notes_too_long`, with a detail for each that is wrong
 */
export function checkTranslations(given: LocalTexts): LocalTexts {
  const written = Object.entries(given).filter(([, text]) => text.trim() !== "");
  const kept: [string, string][] = [];
  const faults = written.slice(0, TRANSLATED_LANGUAGES + 1).flatMap(([tag, text]): Fault[] => {
    const pointer = `${TRANSLATED_POINTER}/${tag.slice(0, TAG_CHARACTERS)}`;
    const wrong = tagFault(tag);
    if (wrong !== null) return [{ code: INVALID, pointer, message: wrong }];
    try {
      kept.push([tag, checkNotes(text)]);
      return [];
    } catch (error) {
      if (!isProblem(error)) throw error;
      return [{ ...error.faults[0], code: error.code, pointer, message: error.words }];
    }
  });
  if (written.length > TRANSLATED_LANGUAGES) {
    const message = say`Release notes are in ${TRANSLATED_LANGUAGES} more languages at most; found ${written.length}.`;
    faults.push({ code: INVALID, pointer: TRANSLATED_POINTER, message });
  }
  const characters = kept.reduce((sum, [, text]) => sum + [...text].length, 0);
  if (characters > TRANSLATED_CHARACTERS) {
    const message = say`Release notes in all other languages have at most ${TRANSLATED_CHARACTERS} characters together; these have ${characters}.`;
    faults.push({ code: TOO_LONG, pointer: TRANSLATED_POINTER, message });
  }
  const [first] = faults;
  if (first !== undefined) throw new Problem("invalid", first.code, first.message, faults);
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Those of before with what is said of some languages; an empty text takes its language away.
 * @throws Problem as `checkTranslations`
 */
export function mergeTranslations(before: LocalTexts, said: LocalTexts): LocalTexts {
  return checkTranslations({ ...before, ...said });
}

/**
 * Of texts that were checked: what is written under the app's own language are its notes, where nothing else is.
 * @param own The language that its package calls its own; null: it is not known.
 * @throws Problem `upload.notes_invalid` where both say something, and not the same
 */
export function settleOwn<N extends string | undefined>(
  said: { readonly notes: N; readonly translatedNotes: LocalTexts },
  own: string | null,
): { readonly notes: N | string; readonly translatedNotes: LocalTexts } {
  const { notes, translatedNotes } = said;
  const there = own === null || !Object.hasOwn(translatedNotes, own) ? undefined : translatedNotes[own];
  if (own === null || there === undefined) return said;
  const { [own]: _, ...others } = translatedNotes;
  if (notes === undefined || notes.trim() === "" || notes === there)
    return { notes: there, translatedNotes: others };
  const message = say`${own} is the app’s own language, and its notes say something else already: write them there.`;
  throw new Problem("invalid", "upload.notes_invalid", message, [
    { code: INVALID, pointer: `${TRANSLATED_POINTER}/${own}`, message },
  ]);
}
