/** Catalogues of audiences beside the public one: what they have in common, and what is their own. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import type { Updater } from "tuf-js";
import { type Audience, type AudienceId, EVERYBODY } from "../../ids.ts";
import { type CatalogueServer, serveCatalogue } from "../../testing/catalogue-server.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { fetchTarget, tufClient } from "../../testing/tuf-client.ts";
import { checkCatalogue, mendRows } from "../check-catalogue.ts";
import { reconcile } from "./compare.ts";
import { exportCatalogue, pruneCatalogue } from "./export.ts";
import * as records from "./records.ts";
import { catalogueHealth, initialiseTrust, publishTargets, renewExpiring } from "./repository.ts";
import { revise } from "./revise.ts";
import { BIN_ROLES, OWN_ROLES, roleForTarget } from "./roles.ts";

const ONE = "grp-00000000000000000000000000000001" as AudienceId;
const TWO = "grp-00000000000000000000000000000002" as AudienceId;
const PATH = "apps/com.example.inside/index.json";
const HOUR_MS = 3_600_000;
// Each catalogue begins with some 260 files.
setDefaultTimeout(60_000);

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

const publish = (audience: Audience, path: string, text: string) =>
  publishTargets(store, { upserts: [{ audience, path, body: Buffer.from(text) }], removes: [] }, () => {});
const versionsOf = (audience: Audience) =>
  new Map([...records.currentRoles(store.db.orm, audience)].map(([role, { version }]) => [role, version]));
const whole = { missing: [], different: [], orphans: [] };

/** The reference client on one catalogue. */
const clientOf = (audience: Audience) => tufClient(store, server, audience).updater;

test("an audience's catalogue begins with its first file, and the public one has nothing of it", async () => {
  const before = versionsOf(EVERYBODY);
  await publish(ONE, PATH, "inside");
  await exportCatalogue(store);
  expect(versionsOf(EVERYBODY)).toEqual(before);
  expect([...versionsOf(ONE).keys()].sort()).toEqual([...OWN_ROLES, "snapshot", "timestamp"].sort());
  expect(await reconcile(store, { deep: true })).toEqual(whole);
  for await (const { key } of store.blobs.list("store/v1/")) expect(key).not.toContain("inside");

  const updater = clientOf(ONE)();
  expect(await fetchTarget(updater, PATH)).toBe("inside");
  expect(await fetchTarget(updater, "trust/revocations.json")).toBe(
    '{"entries":[],"lowestVersionCodes":{},"v":1}',
  );
  expect(await fetchTarget(updater, "trust/ca.pem")).toStartWith("-----BEGIN CERTIFICATE-----");
  expect(await fetchTarget(clientOf(EVERYBODY)(), PATH)).toBeNull();
});

test("every metadata of an audience says whose it is, and what all have in common does not", async () => {
  await publish(ONE, PATH, "inside");
  for (const { audience, role, version } of records.allMetadataFacts(store.db.orm)) {
    const { signed } = JSON.parse(
      records.findMetadata(store.db.orm, role, version, audience)?.body.toString() ?? "",
    );
    expect([role, signed.audience]).toEqual([role, audience === EVERYBODY ? undefined : audience]);
  }
});

test("publishing for one audience writes as many files with many audiences as with one", async () => {
  const written = async (text: string): Promise<number> => {
    const before = records.allMetadataFacts(store.db.orm).length;
    await publish(ONE, PATH, text);
    return records.allMetadataFacts(store.db.orm).length - before;
  };
  await publish(ONE, PATH, "first");
  expect(await written("second")).toBe(3);
  const many = Array.from({ length: 5 }, (_, n) => `grp-${String(n + 10).padStart(32, "0")}` as AudienceId);
  for (const audience of many) await publish(audience, PATH, "x");
  expect(await written("third")).toBe(3);
});

test("one revision changes several catalogues together or none", async () => {
  const plan = {
    upserts: [ONE, TWO, EVERYBODY].map((audience) => ({
      audience: audience as Audience,
      path: PATH,
      body: Buffer.from("all"),
    })),
    removes: [],
  };
  await expect(
    publishTargets(store, plan, () => {
      throw new Error("no");
    }),
  ).rejects.toThrow("no");
  expect(records.listAudiences(store.db.orm)).toEqual([]);
  await publishTargets(store, plan, () => {});
  await publishTargets(
    store,
    { upserts: [{ audience: TWO, path: PATH, body: Buffer.from("two") }], removes: [{ path: PATH }] },
    () => {},
  );
  await exportCatalogue(store);
  expect(await fetchTarget(clientOf(ONE)(), PATH)).toBe("all");
  expect(await fetchTarget(clientOf(TWO)(), PATH)).toBe("two");
  expect(await fetchTarget(clientOf(EVERYBODY)(), PATH)).toBeNull();
});

test("two publications at once for audiences that are new begin each catalogue once", async () => {
  await Promise.all(
    [ONE, ONE, TWO].map((audience, at) => publish(audience, `apps/com.example.n${at}/index.json`, "x")),
  );
  expect(records.listAudiences(store.db.orm)).toEqual([ONE, TWO]);
  await exportCatalogue(store);
  const updater = clientOf(ONE)();
  for (const at of [0, 1]) expect(await fetchTarget(updater, `apps/com.example.n${at}/index.json`)).toBe("x");
});

