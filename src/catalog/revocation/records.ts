/** The SQL of revocations: what is in force, what was done, and which apps and versions a revocation names. */
import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  max,
  not,
  notInArray,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import { announce } from "../../db/announcements.ts";
import type { Tx } from "../../db/database.ts";
import { hot } from "../../db/hot.ts";
import {
  apps,
  crls,
  developerCertificates,
  developerKeys,
  lowestVersions,
  organisations,
  removedVersions,
  revocationEvents,
  revocations,
  signingKeys,
  storeCertificates,
  versions,
} from "../../db/schema.ts";
import type { AppId, KeyId, OrganisationId, Sha256, VersionCode, VersionId } from "../../ids.ts";
import type { VersionRow } from "../records.ts";
import { DEAD_STATES } from "../states.ts";
import { LISTED_RELEASES } from "../tuf/app-index.ts";
import type { RevocationSubject } from "../tuf/revocations.ts";

export type RevocationRow = typeof revocations.$inferSelect;
export type LowestRow = typeof lowestVersions.$inferSelect;
export type EventRow = typeof revocationEvents.$inferSelect;

export function allRevocations(tx: Tx): RevocationRow[] {
  return tx.select().from(revocations).all();
}

export function allLowest(tx: Tx): LowestRow[] {
  return tx.select().from(lowestVersions).all();
}

/** Whom it may have been told: everybody, or anybody at all. */
export type Told = "public" | "anyone";

const TOLD: Readonly<Record<Told, SQL>> = {
  public: sql`a.told_at IS NOT NULL AND a.audience = ''`,
  anyone: sql`a.told_at IS NOT NULL`,
};

/**
 * An app that they were told of, a developer of such an app, a package of one that was published before they were to see no
 * more of it. Keys and certificates are digests that name nobody. `homes.ts` says the same of one name.
 */
const isToldTarget = (told: Told, subject: SQL, target: SQL): SQL => sql`CASE ${subject}
  WHEN 'app' THEN EXISTS (SELECT 1 FROM app_audiences AS a WHERE a.app_id = ${target} AND ${TOLD[told]})
  WHEN 'developer' THEN EXISTS (SELECT 1 FROM apps AS o JOIN app_audiences AS a ON a.app_id = o.id
    WHERE o.organisation_id = ${target} AND ${TOLD[told]})
    OR EXISTS (SELECT 1 FROM app_former_owners AS f JOIN app_audiences AS a ON a.app_id = f.app_id
    WHERE f.organisation_id = ${target} AND ${TOLD[told]})
  WHEN 'package' THEN EXISTS (SELECT 1 FROM versions AS v JOIN app_audiences AS a ON a.app_id = v.app_id
    WHERE v.content_digest = ${target} AND v.published_at IS NOT NULL AND ${TOLD[told]}
      AND (a.left_at IS NULL OR a.left_at >= v.published_at))
    OR EXISTS (SELECT 1 FROM removed_versions AS g JOIN app_audiences AS a ON a.app_id = g.app_id
    WHERE g.content_digest = ${target} AND ${TOLD[told]} AND (a.left_at IS NULL OR a.left_at >= g.published_at))
  ELSE 1 END`;

/** What is revoked, and they were not told of. */
export function untoldRevocations(tx: Tx, told: Told): { subject: RevocationSubject; target: string }[] {
  return tx
    .select({ subject: revocations.subject, target: revocations.target })
    .from(revocations)
    .where(sql`NOT (${isToldTarget(told, sql`${revocations.subject}`, sql`${revocations.target}`)})`)
    .all();
}

/** Apps with a lowest version that they were not told of. */
export function untoldLowest(tx: Tx, told: Told): AppId[] {
  return tx
    .select({ appId: lowestVersions.appId })
    .from(lowestVersions)
    .where(sql`NOT (${isToldTarget(told, sql`'app'`, sql`${lowestVersions.appId}`)})`)
    .all()
    .map(({ appId }) => appId);
}

/** Apps that anybody has known of for less long than their lowest version is set, or that nobody knows of. */
export function lowestBeforeTold(tx: Tx): AppId[] {
  return tx
    .select({ appId: lowestVersions.appId })
    .from(lowestVersions)
    .leftJoin(apps, eq(apps.id, lowestVersions.appId))
    .where(or(isNull(apps.publishedAt), gte(apps.publishedAt, lowestVersions.setAt)))
    .all()
    .map(({ appId }) => appId);
}

