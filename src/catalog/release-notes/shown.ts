/** Which release notes somebody reads: in their language, by the rule of listings. */
import type { Actor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import type { AppId, VersionId } from "../../ids.ts";
import { findAppFor } from "../apps.ts";
import { type LocalTexts, tagFault } from "../local-texts.ts";
import { describing } from "../store-listing/store-listing.ts";
import { localeFor } from "../store-listing/texts.ts";
import * as records from "./records.ts";

/** Where a package says nothing of it, as in `store-listing/shown.ts`. */
const USUAL_LANGUAGE = "en";

/** What a version's package calls its own language: the one that its notes are in. */
export function ownLanguageOf({ manifest }: { readonly manifest: string | null }): string {
  const { defaultLocale: own } = (manifest === null ? {} : JSON.parse(manifest)) as {
    defaultLocale?: unknown;
  };
  // That of a version that failed its checks may be anything.
  return typeof own === "string" && tagFault(own) === null ? own : USUAL_LANGUAGE;
}

/** The same of a version that may not be checked yet; null: what its package says there is no language. */
export function ownLanguageSaid(row: {
  readonly manifest: string | null;
  readonly ownLanguage: string | null;
}): string | null {
  return row.manifest === null ? row.ownLanguage : ownLanguageOf(row);
}

export type NotesRead = {
  /** Markdown; may be empty. */
  readonly text: string;
  /** The language that they are in (BCP 47). */
  readonly language: string;
};

/** The app's own language, as the package says that the store shows; null: none was read yet. @throws Problem `app.not_found` */
export function languageOfApp({ db }: Pick<Store, "db">, actor: Actor, appId: AppId): string | null {
  findAppFor(db.orm, actor, "app.read", appId);
  const row = describing(db.orm, appId);
  return row === undefined || row.manifest === null ? null : ownLanguageOf(row);
}

/** All of those in other languages. */
export function translationsOf({ db }: Pick<Store, "db">, id: VersionId): LocalTexts {
  return records.selectTranslations(db.orm, id);
}

/** Notes in the app's own language, and which that is. */
export type OwnNotes = { readonly id: VersionId; readonly notes: string; readonly defaultLocale: string };

/** Of each version what somebody reads whose language this is; who reads none of its languages reads the app's own. */
export function notesInLanguage(
  tx: Tx,
  versions: readonly OwnNotes[],
  locale: string,
): ReadonlyMap<VersionId, NotesRead> {
  const languages = new Map<VersionId, string[]>();
  const ids = versions.map(({ id }) => id);
  for (const row of records.selectLanguages(tx, ids))
    languages.set(row.versionId, [...(languages.get(row.versionId) ?? []), row.locale]);
  return new Map(
    versions.map(({ id, notes, defaultLocale }): [VersionId, NotesRead] => {
      const there = new Set([...(notes === "" ? [] : [defaultLocale]), ...(languages.get(id) ?? [])]);
      const language = localeFor(locale, there, defaultLocale);
      const isOwn = language === defaultLocale && notes !== "";
      const text = isOwn ? notes : (records.findTranslation(tx, id, language) ?? "");
      return [id, { text, language }];
    }),
  );
}
