/** Apps that stand in no list, and apps that are deprecated: what is found, what is said, and to whom another app is named. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { type Actor, ANONYMOUS, OPERATOR } from "../../accounts/actor.ts";
import { createGroup } from "../../accounts/groups/groups.ts";
import { addPersonToGroup } from "../../accounts/groups/members.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { install, update } from "../../device/installer.ts";
import { list, search } from "../../device/inventory.ts";
import { type AppId, type Audience, EVERYBODY, type GroupId } from "../../ids.ts";
import { devicesForEach } from "../../testing/catalogue-devices.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { codeOf, codesOf } from "../../testing/problems.ts";
import { newOwner, newPublisher, type Publisher, publishApp, reviewer } from "../../testing/publishing.ts";
import { createApp } from "../apps.ts";
import { reconcileStore } from "../reconcile.ts";
import { searchApps } from "../search/ask.ts";
import { shardOf, shardPath } from "../tuf/app-index.ts";
import { noticesPath, parseNotices } from "../tuf/app-notices.ts";
import { parseShard } from "../tuf/documents.ts";
import { findTargetBody } from "../tuf/records.ts";
import { audienceOf, type VisibilityInput } from "../visibility/audiences.ts";
import { changeVisibility, previewVisibility } from "../visibility/change.ts";
import { newestApps, visibleApp, visibleApps } from "../visibility/visible.ts";
import { deprecateApp, readListing, setListed, undeprecateApp } from "./change.ts";

setDefaultTimeout(120_000);

const OLD = "org.example.notes" as AppId;
const NEW = "org.example.journal" as AppId;
const TEXT = "Journal does more.";
let publisher: Publisher;
let owner: Actor;
let group: GroupId;

const world = storeForEach(
  async () => {
    publisher = await newPublisher(world.store, "Quiet Works");
    owner = await newOwner(world.store, publisher.organisationId);
    group = createGroup(world.store, OPERATOR, { name: "Testers", offered: true }).id;
    await publish(OLD, 1);
    await publish(NEW, 1);
  },
  async () => {
    await world.scheduler.drain();
    expect(await reconcileStore(world.store, OPERATOR)).toEqual([]);
  },
);
const devices = devicesForEach(world);
const device = (name: string) => devices.add(name);

const orm = () => world.store.db.orm;

async function publish(id: AppId, versionCode: number): Promise<void> {
  const name = { en: id === OLD ? "Notes" : "Journal" };
  await publishApp(world, publisher, { id, versionCode, version: `${versionCode}.0.0`, name });
}

const listed = async (is: boolean) => {
  const view = await setListed(world.store, owner, OLD, is);
  await world.scheduler.drain();
  return view;
};
const deprecate = async (text: string, instead: string | null = null, by: Actor = owner) => {
  const view = await deprecateApp(world.store, by, OLD, { text, instead });
  await world.scheduler.drain();
  return view;
};
async function show(id: AppId, input: VisibilityInput): Promise<void> {
  await change(id, input);
  await world.scheduler.drain();
}
/** No job comes after it. */
async function change(id: AppId, input: VisibilityInput): Promise<void> {
  const { scope } = previewVisibility(world.store, OPERATOR, id, input);
  await changeVisibility(world.store, OPERATOR, id, input, scope);
}

const body = (path: string, audience: Audience = EVERYBODY) => {
  const found = findTargetBody(orm(), path, audience);
  return found === null ? null : new Uint8Array(found);
};
const inShard = (id = OLD) =>
  parseShard(body(shardPath(shardOf(id))) ?? new Uint8Array(), shardOf(id)).some(({ appId }) => appId === id);
const told = (audience?: Audience) => {
  const bytes = body(noticesPath(OLD), audience);
  return bytes === null ? null : parseNotices(bytes).deprecated;
};
const found = (question: string) =>
  searchApps(world.store, ANONYMOUS, { question, locale: "en" }, { limit: 9 }).items.map(({ id }) => id);
const inStore = () => ({
  list: visibleApps(world.store, ANONYMOUS, { limit: 9 }).items.map(({ id }) => id),
  newest: newestApps(world.store, ANONYMOUS, 9)
    .map(({ id }) => id)
    .sort(),
  found: found("notes"),
});

test("an app that is unlisted is in no list, works by its address, and still updates; it comes back", async () => {
  const here = await device("here");
  await here((opened) => install(opened, OLD));
  expect((await listed(false)).unlistedAt).not.toBeNull();
  expect([inStore(), inShard()]).toEqual([{ list: [NEW], newest: [NEW], found: [] }, false]);
  expect(visibleApp(world.store, ANONYMOUS, OLD)).toMatchObject({ listed: false, versionCode: 1 });
  expect((await here((opened) => search(opened, ""))).map(({ appId }) => appId)).toEqual([NEW]);
  const fresh = await device("fresh");
  expect(await fresh((opened) => install(opened, OLD))).toMatchObject({ action: "installed" });
  // What is published then is offered, and stays out of the lists.
  await publish(OLD, 2);
  expect([inStore(), inShard()]).toEqual([{ list: [NEW], newest: [NEW], found: [] }, false]);
  expect(await here((opened) => update(opened, null))).toMatchObject({
    apps: [{ action: "updated", versionCode: 2 }],
  });
  await listed(true);
  expect([inStore(), inShard()]).toEqual([{ list: [NEW, OLD], newest: [NEW, OLD], found: [OLD] }, true]);
  const revision = readListing(world.store, publisher.actor, OLD).revision;
  expect((await listed(true)).revision).toBe(revision);
  const kinds = listMessages(world.store, OPERATOR, { limit: 9 }).items.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "app.listing")).toHaveLength(2);
});

