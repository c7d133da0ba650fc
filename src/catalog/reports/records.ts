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
  /** null: it is about the app, or its author took the rating back. */
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

/** What a report keeps of what it is about. */
type Said = "saidStars" | "saidText" | "saidBy";

export function insertReport(
  tx: Tx,
  row: Pick<ReportRow, "id" | "appId" | "ratingId" | "accountId" | "reason" | "body" | "createdAt" | Said>,
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
  set: Partial<Pick<ReportRow, "reason" | "body" | "closedAt" | "closedBy" | "outcome" | Said>>,
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

/** All that wait about a rating, in one go. @returns How many did. */
export function closeOpenOf(
  tx: Tx,
  ratingId: RatingId,
  set: Pick<ReportRow, "closedAt" | "closedBy" | "outcome">,
): number {
  return tx
    .update(reports)
    .set({ ...set, revision: sql`${reports.revision} + 1` })
    .where(and(eq(reports.ratingId, ratingId), isNull(reports.closedAt)))
    .returning({ id: reports.id })
    .all().length;
}

/** Of a rating that goes: its reports stay, and keep what it said. None of them waits. */
export function detachReports(tx: Tx, ratingId: RatingId): void {
  tx.update(reports).set({ ratingId: null }).where(eq(reports.ratingId, ratingId)).run();
}

/** How many wait, at most so many. */
export function countOpen(tx: Tx, most: number): number {
  const open = tx.select({ id: reports.id }).from(reports).where(isNull(reports.closedAt)).limit(most);
  return open.all().length;
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
