/**
 * The apps that somebody may see in the store: what everybody may, and what is for who they are. Who has no account sees what
 * everybody may. Whatever else there is does not exist for them: it is in no list, place, order or cursor.
 */
import type { Actor } from "../../accounts/actor.ts";
import { authorise } from "../../accounts/rights.ts";
import { harmless } from "../../accounts/said.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import type { Page, PageRequest } from "../../db/pages.ts";
import { Problem } from "../../errors.ts";
import type { AppId, OrganisationId, VersionCode } from "../../ids.ts";
import { say } from "../../say.ts";
import { categoryResolver } from "../categories/resolve.ts";
import { selectListedIcons } from "../listing-pictures/records.ts";
import { selectIconKeys } from "../pictures.records.ts";
import type { RatingSummary } from "../ratings/stars.ts";
import { summariesOf } from "../ratings/sums.ts";
import * as records from "../records.ts";
import { selectOffered } from "../revocation/records.ts";
import { type Visibility, visibilityOf } from "./audiences.ts";
import { type OfferedFirst, selectOfferedFirst } from "./offered-first.records.ts";
import { audiencesOfEach, selectNewestShown, selectShown, selectShownUpTo } from "./records.ts";
import { audiencesOfActor, isShownTo } from "./viewers.ts";

export type ShownApp = {
  readonly id: AppId;
  readonly name: string;
  readonly summary: string;
  /** The organisation's name. */
  readonly publisher: string;
  readonly publisherId: OrganisationId;
  readonly version: string;
  readonly versionCode: VersionCode;
  /** When this version was published. */
  readonly publishedAt: Date;
  /** Address of a PNG, without the first slash; null also while it was not made yet. */
  readonly iconKey: string | null;
  /** Id of the store's category that it is in; null: none. */
  readonly category: string | null;
  /** How often devices fetched it. */
  readonly installs: number;
  /** What those who have it say; null: the store has no ratings. */
  readonly rating: RatingSummary | null;
  /** For whom it is, beside who asks; which groups is nobody's but their administrators'. */
  readonly visibility: Visibility["visibility"];
  /** Whether it stands in the store's lists. */
  readonly listed: boolean;
  /** Null: its developers do not advise against it. */
  readonly deprecated: ShownDeprecation | null;
};

export type ShownDeprecation = {
  readonly text: string;
  /** The app that they point to, where who asks meets it in the store; null: there is none, or none for them. */
  readonly instead: { readonly id: AppId; readonly name: string } | null;
};

/** What is asked: the rows, and whether the store has ratings. */
export type Looking = Pick<Store, "db" | "config">;

/** Devices may look, and whoever else by the table, visitors among them. @throws Problem `rights.forbidden` */
export function authoriseLook(actor: Actor): void {
  if (actor.kind !== "device") authorise(actor, "catalog.read");
}

/**
 * By id; each catalogue is asked for a page of its own. What is revoked as a whole is left out, so a page may be shorter than
 * it was asked for, and another may follow it.
 * @throws Problem `rights.forbidden`
 */
export function visibleApps(store: Looking, actor: Actor, page: PageRequest): Page<ShownApp> {
  authoriseLook(actor);
  const tx = store.db.orm;
  return pageOfShown(store, actor, page, (wanted) =>
    audiencesOfActor(tx, actor).flatMap((audience) => selectShown(tx, audience, wanted)),
  );
}

/** @param read Gives ids after one, by their order, as many as are wanted of each list that it reads. */
export function pageOfShown(
  store: Looking,
  actor: Actor,
  page: PageRequest,
  read: (wanted: { readonly after: string; readonly limit: number }) => readonly AppId[],
): Page<ShownApp> {
  const sorted = [...new Set(read({ after: page.after ?? "", limit: page.limit + 1 }))].sort();
  const shown = sorted.slice(0, page.limit);
  return {
    items: shownApps(store, actor, shown, isListed),
    nextCursor: sorted.length > page.limit ? (shown.at(-1) ?? null) : null,
  };
}

/** Where the page before the one after `after` begins: as in `overview.ts`. */
export function beforeVisible(
  store: Pick<Store, "db">,
  actor: Actor,
  after: string,
  limit: number,
): string | null {
  const tx = store.db.orm;
  const wanted = { upTo: after as AppId, limit: limit + 1 };
  const ids = audiencesOfActor(tx, actor).flatMap((audience) => selectShownUpTo(tx, audience, wanted));
  return [...new Set(ids)].sort().reverse()[limit] ?? null;
}

