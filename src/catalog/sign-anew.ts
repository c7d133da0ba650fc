/**
 * The way out for parts of the catalogue that are nowhere any more as they were signed, when somebody asks for it: what the
 * rows say now is signed in their place. For a store whose log bears out every row of what is revoked: the rest rests on that.
 */
import type { Store } from "../context.ts";
import { describeError } from "../errors.ts";
import { revocationsNow } from "./rebuilt.ts";
import * as records from "./records.ts";
import { rebuildShard } from "./revocation/reoffer.ts";
import { appOfIndex, shardAt } from "./tuf/app-index.ts";
import type { Difference } from "./tuf/as-signed.ts";
import { exportCatalogue } from "./tuf/export.ts";
import { publishTargets } from "./tuf/repository.ts";
import { REVOCATIONS_PATH } from "./tuf/roles.ts";

export async function signAnew(store: Store, left: readonly Difference[]): Promise<void> {
  const paths = left.flatMap((one) => (one.of === "metadata" ? [] : [one.path]));
  try {
    if (paths.includes(REVOCATIONS_PATH)) {
      const plan = () => ({
        upserts: [{ path: REVOCATIONS_PATH, body: revocationsNow(store.db.orm) }],
        removes: [],
      });
      await publishTargets(store, plan, () => {});
      await exportCatalogue(store);
    }
    const shards = new Set(paths.flatMap((path) => shardsOf(store, path)));
    for (const shard of shards) await rebuildShard(store, shard);
  } catch (error) {
    store.log.error("catalog.not_signed_anew", { error: describeError(error) });
  }
}

/** That lists the app, or is it itself. */
function shardsOf(store: Store, path: string): readonly number[] {
  const appId = appOfIndex(path);
  const app = appId === null ? null : records.findApp(store.db.orm, appId);
  const shard = app ? app.catalogueShard : shardAt(path);
  return shard === null ? [] : [shard];
}
