/**
 * What a migration cannot do for a store of an older version: its log begins with what is there already, its versions name
 * who signed them, their released files are of today's form, and so is the catalogue. All rows in one transaction, so that a kill leaves
 * the store before or after it; the catalogue by jobs of that transaction, one a shard.
 */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { enqueue } from "../../jobs/queue.ts";
import { sealOldChecks } from "../check-seal.ts";
import { hasTiles } from "../log/export.ts";
import { SIGN_LOG_JOB } from "../log/record.ts";
import { isBeforeLog, writeFirstLeaves } from "./log.ts";
import * as records from "./records.ts";
import { remakeReleases, writeReleases } from "./releases.ts";
import { readSigners, writeSigners } from "./signers.ts";

/** The job that writes a shard and the indexes of its apps anew. */
export const REBUILD_JOB = "catalog.rebuild";

/** Does nothing on a store that has a log. */
export async function upgradeStore(
  store: Pick<Store, "db" | "blobs" | "vault" | "clock" | "log">,
): Promise<void> {
  if (!isBeforeLog(store.db.orm)) return;
  // One whose log somebody took out of the database has its files still.
  if (await hasTiles(store)) return;
  const signers = await readSigners(store);
  const remade = await remakeReleases(store);
  const now = store.clock.now();
  const written = write(store.db, (tx) => {
    writeReleases(tx, remade, now);
    writeSigners(tx, signers);
    sealOldChecks(tx, () => store.vault);
    const leaves = writeFirstLeaves(tx, store.vault);
    enqueue(tx, { kind: SIGN_LOG_JOB, key: "catalogue" }, now);
    const shards = records.selectShards(tx);
    for (const shard of shards) enqueue(tx, { kind: REBUILD_JOB, key: "catalogue", payload: { shard } }, now);
    return { leaves, shards: shards.length };
  });
  store.log.info("store.upgraded", written);
}
