/** What lists and pages of the store call apps, for who reads which language. */
import type { Tx } from "../../db/database.ts";
import type { AppId } from "../../ids.ts";
import type { AppRow, VersionRow } from "../records.ts";
import { findListing, type ShownTextRow, selectShownTexts } from "./records.ts";
import { type LocalTexts, localeFor, type PackageTexts, shownTexts } from "./texts.ts";

/** What the package of a version says; what the app's row does where none was read yet. */
export function packageTexts(
  app: Pick<AppRow, "name" | "summary">,
  version: VersionRow | undefined,
): PackageTexts {
  if (version?.manifest != null) return JSON.parse(version.manifest) as PackageTexts;
  return {
    defaultLocale: "en",
    name: { en: app.name },
    summary: app.summary === "" ? {} : { en: app.summary },
  };
}

export function textsOfApp(tx: Tx, app: AppRow, version: VersionRow | undefined): LocalTexts {
  return shownTexts(packageTexts(app, version), findListing(tx, app.id).document);
}

type Named = { readonly id: AppId; readonly name: string; readonly summary: string };

/** The same apps, named as for who reads `locale`. What was published before there were listings keeps its name until it is made anew. */
export function inLanguage<App extends Named>(tx: Tx, apps: readonly App[], locale: string): App[] {
  const ids = apps.map(({ id }) => id);
  const byApp = Map.groupBy(selectShownTexts(tx, ids), ({ appId }) => appId);
  return apps.map((app) => {
    const row = rowFor(byApp.get(app.id) ?? [], locale);
    return row === undefined ? app : { ...app, name: row.name, summary: row.summary };
  });
}

function rowFor(rows: readonly ShownTextRow[], locale: string): ShownTextRow | undefined {
  const byLocale = new Map(rows.map((row) => [row.locale, row]));
  const fallback = rows.find(({ isDefault }) => isDefault)?.locale ?? "en";
  return byLocale.get(localeFor(locale, byLocale, fallback));
}
