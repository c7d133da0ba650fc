/** What people type, and what they find. */
import type { Actor } from "../../accounts/actor.ts";
import type { Tx } from "../../db/database.ts";
import type { Page, PageRequest } from "../../db/pages.ts";
import type { AppId, Audience } from "../../ids.ts";
import { findShownCategory } from "../categories/browse.ts";
import { audiencesOfActor } from "../visibility/viewers.ts";
import { appsToShow, authoriseLook, type Looking, type ShownApp } from "../visibility/visible.ts";
import { formsOf } from "./arabic.ts";
import { type Among, expressionFor, type Term } from "./partition.ts";
import { installsScore, type Question, ratingScore, scorer, weigher } from "./rank.ts";
import * as records from "./records.ts";
import { keysOfName, keysOfWord, SHORTEST, slipsBetween, slipsForgiven } from "./typos.ts";
import { selectWordsLike } from "./words.records.ts";
import { asOneWord, wordsAsked } from "./words.ts";

/** Nobody goes further than this; who has not found it by then asks otherwise. */
export const MOST_FOUND = 100;
/** So few that what was mistyped is looked for as well. */
const FEW = 20;

/** How much is compared at most, of each way to find it. */
const BEGINNINGS = 50;
const NAMES = 1000;
const IN_NAMES = 300;
const BY_WEIGHT = 100;
/** Of more than this nobody finds out which have most of a word: it is in everything. */
const MOST_WEIGHED = 1000;
const FEWEST_WEIGHED = 3;
const WORDS_LIKE = 1000;
const WORDS_TRIED = 8;

export type FoundApps = Page<ShownApp> & {
  /** How many apps answer, on all pages. */
  readonly found: number;
};

/**
 * The apps that answer a question, the one first that was most likely meant: each word, the last also as a beginning, with
 * slips in them and in spaces forgiven. A question without a letter finds nothing. MOST_FOUND at most.
 * @param locale What of an app in this language is found counts for a little more.
 * @param category Nothing outside of it is found; its id, or that of one that was merged into it.
 * @throws Problem `category.not_found`, `rights.forbidden`
 */
export function searchApps(
  store: Looking,
  actor: Actor,
  asked: { readonly question: string; readonly locale: string; readonly category?: string },
  page: PageRequest,
): FoundApps {
  authoriseLook(actor);
  const tx = store.db.orm;
  const from = Number(page.after ?? 0);
  const { category } = asked;
  const categories = category === undefined ? null : findShownCategory(store, category).ids;
  const found = findApps(
    tx,
    { ...asked, rated: store.config.ratings },
    { audiences: audiencesOfActor(tx, actor), categories },
  );
  const until = from + page.limit;
  return {
    items: appsToShow(store, actor, found.slice(from, until)),
    nextCursor: until < found.length ? String(until) : null,
    found: found.length,
  };
}

/** What is found in another language than that of who asks counts for so much. */
const OTHER_LANGUAGE = 0.95;

function findApps(
  tx: Tx,
  {
    question,
    locale,
    rated,
  }: { readonly question: string; readonly locale: string; readonly rated: boolean },
  among: Among,
): readonly AppId[] {
  const wanted: Question = { words: wordsAsked(question), oneWord: asOneWord(question) };
  if (wanted.words.length === 0) return [];
  const best = new Map<AppId, number>();
  const scoreOf = scorer(wanted);
  const { found, described } = candidates(tx, wanted, among);
  for (const row of records.selectDocuments(tx, found.union(described))) {
    const score = scoreOf({
      oneWord: row.oneWord,
      name: row.name.split(" "),
      others: row.others.split(" "),
      summary: row.summary.split(" "),
      isDescribed: described.has(row.id),
    });
    const inLanguage = isIn(row.locale, locale) ? score : score * OTHER_LANGUAGE;
    const counted = inLanguage + installsScore(row.installs) + (rated ? ratingScore(row.ratings) : 0);
    best.set(row.appId, Math.max(counted, best.get(row.appId) ?? 0));
  }
  return [...best]
    .sort(([a, one], [b, other]) => other - one || a.length - b.length || (a < b ? -1 : 1))
    .slice(0, MOST_FOUND)
    .map(([id]) => id);
}

function isIn(locale: string, wanted: string): boolean {
  return locale.split("-")[0] === wanted.split("-")[0];
}

type Candidates = {
  readonly found: ReadonlySet<number>;
  /** Their descriptions say what their names, publishers and summaries leave out. */
  readonly described: ReadonlySet<number>;
};

