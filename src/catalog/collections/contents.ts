/** Which apps are in a collection, in which order: as administrators choose, whoever may see those apps. */
import type { Actor } from "../../accounts/actor.ts";
import { allows, authorise } from "../../accounts/rights.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import type { IfMatch } from "../../db/preconditions.ts";
import { Problem } from "../../errors.ts";
import { type AppId, isAppId } from "../../ids.ts";
import { say } from "../../say.ts";
import { findAppFor } from "../apps.ts";
import { selectListedIcons } from "../listing-pictures/records.ts";
import { selectIconKeys } from "../pictures.records.ts";
import { placed, renumbered } from "../places.ts";
import { type AppRow, findApp, selectAppsById } from "../records.ts";
import { searchApps } from "../search/ask.ts";
import { type Visibility, visibilityOf } from "../visibility/audiences.ts";
import { selectOfferedFirst } from "../visibility/offered-first.records.ts";
import { audiencesOf } from "../visibility/records.ts";
import { type Collection, changing, mustFindCollection } from "./collections.ts";
import { FEATURED, MOST_APPS, MOST_FEATURED, mostAppsOf } from "./limits.ts";
import * as records from "./records.ts";

export const STANDINGS = ["shown", "unpublished", "unlisted", "not_offered", "being_deleted"] as const;
/** Whether an app is met in the store, and why it is not. */
export type Standing = (typeof STANDINGS)[number];

export type CollectedApp = {
  readonly appId: AppId;
  readonly name: string;
  readonly publisher: string;
  /** Among all that are in the collection, 1 being the first. */
  readonly place: number;
  readonly standing: Standing;
  /** Who may see it. */
  readonly visibility: Visibility["visibility"];
  /** Address of a PNG, without the first slash; null: there is none, or nothing is offered. */
  readonly iconKey: string | null;
};

/** In their order; goes on by places. @throws Problem `collection.not_found`, `rights.forbidden` */
export function listCollectionApps(
  store: Pick<Store, "db">,
  actor: Actor,
  id: string,
  page: PageRequest,
): Page<CollectedApp> {
  authorise(actor, "storefront.read");
  const tx = store.db.orm;
  mustFindCollection(tx, id);
  // Places are 1, 2, 3 and so on but for apps that were deleted since: these leave a gap.
  const all = records.selectPlaced(tx, id, { after: 0, limit: MOST_APPS });
  const from = Number(page.after ?? 0);
  const numbered = all.map(({ appId }, at) => ({ appId, place: at + 1 })).slice(from, from + page.limit + 1);
  const { items, nextCursor } = pageOf(numbered, page.limit, ({ place }) => String(place));
  return { items: collected(tx, items), nextCursor };
}

export type AppToPut = Pick<CollectedApp, "appId" | "name" | "publisher" | "iconKey"> & {
  /** It is in the collection already. */
  readonly isIn: boolean;
};

/**
 * Apps to put into a collection: the one with that id, whoever may see it, and then those that the store finds for who asks.
 * @throws Problem `collection.not_found`, `rights.forbidden`
 */
export function findAppsToPut(
  store: Pick<Store, "db" | "config">,
  actor: Actor,
  id: string,
  question: string,
  locale: string,
): readonly AppToPut[] {
  authorise(actor, "storefront.manage");
  const tx = store.db.orm;
  mustFindCollection(tx, id);
  const named = isAppId(question) ? findApp(tx, question) : undefined;
  const isReadable =
    named?.removedAt === null &&
    allows(actor, "app.read", { organisationId: named.organisationId, appId: named.id });
  const found = searchApps(store, actor, { question, locale }, { limit: MOST_TO_PUT }).items;
  const ids = [...(isReadable ? [named.id] : []), ...found.map((app) => app.id)];
  const isIn = new Set(records.selectPlaced(tx, id, { after: 0, limit: MOST_APPS }).map((one) => one.appId));
  const numbered = [...new Set(ids)].map((appId, at) => ({ appId, place: at + 1 }));
  return collected(tx, numbered).map(({ appId, name, publisher, iconKey }) => ({
    ...{ appId, name, publisher, iconKey },
    isIn: isIn.has(appId),
  }));
}

const MOST_TO_PUT = 10;

