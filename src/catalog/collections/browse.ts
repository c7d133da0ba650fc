/**
 * Collections as somebody who looks into the store meets them: with those apps alone that they may see, in the order that was
 * chosen. One in which they would see nothing does not exist for them, whatever is in it: nor its name, nor its address.
 */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import type { Page, PageRequest } from "../../db/pages.ts";
import type { AppId } from "../../ids.ts";
import type { LocalTexts } from "../local-texts.ts";
import type { Order } from "../sorting/orders.ts";
import { inLanguage } from "../store-listing/shown.ts";
import { audiencesOfActor } from "../visibility/viewers.ts";
import { appsToShow, authoriseLook, type ShownApp } from "../visibility/visible.ts";
import { collectionNotFound } from "./collections.ts";
import { APPS_IN_ROW, FEATURED, ROWS_ON_FRONT } from "./limits.ts";
import * as records from "./records.ts";
import { showingOf } from "./showing.ts";

type Looking = Pick<Store, "db" | "clock" | "config">;

export type ShownCollection = {
  readonly id: string;
  readonly names: LocalTexts;
  readonly descriptions: LocalTexts;
};

/** In their order, what is featured first. @throws Problem `rights.forbidden` */
export function shownCollections(store: Looking, actor: Actor): readonly ShownCollection[] {
  return [...metBy(store, actor)];
}

/** Whether there is any. @throws Problem `rights.forbidden` */
export function hasCollections(store: Looking, actor: Actor): boolean {
  return metBy(store, actor).next().done !== true;
}

export type ShownCollectionDetails = ShownCollection & {
  /** Apps in it that they may see; at least one. */
  readonly apps: number;
};

/** @throws Problem `collection.not_found`, also of one in which they may see nothing; `rights.forbidden` */
export function shownCollection(store: Looking, actor: Actor, id: string): ShownCollectionDetails {
  authoriseLook(actor);
  const tx = store.db.orm;
  const row = records.findCollection(tx, id);
  if (row !== undefined && showingOf(row, store.clock.now()) === "shown") {
    const apps = records.countShownIn(tx, audiencesOfActor(tx, actor), id);
    if (apps > 0) return { ...headOf(row), apps };
  }
  throw collectionNotFound();
}

/** Goes on by numbers, among those that they may see. @param order As arranged without it @throws Problem as `shownCollection` */
export function appsInCollection(
  store: Looking,
  actor: Actor,
  id: string,
  page: PageRequest,
  order?: Order,
): Page<ShownApp> {
  const { apps } = shownCollection(store, actor, id);
  const tx = store.db.orm;
  const from = Number(page.after ?? 0);
  const ids = records.selectShownIn(tx, audiencesOfActor(tx, actor), id, { from, limit: page.limit }, order);
  const until = from + page.limit;
  return { items: appsToShow(store, actor, ids), nextCursor: until < apps ? String(until) : null };
}

/** A collection with the first of its apps. */
export type ShownRow = {
  readonly collection: ShownCollection;
  readonly items: readonly ShownApp[];
  /** There are others in it. */
  readonly hasMore: boolean;
};

export type FrontCollections = {
  /** Null: nothing is featured that they may see. */
  readonly featured: ShownRow | null;
  /** The first ROWS_ON_FRONT of the others, APPS_IN_ROW of each. */
  readonly rows: readonly ShownRow[];
  /** There are others besides. */
  readonly hasMore: boolean;
};

/**
 * What stands first in the store. Nothing is counted: further than what is shown nobody looks.
 * @param locale The language in which apps are named; without it each is as its own.
 * @throws Problem `rights.forbidden`
 */
export function frontCollections(store: Looking, actor: Actor, locale?: string): FrontCollections {
  const tx = store.db.orm;
  const audiences = audiencesOfActor(tx, actor);
  const met = [...metBy(store, actor, 1 + ROWS_ON_FRONT + 1)];
  const others = met.filter(({ id }) => id !== FEATURED);
  const chosen = [...met.filter(({ id }) => id === FEATURED), ...others.slice(0, ROWS_ON_FRONT)].map(
    (collection) => ({
      collection,
      ids: records.selectShownIn(tx, audiences, collection.id, { from: 0, limit: APPS_IN_ROW + 1 }),
    }),
  );
  // All at once: an app may be in several of them.
  const ids = [...new Set<AppId>(chosen.flatMap((one) => one.ids.slice(0, APPS_IN_ROW)))];
  const apps = appsToShow(store, actor, ids);
  const named = locale === undefined ? apps : inLanguage(tx, apps, locale);
  const shown = new Map(named.map((app) => [app.id, app]));
  const rows = chosen.map((one) => ({
    collection: one.collection,
    items: one.ids.slice(0, APPS_IN_ROW).flatMap((id) => shown.get(id) ?? []),
    hasMore: one.ids.length > APPS_IN_ROW,
  }));
  return {
    featured: rows.find(({ collection }) => collection.id === FEATURED) ?? null,
    rows: rows.filter(({ collection }) => collection.id !== FEATURED),
    hasMore: others.length > ROWS_ON_FRONT,
  };
}

/** Those in which they may see an app, as many as are asked for. */
function* metBy(store: Looking, actor: Actor, most = Number.POSITIVE_INFINITY): Generator<ShownCollection> {
  authoriseLook(actor);
  const tx = store.db.orm;
  const audiences = audiencesOfActor(tx, actor);
  let met = 0;
  for (const row of records.selectCollections(tx)) {
    if (met >= most) return;
    if (showingOf(row, store.clock.now()) !== "shown") continue;
    if (records.selectShownIn(tx, audiences, row.id, { from: 0, limit: 1 }).length === 0) continue;
    met += 1;
    yield headOf(row);
  }
}

function headOf({ id, names, descriptions }: records.CollectionRow): ShownCollection {
  return { id, names, descriptions };
}
