/** What is typed while a session ends: it is in its form again for who signs in again, and for nobody else. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { endSessionsOf } from "../../accounts/administration.ts";
import { BROWSER_COOKIE } from "../../accounts/browsers/browsers.ts";
import { createApp } from "../../catalog/apps.ts";
import { readStoreListing } from "../../catalog/store-listing/store-listing.ts";
import { type PageForm, readPage } from "../../testing/page-forms.ts";
import {
  newOrganisation,
  newPerson,
  PASSWORD,
  type Person,
  type Portal,
  startPortal,
} from "../../testing/portal.ts";
import { type TestClock, testClock } from "../../testing/store.ts";
import { fillForm } from "./refill.ts";
import { TYPED_COOKIE } from "./typed-forms.ts";

const HARD = `Tom & "Jerry" <b>'s</b> &amp; more`;
const PAGE = "/apps/com.northwind.typed/store-listing";

let clock: TestClock;
let portal: Portal;
let person: Person;
let other: Person;
beforeAll(async () => {
  clock = testClock();
  portal = await startPortal({}, clock);
  const organisation = newOrganisation(portal.store);
  person = await newPerson(portal.store, "Mara Lindqvist", { organisations: [[organisation, "owner"]] });
  other = await newPerson(portal.store, "Otto Other", { organisations: [[organisation, "owner"]] });
  createApp(portal.store, person.actor, { id: "com.northwind.typed", name: "Typed" });
});
afterAll(() => portal.close());

/** A browser: what it keeps of the cookies that it is given. */
function newBrowser() {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async ask(path: string, body: URLSearchParams | FormData | null = null, from = PAGE) {
      const response = await fetch(portal.url + path, {
        method: body === null ? "GET" : "POST",
        ...(body === null ? {} : { body }),
        redirect: "manual",
        headers: {
          Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
          "Sec-Fetch-Site": "same-origin",
          "Sec-Fetch-Dest": "document",
          Referer: portal.url + from,
        },
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (/Max-Age=0(?:;|$)/.test(line)) cookies.delete(name);
        else cookies.set(name, value);
      }
      return {
        status: response.status,
        location: response.headers.get("location"),
        html: await response.text(),
      };
    },
  };
}
type Browser = ReturnType<typeof newBrowser>;

async function signIn(browser: Browser, who: Person, next = "/dashboard"): Promise<string | null> {
  // Nobody signs in twice in one moment.
  clock.advance(1000);
  const form = new URLSearchParams({ email: who.email, password: PASSWORD, next });
  return (await browser.ask("/sign-in", form)).location;
}

const endAll = (who: Person) => endSessionsOf(portal.store, OPERATOR, who.accountId);

async function formOf(browser: Browser, path: string): Promise<PageForm> {
  const { html } = await browser.ask(path);
  const form = (await readPage(html)).forms.find(
    ({ action, method }) => action === path && method === "post",
  );
  if (form === undefined) throw new Error(`there is no form on ${path}`);
  return form;
}

const typedIn = (form: PageForm, name: string) =>
  form.fields.find((field) => field.name === name)?.value.replace(/^\n/, "");

/** Opens the listing, has the session ended, and sends what was typed: what the browser is told. */
async function sendTooLate(browser: Browser) {
  await signIn(browser, person);
  const { fields } = await formOf(browser, PAGE);
  endAll(person);
  const pairs = fields
    .filter(({ type }) => type !== "checkbox")
    .map(({ name, tag, value }): [string, string] => [
      name,
      tag === "textarea" ? `\n${HARD}\r\nand a line` : name === "summary" ? HARD : value,
    ]);
  return browser.ask(PAGE, new URLSearchParams(pairs));
}

test("comes back with the page once the same person has signed in, and nothing was sent by itself", async () => {
  const browser = newBrowser();
  const told = await sendTooLate(browser);
  expect(told.status).toBe(401);
  const next = encodeURIComponent(PAGE);
  expect(told.html).toContain(`/sign-in?next=${next}`);
  expect(await signIn(browser, person, PAGE)).toBe(PAGE);
  const form = await formOf(browser, PAGE);
  expect(typedIn(form, "summary")).toBe(HARD);
  expect(typedIn(form, "description")).toContain(HARD);
  const { byLocale } = readStoreListing(portal.store, person.actor, "com.northwind.typed" as never).shown;
  expect(JSON.stringify([...byLocale])).not.toContain("Jerry");
  // It is there once: the page as it is can be had by loading it again.
  expect(browser.cookies.has(TYPED_COOKIE)).toBe(false);
  expect(typedIn(await formOf(browser, PAGE), "summary")).toBe("");
});

