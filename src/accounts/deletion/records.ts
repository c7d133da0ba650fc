/** The SQL of deleting an account. Nothing here decides. */
import { and, asc, eq, gt, inArray, isNotNull, lte, or, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Tx } from "../../db/database.ts";
import {
  accounts,
  appFormerOwners,
  apps,
  appTransfers,
  auditEntries,
  developerKeys,
  idempotencyKeys,
  invitations,
  jobs,
  keyRecoveries,
  memberships,
  organisations,
  outbox,
  trustedPublishers,
} from "../../db/schema.ts";
import type { AccountId, InvitationId, MessageId, OrganisationId } from "../../ids.ts";
import { activeOwners } from "../memberships.records.ts";
import { organisationById } from "../organisations.records.ts";
import type { AccountRow } from "../records.ts";

/** Those whose time has come, the longest waiting first. */
export const dueDeletions = (tx: Tx, now: Date, limit: number): AccountRow[] =>
  tx
    .select()
    .from(accounts)
    .where(and(isNotNull(accounts.deletionAt), lte(accounts.deletionAt, now)))
    .orderBy(asc(accounts.deletionAt), asc(accounts.id))
    .limit(limit)
    .all();

export type OwnedOrganisation = {
  readonly id: OrganisationId;
  readonly name: string;
  /** Other owners who can sign in. */
  readonly otherOwners: number;
  readonly hasOthers: boolean;
  readonly hasApps: boolean;
};

/** The organisations that somebody is an owner of, whether or not the role counts at this moment. */
export const ownedBy = (tx: Tx, accountId: AccountId, since: Date): OwnedOrganisation[] =>
  tx
    .select({
      id: organisations.id,
      name: organisations.name,
      hasOthers: sql<number>`EXISTS (SELECT 1 FROM memberships AS m WHERE m.organisation_id = ${organisations.id} AND m.account_id <> ${accountId})`,
      hasApps: sql<number>`EXISTS (SELECT 1 FROM apps AS a WHERE a.organisation_id = ${organisations.id})`,
    })
    .from(memberships)
    .innerJoin(organisations, eq(organisations.id, memberships.organisationId))
    .where(and(eq(memberships.accountId, accountId), eq(memberships.role, "owner")))
    .orderBy(asc(organisations.id))
    .all()
    .map(({ hasOthers, hasApps, ...of }) => ({
      ...of,
      otherOwners: activeOwners(tx, of.id, since, accountId),
      hasOthers: hasOthers === 1,
      hasApps: hasApps === 1,
    }));

/** Takes away an organisation in which nobody is, and of which nothing stays. Gives whether it was one. */
export const removeEmptyOrganisation = (tx: Tx, id: OrganisationId): boolean => {
  const has = (table: SQLiteTable, column: SQLiteColumn) =>
    tx.select({ one: sql`1` }).from(table).where(eq(column, id)).limit(1).get() !== undefined;
  const isNamed =
    has(memberships, memberships.organisationId) ||
    has(apps, apps.organisationId) ||
    has(developerKeys, developerKeys.organisationId) ||
    has(keyRecoveries, keyRecoveries.organisationId) ||
    has(trustedPublishers, trustedPublishers.organisationId) ||
    has(appFormerOwners, appFormerOwners.organisationId) ||
    has(appTransfers, appTransfers.fromOrganisationId) ||
    has(appTransfers, appTransfers.toOrganisationId);
  if (isNamed) return false;
  if (organisationById(tx, id) === undefined) return false;
  tx.delete(organisations).where(eq(organisations.id, id)).run();
  return true;
};

/** What the audit log knows of how the account was called and where it had mail, now and before. */
export const personsOf = (tx: Tx, accountId: AccountId) =>
  tx
    .select({ person: auditEntries.person })
    .from(auditEntries)
    .where(and(eq(auditEntries.subject, accountId), isNotNull(auditEntries.person)))
    .all();

export type WrittenMessage = { readonly id: MessageId; readonly subject: string; readonly body: string };

/** The next messages to others, the oldest first. */
export const messagesBeyond = (tx: Tx, after: MessageId | "", limit: number): WrittenMessage[] =>
  tx
    .select({ id: outbox.id, subject: outbox.subject, body: outbox.body })
    .from(outbox)
    .where(gt(outbox.id, after as MessageId))
    .orderBy(asc(outbox.id))
    .limit(limit)
    .all();

export const rewriteMessage = (tx: Tx, { id, subject, body }: WrittenMessage): void => {
  tx.update(outbox).set({ subject, body }).where(eq(outbox.id, id)).run();
};

/** Invitations for these addresses, and those that the account took up. */
export const invitationsOf = (
  tx: Tx,
  accountId: AccountId,
  emailKeys: readonly string[],
): { id: InvitationId }[] =>
  tx
    .select({ id: invitations.id })
    .from(invitations)
    .where(or(eq(invitations.accountId, accountId), inArray(invitations.emailKey, [...emailKeys])))
    .all();

export const removeInvitation = (tx: Tx, id: InvitationId): void => {
  tx.delete(invitations).where(eq(invitations.id, id)).run();
};

export const removeJobs = (tx: Tx, kinds: readonly string[], keys: readonly string[]): void => {
  tx.delete(jobs)
    .where(and(inArray(jobs.kind, [...kinds]), inArray(jobs.key, [...keys])))
    .run();
};

export const removeIdempotencyOf = (tx: Tx, actor: string): void => {
  tx.delete(idempotencyKeys).where(eq(idempotencyKeys.actor, actor)).run();
};

/** With all that refers to it. */
export const removeAccount = (tx: Tx, id: AccountId): void => {
  tx.delete(accounts).where(eq(accounts.id, id)).run();
};

/** Whose deletion the audit log tells of. */
export const erasedAccounts = (tx: Tx): string[] =>
  tx
    .selectDistinct({ id: auditEntries.subject })
    .from(auditEntries)
    .where(eq(auditEntries.action, "account.erased"))
    .all()
    .map(({ id }) => id);
