/** What of an app is searched: a document for each language that its names and summaries are in. Pure. */
import type { Manifest } from "../../format/manifest.ts";
import { asOneWord, wordsOf } from "./words.ts";

export type SearchDocument = {
  readonly locale: string;
  /** The name as one word. */
  readonly oneWord: string;
  readonly name: readonly string[];
  readonly others: readonly string[];
  readonly summary: readonly string[];
};

type Texts = Pick<Manifest, "id" | "name" | "summary" | "defaultLocale" | "category">;

/** A language that has no summary has that of the manifest's own, and the same for the name. */
export function documentsOf(manifest: Texts, publisher: string): readonly SearchDocument[] {
  const { id, name, summary = {}, defaultLocale, category = "" } = manifest;
  const others = [...new Set([publisher, category, id].flatMap(wordsOf))];
  const locales = new Set([defaultLocale, ...Object.keys(name), ...Object.keys(summary)]);
  return [...locales].sort().map((locale) => {
    const shownName = name[locale] ?? name[defaultLocale] ?? "";
    return {
      locale,
      oneWord: asOneWord(shownName),
      name: wordsOf(shownName),
      others,
      summary: wordsOf(summary[locale] ?? summary[defaultLocale] ?? ""),
    };
  });
}
