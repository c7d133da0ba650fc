/**
 * What the signed catalogues say of an app that others point to, once who may see it changed. A name goes out of the catalogues
 * whose readers may not see it any more in the very revision of the change, as far as few apps point to it; the job
 * `catalog.pointers` follows with the rest, and brings it into those whose readers may see it since. Files of before are not
 * served by then: see `hidden-names.ts`.
 */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import type { AppId, Audience } from "../../ids.ts";
import { enqueue } from "../../jobs/queue.ts";
import { exportCatalogue } from "../tuf/export.ts";
import { publishTargets, type TargetPlan } from "../tuf/repository.ts";
import { mendAudiences, mustShowTo } from "../visibility/signed-audiences.ts";
import { mayBeNamed, planNotices } from "../yank/notices.ts";
import { hasPointers, selectPointing } from "./records.ts";

export const POINTERS_JOB = "catalog.pointers";

/** So many apps in one revision; with that of the change itself, so many files of notices. */
const STEP = 25;

/** In the transaction of the change. */
export function enqueuePointers(tx: Tx, appId: AppId, now: Date): void {
  if (hasPointers(tx, appId)) enqueue(tx, { kind: POINTERS_JOB, key: appId, payload: { appId } }, now);
}

type Seen = {
  /** Who may see the app, before the change and from then on. */
  readonly had: readonly Audience[];
  readonly has: readonly Audience[];
};

/** What others say that point to the app, where it was named and may not be any more: for the revision that the rows follow. */
export function planUnnamed(
  store: Pick<Store, "db" | "vault">,
  appId: AppId,
  { had, has }: Seen,
): TargetPlan {
  const isLost = (audience: Audience) => mayBeNamed(audience, had) && !mayBeNamed(audience, has);
  const plans = selectPointing(store.db.orm, appId, "", STEP)
    .filter((id) => id !== appId)
    .flatMap((id) =>
      shownTo(store, id)
        .filter(isLost)
        .map((audience) => ({ id, audience })),
    )
    .slice(0, STEP)
    .map(({ id, audience }) => planNotices(store, id, [audience], { seen: { appId, by: has } }));
  return joined(plans);
}

/** Of an app whose rows are not as they were signed nothing is planned here: it may be somebody else's, and the job mends it. */
function shownTo(store: Pick<Store, "db" | "vault">, id: AppId): readonly Audience[] {
  try {
    return mustShowTo(store, id);
  } catch (error) {
    if (isProblem(error) && error.code === "catalog.damaged") return [];
    throw error;
  }
}

const joined = (plans: readonly TargetPlan[]): TargetPlan => ({
  upserts: plans.flatMap(({ upserts }) => upserts),
  removes: plans.flatMap(({ removes }) => removes),
});

/** @throws Problem what one of the revisions threw, once the others are done */
export async function followPointers(store: Store, appId: AppId): Promise<void> {
  const failures: unknown[] = [];
  for (let after = ""; ; ) {
    const ids = selectPointing(store.db.orm, appId, after, STEP);
    try {
      for (const id of ids) mendAudiences(store, id);
      if (ids.length > 0)
        await publishTargets(
          store,
          () => joined(ids.map((id) => planNotices(store, id, mustShowTo(store, id)))),
          () => {},
        );
    } catch (error) {
      failures.push(error);
    }
    after = ids.at(-1) ?? "";
    if (ids.length < STEP) break;
  }
  await exportCatalogue(store);
  if (failures.length > 0) throw failures[0];
}
