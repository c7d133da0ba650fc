/** What a store makes after a publication, names in the signed index, and takes away again. */
import { describe, expect, test } from "bun:test";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { isProblem } from "../../errors.ts";
import { noise } from "../../format/delta/testing.ts";
import { utf8 } from "../../format/testing.ts";
import type { AppId, VersionCode } from "../../ids.ts";
import { listJobs } from "../../jobs/queue.ts";
import { approve } from "../../review/decide.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { reconcileStore } from "../reconcile.ts";
import { packageKey } from "../release-keys.ts";
import { sweepBlobs } from "../sweep.ts";
import { type IndexedRelease, parseAppIndex } from "../tuf/documents.ts";
import { findTargetBody } from "../tuf/records.ts";
import { makeDeltas, planDeltas, planDeltasOf } from "./make.ts";
import { madeByChild, madeHere } from "./maker.ts";
import { basesOf, isDeltaWorth } from "./plan.ts";
import * as deltaRecords from "./records.ts";

const APP = "org.example.sample";
let publisher: Publisher;

const publishing = storeForEach(async () => {
  publisher = await newPublisher(publishing.store);
});

const SOUND = noise(60_000, 3);

async function publish(versionCode: number): Promise<void> {
  const { store, scheduler } = publishing;
  const files = new Map([
    ["data/sound.ogg", SOUND],
    ["main.lua", utf8(`return ${versionCode}\n`)],
  ]);
  const bytes = await signedApp(store, publisher.signer, { versionCode }, files);
  const version = await submitBytes(store, publisher.actor, bytes);
  await scheduler.drain();
  approve(store, reviewer(), version.id, {});
  await scheduler.drain();
}

function indexed(): readonly IndexedRelease[] {
  const body = findTargetBody(publishing.store.db.orm, `apps/${APP}/index.json`);
  if (!body) throw new Error("there is no index");
  return parseAppIndex(body).channels.get("stable") ?? [];
}

const versionIds = () => deltaRecords.selectVersionsWithDeltas(publishing.store.db.orm, APP as AppId).sort();

test("a release gets its compact form and deltas from the three before it, in the index and as files", async () => {
  for (const code of [1, 2, 3, 4, 5]) await publish(code);
  const { store } = publishing;
  expect(listJobs(store.db, { limit: 200 }).filter(({ state }) => state !== "done")).toEqual([]);
  const [newest, ...before] = indexed();
  expect(newest?.versionCode as number).toBe(5);
  expect(newest?.deltas.map(({ base }) => base).sort()).toEqual(
    before
      .slice(0, 3)
      .map(({ contentDigest }) => contentDigest)
      .sort(),
  );
  expect(newest?.compact?.sizeBytes).toBeLessThan(newest?.package.sizeBytes ?? 0);
  for (const delta of newest?.deltas ?? []) {
    expect(delta.sizeBytes).toBeLessThan((newest?.compact?.sizeBytes ?? 0) * 0.6);
    const head = await store.blobs.head(`store/v1/${delta.url}`);
    expect(head?.sizeBytes).toBe(delta.sizeBytes);
  }
  expect(await reconcileStore(store, OPERATOR)).toEqual([]);
});

test("made again, it makes nothing and signs nothing", async () => {
  await publish(1);
  await publish(2);
  const { store, scheduler } = publishing;
  const before = [indexed(), await reconcileStore(store, OPERATOR)];
  for (const id of versionIds()) await makeDeltas(store, id, madeHere);
  await scheduler.drain();
  expect([indexed(), await reconcileStore(store, OPERATOR)]).toEqual(before);
});

test("a store from before gets the containers of what it offers", async () => {
  await publish(1);
  await publish(2);
  const { store, scheduler } = publishing;
  const made = indexed()[0];
  store.db.raw.run("DELETE FROM deltas");
  await planDeltas(store);
  await planDeltas(store);
  expect(listJobs(store.db, { state: "queued", limit: 10 }).map(({ kind }) => kind)).toEqual([
    "version.deltas",
  ]);
  await scheduler.drain();
  expect(indexed()[0]).toEqual(made as IndexedRelease);
});

test("a store that stops makes no more of it, and the next start does", async () => {
  await publish(1);
  const { store } = publishing;
  const made = indexed();
  const [id] = versionIds();
  if (!id) throw new Error("nothing was made");
  store.db.raw.run("DELETE FROM deltas");
  const stopping = AbortSignal.abort(new Error("the store stops"));
  await expect(makeDeltas(store, id, madeHere, stopping)).rejects.toThrow("the store stops");
  expect(versionIds()).toEqual([]);
  await makeDeltas(store, id, madeHere);
  expect(indexed()).toEqual(made);
});

