/** The language of pages: as the account says, else as the visitor chose, else as the browser asks for. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { invite } from "../../accounts/invitations/invite.ts";
import { handOver } from "../../accounts/messages/hand-over.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { readAccount } from "../../accounts/people.ts";
import type { MessageId } from "../../ids.ts";
import { directionOf, knownLanguages, negotiateLanguage } from "../../languages.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";

let portal: Portal;
let person: Person;
beforeAll(async () => {
  portal = await startPortal({ signUp: "open" });
  person = await newPerson(portal.store, "Lia Language");
});
afterAll(() => portal.close());

type Sent = {
  readonly path: string;
  readonly cookie?: string;
  readonly accept?: string;
  readonly form?: object;
};

function ask({ path, cookie = "", accept = "en", form }: Sent): Promise<Response> {
  return fetch(portal.url + path, {
    method: form ? "POST" : "GET",
    redirect: "manual",
    headers: { Cookie: cookie, "Accept-Language": accept, "Sec-Fetch-Site": "same-origin" },
    ...(form && { body: new URLSearchParams({ ...form }) }),
  });
}

/** What stands on the document. */
async function languageOf(sent: Sent): Promise<string> {
  const response = await ask(sent);
  expect([response.status, response.headers.get("vary")]).toEqual([200, expect.stringContaining("Cookie")]);
  expect(response.headers.get("vary")).toContain("Accept-Language");
  const [, lang, dir] = /<html lang="([^"]*)" dir="([^"]*)"/.exec(await response.text()) ?? [];
  expect(dir).toBe(directionOf(lang ?? "en"));
  return lang ?? "";
}

const entries = () =>
  portal.store.db.raw
    .query("SELECT position FROM audit_entries WHERE action = 'account.language_chosen'")
    .all();

test("an account's is chosen on its page, written down, and counts before all else", async () => {
  const others = knownLanguages().filter((tag) => tag !== "en");
  for (const tag of [...others, "en"]) {
    const response = await ask({ path: "/account/language", cookie: person.cookie, form: { language: tag } });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/account"]);
    const cookie = `${person.cookie}; mosis_language=en`;
    expect(await languageOf({ path: "/dashboard", cookie, accept: "fr,en" })).toBe(tag);
    expect(readAccount(portal.store, person.accountId).language).toBe(tag);
  }
  const written = entries().length;
  expect(written).toBe(others.length + 1);
  // The same again is no change.
  await ask({ path: "/account/language", cookie: person.cookie, form: { language: "en" } });
  expect(entries()).toHaveLength(written);
  await ask({ path: "/account/language", cookie: person.cookie, form: { language: "" } });
  expect(readAccount(portal.store, person.accountId).language).toBeNull();
  for (const tag of knownLanguages())
    expect(await languageOf({ path: "/dashboard", cookie: person.cookie, accept: tag })).toBe(tag);
});

test("one that there is not is refused beside the field, and changes nothing", async () => {
  const written = entries().length;
  for (const language of ["xx", "EN", "../en", "en.json", "<b>"]) {
    const response = await ask({ path: "/account/language", cookie: person.cookie, form: { language } });
    expect([language, response.status]).toEqual([language, 422]);
    expect(await response.text()).toContain('id="field-language-error"');
  }
  expect(entries()).toHaveLength(written);
});

test("one that a later release does not have any more is as none", async () => {
  const other = await newPerson(portal.store, "Lou Late");
  portal.store.db.raw.run("UPDATE accounts SET language = 'tlh' WHERE id = ?", [other.accountId]);
  expect(await languageOf({ path: "/account", cookie: other.cookie, accept: "en" })).toBe("en");
});

test("a visitor's is kept in a cookie, goes back to the page, and is none where there is no such language", async () => {
  for (const tag of knownLanguages()) {
    const response = await ask({ path: "/language", form: { language: tag, returnTo: "/catalog" } });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/catalog"]);
    const set = response.headers.getSetCookie().find((cookie) => cookie.startsWith("mosis_language="));
    expect(set).toMatch(new RegExp(`^mosis_language=${tag}; Path=/; Max-Age=\\d+; HttpOnly; SameSite=Lax`));
    const cookie = set?.split(";")[0] ?? "";
    expect(await languageOf({ path: "/", cookie, accept: "en" })).toBe(tag);
  }
  const none = await ask({ path: "/language", form: { language: "<b>", returnTo: "//evil.example" } });
  expect(none.headers.get("location")).toBe("/");
  expect(none.headers.getSetCookie().join()).toContain("mosis_language=; Path=/; Max-Age=0");
  expect(await languageOf({ path: "/", cookie: "mosis_language=../../en", accept: "en" })).toBe("en");
});

/** Where the choice at the foot leads back to, from the page that this answer is. */
async function backFrom(response: Response): Promise<string | null> {
  const text = await response.text();
  const here =
    /action="\/language"[^>]*>\s*<input type="hidden" name="returnTo" value="([^"]*)"/.exec(text)?.[1] ?? "";
  const form = { language: "en", returnTo: here.replaceAll("&amp;", "&") };
  return (await ask({ path: "/language", form })).headers.get("location");
}