export function findRevocation(
  tx: Tx,
  subject: RevocationSubject,
  target: string,
): RevocationRow | undefined {
  return tx
    .select()
    .from(revocations)
    .where(and(eq(revocations.subject, subject), eq(revocations.target, target)))
    .get();
}

/** Those of these names that are revoked. */
export function findRevocations(
  tx: Tx,
  names: readonly { readonly subject: RevocationSubject; readonly id: string }[],
): RevocationRow[] {
  return names.flatMap(({ subject, id }) => findRevocation(tx, subject, id) ?? []);
}

export function saveRevocation(tx: Tx, row: RevocationRow): void {
  announce("revocations");
  tx.insert(revocations)
    .values(row)
    .onConflictDoUpdate({ target: [revocations.subject, revocations.target], set: row })
    .run();
}

export function deleteRevocation(tx: Tx, subject: RevocationSubject, target: string): void {
  announce("revocations");
  tx.delete(revocations)
    .where(and(eq(revocations.subject, subject), eq(revocations.target, target)))
    .run();
}

/** The newest first; `after` is the last one of the page before. */
export function selectRevocations(tx: Tx, page: { after?: RevocationRow; limit: number }): RevocationRow[] {
  const { after } = page;
  return tx
    .select()
    .from(revocations)
    .where(
      after &&
        sql`(${revocations.revokedAt}, ${revocations.subject}, ${revocations.target}) < (${after.revokedAt.getTime()}, ${after.subject}, ${after.target})`,
    )
    .orderBy(desc(revocations.revokedAt), desc(revocations.subject), desc(revocations.target))
    .limit(page.limit)
    .all();
}

export function findLowest(tx: Tx, appId: AppId): LowestRow | undefined {
  return tx.select().from(lowestVersions).where(eq(lowestVersions.appId, appId)).get();
}

export function selectLowest(tx: Tx, page: { after?: string; limit: number }): LowestRow[] {
  return tx
    .select()
    .from(lowestVersions)
    .where(gt(lowestVersions.appId, (page.after ?? "") as AppId))
    .orderBy(asc(lowestVersions.appId))
    .limit(page.limit)
    .all();
}

export function saveLowest(tx: Tx, row: LowestRow): void {
  announce("revocations");
  tx.insert(lowestVersions).values(row).onConflictDoUpdate({ target: lowestVersions.appId, set: row }).run();
}

export function deleteLowest(tx: Tx, appId: AppId): void {
  announce("revocations");
  tx.delete(lowestVersions).where(eq(lowestVersions.appId, appId)).run();
}

export function insertEvent(tx: Tx, row: EventRow): void {
  tx.insert(revocationEvents).values(row).run();
}

/** The id of what was done last about a name; null when nothing ever was. */
export function lastEvent(tx: Tx, subject: RevocationSubject, target: string): string | null {
  const row = tx
    .select({ id: max(revocationEvents.id) })
    .from(revocationEvents)
    .where(and(eq(revocationEvents.subject, subject), eq(revocationEvents.target, target)))
    .get();
  return row?.id ?? null;
}

/** Newest first. */
export function selectEvents(tx: Tx, page: { after?: string; limit: number }): EventRow[] {
  return tx
    .select()
    .from(revocationEvents)
    .where(page.after === undefined ? undefined : lt(revocationEvents.id, page.after))
    .orderBy(desc(revocationEvents.id))
    .limit(page.limit)
    .all();
}

/** What the store knows by a name that can be revoked; undefined for what it does not know. */
export function findPackageVersion(tx: Tx, contentDigest: string): VersionRow | undefined {
  return tx
    .select()
    .from(versions)
    .where(eq(versions.contentDigest, contentDigest as Sha256))
    .orderBy(desc(versions.id))
    .limit(1)
    .get();
}

/** Of an app that was deleted since. */
export function findRemovedVersion(
  tx: Tx,
  contentDigest: string,
): typeof removedVersions.$inferSelect | undefined {
  return tx
    .select()
    .from(removedVersions)
    .where(eq(removedVersions.contentDigest, contentDigest as Sha256))
    .limit(1)
    .get();
}

export function findOrganisation(tx: Tx, id: string): { id: OrganisationId; name: string } | undefined {
  return tx
    .select({ id: organisations.id, name: organisations.name })
    .from(organisations)
    .where(eq(organisations.id, id as OrganisationId))
    .get();
}

