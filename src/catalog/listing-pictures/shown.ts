/** Which pictures the store shows of an app: those of its listing, and where there are none those of its package. */
import type { Tx } from "../../db/database.ts";
import type { AppId } from "../../ids.ts";
import { primaryOf } from "../../languages.ts";
import type { LocalTexts } from "../local-texts.ts";
import { selectPictures, type VersionRow } from "../records.ts";
import { type ShownPicture, shownPictures } from "../shown-pictures/views.ts";
import { localeFor } from "../store-listing/texts.ts";
import { selectListingPictures } from "./records.ts";

export type ShownScreenshot = ShownPicture & {
  /** What it says to who does not see it, by language. */
  readonly alts: LocalTexts;
  /** The language of those whom it is for; null: everybody. */
  readonly locale: string | null;
};

/** Of the listing, as soon as there are sizes of one; else of this version's package, where there is one. */
export function screenshotsOfApp(tx: Tx, appId: AppId, version: VersionRow | null): ShownScreenshot[] {
  const listed = listedScreenshots(tx, appId).filter(({ state }) => state === "ready");
  if (listed.length > 0 || version === null) return listed;
  return packageScreenshots(tx, version);
}

function listedScreenshots(tx: Tx, appId: AppId): ShownScreenshot[] {
  const rows = selectListingPictures(tx, appId).filter(({ kind }) => kind === "screenshot");
  return shownPictures(tx, "screenshot", rows).map((picture, at) => ({
    ...{ ...picture, position: at },
    alts: rows[at]?.alts ?? {},
    locale: rows[at]?.locale ?? null,
  }));
}

/** With the words of its manifest, which was checked before it was kept. */
export function packageScreenshots(tx: Tx, { id, manifest }: VersionRow): ShownScreenshot[] {
  const rows = selectPictures(tx, id).filter(({ kind }) => kind === "screenshot");
  const said = (manifest === null ? {} : JSON.parse(manifest)) as {
    readonly defaultLocale?: string;
    readonly screenshots?: readonly { readonly alt: string; readonly locale?: string }[];
  };
  return shownPictures(tx, "screenshot", rows).map((picture) => {
    const { alt = "", locale = null } = said.screenshots?.[picture.position] ?? {};
    const tag = locale ?? said.defaultLocale ?? "en";
    return { ...picture, alts: alt === "" ? {} : { [tag]: alt }, locale };
  });
}

/**
 * For who reads `wanted`: those for everybody, and those in that language or the nearest to it. Where all are for others, those in the
 * app's own language, else all of them: pictures in another language say more than none. Pure.
 */
export function screenshotsFor<One extends { readonly locale: string | null }>(
  all: readonly One[],
  wanted: string,
  defaultLocale: string,
): readonly One[] {
  const languages = new Set(all.flatMap(({ locale }) => locale ?? []));
  const language = localeFor(wanted, languages, languages.has(defaultLocale) ? defaultLocale : "");
  const isRead = primaryOf(language) === primaryOf(wanted);
  const own = all.filter(({ locale }) => locale === null || (isRead && locale === language));
  if (own.length > 0) return own;
  const ofApp = all.filter(({ locale }) => locale === language);
  return ofApp.length > 0 ? ofApp : all;
}
