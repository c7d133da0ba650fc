/** Rows that name the shard of an app: it follows from the id, and rows that say otherwise were changed beside the store. */
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { shardOf } from "./tuf/app-index.ts";
import { type Difference, tellMended } from "./tuf/differences.ts";
import { saveShard, selectShards } from "./visibility/records.ts";

const STEP = 500;
const PAUSE_MS = 1;

export async function mendShards(store: Pick<Store, "db" | "log">): Promise<readonly Difference[]> {
  const mended: Difference[] = [];
  for (let after = ""; ; ) {
    const rows = selectShards(store.db.orm, after, STEP);
    for (const { id, ofApp, least, most } of rows) {
      const shard = shardOf(id);
      if ([ofApp, least, most].every((one) => one === null || one === shard)) continue;
      write(store.db, (tx) => saveShard(tx, id, shard));
      const difference: Difference = { of: "app", appId: id, what: "shard" };
      tellMended(store, difference);
      mended.push(difference);
    }
    after = rows.at(-1)?.id ?? "";
    if (rows.length < STEP) return mended;
    await Bun.sleep(PAUSE_MS);
  }
}
