/**
 * A published app goes to those who may see it from now on, and away from those who may not any more: one revision of the signed
 * catalogues, in one transaction with the rows, so that a kill leaves it with the ones or with the others.
 */
import { type Tx, write } from "../../db/database.ts";
import type { Problem } from "../../errors.ts";
import { type AppId, type Audience, EVERYBODY } from "../../ids.ts";
import { copyBlobRow } from "../blobs.records.ts";
import { enqueuePointers } from "../listing/pointers.ts";
import type { LogPlan } from "../log/plan.ts";
import { copyToPublic, isForEverybody, publicKeyOf, recordPublic } from "../public-files.ts";
import * as records from "../records.ts";
import { homesOfApp } from "../revocation/homes.ts";
import { restoreLost } from "../revocation/lost.ts";
import { mendLowest } from "../revocation/lowest.ts";
import { keepSearchable } from "../search/keep.ts";
import { shardOf } from "../tuf/app-index.ts";
import { exportSoon } from "../tuf/export-soon.ts";
import { hasCatalogue } from "../tuf/records.ts";
import { publishTargets } from "../tuf/repository.ts";
import type { TrustStore } from "../tuf/revise.ts";
import { insertWithheld } from "../withheld.records.ts";
import { filesOf, keepContainers } from "./app-files.ts";
import { audiencesAfter, planVisibility } from "./plan.ts";
import { addAppAudiences, audiencesOf, endAppAudiences, markTold, selectAppAudiences } from "./records.ts";
import { withholdFiles } from "./withhold.ts";

export type Move = {
  readonly id: AppId;
  /** Those who may see it from now on. */
  readonly wanted: readonly Audience[];
  /** The app as it is by then, asked wherever it is acted upon; throws where it may not be done any more. */
  readonly look: (tx: Tx) => records.AppRow;
  /** What else is written, once the rows say who may see it. */
  readonly save: (tx: Tx, app: records.AppRow, now: Date) => void;
  /** Where something of the app came meanwhile. */
  readonly overtaken: () => Problem;
};

/** In its turn among acts, and once the rows of before are as they were signed. @throws Problem `catalog.busy`, `catalog.damaged`, `revocation.list_full` */
export async function moveApp(store: TrustStore, { id, wanted, look, save, overtaken }: Move): Promise<void> {
  const { orm } = store.db;
  const rows = audiencesAfter(selectAppAudiences(orm, id), wanted, store.clock.now());
  const lists = homesOfApp(rows).filter((audience) => hasCatalogue(orm, audience));
  await restoreLost(store, [...new Set<Audience>([EVERYBODY, ...lists])]);
  mendLowest(store, id);

  const files = filesOf(orm, id);
  const isPublic = wanted.includes(EVERYBODY);
  if (isPublic) {
    await withholdUntilShown(store, id, files);
    await copyToPublic(store, files);
  }
  const kept = isPublic ? [] : await keepContainers(store, files);
  const now = store.clock.now();
  await publishTargets(
    store,
    (log: LogPlan) => {
      const present = look(orm);
      // What came to the app meanwhile has to be where it is read from.
      if (filesOf(orm, id).join() !== files.join()) throw overtaken();
      return planVisibility(store, present, { wanted, now, log });
    },
    (tx) => {
      const app = look(tx);
      const seen = moveRows(tx, app, wanted, now);
      save(tx, app, now);
      withholdFiles(tx, id, { ...seen, files, now });
      if (isPublic) recordPublic(tx, files, now);
      for (const key of kept) copyBlobRow(tx, publicKeyOf(key), key, now);
    },
  );
  // A sweep may have met them before their rows were there.
  if (isPublic)
    for (const key of files)
      if ((await store.blobs.head(publicKeyOf(key))) === null) await store.blobs.copy(key, publicKeyOf(key));
  await exportSoon(store);
}

/**
 * What lies at a public address before the rows say that everybody may see the app is not served from there: the act may end
 * halfway, and what it copied lies there for a day. `recordPublic` takes that back.
 */
async function withholdUntilShown(store: TrustStore, appId: AppId, files: readonly string[]): Promise<void> {
  if (isForEverybody(store.db.orm, appId)) return;
  const fresh: string[] = [];
  for (const key of files.map(publicKeyOf)) if ((await store.blobs.head(key)) === null) fresh.push(key);
  const createdAt = store.clock.now();
  write(store.db, (tx) =>
    insertWithheld(
      tx,
      fresh.map((key) => ({ key, appId, audience: EVERYBODY, fromTimestamp: null, createdAt })),
    ),
  );
}

/** Gives who may see it now and might not before, and the other way round. */
export function moveRows(tx: Tx, app: records.AppRow, wanted: readonly Audience[], now: Date) {
  const had = audiencesOf(tx, app.id);
  const left = had.filter((audience) => !wanted.includes(audience));
  const joined = wanted.filter((audience) => !had.includes(audience));
  endAppAudiences(tx, app.id, left, now);
  addAppAudiences(tx, { id: app.id, shard: shardOf(app.id) }, joined, now);
  const isPublished = app.publishedAt !== null;
  if (isPublished) markTold(tx, app.id, now);
  const publicAt = isPublished && wanted.includes(EVERYBODY) ? (app.publicAt ?? now) : null;
  records.updateApp(tx, app.id, { publicAt }, now);
  keepSearchable(tx, app.id);
  if (isPublished) enqueuePointers(tx, app.id, now);
  return { joined, left };
}
