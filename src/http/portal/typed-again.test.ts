/** A form that is refused for a reason that passes, or fails: what was typed comes back with the page that says so. */
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { createApp } from "../../catalog/apps.ts";
import { LISTING_LIMITS } from "../../catalog/store-listing/document.ts";
import { readStoreListing } from "../../catalog/store-listing/store-listing.ts";
import type { AppId } from "../../ids.ts";
import { readPage } from "../../testing/page-forms.ts";
import {
  newOrganisation,
  newPerson,
  PASSWORD,
  type Person,
  type Portal,
  startPortal,
} from "../../testing/portal.ts";
import { type TestClock, testClock } from "../../testing/store.ts";

const APP = "com.northwind.again" as AppId;
const PAGE = `/apps/${APP}/store-listing`;
const TYPED = `Tom & "Jerry" <b>write</b> down\r\nwhat they saw, and where it was.`;

const FEW_REQUESTS = 30;

let clock: TestClock;
let portal: Portal;
let person: Person;
beforeAll(async () => {
  clock = testClock();
  const few = String(FEW_REQUESTS);
  portal = await startPortal({ accountRequests: few, addressRequests: few }, clock);
  const organisation = newOrganisation(portal.store);
  person = await newPerson(portal.store, "Mara Lindqvist", { organisations: [[organisation, "owner"]] });
  createApp(portal.store, person.actor, { id: APP, name: "Again" });
});
afterAll(() => portal.close());
/** What was asked for before counts no more. */
beforeEach(() => {
  clock.advance(10 * 60_000);
});

const OWN = { "Sec-Fetch-Site": "same-origin" };

function ask(path: string, init: RequestInit = {}) {
  const headers = { Cookie: person.cookie, Referer: portal.url + PAGE, ...OWN, ...init.headers };
  return fetch(portal.url + path, { redirect: "manual", ...init, headers });
}

const send = (path: string, fields: Iterable<readonly [string, string]>, headers: HeadersInit = {}) =>
  ask(path, {
    method: "POST",
    body: new URLSearchParams([...fields].map(([name, value]) => [name, value])),
    headers,
  });

/** What the page of the listing would send, with something typed. */
async function filled(description: string): Promise<[string, string][]> {
  const form = (await readPage(await (await ask(PAGE)).text())).forms.find(
    ({ action, method }) => action === PAGE && method === "post",
  );
  return (form?.fields ?? [])
    .filter(({ type }) => type !== "checkbox")
    .map(({ name, value }) => [name, name === "description" ? description : value]);
}

/** The form of the page of what went wrong that sends the same once more. */
async function resent(html: string) {
  const { forms } = await readPage(html);
  return forms.find(({ action, method }) => action === PAGE && method === "post");
}

const shownNow = () => JSON.stringify([...readStoreListing(portal.store, person.actor, APP).shown.byLocale]);

async function spendRequests(): Promise<void> {
  for (let made = 0; made <= FEW_REQUESTS; made++) if ((await ask("/account")).status === 429) return;
}

test("after too many requests the same can be sent once more, and is what was typed", async () => {
  const fields = await filled(TYPED);
  await spendRequests();
  const refused = await send(PAGE, fields);
  expect(refused.status).toBe(429);
  expect(refused.headers.get("cache-control")).toBe("no-store");
  const form = await resent(await refused.text());
  expect(form?.fields.map(({ name }) => name)).toEqual(fields.map(([name]) => name));
  clock.advance(10 * 60_000);
  const again = form?.fields.map(({ name, value }): [string, string] => [name, value]) ?? [];
  expect((await send(PAGE, again)).status).toBe(303);
  expect(shownNow()).toContain("Jerry");
});

test("after a failure of the store as well", async () => {
  const fields = await filled(`${TYPED} Twice.`);
  portal.store.db.raw.run(
    "CREATE TRIGGER broken BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'broken'); END",
  );
  const failed = await send(PAGE, fields).finally(() => portal.store.db.raw.run("DROP TRIGGER broken"));
  expect(failed.status).toBe(500);
  const form = await resent(await failed.text());
  expect(form?.fields.map(({ name, value }) => [name, value])).toEqual(fields);
});

test("whose session has ended finds their texts, and a form that holds a password nothing of it", async () => {
  const anonymous = { Cookie: "" };
  const html = await (await send(PAGE, [["description", TYPED]], anonymous)).text();
  expect(html).toContain("what they saw, and where it was.");
  expect(await resent(html)).toBeUndefined();
  await spendRequests();
  const secret = await send("/account", [
    ["current", PASSWORD],
    ["password", "a password of more than forty characters in all"],
  ]);
  expect(secret.status).toBe(429);
  expect(await secret.text()).not.toContain("characters in all");
});

test("nothing is sent back that the store made, that counts once, or that no form of ours could have sent", async () => {
  await spendRequests();
  const codes = `${"abcd-efgh-ijkl ".repeat(10)}`;
  const many = Array.from({ length: 501 }, (_, n): [string, string] => [`n${n}`, TYPED]);
  for (const [path, fields] of [
    ["/account/second-factor/codes/file", [["codes", codes]]],
    ["/confirm-address", [["token", TYPED]]],
    [PAGE, many],
  ] as const) {
    const refused = await send(path, fields);
    expect([path, refused.status]).toEqual([path, 429]);
    const html = await refused.text();
    expect(html).not.toContain("abcd-efgh");
    expect(html).not.toContain("where it was");
  }
});

test("who is not known and asks too much is not told to send nothing again, and a text without spaces is one", async () => {
  const stranger = { Cookie: "" };
  for (let made = 0; made <= FEW_REQUESTS; made++)
    if ((await ask("/sign-in", { headers: stranger })).status === 429) break;
  const refused = await send("/forgotten", [["email", "ada@example.com"]], stranger);
  expect(refused.status).toBe(429);
  const { forms } = await readPage(await refused.text());
  expect(forms.filter(({ action }) => action === "/forgotten")).toEqual([]);
  clock.advance(10 * 60_000);
  const chinese = "写下看到的东西以及它在哪里".repeat(5);
  expect(await (await send(PAGE, [["description", chinese]], stranger)).text()).toContain(chinese);
});

test("what another site sends is not kept: it would be sent from here as one's own", async () => {
  await spendRequests();
  const sent = await send(PAGE, [["description", TYPED]], { "Sec-Fetch-Site": "cross-site" });
  expect(sent.status).toBe(429);
  expect(await sent.text()).not.toContain("where it was");
});

test("the longest texts that are taken are taken, whichever letters they have", async () => {
  const longest = "\u{1F600}".repeat(LISTING_LIMITS.descriptionCharacters);
  expect((await send(PAGE, await filled(longest))).status).toBe(303);
  expect(shownNow()).toContain(longest);
});

test("an address to which forms are sent leads to the page above it", async () => {
  const answers = ["/admin/revocations/preview", `/catalog/${APP}/rating`, "/sign-out"].map(async (path) => {
    const { status, headers } = await ask(path);
    return [status, headers.get("location")];
  });
  expect(await Promise.all(answers)).toEqual([
    [303, "/admin/revocations"],
    [303, `/catalog/${APP}`],
    [303, "/"],
  ]);
});
