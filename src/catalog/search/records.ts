/**
 * The SQL of searching apps. Every list has an end that does not depend on how many apps there are, and those that who asks may not
 * see are left out before it is counted: what is private changes nothing of what others find.
 */
import { eq, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { searchDocuments, searchNameKeys, searchWordKeys, searchWords } from "../../db/schema.ts";
import type { AppId, Audience } from "../../ids.ts";
import { STABLE } from "../visibility/audiences.ts";
import type { SearchDocument } from "./document.ts";
import { keysOfName, keysOfWord } from "./typos.ts";

export type DocumentRow = typeof searchDocuments.$inferSelect;

/** Takes what is searched of an app away. */
export function removeDocuments(tx: Tx, appId: AppId): void {
  tx.delete(searchDocuments).where(eq(searchDocuments.appId, appId)).run();
}

export function insertDocument(tx: Tx, appId: AppId, document: SearchDocument): void {
  const { locale, oneWord, name, others, summary } = document;
  const { id } = tx
    .insert(searchDocuments)
    .values({
      appId,
      locale,
      oneWord,
      name: name.join(" "),
      others: others.join(" "),
      summary: summary.join(" "),
    })
    .returning({ id: searchDocuments.id })
    .get();
  const keys = [...keysOfName(oneWord)].map((key) => ({ key, document: id }));
  if (keys.length > 0) tx.insert(searchNameKeys).values(keys).run();
}

/** Keeps a word so that it is found when it is mistyped. */
export function keepWord(tx: Tx, word: string): void {
  const keys = keysOfWord(word);
  if (keys.size === 0) return;
  const added = tx
    .insert(searchWords)
    .values({ word })
    .onConflictDoNothing()
    .returning({ id: searchWords.id })
    .get();
  if (added === undefined) return;
  tx.insert(searchWordKeys)
    .values([...keys].map((key) => ({ key, word: added.id })))
    .run();
}

/** Of words that no app has any more, `limit` at most are forgotten; gives how many. Reads them all. */
export function forgetUnusedWords(tx: Tx, limit: number): number {
  const unused = tx
    .all<{ id: number }>(
      sql`SELECT id FROM search_words WHERE word NOT IN (SELECT term FROM search_vocabulary) LIMIT ${limit}`,
    )
    .map(({ id }) => id);
  const among = sql`(SELECT value FROM json_each(${JSON.stringify(unused)}))`;
  tx.run(sql`DELETE FROM search_word_keys WHERE word IN ${among}`);
  tx.run(sql`DELETE FROM search_words WHERE id IN ${among}`);
  return unused.length;
}

/** Words that are kept under one of the keys. */
export function selectWordsLike(tx: Tx, keys: Iterable<string>, limit: number): string[] {
  return tx
    .all<{ word: string }>(
      sql`SELECT word FROM search_words WHERE id IN
        (SELECT word FROM search_word_keys WHERE key IN (SELECT value FROM json_each(${listOf(keys)}))) LIMIT ${limit}`,
    )
    .map(({ word }) => word);
}

/** What an app has to be in to be found. */
const isSeen = (document: ReturnType<typeof sql>, audiences: readonly Audience[]) => sql`EXISTS (
  SELECT 1 FROM search_documents seen, app_audiences
  WHERE seen.id = ${document} AND app_audiences.app_id = seen.app_id AND app_audiences.channel = ${STABLE}
    AND app_audiences.audience IN (SELECT value FROM json_each(${listOf(audiences)}))
    AND app_audiences.told_at IS NOT NULL AND app_audiences.left_at IS NULL)`;

/** Documents whose name as one word begins with this, in the order of the alphabet. */
export function selectBeginning(
  tx: Tx,
  oneWord: string,
  audiences: readonly Audience[],
  limit: number,
): number[] {
  const isSeenHere = isSeen(sql`search_documents.id`, audiences);
  return idsOf(
    tx,
    sql`SELECT id FROM search_documents WHERE one_word >= ${oneWord} AND one_word < ${`${oneWord}\u{10ffff}`} AND ${isSeenHere}
      ORDER BY one_word LIMIT ${limit}`,
  );
}

/** Documents whose name is kept under one of the keys. */
export function selectNamedLike(
  tx: Tx,
  keys: Iterable<string>,
  audiences: readonly Audience[],
  limit: number,
): number[] {
  const isSeenHere = isSeen(sql`search_name_keys.document`, audiences);
  return idsOf(
    tx,
    sql`SELECT DISTINCT document AS id FROM search_name_keys
      WHERE key IN (SELECT value FROM json_each(${listOf(keys)})) AND ${isSeenHere} LIMIT ${limit}`,
  );
}

/** Documents that a full-text expression matches: the first of the name's, or by weight of all. */
export function selectMatching(
  tx: Tx,
  expression: string,
  audiences: readonly Audience[],
  { order, limit }: { readonly order: "any" | "weight"; readonly limit: number },
): number[] {
  const isSeenHere = isSeen(sql`search_text.rowid`, audiences);
  const ordered = order === "weight" ? sql`ORDER BY bm25(search_text, 10, 4, 2)` : sql``;
  return idsOf(
    tx,
    sql`SELECT rowid AS id FROM search_text WHERE search_text MATCH ${expression} AND ${isSeenHere} ${ordered} LIMIT ${limit}`,
  );
}

export function selectDocuments(tx: Tx, ids: Iterable<number>): DocumentRow[] {
  return tx
    .select()
    .from(searchDocuments)
    .where(sql`${searchDocuments.id} IN (SELECT value FROM json_each(${listOf(ids)}))`)
    .all();
}

function idsOf(tx: Tx, statement: ReturnType<typeof sql>): number[] {
  return tx.all<{ id: number }>(statement).map(({ id }) => id);
}

function listOf(values: Iterable<string | number>): string {
  return JSON.stringify([...values]);
}
