/** Texts of one line that devices show and that nobody but the store wrote. Pure. */

import { UNSEEN_IN_WORDS } from "../../signing/text-rules.ts";

/** What hides text, turns it around or breaks its line. */
const HIDDEN = new RegExp(UNSEEN_IN_WORDS, "u");

/** What is wrong with a line of 1 to `most` code points; null when it may stand on any screen. */
export function lineFault(text: string, most: number): string | null {
  if (HIDDEN.test(text)) return "a character that hides or breaks text";
  // There are no more code points than code units.
  const length = text.length <= most ? text.length : [...text].length;
  return length >= 1 && length <= most ? null : `${length} characters`;
}

/** What is expected in the place of a text that is no such line, or undefined. */
export const lineRule =
  (most: number) =>
  (text: string): string | undefined =>
    lineFault(text, most) === null
      ? undefined
      : `one line of 1 to ${most} characters, none of which hides or breaks text`;
