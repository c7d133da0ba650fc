/**
 * The looks of a page, which are its widths and themes, and which of them are looked at: in a check half of the pages in
 * one of the four, drawn anew each time. The seed is printed; MOSIS_LOOKS_SEED draws the same again, and MOSIS_LOOKS=all (as `bun run measure looks` does) takes them all.
 */
import { createHash } from "node:crypto";
import { THEMES, type Theme, WIDTHS, type Width } from "./screens.ts";

/** Whether each page is looked at in all of them. */
export const seesAll = process.env.MOSIS_LOOKS === "all";
const seed = process.env.MOSIS_LOOKS_SEED ?? crypto.randomUUID().slice(0, 8);
console.log(seesAll ? "each page in every look" : `half of the pages in one look; MOSIS_LOOKS_SEED=${seed}`);

/** What is drawn for a page: a number below eight. */
const drawOf = (page: string): number =>
  createHash("sha256").update(`${seed} ${page}`).digest().readUInt8(0) % 8;

/**
 * Whether the page is looked at so.
 * @param page Its name, the same in every run
 */
export function isSeen(page: string, width: Width, theme: Theme): boolean {
  return seesAll || drawOf(page) === 2 * WIDTHS.indexOf(width) + THEMES.indexOf(theme);
}

/** Whether the page is looked at in the language, which is English or Arabic: a check draws one of them. */
export function isSeenIn(page: string, locale: string): boolean {
  return seesAll || drawOf(`language of ${page}`) < 4 === (locale === "en");
}

/**
 * The rules of axe that are held of the page where it is seen: all of them (undefined), or some. The theme changes
 * colours and nothing else that axe looks at.
 */
export function axeRules(theme: Theme): readonly string[] | undefined {
  return seesAll && theme === "dark" ? ["color-contrast"] : undefined;
}