export type DeveloperKeyFact = { keyid: KeyId; organisationId: OrganisationId; organisationName: string };

export function findDeveloperKeyFact(tx: Tx, keyid: string): DeveloperKeyFact | undefined {
  return tx
    .select({
      keyid: developerKeys.keyid,
      organisationId: developerKeys.organisationId,
      organisationName: organisations.name,
    })
    .from(developerKeys)
    .innerJoin(organisations, eq(organisations.id, developerKeys.organisationId))
    .where(eq(developerKeys.keyid, keyid as KeyId))
    .get();
}

export function findDeveloperCertificateFact(tx: Tx, sha256: string): DeveloperKeyFact | undefined {
  return tx
    .select({
      keyid: developerKeys.keyid,
      organisationId: developerKeys.organisationId,
      organisationName: organisations.name,
    })
    .from(developerCertificates)
    .innerJoin(developerKeys, eq(developerKeys.keyid, developerCertificates.keyid))
    .innerJoin(organisations, eq(organisations.id, developerKeys.organisationId))
    .where(eq(developerCertificates.sha256, sha256 as Sha256))
    .get();
}

/** The store's own certificates that sign approvals, each with its key; they are a handful. */
export function selectReleaseCertificates(tx: Tx): { keyid: KeyId; der: Buffer }[] {
  return tx
    .select({ keyid: signingKeys.keyid, der: storeCertificates.der })
    .from(storeCertificates)
    .innerJoin(signingKeys, eq(signingKeys.name, storeCertificates.keyName))
    .where(eq(storeCertificates.kind, "release"))
    .all();
}

export type RevokedCertificate = {
  readonly der: Buffer;
  readonly by: RevocationRow;
};

/** Developers' certificates that are revoked themselves, by their key, or by their developer. */
export function selectRevokedDeveloperCertificates(tx: Tx): RevokedCertificate[] {
  return tx
    .select({ der: developerCertificates.der, by: revocations })
    .from(revocations)
    .innerJoin(
      developerCertificates,
      sql`
      (${revocations.subject} = 'certificate' AND ${developerCertificates.sha256} = ${revocations.target})
      OR (${revocations.subject} = 'key' AND ${developerCertificates.keyid} = ${revocations.target})
      OR (${revocations.subject} = 'developer' AND ${developerCertificates.keyid} IN
        (SELECT k.keyid FROM developer_keys AS k WHERE k.organisation_id = ${revocations.target}))`,
    )
    .all();
}

export type CrlRow = typeof crls.$inferSelect;

export function findCrl(tx: Tx, issuerKeyid: KeyId): CrlRow | undefined {
  return tx.select().from(crls).where(eq(crls.issuerKeyid, issuerKeyid)).get();
}

export function hasCrls(tx: Tx): boolean {
  return tx.select({ number: crls.number }).from(crls).limit(1).get() !== undefined;
}

export function saveCrl(tx: Tx, row: CrlRow): void {
  tx.insert(crls).values(row).onConflictDoUpdate({ target: crls.issuerKeyid, set: row }).run();
}

/** Unless one of that number is there: two may have been signed at once, and the last of a key is the one that counts. */
export function saveNewerCrl(tx: Tx, row: CrlRow): void {
  if ((findCrl(tx, row.issuerKeyid)?.number ?? 0) < row.number) saveCrl(tx, row);
}

export function unexportedCrls(tx: Tx): CrlRow[] {
  return tx.select().from(crls).where(isNull(crls.exportedAt)).all();
}

/** Only if it is still the one that was written. */
export function markCrlExported(tx: Tx, row: CrlRow, now: Date): void {
  tx.update(crls)
    .set({ exportedAt: now })
    .where(and(eq(crls.issuerKeyid, row.issuerKeyid), eq(crls.number, row.number)))
    .run();
}

/** Which versions a name means. A key or certificate is either a developer's or the store's own. */
export type Naming =
  | { readonly by: "package"; readonly id: string }
  | { readonly by: "app"; readonly id: string }
  | { readonly by: "developer"; readonly id: string }
  | { readonly by: "developer-key" | "developer-certificate"; readonly id: string }
  | { readonly by: "release-key" | "release-certificate"; readonly id: string; readonly until: Date | null };

