/** The SQL of the names of apps and versions in the audit log. */
import { desc, eq } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { apps, versions } from "../db/schema.ts";
import type { AppId, OrganisationId, VersionId } from "../ids.ts";

export function appNamed(
  tx: Tx,
  id: AppId,
):
  | { readonly name: string; readonly organisationId: OrganisationId; readonly publicAt: Date | null }
  | undefined {
  return tx
    .select({ name: apps.name, organisationId: apps.organisationId, publicAt: apps.publicAt })
    .from(apps)
    .where(eq(apps.id, id))
    .get();
}

export function versionNamed(
  tx: Tx,
  id: VersionId,
): { readonly appId: AppId; readonly version: string; readonly organisationId: OrganisationId } | undefined {
  return tx
    .select({ appId: versions.appId, version: versions.version, organisationId: apps.organisationId })
    .from(versions)
    .innerJoin(apps, eq(apps.id, versions.appId))
    .where(eq(versions.id, id))
    .get();
}

/** The versions of the app of that id, the newest first; at most so many. */
export function versionsOfApp(tx: Tx, appId: string, most: number): VersionId[] {
  return tx
    .select({ id: versions.id })
    .from(versions)
    .where(eq(versions.appId, appId as AppId))
    .orderBy(desc(versions.id))
    .limit(most)
    .all()
    .map(({ id }) => id);
}
