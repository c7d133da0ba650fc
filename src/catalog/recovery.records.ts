/** The SQL of recoveries of lost keys. */
import { and, asc, desc, eq, gte, inArray, lt, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { keyRecoveries, keyRecoveryApps, organisations, type RecoveryState } from "../db/schema.ts";
import type { AppId, KeyId, OrganisationId, RecoveryId } from "../ids.ts";

export type RecoveryRow = typeof keyRecoveries.$inferSelect & { organisationName: string };
export type RecoveryAppRow = typeof keyRecoveryApps.$inferSelect;

export function insertRecovery(
  tx: Tx,
  row: typeof keyRecoveries.$inferInsert,
  apps: readonly { appId: AppId; lineageKeys: number }[],
): void {
  tx.insert(keyRecoveries).values(row).run();
  for (const app of apps)
    tx.insert(keyRecoveryApps)
      .values({ recoveryId: row.id, ...app })
      .run();
}

/** All there ever were: for what looks at them at a start and once a day. */
export function allRecoveries(tx: Tx): RecoveryRow[] {
  return rowsOf(tx).orderBy(asc(keyRecoveries.id)).all().map(flat);
}

export function findRecovery(tx: Tx, id: RecoveryId): RecoveryRow | undefined {
  return rowsOf(tx).where(eq(keyRecoveries.id, id)).all().map(flat)[0];
}

/** Newest first, those before `after` only. */
export function selectRecoveries(
  tx: Tx,
  filter: {
    organisationIds: readonly OrganisationId[] | null;
    state?: RecoveryState;
    after?: RecoveryId;
    limit: number;
  },
): RecoveryRow[] {
  return rowsOf(tx)
    .where(
      and(
        filter.organisationIds === null
          ? undefined
          : inArray(keyRecoveries.organisationId, [...filter.organisationIds]),
        filter.state === undefined ? undefined : eq(keyRecoveries.state, filter.state),
        filter.after === undefined ? undefined : lt(keyRecoveries.id, filter.after),
      ),
    )
    .orderBy(desc(keyRecoveries.id))
    .limit(filter.limit)
    .all()
    .map(flat);
}

/** From this one on towards newer ones. */
export function selectRecoveryIdsFrom(
  tx: Tx,
  organisationIds: readonly OrganisationId[] | null,
  from: RecoveryId,
  limit: number,
): RecoveryId[] {
  const own =
    organisationIds === null ? undefined : inArray(keyRecoveries.organisationId, [...organisationIds]);
  return tx
    .select({ id: keyRecoveries.id })
    .from(keyRecoveries)
    .where(and(own, gte(keyRecoveries.id, from)))
    .orderBy(asc(keyRecoveries.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}

function rowsOf(tx: Tx) {
  return tx
    .select({ recovery: keyRecoveries, organisationName: organisations.name })
    .from(keyRecoveries)
    .innerJoin(organisations, eq(organisations.id, keyRecoveries.organisationId));
}

function flat(row: { recovery: typeof keyRecoveries.$inferSelect; organisationName: string }): RecoveryRow {
  return { ...row.recovery, organisationName: row.organisationName };
}

export function selectRecoveryApps(tx: Tx, id: RecoveryId): RecoveryAppRow[] {
  return tx
    .select()
    .from(keyRecoveryApps)
    .where(eq(keyRecoveryApps.recoveryId, id))
    .orderBy(asc(keyRecoveryApps.appId))
    .all();
}

/** The recovery that waits for one of these apps, if any. */
export function findWaiting(tx: Tx, appIds: readonly AppId[]): { id: RecoveryId; appId: AppId } | undefined {
  return tx
    .select({ id: keyRecoveries.id, appId: keyRecoveryApps.appId })
    .from(keyRecoveryApps)
    .innerJoin(keyRecoveries, eq(keyRecoveries.id, keyRecoveryApps.recoveryId))
    .where(and(inArray(keyRecoveryApps.appId, [...appIds]), eq(keyRecoveries.state, "waiting")))
    .get();
}

/** What waits for this key to take the place of others, or of this organisation. */
export function selectWaitingOf(
  tx: Tx,
  of: { readonly keyid: KeyId } | { readonly organisationId: OrganisationId },
): RecoveryRow[] {
  const named =
    "keyid" in of ? eq(keyRecoveries.keyid, of.keyid) : eq(keyRecoveries.organisationId, of.organisationId);
  return rowsOf(tx)
    .where(and(eq(keyRecoveries.state, "waiting"), named))
    .orderBy(asc(keyRecoveries.id))
    .all()
    .map(flat);
}

export function decideRecovery(
  tx: Tx,
  id: RecoveryId,
  decision: { state: RecoveryState; decidedBy: string; decidedAt: Date; decisionReason: string },
): void {
  tx.update(keyRecoveries)
    .set({ ...decision, revision: sql`${keyRecoveries.revision} + 1` })
    .where(eq(keyRecoveries.id, id))
    .run();
}

export type RecoveryEnding = Pick<RecoveryRow, "state" | "decidedBy" | "decidedAt" | "decisionReason">;

/** As it was asked for; `columns` may have how it ended, too. */
export function restoreRecovery(
  tx: Tx,
  id: RecoveryId,
  columns: Partial<Omit<RecoveryRow, "id" | "organisationName" | "revision" | "sealed">>,
  apps: readonly { readonly appId: AppId; readonly lineageKeys: number }[],
): void {
  tx.update(keyRecoveries)
    .set({ ...columns, revision: sql`${keyRecoveries.revision} + 1` })
    .where(eq(keyRecoveries.id, id))
    .run();
  tx.delete(keyRecoveryApps).where(eq(keyRecoveryApps.recoveryId, id)).run();
  for (const app of apps)
    tx.insert(keyRecoveryApps)
      .values({ recoveryId: id, ...app })
      .run();
}

export function replaceSeal(tx: Tx, id: RecoveryId, sealed: Buffer): void {
  tx.update(keyRecoveries).set({ sealed }).where(eq(keyRecoveries.id, id)).run();
}
