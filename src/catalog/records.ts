/** The SQL of apps and versions. Takes and gives rows; knows no rules. */

import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  max,
  notInArray,
  type SQL,
  sql,
} from "drizzle-orm";
import { announce } from "../db/announcements.ts";
import type { Tx } from "../db/database.ts";
import { each, hot } from "../db/hot.ts";
import {
  apps,
  checkResults,
  findings,
  organisations,
  reviews,
  versionEvents,
  versionPictures,
  versions,
} from "../db/schema.ts";
import type { VersionState } from "../db/version-states.ts";
import {
  type AppId,
  newId,
  type OrganisationId,
  type ReviewId,
  type Sha256,
  type VersionCode,
  type VersionId,
} from "../ids.ts";
import { DEAD_STATES } from "./states.ts";
import { tellOfStep } from "./version-notices.ts";
import type { EventView, FindingView } from "./views.ts";

/** Without what only lists are made from. */
export type AppRow = Omit<
  typeof apps.$inferSelect,
  "sealedAudiences" | "newestState" | "newestStateAt" | "newestVersionId" | "waiting" | "lineageKeys"
> & { organisationName: string };
export type VersionRow = typeof versions.$inferSelect;
export type ReviewRow = typeof reviews.$inferSelect;

const appColumns = {
  id: apps.id,
  organisationId: apps.organisationId,
  name: apps.name,
  summary: apps.summary,
  createdBy: apps.createdBy,
  createdAt: apps.createdAt,
  updatedAt: apps.updatedAt,
  publishedAt: apps.publishedAt,
  catalogueShard: apps.catalogueShard,
  revision: apps.revision,
  trustedOnly: apps.trustedOnly,
  publicAt: apps.publicAt,
  chosenCategory: apps.chosenCategory,
  category: apps.category,
  unlistedAt: apps.unlistedAt,
  deprecatedAt: apps.deprecatedAt,
  deprecatedText: apps.deprecatedText,
  deprecatedInstead: apps.deprecatedInstead,
  installs: apps.installs,
  deletionAt: apps.deletionAt,
  removedAt: apps.removedAt,
  organisationName: organisations.name,
};

export function findApp(tx: Tx, id: AppId): AppRow | undefined {
  return tx
    .select(appColumns)
    .from(apps)
    .innerJoin(organisations, eq(organisations.id, apps.organisationId))
    .where(eq(apps.id, id))
    .get();
}

/** By their ids. */
export function selectAppsById(tx: Tx, ids: readonly AppId[]): AppRow[] {
  if (ids.length === 0) return [];
  return appsByIdStatement(tx).all({ ids: JSON.stringify(ids) });
}

const appsByIdStatement = hot((tx) =>
  tx
    .select(appColumns)
    .from(apps)
    .innerJoin(organisations, eq(organisations.id, apps.organisationId))
    .where(sql`${apps.id} IN ${each("ids")}`)
    .orderBy(asc(apps.id))
    .prepare(),
);

