/** The SQL of the words that a mistyped one may have been meant for. */
import { asc, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { hot } from "../../db/hot.ts";
import { searchWordKeys, searchWords, searchWordUses } from "../../db/schema.ts";
import type { Audience } from "../../ids.ts";
import { keyFor, keysFor } from "./partition.ts";
import { keysOfWord } from "./typos.ts";

/** Keeps the words of a document so that its audience finds them when they are mistyped, until the document goes. */
export function keepWords(tx: Tx, document: number, audience: Audience, words: Iterable<string>): void {
  const kept = [...words].filter((word) => keysOfWord(word).size > 0);
  if (kept.length === 0) return;
  const added = tx
    .insert(searchWords)
    .values(kept.map((word) => ({ audience, word })))
    .onConflictDoNothing()
    .returning({ id: searchWords.id, word: searchWords.word })
    .all();
  const keys = added.flatMap(({ id, word }) =>
    [...keysOfWord(word)].map((key) => ({ key: keyFor(audience, key), word: id })),
  );
  for (let at = 0; at < keys.length; at += ROWS_AT_ONCE)
    tx.insert(searchWordKeys)
      .values(keys.slice(at, at + ROWS_AT_ONCE))
      .run();
  const ids = sql`(SELECT id FROM search_words WHERE audience = ${audience}
    AND word IN (SELECT value FROM json_each(${JSON.stringify(kept)})))`;
  tx.run(sql`INSERT INTO ${searchWordUses} (word, document) SELECT id, ${document} FROM ${ids}`);
}

/** A statement has no more than so many values. */
const ROWS_AT_ONCE = 1000;

/** Words of the audiences that are kept under one of the keys, each once: those first that one of them has longest. */
export function selectWordsLike(
  tx: Tx,
  keys: ReadonlySet<string>,
  audiences: readonly Audience[],
  limit: number,
): string[] {
  const rows = wordsLike(tx).all({ keys: JSON.stringify(keysFor(audiences, keys)), limit });
  return [...new Set(rows.map(({ word }) => word))];
}

const wordsLike = hot((tx) =>
  tx
    .select({ word: searchWords.word })
    .from(searchWords)
    .where(
      sql`${searchWords.id} IN (SELECT word FROM search_word_keys
        WHERE key IN (SELECT value FROM json_each(${sql.placeholder("keys")})))`,
    )
    .orderBy(asc(searchWords.id))
    .limit(sql.placeholder("limit"))
    .prepare(),
);
