/** The SQL of an organisation's apps in the lists of the store. Takes and gives rows; knows no rules. */
import { and, asc, desc, eq, gt, isNotNull, isNull, lte, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { each, hot } from "../../db/hot.ts";
import { appAudiences } from "../../db/schema.ts";
import type { AppId, Audience, OrganisationId } from "../../ids.ts";
import { isOffered } from "../revocation/records.ts";
import { STABLE } from "../visibility/audiences.ts";

/** By this index: left to itself, SQLite may read all apps of an audience to find those of an organisation. */
const byPublisher = sql`${appAudiences} INDEXED BY app_audiences_publisher`;

const isListedTo = (audience: Audience, organisationId: OrganisationId) =>
  and(
    eq(appAudiences.audience, audience),
    eq(appAudiences.channel, STABLE),
    eq(appAudiences.listedOf, organisationId),
    isNotNull(appAudiences.listedOf),
    isNotNull(appAudiences.toldAt),
    isNull(appAudiences.leftAt),
  );

/** Those in an audience's catalogue, by their ids. */
export function selectListedOf(
  tx: Tx,
  audience: Audience,
  organisationId: OrganisationId,
  page: { readonly after: string; readonly limit: number },
): AppId[] {
  return tx
    .select({ id: sql<AppId>`${appAudiences.appId}` })
    .from(byPublisher)
    .where(and(isListedTo(audience, organisationId), gt(appAudiences.appId, page.after as AppId)))
    .orderBy(asc(appAudiences.appId))
    .limit(page.limit)
    .all()
    .map(({ id }) => id);
}

/** The same from one of them back, that one first. */
export function selectListedOfUpTo(
  tx: Tx,
  audience: Audience,
  organisationId: OrganisationId,
  page: { readonly upTo: AppId; readonly limit: number },
): AppId[] {
  return tx
    .select({ id: sql<AppId>`${appAudiences.appId}` })
    .from(byPublisher)
    .where(and(isListedTo(audience, organisationId), lte(appAudiences.appId, page.upTo)))
    .orderBy(desc(appAudiences.appId))
    .limit(page.limit)
    .all()
    .map(({ id }) => id);
}

/**
 * How many different ones with a version that is offered are in one of the audiences' catalogues, `most` at most. Those of which none is
 * have no time of an update and are not read: what was revoked just now is told apart by its versions.
 */
export function countListedOf(
  tx: Tx,
  audiences: readonly Audience[],
  organisationId: OrganisationId,
  most: number,
): number {
  return countStatement(tx).get({ audiences: JSON.stringify(audiences), organisationId, most })?.n ?? 0;
}

const countStatement = hot((tx) =>
  tx
    .select({ n: sql<number>`count(*)` })
    .from(
      sql`(SELECT DISTINCT a.app_id FROM ${each("audiences")} AS audience
        CROSS JOIN app_audiences AS a INDEXED BY app_audiences_publisher_updated
          ON a.audience = audience.value AND a.channel = ${sql.raw(`'${STABLE}'`)} AND a.listed_of = ${sql.placeholder("organisationId")}
          AND a.told_at IS NOT NULL AND a.left_at IS NULL AND a.listed_of IS NOT NULL
          AND a.updated_at IS NOT NULL
        WHERE EXISTS (SELECT 1 FROM versions WHERE versions.app_id = a.app_id AND ${isOffered})
        LIMIT ${sql.placeholder("most")})`,
    )
    .prepare(),
);
