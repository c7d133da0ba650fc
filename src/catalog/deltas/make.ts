/**
 * Job `version.deltas`: after a publication, the containers that bring the release to devices with less download. A row
 * says of each that it was made, and whether it is worth offering, so that a job which was cut off goes on.
 */
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import { type FileSet, openDelta } from "../../format/delta/read.ts";
import { unpackedFiles, unpackedRelease } from "../../format/delta/unpacked.ts";
import { type DeltaTarget, writeDelta } from "../../format/delta/write.ts";
import { FORMAT_LIMITS } from "../../format/names.ts";
import { openContainer } from "../../format/zip/reader.ts";
import type { AppId, Sha256, VersionId } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import type { StagedBlob } from "../../storage/blobs.ts";
import { insertBlob } from "../blobs.records.ts";
import { LISTED_RELEASES, planIndex } from "../offer.ts";
import { findApp, findVersion, type VersionRow } from "../records.ts";
import { packageKey } from "../release-keys.ts";
import { selectOffered } from "../revocation/records.ts";
import { publishTargets } from "../tuf/repository.ts";
import { basesOf, type InstallShares, isCompactWorth, isDeltaWorth } from "./plan.ts";
import * as deltaRecords from "./records.ts";

export const DELTAS_JOB = "version.deltas";
/** One release at a time in the whole store: memory and disk are those of one. */
const JOB_KEY = "deltas";

/** What devices download. */
export function deltaKey(sha256: Sha256): string {
  return `store/v1/deltas/${sha256}.mosisd`;
}

export function enqueueDeltas(tx: Tx, versionId: VersionId, now: Date): void {
  enqueue(tx, { kind: DELTAS_JOB, key: JOB_KEY, payload: { versionId } }, now);
}

/** Nobody counts installs yet: until devices report, the last versions are all that is known to be in use. */
function installShares(_appId: AppId): InstallShares {
  return new Map();
}

/** Makes what is missing of a release's containers, then names all of them in the app's index. @throws the signal's reason when the store stops */
export async function makeDeltas(
  store: Store,
  versionId: VersionId,
  signal: AbortSignal = new AbortController().signal,
): Promise<void> {
  const row = findVersion(store.db.orm, versionId);
  if (!row || row.publishedAt === null) return;
  const offered = selectOffered(store.db.orm, row.appId, LISTED_RELEASES);
  if (!offered.some(({ id }) => id === versionId)) return;
  const bases = basesOf(row, offered, installShares(row.appId));
  const made = () =>
    new Map(deltaRecords.selectDeltas(store.db.orm, versionId).map((each) => [each.base, each]));
  const wanted = [deltaRecords.NO_BASE, ...bases.map(digestOf)];
  if (wanted.some((base) => !made().has(base))) {
    await withRelease(store, row, signal, async (target) => {
      if (!made().has(deltaRecords.NO_BASE)) await makeOne(store, row, target, null, signal);
      for (const base of bases) {
        if (made().has(digestOf(base))) continue;
        await withRelease(store, base, signal, (from) => makeOne(store, row, target, from, signal));
      }
    });
  }
  const app = findApp(store.db.orm, row.appId);
  if (!app) return;
  await publishTargets(
    store,
    () => ({ upserts: [planIndex(store, app)], removes: [] }),
    () => {},
  );
}

function digestOf(row: VersionRow): string {
  if (row.contentDigest === null) throw new Error(`${row.id} is offered without a content digest`);
  return row.contentDigest;
}

type Release = FileSet & DeltaTarget;

/** A published version with its files where they can be read at any place: staged, and gone when `use` ends. */
async function withRelease(
  store: Store,
  row: VersionRow,
  signal: AbortSignal,
  use: (release: Release) => Promise<void>,
): Promise<void> {
  if (row.releasedSha256 === null) throw new Error(`${row.id} is offered without a released file`);
  const source = await store.blobs.open(packageKey(row.releasedSha256));
  try {
    const container = await openContainer(source);
    const staged = await store.blobs.stage(untilStopped(unpackedFiles(container), signal), {
      maxBytes: FORMAT_LIMITS.totalBytes,
    });
    try {
      await use(await unpackedRelease(container, staged.source));
    } finally {
      await staged.discard();
    }
  } finally {
    await source.close();
  }
}

