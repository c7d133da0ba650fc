/** The SQL of versions' pictures as pages show them. */
import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { each, hot } from "../db/hot.ts";
import { apps, pictureSizes, versionPictures, versions } from "../db/schema.ts";
import type { AppId, OrganisationId, VersionId } from "../ids.ts";
import { ICON_SOURCE_PX, LISTED_ICON, shownAddress } from "./shown-pictures/sizes.ts";
/** True when a published version of an app that everybody may see has the picture. */
export function isPublicPicture(tx: Tx, blobKey: string): boolean {
  return (
    tx
      .select({ id: versions.id })
      .from(versionPictures)
      .innerJoin(versions, eq(versions.id, versionPictures.versionId))
      .innerJoin(apps, eq(apps.id, versions.appId))
      .where(
        and(eq(versionPictures.blobKey, blobKey), eq(versions.state, "published"), isNotNull(apps.publicAt)),
      )
      .limit(1)
      .get() !== undefined
  );
}

/** The apps in whose versions the picture stands, found in the first `uses` of them. */
export function appsWithPicture(
  tx: Tx,
  blobKey: string,
  uses: number,
): { appId: AppId; organisationId: OrganisationId }[] {
  const some = tx
    .select({ appId: apps.id, organisationId: apps.organisationId })
    .from(versionPictures)
    .innerJoin(versions, eq(versions.id, versionPictures.versionId))
    .innerJoin(apps, eq(apps.id, versions.appId))
    .where(eq(versionPictures.blobKey, blobKey))
    .limit(uses)
    .as("some");
  return tx.selectDistinct({ appId: some.appId, organisationId: some.organisationId }).from(some).all();
}

/** Addresses of the icons of these versions, in the size that lists name; none of a version whose icon was not made yet. */
export function selectIconKeys(tx: Tx, ids: readonly VersionId[]): { id: VersionId; key: string }[] {
  if (ids.length === 0) return [];
  return iconsStatement(tx)
    .all({ ids: JSON.stringify(ids) })
    .map(({ id, source }) => ({ id, key: shownAddress(source, "icon", LISTED_ICON) }));
}

const iconsStatement = hot((tx) =>
  tx
    .select({ id: versionPictures.versionId, source: versionPictures.blobKey })
    .from(versionPictures)
    .innerJoin(
      pictureSizes,
      and(
        eq(pictureSizes.sourceKey, versionPictures.blobKey),
        eq(pictureSizes.kind, "icon"),
        eq(pictureSizes.size, LISTED_ICON),
      ),
    )
    .where(
      and(
        sql`${versionPictures.versionId} IN ${each("ids")}`,
        eq(versionPictures.kind, "icon"),
        eq(versionPictures.widthPx, ICON_SOURCE_PX),
      ),
    )
    .prepare(),
);
