/** The SQL of apps that are offered to other organisations. Nothing here decides. */
import { and, asc, desc, eq, gt, inArray, lt, lte, max, sql } from "drizzle-orm";
import { announce } from "../../db/announcements.ts";
import type { Tx } from "../../db/database.ts";
import { apiKeys, appFormerOwners, apps, appTransfers, organisations, versions } from "../../db/schema.ts";
import type { VersionState } from "../../db/version-states.ts";
import type { ApiKeyId, AppId, OrganisationId, TransferId } from "../../ids.ts";
import type { VersionRow } from "../records.ts";

/** The indexes of open ones are used only for a value that stands in the statement. */
const OPEN = sql`${appTransfers.state} = 'open'`;

export type TransferRow = typeof appTransfers.$inferSelect;

/** The one of long ago first. */
export function formerOwners(tx: Tx, appId: AppId): OrganisationId[] {
  return tx
    .select({ id: appFormerOwners.organisationId })
    .from(appFormerOwners)
    .where(eq(appFormerOwners.appId, appId))
    .orderBy(asc(appFormerOwners.position))
    .all()
    .map(({ id }) => id);
}

/** As the last of them, also one that was among them already. */
export function saveFormerOwner(tx: Tx, appId: AppId, organisationId: OrganisationId, until: Date): void {
  const last = tx
    .select({ position: max(appFormerOwners.position) })
    .from(appFormerOwners)
    .where(eq(appFormerOwners.appId, appId))
    .get();
  const position = (last?.position ?? 0) + 1;
  tx.insert(appFormerOwners)
    .values({ appId, organisationId, position, until })
    .onConflictDoUpdate({
      target: [appFormerOwners.appId, appFormerOwners.organisationId],
      set: { position, until },
    })
    .run();
}

/** By these alone, in this order; `now` stands for when it last was one's of whom that is not known. */
export function replaceFormerOwners(tx: Tx, appId: AppId, ids: readonly OrganisationId[], now: Date): void {
  const gone = tx.delete(appFormerOwners).where(eq(appFormerOwners.appId, appId)).returning().all();
  const until = new Map(gone.map((row) => [row.organisationId, row.until]));
  for (const id of ids) saveFormerOwner(tx, appId, id, until.get(id) ?? now);
}

/** Those that are called exactly so, of many two. @param among null: all */
export function organisationsNamed(
  tx: Tx,
  name: string,
  among: readonly OrganisationId[] | null,
): OrganisationId[] {
  return tx
    .select({ id: organisations.id })
    .from(organisations)
    .where(
      and(eq(organisations.name, name), among === null ? undefined : inArray(organisations.id, [...among])),
    )
    .limit(2)
    .all()
    .map(({ id }) => id);
}

export function insertTransfer(tx: Tx, row: typeof appTransfers.$inferInsert): TransferRow {
  announce("transfers");
  return tx.insert(appTransfers).values(row).returning().get();
}

export function transferById(tx: Tx, id: TransferId): TransferRow | undefined {
  return tx.select().from(appTransfers).where(eq(appTransfers.id, id)).get();
}

/** All that nobody has decided: for another master key. */
export function allOpenTransfers(tx: Tx): TransferRow[] {
  return tx.select().from(appTransfers).where(OPEN).all();
}

export function replaceSeal(tx: Tx, id: TransferId, sealed: Buffer): void {
  tx.update(appTransfers).set({ sealed }).where(eq(appTransfers.id, id)).run();
}

/** The one that nobody has decided, whether or not its time is over. */
export function openTransferOf(tx: Tx, appId: AppId): TransferRow | undefined {
  return tx
    .select()
    .from(appTransfers)
    .where(and(eq(appTransfers.appId, appId), OPEN))
    .get();
}

