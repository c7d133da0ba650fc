import { Problem, type ProblemDetail } from "../errors.ts";
import type { SigningCode } from "./codes.ts";

/** Where it is, what was found and what is allowed. */
export type Place = Omit<ProblemDetail, "code" | "message">;

/** The error for one broken rule: a Problem of kind `unprocessable` with exactly one detail. */
export function refusal(code: SigningCode, message: string, place: Place = {}): Problem {
  return new Problem("unprocessable", code, message, [{ code, message, ...place }]);
}

/**
 * A class of a pattern (flag `u`): control characters, separators of lines, format characters, which turn text around, and
 * what cannot be seen, such as the fillers of Hangul and the blank of braille.
 */
export const UNSEEN = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\u2800]";
/** What of it is a part of words: the joiners and variation selectors, with which emoji and some scripts are written. */
export const WRITTEN_UNSEEN = "\\u200c\\u200d\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}";
const HIDDEN = new RegExp(`(?![${WRITTEN_UNSEEN}])${UNSEEN}`, "gu");

/** Some words of a value for `found`: never none, nor longer than a line, never with what cannot be seen. */
export function excerpt(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  // Of a text of megabytes only what is shown is looked at.
  const clean = text.slice(0, 200).replace(/^$/, '""').replace(HIDDEN, "�");
  const points = [...clean];
  return points.length > 80 ? `${points.slice(0, 79).join("")}…` : clean;
}