test("what is said before anything is published is told with that, and an app that is unlisted begins unlisted", async () => {
  const id = "org.example.early" as AppId;
  createApp(world.store, publisher.actor, { id, name: "Early" });
  await setListed(world.store, owner, id, false);
  await deprecateApp(world.store, owner, id, { text: TEXT, instead: NEW });
  await publish(id, 1);
  const bytes = body(noticesPath(id));
  expect(bytes && parseNotices(bytes).deprecated).toEqual({ text: TEXT, instead: NEW });
  expect(inShard(id)).toBe(false);
});

test("deprecated: said in the store and on devices with the other app, and not any more when that is taken back", async () => {
  const here = await device("here");
  await here((opened) => install(opened, OLD));
  await deprecate(TEXT, NEW);
  expect(told()).toEqual({ text: TEXT, instead: NEW });
  expect(visibleApp(world.store, ANONYMOUS, OLD).deprecated).toEqual({
    text: TEXT,
    instead: { id: NEW, name: "Journal" },
  });
  expect(
    visibleApps(world.store, ANONYMOUS, { limit: 9 }).items.map((app) => app.deprecated !== null),
  ).toEqual([false, true]);
  const said = { deprecated: { text: TEXT, instead: NEW }, yanked: null };
  expect(await here((opened) => update(opened, null))).toMatchObject({
    apps: [{ action: "current", noticed: said }],
  });
  expect(await here(async (opened) => list(opened))).toMatchObject([{ noticed: said }]);
  await undeprecateApp(world.store, owner, OLD);
  await world.scheduler.drain();
  expect([told(), visibleApp(world.store, ANONYMOUS, OLD).deprecated, body(noticesPath(OLD))]).toEqual([
    null,
    null,
    null,
  ]);
  await here((opened) => update(opened, null));
  expect(await here(async (opened) => list(opened))).toMatchObject([{ noticed: { deprecated: null } }]);
});

test("an app that not everybody may see is named to who may see it, and nowhere else", async () => {
  await show(NEW, { visibility: "groups", groups: [group] });
  const member = await newOwner(world.store, publisher.organisationId, "member@example.com");
  // Who may not see it cannot point to it, as to one that is not there.
  const refusals = [NEW, "org.example.nothing", "No id", OLD].map((instead) =>
    codeOf(() => deprecateApp(world.store, member, OLD, { text: TEXT, instead })),
  );
  expect(new Set(await Promise.all(refusals))).toEqual(new Set(["app.instead_not_found"]));
  addPersonToGroup(world.store, OPERATOR, group, { accountId: member.accountId });
  await deprecate(TEXT, NEW, member);
  const named = (actor: Actor) => visibleApp(world.store, actor, OLD).deprecated?.instead?.id ?? null;
  // Who does not see it leaves it where it is by other words; who sees it takes it away by naming none.
  await deprecate("Journal is better.");
  expect([named(member), readListing(world.store, owner, OLD).deprecated?.instead]).toEqual([NEW, null]);
  await deprecate(TEXT, null, member);
  expect(named(member)).toBeNull();
  await deprecate(TEXT, NEW, member);
  expect([named(ANONYMOUS), named(publisher.actor), named(member)]).toEqual([null, null, NEW]);
  expect(readListing(world.store, publisher.actor, OLD).deprecated).toMatchObject({
    text: TEXT,
    instead: null,
  });
  expect(told()).toEqual({ text: TEXT, instead: null });
  const last = world.store.db.raw
    .query<Record<string, unknown>, []>("SELECT * FROM audit_entries ORDER BY position DESC LIMIT 3")
    .all();
  expect(JSON.stringify(last)).not.toContain(NEW);
  expect(JSON.stringify(listMessages(world.store, OPERATOR, { limit: 2 }).items)).not.toContain(NEW);
  // The catalogues follow who may see it.
  await show(NEW, { visibility: "everyone" });
  expect(told()?.instead).toBe(NEW);
  await change(NEW, { visibility: "signed-in" });
  expect(told()).toEqual({ text: TEXT, instead: null });
  await show(NEW, { visibility: "everyone" });
  expect(told()?.instead).toBe(NEW);
  await show(OLD, { visibility: "groups", groups: [group] });
  await show(NEW, { visibility: "groups", groups: [group] });
  expect([body(noticesPath(OLD)), told(audienceOf(group))?.instead]).toEqual([null, NEW]);
  await show(NEW, { visibility: "signed-in" });
  expect(told(audienceOf(group))?.instead).toBeNull();
});

test("what is said badly, seen otherwise or not one's own is refused", async () => {
  const stranger = await newPublisher(world.store, "Others");
  const tries = {
    empty: () => deprecate(" "),
    lines: () => deprecate("a\nb"),
    long: () => deprecate("x".repeat(501)),
    stale: () => setListed(world.store, owner, OLD, false, 1),
    developer: () => setListed(world.store, publisher.actor, OLD, false),
    stranger: () => setListed(world.store, stranger.actor, OLD, false),
    words: () => deprecateApp(world.store, stranger.actor, OLD, { text: "" }),
    nobody: () => undeprecateApp(world.store, ANONYMOUS, OLD),
    reviewer: () => setListed(world.store, reviewer(), OLD, false),
  };
  const codes = await codesOf(tries);
  expect(codes).toEqual({
    empty: "app.deprecation_invalid",
    lines: "app.deprecation_invalid",
    long: "app.deprecation_invalid",
    stale: "precondition.failed",
    developer: "rights.forbidden",
    stranger: "app.not_found",
    words: "app.not_found",
    nobody: "auth.required",
    reviewer: "rights.forbidden",
  });
  expect([inShard(), told()]).toEqual([true, null]);
});
