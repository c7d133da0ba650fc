/** What target files of the catalogue are by the rows that they are made of. Whether that is what was signed, its digest tells. */
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { isProblem } from "../errors.ts";
import type { Audience, OrganisationId } from "../ids.ts";
import { caPem } from "../keys/authority.ts";
import { headFile } from "./log/plan.ts";
import { findHead } from "./log/records.ts";
import { buildIndex, planDeveloperLeaves, planShard } from "./offer.ts";
import * as records from "./records.ts";
import { inForce } from "./revocation/in-force.ts";
import { listedNow } from "./revocation/listed.ts";
import { appOfIndex, shardAt } from "./tuf/app-index.ts";
import { appOfNotices } from "./tuf/app-notices.ts";
import type { Rebuild } from "./tuf/mend.ts";
import { buildRevocations } from "./tuf/revocations.ts";
import { CA_PATH, LOG_PATH, REVOCATIONS_PATH } from "./tuf/roles.ts";
import { noticesOf } from "./yank/notices.ts";

/** Null for what cannot be made from rows, or not from these. */
export function rebuildFrom(store: Pick<Store, "db" | "clock">): Rebuild {
  return ({ audience, path }) => {
    try {
      return rebuilt(store, audience, path);
    } catch (error) {
      // Rows that somebody changed need not go together.
      if (isProblem(error) || error instanceof Error) return null;
      throw error;
    }
  };
}

function rebuilt(store: Pick<Store, "db" | "clock">, audience: Audience, path: string): Uint8Array | null {
  const { orm } = store.db;
  if (path === CA_PATH) return Buffer.from(caPem(store));
  if (path === REVOCATIONS_PATH) return revocationsNow(orm, audience);
  if (path === LOG_PATH) {
    const head = findHead(orm);
    return head === null ? null : headFile(head, head.signedAt);
  }
  const developerId = /^developers\/(.+)\/log\.json$/.exec(path)?.[1];
  if (developerId !== undefined)
    return planDeveloperLeaves(store, developerId as OrganisationId)[0]?.body ?? null;
  const noticed = appOfNotices(path);
  if (noticed !== null) return noticesOf(orm, noticed, audience)?.body ?? null;
  const appId = appOfIndex(path);
  const app = appId === null ? null : records.findApp(orm, appId);
  if (app) return buildIndex(store, app).body;
  const shard = shardAt(path);
  return shard === null ? null : planShard(store, audience, shard, { isLost: true }).body;
}

/** The list of what is revoked, by the tables and what the log tells everybody. */
export function revocationsNow(tx: Tx, audience: Audience): Uint8Array {
  return buildRevocations(listedNow(tx, audience, inForce(tx)));
}
