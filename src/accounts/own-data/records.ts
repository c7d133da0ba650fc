/** The SQL of what the store holds about one person, beside what other parts read already. */
import { and, asc, eq, gt, inArray, isNull, or } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import {
  apiKeys,
  appDrafts,
  appHolders,
  appRatings,
  groupAccounts,
  groups,
  invitations,
  organisationRequests,
  organisations,
  outbox,
  partialUploads,
  pastMemberships,
  reports,
  reviews,
  versionNotes,
  versions,
} from "../../db/schema.ts";
import type { AccountId, ApiKeyId, AppId, MessageId, VersionId } from "../../ids.ts";
import type { ApiKeyRow } from "../api-keys/records.ts";
import type { MessageRow } from "../messages/records.ts";

export const pastMembershipsOf = (tx: Tx, accountId: AccountId) =>
  tx
    .select({
      organisationId: pastMemberships.organisationId,
      name: organisations.name,
      role: pastMemberships.role,
      until: pastMemberships.until,
    })
    .from(pastMemberships)
    .innerJoin(organisations, eq(organisations.id, pastMemberships.organisationId))
    .where(eq(pastMemberships.accountId, accountId))
    .all();

/** Packages that they have begun to send, and the app that they have begun to fill in. */
export const openUploadsOf = (tx: Tx, accountId: AccountId) =>
  tx
    .select({
      id: partialUploads.id,
      fileName: partialUploads.fileName,
      sizeBytes: partialUploads.sizeBytes,
      createdAt: partialUploads.createdAt,
      expiresAt: partialUploads.expiresAt,
    })
    .from(partialUploads)
    .where(eq(partialUploads.accountId, accountId))
    .all();

export const appDraftOf = (tx: Tx, accountId: AccountId) =>
  tx
    .select({ fields: appDrafts.fields, savedAt: appDrafts.savedAt })
    .from(appDrafts)
    .where(eq(appDrafts.accountId, accountId))
    .get() ?? null;

/** Apps that they downloaded while the store knew that it was they, one row of each. */
export const appsHadBy = (tx: Tx, accountId: AccountId) =>
  tx
    .select({
      appId: appHolders.appId,
      version: appHolders.version,
      versionCode: appHolders.versionCode,
      fetchedAt: appHolders.fetchedAt,
    })
    .from(appHolders)
    .where(eq(appHolders.accountId, accountId))
    .all();

/** What they said of apps, and what became of it; who hid it is others' matter. */
export const ratingsBy = (tx: Tx, accountId: AccountId) =>
  tx
    .select({
      id: appRatings.id,
      appId: appRatings.appId,
      stars: appRatings.stars,
      text: appRatings.body,
      language: appRatings.language,
      version: appRatings.version,
      createdAt: appRatings.createdAt,
      updatedAt: appRatings.updatedAt,
      hiddenAt: appRatings.hiddenAt,
      hiddenReason: appRatings.hiddenReason,
      withdrawnAt: appRatings.withdrawnAt,
    })
    .from(appRatings)
    .where(eq(appRatings.accountId, accountId))
    .all();

/** What they reported, and what came of it; who decided is others' matter. */
export const reportsBy = (tx: Tx, accountId: AccountId) =>
  tx
    .select({
      id: reports.id,
      appId: reports.appId,
      ratingId: reports.ratingId,
      reason: reports.reason,
      text: reports.body,
      createdAt: reports.createdAt,
      closedAt: reports.closedAt,
      outcome: reports.outcome,
    })
    .from(reports)
    .where(eq(reports.accountId, accountId))
    .all();

/** The organisations that they asked for, and what came of it; who decided is others' matter. */
export const organisationRequestsBy = (tx: Tx, accountId: AccountId) =>
  tx
    .select({
      id: organisationRequests.id,
      name: organisationRequests.name,
      reason: organisationRequests.reason,
      state: organisationRequests.state,
      createdAt: organisationRequests.createdAt,
      closedAt: organisationRequests.closedAt,
      answer: organisationRequests.answer,
      organisationId: organisationRequests.organisationId,
    })
    .from(organisationRequests)
    .where(eq(organisationRequests.accountId, accountId))
    .all();

export const groupMembershipsOf = (tx: Tx, accountId: AccountId) =>
  tx
    .select({ id: groups.id, name: groups.name, offered: groups.offered, since: groupAccounts.createdAt })
    .from(groupAccounts)
    .innerJoin(groups, eq(groups.id, groupAccounts.groupId))
    .where(eq(groupAccounts.accountId, accountId))
    .all();

/**
 * That a person has taken up, at whichever address, and those to their present one that nobody has: somebody else may have had it
 * before. In the order in which they were sent.
 */
export const invitationsFor = (
  tx: Tx,
  { accountId, emailKey }: { readonly accountId: AccountId; readonly emailKey: string },
): (typeof invitations.$inferSelect)[] => {
  const isOpen = and(eq(invitations.emailKey, emailKey), isNull(invitations.acceptedAt));
  return tx
    .select()
    .from(invitations)
    .where(or(eq(invitations.accountId, accountId), isOpen))
    .all()
    .sort((one, other) => (one.id < other.id ? -1 : 1));
};

/** A person's keys, the oldest first. */
export const ownKeysAfter = (
  tx: Tx,
  accountId: AccountId,
  after: ApiKeyId | undefined,
  limit: number,
): ApiKeyRow[] =>
  tx
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.accountId, accountId), after === undefined ? undefined : gt(apiKeys.id, after)))
    .orderBy(asc(apiKeys.id))
    .limit(limit)
    .all();

/** What was written to a person, the oldest first. */
export const messagesAfter = (
  tx: Tx,
  accountId: AccountId,
  after: MessageId | undefined,
  limit: number,
): MessageRow[] =>
  tx
    .select()
    .from(outbox)
    .where(and(eq(outbox.accountId, accountId), after === undefined ? undefined : gt(outbox.id, after)))
    .orderBy(asc(outbox.id))
    .limit(limit)
    .all();

export type OwnVersion = {
  readonly id: VersionId;
  readonly appId: AppId;
  readonly versionCode: number;
  readonly version: string;
  readonly notes: string;
  /** In other languages, by their tags. */
  readonly translatedNotes: Readonly<Record<string, string>>;
  readonly at: Date;
};

export function versionsAmong(tx: Tx, ids: readonly VersionId[]): OwnVersion[] {
  const texts = tx
    .select()
    .from(versionNotes)
    .where(inArray(versionNotes.versionId, [...ids]))
    .orderBy(asc(versionNotes.versionId), asc(versionNotes.locale))
    .all();
  const translated = Map.groupBy(texts, ({ versionId }) => versionId);
  return tx
    .select({
      id: versions.id,
      appId: versions.appId,
      versionCode: versions.versionCode,
      version: versions.version,
      notes: versions.notes,
      at: versions.createdAt,
    })
    .from(versions)
    .where(inArray(versions.id, [...ids]))
    .all()
    .map((row) => ({
      ...row,
      translatedNotes: Object.fromEntries(
        (translated.get(row.id) ?? []).map(({ locale, body }) => [locale, body]),
      ),
    }));
}

export const reviewsAmong = (tx: Tx, ids: readonly VersionId[], reviewer: string) =>
  tx
    .select({
      versionId: reviews.versionId,
      decision: reviews.decision,
      reason: reviews.reason,
      at: reviews.at,
    })
    .from(reviews)
    .where(and(inArray(reviews.versionId, [...ids]), eq(reviews.reviewer, reviewer)))
    .all();
