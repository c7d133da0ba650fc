/** Release notes: how long they may be and what may stand in them, for whoever takes them, sends them or shows a field. */
import { Problem } from "../errors.ts";
import { say } from "../say.ts";
import { badCharacterAt } from "../signing/json-text.ts";
import { characterName, UNSEEN_IN_TEXTS } from "../signing/text-rules.ts";

/** Unicode code points, so that every script has as many. */
export const NOTES_MAX_CHARACTERS = 10_000;

/** Of a line in a list. */
const LINE_MOST = 120;

/**
 * As in every other text that people read: no control characters but the end of a line and the tab, no separators that
 * break lines in some places only, nothing that shows text in another order than it is written.
 */
const UNSEEN = new RegExp(`(?![\\n\\t])${UNSEEN_IN_TEXTS}`, "u");

/**
 * Notes as they are kept: lines end with a line feed, characters are composed (Unicode normalisation form C).
 * @throws Problem `upload.notes_too_long`, `upload.notes_invalid`
 */
export function checkNotes(text: string): string {
  if (!text.isWellFormed()) throw invalid("half of a surrogate pair");
  // The signed index of the app holds them, and no JSON of ours can.
  const bad = badCharacterAt(text);
  if (bad !== -1) throw invalid(characterName(text.slice(bad)));
  const notes = text.replace(/\r\n?/g, "\n").normalize("NFC");
  refuseLong(notes);
  const unseen = UNSEEN.exec(notes)?.[0];
  if (unseen !== undefined) throw invalid(characterName(unseen));
  return notes;
}

/** What is expected in the place of notes that a store would not have kept, or undefined: what a device takes in an index. */
export function notesFault(text: string): string | undefined {
  if (charactersOf(text) > NOTES_MAX_CHARACTERS) return `at most ${NOTES_MAX_CHARACTERS} characters`;
  return UNSEEN.test(text) ? "no characters that control or turn text, but line feed and tab" : undefined;
}

/** The first line of notes as text, for a list: without the marks of Markdown that most lines have, and no longer than it takes. */
export function notesLine(notes: string): string {
  const line = notes.split("\n").find((each) => /[\p{L}\p{N}]/u.test(each)) ?? "";
  const text = line
    .replace(/^[\s>#*+-]+/, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/\*\*|__|`/g, "")
    .trim();
  const characters = [...text];
  return characters.length <= LINE_MOST ? text : `${characters.slice(0, LINE_MOST).join("").trimEnd()}…`;
}

function charactersOf(text: string): number {
  // No text has more code points than code units: the usual one is not taken apart.
  if (text.length <= NOTES_MAX_CHARACTERS) return text.length;
  let characters = 0;
  for (const _ of text) characters += 1;
  return characters;
}

function refuseLong(notes: string): void {
  const characters = charactersOf(notes);
  if (characters <= NOTES_MAX_CHARACTERS) return;
  throw new Problem(
    "invalid",
    "upload.notes_too_long",
    say`Release notes have at most ${NOTES_MAX_CHARACTERS} characters; these have ${characters}.`,
  );
}

function invalid(found: string): Problem {
  const expected = say`no control characters but line feed and tab, and none that turn the direction of text`;
  return new Problem(
    "invalid",
    "upload.notes_invalid",
    say`Release notes have ${expected}; found ${found}. Remove it and send them again.`,
    [
      {
        code: "upload.notes_invalid",
        message: say`${found} cannot stand in release notes`,
        found,
        expected: String(expected),
      },
    ],
  );
}
