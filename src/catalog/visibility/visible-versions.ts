/** The versions of an app that somebody may see, as the store offers them: those that nothing revokes. */
import type { Actor } from "../../accounts/actor.ts";
import { allows, authorise } from "../../accounts/rights.ts";
import { harmless } from "../../accounts/said.ts";
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { type Page, pageOf } from "../../db/pages.ts";
import { Problem } from "../../errors.ts";
import type { AppId, KeyId, Sha256, VersionCode, VersionId } from "../../ids.ts";
import { say } from "../../say.ts";
import { type ShownScreenshot, screenshotsOfApp } from "../listing-pictures/shown.ts";
import type { VersionRow } from "../records.ts";
import { releaseKey } from "../release-keys.ts";
import { ownLanguageOf } from "../release-notes/shown.ts";
import { selectOffered, selectOfferedFrom, selectYanked } from "../revocation/records.ts";
import type { ListingDocument } from "../store-listing/document.ts";
import { findListing } from "../store-listing/records.ts";
import { packageTexts } from "../store-listing/shown.ts";
import { type LocalTexts, shownTexts } from "../store-listing/texts.ts";
import { findVisible, type Looking, type ShownApp } from "./visible.ts";

export type ShownVersion = {
  readonly version: string;
  readonly versionCode: VersionCode;
  readonly publishedAt: Date;
  readonly id: VersionId;
  /** In the developer's words, in the app's own language; may be empty. */
  readonly notes: string;
  /** That language. */
  readonly defaultLocale: string;
  /** Of the file that devices get. */
  readonly sha256: Sha256;
  readonly sizeBytes: number;
};

export type ShownDetails = {
  readonly app: ShownApp;
  /** The version that is offered first. */
  readonly newest: ShownVersion;
  /** Its manifest, as parsed JSON. */
  readonly manifest: Readonly<Record<string, unknown>> | null;
  /** Of the key with which its developer signed it. */
  readonly developerKeyid: KeyId | null;
  /** What the store says of it, in each language. */
  readonly texts: LocalTexts;
  readonly tags: readonly string[];
  readonly links: ListingDocument["links"];
  /** Of its listing, in their order; without any those of the package. For readers of every language. */
  readonly screenshots: readonly ShownScreenshot[];
  /** The newest that are offered to nobody any more, with what people are to know of that. */
  readonly yanked: readonly ShownYank[];
};

export type ShownYank = {
  readonly version: string;
  readonly versionCode: VersionCode;
  readonly reason: string;
  readonly at: Date;
};

const MOST_YANKED = 5;

/** @throws Problem `app.not_found`, also for one that is not for them; `rights.forbidden` */
export function visibleDetails(store: Looking, actor: Actor, id: AppId): ShownDetails {
  const tx = store.db.orm;
  const { app, newest } = findVisible(store, actor, id);
  const [version] = shownVersion(newest);
  if (version === undefined) throw versionNotFound(id, newest.versionCode);
  const listing = findListing(tx, id).document;
  return {
    app,
    newest: version,
    developerKeyid: newest.developerKeyid,
    texts: shownTexts(packageTexts(app, newest), listing),
    tags: listing.tags,
    links: listing.links,
    manifest: newest.manifest === null ? null : JSON.parse(newest.manifest),
    screenshots: screenshotsOfApp(tx, id, newest),
    yanked: selectYanked(tx, id, MOST_YANKED).flatMap(({ version, versionCode, yankedReason, yankedAt }) =>
      yankedReason === null || yankedAt === null
        ? []
        : [{ version, versionCode, reason: harmless(yankedReason), at: yankedAt }],
    ),
  };
}

/** The highest version code first; goes on by that code. @throws Problem as `visibleDetails` */
export function visibleVersions(
  store: Looking,
  actor: Actor,
  id: AppId,
  page: { readonly below?: VersionCode; readonly limit: number },
): Page<ShownVersion> {
  const tx = store.db.orm;
  findVisible(store, actor, id);
  const rows = selectOffered(tx, id, page.limit + 1, page.below);
  const { items, nextCursor } = pageOf(rows, page.limit, ({ versionCode }) => String(versionCode));
  return { items: items.flatMap(shownVersion), nextCursor };
}

/** As `overview.ts` has it of other lists. */
export function beforeVisibleVersions(
  store: Pick<Store, "db">,
  id: AppId,
  below: VersionCode,
  limit: number,
): string | null {
  const found = selectOfferedFrom(store.db.orm, id, below, limit + 1)[limit];
  return found === undefined ? null : String(found.versionCode);
}

/** In a restricted store the files are for devices: people see what there is, and get it on those. */
export function mayDownload(store: Pick<Store, "config">, actor: Actor): boolean {
  return !store.config.restricted || allows(actor, "storefiles.read");
}

/**
 * The file that devices get. What they may not see is not there; what they see and a restricted store keeps for devices is
 * refused.
 * @throws Problem `app.not_found`, `version.not_found`, `auth.required`, `rights.forbidden`
 */
export function visiblePackage(
  store: Pick<Store, "db" | "config">,
  actor: Actor,
  id: AppId,
  code: VersionCode,
): { readonly key: string; readonly sha256: Sha256; readonly sizeBytes: number; readonly fileName: string } {
  const tx = store.db.orm;
  findVisible(store, actor, id);
  const version = offeredWith(tx, id, code);
  if (version === undefined) throw versionNotFound(id, code);
  if (!mayDownload(store, actor)) authorise(actor, "storefiles.read");
  const { sha256, sizeBytes } = version;
  return { key: releaseKey(sha256), sha256, sizeBytes, fileName: `${id}-${code}.mosis` };
}

function offeredWith(tx: Tx, id: AppId, code: VersionCode): ShownVersion | undefined {
  const below = (code + 1) as VersionCode;
  return selectOffered(tx, id, 1, below)
    .filter(({ versionCode }) => versionCode === code)
    .flatMap(shownVersion)[0];
}

function shownVersion(row: VersionRow): ShownVersion[] {
  const { id, version, versionCode, publishedAt, notes, releasedSha256, releasedSizeBytes } = row;
  if (publishedAt === null || releasedSha256 === null || releasedSizeBytes === null) return [];
  const defaultLocale = ownLanguageOf(row);
  const file = { sha256: releasedSha256, sizeBytes: releasedSizeBytes };
  return [{ id, version, versionCode, publishedAt, notes, defaultLocale, ...file }];
}

function versionNotFound(id: AppId, code: VersionCode): Problem {
  return new Problem(
    "not_found",
    "version.not_found",
    say`There is no version with code ${code} of ${id} that you may see.`,
  );
}
