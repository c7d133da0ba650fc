import { textRuleBroken } from "../signing/text-rules.ts";
import type { FindingCode } from "./findings.ts";

export type TextFault = { readonly code: FindingCode; readonly expected: string };

/** What is wrong with a text that people read (package format §2), or undefined. Its length is the schema's to judge. */
export function textFault(text: string): TextFault | undefined {
  const broken = textRuleBroken(text);
  if (broken === undefined) return undefined;
  return { code: broken.rule === "normal-form" ? "MPK-M012" : "MPK-M013", expected: broken.expected };
}