function named(naming: Naming): SQL | undefined {
  switch (naming.by) {
    case "package":
      return eq(versions.contentDigest, naming.id as Sha256);
    case "app":
      return eq(versions.appId, naming.id as AppId);
    case "developer":
      // Also what one of its keys signed of an app that it has given away: a device goes by the certificate.
      return sql`(${versions.appId} IN (SELECT apps.id FROM apps WHERE apps.organisation_id = ${naming.id})
        OR ${versions.developerKeyid} IN (SELECT k.keyid FROM developer_keys AS k WHERE k.organisation_id = ${naming.id}))`;
    case "developer-key":
      return eq(versions.developerKeyid, naming.id as KeyId);
    case "developer-certificate":
      return eq(versions.developerCertificate, naming.id as Sha256);
    case "release-key":
      return and(eq(versions.releaseKeyid, naming.id as KeyId), approvedAfter(naming.until));
    case "release-certificate":
      return and(eq(versions.releaseCertificate, naming.id as Sha256), approvedAfter(naming.until));
  }
}

/** An approval has whole seconds in the store's signature, which is what devices compare. */
function approvedAfter(until: Date | null): SQL | undefined {
  return until === null ? undefined : sql`(${versions.approvedAt} / 1000) * 1000 > ${until.getTime()}`;
}

/** Those that somebody may have, or that are on their way there. */
const counts = or(isNotNull(versions.publishedAt), notInArray(versions.state, [...DEAD_STATES]));

export type Affected = {
  readonly apps: number;
  readonly versions: number;
  readonly published: number;
  readonly waiting: number;
  /** The newest of them: what is new since changes it. */
  readonly newest: VersionId | null;
};

/** Version codes from `from` on that are below `below`. */
export type CodeRange = { readonly from: number; readonly below: number };

/** With what is lifted: those alone that are offered again. */
export function countAffected(
  tx: Tx,
  naming: Naming,
  codes?: CodeRange,
  lifted: Lifted | null = null,
): Affected {
  const row = tx
    .select({
      apps: sql<number>`count(DISTINCT ${versions.appId})`,
      versions: count(),
      published: count(versions.publishedAt),
      newest: max(versions.id),
    })
    .from(versions)
    .where(and(named(naming), concerned(naming, lifted), inRange(codes)))
    .get();
  const all = row?.versions ?? 0;
  const published = row?.published ?? 0;
  return {
    apps: row?.apps ?? 0,
    versions: all,
    published,
    waiting: all - published,
    newest: row?.newest ?? null,
  };
}

/** How often devices fetched the apps of these versions, whichever version it was: installations and updates. */
export function sumFetches(tx: Tx, naming: Naming, codes?: CodeRange, lifted: Lifted | null = null): number {
  const concernedApps = tx
    .select({ id: versions.appId })
    .from(versions)
    .where(and(named(naming), concerned(naming, lifted), inRange(codes)));
  const row = tx
    .select({ fetches: sql<number | null>`sum(${apps.installs})` })
    .from(apps)
    .where(inArray(apps.id, concernedApps))
    .get();
  return row?.fetches ?? 0;
}

/** What comes back is offered without what is lifted, and is not now. */
function concerned(naming: Naming, lifted: Lifted | null): SQL | undefined {
  return lifted === null ? counts : and(offered(lifted), not(isOffered), listed(naming, lifted));
}

/** How many versions are offered again when what a release key approved up to a later time, or at all, counts once more. */
export function countReapproved(
  tx: Tx,
  naming: Naming,
  target: { readonly subject: RevocationSubject; readonly target: string },
  until: Date,
): number {
  if (naming.by !== "release-key" && naming.by !== "release-certificate") return 0;
  const whole: Naming = { ...naming, until: null };
  const late = approvedAfter(until);
  const row = tx
    .select({ versions: count() })
    .from(versions)
    .where(and(named(whole), concerned(whole, target), late && not(late)))
    .get();
  return row?.versions ?? 0;
}

/** Among the newest of its app, which are all that an index lists. */
function listed(naming: Naming, lifted: Lifted): SQL {
  const ofApps =
    naming.by === "app"
      ? named(naming)
      : sql`versions.app_id IN (SELECT versions.app_id FROM versions WHERE ${named(naming)})`;
  return sql`versions.id IN (SELECT id FROM (
    SELECT versions.id, row_number() OVER (PARTITION BY versions.app_id ORDER BY versions.version_code DESC) AS place
    FROM versions WHERE ${and(ofApps, offered(lifted))}) WHERE place <= ${LISTED_RELEASES})`;
}

