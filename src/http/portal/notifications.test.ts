/** What people are told of in the portal: who hears of what, what is named to whom by then, what is read, and what goes by mail. */
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { type AccountActor, OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { invite } from "../../accounts/invitations/invite.ts";
import { removeMember } from "../../accounts/members.ts";
import {
  listNotices,
  listOwnMessages,
  putAway,
  tellAddress,
  tellAdministrators,
  tellOwners,
} from "../../accounts/messages/outbox.ts";
import { countUnread, listNotifications, newestNotification } from "../../accounts/notifications/list.ts";
import { membersWho, reviewersOf } from "../../accounts/notifications/people.ts";
import { markAllRead, markRead } from "../../accounts/notifications/read.ts";
import * as records from "../../accounts/notifications/records.ts";
import { changeNotificationSettings } from "../../accounts/notifications/settings.ts";
import { forgetOldNotifications, MOST_NOTIFICATIONS } from "../../accounts/notifications/sweep.ts";
import { renameOrganisation } from "../../accounts/organisation-name.ts";
import { addMember } from "../../accounts/organisations.ts";
import { setStoreRole } from "../../accounts/people.ts";
import { createApp } from "../../catalog/apps.ts";
import { setListed } from "../../catalog/listing/change.ts";
import { listingNotice } from "../../catalog/listing/told.ts";
import { noticesOf } from "../../catalog/store-troubles/notices.ts";
import { declinedNotice } from "../../catalog/transfer/notices.ts";
import { offerApp, withdrawOffer } from "../../catalog/transfer/offer.ts";
import type { TransferRow } from "../../catalog/transfer/records.ts";
import { write } from "../../db/database.ts";
import { type AppId, type NotificationId, newId, type OrganisationId } from "../../ids.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { codeOf } from "../../testing/problems.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { signedInNow } from "../../testing/signed-in.ts";
import { type TestClock, testClock } from "../../testing/store.ts";
import { needsOf } from "../needs.ts";

const BY = { start: "Somebody", within: "somebody" };
let clock: TestClock;
let portal: Portal;
let organisation: OrganisationId;
let owner: Person;
let leaver: Person;
let n = 0;
let app: { readonly id: AppId; readonly name: string };

beforeAll(async () => {
  clock = testClock();
  portal = await startPortal({}, clock);
  await portal.scheduler.stop(1000);
});
afterAll(() => portal.close());

/** An organisation of its own for each test, with two owners and an app. */
beforeEach(async () => {
  n += 1;
  const { store } = portal;
  const name = LETTERS[n] ?? "";
  organisation = newOrganisation(store, `Works ${name}`);
  owner = await newPerson(store, `Owen ${name}`, { organisations: [[organisation, "owner"]] });
  leaver = await newPerson(store, `Lena ${name}`, { organisations: [[organisation, "owner"]] });
  app = createApp(store, owner.actor, {
    id: `org.works.${name}`,
    name: `App ${name}`,
    organisationId: organisation,
  });
  // That they are in it now.
  store.db.raw.run("DELETE FROM notifications");
});
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];

/** Both owners are told that the app is in no list any more. */
function tell(): void {
  const { store } = portal;
  write(store.db, (tx) => {
    tellOwners(tx, organisation, listingNotice({ app, act: "unlist", by: BY, text: null }), clock.now());
  });
}

const now = (who: Person): Promise<AccountActor> => signedInNow(portal.store, who.accountId);
async function toldTo(who: Person, unread = false) {
  const page = listNotifications(portal.store, await now(who), { limit: 100, unread });
  return page.items.map(({ said, path }) => [String(said), path]);
}

