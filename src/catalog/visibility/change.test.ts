/** Who may see an app: in which signed catalogues it is, which files everybody may read, and what the log shows. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Actor, ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import { changeGroup, createGroup, deleteGroup } from "../../accounts/groups/groups.ts";
import { type AppId, type Audience, EVERYBODY, type GroupId, type VersionCode } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import {
  newOwner,
  newPublisher,
  type Publisher,
  reviewer,
  signedApp,
  submitBytes,
} from "../../testing/publishing.ts";
import { withheldOfCurrent } from "../../testing/withheld.ts";
import { createApp } from "../apps.ts";
import { reconcileStore } from "../reconcile.ts";
import * as catalog from "../records.ts";
import { enact } from "../revocation/act.ts";
import { parseChange, type RevocationInput } from "../revocation/change.ts";
import { compareRevocations } from "../revocation/compare.ts";
import { sweepBlobs } from "../sweep.ts";
import { indexPath, shardOf, shardPath } from "../tuf/app-index.ts";
import { parseAppIndex, parseShard } from "../tuf/documents.ts";
import { findTargetBody, listAudiences } from "../tuf/records.ts";
import { parseRevocations } from "../tuf/revocations.ts";
import { audienceOf, SIGNED_IN, type VisibilityInput } from "./audiences.ts";
import { changeVisibility, groupsToChoose, previewVisibility, readVisibility } from "./change.ts";
import { pageAppsOfGroup } from "./group-apps.ts";
import { retireCatalogues } from "./retire.ts";
import { newestApps } from "./visible.ts";

// A catalogue begins with some 260 files.
setDefaultTimeout(60_000);

const APP = "org.example.merger" as AppId;
const DAY_MS = 86_400_000;
const reason = "It is not what was agreed.";
let publisher: Publisher;
let one: GroupId;
let two: GroupId;

const world = storeForEach(
  async () => {
    publisher = await newPublisher(world.store, "Quiet Works");
    one = createGroup(world.store, OPERATOR, { name: "One", offered: true }).id;
    two = createGroup(world.store, OPERATOR, { name: "Two", offered: true }).id;
  },
  async () => {
    await world.scheduler.drain();
    expect(await reconcileStore(world.store, OPERATOR)).toEqual([]);
    expect(await compareRevocations(world.store)).toEqual([]);
    expect(await withheldOfCurrent(world.store)).toEqual([]);
  },
);

const orm = () => world.store.db.orm;

async function publish(versionCode = 1, id = APP) {
  const bytes = await signedApp(world.store, publisher.signer, {
    id,
    versionCode,
    version: `${versionCode}.0.0`,
    name: { en: "Merger Helper" },
  });
  const { id: versionId } = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  approve(world.store, reviewer(), versionId, {});
  await world.scheduler.drain();
  const row = catalog.findVersion(orm(), versionId);
  expect(row?.state).toBe("published");
  return row as catalog.VersionRow;
}

async function show(input: VisibilityInput, by: Actor = OPERATOR, id = APP): Promise<void> {
  const { scope } = previewVisibility(world.store, by, id, input);
  await changeVisibility(world.store, by, id, input, scope);
  await world.scheduler.drain();
}

const act = async (input: RevocationInput) => {
  await enact(world.store, OPERATOR, parseChange(input));
  await world.scheduler.drain();
};

const toGroups = (...groups: GroupId[]): VisibilityInput => ({ visibility: "groups", groups });
const toEveryone: VisibilityInput = { visibility: "everyone" };
const body = (path: string, audience: Audience) => {
  const found = findTargetBody(orm(), path, audience);
  return found === null ? null : new Uint8Array(found);
};

/** The codes that an audience's index lists, and whether its shard names the app; null: no index. */
function offered(audience: Audience): string | null {
  const index = body(indexPath(APP), audience);
  const shard = body(shardPath(shardOf(APP)), audience);
  const listed = shard !== null && parseShard(shard, shardOf(APP)).some(({ appId }) => appId === APP);
  if (index === null) return listed ? "in the shard alone" : null;
  const codes = parseAppIndex(index)
    .channels.get("stable")
    ?.map(({ versionCode }) => versionCode);
  return `${codes?.join()}${listed ? "" : " not listed"}`;
}

