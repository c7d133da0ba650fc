/** Rows that the index of an app is made of, changed beside the store: the next index goes on from the signed one and the log. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import { approve } from "../review/decide.ts";
import { storeForEach } from "../testing/prepared.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../testing/publishing.ts";
import { beside } from "../testing/tamper.ts";
import { catalogueDamage, checkCatalogue } from "./check-catalogue.ts";
import { enact } from "./revocation/act.ts";
import { parseChange } from "./revocation/change.ts";
import { replaceKeys } from "./store-keys/operations.ts";
import { indexPath } from "./tuf/app-index.ts";
import { parseAppIndex } from "./tuf/documents.ts";
import { findTargetBody } from "./tuf/records.ts";

setDefaultTimeout(120_000);

const APP = "org.example.shown";
let publisher: Publisher;
const world = storeForEach(async () => {
  publisher = await newPublisher(world.store);
  await publish(1);
  await publish(2);
});
const { tamper, found } = beside(world);

const body = () => Buffer.from(findTargetBody(world.store.db.orm, indexPath(APP)) ?? []).toString();
const index = () => parseAppIndex(Buffer.from(body()));
const codes = () => [...index().channels.values()].flat().map(({ versionCode }) => Number(versionCode));

async function publish(versionCode: number, by = publisher): Promise<void> {
  const manifest = { id: APP, versionCode, version: `1.${versionCode}.0` };
  const bytes = await signedApp(world.store, by.signer, manifest);
  const sent = await submitBytes(world.store, by.actor, bytes);
  await world.scheduler.drain();
  approve(world.store, reviewer(), sent.id, {});
  await world.scheduler.drain();
}

const WAYS: readonly (readonly [string, string, () => void | Promise<void>])[] = [
  ["version 1", "a state", () => tamper("UPDATE versions SET state = 'withdrawn' WHERE version_code = 1")],
  ["version 1", "a version that went", () => tamper("DELETE FROM versions WHERE version_code = 1")],
  ["version 1", "notes", () => tamper("UPDATE versions SET notes = 'Other.' WHERE version_code = 1")],
  [
    "version 2",
    "that it is yanked",
    () => tamper("UPDATE versions SET yanked_at = 1, yanked_reason = 'Mine.' WHERE version_code = 2"),
  ],
  [
    "version 1",
    "the released file",
    () => tamper(`UPDATE versions SET released_sha256 = '${"a".repeat(64)}' WHERE version_code = 1`),
  ],
  [
    "version 7",
    "the version code",
    () =>
      tamper(
        `UPDATE versions SET version_code = 7, manifest = replace(manifest, '"versionCode":1', '"versionCode":7') WHERE version_code = 1`,
      ),
  ],
];

describe("nothing of an app is signed over rows that are not its signed index and the log", () => {
  test.each(WAYS)("%s: %s", async (what, _, damage) => {
    const before = body();
    await damage();
    await enact(
      world.store,
      OPERATOR,
      parseChange({ act: "lowest-version", appId: APP, versionCode: 1, reason: "A test." }),
    );
    await publish(3).catch(() => undefined);
    await world.scheduler.drain();
    expect(body()).toBe(before);
    expect(await found()).toContainEqual(
      expect.stringMatching(new RegExp(`^the ${what} of ${APP}: the rows say it otherwise`)),
    );
    expect(body()).toBe(before);
  });
});

test("an app that somebody gave to another organisation comes back to the one that devices know", async () => {
  const other = await newPublisher(world.store, "Other");
  tamper(`UPDATE apps SET organisation_id = '${other.organisationId}'`);
  const before = body();
  await world.store.clock.advance(1000);
  await checkCatalogue(world.store);
  expect(body()).toBe(before);
  await publish(3);
  expect(codes()).toEqual([3, 2, 1]);
  expect(index().developerId).toBe(publisher.organisationId);
  tamper(`UPDATE apps SET organisation_id = '${other.organisationId}'`);
  expect(await found()).toEqual([
    expect.stringMatching(new RegExp(`^the developer of ${APP}: .*brought back`)),
  ]);
});

test("what a manifest says otherwise than the index stops the app until it comes back from the package", async () => {
  tamper("UPDATE versions SET manifest = replace(manifest, '1.1.0', '1.1.9') WHERE version_code = 1");
  const before = body();
  await publish(3).catch(() => undefined);
  expect(body()).toBe(before);
  expect(await found()).toContainEqual(
    expect.stringMatching(new RegExp(`^the manifest of version 1 of ${APP}: .*brought back`)),
  );
  world.store.clock.advance(3_600_000);
  await world.scheduler.drain();
  expect(codes()).toEqual([3, 2, 1]);
});

test("an app whose row went is named", async () => {
  tamper("DELETE FROM apps");
  await checkCatalogue(world.store);
  expect(catalogueDamage(world.store)).toContain(`the row of ${APP}`);
});

test("what the program changes by itself goes on", async () => {
  const change = { subject: "app", id: APP, reason: "A test." } as const;
  await enact(world.store, OPERATOR, parseChange({ act: "revoke", ...change, action: "block" }));
  await world.scheduler.drain();
  expect(codes()).toEqual([]);
  await enact(world.store, OPERATOR, parseChange({ act: "lift", ...change }));
  await world.scheduler.drain();
  expect(codes()).toEqual([2, 1]);
  await enact(
    world.store,
    OPERATOR,
    parseChange({ act: "lowest-version", appId: APP, versionCode: 2, reason: "A test." }),
  );
  await world.scheduler.drain();
  expect(codes()).toEqual([2]);
  // The store signs again what a revoked key of it had signed.
  await replaceKeys(world.store, OPERATOR, ["release"]);
  await world.scheduler.drain();
  for (let code = 3; code < 14; code++) await publish(code);
  expect(codes()).toHaveLength(10);
  expect(await found()).toEqual([]);
});