test("a child process makes the same, and leaves nothing behind", async () => {
  await publish(1);
  await publish(2);
  const { store } = publishing;
  const made = indexed();
  const ids = versionIds();
  store.db.raw.run("DELETE FROM deltas");
  for (const id of ids) await makeDeltas(store, id, madeByChild);
  expect(versionIds()).toEqual(ids);
  expect(indexed()).toEqual(made);
  expect(readdirSync(join(store.dataDir, "staging"))).toEqual([]);
});

test("a child process that fails makes the job fail, to be tried again", async () => {
  await publish(1);
  const { store } = publishing;
  const [id] = versionIds();
  const sha256 = indexed()[0]?.package.sha256;
  if (!id || !sha256) throw new Error("nothing was made");
  store.db.raw.run("DELETE FROM deltas");
  writeFileSync(join(store.dataDir, "blobs", packageKey(sha256)), "no package");
  const error: unknown = await makeDeltas(store, id, madeByChild).catch((thrown) => thrown);
  if (!isProblem(error)) throw error;
  expect([error.kind, error.code]).toEqual(["unavailable", "job.child_failed"]);
  expect(error.message).toContain("MPK-C002");
  expect(readdirSync(join(store.dataDir, "staging"))).toEqual([]);
  expect(versionIds()).toEqual([]);
});

test("what is not offered any more loses its containers, rows first and files a day later", async () => {
  const { store } = publishing;
  for (const code of [1, 2]) await publish(code);
  const [newest] = indexed();
  const file = `store/v1/${newest?.deltas[0]?.url}`;
  store.db.raw.run("UPDATE versions SET published_at = NULL WHERE version_code = 2");
  await planDeltas(store);
  expect(versionIds().length).toBe(1);
  store.clock.advance(2 * 86_400_000);
  await sweepBlobs(store);
  expect(await store.blobs.head(file)).toBeNull();
});

test("looking whether an app's containers are all there reads nothing from end to end, and writes nothing", async () => {
  for (const code of [1, 2]) await publish(code);
  const { store } = publishing;
  const plans = queryPlans(store.db, () => planDeltasOf(store, APP as AppId));
  expect(plans.length).toBeGreaterThan(1);
  expect(plans.filter(({ sql }) => !/^\s*select/i.test(sql))).toEqual([]);
  expect(slowPlans(plans)).toEqual([]);
  expect(slowPlans(queryPlans(store.db, () => deltaRecords.selectAppsAfter(store.db.orm, APP, 10)))).toEqual(
    [],
  );
});

test("every app is looked at, however many there are", async () => {
  await publish(1);
  const { store } = publishing;
  const columns = (table: string) =>
    store.db.raw
      .query<{ name: string }, [string]>("SELECT name FROM pragma_table_info(?)")
      .all(table)
      .map(({ name }) => name);
  const copy = (table: string, changed: Readonly<Record<string, string>>) => {
    const names = columns(table);
    const values = names.map((name) => changed[name] ?? name).join(", ");
    store.db.raw.run(
      `WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 170) INSERT INTO ${table} (${names.join(", ")}) SELECT ${values} FROM ${table}, n`,
    );
  };
  store.db.raw.run("DELETE FROM deltas");
  copy("apps", { id: "id || '.a' || i" });
  copy("versions", { id: "id || i", app_id: "app_id || '.a' || i" });
  await planDeltas(store);
  const { count } = store.db.raw
    .query<{ count: number }, []>(
      "SELECT count(*) AS count FROM jobs WHERE kind = 'version.deltas' AND state = 'queued'",
    )
    .get() ?? { count: 0 };
  expect(count).toBe(171);
});

describe("which versions a delta is made from", () => {
  const offered = [1, 2, 3, 4, 5, 6, 7].map((code) => ({ versionCode: code as VersionCode }));
  const release = { versionCode: 6 as VersionCode };
  const codes = (shares: Record<number, number>) =>
    basesOf(
      release,
      offered,
      new Map(Object.entries(shares).map(([code, share]) => [Number(code) as VersionCode, share])),
    ).map(({ versionCode }) => versionCode as number);
  test("the last three below it", () => expect(codes({})).toEqual([5, 4, 3]));
  test("and what more than 1 % of installs run", () =>
    expect(codes({ 1: 0.011, 2: 0.01, 7: 0.9 })).toEqual([5, 4, 3, 1]));
  test("a delta of 60 % of the compact form is not kept", () => {
    expect([isDeltaWorth(600, 1000), isDeltaWorth(599, 1000)]).toEqual([false, true]);
  });
});
