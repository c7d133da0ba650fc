/** Deleting what was published: what rests meanwhile, that taking it back gives back all of it, and what stays of what is gone. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Actor, ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import { createGroup, deleteGroup } from "../../accounts/groups/groups.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { install, update } from "../../device/installer.ts";
import { list } from "../../device/inventory.ts";
import { type AppId, type Audience, EVERYBODY, type GroupId, type VersionCode } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { listQueue } from "../../review/queue.ts";
import { devicesForEach } from "../../testing/catalogue-devices.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { codeOf, codesOf } from "../../testing/problems.ts";
import {
  newOwner,
  newPublisher,
  type Publisher,
  publishApp,
  reviewer,
  sendApp,
} from "../../testing/publishing.ts";
import { DAY_MS } from "../../time.ts";
import { listApps } from "../app-list/list.ts";
import { createApp, deleteApp, readApp } from "../apps.ts";
import { deprecateApp, readListing, setListed } from "../listing/change.ts";
import { reconcileStore } from "../reconcile.ts";
import { findApp } from "../records.ts";
import { searchApps } from "../search/ask.ts";
import { sweepBlobs } from "../sweep.ts";
import { indexPath } from "../tuf/app-index.ts";
import { findTargetBody } from "../tuf/records.ts";
import { readVersion, submitVersion, withdrawVersion } from "../versions.ts";
import { audienceOf, NOBODY, type VisibilityInput } from "../visibility/audiences.ts";
import { changeVisibility, previewVisibility, readVisibility } from "../visibility/change.ts";
import { selectAppAudiences } from "../visibility/records.ts";
import { newestApps, visibleApp, visibleApps } from "../visibility/visible.ts";
import { visibleDetails } from "../visibility/visible-versions.ts";
import { askToDeleteApp } from "./ask.ts";
import { keepApp } from "./keep.ts";
import { removeDue } from "./remove.ts";
import { listDeletions, readDeletion } from "./view.ts";

setDefaultTimeout(120_000);

const APP = "org.example.notes" as AppId;
const OTHER = "org.example.journal" as AppId;
const REASON = "Nobody looks after it any more.";
let publisher: Publisher;
let owner: Actor;
let group: GroupId;

const world = storeForEach(
  async () => {
    publisher = await newPublisher(world.store, "Quiet Works");
    owner = await newOwner(world.store, publisher.organisationId);
    group = createGroup(world.store, OPERATOR, { name: "Testers", offered: true }).id;
    await publish(APP, 1);
  },
  async () => {
    await world.scheduler.drain();
    expect(await reconcileStore(world.store, OPERATOR)).toEqual([]);
  },
);
const devices = devicesForEach(world);
const device = (name: string) => devices.add(name);

const orm = () => world.store.db.orm;

const manifest = (id: AppId, versionCode: number) => ({
  ...{ id, versionCode, version: `${versionCode}.0.0` },
  name: { en: id === APP ? "Notes" : "Journal" },
});
const send = (id: AppId, versionCode: number) => sendApp(world, publisher, manifest(id, versionCode));
const publish = (id: AppId, versionCode: number) => publishApp(world, publisher, manifest(id, versionCode));
async function ask(id = APP, by: Actor = owner, confirm: string = id, reason = REASON) {
  const view = await askToDeleteApp(world.store, by, id, { confirm, reason });
  await world.scheduler.drain();
  return view;
}
async function keep(by: Actor = owner) {
  const view = await keepApp(world.store, by, APP);
  await world.scheduler.drain();
  return view;
}
async function wait(days: number) {
  world.store.clock.advance(days * DAY_MS);
  await removeDue(world.store);
  await world.scheduler.drain();
}
async function show(id: AppId, input: VisibilityInput): Promise<void> {
  const { scope } = previewVisibility(world.store, OPERATOR, id, input);
  await changeVisibility(world.store, OPERATOR, id, input, scope);
  await world.scheduler.drain();
}
const inCatalogue = (audience: Audience) => findTargetBody(orm(), indexPath(APP), audience) !== null;

/** All that anybody sees of it, but for what counts changes. */
function seen(actor: Actor = ANONYMOUS) {
  const { store } = world;
  const { revision: _, updatedAt: __, ...app } = readApp(store, owner, APP);
  const { revision: ___, ...listing } = readListing(store, owner, APP);
  const body = (audience: Audience) => String(findTargetBody(orm(), indexPath(APP), audience));
  return {
    app,
    listing,
    visibility: readVisibility(store, owner, APP),
    row: { ...findApp(orm(), APP), updatedAt: null, revision: null },
    list: visibleApps(store, actor, { limit: 9 }),
    newest: newestApps(store, actor, 9),
    details: visibleDetails(store, actor, APP),
    found: searchApps(store, actor, { question: "notes", locale: "en" }, { limit: 9 }),
    index: [body(EVERYBODY), body(audienceOf(group))],
    audiences: selectAppAudiences(orm(), APP).filter(({ audience }) => audience !== NOBODY),
    versions: store.db.raw.query("SELECT * FROM versions ORDER BY id").all(),
  };
}

