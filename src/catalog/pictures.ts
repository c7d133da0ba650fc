/** The pictures of versions: which of them everybody may see, and which stands for an app in the store front. */
import { and, desc, eq, inArray } from "drizzle-orm";
import type { Actor } from "../accounts/actor.ts";
import { allows } from "../accounts/rights.ts";
import type { Store } from "../context.ts";
import { apps, versionPictures, versions } from "../db/schema.ts";
import { Problem } from "../errors.ts";
import type { Sha256, VersionId } from "../ids.ts";

/** Where one picture is used is looked at this often; the same bytes in more versions than that are a stock picture. */
const USES_MOST = 50;

/**
 * The blob key of a picture that this actor may see, and whether everybody may: what stands in a published version is
 * public; the rest is for those who may read one of its versions.
 * @throws Problem `not_found`
 */
export function findPicture(
  store: Store,
  actor: Actor,
  sha256: Sha256,
): { readonly key: string; readonly isPublic: boolean } {
  const key = `pictures/${sha256}.png`;
  const uses = store.db.orm
    .selectDistinct({ organisationId: apps.organisationId, state: versions.state })
    .from(versionPictures)
    .innerJoin(versions, eq(versions.id, versionPictures.versionId))
    .innerJoin(apps, eq(apps.id, versions.appId))
    .where(eq(versionPictures.blobKey, key))
    .limit(USES_MOST)
    .all();
  const isPublic = uses.some(({ state }) => state === "published");
  const mayRead = uses.some(({ organisationId }) => allows(actor, "version.read", { organisationId }));
  if (!isPublic && !mayRead)
    throw new Problem("not_found", "not_found", "There is nothing here, or nothing that you may see.");
  return { key, isPublic };
}

/** Blob keys of the 128 px icons of these versions; a version without one is not in the map. */
export function iconKeys(store: Store, ids: readonly VersionId[]): Map<VersionId, string> {
  if (ids.length === 0) return new Map();
  const rows = store.db.orm
    .select({ id: versionPictures.versionId, key: versionPictures.blobKey })
    .from(versionPictures)
    .where(
      and(
        inArray(versionPictures.versionId, [...ids]),
        eq(versionPictures.kind, "icon"),
        eq(versionPictures.widthPx, 128),
      ),
    )
    .orderBy(desc(versionPictures.versionId))
    .all();
  return new Map(rows.map((row) => [row.id, row.key]));
}
