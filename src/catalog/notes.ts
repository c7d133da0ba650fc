/** Release notes: how long they may be, for whoever takes them, sends them or shows a field for them. */
import { Problem } from "../errors.ts";

/** Unicode code points, so that every script has as many. */
export const NOTES_MAX_CHARACTERS = 10_000;

/** @throws Problem `upload.notes_too_long` */
export function refuseLongNotes(notes: string): void {
  // No text has more code points than code units: the usual one is not taken apart.
  if (notes.length <= NOTES_MAX_CHARACTERS) return;
  let characters = 0;
  for (const _ of notes) characters += 1;
  if (characters <= NOTES_MAX_CHARACTERS) return;
  throw new Problem(
    "invalid",
    "upload.notes_too_long",
    `Release notes have at most ${NOTES_MAX_CHARACTERS} characters; these have ${characters}.`,
  );
}
