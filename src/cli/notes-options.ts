/** What commands take as release notes: typed or from a file, in the app's own language and in others. */
import type { LocalTexts } from "../catalog/local-texts.ts";
import { checkNotes } from "../catalog/notes.ts";
import { checkTranslations } from "../catalog/release-notes/translations.ts";
import { Problem } from "../errors.ts";
import { type OptionValues, option, repeatedOption } from "./command.ts";
import { readSmallFile } from "./files.ts";
import { localText } from "./values.ts";

export const NOTES_OPTIONS = {
  notes: option("--notes", "TEXT", "what is new, for the people who get it, in the app's own language"),
  notesFile: option("--notes-file", "FILE", "the same, of a file in Markdown"),
  notesIn: repeatedOption(
    "--notes-in",
    "TAG=TEXT",
    "the same in another language, such as de=…; repeat it for several",
    localText,
  ),
  notesInFile: repeatedOption("--notes-in-file", "TAG=FILE", "likewise, of a file in Markdown", localText),
};

type Given = OptionValues<typeof NOTES_OPTIONS>;

export type NotesGiven = {
  /** Undefined: nothing is said of them. */
  readonly notes: string | undefined;
  /** An empty text takes its language away; empty: nothing is said of any. */
  readonly translatedNotes: LocalTexts;
};

/**
 * As the store would keep them, so that nothing is sent that it refuses.
 * @throws Problem `notes.given_twice`, `notes.not_text`, `upload.notes_invalid`, `upload.notes_too_long`, `file.…`
 */
export async function readNotes(given: Given, path: (relative: string) => string): Promise<NotesGiven> {
  if (given.notes !== undefined && given.notesFile !== undefined) throw givenTwice("the app's own language");
  const text = given.notesFile === undefined ? given.notes : await textOf(path(given.notesFile));
  const translations = new Map<string, string>();
  const take = (tag: string, said: string) => {
    if (translations.has(tag)) throw givenTwice(tag);
    translations.set(tag, said);
  };
  for (const [tag, said] of given.notesIn) take(tag, said);
  for (const [tag, file] of given.notesInFile) take(tag, await textOf(path(file)));
  const taken = checkTranslations(Object.fromEntries(translations));
  const away = [...translations].filter(([tag]) => !Object.hasOwn(taken, tag)).map(([tag]) => [tag, ""]);
  return {
    notes: text === undefined ? undefined : checkNotes(text),
    translatedNotes: { ...taken, ...Object.fromEntries(away) },
  };
}

/** Whether a version has all of it. */
export function hasNotes(
  version: { readonly notes: string; readonly translatedNotes: LocalTexts },
  { notes, translatedNotes }: NotesGiven,
): boolean {
  const isSaid = ([tag, text]: [string, string]) => (version.translatedNotes[tag] ?? "") === text;
  return (notes === undefined || notes === version.notes) && Object.entries(translatedNotes).every(isSaid);
}

async function textOf(file: string): Promise<string> {
  const bytes = await readSmallFile(file);
  try {
    // What ends a file is no part of what it says.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).trimEnd();
  } catch {
    throw new Problem("invalid", "notes.not_text", `${file} is not in UTF-8. Save it as that.`);
  }
}

function givenTwice(language: string): Problem {
  return new Problem(
    "usage",
    "notes.given_twice",
    `There are two texts of what is new in ${language}. Say it once, as a text or as a file.`,
  );
}
