/** The SQL of the audit log. */
import { and, asc, desc, eq, gt, gte, inArray, isNotNull, lt, or, type SQL, sql } from "drizzle-orm";
import { alias, type SQLiteColumn } from "drizzle-orm/sqlite-core";
import { anyFacts } from "../db/audit-facts.ts";
import type { Tx } from "../db/database.ts";
import { hot } from "../db/hot.ts";
import { apiKeys, auditCheck, auditEntries, auditHead, memberships } from "../db/schema.ts";
import type { AccountId, OrganisationId, Sha256 } from "../ids.ts";
import type { AuditAction } from "./actions.ts";
import { type AuditRow, INSTEAD } from "./entry.ts";

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

/** The newest of what was done to one thing; null: nothing was. */
export function lastOf(tx: Tx, subject: string): AuditRow | null {
  const row = tx
    .select()
    .from(auditEntries)
    .where(eq(auditEntries.subject, subject))
    .orderBy(desc(auditEntries.recordedAt), desc(auditEntries.position))
    .limit(1)
    .get();
  return row ?? null;
}

export function findEntry(tx: Tx, position: number): AuditRow | undefined {
  return tx.select().from(auditEntries).where(eq(auditEntries.position, position)).get();
}

/** What was done to one thing after a time. */
type Since = { readonly subject: string; readonly action: AuditAction; readonly since: Date };

function isSince({ subject, action, since }: Since): SQL | undefined {
  return and(
    eq(auditEntries.subject, subject),
    eq(auditEntries.action, action),
    gt(auditEntries.recordedAt, since),
  );
}

/**
 * How many organisations one has made for oneself, whatever became of them, at most so many: the entry that follows, of the
 * same transaction, makes its maker the owner. Whoever makes one for somebody else has made none.
 * @param of `label` as `actorLabel` writes it
 */
export function countFounded(
  tx: Tx,
  { accountId, label }: { readonly accountId: AccountId; readonly label: string },
  most: number,
): number {
  const next = alias(auditEntries, "next");
  return tx
    .select({ position: auditEntries.position })
    .from(auditEntries)
    .innerJoin(next, eq(next.position, sql`${auditEntries.position} + 1`))
    .where(
      and(
        eq(auditEntries.actor, label),
        sql`${auditEntries.action} = 'organisation.created'`,
        eq(next.action, "member.role"),
        eq(next.subject, accountId),
        eq(next.organisationId, auditEntries.organisationId),
      ),
    )
    .limit(most)
    .all().length;
}

/** When this was done to one thing, in order. */
export function recordedSince(tx: Tx, what: Since): Date[] {
  return tx
    .select({ at: auditEntries.recordedAt })
    .from(auditEntries)
    .where(isSince(what))
    .orderBy(asc(auditEntries.recordedAt), asc(auditEntries.position))
    .all()
    .map(({ at }) => at);
}