/**
 * Puts an app into a collection, the last of it unless told; or, where it is in it, at another place. Whether visitors may see the
 * app, or ever will, does not matter: each meets what they may.
 * @param place 1 is the first; a place beyond the last is the last.
 * @throws Problem `collection.not_found`, `collection.too_many_apps`, `app.not_found`, `precondition.failed`, `rights.forbidden`
 */
export function putIntoCollection(
  store: Pick<Store, "db" | "clock">,
  actor: Actor,
  id: string,
  { appId, place }: { readonly appId: AppId; readonly place?: number },
  ifMatch?: IfMatch,
): Collection {
  return changing(store, actor, id, ifMatch, (tx) => {
    findAppFor(tx, actor, "app.read", appId);
    const before = records.selectPlaced(tx, id, { after: 0, limit: MOST_APPS });
    const isIt = (one: records.Placed) => one.appId === appId;
    const at = before.findIndex(isIt);
    const isIn = at >= 0;
    if (isIn && place === undefined) return null;
    if (!isIn && before.length >= mostAppsOf(id)) throw tooManyApps(id);
    const after = placed(before, { appId, position: 0 }, place ?? before.length + 1, isIt);
    const put = after.findIndex(isIt);
    if (put === at) return null;
    savePlaces(tx, id, after);
    return isIn
      ? { action: "collection.app_moved", before: { appId, place: at + 1 }, after: { appId, place: put + 1 } }
      : { action: "collection.app_added", after: { appId, place: put + 1 } };
  });
}

/** Of one that is not in it nothing changes. @throws Problem `collection.not_found`, `precondition.failed`, `rights.forbidden` */
export function takeOutOfCollection(
  store: Pick<Store, "db" | "clock">,
  actor: Actor,
  id: string,
  appId: AppId,
  ifMatch?: IfMatch,
): Collection {
  return changing(store, actor, id, ifMatch, (tx) => {
    const before = records.selectPlaced(tx, id, { after: 0, limit: MOST_APPS });
    const at = before.findIndex((one) => one.appId === appId);
    if (at < 0) return null;
    records.removePlace(tx, id, appId);
    savePlaces(tx, id, before.toSpliced(at, 1));
    return { action: "collection.app_removed", before: { appId, place: at + 1 } };
  });
}

function savePlaces(tx: Tx, id: string, apps: readonly records.Placed[]): void {
  for (const one of renumbered(apps)) records.savePlace(tx, id, one);
}

function tooManyApps(id: string): Problem {
  const message =
    id === FEATURED
      ? say`${MOST_FEATURED} apps at most are featured. Take one out first.`
      : say`A collection has ${MOST_APPS} apps at most. Take one out first.`;
  return new Problem("conflict", "collection.too_many_apps", message);
}

function collected(
  tx: Tx,
  placed: readonly { readonly appId: AppId; readonly place: number }[],
): CollectedApp[] {
  const apps = new Map(
    selectAppsById(
      tx,
      placed.map(({ appId }) => appId),
    ).map((app) => [app.id, app]),
  );
  const offered = selectOfferedFirst(tx, [...apps.keys()]);
  const icons = new Map(
    selectIconKeys(
      tx,
      [...offered.values()].map(({ id }) => id),
    ).map(({ id, key }) => [id, key]),
  );
  const listed = selectListedIcons(tx, [...offered.keys()]);
  return placed.flatMap(({ appId, place }) => {
    const app = apps.get(appId);
    if (app === undefined) return [];
    const version = offered.get(appId);
    return [
      {
        appId,
        name: app.name,
        publisher: app.organisationName,
        place,
        standing: standingOf(app, version !== undefined),
        visibility: visibilityOf(audiencesOf(tx, appId)).visibility,
        iconKey: version === undefined ? null : (listed.get(appId) ?? icons.get(version.id) ?? null),
      },
    ];
  });
}

function standingOf({ publishedAt, unlistedAt, deletionAt }: AppRow, isOffered: boolean): Standing {
  if (deletionAt !== null) return "being_deleted";
  if (publishedAt === null) return "unpublished";
  if (!isOffered) return "not_offered";
  return unlistedAt === null ? "shown" : "unlisted";
}
