/**
 * Job `version.deltas`: after a publication, the containers that bring the release to devices with less download. A row
 * says of each that it was made, and whether it is worth offering, so that a job which was cut off goes on.
 */
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { FORMAT_LIMITS } from "../../format/names.ts";
import type { AppId, Sha256, VersionId } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import { insertBlob } from "../blobs.records.ts";
import { planIndexes } from "../offer.ts";
import { offerFiles } from "../public-files.ts";
import { findApp, findVersion, type VersionRow } from "../records.ts";
import { containerKey, releaseKey } from "../release-keys.ts";
import { selectOffered } from "../revocation/records.ts";
import { LISTED_RELEASES } from "../tuf/app-index.ts";
import { publishTargets } from "../tuf/repository.ts";
import type { Maker } from "./maker.ts";
import { basesOf, type InstallShares, isCompactWorth, isDeltaWorth } from "./plan.ts";
import * as deltaRecords from "./records.ts";

export const DELTAS_JOB = "version.deltas";
/** One release at a time in the whole store: memory, processor and disk are those of one. */
const JOB_KEY = "deltas";

export function enqueueDeltas(tx: Tx, versionId: VersionId, now: Date): void {
  enqueue(tx, { kind: DELTAS_JOB, key: JOB_KEY, payload: { versionId } }, now);
}

/** Nobody counts installs yet: until devices report, the last versions are all that is known to be in use. */
function installShares(_appId: AppId): InstallShares {
  return new Map();
}

/**
 * Has made what is missing of a release's containers, then names all of them in the app's index.
 * @throws Problem `job.child_…`; the signal's reason when the store stops
 */
export async function makeDeltas(
  store: Store,
  versionId: VersionId,
  maker: Maker,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const row = findVersion(store.db.orm, versionId);
  if (!row || row.publishedAt === null) return;
  const offered = selectOffered(store.db.orm, row.appId, LISTED_RELEASES);
  if (!offered.some(({ id }) => id === versionId)) return;
  const made = new Set(deltaRecords.selectDeltas(store.db.orm, versionId).map(({ base }) => base));
  const missing = [null, ...basesOf(row, offered, installShares(row.appId))].filter(
    (base) => !made.has(base === null ? deltaRecords.NO_BASE : digestOf(base)),
  );
  if (missing.length > 0) await makeMissing(store, row, missing, maker, signal);
  const app = findApp(store.db.orm, row.appId);
  if (!app) return;
  const keys = deltaRecords
    .selectDeltas(store.db.orm, versionId)
    .flatMap(({ sha256 }) => (sha256 === null ? [] : [containerKey(sha256)]));
  const confirm = await offerFiles(store, app.id, keys);
  await publishTargets(
    store,
    () => ({ upserts: planIndexes(store, app), removes: [] }),
    (tx) => confirm(tx, store.clock.now()),
  );
}

function digestOf(row: VersionRow): string {
  if (row.contentDigest === null) throw new Error(`${row.id} is offered without a content digest`);
  return row.contentDigest;
}

/** The compact full container (null) comes first: what deltas are worth is measured by it. */
async function makeMissing(
  store: Store,
  row: VersionRow,
  bases: readonly (VersionRow | null)[],
  maker: Maker,
  signal: AbortSignal,
): Promise<void> {
  const rows = [row, ...bases.filter((base) => base !== null)];
  await withFiles(store, rows.map(keyOf), async ([target = "", ...others]) => {
    const paths = bases.map((base) => (base === null ? null : (others.shift() ?? null)));
    await store.blobs.withFolder(async (folder) => {
      for await (const { base, file } of maker({ target, bases: paths, folder }, signal)) {
        await keep(store, row, bases[base] ?? null, file);
      }
    });
  });
}

function keyOf(row: VersionRow): string {
  if (row.releasedSha256 === null) throw new Error(`${row.id} is offered without a released file`);
  return releaseKey(row.releasedSha256);
}

