/** The languages of the store's texts: which there are, and which of them is meant. */
import { listAssets } from "./assets.ts";

/** Where the catalogues are: a file for each, named by its tag (BCP 47). */
export const CATALOGUES = "locales/";
/** In there: what is said in English in the program, by that. The reference has none. */
export const SENTENCES = "sentences/";
export const REFERENCE_LANGUAGE = "en";
const RIGHT_TO_LEFT = ["Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Syrc", "Thaa"];
/** Ranges beyond these are no browser's. */
const MOST_RANGES = 20;

/** Tags of the catalogues, the reference first. */
export function knownLanguages(): readonly string[] {
  known ??= listAssets(CATALOGUES)
    .flatMap((name) => /^locales\/([A-Za-z0-9-]+)\.json$/.exec(name)?.[1] ?? [])
    .sort((a, b) => Number(b === REFERENCE_LANGUAGE) - Number(a === REFERENCE_LANGUAGE) || (a < b ? -1 : 1));
  return known;
}
let known: readonly string[] | undefined;

/**
 * The locale that the browser's languages ask for: RFC 9110 §12.5.4 with the lookup of RFC 4647 §3.4, which shortens
 * a range until something has that name.
 */
export function negotiateLanguage(
  acceptLanguage: string | null,
  offered: readonly string[] = knownLanguages(),
): string {
  const byLowerCase = new Map(offered.map((tag) => [tag.toLowerCase(), tag]));
  const ranges = (acceptLanguage ?? "")
    .split(",", MOST_RANGES)
    .flatMap((entry, position) => {
      const match =
        /^\s*([A-Za-z0-9-]{1,40}|\*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/.exec(entry);
      const quality = Number(match?.[2] ?? "1");
      return match?.[1] !== undefined && quality > 0
        ? [{ range: match[1].toLowerCase(), quality, position }]
        : [];
    })
    .sort((a, b) => b.quality - a.quality || a.position - b.position);
  for (const { range } of ranges) {
    for (let tag = range; tag !== ""; tag = shortened(tag)) {
      const found = byLowerCase.get(tag);
      if (found !== undefined) return found;
    }
  }
  return offered[0] ?? REFERENCE_LANGUAGE;
}

/** What a request asks for in so many words; undefined: it says nothing of it, as programs do. */
export function askedLanguage(acceptLanguage: string | null): string | undefined {
  return acceptLanguage === null ? undefined : negotiateLanguage(acceptLanguage);
}

/** Which of some tags is in a reader's language: that itself, the language alone, or the same one elsewhere. */
export function ownLanguageOf(tags: readonly string[], locale: string): string | undefined {
  const language = primaryOf(locale);
  return (
    tags.find((one) => one === locale) ??
    tags.find((one) => one === language) ??
    tags.find((one) => primaryOf(one) === language)
  );
}

/** The language of a tag, without its script and region. */
export const primaryOf = (tag: string): string => tag.split("-")[0] ?? tag;

/** RFC 4647 §3.4: the last subtag goes, and a single letter before it with it. */
function shortened(tag: string): string {
  return tag
    .split("-")
    .slice(0, -1)
    .join("-")
    .replace(/-[a-z0-9]$/, "");
}

const directions = new Map<string, "ltr" | "rtl">();

/** Of one of the known languages: each is looked up once. */
export function directionOf(locale: string): "ltr" | "rtl" {
  const before = directions.get(locale);
  if (before !== undefined) return before;
  const { script } = new Intl.Locale(locale).maximize();
  const direction = script !== undefined && RIGHT_TO_LEFT.includes(script) ? "rtl" : "ltr";
  directions.set(locale, direction);
  return direction;
}
