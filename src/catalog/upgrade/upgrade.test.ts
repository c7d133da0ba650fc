/** Today's program on a data folder that was written before there was a log, and on a device of that time. */
import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { HANDLERS_HERE } from "../../boot/handlers.ts";
import { type OpenedStore, openStore } from "../../boot/open-store.ts";
import { loadConfig } from "../../config.ts";
import { closeDevice, initDevice, openDevice } from "../../device/device.ts";
import { install, update } from "../../device/installer.ts";
import { list } from "../../device/inventory.ts";
import { verify } from "../../device/verification.ts";
import { parseLeaf } from "../../format/log/leaves.ts";
import type { AppId, VersionCode } from "../../ids.ts";
import { listJobs } from "../../jobs/queue.ts";
import { approve } from "../../review/decide.ts";
import { createCsr, privateKeyFromPem } from "../../signing/keys.ts";
import { localSigner } from "../../signing/signer.ts";
import { serveCatalogue } from "../../testing/catalogue-server.ts";
import { signedApp, submitBytes } from "../../testing/publishing.ts";
import { silentLog, testClock } from "../../testing/store.ts";
import { checkDifferences } from "../check-seal.ts";
import { enrollKey } from "../developer-keys.ts";
import { auditLog } from "../log/audit.ts";
import * as log from "../log/records.ts";
import { reconcileStore } from "../reconcile.ts";
import { enact } from "../revocation/act.ts";
import { parseChange } from "../revocation/change.ts";
import { renew, replaceKeys } from "../store-keys/operations.ts";
import { parseAppIndex } from "../tuf/documents.ts";
import { findTargetBody } from "../tuf/records.ts";
import { rootSha256 } from "../tuf/repository.ts";
import { type OldStore, unpackOldStore } from "./testing.ts";

setDefaultTimeout(60_000);

const SAMPLE = "org.example.sample" as AppId;

let folder: string;
let facts: OldStore;
const clock = testClock();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mosis-upgrade-"));
  facts = await unpackOldStore(folder);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(): Promise<OpenedStore> {
  const dataDir = join(folder, "data");
  return openStore({
    config: loadConfig({ dataDir }, {}),
    clock,
    log: silentLog,
    mayCreate: false,
    runJobs: false,
    handlers: HANDLERS_HERE,
  });
}

/** What waited for its review then. */
test("a version that waited for its review is taken for what its checks judged", async () => {
  const old = new Database(join(folder, "data", "mosis.db"));
  const { changes } = old.run("UPDATE versions SET state = 'in_review' WHERE version_code = 3");
  old.close();
  expect(changes).toBe(1);
  const { store, scheduler, close } = await start();
  await scheduler.drain();
  expect(checkDifferences(store)).toEqual([]);
  store.db.raw.run("UPDATE versions SET upload_size_bytes = upload_size_bytes + 1 WHERE version_code = 3");
  expect(checkDifferences(store)).toHaveLength(1);
  await close(1000);
});

const deviceAt = (name: string) => ({ home: join(folder, name), clock });

