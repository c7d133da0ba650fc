/** The review queue: what waits for a person, oldest first. */
import type { Actor } from "../accounts/actor.ts";
import { authorise } from "../accounts/rights.ts";
import { harmless } from "../accounts/said.ts";
import { appView, appViews } from "../catalog/apps.ts";
import { mustBeChecked } from "../catalog/check-seal.ts";
import * as catalog from "../catalog/records.ts";
import { type AppTexts, textsOfVersion } from "../catalog/texts.ts";
import { listedVersions, versionView } from "../catalog/version-views.ts";
import { type VersionDetails, versionDetails } from "../catalog/versions.ts";
import type { AppView, ListedVersion, VersionView } from "../catalog/views.ts";
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { type Page, type PageRequest, pageOf } from "../db/pages.ts";
import { Problem } from "../errors.ts";
import { isId, type VersionId } from "../ids.ts";
import { say } from "../say.ts";
import * as records from "./records.ts";

export type QueueItem = {
  readonly app: AppView;
  readonly version: ListedVersion;
  /** What this package calls the app; the app itself is called as it was published. */
  readonly texts: AppTexts | null;
};

/** @throws Problem `rights.forbidden`, `cursor.invalid` */
export function listQueue(store: Store, actor: Actor, page: PageRequest): Page<QueueItem> {
  authorise(actor, "review.read");
  const tx = store.db.orm;
  const rows = records.selectQueue(tx, {
    ...(page.after === undefined ? {} : { after: placeOf(tx, page.after) }),
    limit: page.limit + 1,
  });
  const shown = pageOf(rows, page.limit, (row) => row.id);
  return { ...shown, items: itemsOf(tx, shown.items) };
}

/** Of a whole page, with as many statements as for one row. */
function itemsOf(tx: Tx, rows: readonly catalog.VersionRow[]): QueueItem[] {
  const appIds = [...new Set(rows.map(({ appId }) => appId))];
  const apps = new Map(appViews(tx, catalog.selectAppsById(tx, appIds)).map((app) => [app.id, app]));
  const versions = listedVersions(tx, rows);
  return rows.flatMap((row, place) => {
    const [app, version] = [apps.get(row.appId), versions[place]];
    if (app === undefined || version === undefined) throw new Error(`the version ${row.id} has no app`);
    return { app, version, texts: textsOfVersion(row) };
  });
}

export type ReviewDetails = VersionDetails & {
  readonly app: AppView;
  /** What this package calls the app; null when the checks could not read it. */
  readonly texts: AppTexts | null;
  /** What devices have now; null for a first version. */
  readonly published: VersionView | null;
  /** The manifest of what devices have now. */
  readonly publishedManifest: VersionDetails["manifest"];
  /** The decision, once there is one. */
  readonly decision: Decision | null;
};

export type Decision = {
  readonly decision: "approved" | "rejected";
  readonly reason: string;
  /** As `actorLabel` writes it. */
  readonly reviewer: string;
  readonly at: Date;
};

/** Everything that a reviewer needs to decide. @throws Problem `version.not_found`, `catalog.damaged`, `rights.forbidden` */
export function readReview(store: Store, actor: Actor, id: VersionId): ReviewDetails {
  authorise(actor, "review.read");
  const tx = store.db.orm;
  const row = findForReview(tx, id);
  mustBeChecked(tx, store.vault, row);
  const published = catalog.selectPublished(tx, row.appId, 1)[0];
  const review = catalog.findReview(tx, id);
  return {
    ...versionDetails(store, row),
    app: viewOfApp(tx, row),
    texts: textsOfVersion(row),
    published: published ? versionView(tx, published) : null,
    publishedManifest: published?.manifest ? JSON.parse(published.manifest) : null,
    decision: review
      ? {
          decision: review.decision,
          reason: harmless(review.reason),
          reviewer: review.reviewer,
          at: review.at,
        }
      : null,
  };
}

/** @throws Problem `version.not_found` */
export function findForReview(tx: Tx, id: VersionId): catalog.VersionRow {
  const row = isId("ver", id) ? catalog.findVersion(tx, id) : undefined;
  if (!row) throw new Problem("not_found", "version.not_found", say`There is no version ${id}.`);
  return row;
}

function placeOf(tx: Tx, after: string): { submittedAt: Date; id: VersionId } {
  const row = isId("ver", after) ? catalog.findVersion(tx, after) : undefined;
  if (!row?.submittedAt) {
    throw new Problem(
      "invalid",
      "cursor.invalid",
      say`This cursor is not one that the list gave: start from the beginning.`,
    );
  }
  return { submittedAt: row.submittedAt, id: row.id };
}

function viewOfApp(tx: Tx, row: catalog.VersionRow): AppView {
  const app = catalog.findApp(tx, row.appId);
  if (!app) throw new Error(`the version ${row.id} has no app`);
  return appView(tx, app);
}
