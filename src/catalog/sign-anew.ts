/**
 * The way out for parts of the catalogue that are nowhere any more as they were signed, when somebody asks for it: what the
 * rows say now is signed in their place. For a store whose log bears out every row of what is revoked: the rest rests on that.
 */
import type { Store } from "../context.ts";
import { describeError } from "../errors.ts";
import { revocationsNow } from "./rebuilt.ts";
import * as records from "./records.ts";
import { rebuildShard } from "./revocation/reoffer.ts";
import { appOfIndex, shardOf as idShard, shardAt } from "./tuf/app-index.ts";
import type { Difference } from "./tuf/differences.ts";
import { exportCatalogue } from "./tuf/export.ts";
import { publishTargets } from "./tuf/repository.ts";
import { type PathAt, REVOCATIONS_PATH } from "./tuf/roles.ts";

export async function signAnew(store: Store, left: readonly Difference[]): Promise<void> {
  const places = left.flatMap((one) => (one.of === "target" || one.of === "body" ? [one] : []));
  try {
    const lists = places.filter(({ path }) => path === REVOCATIONS_PATH);
    if (lists.length > 0) {
      const plan = () => ({
        upserts: lists.map(({ audience, path }) => ({
          audience,
          path,
          body: revocationsNow(store.db.orm, audience),
        })),
        removes: [],
      });
      await publishTargets(store, plan, () => {});
      await exportCatalogue(store);
    }
    const shards = new Map(
      places.flatMap((at) => {
        const shard = shardOf(store, at);
        return shard === null ? [] : [[`${at.audience} ${shard}`, { shard, audience: at.audience }] as const];
      }),
    );
    for (const { shard, audience } of shards.values())
      await rebuildShard(store, shard, audience, { isLost: true });
  } catch (error) {
    store.log.error("catalog.not_signed_anew", { error: describeError(error) });
  }
}

/** That lists the app, or is it itself. */
function shardOf(store: Store, { path }: PathAt): number | null {
  const appId = appOfIndex(path);
  const app = appId === null ? null : records.findApp(store.db.orm, appId);
  return app ? idShard(app.id) : shardAt(path);
}
