/** What the catalogues tell people who have an app, as the rows say it. */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { type AppId, type Audience, EVERYBODY } from "../../ids.ts";
import { type AppRow, findApp } from "../records.ts";
import { selectOffered } from "../revocation/records.ts";
import type { CatalogueFile } from "../tuf/app-index.ts";
import { type AppNotices, buildNotices, NOTICED_VERSIONS, noticesPath } from "../tuf/app-notices.ts";
import type { TargetPlan } from "../tuf/repository.ts";
import { findShownTo } from "../visibility/records.ts";
import { selectYankedRows, type YankedRow } from "./records.ts";

/** What becomes otherwise with the very plan, and the rows do not say yet. */
export type NoticedChange = {
  readonly version?: {
    readonly id: YankedRow["id"];
    readonly versionCode: YankedRow["versionCode"];
    readonly yanked: { readonly reason: string; readonly at: Date } | null;
  };
  readonly app?: Deprecated;
  /** An app that others may point to, and all who may see it from then on. */
  readonly seen?: { readonly appId: AppId; readonly by: readonly Audience[] };
};

type Deprecated = Pick<AppRow, "deprecatedText" | "deprecatedInstead">;

/** Null where there is nothing to tell that audience. */
export function noticesOf(
  tx: Tx,
  appId: AppId,
  audience: Audience,
  { version, app, seen }: NoticedChange = {},
): CatalogueFile | null {
  const rows = selectYankedRows(tx, appId, NOTICED_VERSIONS + 1).filter(({ id }) => id !== version?.id);
  if (version?.yanked) {
    const { id, versionCode, yanked } = version;
    rows.push({ id, versionCode, yankedReason: yanked.reason, yankedAt: yanked.at });
  }
  const yanked = rows
    .sort((a, b) => b.versionCode - a.versionCode)
    .slice(0, NOTICED_VERSIONS)
    .flatMap(({ versionCode, yankedReason, yankedAt }) =>
      yankedReason === null || yankedAt === null ? [] : [{ versionCode, reason: yankedReason, yankedAt }],
    );
  return buildNotices({
    appId,
    deprecated: deprecatedIn(tx, audience, app ?? findApp(tx, appId), seen),
    yanked,
  });
}

/** What everybody who reads the catalogue may see is named, and nothing else. */
function deprecatedIn(
  tx: Tx,
  audience: Audience,
  app: Deprecated | undefined,
  seen: NoticedChange["seen"],
): AppNotices["deprecated"] {
  if (app === undefined || app.deprecatedText === null) return null;
  const { deprecatedText: text, deprecatedInstead: id } = app;
  const isSeen = (other: AppId) =>
    other === seen?.appId ? mayBeNamed(audience, seen.by) : isNameable(tx, audience, other);
  const isMet = id !== null && isSeen(id) && selectOffered(tx, id, 1).length > 0;
  return { text, instead: isMet ? id : null };
}

/** Whether those who read an audience's catalogue may all see an app that these see: they read the public one as well. */
export function mayBeNamed(audience: Audience, seenBy: readonly Audience[]): boolean {
  return seenBy.includes(EVERYBODY) || seenBy.includes(audience);
}

/** The same, of a published app as it is. */
export function isNameable(tx: Tx, audience: Audience, appId: AppId): boolean {
  return findShownTo(tx, appId, [EVERYBODY, audience]) !== undefined;
}

/** The files of these audiences, and none where there is nothing to tell. */
export function planNotices(
  { db }: Pick<Store, "db">,
  appId: AppId,
  audiences: readonly Audience[],
  change?: NoticedChange,
): TargetPlan {
  const files = audiences.map((audience) => ({
    audience,
    file: noticesOf(db.orm, appId, audience, change),
  }));
  return {
    upserts: files.flatMap(({ audience, file }) => (file === null ? [] : [{ audience, ...file }])),
    removes: files.flatMap(({ audience, file }) =>
      file === null ? [{ audience, path: noticesPath(appId) }] : [],
    ),
  };
}
