/** Keeping what is searched in step with what is published. */
import { readSetting, writeSetting } from "../../accounts/settings.records.ts";
import type { Store } from "../../context.ts";
import { type Db, type Tx, write } from "../../db/database.ts";
import type { AppId } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import { keepCategory } from "../categories/keep.ts";
import * as catalog from "../records.ts";
import { selectOffered } from "../revocation/records.ts";
import { findListing, replaceShownTexts } from "../store-listing/records.ts";
import { textsOfApp } from "../store-listing/shown.ts";
import { documentsOf } from "./document.ts";
import * as records from "./records.ts";

/** To be raised when documents, words or keys are made in another way: everything is made anew then, at the next start. */
const SEARCH_VERSION = 3;

/**
 * Makes what is searched of an app, what lists call it and which category it is in anew: from its listing and the version that is
 * offered first; nothing of one that has none, or that stands in no list.
 */
export function keepSearchable(tx: Tx, appId: AppId): void {
  records.removeDocuments(tx, appId);
  replaceShownTexts(tx, appId, null);
  const app = catalog.findApp(tx, appId);
  const [newest] = app === undefined || app.unlistedAt !== null ? [] : selectOffered(tx, appId, 1);
  const category = keepCategory(tx, appId, newest);
  if (app === undefined || newest === undefined) return;
  const words = new Set<string>();
  const texts = textsOfApp(tx, app, newest);
  replaceShownTexts(tx, appId, texts);
  const { tags } = findListing(tx, appId).document;
  const found = { id: appId, publisher: app.organisationName, category: category ?? "", tags, texts };
  for (const document of documentsOf(found)) {
    records.insertDocument(tx, appId, document);
    for (const word of [...document.name, ...document.others, ...document.summary]) words.add(word);
  }
  for (const word of words) records.keepWord(tx, word);
}

/** The job that makes everything that is searched anew. */
export const SEARCH_JOB = "catalog.search";

const VERSION_SETTING = "searchVersion";
const APPS_AT_ONCE = 50;
const WORDS_AT_ONCE = 1000;

/** At a start: what another version of the program made is made anew, by a job. */
export function beginSearch({ db, clock }: Pick<Store, "db" | "clock">): void {
  if (readSetting(db.orm, VERSION_SETTING) === SEARCH_VERSION) return;
  const now = clock.now();
  write(db, (tx) => {
    // Of a new store nothing has to be made.
    if (catalog.selectAppIds(tx, "", 1).length === 0) writeSetting(tx, VERSION_SETTING, SEARCH_VERSION, now);
    else enqueue(tx, { kind: SEARCH_JOB, key: "all" }, now);
  });
}

/** Job `catalog.search`. What it did stands when it is ended in the middle; it begins again then. */
export async function searchAllAnew({ db, clock }: Store, signal: AbortSignal): Promise<void> {
  for (let after = ""; ; ) {
    const ids = catalog.selectAppIds(db.orm, after, APPS_AT_ONCE);
    const last = ids.at(-1);
    if (last === undefined) break;
    await keepAllSearchable(db, ids);
    after = last;
    signal.throwIfAborted();
  }
  await forgetWords(db, signal);
  write(db, (tx) => writeSetting(tx, VERSION_SETTING, SEARCH_VERSION, clock.now()));
}

/** The same for some apps, a few in each transaction. */
export async function keepAllSearchable(db: Db, ids: readonly AppId[]): Promise<void> {
  for (let at = 0; at < ids.length; at += APPS_AT_ONCE) {
    write(db, (tx) => {
      for (const id of ids.slice(at, at + APPS_AT_ONCE)) keepSearchable(tx, id);
    });
    await turn();
  }
}

/** Words that no published app has any more: nobody shall be led to them. */
export async function forgetWords(db: Db, signal?: AbortSignal): Promise<void> {
  while (write(db, (tx) => records.forgetUnusedWords(tx, WORDS_AT_ONCE)) === WORDS_AT_ONCE) {
    await turn();
    signal?.throwIfAborted();
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
