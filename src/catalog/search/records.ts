/**
 * The SQL of searching apps. Every list has an end that does not depend on how many apps there are. What is read is what is kept for
 * the audiences of who asks, in an order of its own: what they may not see changes nothing of what they find.
 */
import { and, asc, eq, getTableColumns, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { each, hot } from "../../db/hot.ts";
import { searchDescriptions, searchDocuments, searchNameKeys } from "../../db/schema.ts";
import type { AppId, Audience } from "../../ids.ts";
import type { SearchDocument } from "./document.ts";
import { type Among, areAllNamed, keyFor, keysFor } from "./partition.ts";
import { keysOfName } from "./typos.ts";

/** As it is kept, for one audience. */
type KeptDocument = typeof searchDocuments.$inferSelect;

export type DocumentRow = KeptDocument & {
  /** How often devices fetched the app. */
  readonly installs: number;
  /** How many rated it, and their stars together. */
  readonly ratings: { readonly sum: number; readonly count: number };
};

/** What of a document is compared to see whether it is right still. */
export type NewDocument = Omit<KeptDocument, "id"> & { readonly description: string };

/** What is searched of an app, for whomever. */
export function selectDocumentsOf(tx: Tx, appId: AppId): (NewDocument & { readonly id: number })[] {
  return tx
    .select({
      ...getTableColumns(searchDocuments),
      description: sql<string>`coalesce(${searchDescriptions.words}, '')`,
    })
    .from(searchDocuments)
    .leftJoin(searchDescriptions, eq(searchDescriptions.document, searchDocuments.id))
    .where(eq(searchDocuments.appId, appId))
    .all();
}

export function removeDocuments(tx: Tx, documents: readonly number[]): void {
  tx.delete(searchDocuments)
    .where(inArray(searchDocuments.id, [...documents]))
    .run();
}

export function rowOf(appId: AppId, audience: Audience, document: SearchDocument): NewDocument {
  const { locale, oneWord, name, others, summary, description, category } = document;
  return {
    appId,
    locale,
    oneWord,
    name: name.join(" "),
    others: others.join(" "),
    summary: summary.join(" "),
    audience,
    category,
    description: description.join(" "),
  };
}

/** Gives its id. */
export function insertDocument(tx: Tx, { description, ...row }: NewDocument): number {
  const { id } = tx.insert(searchDocuments).values(row).returning({ id: searchDocuments.id }).get();
  const keys = [...keysOfName(row.oneWord)].map((key) => ({ key: keyFor(row.audience, key), document: id }));
  if (keys.length > 0) tx.insert(searchNameKeys).values(keys).run();
  if (description !== "") tx.insert(searchDescriptions).values({ document: id, words: description }).run();
  return id;
}

const listed = ({ audiences, categories }: Among) => ({
  audiences: listOf(audiences),
  categories: categories === null ? null : listOf(categories),
});

const isAmong = (id: SQL) => sql`EXISTS (
  SELECT 1 FROM search_documents AS document WHERE document.id = ${id} AND document.audience IN ${each("audiences")}
    AND (${sql.placeholder("categories")} IS NULL OR document.category IN ${each("categories")}))`;

/** Documents whose name as one word begins with this, in the order of the alphabet. */
export function selectBeginning(tx: Tx, oneWord: string, among: Among, limit: number): number[] {
  const until = `${oneWord}\u{10ffff}`;
  const { audiences, categories } = among;
  const asked = { from: oneWord, until, limit };
  return audiences
    .flatMap((audience) =>
      categories === null
        ? beginning(tx).all({ audience, ...asked })
        : categories.flatMap((category) => beginningIn(tx).all({ audience, category, ...asked })),
    )
    .sort((a, b) => (a.oneWord === b.oneWord ? a.id - b.id : a.oneWord < b.oneWord ? -1 : 1))
    .slice(0, limit)
    .map(({ id }) => id);
}

const documentsBeginning = (isIn?: SQL) =>
  hot((tx) =>
    tx
      .select({ id: searchDocuments.id, oneWord: searchDocuments.oneWord })
      .from(searchDocuments)
      .where(
        and(
          eq(searchDocuments.audience, sql.placeholder("audience")),
          isIn,
          gte(searchDocuments.oneWord, sql.placeholder("from")),
          lt(searchDocuments.oneWord, sql.placeholder("until")),
        ),
      )
      .orderBy(asc(searchDocuments.oneWord), asc(searchDocuments.id))
      .limit(sql.placeholder("limit"))
      .prepare(),
  );
const beginning = documentsBeginning();
const beginningIn = documentsBeginning(eq(searchDocuments.category, sql.placeholder("category")));

/** Documents whose name is kept under one of the keys; one that is kept under several, several times. */
export function selectNamedLike(tx: Tx, keys: ReadonlySet<string>, among: Among, limit: number): number[] {
  const under = listOf(keysFor(among.audiences, keys));
  return idsOf(namedLike(tx).all({ keys: under, ...listed(among), limit }));
}

const namedLike = hot((tx) =>
  tx
    .select({ id: searchNameKeys.document })
    .from(searchNameKeys)
    .where(
      and(
        sql`${searchNameKeys.key} IN ${each("keys")}`,
        // Which audience it is for says the key.
        sql`(${sql.placeholder("categories")} IS NULL OR ${isAmong(sql`${searchNameKeys.document}`)})`,
      ),
    )
    .limit(sql.placeholder("limit"))
    .prepare(),
);

/** Names, publishers and summaries; or these and the descriptions, of what has one. */
export type Texts = "search_text" | "search_everything";

/** Documents that an expression for their audiences matches: those first that are there longest. */
export function selectMatching(
  tx: Tx,
  texts: Texts,
  expression: string,
  among: Among,
  limit: number,
): number[] {
  if (areAllNamed(among.audiences)) return idsOf(matchingWords[texts](tx).all({ expression, limit }));
  return idsOf(matching[texts](tx).all({ expression, ...listed(among), limit }));
}

const documentsWhere = (texts: Texts, isSo: (rowid: SQL) => SQL | undefined) =>
  hot((tx) => {
    const rowid = sql<number>`${sql.raw(texts)}.rowid`;
    return tx
      .select({ id: rowid })
      .from(sql.raw(texts))
      .where(and(sql`${sql.raw(texts)} MATCH ${sql.placeholder("expression")}`, isSo(rowid)))
      .orderBy(rowid)
      .limit(sql.placeholder("limit"))
      .prepare();
  });

const matching = {
  search_text: documentsWhere("search_text", isAmong),
  search_everything: documentsWhere("search_everything", isAmong),
};
/** For an expression that says by itself for whom: to look at each document takes longer than to find it. */
const matchingWords = {
  search_text: documentsWhere("search_text", () => undefined),
  search_everything: documentsWhere("search_everything", () => undefined),
};

/** Of how many texts of apps these are documents: one that is for several groups is there several times. */
export function countTexts(tx: Tx, documents: Iterable<number>): number {
  const each = sql`(SELECT DISTINCT app_id, locale FROM search_documents
    WHERE id IN (SELECT value FROM json_each(${listOf(documents)})))`;
  return tx.get<{ texts: number }>(sql`SELECT count(*) AS texts FROM ${each}`).texts;
}

export function selectDocuments(tx: Tx, documents: Iterable<number>): DocumentRow[] {
  return documentsStatement(tx)
    .all({ ids: listOf(documents) })
    .map(({ sum, count, ...row }) => ({ ...row, ratings: { sum, count } }));
}

/** What documents say, and nothing of their apps: for very many of them. */
export function selectTexts(
  tx: Tx,
  documents: Iterable<number>,
): Pick<KeptDocument, "id" | "oneWord" | "name" | "others" | "summary">[] {
  return textsStatement(tx).all({ ids: listOf(documents) });
}

const textsStatement = hot((tx) =>
  tx
    .select({
      id: searchDocuments.id,
      oneWord: searchDocuments.oneWord,
      name: searchDocuments.name,
      others: searchDocuments.others,
      summary: searchDocuments.summary,
    })
    .from(searchDocuments)
    .where(sql`${searchDocuments.id} IN ${each("ids")}`)
    .prepare(),
);

/** Of the app of a document. Its table is named: without it the column would be that of the sums. */
const stars = (what: string) =>
  sql<number>`coalesce((SELECT ${sql.raw(what)} FROM app_rating_sums AS r WHERE r.app_id = search_documents.app_id), 0)`;

const documentsStatement = hot((tx) =>
  tx
    .select({
      ...getTableColumns(searchDocuments),
      installs: sql<number>`coalesce((SELECT a.installs FROM apps AS a WHERE a.id = ${searchDocuments.appId}), 0)`,
      sum: stars("sum(r.stars * r.ratings)"),
      count: stars("sum(r.ratings)"),
    })
    .from(searchDocuments)
    .where(sql`${searchDocuments.id} IN ${each("ids")}`)
    .orderBy(asc(searchDocuments.id))
    .prepare(),
);

function idsOf(rows: readonly { readonly id: number }[]): number[] {
  return rows.map(({ id }) => id);
}

function listOf(values: Iterable<string | number>): string {
  return JSON.stringify([...values]);
}
