/**
 * The last step of an upload: its file is put in place, then its rows are written. The file comes first, since a row
 * must never stand for bytes that are not there; when the rows are refused or the disk is full, the file goes again.
 * (After a kill in between, the sweep removes it.)
 */
import type { Store } from "../context.ts";
import { type Db, type Tx, write } from "../db/database.ts";
import type { StagedBlob } from "../storage/blobs.ts";
import * as blobRecords from "./blobs.records.ts";
import { isWhole } from "./log/hold.ts";

/** Two uploads of the same bytes have one file: neither may take it away under the other. One process holds the folder. */
const last = new WeakMap<Db, Map<string, Promise<unknown>>>();

/** @throws Problem `storage.full`, `storage.failing`, and what `accept` throws; then the file is not kept for it */
export async function keepUpload<T>(
  store: Store,
  staged: StagedBlob,
  key: string,
  accept: (tx: Tx) => T extends PromiseLike<unknown> ? never : T,
): Promise<T> {
  return inTurn(store.db, key, async () => {
    await staged.commit(key);
    try {
      return write(store.db, accept);
    } catch (error) {
      if (isWhole(store) && !blobRecords.hasBlobRow(store.db.orm, key)) await store.blobs.remove(key);
      throw error;
    }
  });
}

async function inTurn<T>(db: Db, key: string, work: () => Promise<T>): Promise<T> {
  const turns = last.get(db) ?? new Map<string, Promise<unknown>>();
  last.set(db, turns);
  const run = (turns.get(key) ?? Promise.resolve()).then(work);
  const settled = run.catch(() => {});
  turns.set(key, settled);
  try {
    return await run;
  } finally {
    if (turns.get(key) === settled) turns.delete(key);
  }
}