test("a choice leads back to the page it was made on, also where a mistake was made before", async () => {
  const { store } = portal;
  const organisationId = newOrganisation(store, "Hosts");
  invite(store, OPERATOR, { email: "new.one@example.org", member: { organisationId, role: "viewer" } });
  const [message] = listMessages(store, OPERATOR, { limit: 1 }).items;
  const { searchParams } = new URL(handOver(store, OPERATOR, message?.id as MessageId, portal.url).url);
  const token = searchParams.get("token") ?? "";
  const invitation = `/invitation?token=${token}`;
  for (const path of [
    "/",
    "/catalog?q=a%26b",
    "/forgotten",
    "/sign-up",
    "/sign-in?next=%2Fdashboard",
    invitation,
  ])
    expect(await backFrom(await ask({ path }))).toBe(path);
  const wrong = [
    ["/invitation", { token, name: "New", password: "short" }, invitation],
    [
      "/sign-in",
      { email: "x@example.org", password: "wrong", next: "/dashboard" },
      "/sign-in?next=%2Fdashboard",
    ],
    ["/forgotten", { email: "" }, "/forgotten"],
  ] as const;
  for (const [path, form, expected] of wrong) {
    const response = await ask({ path, form });
    expect([path, response.status]).toEqual([path, 422]);
    expect(await backFrom(response)).toBe(expected);
  }
});

test("from what answered a form, and is no page to go to, the nearest page above it is", async () => {
  const back = async (returnTo: string) =>
    (await ask({ path: "/theme", form: { theme: "dark", returnTo } })).headers.get("location");
  expect(await back("/account/name")).toBe("/account");
  expect(await back("/sign-out")).toBe("/");
  expect(await back("/sign-in/second-step")).toBe("/sign-in/second-step");
  expect(await back("//evil.example/account")).toBe("/");
  expect(await back("/\\evil.example")).toBe("/");
  expect(await back("/nothing/at/all")).toBe("/");
  expect(await back(`/account${"/".repeat(1900)}`)).toBe("/");
});

describe("what a browser asks for", () => {
  const offered = ["en", "ar", "de", "zh-Hant"];
  test.each([
    [null, "en"],
    ["", "en"],
    ["de", "de"],
    ["DE-at", "de"],
    ["fr, de;q=0.5", "de"],
    ["de;q=0.5, ar;q=0.7", "ar"],
    ["de;q=0, ar;q=0.1", "ar"],
    ["zh-Hant-TW", "zh-Hant"],
    ["zh", "en"],
    ["zh-Hant-x-private", "zh-Hant"],
    ["*", "en"],
    ["fr", "en"],
    ["de;q=2, ar", "ar"],
    [`${"fr,".repeat(20)}de`, "en"],
    ["x".repeat(100_000), "en"],
  ] as const)("%j is answered in %s", (header, expected) => {
    expect(negotiateLanguage(header, offered)).toBe(expected);
  });

  test("a script that is written from the right is", () => {
    expect(["en", "de", "ar", "he", "fa", "ur", "az", "uz-Arab", "zh-Hant"].map(directionOf).join(" ")).toBe(
      "ltr ltr rtl rtl rtl rtl ltr rtl ltr",
    );
  });
});
