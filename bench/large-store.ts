/** A store with very many published apps: each is uploaded, checked, approved and signed as any other, and all are published at once. */

import { SYSTEM_LABEL } from "../src/accounts/actor.ts";
import { CRON, HANDLERS_HERE } from "../src/boot/handlers.ts";
import { insertLineage } from "../src/catalog/lineage.records.ts";
import { recordInLog } from "../src/catalog/log/record.ts";
import { manifestOf } from "../src/catalog/offer.ts";
import { offerFiles } from "../src/catalog/public-files.ts";
import * as records from "../src/catalog/records.ts";
import { releaseKey } from "../src/catalog/release-keys.ts";
import { rebuildShard } from "../src/catalog/revocation/reoffer.ts";
import { textsOf } from "../src/catalog/texts.ts";
import { SHARD_COUNT } from "../src/catalog/tuf/app-index.ts";
import { initialiseTrust } from "../src/catalog/tuf/repository.ts";
import { markTold } from "../src/catalog/visibility/records.ts";
import { write } from "../src/db/database.ts";
import type { VersionId } from "../src/ids.ts";
import { startScheduler } from "../src/jobs/scheduler.ts";
import { approve } from "../src/review/decide.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../src/testing/publishing.ts";
import { openTestStore, type TestStore, testClock } from "../src/testing/store.ts";

const BATCH = 100;
const PUBLISH_JOB = "version.publish";

/** Makes a store in this folder. Nothing waits for the disk meanwhile. */
export async function fillStore(dataDir: string, apps: number): Promise<void> {
  const store = await openTestStore({ dataDir, clock: testClock() });
  try {
    store.db.raw.run("PRAGMA synchronous = OFF");
    await initialiseTrust(store);
    const handlers = new Map([...HANDLERS_HERE, [PUBLISH_JOB, async () => {}] as const]);
    const scheduler = startScheduler(store, { handlers, cron: CRON, ticking: false });
    const publisher = await newPublisher(store);
    for (let from = 0; from < apps; from += BATCH) {
      const ids: VersionId[] = [];
      for (let n = from; n < Math.min(apps, from + BATCH); n++) ids.push(await send(store, publisher, n));
      await scheduler.drain();
      for (const id of ids) approve(store, reviewer(), id, {});
      await scheduler.drain();
      for (const id of ids) await publish(store, id);
    }
    for (let shard = 0; shard < SHARD_COUNT; shard++) await rebuildShard(store, shard);
    await scheduler.drain();
    await scheduler.stop(1000);
  } finally {
    store.close();
  }
}

async function send(store: TestStore, { signer, actor }: Publisher, n: number): Promise<VersionId> {
  const summary = { en: `What the app ${n} of this store is for, in a line of a usual length.` };
  const manifest = { id: `org.example.app${n}`, versionCode: 1, version: "1.0.0", summary };
  return (await submitBytes(store, actor, await signedApp(store, signer, manifest))).id;
}

/** What the publication of a version writes, but for the signed catalogue. */
async function publish(store: TestStore, id: VersionId): Promise<void> {
  const row = records.findVersion(store.db.orm, id);
  if (row?.state !== "publishing" || row.contentDigest === null || row.releasedSha256 === null)
    throw new Error(`${id} is ${row?.state} and not publishing`);
  const { appId, versionCode, contentDigest, releasedSha256, developerKeyid } = row;
  const icons = records.selectPictures(store.db.orm, id).filter(({ kind }) => kind === "icon");
  const offered = await offerFiles(store, appId, [
    releaseKey(releasedSha256),
    ...icons.map(({ blobKey }) => blobKey),
  ]);
  const now = store.clock.now();
  write(store.db, (tx) => {
    offered(tx, now);
    const texts = textsOf(manifestOf(row));
    records.updateApp(tx, appId, { ...texts, publishedAt: now, publicAt: now }, now);
    recordInLog(
      tx,
      store.vault,
      { type: "publication", appId, versionCode, contentDigest, package: releasedSha256 },
      now,
    );
    if (developerKeyid !== null)
      insertLineage(tx, { appId, keyid: developerKeyid, position: 0, addedAt: now });
    records.updateVersion(tx, row, { state: "published", publishedAt: now }, { actor: SYSTEM_LABEL, now });
    markTold(tx, appId, now);
  });
}