describe("is shown to nobody", () => {
  test("who signs in with another account", async () => {
    const browser = newBrowser();
    await sendTooLate(browser);
    await signIn(browser, other);
    expect((await browser.ask(PAGE)).html).not.toContain("Jerry");
  });

  test("in whose browser somebody else signs in as well: it may be either's", async () => {
    const browser = newBrowser();
    await signIn(browser, other);
    const told = await sendTooLate(browser);
    expect([told.status, browser.cookies.has(TYPED_COOKIE)]).toEqual([401, false]);
  });

  test("what counts once, and what a page has put into its form itself", async () => {
    const browser = newBrowser();
    await signIn(browser, person);
    endAll(person);
    const typed = { summary: "Kept", code: "123456", offer: "sealed", token: "secret", response: "{}" };
    await browser.ask(PAGE, new URLSearchParams(typed));
    await signIn(browser, person);
    const { html } = await browser.ask(PAGE);
    expect(html).toContain("Kept");
    for (const value of ["123456", "sealed", "secret"]) expect(html).not.toContain(`value="${value}"`);
  });

  test("after an hour", async () => {
    const browser = newBrowser();
    await sendTooLate(browser);
    clock.advance(61 * 60_000);
    await signIn(browser, person);
    expect((await browser.ask(PAGE)).html).not.toContain("Jerry");
  });

  test("whose browser nobody has signed in with: nothing is kept of a stranger's form", async () => {
    const browser = newBrowser();
    await signIn(browser, person);
    browser.cookies.delete(BROWSER_COOKIE);
    endAll(person);
    const told = await browser.ask(PAGE, new URLSearchParams({ summary: HARD }));
    expect([told.status, browser.cookies.has(TYPED_COOKIE)]).toEqual([401, false]);
  });
});

test("of several forms the latest of a person are kept", async () => {
  const first = newBrowser();
  await sendTooLate(first);
  for (let more = 0; more < 4; more += 1) await sendTooLate(newBrowser());
  await signIn(first, person);
  expect((await first.ask(PAGE)).html).not.toContain("Jerry");
});

test("passwords are not kept, and a form without anything typed is refused as ever", async () => {
  const browser = newBrowser();
  await signIn(browser, person);
  endAll(person);
  const secret = new URLSearchParams({ current: PASSWORD, password: "another one that is long" });
  const told = await browser.ask("/account", secret, "/account");
  expect([told.status, browser.cookies.has(TYPED_COOKIE)]).toEqual([401, false]);
});

test("of a form with a file the notes come back, and the page says that the file has to be chosen again", async () => {
  const browser = newBrowser();
  await signIn(browser, person);
  endAll(person);
  const data = new FormData();
  data.append("notes", HARD);
  data.append("hold", "true");
  data.append("file", new File(["x".repeat(200_000)], "a.mosis"));
  const told = await browser.ask("/upload", data, "/upload");
  expect(told.status).toBe(401);
  expect(told.html).toContain("The file has to be chosen again.");
  await signIn(browser, person, "/upload");
  const form = await formOf(browser, "/upload");
  expect(typedIn(form, "notes")).toBe(HARD);
  expect(typedIn(form, "hold")).toBe("true");
});

test("what was chosen is chosen again, what is hidden stays as the page makes it, and other forms are left alone", async () => {
  const page = `<main><form action="/b" method="post"><input name="t" value="as it was"></form>
    <form action="/a?x=1&#38;y" method="post"></form><form action="/a" method="post"><input type="hidden" name="id" value="7">
    <input type="hidden" name="revision" value="3"><input name="t" value="old"><input type="password" name="p">
    <input type="radio" name="r" value="1" checked><input type="radio" name="r" value="2"><input type="checkbox" name="c" value="true" checked>
    <select name="s"><option value="x" selected>X</option><option value="y">Y</option></select></form></main>`;
  const pairs = [
    ["id", "8"],
    ["revision", "2"],
    ["t", HARD],
    ["p", "secret"],
    ["r", "2"],
    ["s", "y"],
  ] as const;
  const { filled, isFound } = await fillForm(page, "/a", pairs, "<p>notice</p>");
  const { forms } = await readPage(filled);
  expect(isFound).toBe(true);
  expect(forms[0]?.fields.map(({ value }) => value)).toEqual(["as it was"]);
  expect(forms[2]?.fields.map(({ name, value }) => [name, value])).toEqual([
    ...[
      ["id", "7"],
      ["revision", "2"],
      ["t", HARD],
      ["p", ""],
      ["r", "2"],
      ["c", ""],
      ["s", "y"],
    ],
  ]);
});
