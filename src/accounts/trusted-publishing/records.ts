/** The SQL of trusted publishers, and of the identity tokens that were used. */
import { and, asc, eq, isNull, lt, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { each, hot } from "../../db/hot.ts";
import { apps, trustedPublishers, usedIdentityTokens, versionRuns } from "../../db/schema.ts";
import type { AppId, OrganisationId, PublisherId, VersionId } from "../../ids.ts";
import type { PublisherRun } from "./run.ts";

export type PublisherRow = typeof trustedPublishers.$inferSelect;

export const insertPublisher = (tx: Tx, row: typeof trustedPublishers.$inferInsert): PublisherRow =>
  tx.insert(trustedPublishers).values(row).returning().get();

export const publisherById = (tx: Tx, id: PublisherId): PublisherRow | undefined =>
  tx.select().from(trustedPublishers).where(eq(trustedPublishers.id, id)).get();

const standing = hot((tx) =>
  tx
    .select({
      id: trustedPublishers.id,
      appId: trustedPublishers.appId,
      organisationId: trustedPublishers.organisationId,
      issuerId: trustedPublishers.issuerId,
      issuer: trustedPublishers.issuer,
      epoch: trustedPublishers.epoch,
      removedAt: trustedPublishers.removedAt,
      // Not joined: see `hot`.
      ownedBy: sql<OrganisationId>`(SELECT a.organisation_id FROM apps AS a WHERE a.id = ${trustedPublishers}.app_id)`,
    })
    .from(trustedPublishers)
    .where(eq(trustedPublishers.id, sql.placeholder("id")))
    .prepare(),
);

export type StandingPublisher = NonNullable<ReturnType<typeof publisherStanding>>;

/** What is asked with each request of its tokens, with whose its app is now. */
export const publisherStanding = (tx: Tx, id: string) => standing(tx).get({ id });

/** Those of an app that were not removed, the oldest first. */
export const publishersOf = (tx: Tx, appId: AppId): PublisherRow[] =>
  tx
    .select()
    .from(trustedPublishers)
    .where(and(eq(trustedPublishers.appId, appId), isNull(trustedPublishers.removedAt)))
    .orderBy(asc(trustedPublishers.id))
    .all();

/** Those that one chose for apps of that organisation, and nobody removed; of an app that is another's by now none. */
export const publishersMadeBy = (tx: Tx, organisationId: OrganisationId, label: string): PublisherRow[] =>
  tx
    .select()
    .from(trustedPublishers)
    .where(
      and(
        eq(trustedPublishers.organisationId, organisationId),
        eq(trustedPublishers.createdBy, label),
        isNull(trustedPublishers.removedAt),
        sql`(SELECT a.organisation_id FROM apps AS a WHERE a.id = ${trustedPublishers.appId}) = ${organisationId}`,
      ),
    )
    .all()
    .sort((one, other) => (one.id < other.id ? -1 : 1));

/** Whose the app is, as far as the store knows it. */
export const ownerOfApp = (tx: Tx, appId: AppId): OrganisationId | undefined =>
  tx.select({ id: apps.organisationId }).from(apps).where(eq(apps.id, appId)).get()?.id;

export const updatePublisher = (
  tx: Tx,
  id: PublisherId,
  change: Partial<Pick<PublisherRow, "pinned" | "epoch" | "lastUsedAt" | "strangerToldAt" | "removedAt">>,
): PublisherRow | undefined =>
  tx.update(trustedPublishers).set(change).where(eq(trustedPublishers.id, id)).returning().get();

/** False when it was used before. */
export const useIdentityToken = (tx: Tx, digest: string, until: Date): boolean =>
  tx
    .insert(usedIdentityTokens)
    .values({ digest, until })
    .onConflictDoNothing()
    .returning({ digest: usedIdentityTokens.digest })
    .get() !== undefined;

export const forgetUsedTokens = (tx: Tx, now: Date): void => {
  tx.delete(usedIdentityTokens).where(lt(usedIdentityTokens.until, now)).run();
};

export const insertVersionRun = (
  tx: Tx,
  versionId: VersionId,
  publisherId: PublisherId,
  run: PublisherRun,
): void => {
  tx.insert(versionRuns).values({ versionId, publisherId, run }).run();
};

/** Of those of these versions that trusted publishers uploaded, the run that did. */
export function runsOfVersions(tx: Tx, ids: readonly VersionId[]): Map<VersionId, PublisherRun> {
  if (ids.length === 0) return new Map();
  const rows = runsStatement(tx).all({ ids: JSON.stringify(ids) });
  return new Map(rows.map(({ versionId, run }) => [versionId, run]));
}

const runsStatement = hot((tx) =>
  tx
    .select({ versionId: versionRuns.versionId, run: versionRuns.run })
    .from(versionRuns)
    .where(sql`${versionRuns.versionId} IN ${each("ids")}`)
    .prepare(),
);
