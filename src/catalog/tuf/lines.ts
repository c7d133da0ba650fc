/** Texts of one line that devices show and that nobody but the store wrote. Pure. */

/** What hides text, turns it around or breaks its line. */
const HIDDEN = /[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/u;

/** What is wrong with a line of 1 to `most` code points; null when it may stand on any screen. */
export function lineFault(text: string, most: number): string | null {
  if (HIDDEN.test(text)) return "a character that hides or breaks text";
  const length = [...text].length;
  return length >= 1 && length <= most ? null : `${length} characters`;
}

/** What is expected in the place of a text that is no such line, or undefined. */
export const lineRule =
  (most: number) =>
  (text: string): string | undefined =>
    lineFault(text, most) === null
      ? undefined
      : `one line of 1 to ${most} characters, none of which hides or breaks text`;