/** Every file that everybody may read and whose name or content has one of the words. */
async function publicFilesWith(...words: string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of world.store.blobs.list("store/v1/")) {
    const bytes = readFileSync(join(world.store.dataDir, "blobs", key)).toString("latin1");
    if (words.some((word) => key.includes(word) || bytes.includes(word))) found.push(key);
  }
  return found;
}

const listIn = (audience: Audience) => {
  const list = body("trust/revocations.json", audience);
  if (list === null) return null;
  const { entries, lowestVersionCodes } = parseRevocations(list);
  return [...entries.map(({ subject }) => subject), ...lowestVersionCodes.values()].join();
};

test("what is published for a group is in that group's catalogue, and in nothing that everybody may read", async () => {
  createApp(world.store, publisher.actor, {
    id: APP,
    name: "Merger Helper",
    visibility: toGroups(one),
  });
  const first = await publish(1);
  const second = await publish(2);
  const group = audienceOf(one);
  expect([offered(group), offered(EVERYBODY), offered(audienceOf(two))]).toEqual(["2,1", null, null]);
  const secrets = [APP, "Merger", "Quiet Works", publisher.organisationId];
  for (const row of [first, second])
    secrets.push(
      row.releasedSha256 ?? "",
      row.contentDigest ?? "",
      row.uploadSha256,
      row.developerKeyid ?? "",
    );
  expect(await publicFilesWith(...secrets)).toEqual([]);
  expect(newestApps(world.store, ANONYMOUS, 10)).toEqual([]);
  // Whoever may read the group's finds the log's leaves with the salts there.
  const index = parseAppIndex(body(indexPath(APP), group) ?? new Uint8Array());
  const [release] = index.channels.get("stable") ?? [];
  expect([release?.log.approval.salt?.length, release?.log.publication.salt?.length]).toEqual([32, 32]);
  expect(body(`developers/${publisher.organisationId}/log.json`, group)).not.toBeNull();
  expect(release?.compact).not.toBeNull();
  expect(await world.store.blobs.head(`deltas/${release?.compact?.sha256}.mosisd`)).not.toBeNull();
  expect(await world.store.blobs.head(`store/v1/deltas/${release?.compact?.sha256}.mosisd`)).toBeNull();
});

test("from everyone to a group and back: it is where it may be seen, and what was public stays in the log", async () => {
  const { releasedSha256 } = await publish(1);
  const key = `store/v1/packages/${releasedSha256}.mosis`;
  expect(offered(EVERYBODY)).toBe("1");
  await show(toGroups(one));
  expect([offered(EVERYBODY), offered(audienceOf(one))]).toEqual([null, "1"]);
  expect(readVisibility(world.store, OPERATOR, APP)).toMatchObject({
    visibility: "groups",
    groups: [{ id: one, name: "One" }],
    publicSince: null,
    publicUntil: world.store.clock.now(),
  });
  expect(newestApps(world.store, ANONYMOUS, 10)).toEqual([]);

  // For a day whoever was about to download it may go on; then the file goes too, and the group's stays.
  await sweepBlobs(world.store);
  expect(await world.store.blobs.head(key)).not.toBeNull();
  const secret = await publish(2);
  // Files have the machine's time.
  world.store.clock.advance(DAY_MS + 3_600_000);
  await sweepBlobs(world.store);
  expect(await world.store.blobs.head(key)).toBeNull();
  expect(await publicFilesWith(secret.releasedSha256 ?? "", secret.contentDigest ?? "")).toEqual([]);
  expect(await world.store.blobs.head(`releases/${releasedSha256}.mosis`)).not.toBeNull();

  await show(toEveryone);
  expect([offered(EVERYBODY), offered(audienceOf(one))]).toEqual(["2,1", null]);
  expect(await world.store.blobs.head(key)).not.toBeNull();
  const index = parseAppIndex(body(indexPath(APP), EVERYBODY) ?? new Uint8Array());
  const salts = index.channels.get("stable")?.map(({ log }) => log.publication.salt !== null);
  expect(salts).toEqual([true, false]);
  for (const { compact } of index.channels.get("stable") ?? [])
    if (compact) expect(await world.store.blobs.head(`store/v1/${compact.url}`)).not.toBeNull();
  expect(newestApps(world.store, ANONYMOUS, 10).length).toBe(1);
});

