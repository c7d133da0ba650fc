/** The page of an app's listing, as it is used: looked at, refused with what was typed, saved, and brought back. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { fillStore, type SampleStore } from "../../testing/sample-store.ts";

let portal: Portal;
let sample: SampleStore;
let stranger: Person;
beforeAll(async () => {
  portal = await startPortal();
  sample = await fillStore(portal);
  stranger = await newPerson(portal.store, "Otto Other", {
    organisations: [[newOrganisation(portal.store, "Other"), "owner"]],
  });
}, 60_000);
afterAll(() => portal.close());

async function ask(who: Person | null, path: string, init: RequestInit = {}, language = "en") {
  const headers = new Headers(init.headers);
  headers.set("Accept-Language", language);
  if (who !== null) headers.set("Cookie", who.cookie);
  const answer = await fetch(portal.url + path, { ...init, headers, redirect: "manual" });
  return { status: answer.status, body: await answer.text(), location: answer.headers.get("location") };
}

function send(who: Person, path: string, fields: Readonly<Record<string, string>>) {
  const headers = { "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded" };
  return ask(who, path, { method: "POST", headers, body: new URLSearchParams(fields).toString() });
}

const page = () => `/apps/${sample.apps.published}/store-listing`;
const shop = () => `/catalog/${sample.apps.published}`;
const revisionOf = (html: string) => /name="revision" value="(\d+)"/.exec(html)?.[1] ?? "none";
/** How long ago something was changes between two looks at a page. */
const withoutAges = (html: string) => html.replace(/<time [^>]*>[^<]*<\/time>/g, "<time>");
const TYPED = {
  locale: "de",
  name: "Prüfgang",
  summary: "Findet, was fehlt.",
  description: "# Draußen\n\nMit *Fotos*. <script>alert(1)</script>",
  tags: "Prüfung, field-work",
  "link-homepage": "https://example.com/inspect",
};

test("a preview shows what was typed, as the store and as a device will, and saves nothing", async () => {
  const { developer } = sample.people;
  const form = await ask(developer, `${page()}?locale=de`);
  expect(form.status).toBe(200);
  const before = (await ask(null, shop(), {}, "de")).body;
  const preview = await send(developer, page(), {
    ...TYPED,
    act: "preview",
    revision: revisionOf(form.body),
  });
  expect(preview.status).toBe(200);
  for (const words of [
    "<h3>Draußen</h3>",
    "<em>Fotos</em>",
    "it is not saved",
    'value="Prüfgang"',
    ">prüfung</a>",
  ])
    expect(preview.body).toContain(words);
  expect(preview.body).not.toContain("<script>alert(1)");
  const device = preview.body.slice(preview.body.indexOf("On devices"));
  expect(device).not.toContain("Prüfgang");
  const after = (await ask(null, shop(), {}, "de")).body;
  expect(after.includes("Prüfgang")).toBe(false);
  expect(withoutAges(after)).toBe(withoutAges(before));
});

test("what cannot be taken is said beside its field, with everything that was typed still there", async () => {
  const { developer } = sample.people;
  const { body } = await ask(developer, `${page()}?locale=de`);
  const wrong = { ...TYPED, name: "x".repeat(51), tags: "two words", "link-source": "http://example.com" };
  const refused = await send(developer, page(), { ...wrong, revision: revisionOf(body) });
  expect(refused.status).toBe(400);
  for (const field of ["name", "tags", "link-source"])
    expect(refused.body).toContain(`id="field-${field}-error"`);
  for (const typed of [wrong.name, "two words", "http://example.com", "# Draußen", "Findet, was fehlt."])
    expect(refused.body).toContain(typed);
  expect((await ask(developer, `${page()}?locale=nonsense language`)).body).toContain(
    'id="field-locale-error"',
  );
});

/** Of the page that shows what was saved meanwhile: name, what was typed, what is saved. */
function fieldsThatDiffer(body: string): string[][] {
  const of = /<a id="meanwhile-([^"]+)".*?<dd[^>]*>([^<]*)<\/dd>.*?<dd[^>]*>([^<]*)<\/dd>/gs;
  return [...body.matchAll(of)].map(([, ...found]) => found);
}

test("a save is shown to each visitor in their language; a late one of somebody else is refused and keeps its words", async () => {
  const { developer } = sample.people;
  const { body } = await ask(developer, `${page()}?locale=de`);
  const revision = revisionOf(body);
  const saved = await send(developer, page(), { ...TYPED, revision });
  expect([saved.status, saved.location]).toEqual([303, `${page()}?locale=de`]);

  const german = (await ask(null, shop(), {}, "de")).body;
  for (const words of [
    "Prüfgang",
    "Findet, was fehlt.",
    "<h3>Draußen</h3>",
    'rel="nofollow noopener noreferrer ugc"',
  ])
    expect(german).toContain(words);
  const english = (await ask(null, shop(), {}, "en")).body;
  expect(english).not.toContain("Prüfgang");
  expect((await ask(null, "/catalog?q=pr%C3%BCfgang", {}, "de")).body).toContain("Prüfgang");

  // Tags are kept in small letters.
  const kept = { ...TYPED, tags: TYPED.tags.toLowerCase() };
  const late = await send(developer, page(), { ...kept, name: "Zu spät", revision });
  expect(late.status).toBe(412);
  expect(late.body).toContain('value="Zu spät"');
  expect(revisionOf(late.body)).toBe(String(Number(revision) + 1));
  // Beside it stands what is saved by now, of that field alone, and who saved it.
  expect(fieldsThatDiffer(late.body)).toEqual([["name", "Zu spät", "Prüfgang"]]);
  expect(late.body).toContain("Last changed by you, in another window");

  // What is saved of one field can be taken, and the others stay as they were typed; nothing is saved by that.
  const both = { ...kept, name: "Zu spät", summary: "Auch spät", revision: revisionOf(late.body) };
  const taken = await send(developer, page(), { ...both, "meanwhile.take": "name" });
  expect(taken.status).toBe(412);
  expect(fieldsThatDiffer(taken.body)).toEqual([["summary", "Auch spät", TYPED.summary]]);
  expect(taken.body).toContain('value="Prüfgang"');
  // From there it is saved, and is in the language that it was typed in.
  const second = await send(developer, page(), {
    ...both,
    name: "Prüfgang",
    revision: revisionOf(taken.body),
  });
  expect([second.status, second.location]).toEqual([303, `${page()}?locale=de`]);

  const back = await send(developer, `${page()}/restore`, {
    to: "0",
    revision: String(Number(revision) + 2),
  });
  expect(back.status).toBe(303);
  expect((await ask(null, shop(), {}, "de")).body).not.toContain("Prüfgang");
});

test("it is read by who may see the app, changed by who works on it, and nothing to others", async () => {
  const { viewer, reviewer } = sample.people;
  for (const who of [viewer, reviewer]) {
    const seen = await ask(who, page());
    expect([seen.status, seen.body.includes('name="description"')]).toEqual([200, false]);
    expect((await send(who, page(), { ...TYPED, revision: "0" })).status).toBe(403);
  }
  expect((await ask(stranger, page())).status).toBe(404);
  expect((await send(stranger, page(), { ...TYPED, revision: "0" })).status).toBe(404);
});