/** Those that nobody has decided and whose time is over, in the order of their ends. */
export function transfersEndedBy(tx: Tx, now: Date, limit: number): TransferRow[] {
  return tx
    .select()
    .from(appTransfers)
    .where(and(OPEN, lte(appTransfers.expiresAt, now)))
    .orderBy(asc(appTransfers.expiresAt))
    .limit(limit)
    .all();
}

/** Those that one made and nobody has decided, whether or not their time is over. */
export function openTransfersBy(tx: Tx, label: string): TransferRow[] {
  return tx
    .select()
    .from(appTransfers)
    .where(and(eq(appTransfers.offeredBy, label), OPEN))
    .all();
}

/** Those that are made to one and can be answered, the first to end first. @param appIds of these apps alone; null: of all */
export function openTransfersTo(
  tx: Tx,
  organisationId: OrganisationId,
  appIds: readonly AppId[] | null,
  now: Date,
  limit: number,
): TransferRow[] {
  return tx
    .select()
    .from(appTransfers)
    .where(
      and(
        eq(appTransfers.toOrganisationId, organisationId),
        OPEN,
        gt(appTransfers.expiresAt, now),
        appIds === null ? undefined : inArray(appTransfers.appId, [...appIds]),
      ),
    )
    .orderBy(asc(appTransfers.expiresAt))
    .limit(limit)
    .all();
}

export function updateTransfer(
  tx: Tx,
  id: TransferId,
  change: Pick<TransferRow, "state"> & Partial<Pick<TransferRow, "decidedBy" | "decidedAt">>,
): TransferRow | undefined {
  announce("transfers");
  return tx.update(appTransfers).set(change).where(eq(appTransfers.id, id)).returning().get();
}

/** Of one side, the newest first. */
export function transfersOf(
  tx: Tx,
  side: "from" | "to",
  organisationId: OrganisationId,
  page: { readonly after?: TransferId; readonly limit: number },
): TransferRow[] {
  const column = side === "from" ? appTransfers.fromOrganisationId : appTransfers.toOrganisationId;
  return tx
    .select()
    .from(appTransfers)
    .where(
      and(eq(column, organisationId), page.after === undefined ? undefined : lt(appTransfers.id, page.after)),
    )
    .orderBy(desc(appTransfers.id))
    .limit(page.limit)
    .all();
}

export function organisationNames(
  tx: Tx,
  ids: readonly OrganisationId[],
): ReadonlyMap<OrganisationId, string> {
  const rows = tx
    .select({ id: organisations.id, name: organisations.name })
    .from(organisations)
    .where(inArray(organisations.id, [...ids]))
    .all();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

type NamedApp = { readonly id: AppId; readonly name: string; readonly organisationId: OrganisationId };

export function appsNamed(tx: Tx, ids: readonly AppId[]): ReadonlyMap<AppId, NamedApp> {
  const rows = tx
    .select({ id: apps.id, name: apps.name, organisationId: apps.organisationId })
    .from(apps)
    .where(inArray(apps.id, [...ids]))
    .all();
  return new Map(rows.map((row) => [row.id, row]));
}

/** The app's versions in one of these states. */
export function versionsIn(tx: Tx, appId: AppId, states: readonly VersionState[]): VersionRow[] {
  return tx
    .select()
    .from(versions)
    .where(and(eq(versions.appId, appId), inArray(versions.state, [...states])))
    .all();
}

/** The organisation's keys that are narrowed to this app, maybe among others. */
export function keysNarrowedTo(
  tx: Tx,
  organisationId: OrganisationId,
  appId: AppId,
): { id: ApiKeyId; apps: readonly AppId[] }[] {
  return tx
    .select({ id: apiKeys.id, apps: apiKeys.apps })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.organisationId, organisationId),
        sql`EXISTS (SELECT 1 FROM json_each(${apiKeys.apps}) WHERE value = ${appId})`,
      ),
    )
    .all()
    .flatMap(({ id, apps: list }) => (list === null ? [] : [{ id, apps: list }]));
}
