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
import { NOBODY } from "../visibility/audiences.ts";
import { saveUpdated, selectAppAudiences } from "../visibility/records.ts";
import { documentsOf } from "./document.ts";
import * as records from "./records.ts";
import { keepWords } from "./words.records.ts";

/** To be raised when documents, words or keys are made in another way: everything is made anew then, at the next start. */
const SEARCH_VERSION = 7;

/**
 * Brings what is searched of an app, what lists call it, which category it is in and when it was updated in line with its listing, the version that is
 * offered first and who may see it; nothing of one that has no such version, stands in no list, or may be seen by nobody. What is
 * searched stays where it is right: its place among what others find would tell them that something changed for somebody else.
 */
export function keepSearchable(tx: Tx, appId: AppId): void {
  const wanted = new Map(documentsToKeep(tx, appId).map((row) => [JSON.stringify(row), row]));
  const wrong: number[] = [];
  for (const { id, ...row } of records.selectDocumentsOf(tx, appId))
    if (!wanted.delete(JSON.stringify(row))) wrong.push(id);
  if (wrong.length > 0) records.removeDocuments(tx, wrong);
  for (const row of wanted.values()) {
    const id = records.insertDocument(tx, row);
    keepWords(
      tx,
      id,
      row.audience,
      new Set([row.name, row.others, row.summary].flatMap((text) => text.split(" "))),
    );
  }
}

function documentsToKeep(tx: Tx, appId: AppId) {
  replaceShownTexts(tx, appId, null);
  const app = catalog.findApp(tx, appId);
  const [newest] = app === undefined || app.unlistedAt !== null ? [] : selectOffered(tx, appId, 1);
  const category = keepCategory(tx, appId, newest);
  saveUpdated(tx, appId, newest?.publishedAt ?? null);
  if (app === undefined || newest === undefined) return [];
  const texts = textsOfApp(tx, app, newest);
  replaceShownTexts(tx, appId, texts);
  const { tags } = findListing(tx, appId).document;
  const found = { id: appId, publisher: app.organisationName, category: category ?? "", tags, texts };
  const documents = documentsOf(found);
  return selectAppAudiences(tx, appId)
    .filter(({ audience, toldAt, leftAt }) => toldAt !== null && leftAt === null && audience !== NOBODY)
    .flatMap(({ audience }) => documents.map((document) => records.rowOf(appId, audience, document)));
}

/** The job that makes everything that is searched anew. */
export const SEARCH_JOB = "catalog.search";

const VERSION_SETTING = "searchVersion";
const APPS_AT_ONCE = 50;

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

const turn = () => new Promise((resolve) => setImmediate(resolve));
