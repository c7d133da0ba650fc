/**
 * Job `catalog.reoffer`: brings the indexes of the apps that a revocation names, and their shards, in line with what is in
 * force. One revision of the catalogue a shard, so that no act has to sign for all of a developer's apps at once. What is
 * right already is not signed again, so it may run twice.
 */
import type { Store } from "../../context.ts";
import type { AppId } from "../../ids.ts";
import { planIndex, planShard } from "../offer.ts";
import * as catalog from "../records.ts";
import { exportCatalogue } from "../tuf/export.ts";
import { publishTargets } from "../tuf/repository.ts";
import type { Target } from "./change.ts";
import * as records from "./records.ts";
import { lookUpSubject, namingOf } from "./subjects.ts";

export async function reoffer(store: Store, target: Target): Promise<void> {
  const { orm } = store.db;
  const known = lookUpSubject(orm, target);
  // What is gone was never published.
  if (known === undefined) return;
  // All that it approved, whenever: a lifted or later time offers again what an earlier one took out.
  const apps = records.selectPublishedApps(orm, namingOf(known, null));
  for (const [shard, ofShard] of Map.groupBy(apps, (app) => app.shard)) {
    await offerAgain(
      store,
      shard,
      ofShard.map(({ id }) => id),
    );
  }
  await exportCatalogue(store);
}

/** Job `catalog.rebuild`: the same for all apps of a shard, whatever is different about them. */
export async function rebuildShard(store: Store, shard: number): Promise<void> {
  const apps = catalog.selectPublishedInShard(store.db.orm, shard);
  await offerAgain(
    store,
    shard,
    apps.map(({ id }) => id),
  );
  await exportCatalogue(store);
}

function offerAgain(store: Store, shard: number, apps: readonly AppId[]): Promise<void> {
  return publishTargets(
    store,
    () => ({ upserts: [...apps.map((id) => indexOf(store, id)), planShard(store, shard)], removes: [] }),
    () => {},
  );
}

/** An app that was published is never deleted. */
function indexOf(store: Store, id: AppId) {
  const app = catalog.findApp(store.db.orm, id);
  if (!app) throw new Error(`the published app ${id} is not there`);
  return planIndex(store, app);
}
