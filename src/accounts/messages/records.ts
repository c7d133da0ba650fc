/** The SQL of messages to people. */
import { and, asc, desc, eq, gte, isNotNull, isNull, lt, lte, or, sql } from "drizzle-orm";
import { announce } from "../../db/announcements.ts";
import type { Tx } from "../../db/database.ts";
import { accounts, invitations, memberships, outbox } from "../../db/schema.ts";
import type { AccountId, InvitationId, MessageId, OrganisationId } from "../../ids.ts";
import { SYSTEM_LABEL } from "../actor.ts";

export type MessageRow = typeof outbox.$inferSelect;
export type Addressee = { readonly accountId: AccountId; readonly email: string };

export function insertMessage(tx: Tx, row: typeof outbox.$inferInsert): void {
  if (row.accountId) announce(`notices:${row.accountId}`);
  tx.insert(outbox).values(row).run();
}

/** What its place among others that wait is decided by. */
export function factsForPriority(tx: Tx, id: MessageId) {
  const row = tx
    .select({ kind: outbox.kind, link: outbox.link, invitedBy: invitations.createdBy })
    .from(outbox)
    .leftJoin(invitations, eq(invitations.id, outbox.invitationId))
    .where(eq(outbox.id, id))
    .get();
  return row && { kind: row.kind, link: row.link, isAskedByAnyone: row.invitedBy === SYSTEM_LABEL };
}

/**
 * The organisation's owners who can sign in. Not who is one on record alone, since no group of theirs says so any more: they have
 * left, and are told nothing more. Whose provider does not answer for a while is.
 */
export function selectOwners(
  tx: Tx,
  organisationId: OrganisationId,
): { accountId: AccountId; email: string; name: string }[] {
  return tx
    .select({ accountId: accounts.id, email: accounts.email, name: accounts.name })
    .from(memberships)
    .innerJoin(accounts, eq(accounts.id, memberships.accountId))
    .where(
      and(
        eq(memberships.organisationId, organisationId),
        eq(memberships.role, "owner"),
        isNull(accounts.disabledAt),
        or(isNull(memberships.provider), isNotNull(memberships.confirmedAt)),
      ),
    )
    .orderBy(accounts.id)
    .all();
}

/** The store's administrators who can sign in; whom groups made one as above. */
export function selectAdministrators(tx: Tx): Addressee[] {
  return tx
    .select({ accountId: accounts.id, email: accounts.email })
    .from(accounts)
    .where(
      and(
        eq(accounts.storeRole, "administrator"),
        isNull(accounts.disabledAt),
        or(isNull(accounts.storeRoleProvider), isNotNull(accounts.storeRoleConfirmedAt)),
      ),
    )
    .orderBy(accounts.id)
    .all();
}

/** Newest first, those before `after` only. */
export function selectMessages(tx: Tx, page: { after?: MessageId; limit: number }): MessageRow[] {
  return tx
    .select()
    .from(outbox)
    .where(page.after === undefined ? undefined : lt(outbox.id, page.after))
    .orderBy(desc(outbox.id))
    .limit(page.limit)
    .all();
}

/** To this person. */
export function selectMessagesTo(
  tx: Tx,
  accountId: AccountId,
  page: { after?: MessageId; limit: number },
): MessageRow[] {
  return tx
    .select()
    .from(outbox)
    .where(
      and(eq(outbox.accountId, accountId), page.after === undefined ? undefined : lt(outbox.id, page.after)),
    )
    .orderBy(desc(outbox.id))
    .limit(page.limit)
    .all();
}

