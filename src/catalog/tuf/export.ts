/**
 * The copy of the signed catalogue that devices read. A version is never written with two contents, and the timestamp,
 * which makes all the rest count, comes last: a kill leaves devices with the old catalogue or the new one.
 */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { Source } from "../../format/source.ts";
import type { Sha256 } from "../../ids.ts";
import {
  expectedLogFiles,
  LOG_PREFIX,
  logBacklog,
  markExported,
  markPruned,
  supersededTiles,
} from "../log/export.ts";
import { isWhole } from "../log/hold.ts";
import { servedTimestamp } from "../log/signed.ts";
import { sha256 } from "./metadata.ts";
import * as records from "./records.ts";
import { METADATA_PREFIX, metadataKey, TARGETS_PREFIX, TIMESTAMP_KEY, targetKey } from "./roles.ts";
import { inTurn } from "./turn.ts";

type ExportStore = Pick<Store, "db" | "blobs" | "clock" | "log">;
type File = { readonly key: string; readonly body: Uint8Array };

/** Each file is synced by itself; several at once hide the disk's waits. */
const PARALLEL_WRITES = 8;

/** Job `catalog.export`: writes what is signed and not yet there, then marks it. Runs again after a kill. */
export async function exportCatalogue(store: ExportStore): Promise<void> {
  await inTurn(store.db, async () => {
    // Read in one breath: a change that is committed during the writes below exports itself afterwards.
    const targets = records.unexportedTargets(store.db.orm);
    const metadata = records.unexportedMetadata(store.db.orm);
    if (targets.length === 0 && metadata.length === 0) return;
    const log = logBacklog(store.db.orm);
    const timestamp = newest(metadata.filter((row) => row.role === "timestamp"));
    if (timestamp && (await servedTimestamp(store)) > timestamp.version) throw forked(TIMESTAMP_KEY);

    // Before the head that names them: whoever reads a head finds its whole log.
    for (const { key, body } of log.files) await writeOnce(store, { key, body: body() });

    await writeAll(
      store,
      targets.map((row) => ({ key: targetKey(row.path, row.sha256), body: row.body })),
    );
    await writeAll(
      store,
      metadata
        .filter((row) => row.role !== "timestamp" && !isSuccessor(row))
        .map((row) => ({ key: metadataKey(row.role, row.version), body: row.body })),
    );
    if (timestamp) await store.blobs.put(TIMESTAMP_KEY, timestamp.body);
    await writeAll(
      store,
      metadata
        .filter(isSuccessor)
        .sort((a, b) => a.version - b.version)
        .map((row) => ({ key: metadataKey(row.role, row.version), body: row.body })),
    );

    const now = store.clock.now();
    write(store.db, (tx) => {
      for (const row of metadata) records.markMetadataExported(tx, row.role, row.version, now);
      for (const row of targets) records.markTargetExported(tx, row.path, row.sha256, now);
      markExported(tx, log, now);
    });
  });
}

/**
 * A root that follows another one. The catalogue of its revision is signed with the keys of both, so whoever meets the
 * new timestamp with the old root can follow it; the other way round could not.
 */
function isSuccessor(row: { readonly role: string; readonly version: number }): boolean {
  return row.role === "root" && row.version > 1;
}