describe("a store of before the log", () => {
  test("comes up with every act of its past as a leaf, and hides what is not public", async () => {
    const { store, scheduler, close } = await start();
    await scheduler.drain();
    const leaves = log.selectLeaves(store.db.orm, 0, 1000);
    const counts = Map.groupBy(leaves, (row) => row.type);
    const { count: keys } = store.db.raw.query("SELECT count(*) AS count FROM signing_keys").get() as {
      count: number;
    };
    expect(counts.get("store-key")).toHaveLength(keys);
    expect(
      counts
        .get("certificate")
        ?.map(({ entry }) => ("kind" in entry ? entry.kind : ""))
        .sort(),
    ).toEqual(["developer-ca", "release", "root"]);
    expect(counts.get("developer-key")).toHaveLength(1);
    const acts = leaves.flatMap(({ entry, leaf }) =>
      entry.type === "approval" || entry.type === "publication"
        ? [
            `${entry.type} ${entry.appId} ${entry.versionCode}${parseLeaf(new Uint8Array(leaf)).isSalted ? " hidden" : ""}`,
          ]
        : [],
    );
    expect(acts.sort()).toEqual([
      "approval org.example.held 1 hidden",
      "approval org.example.sample 1",
      "approval org.example.sample 2",
      "approval org.example.sample 3",
      "publication org.example.sample 1",
      "publication org.example.sample 2",
      "publication org.example.sample 3",
    ]);
    expect(log.findHead(store.db.orm)?.size).toBe(leaves.length);
    expect(auditLog(store)).toEqual([]);
    expect(await reconcileStore(store, OPERATOR)).toEqual([]);
    expect(listJobs(store.db, { limit: 100 }).filter((job) => job.state !== "done")).toEqual([]);
    const index = parseAppIndex(
      findTargetBody(store.db.orm, `apps/${SAMPLE}/index.json`) ?? new Uint8Array(),
    );
    expect(index.channels.get("stable")?.map((release) => Number(release.versionCode))).toEqual([3, 2, 1]);
    await close(1000);

    const again = await start();
    await again.scheduler.drain();
    expect(log.logSize(again.store.db.orm)).toBe(leaves.length);
    await again.close(1000);
  });

  test("is updated from by its device, installed from by a new one, and goes on publishing", async () => {
    const { store, scheduler, close } = await start();
    await scheduler.drain();
    const server = serveCatalogue(store.blobs);
    try {
      expect(rootSha256(store)).toBe(facts.rootSha256 as never);
      await initDevice({ ...deviceAt("device"), url: server.url, rootSha256: facts.rootSha256 });
      await initDevice({ ...deviceAt("new"), url: server.url, rootSha256: facts.rootSha256 });
      const old = await openDevice(deviceAt("device"));
      const fresh = await openDevice(deviceAt("new"));
      try {
        expect(list(old).map((app) => Number(app.versionCode))).toEqual([1]);
        expect((await update(old, null)).failures).toEqual([]);
        expect(list(old).map((app) => Number(app.versionCode))).toEqual([3]);
        expect((await install(fresh, SAMPLE, 1 as VersionCode)).versionCode).toBe(1 as VersionCode);
        expect((await install(fresh, SAMPLE)).versionCode).toBe(3 as VersionCode);

        await publishFourth(store, scheduler);
        for (const device of [old, fresh]) {
          expect((await update(device, null)).failures).toEqual([]);
          expect(list(device).map((app) => Number(app.versionCode))).toEqual([4]);
          expect((await verify(device, null)).map(({ ok }) => ok)).toEqual([true, true]);
        }
      } finally {
        closeDevice(old);
        closeDevice(fresh);
      }
    } finally {
      await server.stop();
      await close(1000);
    }
  });

  test.each([
    ["certified once", ""],
    [
      "certified twice",
      "INSERT INTO developer_certificates SELECT 'second', keyid, x'00', not_before, not_after, created_at + 1 FROM developer_certificates",
    ],
  ])("names who signed its versions, with a key that was %s", async (_, change) => {
    const database = new Database(join(folder, "data/mosis.db"));
    if (change !== "") database.run(change);
    database.close();
    const { store, scheduler, close } = await start();
    await scheduler.drain();
    const certificate = store.db.raw
      .query("SELECT sha256 FROM developer_certificates WHERE serial <> 'second'")
      .get() as { sha256: string };
    const versions = store.db.raw
      .query(
        "SELECT developer_certificate AS own, release_keyid AS keyid, release_certificate AS by FROM versions WHERE approved_at IS NOT NULL",
      )
      .all() as { own: string | null; keyid: string | null; by: string | null }[];
    expect(versions).toHaveLength(4);
    for (const version of versions) {
      expect(version.own).toBe(certificate.sha256);
      expect(version.keyid).toMatch(/^[0-9a-f]{64}$/);
      expect(version.by).toMatch(/^[0-9a-f]{64}$/);
    }
    await close(1000);
  });

  test("takes revocations of what signed its past, and replaces its keys and renews its certificates", async () => {
    const { store, scheduler, close } = await start();
    await scheduler.drain();
    const listed = () =>
      parseAppIndex(findTargetBody(store.db.orm, `apps/${SAMPLE}/index.json`) ?? new Uint8Array())
        .channels.get("stable")
        ?.map((release) => Number(release.versionCode));
    const { sha256 } = store.db.raw.query("SELECT sha256 FROM developer_certificates").get() as {
      sha256: string;
    };
    const about = { subject: "certificate", id: sha256, reason: "lost" };
    await enact(store, OPERATOR, parseChange({ ...about, act: "revoke", action: "block" }));
    await scheduler.drain();
    expect(listed()).toEqual([]);
    await enact(store, OPERATOR, parseChange({ ...about, act: "lift" }));
    await scheduler.drain();
    expect(listed()).toEqual([3, 2, 1]);

    const names = store.db.raw.query<{ name: string }, []>("SELECT name FROM signing_keys").all();
    await replaceKeys(
      store,
      OPERATOR,
      names.map(({ name }) => name),
    );
    await renew(store, OPERATOR, "ca-root");
    await scheduler.drain();
    const server = serveCatalogue(store.blobs);
    try {
      const device = await initDevice({
        ...deviceAt("device"),
        url: server.url,
        rootSha256: facts.rootSha256,
      }).then(() => openDevice(deviceAt("device")));
      expect((await update(device, null)).failures).toEqual([]);
      expect(list(device).map((app) => Number(app.versionCode))).toEqual([3]);
      closeDevice(device);
    } finally {
      await server.stop();
    }
    expect(auditLog(store)).toEqual([]);
    await close(1000);
  });
});

async function publishFourth(
  store: OpenedStore["store"],
  scheduler: OpenedStore["scheduler"],
): Promise<void> {
  const actor = {
    kind: "organisation-key",
    organisationId: facts.organisationId,
    keyId: `key-${"0".repeat(32)}`,
  } as Parameters<typeof enrollKey>[1];
  const keys = privateKeyFromPem(facts.privateKey);
  // With a certificate of today, so that this test does not end with the old one.
  const enrolled = await enrollKey(store, actor, { csr: await createCsr(keys) });
  const signer = localSigner(keys.privateKey, enrolled.certificatePem);
  const bytes = await signedApp(store, signer, { versionCode: 4, version: "4.0.0" });
  const version = await submitBytes(store, actor, bytes);
  await scheduler.drain();
  approve(store, OPERATOR, version.id, {});
  await scheduler.drain();
}
