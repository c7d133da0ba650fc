/**
 * The SQL of searching apps. Every list has an end that does not depend on how many apps there are, and those that who asks may not
 * see are left out before it is counted: what is private changes nothing of what others find.
 */
import { and, asc, eq, getTableColumns, gte, lt, type SQL, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { hot } from "../../db/hot.ts";
import { searchDocuments, searchNameKeys, searchWordKeys, searchWords } from "../../db/schema.ts";
import type { AppId, Audience } from "../../ids.ts";
import { STABLE } from "../visibility/audiences.ts";
import type { SearchDocument } from "./document.ts";
import { keysOfName, keysOfWord } from "./typos.ts";

export type DocumentRow = typeof searchDocuments.$inferSelect & {
  /** How often devices fetched the app. */
  readonly installs: number;
};

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
  return wordsLike(tx)
    .all({ keys: listOf(keys), limit })
    .map(({ word }) => word);
}

const ids = (name: string) => sql`(SELECT value FROM json_each(${sql.placeholder(name)}))`;

const wordsLike = hot((tx) =>
  tx
    .select({ word: searchWords.word })
    .from(searchWords)
    .where(sql`${searchWords.id} IN (SELECT word FROM search_word_keys WHERE key IN ${ids("keys")})`)
    .limit(sql.placeholder("limit"))
    .prepare(),
);

/** Which apps are looked at: those in a catalogue of one of the audiences, and of these categories. */
export type Among = {
  readonly audiences: readonly Audience[];
  /** Words of categories; null: whatever category an app is in. */
  readonly categories: readonly string[] | null;
};

const listed = ({ audiences, categories }: Among) => ({
  audiences: listOf(audiences),
  categories: categories === null ? null : listOf(categories),
});

/** That the app of a document is among them. */
const isSeen = (appId: SQL) => sql`EXISTS (
  SELECT 1 FROM app_audiences AS seen WHERE seen.app_id = ${appId} AND seen.channel = ${sql.raw(`'${STABLE}'`)}
    AND seen.audience IN ${ids("audiences")} AND seen.told_at IS NOT NULL AND seen.left_at IS NULL
    AND (${sql.placeholder("categories")} IS NULL OR seen.category IN ${ids("categories")}))`;
const isSeenDocument = (id: SQL) =>
  isSeen(sql`(SELECT document.app_id FROM search_documents AS document WHERE document.id = ${id})`);

/** Documents whose name as one word begins with this, in the order of the alphabet. */
export function selectBeginning(tx: Tx, oneWord: string, among: Among, limit: number): number[] {
  const until = `${oneWord}\u{10ffff}`;
  return idsOf(beginning(tx).all({ from: oneWord, until, ...listed(among), limit }));
}

const beginning = hot((tx) =>
  tx
    .select({ id: searchDocuments.id })
    .from(searchDocuments)
    .where(
      and(
        gte(searchDocuments.oneWord, sql.placeholder("from")),
        lt(searchDocuments.oneWord, sql.placeholder("until")),
        isSeen(sql`${searchDocuments.appId}`),
      ),
    )
    .orderBy(asc(searchDocuments.oneWord))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

/** Documents whose name is kept under one of the keys; one that is kept under several, several times. */
export function selectNamedLike(tx: Tx, keys: Iterable<string>, among: Among, limit: number): number[] {
  return idsOf(namedLike(tx).all({ keys: listOf(keys), ...listed(among), limit }));
}

const namedLike = hot((tx) =>
  tx
    .select({ id: searchNameKeys.document })
    .from(searchNameKeys)
    .where(and(sql`${searchNameKeys.key} IN ${ids("keys")}`, isSeenDocument(sql`${searchNameKeys.document}`)))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

const rowid = sql<number>`search_text.rowid`;
const matches = sql`search_text MATCH ${sql.placeholder("expression")}`;
/** Documents that a full-text expression matches, in no order. */
export function selectMatching(tx: Tx, expression: string, among: Among, limit: number): number[] {
  return idsOf(matching(tx).all({ expression, ...listed(among), limit }));
}

const matching = hot((tx) =>
  tx
    .select({ id: rowid })
    .from(sql`search_text`)
    .where(and(matches, isSeenDocument(rowid)))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

/** Of more than this nobody finds out which have most of a word: it is in everything. */
const MOST_WEIGHED = 1000;

/** The same, those first that have most of it. */
export function selectBest(tx: Tx, expression: string, among: Among, limit: number): number[] {
  return weighed(tx)
    .all({ expression, ...listed(among), limit: MOST_WEIGHED })
    .sort((a, b) => a.weight - b.weight)
    .slice(0, limit)
    .map(({ id }) => id);
}

const weighed = hot((tx) =>
  tx
    // As bm25 weighs them, lower is better: the name most, then publisher, category and id, then the summary.
    .select({ id: rowid, weight: sql<number>`bm25(search_text, 10, 4, 2)` })
    .from(sql`search_text`)
    .where(and(matches, isSeenDocument(rowid)))
    .limit(sql.placeholder("limit"))
    .prepare(),
);

export function selectDocuments(tx: Tx, documents: Iterable<number>): DocumentRow[] {
  return documentsStatement(tx).all({ ids: listOf(documents) });
}

const documentsStatement = hot((tx) =>
  tx
    .select({
      ...getTableColumns(searchDocuments),
      installs: sql<number>`coalesce((SELECT a.installs FROM apps AS a WHERE a.id = ${searchDocuments.appId}), 0)`,
    })
    .from(searchDocuments)
    .where(sql`${searchDocuments.id} IN ${ids("ids")}`)
    .prepare(),
);

function idsOf(rows: readonly { readonly id: number }[]): number[] {
  return rows.map(({ id }) => id);
}

function listOf(values: Iterable<string | number>): string {
  return JSON.stringify([...values]);
}
