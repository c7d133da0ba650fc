/**
 * Removing what nobody refers to: files that an upload left when the server was killed before its row was written,
 * and files whose version went with its app. A day's delay keeps it from racing what is being written. While the log is
 * damaged nothing goes: the database may be older than the files, and the one that names them may be put back.
 */
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { DAY_MS } from "../time.ts";
import * as blobRecords from "./blobs.records.ts";
import { isWhole } from "./log/hold.ts";
import { sweepPartialUploads } from "./partial-uploads/sweep.ts";
import { selectWithheldKeys, serveKeys } from "./withheld.records.ts";

/** For as long, too, everybody may still have what was public and is not any more. */
const DELAY_MS = DAY_MS;
const BATCH = 500;

/** Folders whose files each have a row; the catalogue's own files are pruned by the catalogue. */
export const SWEPT_PREFIXES = [
  "uploads/",
  "releases/",
  "pictures/",
  "shown/",
  "deltas/",
  "store/v1/packages/",
  "store/v1/pictures/",
  "store/v1/deltas/",
];

/** Gives how many files went. */
export async function sweepBlobs(store: Store): Promise<{ removed: number }> {
  // What was never accepted is in no log.
  const abandoned = await sweepPartialUploads(store);
  if (abandoned > 0) store.log.info("uploads.swept", { removed: abandoned });
  if (!isWhole(store)) {
    store.log.warn("storage.not_swept", { code: "log.damaged" });
    return { removed: 0 };
  }
  const before = new Date(store.clock.now().getTime() - DELAY_MS);
  for (let after: string | null = ""; after !== null; ) {
    const page = { after, limit: BATCH };
    // The row goes first: a file without a row is found by the second pass, a row without a file would be a loss.
    after = write(store.db, (tx) => {
      const { last, unreferenced } = blobRecords.selectUnreferencedBlobs(tx, page, before);
      for (const key of unreferenced) blobRecords.forgetBlob(tx, key);
      return last;
    });
    // Requests come first: between two batches they have their turn.
    await Bun.sleep(0);
  }
  let removed = 0;
  for (const prefix of SWEPT_PREFIXES) {
    for await (const blob of store.blobs.list(prefix)) {
      if (blob.modifiedAt >= before || blobRecords.hasBlobRow(store.db.orm, blob.key)) continue;
      await store.blobs.remove(blob.key);
      removed += 1;
    }
  }
  await forgetWithheld(store, before);
  if (removed > 0) store.log.info("storage.swept", { removed });
  return { removed };
}

/** What is not there needs no row that keeps it from being served. */
async function forgetWithheld(store: Store, before: Date): Promise<void> {
  for (let after: string | undefined = ""; after !== undefined; ) {
    const keys = selectWithheldKeys(store.db.orm, after, before, BATCH);
    after = keys.at(-1);
    const gone: string[] = [];
    for (const key of keys) if ((await store.blobs.head(key)) === null) gone.push(key);
    write(store.db, (tx) => serveKeys(tx, gone));
  }
}
