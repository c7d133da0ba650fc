/**
 * The log as static files, which anybody may read and keep (package format, section 7). A full tile stays for ever; one
 * that is not full yet is replaced by a wider one when the log grows, and goes seven days later.
 */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import {
  buildEntryTile,
  buildHashTile,
  newTiles,
  partialTiles,
  TILE_WIDTH,
  type Tile,
  tilePath,
} from "../../format/log/tiles.ts";
import { HASH_BYTES } from "../../format/log/tree.ts";
import { mustHold } from "./hold.ts";
import * as records from "./records.ts";

/** Everything of the log lies below this key. */
export const LOG_PREFIX = "store/v1/log/";

export type LogFile = { readonly key: string; readonly body: () => Uint8Array };

/** What of the log is signed and not yet where everybody reads it. */
export type LogBacklog = {
  /** The heads that are to be marked once the files are written. */
  readonly sizes: readonly number[];
  readonly files: readonly LogFile[];
};

/**
 * The tiles of the newest head that an older one had not: a number that depends on how much the log has grown. Of heads
 * between the two nobody knows. What is written once stays for ever, so it is compared with what was signed before.
 *
 * @throws Problem `log.damaged`
 */
export function logBacklog(tx: Tx): LogBacklog {
  const heads = records.unexportedHeads(tx);
  const newest = heads.at(-1);
  if (newest === undefined) return { sizes: [], files: [] };
  const from = records.exportedSize(tx);
  mustHold(tx);
  return { sizes: heads.map((head) => head.size), files: newTiles(from, newest.size).map(logFile(tx)) };
}

export function markExported(tx: Tx, { sizes }: LogBacklog, now: Date): void {
  for (const size of sizes) records.markHeadExported(tx, size, now);
}

/** Whether any file of it is where devices read, also when the database knows of none. */
export async function hasTiles({ blobs }: Pick<Store, "blobs">): Promise<boolean> {
  for await (const { key } of blobs.list(LOG_PREFIX)) return key.length > 0;
  return false;
}

const logFile =
  (tx: Tx) =>
  (tile: Tile): LogFile => ({ key: tileKey(tile), body: () => tileBody(tx, tile) });

function tileKey(tile: Tile): string {
  return `${LOG_PREFIX}${tilePath(tile)}`;
}

function tileBody(tx: Tx, { level, index, width }: Tile): Uint8Array {
  const first = index * TILE_WIDTH;
  if (level === "entries")
    return buildEntryTile(records.selectLeaves(tx, first, width).map((row) => new Uint8Array(row.leaf)));
  return buildHashTile(records.selectNodes(tx, level * Math.log2(TILE_WIDTH), first, first + width));
}

export type ExpectedLogFile = {
  /** Null where only reading every leaf would tell. */
  readonly sizeBytes: number | null;
  /** False: may or may not be there, since it waits to be swept or its export is still to be done. */
  readonly required: boolean;
  readonly body: () => Uint8Array;
};

/** Every file of the log that may be there, by its key. */
export function expectedLogFiles(tx: Tx): Map<string, ExpectedLogFile> {
  const exported = records.exportedSize(tx);
  const files = new Map<string, ExpectedLogFile>();
  const add = (tile: Tile, required: boolean) => {
    const { key, body } = logFile(tx)(tile);
    const sizeBytes = tile.level === "entries" ? null : tile.width * HASH_BYTES;
    if (!files.get(key)?.required) files.set(key, { sizeBytes, required, body });
  };
  for (const tile of newTiles(0, exported)) add(tile, true);
  const newest = records.unexportedHeads(tx).at(-1)?.size ?? exported;
  for (const tile of newTiles(exported, newest)) add(tile, false);
  for (const head of records.unprunedHeads(tx)) for (const tile of partialTiles(head.size)) add(tile, false);
  return files;
}

/** Files that only heads have which were replaced before `before`, and those heads' sizes. */
export function supersededTiles(tx: Tx, before: Date): { keys: readonly string[]; sizes: readonly number[] } {
  const kept = records.newestHeadBefore(tx, before)?.size ?? 0;
  const heads = records.unprunedHeads(tx);
  const old = heads.filter((head) => head.size < kept);
  const needed = new Set(heads.filter((head) => head.size >= kept).flatMap(keysOfPartial));
  const keys = new Set(old.flatMap(keysOfPartial).filter((key) => !needed.has(key)));
  return { keys: [...keys], sizes: old.map((head) => head.size) };
}

const keysOfPartial = (head: { readonly size: number }): string[] => partialTiles(head.size).map(tileKey);

export function markPruned(tx: Tx, sizes: readonly number[], now: Date): void {
  for (const size of sizes) records.markHeadPruned(tx, size, now);
}