/** Several blobs at once as files. */
async function withFiles(
  store: Store,
  keys: readonly string[],
  use: (paths: readonly string[]) => Promise<void>,
  paths: readonly string[] = [],
): Promise<void> {
  const [key, ...rest] = keys;
  if (key === undefined) return use(paths);
  await store.blobs.withFile(key, (path) => withFiles(store, rest, use, [...paths, path]));
}

/** Takes a container that was made into the store where it is worth its place, and records in any case that it was made. */
async function keep(
  store: Store,
  row: VersionRow,
  base: VersionRow | null,
  file: string | null,
): Promise<void> {
  const of = base === null ? deltaRecords.NO_BASE : digestOf(base);
  if (file === null) {
    settle(store, row, of, { sha256: null, sizeBytes: FORMAT_LIMITS.fileBytes + 1 });
    return;
  }
  const staged = await store.blobs.stage(createReadStream(file), { maxBytes: FORMAT_LIMITS.fileBytes });
  try {
    await rm(file);
    const { sizeBytes, sha256 } = staged;
    const isWorth =
      base === null
        ? isCompactWorth(sizeBytes, row.releasedSizeBytes ?? 0)
        : isDeltaWorth(sizeBytes, compactBytes(store, row));
    if (isWorth) await staged.commit(containerKey(sha256));
    settle(store, row, of, { sha256: isWorth ? sha256 : null, sizeBytes });
  } finally {
    await staged.discard();
  }
}

function compactBytes(store: Store, row: VersionRow): number {
  const compact = deltaRecords
    .selectDeltas(store.db.orm, row.id)
    .find(({ base }) => base === deltaRecords.NO_BASE);
  return compact?.sizeBytes ?? 0;
}

function settle(
  store: Store,
  row: VersionRow,
  base: string,
  file: { readonly sha256: Sha256 | null; readonly sizeBytes: number },
): void {
  const now = store.clock.now();
  write(store.db, (tx) => {
    // Its app may have gone meanwhile, or the store signed it again; the file is swept then.
    if (findVersion(tx, row.id)?.releasedSha256 !== row.releasedSha256) return;
    const { sha256, sizeBytes } = file;
    if (sha256 !== null) insertBlob(tx, { key: containerKey(sha256), sha256, sizeBytes, createdAt: now });
    deltaRecords.insertDelta(tx, { versionId: row.id, base, sha256, sizeBytes, madeAt: now });
  });
}

/** How many apps are looked at before others have their turn: a few milliseconds. */
const PLANNED_APPS = 50;

/**
 * Job `deltas.plan`: has them made of the newest release of each app that has none, as after an upgrade of the store, and
 * forgets the containers of releases that are not offered any more; their files go with the next sweep. It goes through all apps,
 * a few at a time: what the server is asked meanwhile does not wait for it.
 */
export async function planDeltas(store: Store): Promise<void> {
  for (let after: string | null = ""; after !== null; ) {
    const apps = deltaRecords.selectAppsAfter(store.db.orm, after, PLANNED_APPS);
    for (const appId of apps) planDeltasOf(store, appId);
    await new Promise((resolve) => setImmediate(resolve));
    after = apps.at(-1) ?? null;
  }
}

/** The same for one app. It writes only where there is something to do. */
export function planDeltasOf(store: Store, appId: AppId): void {
  const offered = deltaRecords.selectOfferedIds(store.db.orm, appId, LISTED_RELEASES);
  const have = deltaRecords.selectVersionsWithDeltas(store.db.orm, appId);
  const [newest] = offered;
  if (newest !== undefined && !have.includes(newest)) {
    write(store.db, (tx) => {
      if (deltaRecords.hasOpenJob(tx, DELTAS_JOB, { versionId: newest })) return;
      enqueueDeltas(tx, newest, store.clock.now());
    });
  }
  const past = have.filter((id) => !offered.includes(id));
  if (past.length === 0) return;
  write(store.db, (tx) => {
    for (const id of past) deltaRecords.forgetDeltas(tx, id);
  });
}