function inRange(codes: CodeRange | undefined): SQL | undefined {
  if (codes === undefined) return undefined;
  return and(
    gte(versions.versionCode, codes.from as VersionCode),
    lt(versions.versionCode, codes.below as VersionCode),
  );
}

function belowCode(code: VersionCode | undefined): SQL | undefined {
  return code === undefined ? undefined : lt(versions.versionCode, code);
}

export type AffectedRow = VersionRow & {
  appName: string;
  organisationId: OrganisationId;
  organisationName: string;
};

/** The newest upload first. */
export function selectAffected(
  tx: Tx,
  naming: Naming,
  page: { codes?: CodeRange; lifted?: Lifted | null; after?: string; limit: number },
): AffectedRow[] {
  return tx
    .select({
      version: versions,
      appName: apps.name,
      organisationId: organisations.id,
      organisationName: organisations.name,
    })
    .from(versions)
    .innerJoin(apps, eq(apps.id, versions.appId))
    .innerJoin(organisations, eq(organisations.id, apps.organisationId))
    .where(
      and(
        named(naming),
        concerned(naming, page.lifted ?? null),
        inRange(page.codes),
        page.after === undefined ? undefined : lt(versions.id, page.after as VersionId),
      ),
    )
    .orderBy(desc(versions.id))
    .limit(page.limit)
    .all()
    .map(({ version, ...names }) => ({ ...version, ...names }));
}

/** Not yet in the signed catalogue, and not at their end: what an act has to settle. */
export function selectUnpublished(tx: Tx, naming: Naming, below?: VersionCode): VersionRow[] {
  return tx
    .select()
    .from(versions)
    .where(
      and(
        named(naming),
        isNull(versions.publishedAt),
        notInArray(versions.state, [...DEAD_STATES]),
        belowCode(below),
      ),
    )
    .orderBy(asc(versions.id))
    .all();
}

/** Apps that have published versions with this name, by id. */
export function selectPublishedApps(tx: Tx, naming: Naming): AppId[] {
  return tx
    .selectDistinct({ id: apps.id })
    .from(versions)
    .innerJoin(apps, eq(apps.id, versions.appId))
    .where(and(named(naming), isNotNull(versions.publishedAt), isNull(apps.removedAt)))
    .orderBy(asc(apps.id))
    .all()
    .map(({ id }) => id);
}

/** What an act takes away of what is in force, or changes: the versions that come back are offered without it. */
export type Lifted =
  | { readonly subject: RevocationSubject; readonly target: string }
  | { readonly appId: AppId; readonly lowest: VersionCode };

/** Whether something revokes a version of the outer query, by what it names it. */
const revokes = (
  kind: RevocationSubject,
  target: SQL,
  lifted: Lifted | null,
  more: SQL = sql``,
): SQL => sql`EXISTS (
  SELECT 1 FROM revocations AS r WHERE r.subject = ${sql.raw(`'${kind}'`)} AND r.target = ${target}${
    lifted !== null && "subject" in lifted && lifted.subject === kind
      ? sql` AND r.target <> ${lifted.target}`
      : sql``
  }${more})`;

const LATE = sql` AND (r.approvals_until IS NULL OR (versions.approved_at / 1000) * 1000 > r.approvals_until)`;

const OWNER = sql`(SELECT owner.organisation_id FROM apps AS owner WHERE owner.id = versions.app_id)`;
/** Whose key signed it: of an app that was given to another organisation not its owner. */
const SIGNER = sql`(SELECT signer.organisation_id FROM developer_keys AS signer WHERE signer.keyid = versions.developer_keyid)`;

/** Each of these names is one look into the primary key. */
function hindrances(lifted: Lifted | null): readonly (readonly [Hindrance, SQL])[] {
  return [...refusals(lifted), ["yanked", YANKED]];
}

/** The store's own, and none of the developers'. */
function refusals(lifted: Lifted | null): readonly (readonly [Hindrance, SQL])[] {
  const lowest =
    lifted !== null && "lowest" in lifted
      ? sql`CASE l.app_id WHEN ${lifted.appId} THEN ${lifted.lowest} ELSE l.version_code END`
      : sql`l.version_code`;
  return [
    ["app", revokes("app", sql`versions.app_id`, lifted)],
    ["package", revokes("package", sql`versions.content_digest`, lifted)],
    ["developer", revokes("developer", OWNER, lifted)],
    ["developer", revokes("developer", SIGNER, lifted)],
    ["key", revokes("key", sql`versions.developer_keyid`, lifted)],
    ["certificate", revokes("certificate", sql`versions.developer_certificate`, lifted)],
    ["key", revokes("key", sql`versions.release_keyid`, lifted, LATE)],
    ["certificate", revokes("certificate", sql`versions.release_certificate`, lifted, LATE)],
    [
      "lowest",
      sql`EXISTS (SELECT 1 FROM lowest_versions AS l WHERE l.app_id = versions.app_id AND versions.version_code < ${lowest})`,
    ],
  ];
}

