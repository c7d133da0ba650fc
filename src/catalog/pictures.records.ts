/** The SQL of versions' pictures as pages show them. */
import { and, eq, inArray, isNotNull } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { apps, versionPictures, versions } from "../db/schema.ts";
import type { AppId, OrganisationId, VersionId } from "../ids.ts";

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

/** Blob keys of the 128 px icons of these versions. */
export function selectIconKeys(tx: Tx, ids: readonly VersionId[]): { id: VersionId; key: string }[] {
  return tx
    .select({ id: versionPictures.versionId, key: versionPictures.blobKey })
    .from(versionPictures)
    .where(
      and(
        inArray(versionPictures.versionId, [...ids]),
        eq(versionPictures.kind, "icon"),
        eq(versionPictures.widthPx, 128),
      ),
    )
    .all();
}