const get = (who: Person, path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(portal.url + path, { headers: { Cookie: who.cookie, ...headers } });
const post = (who: Person, path: string, form: Record<string, string> = {}) =>
  fetch(portal.url + path, {
    ...{ method: "POST", redirect: "manual", body: new URLSearchParams(form) },
    headers: { Cookie: who.cookie, "Sec-Fetch-Site": "same-origin" },
  });

test("who is told by a letter is told in the portal, in the same transaction, and of what is called so by now", async () => {
  const { store } = portal;
  expect(() =>
    write(store.db, (tx) => {
      tellOwners(tx, organisation, listingNotice({ app, act: "relist", by: BY, text: null }), clock.now());
      throw new Error("and then it failed");
    }),
  ).toThrow("and then");
  tell();
  store.db.raw.run("UPDATE apps SET name = 'Renamed' WHERE id = ?", [app.id]);
  const told = [["Renamed stands in no list any more", `/apps/${app.id}`]];
  expect([await toldTo(owner), await toldTo(leaver)]).toEqual([told, told]);
});

test("what is not for somebody any more is not named to them, on no way", async () => {
  const { store } = portal;
  tell();
  const token = createApiKey(store, leaver.actor, {
    owner: { accountId: leaver.accountId },
    name: "x",
  }).token;
  removeMember(store, OPERATOR, { organisationId: organisation, accountId: leaver.accountId });
  expect(await toldTo(leaver)).toEqual([
    ["You are in an organisation no more", "/account"],
    ["Something happened to what you may not see any more", null],
  ]);
  const api = await fetch(`${portal.url}/api/v1/me/notifications`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const page = await get(leaver, "/notifications");
  for (const text of [await api.text(), await page.text()]) {
    expect(text).toContain("may not see any more");
    for (const name of [app.name, app.id, organisation]) expect(text).not.toContain(name);
  }
});

test("of the store itself its administrators alone are told, and choose about letters of it", async () => {
  const { store } = portal;
  const ada = await newPerson(store, "Ada Administrator", { storeRole: "administrator" });
  const [notice] = noticesOf([{ code: "jobs.dead", what: "storage.sweep", at: null, isRenewed: false }]);
  if (notice === undefined) throw new Error("there is no notice of it");
  write(store.db, (tx) => tellAdministrators(tx, notice, clock.now()));
  expect(await toldTo(ada)).toEqual([["Jobs of the store do not come to their end", "/admin/jobs"]]);
  expect(await toldTo(owner)).toEqual([]);
  const offers = async (who: Person) =>
    (await (await get(who, "/account/notifications")).text()).includes('name="store"');
  expect([await offers(ada), await offers(owner)]).toEqual([true, false]);
  await newPerson(store, "Kim Keeper", { storeRole: "administrator" });
  setStoreRole(store, OPERATOR, ada.accountId, null);
  expect(await toldTo(ada)).toEqual([["Something happened to what you may not see any more", null]]);
});

test("a role for other apps, an invitation, a deleted app and an offer name what they let somebody see", async () => {
  const { store } = portal;
  const other = createApp(store, owner.actor, {
    id: `${app.id}.other`,
    name: "Other",
    organisationId: organisation,
  });
  tell();
  removeMember(store, OPERATOR, { organisationId: organisation, accountId: leaver.accountId });
  addMember(store, OPERATOR, organisation, leaver.accountId, "developer", [other.id]);
  expect((await toldTo(leaver))[0]?.[1]).toBe(null);

  removeMember(store, OPERATOR, { organisationId: organisation, accountId: leaver.accountId });
  invite(store, OPERATOR, { email: leaver.email, member: { organisationId: organisation, role: "viewer" } });
  renameOrganisation(store, OPERATOR, organisation, "Called Anew");
  expect((await toldTo(leaver))[0]).toEqual(["You are invited", "/"]);
  const [invited] = listNotifications(store, await now(leaver), { limit: 1, unread: false }).items;
  expect(invited?.organisationId).toBe(null);

  write(store.db, (tx) => {
    const row = {
      id: newId("trf"),
      appId: other.id,
      fromOrganisationId: organisation,
      named: "X",
    } as TransferRow;
    tellOwners(tx, organisation, declinedNotice(row, BY), clock.now());
  });
  // The other side's by now: an owner knows its id, as the page of offers shows it, and not what it is called there.
  const elsewhere = newOrganisation(store, "Elsewhere");
  store.db.raw.run("UPDATE apps SET organisation_id = ?, name = 'Secret' WHERE id = ?", [
    elsewhere,
    other.id,
  ]);
  expect((await toldTo(owner))[0]?.[0]).toBe(`The offer of ${other.id} has ended`);
  store.db.raw.run("DELETE FROM apps WHERE id = ?", [app.id]);
  expect((await toldTo(owner)).at(-1)?.[0]).toBe(`${app.id} stands in no list any more`);
});

test("what was read is read on the dashboard too, and the other way round, and nobody reads for others", async () => {
  const { store } = portal;
  tell();
  tell();
  tell();
  const ids = listNotifications(store, owner.actor, { limit: 10, unread: true }).items.map(({ id }) => id);
  const [newest, middle, oldest] = ids;
  if (newest === undefined || middle === undefined || oldest === undefined)
    throw new Error("three were told");
  expect(await codeOf(() => markRead(store, leaver.actor, newest))).toBe("notification.not_found");
  expect(await codeOf(() => markAllRead(store, leaver.actor, newest))).toBe("notification.not_found");
  // What came after the newest that was seen stays unread.
  markAllRead(store, owner.actor, middle);
  expect(listNotices(store, owner.actor)).toHaveLength(1);
  expect(countUnread(store, owner.actor)).toBe(1);
  const message = listNotices(store, owner.actor)[0]?.id;
  if (message === undefined) throw new Error("one message is left");
  putAway(store, owner.actor, message);
  expect([countUnread(store, owner.actor), countUnread(store, leaver.actor)]).toEqual([0, 3]);
});

test("what somebody did is no news to them, and what is true no more is none to the others", async () => {
  const { store } = portal;
  const unread = async () => [await toldTo(owner, true), await toldTo(leaver, true)];
  const set = (listed: boolean, by: Person) => setListed(store, by.actor, app.id, listed);
  const path = `/apps/${app.id}`;
  set(false, owner);
  expect(await unread()).toEqual([[], [[`${app.name} stands in no list any more`, path]]]);
  set(true, owner);
  expect(await unread()).toEqual([[], [[`${app.name} stands in the lists again`, path]]]);
  // All of it is in the list, and letters of it go out.
  expect(await toldTo(owner)).toHaveLength(2);
  const fates = listOwnMessages(store, owner.actor, { limit: 9 }).items.map(({ ended }) => ended);
  expect(fates).toEqual([null, null]);
  // On the dashboard in the words of the page, whatever the language of the letter.
  const page = await get(leaver, "/dashboard", { "Accept-Language": "de" });
  expect(await page.text()).toContain(`${app.name} steht wieder in den Listen`);
  set(false, leaver);
  expect(await unread()).toEqual([[[`${app.name} stands in no list any more`, path]], []]);
});

test("an app that one's organisation is offered waits for its owners alone, until that is over", async () => {
  const { store } = portal;
  const to = newOrganisation(store, `Takers of ${app.name}`);
  const taker = await newPerson(store, "Tara", { organisations: [[to, "owner"]] });
  const other = await newPerson(store, "Dev", { organisations: [[to, "developer"]] });
  const offer = offerApp(store, owner.actor, app.id, { to, reason: "" });
  const path = `/organisations/${to}/transfers/${offer.id}`;
  const waiting = (who: Person) => needsOf(store, who.actor).offers;
  expect(waiting(taker)).toMatchObject([{ appName: app.name, path, at: offer.expiresAt }]);
  expect([waiting(other), waiting(owner)]).toEqual([[], []]);
  const dashboard = await (await get(taker, "/dashboard")).text();
  const needs = dashboard.slice(dashboard.indexOf("Needs you"));
  expect(needs).toContain(`href="${path}"`);
  expect((await toldTo(taker, true))[0]).toEqual([`${app.id} is offered to Takers of ${app.name}`, path]);
  withdrawOffer(store, owner.actor, { organisationId: organisation, transferId: offer.id });
  expect(waiting(taker)).toEqual([]);
  // That it was offered is true no more.
  expect((await toldTo(taker, true)).map(([said]) => said)).toEqual([
    `The offer of ${app.id} has ended`,
    `You are in Takers of ${app.name} now`,
  ]);
});

test("the page goes from new to old, marks one or all without a script, and tells the count on every page", async () => {
  const { store } = portal;
  const none = await (await get(owner, "/notifications")).text();
  expect(none).toContain("Nothing yet");
  for (let k = 0; k < 26; k += 1) tell();
  const bell = async () =>
    /bell-count"><span[^>]*>([^<]*)</.exec(await (await get(owner, "/account")).text())?.[1];
  expect(await bell()).toBe("26");
  const page = await (await get(owner, "/notifications?show=unread")).text();
  const cursor = /cursor=([^"&]+)"/.exec(page)?.[1] ?? "";
  const second = await (await get(owner, `/notifications?show=unread&cursor=${cursor}`)).text();
  expect(second.match(/action="\/notifications\/ntf-\w+\/read"/g)).toHaveLength(1);
  const [first] = listNotifications(store, owner.actor, { limit: 1, unread: true }).items;
  // All that there were when it was made, and nothing that came since.
  expect(/name="until" value="([^"]*)"/.exec(second)?.[1]).toBe(first?.id);
  const one = await post(owner, `/notifications/${first?.id}/read`, { show: "unread", cursor });
  expect(one.headers.get("location")).toBe(`/notifications?show=unread&cursor=${cursor}`);
  const [next] = listNotifications(store, owner.actor, { limit: 1, unread: true }).items;
  const opened = await post(owner, `/notifications/${next?.id}/open`);
  expect(opened.headers.get("location")).toBe(`/apps/${app.id}`);
  expect(await bell()).toBe("24");
  expect((await post(leaver, `/notifications/${next?.id}/open`)).status).toBe(404);
  tell();
  expect((await post(owner, "/notifications/read", { until: "some" })).status).toBe(404);
  await post(owner, "/notifications/read", { until: first?.id ?? "" });
  expect(await bell()).toBe("1");
  await post(owner, "/notifications/read");
  expect(await bell()).toBeUndefined();
});

test("letters that somebody does not want are not sent, and what guards the account always is", async () => {
  const { store } = portal;
  const path = "/account/notifications";
  const before = await (await get(owner, path)).text();
  expect(before).toContain('value="true" checked id="field-apps"');
  expect(before).not.toContain('name="security"');
  expect((await post(owner, path, { access: "true", versions: "true", organisations: "true" })).status).toBe(
    303,
  );
  expect(await (await get(owner, path)).text()).not.toContain('value="true" checked id="field-apps"');
  const audited = () =>
    store.db.raw
      .query<{ before: string; after: string }, [string]>(
        "SELECT before, after FROM audit_entries WHERE action = 'account.notifications' AND subject = ?",
      )
      .all(owner.accountId);
  expect(audited()).toEqual([{ before: '{"apps":true}', after: '{"apps":false}' }]);
  // The same again is no change.
  changeNotificationSettings(store, owner.actor, { apps: false });
  expect(audited()).toHaveLength(1);
  expect(await codeOf(() => changeNotificationSettings(store, owner.actor, { security: false }))).toBe(
    "notification.always_mailed",
  );
  tell();
  const to = { address: owner.email, accountId: owner.accountId };
  const notice = { kind: "account.exists", subject: "Yours", body: ["Body"], path: "/" } as const;
  write(store.db, (tx) => tellAddress(tx, to, notice, clock.now()));
  const fates = (actor: AccountActor) =>
    listOwnMessages(store, actor, { limit: 10 }).items.map(({ kind, ended }) => [kind, ended]);
  expect(fates(owner.actor)).toEqual([
    ["account.exists", null],
    ["app.listing", "unwanted"],
  ]);
  expect(fates(leaver.actor)).toEqual([["app.listing", null]]);
  expect((await toldTo(owner)).map(([said]) => said)).toEqual([
    "Somebody asked for an account with your address, which has one",
    `${app.name} stands in no list any more`,
  ]);
  const jobs = store.db.raw
    .query<{ n: number }, [string]>(
      "SELECT count(*) AS n FROM jobs WHERE kind = 'mail.send' AND payload LIKE ?",
    )
    .get(`%${listOwnMessages(store, owner.actor, { limit: 2 }).items[1]?.id}%`);
  expect(jobs?.n).toBe(0);
  changeNotificationSettings(store, owner.actor, { apps: true });
  tell();
  expect(fates(owner.actor)[0]).toEqual(["app.listing", null]);
});

test("what is older than ninety days goes, and of more than five hundred the oldest", async () => {
  const { store } = portal;
  const add = (who: Person, count: number, createdAt: Date) =>
    write(store.db, (tx) => {
      for (let k = 0; k < count; k += 1)
        records.insertNotification(tx, {
          ...{ id: newId("ntf"), accountId: who.accountId, kind: "account.exists", path: "/", createdAt },
        });
    });
  const { accountId } = owner;
  add(owner, 2, new Date(clock.now().getTime() - 90 * 86_400_000 - 1));
  add(owner, MOST_NOTIFICATIONS + 3, clock.now());
  add(leaver, 1, clock.now());
  const kept = () =>
    store.db.raw
      .query<{ id: NotificationId }, [string]>(
        "SELECT id FROM notifications WHERE account_id = ? ORDER BY id",
      )
      .all(accountId)
      .map(({ id }) => id);
  const all = kept();
  await forgetOldNotifications(store);
  expect(kept()).toEqual(all.slice(5));
  expect(await toldTo(leaver)).toHaveLength(1);
  tell();
  const plans = queryPlans(store.db, () => {
    for (const unread of [true, false]) listNotifications(store, owner.actor, { limit: 25, unread });
    listNotifications(store, owner.actor, { limit: 25, unread: true, after: all[400] ?? "" });
    countUnread(store, owner.actor);
    newestNotification(store, owner.actor);
    markAllRead(store, owner.actor);
    const { orm } = store.db;
    const since = clock.now();
    const by = "system";
    const hearers = { action: "version.upload", organisationId: organisation, by, at: since } as const;
    membersWho(orm, hearers, { after: accountId, limit: 100 });
    reviewersOf(orm, { organisationId: organisation, by, since });
    records.markWaitingRead(orm, newId("ver"), since);
    records.selectDueLetters(orm, since, 50);
    records.removeOlder(orm, new Date(since.getTime() - 86_400_000), 10);
    records.selectTooMany(orm, MOST_NOTIFICATIONS, accountId, 200);
    records.removeUpTo(orm, accountId, all[6] ?? newId("ntf"), 10);
  });
  expect([plans.length > 15, slowPlans(plans)]).toEqual([true, []]);
});
