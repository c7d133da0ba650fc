/**
 * Words in Arabic script without the definite article. It is written together with its word, and with “and”, “with”, “for”, “so” and
 * “like” before it: whoever looks for weather, طقس, means the app that is called الطقس as well. The rules are those that Lucene's
 * light stemmer for Arabic has for prefixes (L. S. Larkey, L. Ballesteros, M. E. Connell: Light Stemming for Arabic Information
 * Retrieval, 2007); a lone “and” and endings stay, since what is left would too often be another word. Pure.
 */

/** The article by itself comes last: what stands before it is taken off with it. */
const ARTICLES = ["وال", "بال", "كال", "فال", "لل", "ال"] as const;
/** Of less than this nothing says that it was an article and not the word itself; nor does it as the beginning of others. */
const SHORTEST_LEFT = 3;

const FIRST_LETTER = "\u0620";
const LAST_LETTER = "\u06ff";

/** What a word in the one spelling is found by: itself first, and what is left of it without an article. */
export function formsOf(word: string): readonly string[] {
  if (word < FIRST_LETTER || word > LAST_LETTER) return [word];
  const article = ARTICLES.find((one) => word.startsWith(one));
  if (article === undefined || word.length < article.length + SHORTEST_LEFT) return [word];
  return [word, word.slice(article.length)];
}

/** The words of a text with all of their forms, in its order. */
export function withForms(words: readonly string[]): readonly string[] {
  return words.flatMap(formsOf);
}

/** How many words such a text has, forms of the one before not counted. */
export function countWords(words: readonly string[]): number {
  return words.filter((word, at) => !formsOf(words[at - 1] ?? "").includes(word, 1)).length;
}