/** Every app, a page of them by their ids. */
export function selectAppIds(tx: Tx, after: string, limit: number): AppId[] {
  return tx
    .select({ id: apps.id })
    .from(apps)
    .where(gt(apps.id, after as AppId))
    .orderBy(asc(apps.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}

export function insertApp(tx: Tx, row: typeof apps.$inferInsert): void {
  tx.insert(apps).values(row).run();
}

export function updateApp(tx: Tx, id: AppId, set: Partial<typeof apps.$inferInsert>, now: Date): void {
  announce(`app:${id}`);
  tx.update(apps)
    .set({ ...set, updatedAt: now, revision: sql`${apps.revision} + 1` })
    .where(eq(apps.id, id))
    .run();
}

export function removeApp(tx: Tx, id: AppId): void {
  announce(`app:${id}`);
  tx.delete(apps).where(eq(apps.id, id)).run();
}

export function findVersion(tx: Tx, id: VersionId): VersionRow | undefined {
  return tx.select().from(versions).where(eq(versions.id, id)).get();
}

/** The newest upload with this code. */
export function findVersionByCode(tx: Tx, appId: AppId, code: VersionCode): VersionRow | undefined {
  return tx
    .select()
    .from(versions)
    .where(and(eq(versions.appId, appId), eq(versions.versionCode, code)))
    .orderBy(desc(versions.id))
    .limit(1)
    .get();
}

/** An upload of the same bytes that still counts. */
export function findLiveUpload(tx: Tx, appId: AppId, uploadSha256: Sha256): VersionRow | undefined {
  return findLive(tx, appId, eq(versions.uploadSha256, uploadSha256));
}

export function findLiveCode(tx: Tx, appId: AppId, code: VersionCode): VersionRow | undefined {
  return findLive(tx, appId, eq(versions.versionCode, code));
}

function findLive(tx: Tx, appId: AppId, what: SQL): VersionRow | undefined {
  return tx
    .select()
    .from(versions)
    .where(and(eq(versions.appId, appId), what, notInArray(versions.state, [...DEAD_STATES])))
    .get();
}

/** Newest upload first. */
export function selectVersions(tx: Tx, appId: AppId, page: { after?: string; limit: number }): VersionRow[] {
  return tx
    .select()
    .from(versions)
    .where(
      and(
        eq(versions.appId, appId),
        page.after === undefined ? undefined : lt(versions.id, page.after as VersionId),
      ),
    )
    .orderBy(desc(versions.id))
    .limit(page.limit)
    .all();
}

/** A version of the outer query whose app nobody is deleting: what nobody gets, nobody has to review. */
export const isOfKeptApp: SQL = sql`NOT EXISTS (SELECT 1 FROM apps AS whole WHERE whole.id = versions.app_id AND whole.deletion_at IS NOT NULL)`;

/** The newest version of each of these apps, as `newestVersionId` of the schema says. */
export function selectNewestVersions(tx: Tx, appIds: readonly AppId[]): Map<AppId, VersionRow> {
  if (appIds.length === 0) return new Map();
  const rows = tx
    .select({ version: versions })
    .from(apps)
    .innerJoin(versions, eq(versions.id, apps.newestVersionId))
    .where(inArray(apps.id, [...appIds]))
    .all();
  return new Map(rows.map(({ version }) => [version.appId, version]));
}

/** In no order. */
export function selectVersionsById(tx: Tx, ids: readonly VersionId[]): VersionRow[] {
  if (ids.length === 0) return [];
  return tx
    .select()
    .from(versions)
    .where(inArray(versions.id, [...ids]))
    .all();
}

/** Highest version code first; all of them without a limit. */
export function selectPublished(tx: Tx, appId: AppId, limit = -1): VersionRow[] {
  return tx
    .select()
    .from(versions)
    .where(and(eq(versions.appId, appId), isPublished))
    .orderBy(desc(versions.versionCode))
    .limit(limit)
    .all();
}

/** Ids of published versions of all apps, a page of them in their order. */
export function selectPublishedVersions(tx: Tx, after: string, limit: number): VersionId[] {
  return tx
    .select({ id: versions.id })
    .from(versions)
    .where(and(gt(versions.id, after as VersionId), isPublished))
    .orderBy(asc(versions.id))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}

/** Of all apps. */
export function countAllPublished(tx: Tx): number {
  return tx.select({ n: count() }).from(versions).where(isPublished).get()?.n ?? 0;
}

export function countPublished(tx: Tx, appId: AppId): number {
  const row = tx
    .select({ n: count() })
    .from(versions)
    .where(and(eq(versions.appId, appId), isPublished))
    .get();
  return row?.n ?? 0;
}

/** In the signed catalogue, whether or not its copy for devices is written yet. */
const isPublished = isNotNull(versions.publishedAt);

export function highestPublishedCode(tx: Tx, appId: AppId): number {
  const row = tx
    .select({ code: max(versions.versionCode) })
    .from(versions)
    .where(and(eq(versions.appId, appId), isPublished))
    .get();
  return row?.code ?? 0;
}

/** Versions of an app in one of the states whose code is below this one. */
export function selectBelow(
  tx: Tx,
  appId: AppId,
  code: VersionCode,
  states: readonly VersionState[],
): VersionRow[] {
  return tx
    .select()
    .from(versions)
    .where(
      and(eq(versions.appId, appId), lt(versions.versionCode, code), inArray(versions.state, [...states])),
    )
    .orderBy(asc(versions.id))
    .all();
}

/** What each of the app's versions holds, whatever became of them. */
export function selectContentDigests(tx: Tx, appId: AppId): Sha256[] {
  return tx
    .select({ contentDigest: versions.contentDigest })
    .from(versions)
    .where(and(eq(versions.appId, appId), isNotNull(versions.contentDigest)))
    .all()
    .flatMap(({ contentDigest }) => contentDigest ?? []);
}

export function insertVersion(tx: Tx, row: typeof versions.$inferInsert): void {
  tx.insert(versions).values(row).run();
  announce(`app:${row.appId}`);
}

/** As the version's package has it; it is the same version, and nothing of its way changes. */
export function restoreManifest(
  tx: Tx,
  id: VersionId,
  { manifest, version }: { readonly manifest: string; readonly version: string },
): void {
  tx.update(versions).set({ manifest, version }).where(eq(versions.id, id)).run();
}

export type SignerColumns = Pick<
  VersionRow,
  "developerKeyid" | "developerCertificate" | "releaseKeyid" | "releaseCertificate" | "approvedAt"
>;

/** As the package has them, over what somebody else wrote. */
export function restoreSigners(tx: Tx, id: VersionId, signers: SignerColumns): void {
  tx.update(versions).set(signers).where(eq(versions.id, id)).run();
}

const signerColumns = {
  id: versions.id,
  contentDigest: versions.contentDigest,
  releasedSha256: versions.releasedSha256,
  developerKeyid: versions.developerKeyid,
  developerCertificate: versions.developerCertificate,
  releaseKeyid: versions.releaseKeyid,
  releaseCertificate: versions.releaseCertificate,
  approvedAt: versions.approvedAt,
};

export type SignedRow = SignerColumns & Pick<VersionRow, "id" | "contentDigest" | "releasedSha256">;

/** What the store has signed, by id, a page of it. */
export function selectReleasedRows(tx: Tx, after: string, limit: number): SignedRow[] {
  return tx
    .select(signerColumns)
    .from(versions)
    .where(and(gt(versions.id, after as VersionId), isNotNull(versions.releasedSha256)))
    .orderBy(asc(versions.id))
    .limit(limit)
    .all();
}

/** Changes a version and, when its state changes, its timeline with it, and tells whoever hears of that. */
export function updateVersion(
  tx: Tx,
  row: VersionRow,
  set: Partial<typeof versions.$inferInsert>,
  event: { actor: string; note?: string; now: Date },
): VersionRow {
  const changesState = set.state !== undefined && set.state !== row.state;
  announce(`version:${row.id}`);
  announce(`app:${row.appId}`);
  if (row.state === "in_review" || set.state === "in_review") announce("review-queue");
  if (changesState && set.state) {
    insertEvent(tx, row.id, row.state, set.state, event);
    const organisationId = findApp(tx, row.appId)?.organisationId;
    const step = { from: row.state, to: set.state, by: event.actor };
    if (organisationId !== undefined) tellOfStep(tx, { ...row, organisationId }, step, event.now);
  }
  return tx
    .update(versions)
    .set({
      ...set,
      ...(changesState ? { stateChangedAt: event.now } : {}),
      revision: sql`${versions.revision} + 1`,
    })
    .where(eq(versions.id, row.id))
    .returning()
    .get();
}

export function insertEvent(
  tx: Tx,
  versionId: VersionId,
  fromState: VersionState | null,
  toState: VersionState,
  event: { actor: string; note?: string; now: Date },
): void {
  tx.insert(versionEvents)
    .values({
      id: newId("evt"),
      versionId,
      fromState,
      toState,
      actor: event.actor,
      note: event.note ?? "",
      at: event.now,
    })
    .run();
}

export function selectEvents(tx: Tx, versionId: VersionId): EventView[] {
  return tx
    .select({
      fromState: versionEvents.fromState,
      toState: versionEvents.toState,
      actor: versionEvents.actor,
      note: versionEvents.note,
      at: versionEvents.at,
    })
    .from(versionEvents)
    .where(eq(versionEvents.versionId, versionId))
    .orderBy(asc(versionEvents.id))
    .all();
}

export function selectFindings(tx: Tx, versionId: VersionId): FindingView[] {
  return tx
    .select({
      check: findings.checkName,
      code: findings.code,
      severity: findings.severity,
      message: findings.message,
      entry: findings.entry,
      offset: findings.byteOffset,
      pointer: findings.pointer,
      found: findings.found,
      expected: findings.expected,
    })
    .from(findings)
    .where(eq(findings.versionId, versionId))
    .orderBy(asc(findings.position))
    .all();
}

export function selectCheckResults(tx: Tx, versionId: VersionId): (typeof checkResults.$inferSelect)[] {
  return tx
    .select()
    .from(checkResults)
    .where(eq(checkResults.versionId, versionId))
    .orderBy(asc(checkResults.name))
    .all();
}

export function findReview(tx: Tx, versionId: VersionId): ReviewRow | undefined {
  return tx.select().from(reviews).where(eq(reviews.versionId, versionId)).get();
}

/** All whose approval is sealed: for another master key. */
export function selectSealedReviews(tx: Tx): Pick<ReviewRow, "id" | "versionId" | "sealed">[] {
  const { id, versionId, sealed } = reviews;
  return tx.select({ id, versionId, sealed }).from(reviews).where(isNotNull(sealed)).all();
}

export function replaceReviewSeal(tx: Tx, id: ReviewId, sealed: Buffer): void {
  tx.update(reviews).set({ sealed }).where(eq(reviews.id, id)).run();
}

export function selectPictures(tx: Tx, versionId: VersionId): (typeof versionPictures.$inferSelect)[] {
  return tx
    .select()
    .from(versionPictures)
    .where(eq(versionPictures.versionId, versionId))
    .orderBy(asc(versionPictures.kind), asc(versionPictures.position))
    .all();
}

/** True when a version's picture is stored under this key. */
export function replacePictures(
  tx: Tx,
  versionId: VersionId,
  rows: readonly (typeof versionPictures.$inferInsert)[],
): void {
  tx.delete(versionPictures).where(eq(versionPictures.versionId, versionId)).run();
  for (const row of rows) tx.insert(versionPictures).values(row).run();
}

export function isPicture(tx: Tx, blobKey: string): boolean {
  return (
    tx
      .select({ key: versionPictures.blobKey })
      .from(versionPictures)
      .where(eq(versionPictures.blobKey, blobKey))
      .limit(1)
      .get() !== undefined
  );
}

/** Its apps that are, or were, in the catalogue. */
export function selectPublishedOf(tx: Tx, organisationId: OrganisationId): AppId[] {
  return tx
    .select({ id: apps.id })
    .from(apps)
    .where(and(eq(apps.organisationId, organisationId), isNotNull(apps.publishedAt), isNull(apps.removedAt)))
    .orderBy(asc(apps.id))
    .all()
    .map(({ id }) => id);
}

export function findOrganisationName(tx: Tx, id: OrganisationId): string | undefined {
  return tx.select({ name: organisations.name }).from(organisations).where(eq(organisations.id, id)).get()
    ?.name;
}

/** Whose an app is. */
export function findOwnerId(tx: Tx, id: AppId): OrganisationId | undefined {
  return tx.select({ owner: apps.organisationId }).from(apps).where(eq(apps.id, id)).get()?.owner;
}

const checkedColumns = {
  id: versions.id,
  appId: versions.appId,
  versionCode: versions.versionCode,
  version: versions.version,
  manifest: versions.manifest,
  contentDigest: versions.contentDigest,
  uploadSha256: versions.uploadSha256,
  uploadSizeBytes: versions.uploadSizeBytes,
  developerKeyid: versions.developerKeyid,
  developerCertificate: versions.developerCertificate,
  notes: versions.notes,
  hold: versions.hold,
  approvedAt: versions.approvedAt,
  sealedCheck: versions.sealedCheck,
};

/** What the checks read of a version, and the decision on it. */
export type CheckedRow = Pick<VersionRow, keyof typeof checkedColumns>;

export function selectChecked(tx: Tx, states: readonly VersionState[]): CheckedRow[] {
  return tx
    .select(checkedColumns)
    .from(versions)
    .where(inArray(versions.state, [...states]))
    .orderBy(asc(versions.id))
    .all();
}

export function saveSealedCheck(tx: Tx, id: VersionId, sealedCheck: Buffer): void {
  tx.update(versions).set({ sealedCheck }).where(eq(versions.id, id)).run();
}

export function selectVersionsInState(tx: Tx, state: VersionState): VersionRow[] {
  return tx.select().from(versions).where(eq(versions.state, state)).orderBy(asc(versions.id)).all();
}