test("two groups have it side by side, and one of them no more", async () => {
  await publish(1);
  await show(toGroups(one, two));
  expect([offered(audienceOf(one)), offered(audienceOf(two))]).toEqual(["1", "1"]);
  await publish(2);
  expect([offered(audienceOf(one)), offered(audienceOf(two))]).toEqual(["2,1", "2,1"]);
  await show(toGroups(two));
  expect([offered(audienceOf(one)), offered(audienceOf(two))]).toEqual([null, "2,1"]);
  await publish(3);
  expect([offered(audienceOf(one)), offered(audienceOf(two))]).toEqual([null, "3,2,1"]);
  await show({ visibility: "signed-in" });
  expect([offered(SIGNED_IN), offered(audienceOf(two))]).toEqual(["3,2,1", null]);
});

test("another app of the same shard stays where it is", async () => {
  const other = ["a", "b", "c", "d", "e", "f", "g", "h"]
    .flatMap((a) => ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"].map((b) => a + b))
    .map((name) => `org.example.x${name}` as AppId)
    .find((id) => shardOf(id) === shardOf(APP)) as AppId;
  await publish(1);
  await publish(1, other);
  await show(toGroups(one));
  const ids = (audience: Audience) =>
    parseShard(body(shardPath(shardOf(APP)), audience) ?? new Uint8Array(), shardOf(APP)).map(
      ({ appId }) => appId,
    );
  expect([ids(EVERYBODY), ids(audienceOf(one))]).toEqual([[other], [APP]]);
  await show(toGroups(one), OPERATOR, other);
  expect([ids(EVERYBODY), ids(audienceOf(one)).length]).toEqual([[], 2]);
});

test("before anything is published a change is of the rows alone", async () => {
  createApp(world.store, publisher.actor, { id: APP, name: "Merger Helper" });
  await show(toGroups(one));
  await show(toGroups(two));
  expect(world.store.db.raw.query("SELECT audience FROM app_audiences").values()).toEqual([[two]]);
  await publish(1);
  expect([offered(EVERYBODY), offered(audienceOf(one)), offered(audienceOf(two))]).toEqual([null, null, "1"]);
});

describe("what is revoked", () => {
  const subjects = (id: string, contentDigest: string): [RevocationInput, string][] => [
    [{ act: "revoke", subject: "app", id, action: "block", reason }, "app"],
    [{ act: "revoke", subject: "package", id: contentDigest, action: "block", reason }, "package"],
    [
      { act: "revoke", subject: "developer", id: publisher.organisationId, action: "block", reason },
      "developer",
    ],
    [{ act: "lowest-version", appId: APP, versionCode: 2, reason }, "2"],
  ];

  test("of a private app stands in its audience's list alone, and goes with it", async () => {
    createApp(world.store, publisher.actor, { id: APP, name: "Merger Helper", visibility: toGroups(one) });
    const { contentDigest } = await publish(1);
    const group = audienceOf(one);
    for (const [input, word] of subjects(APP, contentDigest ?? "")) {
      await act(input);
      expect([word, listIn(EVERYBODY), listIn(group)]).toEqual([word, "", word]);
      expect(await publicFilesWith(APP, contentDigest ?? "", publisher.organisationId)).toEqual([]);
      await act(
        input.act === "revoke"
          ? { act: "lift", subject: input.subject, id: input.id, reason }
          : { act: "lowest-version", appId: APP, versionCode: 1, reason },
      );
      expect([listIn(EVERYBODY), listIn(group)]).toEqual(["", ""]);
    }
    for (const [input] of subjects(APP, contentDigest ?? "")) await act(input);
    const all = "app,developer,package,2";
    expect([listIn(EVERYBODY), listIn(group)]).toEqual(["", all]);
    await show(toGroups(one, two));
    expect([listIn(EVERYBODY), listIn(group), listIn(audienceOf(two))]).toEqual(["", all, all]);
    // Who had it goes on hearing of it.
    await show(toGroups(two));
    expect([listIn(EVERYBODY), listIn(group), listIn(audienceOf(two))]).toEqual(["", all, all]);
    await show(toEveryone);
    expect([listIn(EVERYBODY), listIn(group), listIn(audienceOf(two))]).toEqual([all, "", ""]);
    await act({ act: "lift", subject: "app", id: APP, reason });
    expect(listIn(EVERYBODY)).toBe("developer,package,2");
  });

  test("of one that was public stays in everybody's list, what is private of it does not come there", async () => {
    const first = await publish(1);
    await show(toGroups(one));
    world.store.clock.advance(1000);
    const second = await publish(2);
    const group = audienceOf(one);
    const block = (id: string | null): RevocationInput => ({
      act: "revoke",
      subject: "package",
      id: id ?? "",
      action: "block",
      reason,
    });
    await act(block(first.contentDigest));
    expect([listIn(EVERYBODY), listIn(group)]).toEqual(["package", ""]);
    await act(block(second.contentDigest));
    expect([listIn(EVERYBODY), listIn(group)]).toEqual(["package", "package"]);
    expect(await publicFilesWith(second.contentDigest ?? "")).toEqual([]);
    await act({ act: "revoke", subject: "app", id: APP, action: "disable", reason });
    expect([listIn(EVERYBODY), listIn(group)]).toEqual(["app,package", "package"]);
  });

  test("rows that were lost come back from an audience's list, and a list from the rows", async () => {
    createApp(world.store, publisher.actor, { id: APP, name: "Merger Helper", visibility: toGroups(one) });
    await publish(1);
    await act({ act: "revoke", subject: "app", id: APP, action: "block", reason });
    world.store.db.raw.run("DELETE FROM revocations");
    await act({ act: "lowest-version", appId: APP, versionCode: 3 as VersionCode, reason });
    expect(listIn(audienceOf(one))).toBe("app,3");
    world.store.db.raw.run(
      `UPDATE tuf_targets SET body = x'7b7d' WHERE audience = '${one}' AND path = 'trust/revocations.json'`,
    );
    await act({ act: "lowest-version", appId: APP, versionCode: 4 as VersionCode, reason });
    expect(listIn(audienceOf(one))).toBe("app,4");
  });
});

test("a group that an app is for stays; of one that is deleted the catalogue goes", async () => {
  createApp(world.store, publisher.actor, { id: APP, name: "Merger Helper", visibility: toGroups(one) });
  expect(await codeOf(() => deleteGroup(world.store, OPERATOR, one))).toBe("group.in_use");
  await publish(1);
  const page = { limit: 10 };
  expect(pageAppsOfGroup(world.store, OPERATOR, one, page).items.map(({ id }) => id)).toEqual([APP]);
  await show(toGroups(two));
  expect(pageAppsOfGroup(world.store, OPERATOR, one, page).items).toEqual([]);
  deleteGroup(world.store, OPERATOR, one);
  await act({ act: "revoke", action: "block", subject: "app", id: APP, reason });
  expect(listIn(audienceOf(one))).toBe("app");

  const [gone, kept] = [`audiences/v1/${one}/`, `audiences/v1/${two}/`];
  const files = async (prefix: string) => (await Array.fromAsync(world.store.blobs.list(prefix))).length;
  expect([(await files(gone)) > 250, (await files(kept)) > 250]).toEqual([true, true]);
  expect(await retireCatalogues(world.store)).toBe(1);
  expect(await retireCatalogues(world.store)).toBe(0);
  expect([await files(gone), (await files(kept)) > 250]).toEqual([0, true]);
  expect(listAudiences(orm())).toEqual([audienceOf(two)]);
  // Nobody is told by it any more.
  await act({ act: "lift", subject: "app", id: APP, reason });
  await show(toEveryone);
  expect(listAudiences(orm())).toEqual([audienceOf(two)]);
  expect([offered(EVERYBODY), offered(audienceOf(two))]).toEqual(["1", null]);
});

test("a group that is not offered is named to owners nowhere, and chosen by none of them", async () => {
  const { store } = world;
  const owner = await newOwner(store, publisher.organisationId);
  const hidden = createGroup(store, OPERATOR, { name: "Hidden" }).id;
  const create = (group: GroupId) =>
    codeOf(() => createApp(store, owner, { id: APP, name: "Merger Helper", visibility: toGroups(group) }));
  const choose = (...groups: GroupId[]) =>
    codeOf(() => previewVisibility(store, owner, APP, toGroups(...groups)));
  const named = (actor: Actor) => groupsToChoose(store, actor, APP).map(({ name }) => name);
  expect([await create(hidden), await create(one)]).toEqual(["app.visibility_invalid", "no problem"]);
  expect([named(owner), named(OPERATOR)]).toEqual([
    ["One", "Two"],
    ["Hidden", "One", "Two"],
  ]);
  // The answer is the same as for one that is not there.
  const messageOf = (id: GroupId) => {
    try {
      previewVisibility(store, owner, APP, toGroups(id));
      return "none";
    } catch (error) {
      return String(error).replaceAll(id, "");
    }
  };
  expect(messageOf(hidden)).toBe(messageOf(`grp-${"0".repeat(32)}` as GroupId));
  expect([await choose(hidden), await choose(two)]).toEqual(["app.visibility_invalid", "no problem"]);

  // Once an administrator has chosen it, it is counted for owners and not named; naming it is a guess like any other.
  await show(toGroups(hidden));
  expect(named(owner)).toEqual(["One", "Two"]);
  expect([messageOf(hidden), await choose(one, hidden)]).toEqual([
    messageOf(`grp-${"0".repeat(32)}` as GroupId),
    "app.visibility_invalid",
  ]);
  const told = (actor: Actor) => {
    const { groups, unnamedGroups } = readVisibility(store, actor, APP);
    return [...groups.map(({ name }) => name), unnamedGroups];
  };
  expect([told(owner), told(OPERATOR)]).toEqual([[1], ["Hidden", 0]]);
  // What an owner chooses comes beside it; and what is not offered any more stays, too, and is not named any more.
  await show(toGroups(one), owner);
  expect([told(owner), told(OPERATOR)]).toEqual([
    ["One", 1],
    ["Hidden", "One", 0],
  ]);
  changeGroup(store, OPERATOR, one, { offered: false });
  expect([told(owner), await choose(one)]).toEqual([[2], "app.visibility_invalid"]);
  const alone = { visibility: "groups", groups: [] } as const;
  expect(previewVisibility(store, owner, APP, alone)).toMatchObject({ changes: false, leavingUnnamed: 0 });
  // They are let go when that is said, and not otherwise.
  expect(previewVisibility(store, owner, APP, toGroups(two))).toMatchObject({
    after: { groups: [{ name: "Two" }], unnamedGroups: 2 },
    joining: [{ name: "Two" }],
    leaving: [],
    leavingUnnamed: 0,
  });
  const letGo = { ...toGroups(two), unnamedGroups: "drop" } as const;
  expect(previewVisibility(store, owner, APP, letGo)).toMatchObject({
    after: { groups: [{ name: "Two" }], unnamedGroups: 0 },
    leaving: [],
    leavingUnnamed: 2,
  });
  await show(letGo, owner);
  expect([told(owner), told(OPERATOR)]).toEqual([
    ["Two", 0],
    ["Two", 0],
  ]);
  await show(toGroups(hidden));
  expect(previewVisibility(store, owner, APP, toEveryone)).toMatchObject({ leaving: [], leavingUnnamed: 1 });
  expect(await codeOf(() => previewVisibility(store, owner, APP, { ...alone, unnamedGroups: "drop" }))).toBe(
    "app.visibility_invalid",
  );
  await show({ ...toGroups(two), unnamedGroups: "drop" });
  // For who may see groups there is none that is not named: what they do not name goes.
  expect(told(OPERATOR)).toEqual(["Two", 0]);
});

test("what an owner is shown and confirms tells nothing to compare of a group that is not named", async () => {
  const { store } = world;
  const owner = await newOwner(store, publisher.organisationId);
  const [a, b] = [
    createGroup(store, OPERATOR, { name: "A" }).id,
    createGroup(store, OPERATOR, { name: "B" }).id,
  ];
  createApp(store, owner, { id: APP, name: "Merger Helper" });
  const scopes = new Set<string>();
  for (const group of [a, b]) {
    await show(toGroups(group));
    // As if the app were as often changed: the revision is what tells one state from another.
    store.db.raw.query("UPDATE apps SET revision = 7").run();
    scopes.add(previewVisibility(store, owner, APP, toGroups(one)).scope);
  }
  expect(scopes.size).toBe(1);
  // An administrator is faster: what was shown is not so any more.
  const { scope } = previewVisibility(store, owner, APP, toGroups(one));
  await show(toGroups(a, b));
  expect(await codeOf(() => changeVisibility(store, owner, APP, toGroups(one), scope))).toBe(
    "app.scope_changed",
  );
});

test("nothing is changed that was not shown, or by whom it is not for", async () => {
  await publish(1);
  const owner = await newOwner(world.store, publisher.organisationId);
  const stranger = { ...owner, organisations: new Map() };
  const viewer = { ...owner, organisations: new Map([[publisher.organisationId, "viewer" as const]]) };
  const { store } = world;
  const wanted = toGroups(one);
  const { scope } = previewVisibility(store, owner, APP, wanted);
  const change = (actor: typeof owner, input: VisibilityInput, of: string | undefined) =>
    codeOf(() => changeVisibility(store, actor, APP, input, of));
  expect(await change(owner, wanted, undefined)).toBe("app.scope_required");
  expect(await change(owner, toGroups(two), scope)).toBe("app.scope_changed");
  expect(await change(stranger, wanted, scope)).toBe("app.not_found");
  expect(await change(viewer, wanted, scope)).toBe("rights.forbidden");
  expect(await change(owner, toGroups(`grp-${"0".repeat(32)}` as GroupId), scope)).toBe(
    "app.visibility_invalid",
  );
  expect(await codeOf(() => previewVisibility(store, publisher.actor, APP, wanted))).toBe("rights.forbidden");
  await publish(2);
  expect(await change(owner, wanted, scope)).toBe("app.scope_changed");
  expect(offered(EVERYBODY)).toBe("2,1");
  const again = previewVisibility(store, owner, APP, wanted);
  expect(again).toMatchObject({ changes: true, versions: 2, joining: [{ id: one, people: 0, devices: 0 }] });
  expect(await change(owner, wanted, again.scope)).toBe("no problem");
  expect(await change(owner, wanted, again.scope)).toBe("app.scope_changed");
  for (const input of [
    { visibility: "groups" },
    { visibility: "groups", groups: ["org-1"] },
    { visibility: "everyone", groups: [one] },
    { visibility: "nobody" },
    {
      visibility: "groups",
      groups: Array.from({ length: 51 }, (_, n) => `grp-${String(n).padStart(32, "0")}`),
    },
  ])
    expect(await codeOf(() => previewVisibility(store, owner, APP, input))).toBe("app.visibility_invalid");
});