test("each catalogue is renewed in its time, and health goes by the first that ends", async () => {
  store.clock.advance(6 * HOUR_MS);
  await publish(ONE, PATH, "inside");
  store.clock.advance(6 * HOUR_MS);
  expect(await renewExpiring(store)).toEqual(["timestamp"]);
  expect(versionsOf(ONE).get("timestamp")).toBe(1);
  expect(catalogueHealth(store).soonestExpiryAt).toEqual(
    records.currentRoles(store.db.orm, ONE).get("timestamp")?.expiresAt as Date,
  );
  store.clock.advance(6 * HOUR_MS);
  await renewExpiring(store);
  expect(versionsOf(ONE).get("timestamp")).toBe(2);
  expect(versionsOf(ONE).get("snapshot")).toBe(1);
  store.clock.advance(24 * HOUR_MS);
  expect(catalogueHealth(store).expired).toBe(true);
  for (let day = 0; day < 20; day++) {
    store.clock.advance(12 * HOUR_MS);
    await renewExpiring(store);
  }
  expect(catalogueHealth(store).expired).toBe(false);
  expect(versionsOf(ONE).get("bins-00")).toBe(1);
  await exportCatalogue(store);
  expect(await fetchTarget(clientOf(ONE)(), PATH)).toBe("inside");
});

test("a new version of what all have in common comes into every catalogue", async () => {
  await publish(ONE, PATH, "one");
  await publish(TWO, PATH, "two");
  await exportCatalogue(store);
  const clients = [ONE, TWO, EVERYBODY].map((audience) => clientOf(audience as Audience));
  for (const client of clients) await client().refresh();
  await revise(store, {
    plan: () => ({ upserts: [], removes: [] }),
    renew: { roles: ["root", "targets", "apps", "snapshot", "timestamp", ...BIN_ROLES], of: "each" },
  });
  await exportCatalogue(store);
  for (const audience of [ONE, TWO]) {
    const versions = versionsOf(audience);
    expect([versions.get("snapshot"), versions.get("bins-7f"), versions.get("targets")]).toEqual([
      2,
      2,
      undefined,
    ]);
  }
  expect(await fetchTarget(clients[0]?.() as Updater, PATH)).toBe("one");
  expect(await fetchTarget(clients[1]?.() as Updater, PATH)).toBe("two");
  expect(await fetchTarget(clients[2]?.() as Updater, "trust/ca.pem")).toStartWith("-----BEGIN");
  expect(await reconcile(store, { deep: true })).toEqual(whole);
});

test("rows of an audience that somebody changed are brought back as they were signed", async () => {
  await publish(ONE, PATH, "one");
  await publish(TWO, PATH, "two");
  await exportCatalogue(store);
  const run = (sql: string) => store.db.raw.run(sql);
  const bodies = () =>
    [ONE, TWO].map((audience) => String(records.findTargetBody(store.db.orm, PATH, audience)));
  const role = roleForTarget(PATH);
  for (const tamper of [
    `UPDATE tuf_targets SET body = (SELECT body FROM tuf_targets WHERE audience = '${TWO}' AND path = '${PATH}') WHERE audience = '${ONE}' AND path = '${PATH}'`,
    `DELETE FROM tuf_targets WHERE audience = '${ONE}'`,
    `DELETE FROM tuf_metadata WHERE audience = '${ONE}' AND role = '${role}'`,
    // Signed with the same keys, with the same number, and not of this audience.
    `UPDATE tuf_metadata SET (body, sha256) = (SELECT body, sha256 FROM tuf_metadata AS o WHERE o.audience = '${TWO}' AND o.role = '${role}') WHERE audience = '${ONE}' AND role = '${role}'`,
    `UPDATE tuf_metadata SET (body, sha256) = (SELECT body, sha256 FROM tuf_metadata AS o WHERE o.audience = '' AND o.role = 'revocations') WHERE audience = '${ONE}' AND role = 'revocations'`,
  ]) {
    run(tamper);
    expect((await mendRows(store)).mended.length).toBeGreaterThan(0);
    expect(bodies()).toEqual(["one", "two"]);
  }
  // Nothing is signed over what cannot be had back.
  run(`DELETE FROM tuf_metadata WHERE audience = '${ONE}' AND role = '${role}'`);
  await store.blobs.remove(`audiences/v1/${ONE}/metadata/1.${role}.json`);
  await expect(publish(ONE, PATH, "three")).rejects.toMatchObject({ code: "catalog.damaged" });
  await publish(TWO, PATH, "three");
  // What was signed is not begun again, either.
  run(`DELETE FROM tuf_metadata WHERE audience = '${ONE}'`);
  await expect(publish(ONE, PATH, "four")).rejects.toMatchObject({ code: "catalog.damaged" });
});

test("what an audience's catalogue had before goes after a week, and damaged files are written again", async () => {
  for (const text of ["first", "second"]) {
    await publish(ONE, PATH, text);
    await exportCatalogue(store);
  }
  const keys = async () => {
    const blobs = await Array.fromAsync(store.blobs.list(`audiences/v1/${ONE}/`));
    return new Set(blobs.map(({ key }) => key.slice(`audiences/v1/${ONE}/`.length)));
  };
  expect((await keys()).has("metadata/1.snapshot.json")).toBe(true);
  store.clock.advance(8 * 24 * HOUR_MS);
  await pruneCatalogue(store);
  expect((await keys()).has("metadata/1.snapshot.json")).toBe(false);
  expect((await keys()).has("metadata/2.snapshot.json")).toBe(true);
  await store.blobs.put(`audiences/v1/${ONE}/metadata/2.snapshot.json`, Buffer.from("{}"));
  await store.blobs.remove(`audiences/v1/${ONE}/metadata/timestamp.json`);
  await checkCatalogue(store);
  expect(await reconcile(store, { deep: true })).toEqual(whole);
});
