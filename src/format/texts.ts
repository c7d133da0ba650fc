import type { FindingCode } from "./findings.ts";

export type TextFault = { readonly code: FindingCode; readonly expected: string };

/** Control characters, separators of lines and paragraphs, and the explicit bidirectional formatting characters. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const WHITE_AT_END = /^[\s\p{White_Space}]|[\s\p{White_Space}]$/u;

/** What is wrong with a text that people read (package format §2), or undefined. Its length is the schema's to judge. */
export function textFault(text: string): TextFault | undefined {
  if (text.normalize("NFC") !== text) return { code: "MPK-M012", expected: "Unicode normalisation form C" };
  const unseen = UNSEEN.exec(text)?.[0];
  if (unseen !== undefined) {
    const point = unseen.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
    return { code: "MPK-M013", expected: `no control or bidirectional formatting characters (U+${point})` };
  }
  if (WHITE_AT_END.test(text)) return { code: "MPK-M013", expected: "no white space at either end" };
  return undefined;
}
