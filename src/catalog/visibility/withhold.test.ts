/** What is kept from those who may not see an app any more, from when on, and until when. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { createGroup } from "../../accounts/groups/groups.ts";
import { write } from "../../db/database.ts";
import { type AppId, type Audience, EVERYBODY, type Sha256 } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { withheldOfCurrent } from "../../testing/withheld.ts";
import { recordInLog } from "../log/record.ts";
import { findVersion, selectPublished, type VersionRow } from "../records.ts";
import { packageKey } from "../release-keys.ts";
import { sweepBlobs } from "../sweep.ts";
import { indexPath, shardOf, shardPath } from "../tuf/app-index.ts";
import { exportCatalogue, pruneCatalogue } from "../tuf/export.ts";
import { findTarget, newestVersion } from "../tuf/records.ts";
import { metadataKey, type PathAt, roleForTarget, targetKey } from "../tuf/roles.ts";
import { isWithheld } from "../withheld.records.ts";
import type { VisibilityInput } from "./audiences.ts";
import { changeVisibility, previewVisibility } from "./change.ts";
import { withholdFiles } from "./withhold.ts";

// A catalogue begins with some 260 files.
setDefaultTimeout(60_000);

const APP = "org.example.merger" as AppId;
const DAY_MS = 86_400_000;
const toEveryone: VisibilityInput = { visibility: "everyone" };
let publisher: Publisher;
let toGroup: VisibilityInput;

const world = storeForEach(
  async () => {
    publisher = await newPublisher(world.store, "Quiet Works");
    toGroup = { visibility: "groups", groups: [createGroup(world.store, OPERATOR, { name: "One" }).id] };
  },
  async () => {
    await world.scheduler.drain();
    expect(await withheldOfCurrent(world.store)).toEqual([]);
  },
);

const orm = () => world.store.db.orm;

/** Gives where everybody downloads it. */
async function publish(versionCode: number, id = APP): Promise<string> {
  const manifest = { id, versionCode, version: `${versionCode}.0.0`, name: { en: id } };
  const bytes = await signedApp(world.store, publisher.signer, manifest);
  const { id: versionId } = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  approve(world.store, reviewer(), versionId, {});
  await world.scheduler.drain();
  return packageKey(findVersion(orm(), versionId)?.releasedSha256 as Sha256);
}

async function show(input: VisibilityInput, id = APP): Promise<void> {
  const { scope } = previewVisibility(world.store, OPERATOR, id, input);
  await changeVisibility(world.store, OPERATOR, id, input, scope);
  await world.scheduler.drain();
}

const role = roleForTarget(indexPath(APP));
const binOf = (audience: Audience) => metadataKey({ audience, role }, newestVersion(orm(), role, audience));
const withheld = (...keys: readonly string[]) => keys.map((key) => isWithheld(orm(), key));

test("what every device reads stays until the catalogue without it is there", async () => {
  const file = await publish(1);
  const bin = binOf(EVERYBODY);
  const { store } = world;
  const fail = () => Promise.reject(new Error("the disk is full"));
  const full = { ...store, blobs: { ...store.blobs, put: fail } };
  const { scope } = previewVisibility(store, OPERATOR, APP, toGroup);
  await changeVisibility(full, OPERATOR, APP, toGroup, scope);
  expect(withheld(file, bin)).toEqual([true, false]);
  await exportCatalogue(store);
  expect(withheld(file, bin, binOf(EVERYBODY))).toEqual([true, true, false]);
});

test("a shard that is as it was before the app was there is served again", async () => {
  const other = Array.from({ length: 400 }, (_, n) => `org.example.other${n}` as AppId).find(
    (id) => shardOf(id) === shardOf(APP),
  ) as AppId;
  const shardKey = () => {
    const at: PathAt = { audience: EVERYBODY, path: shardPath(shardOf(APP)) };
    return targetKey(at, findTarget(orm(), at)?.sha256 as Sha256);
  };
  await publish(1);
  const alone = shardKey();
  await publish(1, other);
  const both = shardKey();
  await show(toGroup, other);
  expect([shardKey() === alone, ...withheld(alone, both)]).toEqual([true, false, true]);
  await show(toGroup);
  expect(withheld(alone, both, shardKey())).toEqual([true, true, false]);
  await show(toEveryone);
  // It names the other one still.
  expect(withheld(alone, both)).toEqual([false, true]);
  await show(toEveryone, other);
  expect(withheld(alone, both)).toEqual([false, false]);
});

test("of what the store signed again since, the former package is withheld", async () => {
  const file = await publish(1);
  const [version] = selectPublished(orm(), APP);
  const former = "f".repeat(64) as Sha256;
  const now = world.store.clock.now();
  write(world.store.db, (tx) => {
    const { versionCode, contentDigest } = version as VersionRow;
    if (contentDigest === null) throw new Error("it was published without having been read");
    recordInLog(
      tx,
      world.store.vault,
      { type: "publication", appId: APP, versionCode, contentDigest, package: former },
      now,
    );
    withholdFiles(tx, APP, { joined: [], left: [EVERYBODY], files: [], now });
  });
  // By the tables everybody may see it still.
  expect(withheld(file, packageKey(former))).toEqual([false, true]);
});

test("nothing is kept of what is not there any more", async () => {
  const file = await publish(1);
  const bin = binOf(EVERYBODY);
  await show(toGroup);
  // Files have the machine's time.
  world.store.clock.advance(Date.now() - world.store.clock.now().getTime() + 2 * DAY_MS);
  await sweepBlobs(world.store);
  expect([await world.store.blobs.head(file), ...withheld(file, bin)]).toEqual([null, false, true]);
  world.store.clock.advance(8 * DAY_MS);
  await pruneCatalogue(world.store);
  await sweepBlobs(world.store);
  expect(withheld(file, bin)).toEqual([false, false]);
  const rows = world.store.db.raw.query("SELECT key FROM withheld_files").all();
  expect(rows).toEqual([]);
});
