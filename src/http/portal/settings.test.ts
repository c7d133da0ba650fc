/** Settings that are changed while a store runs, by its page and by the API: what counts from the next request on. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { appearanceOf, changeAppearance } from "../../catalog/appearance/appearance.ts";
import { readSetup } from "../../catalog/setup/setup.ts";
import { newAdministrator, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";

let portal: Portal;
let administrator: Person;
let token: string;
beforeAll(async () => {
  portal = await startPortal({ keyRequests: "7777" });
  administrator = await newAdministrator(portal.store);
  const owner = { accountId: administrator.accountId };
  token = createApiKey(portal.store, OPERATOR, { owner, name: "k" }).token;
});
afterAll(() => portal.close());

async function page(path: string, form: Readonly<Record<string, string>> | null = null, who = administrator) {
  const response = await fetch(portal.url + path, {
    method: form === null ? "GET" : "POST",
    redirect: "manual",
    headers: { Cookie: who.cookie, "Sec-Fetch-Site": "same-origin" },
    ...(form !== null && { body: new URLSearchParams(form) }),
  });
  return { status: response.status, body: await response.text() };
}

async function api(method: string, name: string, value?: string | null, seen?: string | null) {
  const response = await fetch(`${portal.url}/api/v1/settings${name}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    ...(value !== undefined && { body: JSON.stringify({ value, seen }) }),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

const signUp = async () => (await fetch(`${portal.url}/sign-up`)).text();

test("a form of the page sets it, the next request finds it so, and another form takes it back", async () => {
  const path = "/admin/settings/sign_up";
  expect(await signUp()).not.toContain('name="email"');
  const wrong = await page(path, { value: "domains", other: "no domain" });
  expect(wrong.status).toBe(422);
  expect(wrong.body).toContain('value="no domain"');
  expect(wrong.body).toContain('id="field-other-error"');
  for (const other of ["open", " closed", "invitation "])
    expect([other, (await page(path, { value: "domains", other })).status]).toEqual([other, 422]);
  expect((await page(path, { value: "open", other: "" })).status).toBe(303);
  expect(await signUp()).toContain('name="email"');
  expect((await page(path)).body).toContain("This page");
  expect((await page(`${path}/reset`, {})).status).toBe(303);
  expect(await signUp()).not.toContain('name="email"');
});

test("roles are ticked, and none of them is a value too", async () => {
  const path = "/admin/settings/second_factor";
  const value = async () => (await api("GET", "/second_factor")).json.value;
  expect(
    (await page(path, { "role/reviewer": "true", "role/auditor": "true", "role/owner": "true" })).status,
  ).toBe(303);
  expect(await value()).toBe("reviewer, auditor");
  const shown = (await page(path)).body;
  expect(shown.match(/checked/g)).toHaveLength(2);
  const seen = /name="seen" value="([^"]*)"/.exec(shown)?.[1] ?? "";
  // Somebody else was quicker: what they set is not undone unseen.
  const late = await page(path, { "role/support": "true", seen: "reviewer" });
  expect([late.status, late.body.match(/checked/g)?.length]).toEqual([412, 1]);
  expect(await value()).toBe("reviewer, auditor");
  expect((await page(path, { seen })).status).toBe(303);
  expect([await value(), (await api("GET", "/second_factor")).json.origin]).toEqual([null, "page"]);
});

test("who sets it by what they read of it is told what is there by now, which the next try takes", async () => {
  const present = async (seen: string | null, value: string | null) => {
    const { status, json } = await api("PUT", "/max_upload", value, seen);
    return [status, json.errors];
  };
  expect((await present(null, "2MiB"))[0]).toBe(200);
  const there = { code: "precondition.present", message: "2MiB", expected: "2MiB" };
  expect(await present(null, "3MiB")).toEqual([412, [there]]);
  expect((await present("2MiB", null))[0]).toBe(200);
  const nothing = { code: "precondition.present", message: "Nothing is set by now." };
  expect(await present("2MiB", "3MiB")).toEqual([412, [nothing]]);
});

test("the API says what holds, where it is from and what changes it", async () => {
  const told = { name: "max_upload", origin: "page", value: "1MiB", default: "512MiB", changes: "at once" };
  expect(await api("PUT", "/max_upload", "1MiB")).toMatchObject({ status: 200, json: told });
  const where = await (await fetch(`${portal.url}/api/v1/store`)).json();
  expect(where.maxUploadBytes).toBe(2 ** 20);
  const back = { origin: "default", value: "512MiB", pageValue: null };
  expect(await api("PUT", "/max_upload", null)).toMatchObject({ status: 200, json: back });
  for (const [name, value, status, code] of [
    ["max_upload", "lots", 422, "setting.invalid"],
    ["key_requests", "1", 409, "setting.said_elsewhere"],
    ["key_requests", null, 200, undefined],
    ["smtp", "smtp://mail.example", 409, "setting.at_start"],
    ["nothing", "1", 404, "setting.not_found"],
  ] as const)
    expect([name, await api("PUT", `/${name}`, value)]).toMatchObject([
      name,
      { status, json: { ...(code && { code }) } },
    ]);
});

test("who only looks is shown no form, and changes nothing", async () => {
  const auditor = await newPerson(portal.store, "Olga Looks", { storeRole: "auditor" });
  const shown = await page("/admin/settings/restricted", null, auditor);
  expect([shown.status, shown.body.includes('<form novalidate class="form"')]).toEqual([200, false]);
  expect((await page("/admin/settings/restricted", { value: "true" }, auditor)).status).toBe(403);
  expect(portal.store.config.restricted).toBe(false);
});

test("the set-up keeps a tagline in the language that its form was in, and all of it or nothing", async () => {
  const { store } = portal;
  const path = "/admin/setup/name";
  const { revision } = changeAppearance(store, OPERATOR, { taglines: { en: "For you", de: "Für Sie" } });
  const form = { name: "Northwind", tagline: "Für alle", locale: "de", revision: String(revision) };
  const kept = () => {
    const { name, taglines } = appearanceOf(store);
    return [name, taglines];
  };
  expect((await page(path)).body).toContain('name="locale" value="en"');
  const before = kept();
  const wrong = await page(`${path}/save`, { ...form, tagline: "x".repeat(200), language: "xx" });
  expect([wrong.status, wrong.body.match(/id="field-(?:tagline|language)-error"/g)?.length]).toEqual([
    422, 2,
  ]);
  expect(wrong.body).toContain('name="locale" value="de"');
  expect((await page(`${path}/save`, { ...form, language: "xx" })).status).toBe(422);
  expect(kept()).toEqual(before);
  expect((await page(`${path}/save`, { ...form, language: "" })).status).toBe(303);
  expect(kept()).toEqual(["Northwind", { en: "For you", de: "Für alle" }]);
});

test("what was said of a step is taken back by what says so alone", async () => {
  const path = "/admin/setup/root_key";
  const said = () =>
    readSetup(portal.store, OPERATOR, null).steps.find(({ step }) => step === "root_key")?.decided?.decision;
  const seen = /name="seen" value="([^"]*)"/.exec((await page(path)).body)?.[1] ?? "";
  expect([(await page(path, { say: "confirmed", seen })).status, said()]).toEqual([303, "confirmed"]);
  for (const wrong of [{}, { say: "" }, { say: "Confirmed" }, { say: "null" }])
    expect([wrong, (await page(path, { ...wrong, seen })).status, said()]).toEqual([wrong, 422, "confirmed"]);
  expect((await page(path)).body).toContain('name="say" value="take_back"');
  expect([(await page(path, { say: "take_back", seen })).status, said()]).toEqual([303, undefined]);
});