/** A fact of one thing as it was then: as the first entry of such since says that it was before. undefined: there is none. */
export function firstBefore(tx: Tx, what: Since, fact: string): string | undefined {
  const row = tx
    .select({ before: auditEntries.before })
    .from(auditEntries)
    .where(isSince(what))
    .orderBy(asc(auditEntries.recordedAt), asc(auditEntries.position))
    .limit(1)
    .get();
  const value = row?.before && anyFacts(row.before)[fact];
  return typeof value === "string" ? value : undefined;
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

/** The newest entry that was written, as a trigger keeps it; null where somebody took the row away. */
export function keptHead(tx: Tx): { readonly size: number; readonly hash: Sha256 } | null {
  return tx.select({ size: auditHead.size, hash: auditHead.hash }).from(auditHead).get() ?? null;
}

/** What the last check found; null before the first. */
export function findCheck(tx: Tx): typeof auditCheck.$inferSelect | null {
  return tx.select().from(auditCheck).where(eq(auditCheck.id, ONLY_CHECK)).get() ?? null;
}

export function replaceCheck(tx: Tx, check: Omit<typeof auditCheck.$inferInsert, "id">): void {
  tx.insert(auditCheck)
    .values({ ...check, id: ONLY_CHECK })
    .onConflictDoUpdate({ target: auditCheck.id, set: check })
    .run();
}

const ONLY_CHECK = 1;

export type AuditFilter = {
  /** As a label: `account:acc-…`. */
  readonly actor?: string;
  readonly action?: AuditAction;
  readonly subject?: string;
  readonly organisationId?: OrganisationId;
  /** Whether nothing of others may be looked at on the way. */
  readonly isConfined?: boolean;
  readonly requestId?: string;
  readonly since?: Date;
  readonly until?: Date;
  readonly text?: AuditText;
};

/** What somebody looks for, and whose ids are known to mean it: people, organisations and keys of that name. */
export type AuditText = {
  readonly words: string;
  readonly actors: readonly string[];
  readonly subjects: readonly string[];
  /** What tells of a person is gone through only where one of this organisation's people or keys did it. */
  readonly personsOf?: OrganisationId;
  /** Facts of `before` and `after` that are not for who looks. */
  readonly past?: readonly string[];
  /** The whole id of an app that may be found where an entry names it as another one's place. */
  readonly instead?: string;
};

/** Where a search stands: entries are gone through by their time, and by their order where that is the same. */
export type AuditPlace = { readonly at: Date; readonly position: number };

export type AuditStep = {
  readonly order: "newest" | "oldest";
  readonly beyond?: AuditPlace;
  /** As many as are found. */
  readonly limit: number;
  /** As many as are looked at, where an index does not find them by itself. */
  readonly scan: number;
};

/**
 * A step of a search: what was found, and where to go on; null at the end. One step costs the same however long the log
 * is: the narrowest filter's index is gone through, and what the others let pass is picked out of at most `scan` entries.
 */
export function searchStep(
  tx: Tx,
  filter: AuditFilter,
  step: AuditStep,
): { readonly rows: AuditRow[]; readonly next: AuditPlace | null } {
  const { position, recordedAt } = auditEntries;
  const [key, ...others] = equalities(filter);
  const inRange = and(
    key && sql`${key.column} = ${key.value}`,
    filter.since && gte(recordedAt, filter.since),
    filter.until && lt(recordedAt, filter.until),
    step.beyond && beyond(step.order, step.beyond),
  );
  // The sign keeps SQLite from going by another index than the one whose entries are counted.
  const picked = and(
    ...others.map(({ column, value }) => sql`+${column} = ${value}`),
    filter.text && matches(filter.text),
  );
  const direction = step.order === "newest" ? desc : asc;
  const place = { at: recordedAt, position };
  const last =
    picked &&
    tx
      .select(place)
      .from(auditEntries)
      .where(inRange)
      .orderBy(direction(recordedAt), direction(position))
      .limit(1)
      .offset(step.scan - 1)
      .get();
  const rows = tx
    .select()
    .from(auditEntries)
    .where(and(inRange, last && upTo(step.order, last), picked))
    .orderBy(direction(recordedAt), direction(position))
    .limit(step.limit)
    .all();
  const end = rows.length < step.limit ? undefined : rows.at(-1);
  const next = end ? { at: end.recordedAt, position: end.position } : (last ?? null);
  return { rows, next: next && goesOn(step, next) ? next : null };
}

/** A damaged time is read as another one than it is sorted by: nobody is led round in circles by it. */
function goesOn({ order, beyond: from }: AuditStep, to: AuditPlace): boolean {
  if (from === undefined) return true;
  const further = to.at.getTime() - from.at.getTime() || to.position - from.position;
  return order === "newest" ? further < 0 : further > 0;
}

/**
 * The filters that an index answers, the one that leaves the fewest entries first. Who may read one organisation's alone goes
 * through those and no others: where a step ends would tell how many there are of anybody's.
 */
function equalities(filter: AuditFilter) {
  const { requestId, subject, actor, organisationId, action } = auditEntries;
  const all = [
    ...(filter.isConfined ? [{ column: organisationId, value: filter.organisationId }] : []),
    { column: requestId, value: filter.requestId },
    { column: subject, value: filter.subject },
    { column: actor, value: filter.actor },
    ...(filter.isConfined ? [] : [{ column: organisationId, value: filter.organisationId }]),
    { column: action, value: filter.action },
  ];
  return all.filter(({ value }) => value !== undefined);
}

function beyond(order: AuditStep["order"], { at, position }: AuditPlace): SQL {
  const here = sql`(${auditEntries.recordedAt}, ${auditEntries.position})`;
  const there = sql`(${at.getTime()}, ${position})`;
  return order === "newest" ? sql`${here} < ${there}` : sql`${here} > ${there}`;
}

function upTo(order: AuditStep["order"], { at, position }: AuditPlace): SQL {
  const here = sql`(${auditEntries.recordedAt}, ${auditEntries.position})`;
  const there = sql`(${at.getTime()}, ${position})`;
  return order === "newest" ? sql`${here} >= ${there}` : sql`${here} <= ${there}`;
}

function matches({ words, actors, subjects, personsOf, past = [], instead }: AuditText): SQL | undefined {
  const { action, subject, actor, requestId, before, after, person } = auditEntries;
  // What is no JSON is not for who may not search all of it.
  const readable = (column: SQLiteColumn, value: SQL) =>
    sql`CASE WHEN json_valid(${column}) THEN ${value} END`;
  const paths = sql.join(
    past.map((name) => sql`${`$.${name}`}`),
    sql`, `,
  );
  const facts = [before, after].map((column) =>
    past.length === 0 ? sql`${column}` : readable(column, sql`json_remove(${column}, ${paths})`),
  );
  const names = (column: SQLiteColumn) =>
    sql`${readable(column, sql`json_extract(${column}, ${`$.${INSTEAD}`})`)} = ${instead}`;
  const pattern = `%${words.replace(/[\\%_]/g, "\\$&")}%`;
  const like = (column: SQLiteColumn | SQL) => sql`${column} LIKE ${pattern} ESCAPE '\\'`;
  return or(
    ...[action, subject, actor, requestId, ...facts].map(like),
    ...(instead === undefined ? [] : [before, after].map(names)),
    personsOf === undefined ? like(person) : and(like(person), isOf(personsOf)),
    actors.length === 0 ? undefined : inArray(sql`+${actor}`, [...actors]),
    subjects.length === 0 ? undefined : inArray(sql`+${subject}`, [...subjects]),
  );
}

function isOf(id: OrganisationId): SQL {
  const people = sql`SELECT 'account:' || ${memberships.accountId} FROM ${memberships} WHERE ${memberships.organisationId} = ${id}`;
  const keys = sql`SELECT 'key:' || ${apiKeys.id} FROM ${apiKeys} WHERE ${apiKeys.organisationId} = ${id}`;
  return sql`+${auditEntries.actor} IN (${people} UNION ALL ${keys})`;
}

/** Who was deleted, and what of theirs was erased with them. */
export function erasures(tx: Tx): { readonly id: string; readonly things: readonly string[] }[] {
  return tx
    .select({ id: auditEntries.subject, after: auditEntries.after })
    .from(auditEntries)
    .where(eq(auditEntries.action, "account.erased"))
    .all()
    .map(({ id, after }) => ({ id, things: Array.isArray(after?.with) ? after.with : [] }));
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
