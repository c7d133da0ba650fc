/** Versions that are yanked, in the signed catalogues, in the store and on real devices: who has one keeps it, nobody else gets it. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import { createGroup } from "../../accounts/groups/groups.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { install, rollback, update } from "../../device/installer.ts";
import { list, search } from "../../device/inventory.ts";
import { verify } from "../../device/verification.ts";
import { type AppId, type Audience, EVERYBODY, type VersionCode } from "../../ids.ts";
import { devicesForEach } from "../../testing/catalogue-devices.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { codeOf, codesOf } from "../../testing/problems.ts";
import {
  newOwner,
  newPublisher,
  type Publisher,
  publishApp,
  reviewer,
  signedApp,
  submitBytes,
} from "../../testing/publishing.ts";
import { planDeltasOf } from "../deltas/make.ts";
import { reconcileStore } from "../reconcile.ts";
import { findVersionByCode } from "../records.ts";
import { enact } from "../revocation/act.ts";
import { parseChange, type RevocationInput } from "../revocation/change.ts";
import { searchApps } from "../search/ask.ts";
import { indexPath, shardOf, shardPath, YANKED_CHANNEL } from "../tuf/app-index.ts";
import { noticesPath, parseNotices } from "../tuf/app-notices.ts";
import { parseAppIndex, parseShard } from "../tuf/documents.ts";
import { findTargetBody } from "../tuf/records.ts";
import { withdrawVersion } from "../versions.ts";
import { audienceOf, type VisibilityInput } from "../visibility/audiences.ts";
import { changeVisibility, previewVisibility } from "../visibility/change.ts";
import { visibleApp } from "../visibility/visible.ts";
import { visibleDetails, visibleVersions } from "../visibility/visible-versions.ts";
import { unyankVersion, yankVersion } from "./yank.ts";

setDefaultTimeout(120_000);

const APP = "org.example.drafts" as AppId;
const REASON = "Loses drafts when the device sleeps.";
let publisher: Publisher;

const world = storeForEach(
  async () => {
    publisher = await newPublisher(world.store, "Quiet Works");
    await newOwner(world.store, publisher.organisationId);
    for (const code of [1, 2, 3]) await publish(code);
  },
  async () => {
    await world.scheduler.drain();
    expect(await reconcileStore(world.store, OPERATOR)).toEqual([]);
  },
);
const devices = devicesForEach(world);
const device = (name: string) => devices.add(name);

const orm = () => world.store.db.orm;

async function publish(versionCode: number): Promise<void> {
  const manifest = {
    id: APP,
    versionCode,
    version: `${versionCode}.0.0`,
    name: { en: `Drafts ${versionCode}` },
  };
  await publishApp(world, publisher, manifest);
}

const of = (code: number) => ({ appId: APP, version: code as VersionCode });
async function yank(code: number, reason = REASON) {
  const view = await yankVersion(world.store, publisher.actor, of(code), reason);
  await world.scheduler.drain();
  return view;
}
async function unyank(code: number) {
  const view = await unyankVersion(world.store, publisher.actor, of(code));
  await world.scheduler.drain();
  return view;
}
const revoke = async (input: RevocationInput) => {
  await enact(world.store, OPERATOR, parseChange(input));
  await world.scheduler.drain();
};

const body = (path: string, audience: Audience = EVERYBODY) => {
  const found = findTargetBody(orm(), path, audience);
  return found === null ? null : new Uint8Array(found);
};
const index = (audience?: Audience) => parseAppIndex(body(indexPath(APP), audience) ?? new Uint8Array());
const codesOn = (channel: string, audience?: Audience) =>
  index(audience)
    .channels.get(channel)
    ?.map(({ versionCode }) => Number(versionCode));
const inShard = () =>
  parseShard(body(shardPath(shardOf(APP))) ?? new Uint8Array(), shardOf(APP)).map(({ versionCode }) =>
    Number(versionCode),
  );
const notices = (audience?: Audience) => {
  const bytes = body(noticesPath(APP), audience);
  return bytes === null
    ? null
    : parseNotices(bytes).yanked.map(({ versionCode, reason }) => `${versionCode}: ${reason}`);
};
const told = () =>
  listMessages(world.store, OPERATOR, { limit: 20 })
    .items.map(({ kind }) => kind)
    .filter((kind) => kind.startsWith("version."));
const audited = () =>
  world.store.db.raw
    .query<{ action: string }, []>("SELECT action FROM audit_entries ORDER BY position")
    .all()
    .map(({ action }) => action)
    .filter((action) => action.includes("yank"));

test("the newest is yanked: devices with it keep it, others get the one before, and it comes back", async () => {
  const has = await device("has");
  expect(await has((opened) => install(opened, APP))).toMatchObject({ action: "installed", versionCode: 3 });
  const view = await yank(3);
  expect(view).toMatchObject({ state: "published", yanked: { reason: REASON } });
  expect([codesOn("stable"), codesOn(YANKED_CHANNEL), inShard(), notices()]).toEqual([
    [2, 1],
    [3],
    [2],
    [`3: ${REASON}`],
  ]);
  // In the store it is found by what is offered, and the yanked one stands beside with its reason.
  expect(visibleApp(world.store, ANONYMOUS, APP)).toMatchObject({ versionCode: 2 });
  expect(visibleDetails(world.store, ANONYMOUS, APP).yanked).toMatchObject([
    { versionCode: 3, reason: REASON },
  ]);
  expect(
    visibleVersions(world.store, ANONYMOUS, APP, { limit: 9 }).items.map((one) => Number(one.versionCode)),
  ).toEqual([2, 1]);
  const found = searchApps(world.store, ANONYMOUS, { question: "drafts 2", locale: "en" }, { limit: 5 });
  expect(found.items.map(({ id }) => id)).toEqual([APP]);
  expect([told(), audited()]).toEqual([["version.yanked"], ["version.yanked"]]);

  const all = await has((opened) => update(opened, null));
  expect(all).toMatchObject({
    failures: [],
    apps: [{ action: "yanked", versionCode: 3, noticed: { yanked: REASON } }],
  });
  expect(await has(async (opened) => list(opened))).toMatchObject([
    { versionCode: 3, state: "ready", noticed: { yanked: REASON, deprecated: null } },
  ]);
  // A damaged copy is mended all the same.
  const file = join(devices.folder, "has", "apps", APP, "current", "manifest.json");
  writeFileSync(file, "{}");
  expect(await has((opened) => update(opened, APP))).toMatchObject({ apps: [{ action: "repaired" }] });
  expect(readFileSync(file, "utf8")).toContain(APP);
  expect(await has((opened) => verify(opened, APP))).toMatchObject([{ problems: [] }]);

  const fresh = await device("fresh");
  expect(
    (await fresh((opened) => search(opened, "drafts"))).map(({ versionCode }) => Number(versionCode)),
  ).toEqual([2]);
  expect(await codeOf(() => fresh((opened) => install(opened, APP, 3 as VersionCode)))).toBe(
    "device.no_release",
  );
  expect(await fresh((opened) => install(opened, APP))).toMatchObject({ versionCode: 2 });

  expect((await unyank(3)).yanked).toBeNull();
  expect([codesOn("stable"), codesOn(YANKED_CHANNEL), inShard(), notices()]).toEqual([
    [3, 2, 1],
    undefined,
    [3],
    null,
  ]);
  expect(await fresh((opened) => update(opened, null))).toMatchObject({
    apps: [{ action: "updated", versionCode: 3, noticed: { yanked: null } }],
  });
  expect(await has((opened) => update(opened, null))).toMatchObject({ apps: [{ action: "current" }] });
  expect(await has(async (opened) => list(opened))).toMatchObject([{ noticed: { yanked: null } }]);
  expect([told(), audited()]).toEqual([
    ["version.unyanked", "version.yanked"],
    ["version.yanked", "version.unyanked"],
  ]);
});

test("a version above it takes its place on devices that have it, by a delta from the version before too", async () => {
  const has = await device("has");
  await has((opened) => install(opened, APP));
  await yank(3);
  await publish(4);
  expect([codesOn("stable"), codesOn(YANKED_CHANNEL)]).toEqual([[4, 2, 1], [3]]);
  expect(await has((opened) => update(opened, null))).toMatchObject({
    apps: [{ action: "updated", versionCode: 4, previousVersionCode: 3, noticed: { yanked: null } }],
  });
  // The version that is kept may be gone back to: whoever has it has it.
  expect(await has((opened) => rollback(opened, APP))).toMatchObject({
    action: "rolled-back",
    versionCode: 3,
  });
  // Its code stays taken.
  const bytes = await signedApp(world.store, publisher.signer, { id: APP, versionCode: 3, version: "3.0.1" });
  expect(await codeOf(() => submitBytes(world.store, publisher.actor, bytes))).toMatch(/^version\./);
});

test("the only version that is left: the app is in no list, and who has it keeps it", async () => {
  await yank(1);
  await yank(2);
  await yank(3);
  expect([codesOn("stable"), codesOn(YANKED_CHANNEL), inShard()]).toEqual([[], [3, 2, 1], []]);
  expect(await codeOf(() => visibleApp(world.store, ANONYMOUS, APP))).toBe("app.not_found");
  const fresh = await device("fresh");
  expect(await codeOf(() => fresh((opened) => install(opened, APP)))).toBe("device.no_release");
  await unyank(2);
  expect(await fresh((opened) => install(opened, APP))).toMatchObject({ versionCode: 2 });
  await yank(2);
  expect(await fresh((opened) => update(opened, null))).toMatchObject({
    failures: [],
    apps: [{ action: "yanked" }],
  });
});

test("what is revoked is in neither channel, whichever came first", async () => {
  const package3 = findVersionByCode(orm(), APP, 3 as VersionCode)?.contentDigest ?? "";
  const target = { subject: "package", id: package3 } as const;
  await revoke({ act: "revoke", ...target, action: "block", reason: "It leaks keys." });
  await yank(3);
  await yank(2);
  expect([codesOn("stable"), codesOn(YANKED_CHANNEL)]).toEqual([[1], [2]]);
  await revoke({ act: "lift", ...target, reason: "It did not." });
  expect([codesOn("stable"), codesOn(YANKED_CHANNEL)]).toEqual([[1], [3, 2]]);
  await revoke({ act: "lowest-version", appId: APP, versionCode: 3, reason: "Older ones lose data." });
  expect([codesOn("stable"), codesOn(YANKED_CHANNEL)]).toEqual([[], [3]]);
  await unyank(3);
  expect([codesOn("stable"), codesOn(YANKED_CHANNEL)]).toEqual([[3], undefined]);
});

test("of an app for a group only that group's catalogue tells it, and it goes with a change of who may see it", async () => {
  const group = createGroup(world.store, OPERATOR, { name: "Testers", offered: true }).id;
  const show = async (input: VisibilityInput) => {
    const { scope } = previewVisibility(world.store, OPERATOR, APP, input);
    await changeVisibility(world.store, OPERATOR, APP, input, scope);
    await world.scheduler.drain();
  };
  await yank(3);
  await show({ visibility: "groups", groups: [group] });
  const audience = audienceOf(group);
  expect([body(noticesPath(APP)), codesOn("stable", audience), codesOn(YANKED_CHANNEL, audience)]).toEqual([
    null,
    [2, 1],
    [3],
  ]);
  expect(notices(audience)).toEqual([`3: ${REASON}`]);
  await yank(2, "So does this.");
  expect([body(noticesPath(APP)), notices(audience)]).toEqual([null, [`3: ${REASON}`, "2: So does this."]]);
  await show({ visibility: "everyone" });
  expect([notices()?.length, body(noticesPath(APP), audience)]).toEqual([2, null]);
});

test("what is not published, said badly, seen otherwise or not one's own is refused, and nothing is signed", async () => {
  const stranger = await newPublisher(world.store, "Others");
  const draft = await signedApp(world.store, publisher.signer, { id: APP, versionCode: 9, version: "9.0.0" });
  const { id } = await submitBytes(world.store, publisher.actor, draft, { submit: false });
  await world.scheduler.drain();
  const before = [body(indexPath(APP)), body(noticesPath(APP))];
  const tries = {
    draft: () => yankVersion(world.store, publisher.actor, { appId: APP, version: id }, REASON),
    empty: () => yankVersion(world.store, publisher.actor, of(3), "  "),
    lines: () => yankVersion(world.store, publisher.actor, of(3), "a\nb"),
    turned: () => yankVersion(world.store, publisher.actor, of(3), "a\u202eb"),
    long: () => yankVersion(world.store, publisher.actor, of(3), "x".repeat(201)),
    stale: () => yankVersion(world.store, publisher.actor, { ...of(3), ifMatch: 1 }, REASON),
    stranger: () => yankVersion(world.store, stranger.actor, of(3), ""),
    nobody: () => yankVersion(world.store, ANONYMOUS, of(3), REASON),
    reviewer: () => yankVersion(world.store, reviewer(), of(3), REASON),
    missing: () => yankVersion(world.store, publisher.actor, of(77), REASON),
  };
  const codes = await codesOf(tries);
  expect(codes).toEqual({
    draft: "version.wrong_state",
    empty: "version.yank_reason_invalid",
    lines: "version.yank_reason_invalid",
    turned: "version.yank_reason_invalid",
    long: "version.yank_reason_invalid",
    stale: "precondition.failed",
    stranger: "app.not_found",
    nobody: "auth.required",
    reviewer: "rights.forbidden",
    missing: "version.not_found",
  });
  expect([body(indexPath(APP)), body(noticesPath(APP))]).toEqual(before);
  expect(await codeOf(() => withdrawVersion(world.store, publisher.actor, APP, 3 as VersionCode))).toBe(
    "version.wrong_state",
  );
});

test("the same again signs nothing and tells nobody; another reason is signed and audited, and told to nobody again", async () => {
  await yank(2, "x".repeat(200));
  const first = body(noticesPath(APP));
  await yank(2, `  ${"x".repeat(200)} `);
  expect([body(noticesPath(APP)), told().length, audited().length]).toEqual([first, 1, 1]);
  await yank(2, "In other words.");
  expect([notices(), told().length, audited().length]).toEqual([["2: In other words."], 1, 2]);
  await unyank(1);
  expect([told().length, audited().length]).toEqual([1, 2]);
});

test("the containers of what comes to the front are there again when it does", async () => {
  planDeltasOf(world.store, APP);
  await world.scheduler.drain();
  const isCompact = () => index().channels.get("stable")?.[0]?.compact !== null;
  expect(isCompact()).toBe(true);
  await yank(3);
  planDeltasOf(world.store, APP);
  await world.scheduler.drain();
  expect([codesOn("stable")?.[0], isCompact()]).toEqual([2, true]);
  await unyank(3);
  expect([codesOn("stable")?.[0], isCompact()]).toEqual([3, true]);
});
