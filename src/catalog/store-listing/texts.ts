/** What is shown of an app in each language: its listing, and where that says nothing its package. Pure. */
import type { ListingDocument } from "./document.ts";

/** What a manifest, or the row of an app that has none yet, says. */
export type PackageTexts = {
  readonly defaultLocale: string;
  readonly name: Readonly<Record<string, string>>;
  readonly summary?: Readonly<Record<string, string>>;
};

export type ShownTexts = { readonly name: string; readonly summary: string; readonly description: string };

export type LocalTexts = {
  readonly defaultLocale: string;
  /** By language; the default one is always there. */
  readonly byLocale: ReadonlyMap<string, ShownTexts>;
};

export function shownTexts(from: PackageTexts, { texts }: Pick<ListingDocument, "texts">): LocalTexts {
  const { defaultLocale, name, summary = {} } = from;
  const own = (of: Readonly<Record<string, string>>, locale: string) =>
    Object.hasOwn(of, locale) ? of[locale] : undefined;
  const said = (locale: string) => (Object.hasOwn(texts, locale) ? (texts[locale] ?? {}) : {});
  const base = said(defaultLocale);
  const fallback: ShownTexts = {
    name: base.name ?? own(name, defaultLocale) ?? "",
    summary: base.summary ?? own(summary, defaultLocale) ?? "",
    description: base.description ?? "",
  };
  const locales = new Set([
    defaultLocale,
    ...Object.keys(name),
    ...Object.keys(summary),
    ...Object.keys(texts),
  ]);
  const byLocale = new Map(
    [...locales].sort().map((locale): [string, ShownTexts] => {
      const listed = said(locale);
      return [
        locale,
        {
          name: listed.name ?? own(name, locale) ?? fallback.name,
          summary: listed.summary ?? own(summary, locale) ?? fallback.summary,
          description: listed.description ?? fallback.description,
        },
      ];
    }),
  );
  return { defaultLocale, byLocale };
}

/** Of these languages the one for who reads `wanted`: the same, its language without a region, or the default one. */
export function localeFor(
  wanted: string,
  locales: ReadonlySet<string> | ReadonlyMap<string, unknown>,
  fallback: string,
): string {
  if (locales.has(wanted)) return wanted;
  const [language = wanted] = wanted.split("-");
  if (locales.has(language)) return language;
  const same = [...locales.keys()].find((locale) => locale.split("-")[0] === language);
  // Who reads one form of a language reads another before a foreign one.
  return fallback.split("-")[0] === language ? fallback : (same ?? fallback);
}
