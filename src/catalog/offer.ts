/**
 * What the store offers of an app: its index, and its line in the shard of the browsable catalogue, of each audience that
 * may see it. A version that is revoked in any way, or is below the lowest one, is in neither; an app without any other, or
 * that is to stand in no list, is only in its index.
 */
import type { Store } from "../context.ts";
import type { Db, Tx } from "../db/database.ts";
import type { LineageEntry } from "../format/lineage.ts";
import type { Manifest } from "../format/manifest.ts";
import type { AppId, Audience, OrganisationId, Sha256, VersionId } from "../ids.ts";
import * as deltaRecords from "./deltas/records.ts";
import { type Coming, mustGoOn } from "./held-index.ts";
import { signedLines } from "./held-shard.ts";
import * as lineageRecords from "./lineage.records.ts";
import type { LogReference } from "./log/record.ts";
import * as logRecords from "./log/records.ts";
import { lastPublishedAt, releaseLog } from "./log/references.ts";
import * as records from "./records.ts";
import { rightLowest } from "./revocation/lowest.ts";
import { selectOffered, selectYanked } from "./revocation/records.ts";
import { formerDevelopers, type Moved } from "./transfer/former.ts";
import {
  type AppRelease,
  buildAppIndex,
  buildShard,
  type CatalogueFile,
  LISTED_RELEASES,
  type ShardApp,
  type ShardLine,
  shardLine,
  shardOf,
} from "./tuf/app-index.ts";
import { buildDeveloperLeaves, DEVELOPER_LEAVES_MAX } from "./tuf/developer-leaves.ts";
import type { TargetPlan } from "./tuf/repository.ts";
import { selectShownAmong, selectShownInShard } from "./visibility/records.ts";
import { isListedFor, mustShowTo } from "./visibility/signed-audiences.ts";

type OfferStore = Pick<Store, "db" | "clock">;
/** To tell who may see an app. */
type SealedStore = OfferStore & Pick<Store, "vault">;

/** A version that comes into the catalogue with the very plan. */
export type Incoming = {
  readonly row: records.VersionRow;
  /** Its place in the log, which it gets with the plan too. */
  readonly publication: LogReference;
  readonly now: Date;
};

/** A published version that is yanked with the very plan, or offered again; its row does not say so yet. */
export type Turned = { readonly row: records.VersionRow; readonly isYanked: boolean };

/** An app as it is, or as it will be once it is another organisation's. */
export type MovedApp = records.AppRow & Moved;

/** A file of an audience's catalogue. */
export type OfferedFile = CatalogueFile & { readonly audience: Audience };

/** The app's index, its shard and what is told of its developer's keys, as they are with this version in them. */
export function planOffer(store: SealedStore, appId: AppId, incoming: Incoming): TargetPlan {
  const app = records.findApp(store.db.orm, appId);
  if (!app) throw new Error(`${incoming.row.id} has no app`);
  const files = [planIndex(store, app, incoming), ...planDeveloperLeaves(store, app.organisationId)];
  const upserts = mustShowTo(store, appId).flatMap((audience) =>
    [...files, planShard(store, audience, shardOf(appId), { incoming })].map((file) => ({
      audience,
      ...file,
    })),
  );
  return { upserts, removes: [] };
}

/** What the catalogues say of a published app that is another organisation's from now on, which the row does not say yet. */
export function planMove(store: SealedStore, moved: MovedApp): TargetPlan {
  const files = [planIndex(store, moved), ...planDeveloperLeaves(store, moved.organisationId)];
  const upserts = mustShowTo(store, moved.id).flatMap((audience) =>
    [...files, planShard(store, audience, moved.catalogueShard, { changed: moved })].map((file) => ({
      audience,
      ...file,
    })),
  );
  return { upserts, removes: [] };
}

/** The index of a published app, in every catalogue that has it. */
export function planIndexes(
  store: SealedStore,
  app: records.AppRow,
  coming: Pick<Coming, "added" | "isLost"> & { readonly turned?: Turned } = {},
): OfferedFile[] {
  const file = planIndex(store, app, undefined, coming);
  return mustShowTo(store, app.id).map((audience) => ({ audience, ...file }));
}

/** With the first publication what leaves hid of the developer's keys may be told; afterwards it stays the same. */
export function planDeveloperLeaves(store: OfferStore, developerId: OrganisationId): CatalogueFile[] {
  const leaves = logRecords
    .selectHiddenKeyLeaves(store.db.orm, developerId, DEVELOPER_LEAVES_MAX)
    .flatMap(({ position, recordedAt, salt, entry }) =>
      // A leaf about one app's lineage is about that app, which may still be nobody's business.
      salt === null || entry.type !== "developer-key" || entry.appId !== null
        ? []
        : [{ position, at: recordedAt, salt: new Uint8Array(salt), entry }],
    );
  return leaves.length === 0 ? [] : [buildDeveloperLeaves({ developerId, leaves })];
}

