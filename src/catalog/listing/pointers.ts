/**
 * Job `catalog.pointers`: what the signed catalogues say of an app that others point to, once who may see it changed. A name goes
 * out of those catalogues whose readers may not see it any more, and comes into those whose readers may.
 */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import type { AppId } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import { exportCatalogue } from "../tuf/export.ts";
import { publishTargets } from "../tuf/repository.ts";
import { mustShowTo } from "../visibility/signed-audiences.ts";
import { planNotices } from "../yank/notices.ts";
import { hasPointers, selectPointing } from "./records.ts";

export const POINTERS_JOB = "catalog.pointers";

/** So many apps in one revision. */
const STEP = 25;

/** In the transaction of the change. */
export function enqueuePointers(tx: Tx, appId: AppId, now: Date): void {
  if (hasPointers(tx, appId)) enqueue(tx, { kind: POINTERS_JOB, key: appId, payload: { appId } }, now);
}

export async function followPointers(store: Store, appId: AppId): Promise<void> {
  for (let after = ""; ; ) {
    const ids = selectPointing(store.db.orm, appId, after, STEP);
    if (ids.length > 0)
      await publishTargets(
        store,
        () => {
          const plans = ids.map((id) => planNotices(store, id, mustShowTo(store, id)));
          return {
            upserts: plans.flatMap(({ upserts }) => upserts),
            removes: plans.flatMap(({ removes }) => removes),
          };
        },
        () => {},
      );
    after = ids.at(-1) ?? "";
    if (ids.length < STEP) break;
  }
  await exportCatalogue(store);
}
