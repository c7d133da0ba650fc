import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listJobs } from "../../jobs/queue.ts";
import { type CatalogueServer, serveCatalogue } from "../../testing/catalogue-server.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { fetchTarget, tufClient } from "../../testing/tuf-client.ts";
import { checkCatalogue } from "../check-catalogue.ts";
import { logSize } from "../log/records.ts";
import { reconcile } from "./compare.ts";
import { exportCatalogue, pruneCatalogue } from "./export.ts";
import { sha256 } from "./metadata.ts";
import { METADATA_MOST } from "./metadata-form.ts";
import * as records from "./records.ts";
import { catalogueHealth, initialiseTrust, publishTargets, renewExpiring, rootSha256 } from "./repository.ts";
import { BIN_ROLES, roleForTarget } from "./roles.ts";

let store: TestStore;
let server: CatalogueServer;

beforeEach(async () => {
  store = await openTestStore();
  await initialiseTrust(store);
  await exportCatalogue(store);
  server = serveCatalogue(store.blobs);
});

afterEach(async () => {
  await server.stop();
  store.close();
});

const client = () => tufClient(store, server);

const plan = (path: string, text: string) => ({
  upserts: [{ path, body: new TextEncoder().encode(text) }],
  removes: [],
});

test("the first start makes every role once, and starting again changes nothing", async () => {
  expect(await initialiseTrust(store)).toBe(false);
  expect([...records.currentRoles(store.db.orm).values()].every((role) => role.version === 1)).toBe(true);
  expect(records.currentRoles(store.db.orm).size).toBe(256 + 6);
  expect(await reconcile(store, { deep: true })).toEqual({ missing: [], different: [], orphans: [] });
});

