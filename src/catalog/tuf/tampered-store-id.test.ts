/** The store's id that somebody changed in the database: nothing is issued or signed for another store. */
import { beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { EVERYBODY } from "../../ids.ts";
import { storeId } from "../../keys/authority.ts";
import { findStoreId, listStoreCertificates } from "../../keys/records.ts";
import { approve } from "../../review/decide.ts";
import { readLeaf } from "../../signing/leaf.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { beside } from "../../testing/tamper.ts";
import { catalogueDamage, checkCatalogue, mendTrust } from "../check-catalogue.ts";
import { findVersion } from "../records.ts";
import { renew, replaceKeys } from "../store-keys/operations.ts";
import { signedCustom } from "./as-signed.ts";
import { initialiseTrust, renewExpiring } from "./repository.ts";
import { CA_PATH } from "./roles.ts";

setDefaultTimeout(120_000);

let publisher: Publisher;
let right: string;
const world = storeForEach(async () => {
  publisher = await newPublisher(world.store);
});
beforeEach(async () => {
  right = storeId(world.store);
});
const { tamper, found } = beside(world);

const row = () => findStoreId(world.store.db.orm);
/** Whom the newest release certificate is issued for. */
const issuedFor = () => {
  const [newest] = listStoreCertificates(world.store.db.orm, "release");
  return readLeaf(new Uint8Array(newest?.der ?? []), "release").id;
};

async function release(): Promise<string | undefined> {
  const bytes = await signedApp(world.store, publisher.signer, { id: "org.example.known" });
  const { id } = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  approve(world.store, reviewer(), id, {});
  await world.scheduler.drain();
  return findVersion(world.store.db.orm, id)?.state;
}

const WAYS: readonly (readonly [string, () => unknown])[] = [
  ["another one", () => tamper(`UPDATE settings SET value = '"store-evil"' WHERE name = 'storeId'`)],
  ["one that is none", () => tamper(`UPDATE settings SET value = '"Store Evil"' WHERE name = 'storeId'`)],
  ["no JSON", () => tamper("UPDATE settings SET value = 'store-' WHERE name = 'storeId'")],
  ["no row", () => tamper("DELETE FROM settings WHERE name = 'storeId'")],
];

describe("the store's id is brought back as it is signed", () => {
  test.each(WAYS)("at a start, daily and by reconcile: %s", async (_, damage) => {
    for (const look of [mendTrust, checkCatalogue]) {
      damage();
      expect(catalogueDamage(world.store)).toEqual(["the store's id"]);
      await look(world.store);
      expect(row()).toBe(right);
      expect(catalogueDamage(world.store)).toEqual([]);
    }
    damage();
    expect(await found()).toEqual([expect.stringMatching(/^the store's id: .*brought back/)]);
    expect(row()).toBe(right);
    expect(await found()).toEqual([]);
  });

  test.each(WAYS)("before anything is issued, and what follows is published: %s", async (_, damage) => {
    damage();
    await renew(world.store, OPERATOR, "release");
    expect(issuedFor()).toBe(right);
    damage();
    await replaceKeys(world.store, OPERATOR, ["release"]);
    expect(issuedFor()).toBe(right);
    damage();
    expect(await release()).toBe("published");
  });

  test.each(WAYS)("before the file of the authorities is signed with it: %s", async (_, damage) => {
    damage();
    world.store.clock.advance(3 * 365 * 24 * 3_600_000);
    expect(await renewExpiring(world.store)).toContain("targets");
    expect(signedCustom(world.store.db, { audience: EVERYBODY, path: CA_PATH })?.storeId).toBe(right);
    expect(row()).toBe(right);
  });
});

test("a store whose id is gone is not begun again, and says so", async () => {
  tamper("DELETE FROM settings WHERE name = 'storeId'");
  expect(await codeOf(async () => storeId(world.store))).toBe("catalog.damaged");
  expect(await initialiseTrust(world.store)).toBe(false);
});