describe("an app that somebody asked to delete", () => {
  test("is found and offered nowhere, stays where it is installed, and comes back as it was", async () => {
    await publish(OTHER, 1);
    await deprecateApp(world.store, owner, APP, { text: "Use the other.", instead: OTHER });
    await world.scheduler.drain();
    const before = seen();
    const here = await device("here");
    await here((opened) => install(opened, APP));

    const view = await ask();
    expect(view).toMatchObject({ appId: APP, appName: "Notes", reason: REASON });
    expect(view.endsAt.getTime() - view.askedAt.getTime()).toBe(30 * DAY_MS);
    expect(visibleApps(world.store, ANONYMOUS, { limit: 9 }).items.map(({ id }) => id)).toEqual([OTHER]);
    expect(newestApps(world.store, OPERATOR, 9).map(({ id }) => id)).toEqual([OTHER]);
    for (const actor of [ANONYMOUS, owner, OPERATOR])
      expect(searchApps(world.store, actor, { question: "notes", locale: "en" }, { limit: 9 }).items).toEqual(
        [],
      );
    expect(await codeOf(() => visibleApp(world.store, owner, APP))).toBe("app.not_found");
    expect([inCatalogue(EVERYBODY), inCatalogue(NOBODY)]).toEqual([false, true]);
    const fresh = await device("fresh");
    expect(await codeOf(() => fresh((opened) => install(opened, APP)))).toBe("device.app_not_found");
    await here((opened) => update(opened, null));
    expect(await here(async (opened) => list(opened))).toMatchObject([{ appId: APP, versionCode: 1 }]);

    await keep();
    expect(seen()).toEqual(before);
    expect(inCatalogue(NOBODY)).toBe(false);
    expect(await fresh((opened) => install(opened, APP))).toMatchObject({ action: "installed" });
    expect(await here((opened) => update(opened, null))).toMatchObject({ apps: [{ action: "current" }] });
    await publish(APP, 2);
    expect(await here((opened) => update(opened, null))).toMatchObject({
      apps: [{ action: "updated", versionCode: 2 }],
    });
  });

  test("comes back to its groups alone, unlisted, after a sweep, and to no other audience", async () => {
    await show(APP, { visibility: "groups", groups: [group] });
    await setListed(world.store, owner, APP, false);
    const before = seen(OPERATOR);
    await ask();
    expect([inCatalogue(EVERYBODY), inCatalogue(audienceOf(group))]).toEqual([false, false]);
    expect(await codeOf(() => deleteGroup(world.store, OPERATOR, group))).toBe("group.in_use");
    world.store.clock.advance(3 * DAY_MS);
    await sweepBlobs(world.store);
    await keep();
    expect(seen(OPERATOR)).toEqual(before);
    expect(await codeOf(() => visibleApp(world.store, ANONYMOUS, APP))).toBe("app.not_found");
  });

  test("rests: nothing is done to it, and what waits of it waits", async () => {
    const waiting = await send(APP, 3);
    const attempts = {
      again: () => ask(),
      listing: () => setListed(world.store, owner, APP, false),
      deprecation: () => deprecateApp(world.store, owner, APP, { text: "No." }),
      visibility: () => previewVisibility(world.store, owner, APP, { visibility: "signed-in" }),
      upload: () => send(APP, 4),
      withdrawal: () => withdrawVersion(world.store, owner, APP, 3 as VersionCode),
      submission: () => submitVersion(world.store, owner, APP, 3 as VersionCode),
      review: () => approve(world.store, reviewer(), waiting.id, {}),
      deletion: () => deleteApp(world.store, owner, APP),
    };
    expect(listQueue(world.store, reviewer(), { limit: 9 }).items).toHaveLength(1);
    await ask();
    expect(listQueue(world.store, reviewer(), { limit: 9 }).items).toEqual([]);
    const codes = await codesOf(attempts);
    expect(new Set(Object.values(codes))).toEqual(new Set(["app.being_deleted"]));
    expect(readApp(world.store, publisher.actor, APP).deletionAt).not.toBeNull();
    await keep();
    expect(listQueue(world.store, reviewer(), { limit: 9 }).items).toHaveLength(1);
    approve(world.store, reviewer(), waiting.id, {});
    await world.scheduler.drain();
    expect(visibleApp(world.store, ANONYMOUS, APP).versionCode).toBe(3 as VersionCode);
  });

  test("is one that an owner asked for with its id and a reason, and any owner or administrator keeps", async () => {
    const stranger = await newPublisher(world.store, "Others");
    const unpublished = "org.example.early" as AppId;
    createApp(world.store, publisher.actor, { id: unpublished, name: "Early" });
    const tries = {
      developer: () => ask(APP, publisher.actor),
      reviewer: () => ask(APP, reviewer()),
      stranger: () => ask(APP, stranger.actor),
      nobody: () => ask(APP, ANONYMOUS),
      other: () => ask(APP, owner, OTHER),
      empty: () => ask(APP, owner, APP, " "),
      lines: () => ask(APP, owner, APP, "a\nb"),
      early: () => ask(unpublished),
      stale: () => askToDeleteApp(world.store, owner, APP, { confirm: APP, reason: REASON }, [1]),
      kept: () => keep(),
      none: () => Promise.resolve(readDeletion(world.store, owner, APP)),
    };
    const codes = await codesOf(tries);
    expect(codes).toEqual({
      developer: "rights.forbidden",
      reviewer: "rights.forbidden",
      stranger: "app.not_found",
      nobody: "auth.required",
      other: "app.deletion_unconfirmed",
      empty: "app.deletion_reason_invalid",
      lines: "app.deletion_reason_invalid",
      early: "app.not_published",
      stale: "precondition.failed",
      kept: "app.not_being_deleted",
      none: "app.not_being_deleted",
    });
    await ask();
    const ids = (actor: Actor) =>
      listDeletions(world.store, actor, { limit: 9 }).items.map(({ appId }) => appId);
    expect([ids(owner), ids(publisher.actor), ids(OPERATOR), ids(stranger.actor)]).toEqual([
      [APP],
      [APP],
      [APP],
      [],
    ]);
    expect(await codeOf(() => keep(publisher.actor))).toBe("rights.forbidden");
    await keep(OPERATOR);
    expect(ids(OPERATOR)).toEqual([]);
    const told = listMessages(world.store, OPERATOR, { limit: 9 })
      .items.filter(({ kind }) => kind === "app.deletion")
      .map(({ subject }) => String(subject).replace(/ on .*/, ""));
    expect(told).toEqual(["Notes is not deleted", "Notes will be deleted"]);
  });

  test("is not shown to others than before by rows that somebody changed", async () => {
    await show(APP, { visibility: "groups", groups: [group] });
    await ask();
    world.store.db.raw.run("UPDATE app_deletion_audiences SET audience = ''");
    await keep();
    expect([inCatalogue(EVERYBODY), inCatalogue(audienceOf(group))]).toEqual([false, true]);
    // The seal of an earlier deletion is of no use either.
    const old = world.store.db.raw.query<{ sealed: Uint8Array }, []>("SELECT sealed FROM app_deletions");
    await ask();
    const first = old.get()?.sealed ?? new Uint8Array();
    await keep();
    await ask();
    const second = old.get()?.sealed ?? new Uint8Array();
    world.store.db.raw.run("UPDATE app_deletions SET sealed = ?", [first]);
    expect(await codeOf(() => keep())).toBe("catalog.damaged");
    world.store.db.raw.run("UPDATE app_deletions SET sealed = ?", [second]);
    await keep();
  });
});

