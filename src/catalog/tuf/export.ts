/**
 * The copy of the signed catalogue that devices read. A version is never written with two contents, and the timestamp,
 * which makes all the rest count, comes last: a kill leaves devices with the old catalogue or the new one.
 */
import { write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import { EVERYBODY } from "../../ids.ts";
import { isKey } from "../../storage/blobs.ts";
import { DAY_MS } from "../../time.ts";
import { logBacklog, markExported, markPruned, supersededTiles } from "../log/export.ts";
import { isWhole } from "../log/hold.ts";
import { servedTimestamp } from "../log/signed.ts";
import { digestOf, type ExportStore, newest } from "./compare.ts";
import { damaged } from "./differences.ts";
import { sha256 } from "./metadata.ts";
import * as records from "./records.ts";
import { metadataKey, targetKey, timestampKey } from "./roles.ts";
import { inTurn } from "./turn.ts";

type File = { readonly key: string; readonly body: Uint8Array };

/** Each file is synced by itself; several at once hide the disk's waits. */
const PARALLEL_WRITES = 8;

/** Job `catalog.export`: writes what is signed and not yet there, then marks it. Runs again after a kill. @throws Problem `catalog.damaged`, `catalog.forked` */
export async function exportCatalogue(store: ExportStore): Promise<void> {
  await inTurn(store.db, async () => {
    // Read in one breath: a change that is committed during the writes below exports itself afterwards.
    // Rows that were changed beside the store may name what no file can be: they are put right by themselves.
    const targets = records
      .unexportedTargets(store.db.orm)
      .filter((row) => isKey(targetKey(row, row.sha256)));
    const metadata = records
      .unexportedMetadata(store.db.orm)
      .filter((row) => isKey(metadataKey(row, row.version)));
    if (targets.length === 0 && metadata.length === 0) return;
    for (const row of targets) if (sha256(row.body) !== row.sha256) throw damaged({ of: "body", ...row });
    for (const row of metadata)
      if (sha256(row.body) !== row.sha256) throw damaged({ of: "metadata", ...row });
    const log = logBacklog(store.db.orm);
    const timestamps = newestTimestamps(metadata);
    for (const { audience, version } of timestamps)
      if ((await servedTimestamp(store, audience)) > version) throw forked(timestampKey(audience));

    // Before the head that names them: whoever reads a head finds its whole log.
    for (const { key, body } of log.files) await writeOnce(store, { key, body: body() });

    await writeAll(
      store,
      targets.map((row) => ({ key: targetKey(row, row.sha256), body: row.body })),
    );
    await writeAll(
      store,
      metadata
        .filter((row) => row.role !== "timestamp" && !isSuccessor(row))
        .map((row) => ({ key: metadataKey(row, row.version), body: row.body })),
    );
    for (const { audience, body } of timestamps) await store.blobs.put(timestampKey(audience), body);
    await writeAll(
      store,
      metadata
        .filter(isSuccessor)
        .sort((a, b) => a.version - b.version)
        .map((row) => ({ key: metadataKey(row, row.version), body: row.body })),
    );

    const now = store.clock.now();
    write(store.db, (tx) => {
      for (const row of metadata) records.markMetadataExported(tx, row, now);
      for (const row of targets) records.markTargetExported(tx, row, now);
      markExported(tx, log, now);
    });
  });
}

/**
 * The newest of each catalogue. That of the public one comes first: the log's head is in it, and what an audience's
 * catalogue names stands in the log already when it can be read there.
 */
function newestTimestamps(metadata: readonly records.MetadataRow[]): readonly records.MetadataRow[] {
  const timestamps = Map.groupBy(
    metadata.filter((row) => row.role === "timestamp"),
    ({ audience }) => audience,
  );
  return [...timestamps.values()]
    .flatMap((rows) => newest(rows) ?? [])
    .sort((a, b) => Number(b.audience === EVERYBODY) - Number(a.audience === EVERYBODY));
}

/**
 * A root that follows another one. The catalogue of its revision is signed with the keys of both, so whoever meets the
 * new timestamp with the old root can follow it; the other way round could not.
 */
function isSuccessor(row: { readonly role: string; readonly version: number }): boolean {
  return row.role === "root" && row.version > 1;
}

async function writeAll(store: ExportStore, files: readonly File[]): Promise<void> {
  for (let at = 0; at < files.length; at += PARALLEL_WRITES) {
    await Promise.all(files.slice(at, at + PARALLEL_WRITES).map((file) => writeOnce(store, file)));
  }
}

/**
 * @throws Problem `catalog.forked` when another content was served under this name before: devices may hold it, and
 *   would refuse or, worse, mix both
 */
async function writeOnce(store: ExportStore, file: File): Promise<void> {
  if ((await store.blobs.head(file.key)) !== null) {
    if ((await digestOf(store, file.key)) === sha256(file.body)) return;
    throw forked(file.key);
  }
  await store.blobs.put(file.key, file.body);
}

function forked(key: string): Problem {
  return new Problem(
    "conflict",
    "catalog.forked",
    `${key} was served with other content before. The database is older than the files beside it: restore the newest backup, or move both folders back to one state.`,
  );
}

/** How long a device in the middle of a refresh, or a cache before it, may still ask for what was replaced. */
export const SUPERSEDED_KEPT_MS = 7 * DAY_MS;

/**
 * Cron `catalog.prune`: removes target files, metadata and tiles that were replaced more than seven days ago; never what is
 * current, never a root, since a device may come from any of them, never a full tile. Gives how many files went.
 */
export async function pruneCatalogue(store: ExportStore): Promise<number> {
  return inTurn(store.db, async () => {
    // An older database takes for superseded what its files, which are newer, still name.
    if (!isWhole(store)) return 0;
    const before = new Date(store.clock.now().getTime() - SUPERSEDED_KEPT_MS);
    const { orm } = store.db;
    const old = records.supersededMetadata(orm, before);
    const oldTargets = records.supersededTargets(orm, before);
    // The file first: a kill between the two leaves a row whose file is swept again, never a file that nobody knows.
    for (const row of old) {
      if (row.role !== "timestamp") await removeFile(store, metadataKey(row, row.version));
    }
    const tiles = supersededTiles(orm, before);
    for (const key of tiles.keys) await store.blobs.remove(key);
    const swept: typeof oldTargets = [];
    for (const target of oldTargets) {
      if (!records.isSuperseded(orm, target)) continue;
      await removeFile(store, targetKey(target, target.sha256));
      swept.push(target);
    }
    write(store.db, (tx) => {
      for (const row of old) records.deleteMetadata(tx, row);
      for (const target of swept) records.deleteSuperseded(tx, target, before);
      markPruned(tx, tiles.sizes, store.clock.now());
    });
    return old.length + swept.length + tiles.keys.length;
  });
}

/** Of a row that was changed beside the store there may never have been one. */
async function removeFile({ blobs }: ExportStore, key: string): Promise<void> {
  if (isKey(key)) await blobs.remove(key);
}
