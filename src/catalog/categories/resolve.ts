/** What a word for a category means in this store: a category, one that another was merged into, or none. */
import type { Tx } from "../../db/database.ts";
import * as records from "./records.ts";

export type Resolved = {
  readonly row: records.CategoryRow;
  /** Its id, then those that were merged into it: whatever an app is under that is in it. */
  readonly ids: readonly string[];
};

/** All of them, in the order in which they are shown. */
export function resolvedCategories(tx: Tx): readonly Resolved[] {
  const aliases = records.selectAliases(tx);
  return records.selectCategories(tx).map((row) => ({
    row,
    ids: [row.id, ...aliases.filter(({ categoryId }) => categoryId === row.id).map(({ alias }) => alias)],
  }));
}

/** By the words that mean it; null: none of the store's. */
export function categoryResolver(tx: Tx): (word: string | null) => Resolved | null {
  const byWord = new Map(resolvedCategories(tx).flatMap((one) => one.ids.map((id) => [id, one] as const)));
  return (word) => (word === null ? null : (byWord.get(word) ?? null));
}