function candidates(tx: Tx, question: Question, among: Among): Candidates {
  const { words, oneWord } = question;
  const { audiences } = among;
  const found = new Set(records.selectBeginning(tx, oneWord, among, BEGINNINGS));
  const add = (ids: readonly number[]) => {
    for (const id of ids) found.add(id);
  };
  const match = (terms: readonly (readonly Term[])[], glue: "AND" | "OR") => {
    if (terms.length === 0) return;
    const matching = (where: "name" | "anywhere", limit: number) =>
      records.selectMatching(tx, "search_text", expressionFor(among, terms, glue, where), among, limit);
    // The first letters of everything: which of it has most of them says nothing.
    const anywhere = oneWord.length < FEWEST_WEIGHED ? null : matching("anywhere", MOST_WEIGHED);
    if (anywhere !== null) add(weightiest(tx, anywhere, terms));
    // What has the words in its name is among so few.
    if (anywhere === null || anywhere.length > BY_WEIGHT) add(matching("name", IN_NAMES));
  };
  const isFew = () =>
    found.size < FEW || (audiences.length > SEVERAL_GROUPS && records.countTexts(tx, found) < FEW);
  add(records.selectNamedLike(tx, keysOfName(oneWord), among, NAMES));
  const formsTyped = (word: string) =>
    formsOf(word).map((form) => ({ word: form, isBeginning: word === words.at(-1) }));
  const asTyped = words.map(formsTyped);
  match(asTyped, "AND");
  if (!isFew()) return { found, described: new Set() };
  const described = selectDescribed(tx, asTyped, among);
  const mistyped = words
    .filter((word) => word.length >= SHORTEST)
    .map((word) => [...formsTyped(word), ...formsOf(word).flatMap((form) => termsLike(tx, form, audiences))]);
  match(mistyped, "AND");
  if (isFew()) match(telling(tx, mistyped, among), "OR");
  return { found, described };
}

/** Few of what names do not tell: who asks for a word of descriptions reads some of them, and asks for more words then. */
const DESCRIBED = 100;

/** What mistyped words may have meant is not looked for in descriptions: so many words have whatever is close to anything. */
function selectDescribed(tx: Tx, words: readonly (readonly Term[])[], among: Among): ReadonlySet<number> {
  const long = words.map((terms) => terms.filter(({ word }) => word.length >= FEWEST_WEIGHED));
  if (long.some((terms) => terms.length === 0)) return new Set();
  const expression = expressionFor(among, long, "AND", "anywhere");
  return new Set(records.selectMatching(tx, "search_everything", expression, among, DESCRIBED));
}

/** Of so many documents that have a word, having it says little of which is meant. */
const COMMON = 300;

/** The words of a question that few documents have, for one of which something may be found; all of them where many have each. */
function telling(tx: Tx, words: readonly (readonly Term[])[], among: Among): readonly (readonly Term[])[] {
  const rare = words.filter((terms) => {
    const expression = expressionFor(among, [terms], "OR", "anywhere");
    return records.selectMatching(tx, "search_text", expression, among, COMMON + 1).length <= COMMON;
  });
  return rare.length === 0 ? words : rare;
}

/** Everybody, who is signed in, a group and another: an app may be there for each of the last two. */
const SEVERAL_GROUPS = 3;

/** Those that have most of what was asked for, the first of equals. */
function weightiest(tx: Tx, ids: readonly number[], terms: readonly (readonly Term[])[]): readonly number[] {
  if (ids.length <= BY_WEIGHT) return ids;
  const weigh = weigher(terms);
  return records
    .selectTexts(tx, ids)
    .map((row) => ({ id: row.id, weight: weigh(row) }))
    .sort((a, b) => b.weight - a.weight || a.id - b.id)
    .slice(0, BY_WEIGHT)
    .map(({ id }) => id);
}

/** Words that the one that was asked for is close to, the closest first. */
function termsLike(tx: Tx, word: string, audiences: readonly Audience[]): readonly Term[] {
  const most = slipsForgiven(word.length);
  return selectWordsLike(tx, keysOfWord(word), audiences, WORDS_LIKE)
    .map((other) => ({ other, slips: slipsBetween(word, other, most) }))
    .filter(({ slips }) => slips > 0 && slips <= most)
    .sort((a, b) => a.slips - b.slips || (a.other < b.other ? -1 : 1))
    .slice(0, WORDS_TRIED)
    .map(({ other }) => ({ word: other, isBeginning: false }));
}
