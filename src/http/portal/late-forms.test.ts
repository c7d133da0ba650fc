/** Forms of several kinds of which two people have the same state: who comes second is shown what the first one saved, and goes on from there. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { createCategory } from "../../catalog/categories/categories.ts";
import { createCollection } from "../../catalog/collections/collections.ts";
import { newAdministrator, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { formsSentTo } from "./page-form.ts";

let portal: Portal;
let ada: Person;
let bea: Person;
beforeAll(async () => {
  portal = await startPortal();
  const { store } = portal;
  ada = await newAdministrator(store);
  bea = await newPerson(store, "Bea Second", { storeRole: "administrator" });
  createCategory(store, OPERATOR, {
    id: "field",
    names: { en: "Field" },
    descriptions: { en: "Outside" },
    icon: "category-maps",
  });
  createCollection(store, OPERATOR, { id: "summer", names: { en: "Summer" }, descriptions: {} });
});
afterAll(() => portal.close());

type Fields = Readonly<Record<string, string>>;

async function ask(path: string, { cookie }: Person, form: Fields | null = null) {
  const response = await fetch(portal.url + path, {
    method: form === null ? "GET" : "POST",
    redirect: "manual",
    headers: { Cookie: cookie, "Accept-Language": "en", "Sec-Fetch-Site": "same-origin" },
    ...(form && { body: new URLSearchParams(form) }),
  });
  return { status: response.status, html: await response.text() };
}

/** What a browser would send of the form of a page before anybody types. */
async function formIn(html: string, path: string): Promise<Fields> {
  for (const { hidden, fields } of await formsSentTo(html, path)) {
    if (fields.length === 0) continue;
    const sent = fields.filter(({ type, isTicked }) => type !== "checkbox" || isTicked);
    return Object.fromEntries([...hidden, ...sent.map(({ name, value }) => [name, value] as const)]);
  }
  throw new Error(`no form is sent to ${path}`);
}

/** Of the page that shows what was saved meanwhile: name of the field, what was typed, what is saved. */
function differingIn(html: string): string[][] {
  const of = /<a id="meanwhile-([^"]+)".*?<dd[^>]*>([^<]*)<\/dd>.*?<dd[^>]*>([^<]*)<\/dd>/gs;
  return [...html.matchAll(of)].map(([, ...found]) => found);
}

type Late = {
  readonly of: string;
  readonly path: string;
  readonly first: Fields;
  readonly second: Fields;
  /** Each field in which the two differ, as people read of it. */
  readonly shown: readonly (readonly string[])[];
};

const FORMS: readonly Late[] = [
  {
    of: "a setting, which is a choice",
    path: "/admin/settings/sign_up",
    first: { value: "open" },
    second: { value: "invitation" },
    shown: [["value", "Who is invited", "Everybody"]],
  },
  {
    of: "a category, with texts in languages",
    path: "/admin/categories/field",
    first: { "names/en": "Outdoors", "descriptions/en": "Outside, all year" },
    second: { "names/en": "Field work", "names/de": "Im Gelände" },
    shown: [
      ["names/en", "Field work", "Outdoors"],
      ["descriptions/en", "Outside", "Outside, all year"],
      ["names/de", "Im Gelände", "Empty"],
    ],
  },
  {
    of: "a collection, with a box and times",
    path: "/admin/collections/summer",
    first: { published: "true", shownFrom: "2026-06-01T08:00" },
    second: { shownFrom: "2026-06-02T08:00" },
    shown: [
      ["published", "Not ticked", "Ticked"],
      ["shownFrom", "2026-06-02T08:00", "2026-06-01T08:00"],
    ],
  },
  {
    of: "what the store says of itself",
    path: "/admin/appearance",
    first: { name: "Northwind Tools" },
    second: { "taglines/en": "Apps for the field" },
    shown: [
      ["name", "Northwind Apps", "Northwind Tools"],
      ["taglines/en", "Apps for the field", "Empty"],
    ],
  },
];

describe.each(FORMS)("$of", ({ path, first, second, shown }) => {
  test("the second is shown the first one's, by whom, and saves over it in knowledge of that", async () => {
    const [here, there] = await Promise.all([ask(path, ada), ask(path, bea)]);
    const mine = await formIn(here.html, path);
    expect((await ask(path, bea, { ...(await formIn(there.html, path)), ...first })).status).toBe(303);
    const saved = await formIn((await ask(path, bea)).html, path);

    const late = await ask(path, ada, { ...mine, ...second });
    expect([late.status, differingIn(late.html)]).toEqual([412, shown.map((each) => [...each])]);
    expect(late.html).toContain("Last changed by Bea Second");
    // Nothing of it is saved yet: who saved first finds it as they left it.
    expect(await formIn((await ask(path, bea)).html, path)).toEqual(saved);

    const again = await formIn(late.html, path);
    expect(again).toMatchObject({ ...second });
    expect((await ask(path, ada, again)).status).toBe(303);
    expect(await formIn((await ask(path, bea)).html, path)).toMatchObject({ ...second });
  });
});
