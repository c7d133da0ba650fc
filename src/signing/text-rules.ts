/** The rules for texts that people read (package format §2), wherever they stand. */
import { unassignedIn } from "./unicode-14.ts";

export type TextRule = "normal-form" | "character";

/** Control characters, separators of lines and paragraphs, and the explicit bidirectional formatting characters. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
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
      expected: `characters that Unicode 14.0 assigns (not ${nameOf(unassigned)})`,
    };
  if (text.normalize("NFC") !== text)
    return { rule: "normal-form", expected: "Unicode normalisation form C" };
  const unseen = UNSEEN.exec(text)?.[0].codePointAt(0);
  if (unseen !== undefined) {
    const expected = `no control or bidirectional formatting characters (${nameOf(unseen)})`;
    return { rule: "character", expected };
  }
  if (WHITE_AT_END.test(text)) return { rule: "character", expected: "no white space at either end" };
  return undefined;
}

function nameOf(point: number): string {
  return `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
}
