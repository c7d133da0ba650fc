/** A start with another master key: nothing is sealed that would be nobody's once the right one is back. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../accounts/actor.ts";
import type { Store } from "../context.ts";
import type { AppId } from "../ids.ts";
import { isForeign, noteForeign } from "../keys/foreign-vault.ts";
import { openVault } from "../keys/vault.ts";
import { approve } from "../review/decide.ts";
import { codeOf } from "../testing/problems.ts";
import {
  newPublisher,
  openPublishing,
  type Publisher,
  type Publishing,
  reviewer,
  signedApp,
  submitBytes,
} from "../testing/publishing.ts";
import { createApp } from "./apps.ts";
import { countersignVersion } from "./countersign.ts";
import { checkLog } from "./log/hold.ts";
import { logSize } from "./log/records.ts";
import { findVersion } from "./records.ts";
import { releaseVersion } from "./release.ts";
import { noteRunning } from "./running-days.ts";
import { withdrawVersion } from "./versions.ts";

setDefaultTimeout(240_000);

const APP = "org.example.signed" as AppId;
let world: Publishing;
let publisher: Publisher;
let foreign: Store;
let folder: string;

beforeAll(async () => {
  world = await openPublishing();
  publisher = await newPublisher(world.store);
  folder = mkdtempSync(join(tmpdir(), "mosis-other-key-"));
  const vault = openVault({ file: null, dataDir: folder, mayCreate: true, log: world.store.log });
  foreign = { ...world.store, vault };
  noteForeign(world.store.db.orm, vault);
  noteForeign(world.store.db.orm, world.store.vault);
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

let made = 0;
async function submit() {
  made += 1;
  const manifest = { id: APP, versionCode: made, version: `${made}.0.0` };
  const bytes = await signedApp(world.store, publisher.signer, manifest);
  const { id } = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  return id;
}
const stateOf = (id: Awaited<ReturnType<typeof submit>>) => findVersion(world.store.db.orm, id)?.state;

test("the store's own is none", () => {
  expect([isForeign(world.store.vault), isForeign(foreign.vault)]).toEqual([false, true]);
});

test("acts that the log would have are refused, and the log is whole with the right key", async () => {
  const id = await submit();
  const size = logSize(world.store.db.orm);
  const { actor, organisationId } = publisher;
  const isNew = { id: "org.example.other" as AppId, name: "Other", organisationId };
  const acts = [
    () => withdrawVersion(foreign, actor, APP, id),
    () => approve(foreign, reviewer(), id, {}),
    () => createApp(foreign, OPERATOR, isNew),
  ];
  for (const act of acts) expect(await codeOf(act)).toBe("keys.unsealable");
  expect([stateOf(id), logSize(world.store.db.orm)]).toEqual(["in_review", size]);
  expect(checkLog(world.store).size).toBe(size);
  approve(world.store, reviewer(), id, {});
  await world.scheduler.drain();
  expect(stateOf(id)).toBe("published");
});

test("what was approved waits for the right key, and is no damage", async () => {
  const id = await submit();
  approve(world.store, reviewer(), id, {});
  expect(await codeOf(() => countersignVersion(foreign, id))).toBe("keys.unsealable");
  expect(stateOf(id)).toBe("signing");
  await countersignVersion(world.store, id);
  expect(stateOf(id)).toBe("publishing");
  expect(await codeOf(() => releaseVersion(foreign, id))).toBe("keys.unsealable");
  expect(stateOf(id)).toBe("publishing");
  await world.scheduler.drain();
  expect(stateOf(id)).toBe("published");
});

test("a day on which it ran is not noted as somebody else's", () => {
  noteRunning(world.store);
  const days = () => world.store.db.raw.query("SELECT day, hex(sealed) AS sealed FROM running_days").all();
  const before = days();
  noteRunning(foreign);
  expect(days()).toEqual(before);
});

test("keys that it opens, in the place of the store's, are the store's", () => {
  const { raw } = world.store.db;
  const { name } = raw.query("SELECT name FROM signing_keys WHERE sealed_private_key IS NOT NULL").get() as {
    name: string;
  };
  const own = raw.query("SELECT sealed_private_key AS it FROM signing_keys WHERE name = ?").get(name) as {
    it: Uint8Array;
  };
  const again = foreign.vault.seal(name, world.store.vault.unseal(name, own.it));
  raw.run("UPDATE signing_keys SET sealed_private_key = ? WHERE name = ?", [again, name]);
  expect(isForeign(foreign.vault)).toBe(false);
  raw.run("UPDATE signing_keys SET sealed_private_key = ? WHERE name = ?", [own.it, name]);
  expect(isForeign(foreign.vault)).toBe(true);
});
