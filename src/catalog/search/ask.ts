/** What people type, and what they find. */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import type { Page, PageRequest } from "../../db/pages.ts";
import type { AppId } from "../../ids.ts";
import { findShownCategory } from "../categories/browse.ts";
import { audiencesOfActor } from "../visibility/viewers.ts";
import { appsToShow, authoriseLook, type ShownApp } from "../visibility/visible.ts";
import { installsScore, type Question, scoreOf } from "./rank.ts";
import * as records from "./records.ts";
import { keysOfName, keysOfWord, SHORTEST, slipsBetween, slipsForgiven } from "./typos.ts";
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
const FEWEST_WEIGHED = 3;
const WORDS_LIKE = 400;
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
  store: Pick<Store, "db">,
  actor: Actor,
  asked: { readonly question: string; readonly locale: string; readonly category?: string },
  page: PageRequest,
): FoundApps {
  authoriseLook(actor);
  const tx = store.db.orm;
  const from = Number(page.after ?? 0);
  const { category } = asked;
  const categories = category === undefined ? null : findShownCategory(store, category).ids;
  const found = findApps(tx, asked, { audiences: audiencesOfActor(tx, actor), categories });
  const until = from + page.limit;
  return {
    items: appsToShow(tx, actor, found.slice(from, until)),
    nextCursor: until < found.length ? String(until) : null,
    found: found.length,
  };
}

/** What is found in another language than that of who asks counts for so much. */
const OTHER_LANGUAGE = 0.95;

function findApps(
  tx: Tx,
  { question, locale }: { readonly question: string; readonly locale: string },
  among: records.Among,
): readonly AppId[] {
  const wanted: Question = { words: wordsAsked(question), oneWord: asOneWord(question) };
  if (wanted.words.length === 0) return [];
  const best = new Map<AppId, number>();
  for (const row of records.selectDocuments(tx, candidates(tx, wanted, among))) {
    const score = scoreOf(wanted, {
      oneWord: row.oneWord,
      name: row.name.split(" "),
      others: row.others.split(" "),
      summary: row.summary.split(" "),
    });
    const inLanguage = isIn(row.locale, locale) ? score : score * OTHER_LANGUAGE;
    const counted = inLanguage + installsScore(row.installs);
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

function candidates(tx: Tx, question: Question, among: records.Among): ReadonlySet<number> {
  const { words, oneWord } = question;
  const found = new Set(records.selectBeginning(tx, oneWord, among, BEGINNINGS));
  const add = (ids: readonly number[]) => {
    for (const id of ids) found.add(id);
  };
  const match = (alternatives: readonly string[], glue: "AND" | "OR") => {
    if (alternatives.length === 0) return;
    const expression = alternatives.join(` ${glue} `);
    add(records.selectMatching(tx, `name : (${expression})`, among, IN_NAMES));
    // The first letters of everything: which of it has most of them says nothing.
    if (oneWord.length >= FEWEST_WEIGHED) add(records.selectBest(tx, expression, among, BY_WEIGHT));
  };
  add(records.selectNamedLike(tx, keysOfName(oneWord), among, NAMES));
  match(
    words.map((word) => asWritten(word, word === words.at(-1))),
    "AND",
  );
  if (found.size >= FEW) return found;
  const mistyped = words
    .filter((word) => word.length >= SHORTEST)
    .map((word) => orLike(tx, word, word === words.at(-1)));
  match(mistyped, "AND");
  if (found.size < FEW) match(mistyped, "OR");
  return found;
}

/** A word is letters and digits alone, so nothing in it ends the quotes. */
function asWritten(word: string, isLast: boolean): string {
  return isLast ? `"${word}" *` : `"${word}"`;
}

function orLike(tx: Tx, word: string, isLast: boolean): string {
  const most = slipsForgiven(word.length);
  const like = records
    .selectWordsLike(tx, keysOfWord(word), WORDS_LIKE)
    .map((other) => ({ other, slips: slipsBetween(word, other, most) }))
    .filter(({ slips }) => slips > 0 && slips <= most)
    .sort((a, b) => a.slips - b.slips || (a.other < b.other ? -1 : 1))
    .slice(0, WORDS_TRIED)
    .map(({ other }) => asWritten(other, false));
  return `(${[asWritten(word, isLast), ...like].join(" OR ")})`;
}
