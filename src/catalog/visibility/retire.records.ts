/** The SQL of catalogues whose group is gone. */
import { and, asc, eq, isNull, like, notExists, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import {
  appAudiences,
  catalogueAudiences,
  groups,
  tufMetadata,
  tufSupersededTargets,
  tufTargets,
} from "../../db/schema.ts";
import type { AudienceId } from "../../ids.ts";

/** Of groups that are gone and that no app is for. */
export function selectRetired(tx: Tx): AudienceId[] {
  const group = tx.select({ id: groups.id }).from(groups).where(sql`${groups.id} = ${catalogueAudiences.id}`);
  const app = tx
    .select({ id: appAudiences.appId })
    .from(appAudiences)
    .where(and(eq(appAudiences.audience, catalogueAudiences.id), isNull(appAudiences.leftAt)));
  return tx
    .select({ id: catalogueAudiences.id })
    .from(catalogueAudiences)
    .where(and(like(catalogueAudiences.id, "grp-%"), notExists(group), notExists(app)))
    .orderBy(asc(catalogueAudiences.id))
    .all()
    .map(({ id }) => id);
}

/** All that there is of a catalogue, and who was told by it of what: no list of what is revoked is to be written for them. */
export function forgetCatalogue(tx: Tx, audience: AudienceId): void {
  for (const table of [tufMetadata, tufTargets, tufSupersededTargets, appAudiences])
    tx.delete(table).where(eq(table.audience, audience)).run();
  tx.delete(catalogueAudiences).where(eq(catalogueAudiences.id, audience)).run();
}
