/**
 * The words of the pages, by locale: assets/locales/<tag>.json in ICU MessageFormat. English is the reference; what
 * another catalogue lacks is said in English. A file that is added there is offered without a change here.
 */
import { IntlMessageFormat } from "intl-messageformat";
import type { MessageKey, Translate } from "../../../views/page.ts";
import { assetText, listAssets } from "../../assets.ts";

const REFERENCE = "en";
const PREFIX = "locales/";
const RIGHT_TO_LEFT = ["Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Syrc", "Thaa"];
/** Ranges beyond these are no browser's. */
const MOST_RANGES = 20;

/** Tags of the catalogues, the reference first. */
function knownLocales(): readonly string[] {
  known ??= listAssets(PREFIX)
    .flatMap((name) => /^locales\/([A-Za-z0-9-]+)\.json$/.exec(name)?.[1] ?? [])
    .sort((a, b) => Number(b === REFERENCE) - Number(a === REFERENCE) || (a < b ? -1 : 1));
  return known;
}
let known: readonly string[] | undefined;

/**
 * The locale that the browser's languages ask for: RFC 9110 §12.5.4 with the lookup of RFC 4647 §3.4, which shortens
 * a range until something has that name.
 */
export function negotiateLocale(
  acceptLanguage: string | null,
  offered: readonly string[] = knownLocales(),
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
  return offered[0] ?? REFERENCE;
}

/** RFC 4647 §3.4: the last subtag goes, and a single letter before it with it. */
function shortened(tag: string): string {
  return tag
    .split("-")
    .slice(0, -1)
    .join("-")
    .replace(/-[a-z0-9]$/, "");
}

const directions = new Map<string, "ltr" | "rtl">();

/** Of one of the known locales: each is looked up once. */
export function directionOf(locale: string): "ltr" | "rtl" {
  const before = directions.get(locale);
  if (before !== undefined) return before;
  const { script } = new Intl.Locale(locale).maximize();
  const direction = script !== undefined && RIGHT_TO_LEFT.includes(script) ? "rtl" : "ltr";
  directions.set(locale, direction);
  return direction;
}

const translators = new Map<string, Translate>();

/** Gives the messages of a locale; each is parsed at its first use and then kept. */
export function translatorOf(locale: string): Translate {
  const before = translators.get(locale);
  if (before) return before;
  const own = catalogue(locale);
  const reference = locale === REFERENCE ? own : catalogue(REFERENCE);
  const formats = new Map<MessageKey, IntlMessageFormat>();
  const translate: Translate = (key, params) => {
    let format = formats.get(key);
    if (format === undefined) {
      const text = own.get(key) ?? reference.get(key);
      if (text === undefined) throw new Error(`the message catalogue has no ${key}`);
      format = new IntlMessageFormat(text, own.has(key) ? locale : REFERENCE, undefined, { ignoreTag: true });
      formats.set(key, format);
    }
    return String(format.format({ ...params }));
  };
  translators.set(locale, translate);
  return translate;
}

function catalogue(locale: string): ReadonlyMap<string, string> {
  const parsed: unknown = JSON.parse(assetText(`${PREFIX}${locale}.json`));
  if (typeof parsed !== "object" || parsed === null) throw new Error(`the locale ${locale} is no object`);
  return new Map(
    Object.entries(parsed).flatMap(([key, text]) => (typeof text === "string" ? [[key, text] as const] : [])),
  );
}
