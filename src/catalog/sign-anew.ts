/**
 * The way out for parts of the catalogue that are nowhere any more as they were signed, when somebody asks for it: what the
 * rows say now is signed in their place: where the log bears out every row of what is revoked, on which the rest rests too.
 */
import type { Store } from "../context.ts";
import { describeError } from "../errors.ts";
import type { AppId } from "../ids.ts";
import * as records from "./records.ts";
import { inForce } from "./revocation/in-force.ts";
import { listedNow } from "./revocation/listed.ts";
import { rebuildShard } from "./revocation/reoffer.ts";
import { SHARD_COUNT, shardPath } from "./tuf/app-index.ts";
import type { Difference } from "./tuf/as-signed.ts";
import { exportCatalogue } from "./tuf/export.ts";
import { publishTargets } from "./tuf/repository.ts";
import { buildRevocations } from "./tuf/revocations.ts";
import { REVOCATIONS_PATH } from "./tuf/roles.ts";

/** @param isListSound Whether the tables of what is revoked and the log say the same */
export async function signAnew(
  store: Store,
  left: readonly Difference[],
  { isListSound }: { readonly isListSound: boolean },
): Promise<void> {
  const paths = left.flatMap((one) => (one.of === "metadata" ? [] : [one.path]));
  try {
    if (isListSound && paths.includes(REVOCATIONS_PATH)) {
      const body = () => buildRevocations(listedNow(store.db.orm, inForce(store.db.orm)));
      const plan = () => ({ upserts: [{ path: REVOCATIONS_PATH, body: body() }], removes: [] });
      await publishTargets(store, plan, () => {});
      await exportCatalogue(store);
    }
    // What is offered rests on what is revoked.
    if (!isListSound) return;
    const shards = new Set(paths.flatMap((path) => shardsOf(store, path)));
    for (const shard of shards) await rebuildShard(store, shard);
  } catch (error) {
    store.log.error("catalog.not_signed_anew", { error: describeError(error) });
  }
}

/** That lists the app, or is it itself. */
function shardsOf(store: Store, path: string): readonly number[] {
  const appId = /^apps\/(.+)\/index\.json$/.exec(path)?.[1];
  const app = appId === undefined ? null : records.findApp(store.db.orm, appId as AppId);
  if (app) return [app.catalogueShard];
  return Array.from({ length: SHARD_COUNT }, (_, shard) => shard).filter(
    (shard) => shardPath(shard) === path,
  );
}
