/** Searches by how words begin, as lists for those who look after the store have them: what SQLite's full-text tables are asked. Pure. */

/** More words are no search. */
const MOST_WORDS = 12;

/** The words of a search; none where nothing is looked for: it has no letter and no digit. */
export function wordsSearched(search: string | undefined): readonly string[] {
  return (search ?? "")
    .normalize("NFC")
    .split(/[\s\p{C}]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, MOST_WORDS);
}

/** An expression of FTS5 for what has a word that begins with each of these; of one at least. What the tokenizer parts has to follow one another. */
export function beginningWith(words: readonly string[]): string {
  return words.map((word) => `"${word.replaceAll('"', '""')}" *`).join(" AND ");
}
