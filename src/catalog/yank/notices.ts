/** What the catalogues tell people who have an app, as the rows say it. */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import type { AppId, Audience } from "../../ids.ts";
import type { CatalogueFile } from "../tuf/app-index.ts";
import { buildNotices, NOTICED_VERSIONS, noticesPath } from "../tuf/app-notices.ts";
import type { TargetPlan } from "../tuf/repository.ts";
import { selectYankedRows, type YankedRow } from "./records.ts";

/** A version's row as it will be with the very plan. */
export type NoticedChange = {
  readonly id: YankedRow["id"];
  readonly versionCode: YankedRow["versionCode"];
  readonly yanked: { readonly reason: string; readonly at: Date } | null;
};

/** Null where there is nothing to tell that audience. */
export function noticesOf(
  tx: Tx,
  appId: AppId,
  _audience: Audience,
  change?: NoticedChange,
): CatalogueFile | null {
  const rows = selectYankedRows(tx, appId, NOTICED_VERSIONS + 1).filter(({ id }) => id !== change?.id);
  if (change?.yanked) {
    const { id, versionCode, yanked } = change;
    rows.push({ id, versionCode, yankedReason: yanked.reason, yankedAt: yanked.at });
  }
  const yanked = rows
    .sort((a, b) => b.versionCode - a.versionCode)
    .slice(0, NOTICED_VERSIONS)
    .flatMap(({ versionCode, yankedReason, yankedAt }) =>
      yankedReason === null || yankedAt === null ? [] : [{ versionCode, reason: yankedReason, yankedAt }],
    );
  return buildNotices({ appId, deprecated: null, yanked });
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
