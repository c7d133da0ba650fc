/** Whether the copy of the signed catalogue that devices read is what the rows say, and writing anew what is not. */
import type { Store } from "../../context.ts";
import type { Sha256 } from "../../ids.ts";
import { isKey } from "../../storage/blobs.ts";
import { expectedLogFiles, LOG_PREFIX } from "../log/export.ts";
import { tellMended } from "./differences.ts";
import { rowFromFile } from "./mend-old-rows.ts";
import { sha256 } from "./metadata.ts";
import * as records from "./records.ts";
import { type MetadataAt, metadataKey, SIGNED_PREFIXES, targetKey } from "./roles.ts";
import { wasSignedAs } from "./signed-ever.ts";
import { inTurn } from "./turn.ts";

export type ExportStore = Pick<Store, "db" | "blobs" | "clock" | "log">;

/** What the served copy and the rows say differently. */
export type Comparison = {
  /** Marked as exported and not there. */
  readonly missing: readonly string[];
  /** There with other content than the row's. */
  readonly different: readonly string[];
  /** There without a row. */
  readonly orphans: readonly string[];
  /** There as it was signed, while the row was not: it is as the file again. */
  readonly rows?: readonly string[];
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
    const rows = new Set<string>();
    for (const key of [...found.missing, ...found.different]) {
      if (await isRowMended(store, key, expected)) rows.add(key);
      else {
        const repaired = options.repair === true && (await writeAnew(store, key, expected));
        store.log.warn("catalog.differs", { key, repaired });
      }
    }
    if (rows.size === 0) return found;
    return { ...found, different: found.different.filter((key) => !rows.has(key)), rows: [...rows] };
  });
}

/** Between so many files requests are answered, and what publishes has its turn. */
const STEP = 16;
const PAUSE_MS = 1;

/**
 * Reads every file that devices read of the catalogue and its log, compares it with what the database makes, and writes anew
 * what is missing or differs, of whatever size. Only after the whole log was computed without a difference: what the
 * database makes is what was signed then. Gives the keys of what it wrote.
 */
export async function mendFiles(store: ExportStore, signal?: AbortSignal): Promise<readonly string[]> {
  const mended: string[] = [];
  let read = 0;
  for (const [key, file] of expectedFiles(store)) {
    if (signal?.aborted) break;
    if (++read % STEP === 0) await Bun.sleep(PAUSE_MS);
    if (await isAsExpected(store, key, file)) continue;
    const isMended = await inTurn(store.db, async () => {
      // What it was compared with may have been exported, replaced or swept since.
      const now = expectedFiles(store);
      const current = now.get(key);
      if (current === undefined || (await isAsExpected(store, key, current))) return false;
      if (await isRowMended(store, key, now)) return false;
      const repaired = await writeAnew(store, key, now);
      store.log.warn("catalog.differs", { key, repaired });
      return repaired;
    });
    if (isMended) mended.push(key);
  }
  return mended;
}

async function isAsExpected(store: ExportStore, key: string, file: ExpectedFile): Promise<boolean> {
  // What is not exported yet, and under whose name another content lies, is no damage: the export refuses that.
  if (!file.required) return true;
  const there = await store.blobs.head(key);
  if (there === null || (file.sizeBytes !== null && there.sizeBytes !== file.sizeBytes)) return false;
  const digest = file.sha256();
  // A row whose digest alone is right is not what was signed.
  if (file.metadata && sha256(file.body() ?? Buffer.alloc(0)) !== digest) return false;
  return (await digestOf(store, key)) === digest;
}

/** Whether the file counts and its row did not: then the row is as the file now, and nothing is written over that. */
async function isRowMended(
  store: ExportStore,
  key: string,
  expected: ReadonlyMap<string, ExpectedFile>,
): Promise<boolean> {
  const at = expected.get(key)?.metadata ?? null;
  if (at === null || !(await rowFromFile(store, at))) return false;
  tellMended(store, { of: "metadata", ...at });
  return true;
}

