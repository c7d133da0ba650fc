/**
 * Name and summary of an app, as its packages say them. Until something is published they are those of the newest
 * version whose checks passed; from then on those of the newest published one, so that pages and devices say the same.
 */
import type { Tx } from "../db/database.ts";
import type { AppId, VersionId } from "../ids.ts";
import * as records from "./records.ts";
import * as textRecords from "./texts.records.ts";

export type AppTexts = { readonly name: string; readonly summary: string };

type Texts = {
  readonly defaultLocale: string;
  readonly name: Readonly<Record<string, string>>;
  readonly summary?: Readonly<Record<string, string>>;
};

/** In the manifest's own locale; the manifest has passed its checks. */
export function textsOf({ defaultLocale, name, summary }: Texts): AppTexts {
  return { name: name[defaultLocale] ?? "", summary: summary?.[defaultLocale] ?? "" };
}

/** As above, of a version; null until its checks have read the manifest, and when they could not. */
export function textsOfVersion(row: records.VersionRow): AppTexts | null {
  if (row.manifest === null) return null;
  return textsOf(JSON.parse(row.manifest) as Texts);
}

/** After a version's checks passed, while nothing of its app is published. */
export function followChecked(tx: Tx, version: { id: VersionId; appId: AppId }, texts: AppTexts, now: Date) {
  const app = records.findApp(tx, version.appId);
  if (!app || app.publishedAt !== null) return;
  // The checks of an older upload may end last.
  if (textRecords.hasCheckedAfter(tx, version.appId, version.id)) return;
  if (app.name === texts.name && app.summary === texts.summary) return;
  records.updateApp(tx, app.id, texts, now);
}