/** From this one on towards newer ones. */
export function selectMessageIdsFrom(tx: Tx, from: MessageId, limit: number): MessageId[] {
  return tx
    .select({ id: outbox.id })
    .from(outbox)
    .where(gte(outbox.id, from))
    .orderBy(asc(outbox.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}

/** What this person has not put away, newest first. */
export function selectUnseen(tx: Tx, accountId: AccountId, limit: number): MessageRow[] {
  return tx
    .select()
    .from(outbox)
    .where(and(eq(outbox.accountId, accountId), isNull(outbox.seenAt)))
    .orderBy(desc(outbox.id))
    .limit(limit)
    .all();
}

/** Null when it is not theirs; false when they had put it away before. */
export function markSeen(tx: Tx, accountId: AccountId, id: MessageId, at: Date): boolean | null {
  const row = tx
    .select({ seenAt: outbox.seenAt })
    .from(outbox)
    .where(and(eq(outbox.id, id), eq(outbox.accountId, accountId)))
    .get();
  if (!row) return null;
  if (row.seenAt !== null) return false;
  announce(`notices:${accountId}`);
  tx.update(outbox).set({ seenAt: at }).where(eq(outbox.id, id)).run();
  return true;
}

/** What was said of that kind is true no more. */
export function markKindSeen(tx: Tx, accountId: AccountId, kind: MessageRow["kind"], at: Date): void {
  announce(`notices:${accountId}`);
  tx.update(outbox)
    .set({ seenAt: at })
    .where(and(eq(outbox.accountId, accountId), eq(outbox.kind, kind), isNull(outbox.seenAt)))
    .run();
}

export function messageById(tx: Tx, id: MessageId): MessageRow | undefined {
  return tx.select().from(outbox).where(eq(outbox.id, id)).get();
}

/** The newest that came with the invitation. */
export function messageOfInvitation(tx: Tx, invitationId: InvitationId): MessageRow | undefined {
  return tx
    .select()
    .from(outbox)
    .where(eq(outbox.invitationId, invitationId))
    .orderBy(desc(outbox.id))
    .limit(1)
    .get();
}

export function updateMessage(
  tx: Tx,
  id: MessageId,
  change: Partial<
    Pick<MessageRow, "handedOverAt" | "sentAt" | "failure" | "failingSince" | "ended" | "given">
  >,
): void {
  tx.update(outbox).set(change).where(eq(outbox.id, id)).run();
}

/** How many of that kind were written to the account since. */
export function countMessages(tx: Tx, accountId: AccountId, kind: string, since: Date): number {
  return (
    tx
      .select({ n: sql<number>`count(*)` })
      .from(outbox)
      .where(and(eq(outbox.accountId, accountId), eq(outbox.kind, kind), gte(outbox.createdAt, since)))
      .get()?.n ?? 0
  );
}

const unsent = and(isNull(outbox.sentAt), isNull(outbox.ended));

/** Those that mail has not taken and is still to take, the oldest first. */
export function selectUnsentIds(tx: Tx, since: Date, limit: number): MessageId[] {
  return tx
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(unsent, gte(outbox.createdAt, since)))
    .orderBy(asc(outbox.createdAt), asc(outbox.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}

/** Those that are too old to be sent; `failingSince` is written at those that the mail server did not take. */
export function endLate(tx: Tx, before: Date, failingSince: Date | null): void {
  const kept = sql`CASE WHEN failure IS NULL THEN NULL ELSE coalesce(failing_since, ${failingSince?.getTime() ?? null}) END`;
  tx.update(outbox)
    .set({ ended: "late", failingSince: kept })
    .where(and(unsent, lt(outbox.createdAt, before)))
    .run();
}

/** The mail server takes mail. Gives at how many messages that changed something. */
export function endFailing(tx: Tx): number {
  const rows = tx.update(outbox).set({ failingSince: null }).where(isNotNull(outbox.failingSince));
  return rows.returning({ id: outbox.id }).all().length;
}

/** What the mail server did not take, and will not be given again, is not held against it any more. */
export function forgetGivenUp(tx: Tx): void {
  tx.update(outbox)
    .set({ failingSince: null })
    .where(and(isNotNull(outbox.failingSince), isNotNull(outbox.ended)))
    .run();
}

/** How many mail is still to take. */
export function countUnsent(tx: Tx, since: Date): number {
  return (
    tx
      .select({ n: sql<number>`count(*)` })
      .from(outbox)
      .where(and(unsent, gte(outbox.createdAt, since)))
      .get()?.n ?? 0
  );
}

/** How many of those that were written by then the mail server has not taken, and when the first of them was written. */
export function countPutOff(tx: Tx, until: Date): { n: number; first: Date | null } {
  const row = tx
    .select({ n: sql<number>`count(*)`, first: sql<number | null>`min(created_at)` })
    .from(outbox)
    .where(and(unsent, isNotNull(outbox.failure), lte(outbox.createdAt, until)))
    .get();
  return { n: row?.n ?? 0, first: row?.first == null ? null : new Date(row.first) };
}

/** Since when the mail server keeps the first of them from going; null: it does not. */
export function failingSince(tx: Tx): Date | null {
  const row = tx
    .select({ since: outbox.failingSince })
    .from(outbox)
    .where(isNotNull(outbox.failingSince))
    .orderBy(asc(outbox.failingSince))
    .limit(1)
    .get();
  return row?.since ?? null;
}

export function hasSentSince(tx: Tx, since: Date): boolean {
  return (
    tx.select({ id: outbox.id }).from(outbox).where(gte(outbox.sentAt, since)).limit(1).get() !== undefined
  );
}
