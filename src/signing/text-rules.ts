/** The rules for texts that people read (package format §2), wherever they stand. */
import { unassignedIn } from "./unicode-14.ts";

export type TextRule = "normal-form" | "character";

/**
 * A class of a pattern (flag `u`): control characters, separators of lines and paragraphs, and the explicit bidirectional
 * formatting characters.
 */
export const UNSEEN_IN_TEXTS = "[\\p{Cc}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]";
/**
 * The same, marks of direction, halves of pairs and noncharacters: canonical JSON cannot hold the last two (RFC 7493 §2.1), and
 * of the first the store need not take from people what the package format lets pass.
 */
export const UNSEEN_IN_WORDS = `(?:${UNSEEN_IN_TEXTS}|[\\p{Cs}\\p{NChar}\\u061c\\u200e\\u200f])`;
const UNSEEN = new RegExp(UNSEEN_IN_TEXTS, "u");
/** White_Space of Unicode 14.0, and the byte order mark. */
const WHITE = "\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";
const WHITE_AT_END = new RegExp(`^[${WHITE}]|[${WHITE}]$`, "u");

/** What is wrong with a text, or undefined. Its length is for others to judge. */
export function textRuleBroken(text: string): { rule: TextRule; expected: string } | undefined {
  // First, since only of assigned characters every version of Unicode has the same normal form.
  const unassigned = unassignedIn(text);
  if (unassigned !== undefined)
    return {
      rule: "character",
      expected: `characters that Unicode 14.0 assigns (not ${characterName(String.fromCodePoint(unassigned))})`,
    };
  if (text.normalize("NFC") !== text)
    return { rule: "normal-form", expected: "Unicode normalisation form C" };
  const unseen = UNSEEN.exec(text)?.[0];
  if (unseen !== undefined) {
    const expected = `no control or bidirectional formatting characters (${characterName(unseen)})`;
    return { rule: "character", expected };
  }
  if (WHITE_AT_END.test(text)) return { rule: "character", expected: "no white space at either end" };
  return undefined;
}

/** A character that must not be shown as it is, such as `U+202E`. */
export function characterName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
