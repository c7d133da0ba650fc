/** What of an app is searched: a document for each language that its names and summaries are in. Pure. */
import type { LocalTexts } from "../store-listing/texts.ts";
import { withForms } from "./arabic.ts";
import { asOneWord, wordsOf } from "./words.ts";

export type SearchDocument = {
  readonly locale: string;
  /** The name as one word. */
  readonly oneWord: string;
  readonly name: readonly string[];
  readonly others: readonly string[];
  readonly summary: readonly string[];
  /** Each word once. */
  readonly description: readonly string[];
  /** The word of its category; "" without one. */
  readonly category: string;
};

type Found = {
  readonly id: string;
  readonly category?: string;
  readonly publisher: string;
  readonly tags: readonly string[];
  /** As lists show them. */
  readonly texts: LocalTexts;
};

/** A language that has no summary has that of the default one, and the same for the name and the description. */
export function documentsOf({ id, category = "", publisher, tags, texts }: Found): readonly SearchDocument[] {
  const wordsIn = (text: string) => withForms(wordsOf(text));
  const others = [...new Set([publisher, category, id, ...tags].flatMap(wordsIn))];
  return [...texts.byLocale].map(([locale, { name, summary, description }]) => ({
    locale,
    oneWord: asOneWord(name),
    name: wordsIn(name),
    others,
    summary: wordsIn(summary),
    description: [...new Set(wordsIn(withoutAddresses(description)))],
    category,
  }));
}

/** Where a link leads says nothing that somebody would look for. */
function withoutAddresses(markdown: string): string {
  return markdown.replace(/\]\([^)]*\)|<?https?:[^\s>)]+>?/g, " ");
}