function newest<T extends { version: number }>(rows: readonly T[]): T | null {
  return rows.reduce<T | null>(
    (best, row) => (best === null || row.version > best.version ? row : best),
    null,
  );
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

async function digestOf(store: ExportStore, key: string): Promise<Sha256> {
  const source = await store.blobs.open(key);
  try {
    return sha256(await whole(source));
  } finally {
    await source.close();
  }
}

async function whole(source: Source): Promise<Uint8Array> {
  return source.sizeBytes === 0 ? new Uint8Array() : source.read(0, source.sizeBytes);
}

/** What the served copy and the rows say differently. */
export type Comparison = {
  /** Marked as exported and not there. */
  readonly missing: readonly string[];
  /** There with other content than the row's. */
  readonly different: readonly string[];
  /** There without a row. */
  readonly orphans: readonly string[];
};

/**
 * Compares every file of the catalogue with its row. Without `deep` only presence and size are looked at, which is what
 * a start can afford; with it each file is read and hashed. With `repair`, what is missing or different is written
 * again from its row; what is there without a row is only reported, since a restored backup may be what is out of date.
 */
export async function reconcile(
  store: ExportStore,
  options: { readonly deep?: boolean; readonly repair?: boolean } = {},
): Promise<Comparison> {
  return inTurn(store.db, async () => {
    const expected = expectedFiles(store);
    const found = await compare(store, expected, options.deep === true);
    for (const key of [...found.missing, ...found.different]) {
      store.log.warn("catalog.differs", { key, repaired: options.repair === true });
      const body = options.repair ? expected.get(key)?.body() : null;
      if (body) await store.blobs.put(key, body);
    }
    return found;
  });
}

async function compare(
  store: ExportStore,
  expected: ReadonlyMap<string, ExpectedFile>,
  deep: boolean,
): Promise<Comparison> {
  const found = new Map<string, number>();
  for (const prefix of [METADATA_PREFIX, TARGETS_PREFIX, LOG_PREFIX]) {
    for await (const blob of store.blobs.list(prefix)) found.set(blob.key, blob.sizeBytes);
  }
  const missing: string[] = [];
  const different: string[] = [];
  for (const [key, file] of expected) {
    if (!file.required) continue;
    const sizeBytes = found.get(key);
    if (sizeBytes === undefined) missing.push(key);
    else if (file.sizeBytes !== null && sizeBytes !== file.sizeBytes) different.push(key);
    else if ((deep || key === TIMESTAMP_KEY) && (await digestOf(store, key)) !== file.sha256())
      different.push(key);
  }
  return { missing, different, orphans: [...found.keys()].filter((key) => !expected.has(key)) };
}

type ExpectedFile = {
  readonly sha256: () => Sha256;
  /** Null where only a deep comparison can tell. */
  readonly sizeBytes: number | null;
  /** False: may or may not be there, since its export is still to be done or it waits to be swept. */
  readonly required: boolean;
  readonly body: () => Uint8Array | null;
};

function expectedFiles(store: ExportStore): Map<string, ExpectedFile> {
  const files = new Map<string, ExpectedFile>();
  const { orm } = store.db;
  for (const { path, sha256 } of records.allSupersededTargets(orm)) {
    files.set(targetKey(path, sha256), {
      sha256: () => sha256,
      sizeBytes: 0,
      required: false,
      body: () => null,
    });
  }
  for (const { path, sha256, sizeBytes, exportedAt } of records.allTargetFacts(orm)) {
    files.set(targetKey(path, sha256), {
      sha256: () => sha256,
      sizeBytes,
      required: exportedAt !== null,
      body: () => records.findTargetBody(orm, path),
    });
  }
  for (const [key, file] of expectedLogFiles(orm))
    files.set(key, { ...file, sha256: () => sha256(file.body()) });
  const metadata = records.allMetadataFacts(orm);
  // All timestamps share one name: the newest that was exported is the one that is there.
  const served = newest(metadata.filter((row) => row.role === "timestamp" && row.exportedAt !== null));
  const pending = metadata.some((row) => row.role === "timestamp" && row.exportedAt === null);
  for (const { role, version, sha256, sizeBytes, exportedAt } of metadata) {
    if (role === "timestamp" && version !== served?.version) continue;
    files.set(metadataKey(role, version), {
      sha256: () => sha256,
      sizeBytes,
      // With an export cut off before its mark, the timestamp that is there may be newer than the marked one.
      required: role === "timestamp" ? !pending : exportedAt !== null,
      body: () => records.findMetadata(orm, role, version)?.body ?? null,
    });
  }
  return files;
}

/** How long a device in the middle of a refresh, or a cache before it, may still ask for what was replaced. */
export const SUPERSEDED_KEPT_MS = 7 * 86_400_000;

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
    for (const { role, version } of old) {
      if (role !== "timestamp") await store.blobs.remove(metadataKey(role, version));
    }
    const tiles = supersededTiles(orm, before);
    for (const key of tiles.keys) await store.blobs.remove(key);
    const swept: typeof oldTargets = [];
    for (const { path, sha256 } of oldTargets) {
      if (!records.isSuperseded(orm, path, sha256)) continue;
      await store.blobs.remove(targetKey(path, sha256));
      swept.push({ path, sha256 });
    }
    write(store.db, (tx) => {
      for (const { role, version } of old) records.deleteMetadata(tx, role, version);
      for (const { path, sha256 } of swept) records.deleteSuperseded(tx, path, sha256, before);
      markPruned(tx, tiles.sizes, store.clock.now());
    });
    return old.length + swept.length + tiles.keys.length;
  });
}