/** What came last into the catalogues that they may see. @throws Problem `rights.forbidden` */
export function newestApps(store: Looking, actor: Actor, limit: number): readonly ShownApp[] {
  authoriseLook(actor);
  const tx = store.db.orm;
  const newest = new Map<AppId, number>();
  for (const audience of audiencesOfActor(tx, actor))
    for (const { id, toldAt } of selectNewestShown(tx, audience, limit))
      newest.set(id, Math.max(toldAt, newest.get(id) ?? 0));
  const ids = [...newest]
    .sort(([a, one], [b, other]) => other - one || (a < b ? 1 : -1))
    .slice(0, limit)
    .map(([id]) => id);
  return appsToShow(store, actor, ids);
}

/** Of these, in their order, what is offered and listed. The caller has asked whether they may be seen. */
export function appsToShow(store: Looking, actor: Actor, ids: readonly AppId[]): readonly ShownApp[] {
  const shown = new Map(shownApps(store, actor, ids, isListed).map((app) => [app.id, app]));
  return ids.flatMap((id) => shown.get(id) ?? []);
}

/** @throws Problem `app.not_found`, also for one that is not for them; `rights.forbidden` */
export function visibleApp(store: Looking, actor: Actor, id: AppId): ShownApp {
  return findVisible(store, actor, id).app;
}

/** Whether they meet it in the store. */
export function isVisible(store: Pick<Store, "db">, actor: Actor, id: AppId): boolean {
  const tx = store.db.orm;
  return isShownTo(tx, actor, id) && selectOffered(tx, id, 1).length > 0;
}

/** With the version that is offered first. @throws Problem as `visibleApp` */
export function findVisible(
  store: Looking,
  actor: Actor,
  id: AppId,
): { readonly app: ShownApp; readonly newest: records.VersionRow } {
  authoriseLook(actor);
  const tx = store.db.orm;
  const app = isShownTo(tx, actor, id) ? records.findApp(tx, id) : undefined;
  const [newest] = app === undefined ? [] : selectOffered(tx, id, 1);
  const [shown] = app === undefined || newest === undefined ? [] : shownOf(store, actor, [{ app, newest }]);
  if (newest !== undefined && shown !== undefined) return { app: shown, newest };
  throw new Problem("not_found", "app.not_found", say`There is no app ${id}, or none that you may see.`);
}

const isListed = ({ unlistedAt }: records.AppRow): boolean => unlistedAt === null;

/** What an app's developers say against it. Who may not see what they point to is not told that there is anything. */
export function deprecationFor(tx: Tx, actor: Actor, app: records.AppRow): ShownDeprecation | null {
  const { deprecatedAt, deprecatedText, deprecatedInstead: id } = app;
  if (deprecatedAt === null || deprecatedText === null) return null;
  const isMet = id !== null && isShownTo(tx, actor, id) && selectOffered(tx, id, 1).length > 0;
  const instead = isMet ? records.findApp(tx, id) : undefined;
  return {
    text: harmless(deprecatedText),
    instead: instead === undefined ? null : { id: instead.id, name: instead.name },
  };
}

function shownApps(
  store: Looking,
  actor: Actor,
  ids: readonly AppId[],
  which: (app: records.AppRow) => boolean,
): ShownApp[] {
  const tx = store.db.orm;
  const found = records.selectAppsById(tx, ids).filter(which);
  const newest = selectOfferedFirst(
    tx,
    found.map(({ id }) => id),
  );
  return shownOf(
    store,
    actor,
    found.flatMap((app) => {
      const offered = newest.get(app.id);
      return offered === undefined ? [] : [{ app, newest: offered }];
    }),
  );
}

type Found = { readonly app: records.AppRow; readonly newest: OfferedFirst };

/** The icon is that of the listing, else that of the version that is offered: one that is not may have another. */
function shownOf(store: Looking, actor: Actor, found: readonly Found[]): ShownApp[] {
  const tx = store.db.orm;
  const ids = found.map(({ app }) => app.id);
  const ratingOf = summariesOf(store, tx, ids);
  const audiences = audiencesOfEach(tx, ids);
  const categoryOf = categoryResolver(tx);
  const icons = new Map(
    selectIconKeys(
      tx,
      found.map(({ newest }) => newest.id),
    ).map(({ id, key }) => [id, key]),
  );
  const listed = selectListedIcons(tx, ids);
  return found.flatMap(({ app, newest }) =>
    newest.publishedAt === null
      ? []
      : [
          {
            id: app.id,
            name: app.name,
            summary: app.summary,
            publisher: app.organisationName,
            publisherId: app.organisationId,
            version: newest.version,
            versionCode: newest.versionCode,
            publishedAt: newest.publishedAt,
            iconKey: listed.get(app.id) ?? icons.get(newest.id) ?? null,
            category: categoryOf(app.category)?.row.id ?? null,
            installs: app.installs,
            rating: ratingOf(app.id),
            visibility: visibilityOf(audiences.get(app.id) ?? []).visibility,
            listed: isListed(app),
            deprecated: deprecationFor(tx, actor, app),
          },
        ],
  );
}