describe("once the time is over", () => {
  test("nothing is left but its id, the log and what is revoked of it", async () => {
    const here = await device("here");
    await here((opened) => install(opened, APP));
    const digest = readVersion(world.store, owner, APP, 1 as VersionCode).contentDigest ?? "";
    const files = [...(await keysOf("releases/")), ...(await keysOf("store/v1/packages/"))];
    await ask();
    await wait(29);
    expect(readDeletion(world.store, owner, APP).appId).toBe(APP);
    await wait(1);
    expect(await codeOf(() => readApp(world.store, owner, APP))).toBe("app.not_found");
    expect(await codeOf(() => keep())).toBe("app.not_found");
    expect(listApps(world.store, owner, { limit: 9 }).items).toEqual([]);
    expect(listDeletions(world.store, OPERATOR, { limit: 9 }).items).toEqual([]);
    expect(inCatalogue(NOBODY)).toBe(false);
    const stranger = await newPublisher(world.store, "Others");
    for (const actor of [publisher.actor, stranger.actor])
      expect(await codeOf(() => createApp(world.store, actor, { id: APP, name: "Mine" }))).toBe(
        "app.id_taken",
      );
    expect(await codeOf(() => send(APP, 9))).toBe("app.id_taken");
    const of = (table: string) =>
      world.store.db.raw.query(`SELECT 1 FROM ${table} WHERE app_id = ?`).all(APP).length;
    expect(
      ["versions", "key_lineage", "shown_texts", "search_documents", "app_deletions"].map((table) =>
        of(table),
      ),
    ).toEqual([0, 0, 0, 0, 0]);
    expect(of("removed_versions")).toBe(1);

    await here((opened) => update(opened, null));
    expect(await here(async (opened) => list(opened))).toMatchObject([{ appId: APP, versionCode: 1 }]);
    await wait(2);
    await sweepBlobs(world.store);
    const left = new Set([...(await keysOf("releases/")), ...(await keysOf("store/v1/packages/"))]);
    expect([files.length, files.filter((key) => left.has(key))]).toEqual([2, []]);
    expect(digest).not.toBe("");
  });

  test("one that cannot be taken out holds up none of those behind it, and goes once it can", async () => {
    await publish(OTHER, 1);
    await ask();
    await ask(OTHER);
    const { raw } = world.store.db;
    raw.run(
      `CREATE TRIGGER stopped BEFORE UPDATE OF removed_at ON apps WHEN NEW.id = '${APP}' BEGIN SELECT RAISE(ABORT, 'stopped here'); END`,
    );
    world.store.clock.advance(30 * DAY_MS);
    await expect(removeDue(world.store)).rejects.toThrow("stopped here");
    expect(await codeOf(() => readApp(world.store, owner, OTHER))).toBe("app.not_found");
    expect(readApp(world.store, owner, APP).id).toBe(APP);
    raw.run("DROP TRIGGER stopped");
    await wait(0);
    expect(await codeOf(() => readApp(world.store, owner, APP))).toBe("app.not_found");
    expect(await codeOf(() => send(APP, 9))).toBe("app.id_taken");
  });
});

async function keysOf(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of world.store.blobs.list(prefix)) keys.push(key);
  return keys;
}