/**
 * Held to what is signed of the app already, and to the log.
 * @throws Problem `catalog.damaged`
 */
export function planIndex(
  store: OfferStore,
  app: MovedApp,
  incoming?: Incoming,
  { turned, ...coming }: Pick<Coming, "added" | "isLost"> & { readonly turned?: Turned } = {},
): CatalogueFile {
  const file = buildIndex(store, app, { incoming, added: coming.added, turned });
  const { movedFrom } = app;
  mustGoOn(store.db, app.id, file, {
    ...coming,
    incoming: incoming?.row.versionCode,
    turned: turned?.row.versionCode,
    movedFrom,
  });
  return file;
}

/** As the rows say. */
export function buildIndex(
  store: OfferStore,
  app: MovedApp,
  {
    incoming,
    added,
    turned,
  }: {
    readonly incoming?: Incoming | undefined;
    readonly added?: LineageEntry | undefined;
    readonly turned?: Turned | undefined;
  } = {},
): CatalogueFile {
  const tx = store.db.orm;
  const lowest = rightLowest(store.db, app.id);
  const allowed = (rows: readonly records.VersionRow[]) =>
    rows.filter(({ versionCode }) => versionCode >= lowest).slice(0, LISTED_RELEASES);
  const { offered, yanked } = channelsOf(tx, app.id, turned);
  const versions = allowed([...(incoming ? [incoming.row] : []), ...offered]);
  return buildAppIndex({
    appId: app.id,
    developerId: app.organisationId,
    formerDevelopers: formerDevelopers(tx, app),
    lineage: [...lineageFor(tx, app.id, incoming), ...(added ? [added] : [])],
    releases: versions.map((version) => releaseOf(tx, version, incoming)),
    yanked: allowed(yanked).map((version) => releaseOf(tx, version, undefined)),
    lowestVersionCode: lowest,
  });
}

/** What an index lists, the highest version code first in both. */
export function channelsOf(
  tx: Tx,
  appId: AppId,
  turned?: Turned,
): { readonly offered: readonly records.VersionRow[]; readonly yanked: readonly records.VersionRow[] } {
  // One goes out of its place, so that one more is needed.
  const offered = selectOffered(tx, appId, LISTED_RELEASES + 1);
  const yanked = selectYanked(tx, appId, LISTED_RELEASES + 1);
  const others = (rows: readonly records.VersionRow[]) => rows.filter(({ id }) => id !== turned?.row.id);
  const came = (is: boolean) =>
    turned !== undefined && turned.isYanked === is && isAllowed(tx, turned.row) ? [turned.row] : [];
  const list = (rows: readonly records.VersionRow[], more: readonly records.VersionRow[]) =>
    [...others(rows), ...more].sort((a, b) => b.versionCode - a.versionCode).slice(0, LISTED_RELEASES);
  return { offered: list(offered, came(false)), yanked: list(yanked, came(true)) };
}

/** What is revoked is in no channel, yanked or not. */
function isAllowed(tx: Tx, { id, appId, versionCode }: records.VersionRow): boolean {
  const below = (versionCode + 1) as records.VersionRow["versionCode"];
  return [...selectOffered(tx, appId, 1, below), ...selectYanked(tx, appId, 1, below)].some(
    (row) => row.id === id,
  );
}

/** The app's lineage; the key of the first version that is published begins it. */
function lineageFor(tx: Tx, appId: AppId, incoming: Incoming | undefined): readonly LineageEntry[] {
  const known = lineageRecords.selectLineage(tx, appId).map(lineageRecords.entryOf);
  const first = incoming?.row.developerKeyid ?? null;
  return known.length > 0 || first === null ? known : [{ kind: "first", keyId: first }];
}

/** What comes into a catalogue, or goes out of it, with the very plan. */
export type ShardChange = {
  readonly incoming?: Incoming;
  readonly joins?: AppId;
  readonly leaves?: AppId;
  /** Apps of the shard that come back into it, if they are to be shown. */
  readonly back?: readonly AppId[];
  /** The app as it will be, where the row is not so yet. */
  readonly changed?: records.AppRow;
  /** A version of an app of the shard that is yanked, or offered again. */
  readonly turned?: Turned | undefined;
  /** What was signed of the shard is nowhere any more, and a person asks to sign what the rows say. */
  readonly isLost?: boolean;
};

/** @throws Problem `catalog.damaged` */

