/** The SQL of invitations. */
import { and, desc, eq, gt, isNull, lt, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { invitations } from "../../db/schema.ts";
import type { AccountId, InvitationId, OrganisationId } from "../../ids.ts";

export type InvitationRow = typeof invitations.$inferSelect;

export const insertInvitation = (tx: Tx, row: typeof invitations.$inferInsert): InvitationRow =>
  tx.insert(invitations).values(row).returning().get();

export const invitationById = (tx: Tx, id: InvitationId): InvitationRow | undefined =>
  tx.select().from(invitations).where(eq(invitations.id, id)).get();

/** Those of an organisation, or with null those of none, that can still be taken up; newest first. */
export const openInvitations = (
  tx: Tx,
  organisationId: OrganisationId | null,
  page: { readonly after?: InvitationId; readonly limit: number },
  now: Date,
): InvitationRow[] =>
  tx
    .select()
    .from(invitations)
    .where(
      and(
        organisationId === null
          ? isNull(invitations.organisationId)
          : eq(invitations.organisationId, organisationId),
        stillOpen(now),
        page.after === undefined ? undefined : lt(invitations.id, page.after),
      ),
    )
    .orderBy(desc(invitations.id))
    .limit(page.limit)
    .all();

/** Those that the address could take up, of that organisation or of none. */
export const openInvitationsOf = (
  tx: Tx,
  emailKey: string,
  organisationId: OrganisationId | null,
  now: Date,
): InvitationRow[] =>
  tx
    .select()
    .from(invitations)
    .where(
      and(
        eq(invitations.emailKey, emailKey),
        organisationId === null
          ? isNull(invitations.organisationId)
          : eq(invitations.organisationId, organisationId),
        stillOpen(now),
      ),
    )
    .all();

/** Those that the address could take up, of all organisations and of none; oldest first. */
export const openInvitationsFor = (tx: Tx, emailKey: string, now: Date): InvitationRow[] =>
  tx
    .select()
    .from(invitations)
    .where(and(eq(invitations.emailKey, emailKey), stillOpen(now)))
    .orderBy(invitations.id)
    .all();

/** Those that one sent, and that nobody has taken up or back, whether or not their time is over. */
export const openInvitationsBy = (tx: Tx, label: string): InvitationRow[] =>
  tx
    .select()
    .from(invitations)
    .where(
      and(eq(invitations.createdBy, label), isNull(invitations.acceptedAt), isNull(invitations.revokedAt)),
    )
    .all();

/** How many were made since for that address. */
export const countInvitationsOf = (tx: Tx, emailKey: string, since: Date): number =>
  tx
    .select({ n: sql<number>`count(*)` })
    .from(invitations)
    .where(and(eq(invitations.emailKey, emailKey), gt(invitations.createdAt, since)))
    .get()?.n ?? 0;

export const markInvitation = (
  tx: Tx,
  id: InvitationId,
  change: { readonly acceptedAt: Date; readonly accountId: AccountId } | { readonly revokedAt: Date },
): void => {
  tx.update(invitations).set(change).where(eq(invitations.id, id)).run();
};

const stillOpen = (now: Date) =>
  and(isNull(invitations.acceptedAt), isNull(invitations.revokedAt), gt(invitations.expiresAt, now));
