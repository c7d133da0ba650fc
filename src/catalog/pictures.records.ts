/** The SQL of versions' pictures as pages show them. */
import { and, eq, inArray } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { apps, type VersionState, versionPictures, versions } from "../db/schema.ts";
import type { AppId, OrganisationId, VersionId } from "../ids.ts";

/** True when a version in this state has the picture. */
export function isPictureIn(tx: Tx, blobKey: string, state: VersionState): boolean {
  return (
    tx
      .select({ id: versions.id })
      .from(versionPictures)
      .innerJoin(versions, eq(versions.id, versionPictures.versionId))
      .where(and(eq(versionPictures.blobKey, blobKey), eq(versions.state, state)))
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
