/** The SQL of the audit log. */
import { and, asc, desc, eq, gt, gte, isNotNull, lt, or, type SQL, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { hot } from "../db/hot.ts";
import { auditEntries } from "../db/schema.ts";
import type { OrganisationId } from "../ids.ts";
import type { AuditAction } from "./actions.ts";
import type { AuditRow } from "./entry.ts";

const lastRow = hot((tx) =>
  tx
    .select({ position: auditEntries.position, hash: auditEntries.hash })
    .from(auditEntries)
    .orderBy(desc(auditEntries.position))
    .limit(1)
    .prepare(),
);

export function lastEntry(tx: Tx): Pick<AuditRow, "position" | "hash"> | null {
  return lastRow(tx).get() ?? null;
}

export function insertEntry(tx: Tx, row: AuditRow): void {
  tx.insert(auditEntries).values(row).run();
}

export function findEntry(tx: Tx, position: number): AuditRow | undefined {
  return tx.select().from(auditEntries).where(eq(auditEntries.position, position)).get();
}

/** In their order, from a place on. */
export function entriesFrom(tx: Tx, position: number, limit: number): AuditRow[] {
  return tx
    .select()
    .from(auditEntries)
    .where(gte(auditEntries.position, position))
    .orderBy(asc(auditEntries.position))
    .limit(limit)
    .all();
}

export type AuditFilter = {
  readonly actor?: string;
  readonly action?: AuditAction;
  readonly subject?: string;
  readonly organisationId?: OrganisationId;
  readonly since?: Date;
  readonly until?: Date;
};

/** Newest first, or oldest first; beyond a place that was given before. */
export function selectEntries(
  tx: Tx,
  filter: AuditFilter,
  page: { readonly order: "newest" | "oldest"; readonly beyond?: number; readonly limit: number },
): AuditRow[] {
  const { position, recordedAt } = auditEntries;
  const wanted: (SQL | undefined)[] = [
    filter.actor === undefined ? undefined : eq(auditEntries.actor, filter.actor),
    filter.action === undefined ? undefined : eq(auditEntries.action, filter.action),
    filter.subject === undefined ? undefined : eq(auditEntries.subject, filter.subject),
    filter.organisationId === undefined ? undefined : eq(auditEntries.organisationId, filter.organisationId),
    filter.since === undefined ? undefined : gte(recordedAt, filter.since),
    filter.until === undefined ? undefined : lt(recordedAt, filter.until),
    page.beyond === undefined
      ? undefined
      : page.order === "newest"
        ? lt(position, page.beyond)
        : gt(position, page.beyond),
  ];
  return tx
    .select()
    .from(auditEntries)
    .where(and(...wanted))
    .orderBy(page.order === "newest" ? desc(position) : asc(position))
    .limit(page.limit)
    .all();
}

/** Takes what tells of a person out of all that they did and that was done to them. Gives of how many entries. */
export function erasePerson(tx: Tx, label: string, id: string): number {
  return tx
    .update(auditEntries)
    .set({ person: sql`NULL`, salt: null })
    .where(
      and(isNotNull(auditEntries.person), or(eq(auditEntries.actor, label), eq(auditEntries.subject, id))),
    )
    .returning({ position: auditEntries.position })
    .all().length;
}