export function planShard(
  store: OfferStore,
  audience: Audience,
  shard: number,
  { incoming, joins, leaves, changed, turned, isLost, back = [] }: ShardChange = {},
): CatalogueFile {
  const tx = store.db.orm;
  const signed = signedLines(tx, audience, shard, isLost === true);
  const ids = shownInShard(store.db, audience, { back, signed: [...signed.keys()] }, shard);
  if (joins !== undefined) ids.add(joins);
  for (const other of [leaves, incoming?.row.appId]) if (other !== undefined) ids.delete(other);
  const listed = records.selectAppsById(tx, [...ids]).flatMap((app) => {
    const [newest] =
      app.id === turned?.row.appId ? channelsOf(tx, app.id, turned).offered : selectOffered(tx, app.id, 1);
    const now = app.id === changed?.id ? changed : app;
    if (newest === undefined || now.unlistedAt !== null) return [];
    const before = signed.get(app.id);
    // Of a version whatever its line says stays; only the name of an organisation may become another.
    const isSame = before?.versionCode === Number(newest.versionCode);
    return [isSame ? { ...before, publisher: now.organisationName } : lineOf(store, now, newest)];
  });
  const app = incoming && records.findApp(tx, incoming.row.appId);
  if (!incoming || app?.unlistedAt !== null) return buildShard(shard, listed);
  return buildShard(shard, [...listed, lineOf(store, app, incoming.row)]);
}

/**
 * By their ids: what a row says of its shard may be wrong, and what the shard has listed so far stays in it. Where rows say otherwise
 * of who may see an app than the shard so far, the audience's signed catalogue has it or not.
 */
function shownInShard(
  db: Db,
  audience: Audience,
  { back, signed }: { readonly back: readonly AppId[]; readonly signed: readonly AppId[] },
  shard: number,
): Set<AppId> {
  const rows = selectShownInShard(db.orm, audience, shard);
  const known = new Set(rows);
  const others = selectShownAmong(
    db.orm,
    audience,
    [...back, ...signed].filter((id) => !known.has(id)),
  );
  const shown = new Set([...rows, ...others].filter((id) => shardOf(id) === shard));
  const before = new Set(signed);
  for (const id of shown) if (!before.has(id) && isListedFor(db, audience, id) === false) shown.delete(id);
  for (const id of signed) if (!shown.has(id) && isListedFor(db, audience, id)) shown.add(id);
  return shown;
}

/** The line of an app as its rows say it: of the version that is shown, as `planShard` would sign it anew. */
export function lineOf(store: OfferStore, app: records.AppRow, version: records.VersionRow): ShardLine {
  return shardLine(shardApp(store, app, version));
}

function shardApp(store: OfferStore, app: records.AppRow, version: records.VersionRow): ShardApp {
  const icon = records
    .selectPictures(store.db.orm, version.id)
    .find((picture) => picture.kind === "icon" && picture.widthPx === 128);
  return {
    appId: app.id,
    publisher: app.organisationName,
    manifest: manifestOf(version),
    publishedAt: version.publishedAt ?? store.clock.now(),
    iconSha256: icon ? (icon.blobKey.slice("pictures/".length, -".png".length) as Sha256) : null,
  };
}

function releaseOf(tx: Tx, version: records.VersionRow, incoming: Incoming | undefined): AppRelease {
  const isComing = version.id === incoming?.row.id;
  if (
    version.contentDigest === null ||
    version.releasedSha256 === null ||
    version.releasedSizeBytes === null
  ) {
    throw new Error(`${version.id} is published without a released file`);
  }
  const publishedAt = isComing ? incoming.now : lastPublishedAt(tx, version.contentDigest);
  if (publishedAt === null) throw new Error(`the log has no publication of ${version.contentDigest}`);
  return {
    manifest: manifestOf(version),
    contentDigest: version.contentDigest,
    packageSha256: version.releasedSha256,
    packageSizeBytes: version.releasedSizeBytes,
    publishedAt,
    notes: version.notes,
    ...containersOf(tx, version.id),
    log: releaseLog(tx, version.contentDigest, isComing ? { publication: incoming.publication } : {}),
  };
}

function containersOf(tx: Tx, versionId: VersionId): Pick<AppRelease, "deltas" | "compact"> {
  const files = new Map(
    deltaRecords
      .selectDeltas(tx, versionId)
      .flatMap(({ base, sha256, sizeBytes }) =>
        sha256 === null ? [] : [[base, { sha256, sizeBytes }] as const],
      ),
  );
  const compact = files.get(deltaRecords.NO_BASE) ?? null;
  files.delete(deltaRecords.NO_BASE);
  return { deltas: files, compact };
}

export function manifestOf(version: records.VersionRow): Manifest {
  if (version.manifest === null) throw new Error(`${version.id} has no manifest`);
  return JSON.parse(version.manifest) as Manifest;
}
