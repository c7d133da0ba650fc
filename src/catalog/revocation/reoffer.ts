/**
 * Job `catalog.reoffer`: brings the indexes of the apps that a revocation names, and their shards, in line with what is in
 * force. One revision of the catalogue a shard, so that no act has to sign for all of a developer's apps at once. What is
 * right already is not signed again, so it may run twice.
 */

import type { Store } from "../../context.ts";
import { type AppId, type Audience, EVERYBODY, type OrganisationId } from "../../ids.ts";
import { enqueuePointers } from "../listing/pointers.ts";
import { mendVersion } from "../mend-manifests.ts";
import { type OfferedFile, planIndexes, planShard } from "../offer.ts";
import * as catalog from "../records.ts";
import { keepAllSearchable } from "../search/keep.ts";
import { shardOf } from "../tuf/app-index.ts";
import { exportCatalogue } from "../tuf/export.ts";
import { publishTargets } from "../tuf/repository.ts";
import { selectShownInShard } from "../visibility/records.ts";
import { mendAudiences, mustShowTo } from "../visibility/signed-audiences.ts";
import type { Target } from "./change.ts";
import { mendLowest } from "./lowest.ts";
import * as records from "./records.ts";
import { lookUpSubject, namingOf } from "./subjects.ts";

export async function reoffer(store: Store, target: Target): Promise<void> {
  const { orm } = store.db;
  const known = lookUpSubject(orm, target);
  // What is gone was never published.
  if (known === undefined) return;
  // All that it approved, whenever: a lifted or later time offers again what an earlier one took out.
  const apps = records.selectPublishedApps(orm, namingOf(known, null));
  for (const id of apps) {
    mendLowest(store, id);
    mendAudiences(store, id);
  }
  // Another version may be shown now, and pages of it are made of rows.
  for (const id of apps)
    for (const version of records.selectOffered(orm, id, 1)) await mendVersion(store, version.id);
  const byShard = [...Map.groupBy(apps, shardOf)].sort(([a], [b]) => a - b);
  for (const [shard, ofShard] of byShard) await offerAgain(store, shard, ofShard);
  await exportCatalogue(store);
}

/**
 * Job `catalog.rebuild`: the same for all apps of a shard of a catalogue, whatever is different about them. `isLost`: also where
 * what was signed is nowhere any more.
 */
export async function rebuildShard(
  store: Store,
  shard: number,
  audience: Audience = EVERYBODY,
  { isLost = false } = {},
): Promise<void> {
  const apps = selectShownInShard(store.db.orm, audience, shard);
  for (const id of apps) {
    mendLowest(store, id);
    mendAudiences(store, id);
  }
  await offerAgain(store, shard, apps, { rebuilt: audience, isLost });
  await exportCatalogue(store);
}

/** Job `catalog.renamed`: the lines of an organisation's apps, which say how it is called. */
export async function offerUnderNewName(store: Store, organisationId: OrganisationId): Promise<void> {
  const apps = catalog.selectPublishedOf(store.db.orm, organisationId);
  const byShard = [...Map.groupBy(apps, shardOf)].sort(([a], [b]) => a - b);
  for (const [shard, ofShard] of byShard) await offerAgain(store, shard, ofShard);
  await exportCatalogue(store);
}

/** In every catalogue that has one of the apps; `rebuilt`: in this one even when it has none any more. */
async function offerAgain(
  store: Store,
  shard: number,
  apps: readonly AppId[],
  { rebuilt, isLost = false }: { readonly rebuilt?: Audience; readonly isLost?: boolean } = {},
): Promise<void> {
  await keepAllSearchable(store.db, apps);
  const plan = (): readonly OfferedFile[] => {
    const audiences = new Set(apps.flatMap((id) => mustShowTo(store, id)));
    if (rebuilt !== undefined) audiences.add(rebuilt);
    return [
      ...apps.flatMap((id) => indexesOf(store, id, isLost)),
      ...[...audiences].map((audience) => ({
        audience,
        ...planShard(store, audience, shard, { back: apps, isLost }),
      })),
    ];
  };
  await publishTargets(
    store,
    () => ({ upserts: plan(), removes: [] }),
    (tx) => {
      for (const id of apps) enqueuePointers(tx, id, store.clock.now());
    },
  );
}

/** Of an app that was published a row stays, also once it is deleted. */
function indexesOf(store: Store, id: AppId, isLost: boolean): readonly OfferedFile[] {
  const app = catalog.findApp(store.db.orm, id);
  if (!app) throw new Error(`the published app ${id} is not there`);
  return planIndexes(store, app, { isLost });
}