test("a first start that is undone by its caller leaves nothing", async () => {
  const empty = await openTestStore();
  await expect(
    initialiseTrust(empty, () => {
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect(records.currentRoles(empty.db.orm).size).toBe(0);
  expect(await initialiseTrust(empty)).toBe(true);
  empty.close();
});

test("tuf-js accepts the catalogue, target files of every role included", async () => {
  await publishTargets(store, plan("apps/com.example.notes/index.json", "one"), () => {});
  await exportCatalogue(store);
  const { updater } = client();
  const fresh = updater();
  await fresh.refresh();
  expect(await fetchTarget(fresh, "apps/com.example.notes/index.json")).toBe("one");
  expect(await fetchTarget(fresh, "trust/ca.pem")).toStartWith("-----BEGIN CERTIFICATE-----");
  expect(await fetchTarget(fresh, "trust/revocations.json")).toBe(
    '{"entries":[],"lowestVersionCodes":{},"v":1}',
  );
  expect(await fetchTarget(fresh, "apps/com.example.absent/index.json")).toBeNull();
  const info = await fresh.getTargetInfo("trust/ca.pem");
  expect(info?.custom).toEqual({ storeId: expect.stringMatching(/^store-[0-9a-f]{32}$/) });
});

test("the bins are those that the client computes", async () => {
  const { updater } = client();
  const paths = Array.from({ length: 40 }, (_, n) => `apps/com.example.app${n}/index.json`);
  await publishTargets(
    store,
    { upserts: paths.map((path) => ({ path, body: Buffer.from(path) })), removes: [] },
    () => {},
  );
  await exportCatalogue(store);
  const fresh = updater();
  for (const path of paths) expect(await fetchTarget(fresh, path)).toBe(path);
  expect(new Set(paths.map(roleForTarget)).size).toBeGreaterThan(20);
  expect(paths.map(roleForTarget).every((role) => BIN_ROLES.includes(role))).toBe(true);
});

test("publishing one app writes as many files with a hundred apps as with none", async () => {
  const written = async (path: string): Promise<number> => {
    const before = records.allMetadataFacts(store.db.orm).length;
    await publishTargets(store, plan(path, path), () => {});
    return records.allMetadataFacts(store.db.orm).length - before;
  };
  expect(await written("apps/com.example.first/index.json")).toBe(3);
  await publishTargets(
    store,
    {
      upserts: Array.from({ length: 100 }, (_, n) => ({
        path: `apps/a.b${n}/index.json`,
        body: Buffer.from("x"),
      })),
      removes: [],
    },
    () => {},
  );
  expect(await written("apps/com.example.second/index.json")).toBe(3);
});

test("the caller's rows and the catalogue change together or not at all", async () => {
  const before = records.currentRoles(store.db.orm);
  const refused = publishTargets(store, plan("apps/a.b/index.json", "x"), () => {
    throw new Error("the version was withdrawn");
  });
  await expect(refused).rejects.toThrow("withdrawn");
  expect(records.currentRoles(store.db.orm)).toEqual(before);
  expect(records.findTargets(store.db.orm, ["apps/a.b/index.json"])).toEqual([]);
});

test("publishing the same again signs nothing and still runs the caller's part", async () => {
  await publishTargets(store, plan("apps/a.b/index.json", "x"), () => {});
  const before = records.allMetadataFacts(store.db.orm).length;
  let ran = 0;
  await publishTargets(store, plan("apps/a.b/index.json", "x"), () => {
    ran += 1;
  });
  expect(ran).toBe(1);
  expect(records.allMetadataFacts(store.db.orm).length).toBe(before);
});

test("publications side by side all arrive, and each plan sees the one before", async () => {
  const count = () => Number(records.findTargetBody(store.db.orm, "apps/a.b/index.json")?.toString() ?? "0");
  await Promise.all(
    Array.from({ length: 6 }, () =>
      publishTargets(
        store,
        () => plan("apps/a.b/index.json", String(count() + 1)),
        () => {},
      ),
    ),
  );
  expect(count()).toBe(6);
  await exportCatalogue(store);
  const { updater } = client();
  expect(await fetchTarget(updater(), "apps/a.b/index.json")).toBe("6");
});

test("a removed target is gone for clients", async () => {
  await publishTargets(store, plan("apps/a.b/index.json", "x"), () => {});
  await publishTargets(
    store,
    { upserts: [], removes: [{ path: "apps/a.b/index.json" }, { path: "apps/never.there/index.json" }] },
    () => {},
  );
  await exportCatalogue(store);
  const { updater } = client();
  expect(await fetchTarget(updater(), "apps/a.b/index.json")).toBeNull();
});

test("what is signed waits for its export, as one job", async () => {
  await publishTargets(store, plan("apps/a.b/index.json", "x"), () => {});
  await publishTargets(store, plan("apps/a.c/index.json", "x"), () => {});
  expect(listJobs(store.db, { state: "queued", limit: 10 }).map((job) => job.kind)).toEqual([
    "catalog.export",
  ]);
  expect(catalogueHealth(store).unexported).toBe(6);
  const { updater } = client();
  expect(await fetchTarget(updater(), "apps/a.b/index.json")).toBeNull();
  await exportCatalogue(store);
  expect(catalogueHealth(store).unexported).toBe(0);
  expect(await fetchTarget(updater(), "apps/a.b/index.json")).toBe("x");
  expect(await fetchTarget(updater(), "apps/a.c/index.json")).toBe("x");
});

test("each role is signed anew after half of its life, offline ones too, and clients follow", async () => {
  const { updater, folder } = client();
  await updater().refresh();
  expect(await renewExpiring(store)).toEqual([]);
  const hour = 3_600_000;
  store.clock.advance(12 * hour);
  expect(await renewExpiring(store)).toEqual(["timestamp"]);
  store.clock.advance(3 * 24 * hour);
  expect(new Set(await renewExpiring(store))).toEqual(new Set(["revocations", "snapshot", "timestamp"]));
  store.clock.advance(12 * 24 * hour);
  expect((await renewExpiring(store)).length).toBe(256 + 3);
  store.clock.advance(80 * 24 * hour);
  const due = await renewExpiring(store);
  expect(due).toContain("targets");
  expect(due).toContain("apps");
  expect(due).not.toContain("root");
  store.clock.advance(100 * 24 * hour);
  expect(await renewExpiring(store)).toContain("root");
  expect(catalogueHealth(store).expired).toBe(false);
  await exportCatalogue(store);
  await updater().refresh();
  expect(records.currentRoles(store.db.orm).get("root")?.version).toBe(2);
  expect(await Bun.file(join(folder, "root.json")).json()).toMatchObject({
    signed: { version: 2 },
  });
});

test("health names what ends first, and says when something has ended", () => {
  expect(catalogueHealth(store).expiries[0]?.role).toBe("timestamp");
  expect(catalogueHealth(store).expired).toBe(false);
  store.clock.advance(86_400_000);
  expect(catalogueHealth(store).expired).toBe(true);
});

test("what was replaced stays for a week, then goes; roots and what is current never do", async () => {
  const path = "apps/a.b/index.json";
  await publishTargets(store, plan(path, "one"), () => {});
  await exportCatalogue(store);
  await publishTargets(store, plan(path, "two"), () => {});
  await exportCatalogue(store);
  const old = `store/v1/targets/apps/a.b/${sha256(Buffer.from("one"))}.index.json`;
  store.clock.advance(6 * 86_400_000);
  await pruneCatalogue(store);
  expect(await store.blobs.head(old)).not.toBeNull();
  store.clock.advance(2 * 86_400_000);
  await pruneCatalogue(store);
  expect(await store.blobs.head(old)).toBeNull();
  expect(await store.blobs.head("store/v1/metadata/1.snapshot.json")).toBeNull();
  expect(await store.blobs.head("store/v1/metadata/1.root.json")).not.toBeNull();
  expect(await reconcile(store, { deep: true })).toEqual({ missing: [], different: [], orphans: [] });
  store.clock.advance(-8 * 86_400_000);
  const { updater } = client();
  expect(await fetchTarget(updater(), path)).toBe("two");
});

test("a content that comes back is not swept with its old self", async () => {
  const path = "apps/a.b/index.json";
  for (const text of ["one", "two", "one"]) await publishTargets(store, plan(path, text), () => {});
  await exportCatalogue(store);
  store.clock.advance(8 * 86_400_000);
  await pruneCatalogue(store);
  expect(
    await store.blobs.head(`store/v1/targets/apps/a.b/${sha256(Buffer.from("one"))}.index.json`),
  ).not.toBeNull();
});

test("files that were lost or damaged are found and written again", async () => {
  await store.blobs.remove("store/v1/metadata/1.bins-0a.json");
  await store.blobs.put("store/v1/metadata/1.targets.json", Buffer.from("{}"));
  await store.blobs.put("store/v1/metadata/9.targets.json", Buffer.from("{}"));
  expect(await reconcile(store, { deep: true })).toEqual({
    missing: ["store/v1/metadata/1.bins-0a.json"],
    different: ["store/v1/metadata/1.targets.json"],
    orphans: ["store/v1/metadata/9.targets.json"],
  });
  await reconcile(store, { repair: true });
  expect(await reconcile(store, { deep: true })).toMatchObject({ missing: [], different: [] });
});

test("files of which a few bytes are others are found by reading all of them, and written again", async () => {
  const size = logSize(store.db.orm);
  const tiles = (await Array.fromAsync(store.blobs.list("store/v1/log/tile/"))).map(({ key }) => key);
  expect(tiles.length).toBe(2);
  const keys = [...tiles, "store/v1/metadata/1.targets.json"];
  const bytesOf = (key: string) => readFileSync(join(store.dataDir, "blobs", key));
  const right = keys.map(bytesOf);
  for (const key of keys)
    await store.blobs.put(key, Buffer.concat([Buffer.from("XXXX"), bytesOf(key).subarray(4)]));
  await reconcile(store, { repair: true });
  expect([...(await reconcile(store, { deep: true })).different].sort()).toEqual([...keys].sort());
  // What was served under the name of a version that is not exported is left to the export, which refuses it.
  await store.blobs.put("store/v1/metadata/2.snapshot.json", Buffer.from("of a newer database"));
  await publishTargets(store, plan("apps/a.b/index.json", "x"), () => {});

  await checkCatalogue(store);
  expect(keys.map((key, at) => right[at]?.equals(bytesOf(key)))).toEqual(keys.map(() => true));
  expect(bytesOf("store/v1/metadata/2.snapshot.json").toString()).toBe("of a newer database");
  expect(logSize(store.db.orm)).toBe(size);

  // Nothing is written from a log that is not the one that was signed.
  const [tile = ""] = tiles;
  await store.blobs.put(tile, Buffer.from("XXXX"));
  store.db.raw.run("DROP TRIGGER IF EXISTS log_leaves_fixed");
  store.db.raw.run("UPDATE log_leaves SET leaf = x'00' WHERE position = 0");
  await checkCatalogue(store);
  expect(bytesOf(tile).toString()).toBe("XXXX");
});

test("a version is never served with a second content", async () => {
  await store.blobs.put("store/v1/metadata/2.snapshot.json", Buffer.from("of a newer database"));
  await publishTargets(store, plan("apps/a.b/index.json", "x"), () => {});
  await expect(exportCatalogue(store)).rejects.toMatchObject({ code: "catalog.forked" });
  const { updater } = client();
  await updater().refresh();
});

test("a device is set up with the digest of the first root", async () => {
  const served = await (await fetch(`${server.url}/store/v1/metadata/1.root.json`)).bytes();
  expect(sha256(served)).toBe(rootSha256(store));
});

test("a bin takes as many targets as devices read, and for one more nothing is changed", async () => {
  const bin = BIN_ROLES[7] ?? "";
  const paths: string[] = [];
  for (let index = 0; paths.length <= METADATA_MOST.targets; index++)
    if (roleForTarget(`x/${index}`) === bin) paths.push(`x/${index}`);
  const body = new TextEncoder().encode("x");
  const add = (...added: string[]) =>
    publishTargets(
      store,
      () => ({ upserts: added.map((path) => ({ path, body })), removes: [] }),
      () => {},
    );
  const versions = () =>
    [...records.currentRoles(store.db.orm)].map(([role, { version }]) => `${version}.${role}`);
  const count = () => {
    const { version = 0 } = records.currentRoles(store.db.orm).get(bin) ?? {};
    const metadata = records.findMetadata(store.db.orm, bin, version);
    return Object.keys(JSON.parse(metadata?.body.toString() ?? "").signed.targets).length;
  };
  await add(...paths.slice(count(), METADATA_MOST.targets));
  expect(count()).toBe(METADATA_MOST.targets);
  const before = versions();
  await expect(add(paths[METADATA_MOST.targets] ?? "", "x/of-another-bin")).rejects.toMatchObject({
    code: "catalog.full",
  });
  expect([versions(), count()]).toEqual([before, METADATA_MOST.targets]);
}, 60_000);
