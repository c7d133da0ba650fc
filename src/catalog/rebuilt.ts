/** What target files of the catalogue are by the rows that they are made of. Whether that is what was signed, its digest tells. */
import type { Store } from "../context.ts";
import { isProblem } from "../errors.ts";
import type { AppId, OrganisationId } from "../ids.ts";
import { caPem } from "../keys/authority.ts";
import { headFile } from "./log/plan.ts";
import { findHead } from "./log/records.ts";
import { planDeveloperLeaves, planIndex, planShard } from "./offer.ts";
import * as records from "./records.ts";
import { inForce } from "./revocation/in-force.ts";
import { listedNow } from "./revocation/listed.ts";
import { indexPath, SHARD_COUNT, shardPath } from "./tuf/app-index.ts";
import type { Rebuild } from "./tuf/mend.ts";
import { buildRevocations } from "./tuf/revocations.ts";
import { CA_PATH, LOG_PATH, REVOCATIONS_PATH } from "./tuf/roles.ts";

/** Null for what cannot be made from rows, or not from these. */
export function rebuildFrom(store: Pick<Store, "db" | "clock">): Rebuild {
  return (path) => {
    try {
      return rebuilt(store, path);
    } catch (error) {
      // Rows that somebody changed need not go together.
      if (isProblem(error) || error instanceof Error) return null;
      throw error;
    }
  };
}

function rebuilt(store: Pick<Store, "db" | "clock">, path: string): Uint8Array | null {
  const { orm } = store.db;
  if (path === CA_PATH) return Buffer.from(caPem(store));
  if (path === REVOCATIONS_PATH) return buildRevocations(listedNow(orm, inForce(orm)));
  if (path === LOG_PATH) {
    const head = findHead(orm);
    return head === null ? null : headFile(head, head.signedAt);
  }
  const developerId = /^developers\/(.+)\/log\.json$/.exec(path)?.[1];
  if (developerId !== undefined)
    return planDeveloperLeaves(store, developerId as OrganisationId)[0]?.body ?? null;
  const appId = /^apps\/(.+)\/index\.json$/.exec(path)?.[1];
  const app = appId === undefined ? null : records.findApp(orm, appId as AppId);
  if (app && indexPath(app.id) === path) return planIndex(store, app).body;
  const shard = Array.from({ length: SHARD_COUNT }, (_, at) => at).find((at) => shardPath(at) === path);
  return shard === undefined ? null : planShard(store, shard).body;
}
