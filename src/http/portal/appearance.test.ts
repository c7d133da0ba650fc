/** How a store presents itself, from the form to what visitors meet. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readAppearance } from "../../catalog/appearance/appearance.ts";
import { newAdministrator, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { emptyPng, picturesMade } from "../../testing/shown-pictures.ts";

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
  const tried = /href="([^"]*accent-ffd000\.css)"/.exec(preview.body)?.[1] ?? "";
  expect((await ask(tried)).body).toContain("--accent:light-dark(#");
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
  const icon =
    /<link rel="icon" href="([^"]*accent-ffd000\.svg)" type="image\/svg\+xml"/.exec(body)?.[1] ?? "";
  const mark = await ask(icon);
  expect([mark.status, mark.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
  expect(mark.body).toContain('rx="8" fill="#ffd000"');
  expect(mark.body).not.toMatch(/4f46d8|fill="#fff"/);
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

test("a stylesheet of no colour is none, nor is one of a colour that no page is shown in", async () => {
  const prefix = /\/assets\/[0-9a-f]+\//.exec((await ask("/")).body)?.[0];
  for (const name of ["accent-ffd00.css", "accent-gggggg.css", "accent-.css", "accent-123456.css"])
    expect([name, (await ask(`${prefix}${name}`)).status]).toEqual([name, 404]);
});

test("a logo stands on every page once it is prepared, in each theme the one for it, and goes again", async () => {
  const send = async (side: string, width: number, height: number, revision: string) => {
    const form = new FormData();
    form.append("revision", revision);
    form.append("file", await new Response(emptyPng(width, height)).blob(), "logo.png");
    const headers = { Cookie: administrator.cookie, "Sec-Fetch-Site": "same-origin" };
    const answer = await fetch(`${portal.url}${PATH}/logo/${side}`, {
      ...{ method: "POST", body: form, headers, redirect: "manual" },
    });
    return { status: answer.status, body: await answer.text() };
  };
  const seen = () => String(readAppearance(portal.store, administrator.actor).revision);
  const refused = await send("dark", 900, 100, seen());
  expect([refused.status, refused.body.includes('id="field-dark-error"')]).toEqual([422, true]);
  const late = seen();
  expect((await send("light", 256, 256, late)).status).toBe(303);
  expect((await send("light", 128, 128, late)).status).toBe(412);
  await picturesMade(portal.store);
  const one = (await ask("/")).body;
  expect(one).toMatch(/<link rel="icon" href="\/pictures\/[0-9a-f]{64}\/logo64.png" type="image\/png"/);
  expect(one.match(/<img class="logo" src="\/pictures\/[0-9a-f]{64}\/logo(?:64|256).png"/g)?.length).toBe(2);
  expect((await send("dark", 512, 128, seen())).status).toBe(303);
  await picturesMade(portal.store);
  const both = (await ask("/sign-in")).body;
  for (const name of ["logo for-light", "logo for-dark"]) expect(both).toContain(`class="${name}"`);
  const address = /\/pictures\/[0-9a-f]{64}\/logo64.png/.exec(one)?.[0] ?? "";
  expect((await fetch(portal.url + address)).headers.get("content-type")).toBe("image/png");

  for (const side of ["light", "dark"])
    expect((await ask(`${PATH}/logo/${side}/remove`, { revision: seen() })).status).toBe(303);
  expect((await ask("/")).body).not.toContain('class="logo');
  expect((await fetch(portal.url + address)).status).toBe(404);
});
