/** The SQL of reports. Takes and gives rows; knows no rules. */
import { and, asc, count, desc, eq, gt, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { accounts, apps, reports } from "../../db/schema.ts";
import type { AccountId, AppId, RatingId, ReportId } from "../../ids.ts";
import { findNamed, type NamedRating } from "../ratings/records.ts";

export type ReportRow = typeof reports.$inferSelect;

/** With what it is about, and what its author calls themselves. */
export type NamedReport = ReportRow & {
  readonly appName: string;
  readonly by: string;
  readonly rating: NamedRating | null;
};

const isAbout = (appId: AppId, ratingId: RatingId | null) =>
  and(eq(reports.appId, appId), sql`coalesce(${reports.ratingId}, '') = ${ratingId ?? ""}`);

export function findOwnOpen(
  tx: Tx,
  accountId: AccountId,
  appId: AppId,
  ratingId: RatingId | null,
): ReportRow | undefined {
  return tx
    .select()
    .from(reports)
    .where(and(eq(reports.accountId, accountId), isAbout(appId, ratingId), isNull(reports.closedAt)))
    .get();
}

/** At most one more than the limit. */
export function countOwnOpen(tx: Tx, accountId: AccountId): number {
  const [row] = tx
    .select({ n: count() })
    .from(reports)
    .where(and(eq(reports.accountId, accountId), isNull(reports.closedAt)))
    .all();
  return row?.n ?? 0;
}

export function insertReport(
  tx: Tx,
  row: Pick<ReportRow, "id" | "appId" | "ratingId" | "accountId" | "reason" | "body" | "createdAt">,
): ReportRow {
  return tx
    .insert(reports)
    .values({ ...row, revision: 1 })
    .returning()
    .get();
}

export function updateReport(
  tx: Tx,
  { id, revision }: ReportRow,
  set: Partial<Pick<ReportRow, "reason" | "body" | "closedAt" | "closedBy" | "outcome">>,
): ReportRow {
  return tx
    .update(reports)
    .set({ ...set, revision: revision + 1 })
    .where(eq(reports.id, id))
    .returning()
    .get();
}

export function findReport(tx: Tx, id: ReportId): ReportRow | undefined {
  return tx.select().from(reports).where(eq(reports.id, id)).get();
}

/** All that wait about a rating. */
export function selectOpenOf(tx: Tx, ratingId: RatingId): ReportRow[] {
  return tx
    .select()
    .from(reports)
    .where(and(eq(reports.ratingId, ratingId), isNull(reports.closedAt)))
    .all();
}

type Step = { readonly after?: string; readonly limit: number };

/** Those that wait, the longest waiting first; or those that were decided, the newest first. */
export function selectReports(tx: Tx, which: "open" | "closed", { after, limit }: Step): ReportRow[] {
  const isOpen = which === "open";
  const place = after as ReportId | undefined;
  return tx
    .select()
    .from(reports)
    .where(
      and(
        isOpen ? isNull(reports.closedAt) : isNotNull(reports.closedAt),
        place === undefined ? undefined : isOpen ? gt(reports.id, place) : lt(reports.id, place),
      ),
    )
    .orderBy(isOpen ? asc(reports.id) : desc(reports.id))
    .limit(limit)
    .all();
}

/** The same from one on, back to the first: by where the page before begins. */
export function selectReportsUpTo(
  tx: Tx,
  which: "open" | "closed",
  { after, limit }: { readonly after: string; readonly limit: number },
): ReportId[] {
  const isOpen = which === "open";
  const place = isOpen ? sql`${reports.id} <= ${after}` : sql`${reports.id} >= ${after}`;
  return tx
    .select({ id: reports.id })
    .from(reports)
    .where(and(isOpen ? isNull(reports.closedAt) : isNotNull(reports.closedAt), place))
    .orderBy(isOpen ? desc(reports.id) : asc(reports.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}

export function named(tx: Tx, row: ReportRow): NamedReport {
  const app = tx.select({ name: apps.name }).from(apps).where(eq(apps.id, row.appId)).get();
  const person = tx
    .select({ name: accounts.name })
    .from(accounts)
    .where(eq(accounts.id, row.accountId))
    .get();
  const rating = row.ratingId === null ? null : (findNamed(tx, row.appId, row.ratingId) ?? null);
  return { ...row, appName: app?.name ?? row.appId, by: person?.name ?? row.accountId, rating };
}