/** False when the database has not got its bytes, or not those that were signed. */
async function writeAnew(
  store: ExportStore,
  key: string,
  expected: ReadonlyMap<string, ExpectedFile>,
): Promise<boolean> {
  const file = expected.get(key);
  const body = file?.body() ?? null;
  if (!file || body === null || sha256(body) !== file.sha256()) return false;
  if (file.metadata && !wasSignedAs(store.db, body, file.metadata)) return false;
  await store.blobs.put(key, body);
  return true;
}

async function compare(
  store: ExportStore,
  expected: ReadonlyMap<string, ExpectedFile>,
  deep: boolean,
): Promise<Comparison> {
  const found = new Map<string, number>();
  for (const prefix of [...SIGNED_PREFIXES, LOG_PREFIX]) {
    for await (const blob of store.blobs.list(prefix)) found.set(blob.key, blob.sizeBytes);
  }
  const missing: string[] = [];
  const different: string[] = [];
  for (const [key, file] of expected) {
    if (!file.required) continue;
    const sizeBytes = found.get(key);
    if (sizeBytes === undefined) missing.push(key);
    else if (file.sizeBytes !== null && sizeBytes !== file.sizeBytes) different.push(key);
    else if ((deep || key.endsWith("/metadata/timestamp.json")) && !(await isAsExpected(store, key, file)))
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
  /** Of which metadata it is; without it, it is no metadata. */
  readonly metadata?: MetadataAt;
  readonly body: () => Uint8Array | null;
};

function expectedFiles(store: ExportStore): Map<string, ExpectedFile> {
  const files = new Map<string, ExpectedFile>();
  const { orm } = store.db;
  for (const target of records.allSupersededTargets(orm)) {
    files.set(targetKey(target, target.sha256), {
      sha256: () => target.sha256,
      sizeBytes: 0,
      required: false,
      body: () => null,
    });
  }
  for (const { audience, path, sha256, sizeBytes, exportedAt } of records.allTargetFacts(orm)) {
    files.set(targetKey({ audience, path }, sha256), {
      sha256: () => sha256,
      sizeBytes,
      required: exportedAt !== null,
      body: () => records.findTargetBody(orm, path, audience),
    });
  }
  for (const [key, file] of expectedLogFiles(orm))
    files.set(key, { ...file, sha256: () => sha256(file.body()) });
  const metadata = records.allMetadataFacts(orm);
  const isTimestamp = ({ role }: { role: string }) => role === "timestamp";
  // All timestamps of a catalogue share one name: the newest that was exported is the one that is there.
  const timestamps = Map.groupBy(metadata.filter(isTimestamp), ({ audience }) => audience);
  const served = new Set([...timestamps.values()].map((rows) => newest(rows.filter(isExported))));
  for (const fact of metadata) {
    const { audience, role, version, sha256, sizeBytes } = fact;
    if (isTimestamp(fact) && !served.has(fact)) continue;
    files.set(metadataKey(fact, version), {
      sha256: () => sha256,
      sizeBytes,
      metadata: { audience, role, version },
      // With an export cut off before its mark, the timestamp that is there may be newer than the marked one.
      required: isTimestamp(fact) ? (timestamps.get(audience) ?? []).every(isExported) : isExported(fact),
      body: () => records.findMetadata(orm, role, version, audience)?.body ?? null,
    });
  }
  // A row that was changed beside the store may name what no file can be: that is told and put right by itself.
  for (const key of files.keys()) if (!isKey(key)) files.delete(key);
  return files;
}

const isExported = ({ exportedAt }: { exportedAt: Date | null }) => exportedAt !== null;

export function newest<T extends { version: number }>(rows: readonly T[]): T | null {
  return rows.reduce<T | null>(
    (best, row) => (best === null || row.version > best.version ? row : best),
    null,
  );
}

export async function digestOf(store: Pick<ExportStore, "blobs">, key: string): Promise<Sha256> {
  return sha256(await store.blobs.bytes(key));
}
