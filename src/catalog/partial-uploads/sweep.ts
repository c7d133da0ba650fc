/** Removing uploads that nobody finished: their time is over, or they never had a row. */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import type { UploadId } from "../../ids.ts";
import { DAY_MS } from "../../time.ts";
import * as records from "./records.ts";
import { inUploadTurn } from "./turns.ts";

const SWEPT_AT_ONCE = 200;
/** Nobody waits for what is swept. */
const SWEEP_PATIENCE_MS = 1000;

/** Removes those whose time is over, and files that have no row. Gives how many went. */
export async function sweepPartialUploads(store: Store): Promise<number> {
  const now = store.clock.now();
  let removed = 0;
  for (;;) {
    const ended = records.endedPartialUploads(store.db.orm, now, SWEPT_AT_ONCE);
    let gone = 0;
    for (const id of ended) if (await removeEnded(store, id)) gone += 1;
    removed += gone;
    if (gone < SWEPT_AT_ONCE) break;
  }
  for (const { id, modifiedAt } of await store.blobs.partial.list()) {
    // Its row is written a moment after it.
    if (modifiedAt.getTime() > now.getTime() - DAY_MS) continue;
    if (records.findPartialUpload(store.db.orm, id as UploadId) !== undefined) continue;
    await store.blobs.partial.remove(id);
    removed += 1;
  }
  return removed;
}

/** False: something is still at work on it, and the next sweep comes to it again; what else there is to sweep does not wait. */
async function removeEnded(store: Store, id: UploadId): Promise<boolean> {
  try {
    const remove = async () => {
      write(store.db, (tx) => records.removePartialUpload(tx, id));
      await store.blobs.partial.remove(id);
    };
    await inUploadTurn(store.db, id, remove, SWEEP_PATIENCE_MS);
    return true;
  } catch (error) {
    if (isProblem(error) && error.code === "upload.in_use") return false;
    throw error;
  }
}
