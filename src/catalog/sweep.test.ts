/** The sweep removes what nobody refers to, and nothing else, whatever the order of things was. */
import { expect, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import { write } from "../db/database.ts";
import type { AppId, Sha256, VersionCode } from "../ids.ts";
import { approve } from "../review/decide.ts";
import { storeForAll } from "../testing/prepared.ts";
import { newPublisher, reviewer, signedApp, submitBytes } from "../testing/publishing.ts";
import { queryPlans, slowPlans } from "../testing/query-plans.ts";
import * as blobRecords from "./blobs.records.ts";
import { reconcileStore } from "./reconcile.ts";
import * as records from "./records.ts";
import { sweepBlobs } from "./sweep.ts";

const DAY_MS = 86_400_000;

const here = storeForAll();

async function keys(): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of here.store.blobs.list("")) {
    // The catalogue prunes its own, and writes its CRLs when they are due; none of those has a row.
    if (!/^store\/v1\/(crls|log|metadata|targets)\//.test(key)) found.push(key);
  }
  return found.sort();
}

const digest = (digit: string) => digit.repeat(64) as Sha256;

test("what versions refer to stays; what they do not goes after a day, with its row", async () => {
  const { store, scheduler } = here;
  const publisher = await newPublisher(store);
  const version = await submitBytes(store, publisher.actor, await signedApp(store, publisher.signer));
  await scheduler.drain();
  approve(store, reviewer(), version.id, {});
  await scheduler.drain();
  const own = await keys();
  expect(own.map((key) => key.replace(/[0-9a-f]{64}/, "…"))).toContain("store/v1/packages/….mosis");

  // A file whose row was never written, and rows of files that nothing names any more.
  const orphan = `uploads/${digest("a")}.mosis`;
  const forgotten = [
    `uploads/${digest("b")}.mosis`,
    `releases/${digest("c")}.mosis`,
    `store/v1/packages/${digest("d")}.mosis`,
    `pictures/${digest("e")}.png`,
    `store/v1/pictures/${digest("f")}.png`,
  ];
  for (const key of [orphan, ...forgotten]) await store.blobs.put(key, Buffer.from("rubbish"));
  write(store.db, (tx) => {
    for (const key of forgotten) {
      blobRecords.insertBlob(tx, { key, sha256: digest("0"), sizeBytes: 7, createdAt: store.clock.now() });
    }
  });

  expect(await sweepBlobs(store)).toEqual({ removed: 0 });
  expect(await keys()).toEqual([...own, orphan, ...forgotten].sort());

  store.clock.advance(DAY_MS + 60_000);
  expect(await sweepBlobs(store)).toEqual({ removed: 6 });
  expect(await keys()).toEqual(own);
  for (const key of forgotten) expect(blobRecords.hasBlobRow(store.db.orm, key)).toBe(false);
  expect(await reconcileStore(store, OPERATOR)).toEqual([]);
});

test("goes through more rows than one batch holds", async () => {
  const { store } = here;
  const kept = await keys();
  write(store.db, (tx) => {
    for (let n = 0; n < 1300; n += 1) {
      const sha256 = n.toString(16).padStart(64, "0") as Sha256;
      blobRecords.insertBlob(tx, {
        key: `uploads/${sha256}.mosis`,
        sha256,
        sizeBytes: 1,
        createdAt: new Date(store.clock.now().getTime() - 2 * DAY_MS),
      });
    }
  });
  await sweepBlobs(store);
  const rows = blobRecords.selectBlobs(store.db.orm, "", 5000).map((row) => row.key);
  expect(rows).toEqual(kept);
});

test("asks each question of the sweep and of a publication by an index", () => {
  const tx = here.store.db.orm;
  for (const folder of ["uploads", "releases", "pictures"]) {
    const key = `${folder}/${digest("7")}.${folder === "pictures" ? "png" : "mosis"}`;
    write(here.store.db, (db) =>
      blobRecords.insertBlob(db, { key, sha256: digest("7"), sizeBytes: 1, createdAt: new Date(0) }),
    );
  }
  const plans = queryPlans(here.store.db, () => {
    blobRecords.selectUnreferencedBlobs(tx, { after: "", limit: 10 }, new Date(8.64e15));
    records.selectPublished(tx, "org.example.app" as AppId, 10);
    records.highestPublishedCode(tx, "org.example.app" as AppId);
    records.findLiveUpload(tx, "org.example.app" as AppId, digest("0"));
    records.findLiveCode(tx, "org.example.app" as AppId, 1 as VersionCode);
  });
  expect(plans.length).toBeGreaterThan(7);
  expect(slowPlans(plans)).toEqual([]);
  const scan = queryPlans(here.store.db, () =>
    here.store.db.raw.query("SELECT * FROM versions ORDER BY notes").all(),
  );
  expect(slowPlans(scan)).toHaveLength(2);
});
