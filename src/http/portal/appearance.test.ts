/** How a store presents itself, from the form to what visitors meet. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readAppearance } from "../../catalog/appearance/appearance.ts";
import { newAdministrator, type Person, type Portal, startPortal } from "../../testing/portal.ts";

let portal: Portal;
let administrator: Person;
beforeAll(async () => {
  portal = await startPortal({ signUp: "example.com" });
  administrator = await newAdministrator(portal.store);
});
afterAll(() => portal.close());

async function ask(path: string, form: Readonly<Record<string, string>> | null = null, language = "en") {
  const response = await fetch(portal.url + path, {
    method: form === null ? "GET" : "POST",
    redirect: "manual",
    headers: {
      "Accept-Language": language,
      ...(form !== null && { Cookie: administrator.cookie, "Sec-Fetch-Site": "same-origin" }),
    },
    ...(form !== null && { body: new URLSearchParams(form) }),
  });
  return { status: response.status, body: await response.text(), headers: response.headers };
}

const PATH = "/admin/appearance";
const FORM = {
  name: "Northwind Apps",
  "names/de": "Nordwind-Apps",
  "names/en": "",
  "taglines/en": "Apps <for> the field",
  "abouts/en": "**Turbines** and <script>alert(1)</script> [more](javascript:alert(1))",
  accent: "#ffd000",
};

test("a preview shows everything and keeps nothing; kept, visitors meet it in their language", async () => {
  const revision = String(readAppearance(portal.store, administrator.actor).revision);
  const preview = await ask(`${PATH}/preview`, { ...FORM, revision });
  expect(preview.status).toBe(200);
  for (const shown of [
    "Apps &lt;for&gt; the field",
    "<strong>Turbines</strong>",
    "/accent-ffd000.css",
    "This is a preview",
  ])
    expect(preview.body).toContain(shown);
  const before = await ask("/");
  expect(before.body).not.toContain("Turbines");
  expect(before.body).not.toContain("/accent-");
  expect((await ask(PATH, { ...FORM, revision })).status).toBe(303);
  const { body } = await ask("/");
  expect(body).toContain("<title>Northwind Apps</title>");
  expect(body).toContain("<strong>Turbines</strong>");
  expect(body).not.toMatch(/<script>|href="javascript/);
  // What it says for others is said in their language, and marked as what it is.
  const german = (await ask("/", null, "de")).body;
  expect(german).toContain("<title>Nordwind-Apps</title>");
  expect(german).toMatch(/<p class="hero-lead" dir="auto" lang="en">/);
  const style = /href="([^"]*accent-ffd000\.css)"/.exec(body)?.[1] ?? "";
  const css = await ask(style);
  expect([css.status, css.headers.get("content-type"), css.headers.get("cache-control")]).toEqual([
    200,
    "text/css; charset=utf-8",
    "public, max-age=31536000, immutable",
  ]);
  expect(css.body).toContain("--accent:light-dark(#");
  const stale = await ask(PATH, { ...FORM, name: "Late", revision });
  expect([stale.status, stale.body.includes('value="Late"')]).toEqual([412, true]);
});

test("what is wrong stands beside its field, with all that was typed", async () => {
  const revision = String(readAppearance(portal.store, administrator.actor).revision);
  for (const path of [PATH, `${PATH}/preview`]) {
    const { status, body } = await ask(path, {
      ...{ ...FORM, revision, accent: "red", "tag/new": "EN-us" },
      "taglines/new": "Typed for somebody",
    });
    expect([path, status]).toEqual([path, 422]);
    for (const shown of [
      'id="field-accent-error"',
      'value="red"',
      'id="field-tag/new-error"',
      "Typed for somebody",
    ])
      expect(body).toContain(shown);
  }
});

test("the first page says how a visitor comes to an account", async () => {
  const { body } = await ask("/");
  expect(body).toContain('href="/sign-up"');
  expect(body).toContain("Accounts are for addresses at example.com.");
});

test("a stylesheet of no colour is none", async () => {
  const prefix = /\/assets\/[0-9a-f]+\//.exec((await ask("/")).body)?.[0];
  for (const name of ["accent-ffd00.css", "accent-gggggg.css", "accent-.css"])
    expect([name, (await ask(`${prefix}${name}`)).status]).toEqual([name, 404]);
});
