/** The SQL of the pictures of listings. */
import { and, asc, eq, isNotNull, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { each, hot } from "../../db/hot.ts";
import { apps, listingPictureSets, listingPictures, pictureSizes } from "../../db/schema.ts";
import type { AppId, Audience, ListingPictureId, OrganisationId } from "../../ids.ts";
import type { LocalTexts } from "../local-texts.ts";
import { LISTED_ICON, shownAddress } from "../shown-pictures/sizes.ts";
import { STABLE } from "../visibility/audiences.ts";

export type PictureRow = Omit<typeof listingPictures.$inferSelect, "alts"> & { readonly alts: LocalTexts };

/** The icon first, then the screenshots in their order. */
export function selectListingPictures(tx: Tx, appId: AppId): PictureRow[] {
  return tx
    .select()
    .from(listingPictures)
    .where(eq(listingPictures.appId, appId))
    .orderBy(asc(listingPictures.kind), asc(listingPictures.position))
    .all()
    .map((row) => ({ ...row, alts: JSON.parse(row.alts) }));
}

/** 0: nobody changed the app's pictures. */
export function findPicturesRevision(tx: Tx, appId: AppId): number {
  const row = tx.select().from(listingPictureSets).where(eq(listingPictureSets.appId, appId)).get();
  return row?.revision ?? 0;
}

export function writePicturesRevision(tx: Tx, appId: AppId, revision: number, now: Date): void {
  const row = { revision, updatedAt: now };
  tx.insert(listingPictureSets)
    .values({ appId, ...row })
    .onConflictDoUpdate({ target: listingPictureSets.appId, set: row })
    .run();
}

export function insertListingPicture(tx: Tx, row: PictureRow): void {
  tx.insert(listingPictures)
    .values({ ...row, alts: JSON.stringify(row.alts) })
    .run();
}

export function updateListingPicture(
  tx: Tx,
  { id, alts, locale, position }: Pick<PictureRow, "id" | "alts" | "locale" | "position">,
): void {
  tx.update(listingPictures)
    .set({ alts: JSON.stringify(alts), locale, position })
    .where(eq(listingPictures.id, id))
    .run();
}

export function deleteListingPicture(tx: Tx, id: ListingPictureId): void {
  tx.delete(listingPictures).where(eq(listingPictures.id, id)).run();
}

/** Whether some listing has it, as it came. */
export function isListingPicture(tx: Tx, blobKey: string): boolean {
  const row = tx
    .select({ id: listingPictures.id })
    .from(listingPictures)
    .where(eq(listingPictures.blobKey, blobKey))
    .limit(1);
  return row.get() !== undefined;
}

/** Whether a published app has it in its listing that everybody may see. */
export function isPublicListingPicture(tx: Tx, blobKey: string): boolean {
  const row = tx
    .select({ id: listingPictures.id })
    .from(listingPictures)
    .innerJoin(apps, eq(apps.id, listingPictures.appId))
    .where(and(eq(listingPictures.blobKey, blobKey), isNotNull(apps.publicAt)))
    .limit(1);
  return row.get() !== undefined;
}

/** Whether an app has it in its listing that is in the audience's catalogue now. */
export function isListingPictureFor(tx: Tx, audience: Audience, blobKey: string): boolean {
  const row = tx
    .select({ id: listingPictures.id })
    .from(listingPictures)
    .where(
      and(
        eq(listingPictures.blobKey, blobKey),
        sql`EXISTS (SELECT 1 FROM app_audiences AS a WHERE a.app_id = ${listingPictures.appId} AND a.channel = ${STABLE}
          AND a.audience = ${audience} AND a.told_at IS NOT NULL AND a.left_at IS NULL)`,
      ),
    )
    .limit(1);
  return row.get() !== undefined;
}

/** The apps that have it in their listings, of the first `uses`; one with it in several places comes as often. */
export function appsListingPicture(
  tx: Tx,
  blobKey: string,
  uses: number,
): { appId: AppId; organisationId: OrganisationId }[] {
  return tx
    .select({ appId: apps.id, organisationId: apps.organisationId })
    .from(listingPictures)
    .innerJoin(apps, eq(apps.id, listingPictures.appId))
    .where(eq(listingPictures.blobKey, blobKey))
    .limit(uses)
    .all();
}

/** Addresses of the icons in the listings of these apps, in the size that lists name; none of an app whose icon was not made yet. */
export function selectListedIcons(tx: Tx, ids: readonly AppId[]): ReadonlyMap<AppId, string> {
  if (ids.length === 0) return new Map();
  const rows = listedIconsStatement(tx).all({ ids: JSON.stringify(ids) });
  return new Map(rows.map(({ appId, source }) => [appId, shownAddress(source, "icon", LISTED_ICON)]));
}

const listedIconsStatement = hot((tx) =>
  tx
    .select({ appId: listingPictures.appId, source: listingPictures.blobKey })
    .from(listingPictures)
    .innerJoin(
      pictureSizes,
      and(
        eq(pictureSizes.sourceKey, listingPictures.blobKey),
        eq(pictureSizes.kind, "icon"),
        eq(pictureSizes.size, LISTED_ICON),
      ),
    )
    .where(and(sql`${listingPictures.appId} IN ${each("ids")}`, eq(listingPictures.kind, "icon")))
    .prepare(),
);