/** Why a published version is not offered: what else names it, its app's lowest version, or its developers. */
export type Hindrance = RevocationSubject | "lowest" | "yanked";

const YANKED = sql`versions.yanked_at IS NOT NULL`;

const offered = (lifted: Lifted | null): SQL =>
  and(sql`versions.published_at IS NOT NULL`, ...hindrances(lifted).map(([, keeps]) => not(keeps))) ?? sql`1`;

/** A published version of the outer query that only its developers keep from being offered. */
const isYanked: SQL =
  and(sql`versions.published_at IS NOT NULL`, YANKED, ...refusals(null).map(([, keeps]) => not(keeps))) ??
  sql`0`;

/**
 * A version of the outer query that nothing revokes, that is not below the lowest and not yanked: what the store offers. `offer.ts` says
 * the same of one row that is in hand.
 */
export const isOffered: SQL = sql`(${offered(null)})`;

/** How many of the published versions that a name means stay out without what is lifted, by the first thing that keeps each. */
export function countStaying(
  tx: Tx,
  naming: Naming,
  lifted: Lifted,
  codes?: CodeRange,
): { because: Hindrance; versions: number }[] {
  const because = sql<Hindrance | null>`CASE ${sql.join(
    hindrances(lifted).map(([name, keeps]) => sql`WHEN ${keeps} THEN ${sql.raw(`'${name}'`)}`),
    sql` `,
  )} END`;
  return tx
    .select({ because, versions: count() })
    .from(versions)
    .where(and(named(naming), isNotNull(versions.publishedAt), inRange(codes)))
    .groupBy(sql`1`)
    .orderBy(sql`1`)
    .all()
    .flatMap(({ because, versions }) => (because === null ? [] : [{ because, versions }]));
}

/** What devices may install of an app, highest version code first; below one, those that come after it. */
export function selectOffered(tx: Tx, appId: AppId, limit: number, below?: VersionCode): VersionRow[] {
  return offeredStatement(tx).all({ appId, limit, below: below ?? Number.MAX_SAFE_INTEGER });
}

/** What devices keep that have it and no others get, highest version code first. */
export function selectYanked(tx: Tx, appId: AppId, limit: number, below?: VersionCode): VersionRow[] {
  return yankedStatement(tx).all({ appId, limit, below: below ?? Number.MAX_SAFE_INTEGER });
}

/** `since` is a column that is null in what is not so: by it an index has only what may be. */
const highestBelow = (tx: Tx, since: typeof versions.publishedAt | typeof versions.yankedAt, isSo: SQL) =>
  tx
    .select()
    .from(versions)
    .where(
      and(
        eq(versions.appId, sql.placeholder("appId")),
        isNotNull(since),
        lt(versions.versionCode, sql.placeholder("below")),
        isSo,
      ),
    )
    .orderBy(desc(versions.versionCode))
    .limit(sql.placeholder("limit"))
    .prepare();

/** Every list of apps asks it of each: what it costs to build the statement is most of it. */
const offeredStatement = hot((tx) => highestBelow(tx, versions.publishedAt, isOffered));
const yankedStatement = hot((tx) => highestBelow(tx, versions.yankedAt, isYanked));

/** The same the other way round: from a version code up, the lowest first. */
export function selectOfferedFrom(
  tx: Tx,
  appId: AppId,
  from: VersionCode,
  limit: number,
): Pick<VersionRow, "versionCode">[] {
  return tx
    .select({ versionCode: versions.versionCode })
    .from(versions)
    .where(
      and(
        eq(versions.appId, appId),
        isNotNull(versions.publishedAt),
        gte(versions.versionCode, from),
        isOffered,
      ),
    )
    .orderBy(asc(versions.versionCode))
    .limit(limit)
    .all();
}

/** An app of the outer query with a version that devices may install. */
export const hasOffered: SQL = sql`EXISTS (SELECT 1 FROM versions WHERE versions.app_id = apps.id AND ${isOffered})`;