async function makeOne(
  store: Store,
  row: VersionRow,
  target: Release,
  base: Release | null,
  signal: AbortSignal,
): Promise<void> {
  const staged = await stageContainer(store, untilStopped(writeDelta(target, base), signal));
  const of = base?.contentDigest ?? deltaRecords.NO_BASE;
  if (staged === null) {
    settle(store, row, of, { sha256: null, sizeBytes: FORMAT_LIMITS.fileBytes + 1 });
    return;
  }
  try {
    const { sizeBytes, sha256 } = staged;
    const isWorth =
      base === null
        ? isCompactWorth(sizeBytes, row.releasedSizeBytes ?? 0)
        : isDeltaWorth(sizeBytes, compactBytes(store, row));
    if (isWorth) {
      await mustRebuild(staged, base, signal);
      await staged.commit(deltaKey(sha256));
    }
    settle(store, row, of, { sha256: isWorth ? sha256 : null, sizeBytes });
  } finally {
    await staged.discard();
  }
}

/** Null when it would be larger than any container may be. */
async function stageContainer(
  store: Store,
  container: AsyncIterable<Uint8Array>,
): Promise<StagedBlob | null> {
  try {
    return await store.blobs.stage(container, { maxBytes: FORMAT_LIMITS.fileBytes });
  } catch (error) {
    if (isProblem(error) && error.code === "upload.too_large") return null;
    throw error;
  }
}

function compactBytes(store: Store, row: VersionRow): number {
  const compact = deltaRecords
    .selectDeltas(store.db.orm, row.id)
    .find(({ base }) => base === deltaRecords.NO_BASE);
  return compact?.sizeBytes ?? 0;
}

/** A container that devices would refuse must never leave the store. @throws FormatError */
async function mustRebuild(staged: StagedBlob, base: FileSet | null, signal: AbortSignal): Promise<void> {
  const opened = await openDelta(staged.source, base);
  for await (const file of opened.files) for await (const _ of untilStopped(file.bytes, signal));
}

/** The same pieces, and an error instead of the next one when the store stops: nothing then waits for the rest. */
async function* untilStopped(
  pieces: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    signal.throwIfAborted();
    yield piece;
  }
}

function settle(
  store: Store,
  row: VersionRow,
  base: string,
  file: { readonly sha256: Sha256 | null; readonly sizeBytes: number },
): void {
  const now = store.clock.now();
  write(store.db, (tx) => {
    // Its app may have gone meanwhile; the file is swept then.
    if (!findVersion(tx, row.id)) return;
    const { sha256, sizeBytes } = file;
    if (sha256 !== null) insertBlob(tx, { key: deltaKey(sha256), sha256, sizeBytes, createdAt: now });
    deltaRecords.insertDelta(tx, { versionId: row.id, base, sha256, sizeBytes, madeAt: now });
  });
}

/**
 * Job `deltas.plan`: has them made of the newest release of each app that has none, as after an upgrade of the store, and
 * forgets the containers of releases that are not offered any more; their files go with the next sweep.
 */
export function planDeltas(store: Store): void {
  const now = store.clock.now();
  for (const appId of deltaRecords.selectAppsWithout(store.db.orm)) {
    write(store.db, (tx) => {
      const newest = selectOffered(tx, appId, 1)[0];
      if (!newest) return;
      if (deltaRecords.hasOpenJob(tx, DELTAS_JOB, { versionId: newest.id })) return;
      enqueueDeltas(tx, newest.id, now);
    });
  }
  for (const { appId, versionId } of deltaRecords.selectDeltaTargets(store.db.orm)) {
    write(store.db, (tx) => {
      if (selectOffered(tx, appId, LISTED_RELEASES).some(({ id }) => id === versionId)) return;
      deltaRecords.forgetDeltas(tx, versionId);
    });
  }
}
