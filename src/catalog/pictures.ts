/** The pictures of versions: which of them everybody may see, and which stands for an app in the store front. */
import type { Actor } from "../accounts/actor.ts";
import { allows } from "../accounts/rights.ts";
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import { type AppId, EVERYBODY, type VersionId } from "../ids.ts";
import { say } from "../say.ts";
import {
  appsListingPicture,
  isListingPictureFor,
  isPublicListingPicture,
} from "./listing-pictures/records.ts";
import { screenshotsFor, screenshotsOfApp } from "./listing-pictures/shown.ts";
import { manifestOf } from "./offer.ts";
import * as pictures from "./pictures.records.ts";
import { selectPictures } from "./records.ts";
import { selectOffered } from "./revocation/records.ts";
import { isLogo } from "./shown-pictures/logo-sources.ts";
import { selectSize } from "./shown-pictures/records.ts";
import { ICON_SOURCE_PX, type ShownAddress } from "./shown-pictures/sizes.ts";
import { type ShownPicture, shownPictures } from "./shown-pictures/views.ts";
import { isPictureFor } from "./visibility/files.records.ts";
import { audiencesOfActor } from "./visibility/viewers.ts";

/** Where one picture is used is looked at this often; the same bytes in more versions than that are a stock picture. */
const USES_MOST = 1000;

/**
 * The blob of a picture that this actor may see, and whether everybody may: what stands in a published version of a public app, or
 * in its listing, is public; that of another app is for its audiences, and the rest for those who may read one of its versions, or
 * the app.
 * @throws Problem `not_found`, also while the size was not made yet
 */
export function findPicture(
  store: Store,
  actor: Actor,
  address: ShownAddress,
): { readonly key: string; readonly isPublic: boolean } {
  const tx = store.db.orm;
  const sizes = selectSize(tx, address.sha256, address.kind, address.size);
  // The store's own logo stands on pages that everybody opens.
  const isOpen = (sourceKey: string) =>
    address.kind === "logo" ? isLogo(tx, sourceKey) : isOfPublicApp(tx, sourceKey);
  const open = sizes.find(({ sourceKey }) => isOpen(sourceKey));
  if (open !== undefined) return { key: open.blobKey, isPublic: true };
  const seen =
    address.kind === "logo" ? undefined : sizes.find(({ sourceKey }) => maySee(tx, actor, sourceKey));
  if (seen !== undefined) return { key: seen.blobKey, isPublic: false };
  throw new Problem("not_found", "not_found", say`There is nothing here, or nothing that you may see.`);
}

const isOfPublicApp = (tx: Tx, sourceKey: string): boolean =>
  pictures.isPublicPicture(tx, sourceKey) || isPublicListingPicture(tx, sourceKey);

function maySee(tx: Tx, actor: Actor, sourceKey: string): boolean {
  return (
    pictures.appsWithPicture(tx, sourceKey, USES_MOST).some((app) => allows(actor, "version.read", app)) ||
    appsListingPicture(tx, sourceKey, USES_MOST).some((app) => allows(actor, "app.read", app)) ||
    audiencesOfActor(tx, actor)
      .filter((audience) => audience !== EVERYBODY)
      .some(
        (audience) =>
          isPictureFor(tx, audience, sourceKey, "pictures") || isListingPictureFor(tx, audience, sourceKey),
      )
  );
}

/** The icon of a version, and its screenshots in the manifest's order. */
export function picturesOf(tx: Tx, id: VersionId): ShownPicture[] {
  const rows = selectPictures(tx, id);
  const icons = rows.filter(({ kind, widthPx }) => kind === "icon" && widthPx === ICON_SOURCE_PX);
  return [...shownPictures(tx, "icon", icons), ...screenshotsOf(tx, rows)];
}

/** Of these pictures of a version the screenshots. */
function screenshotsOf(tx: Tx, rows: ReturnType<typeof selectPictures>): ShownPicture[] {
  return shownPictures(
    tx,
    "screenshot",
    rows.filter(({ kind }) => kind === "screenshot"),
  );
}

/** Of the app as it is offered, the first for who reads this language that there are sizes of; null: there is none. */
export function firstScreenshot(tx: Tx, id: AppId, locale: string): ShownPicture | null {
  const [offered] = selectOffered(tx, id, 1);
  if (offered === undefined) return null;
  const all = screenshotsFor(screenshotsOfApp(tx, id, offered), locale, manifestOf(offered).defaultLocale);
  return all.find(({ state }) => state === "ready") ?? null;
}

/** Addresses of the icons of these versions; a version without one that is shown is not in the map. */
export function iconKeys(store: Store, ids: readonly VersionId[]): Map<VersionId, string> {
  if (ids.length === 0) return new Map();
  return new Map(pictures.selectIconKeys(store.db.orm, ids).map((row) => [row.id, row.key]));
}
