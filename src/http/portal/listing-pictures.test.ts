/** The pages of a listing's pictures as plain forms: uploaded, refused with what was typed, described, moved, removed, and shown. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { fillStore, type SampleStore } from "../../testing/sample-store.ts";
import { emptyPng, picturesMade } from "../../testing/shown-pictures.ts";

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

async function ask(who: Person | null, path: string, body?: FormData | URLSearchParams, language = "en") {
  const headers = new Headers({ "Accept-Language": language, "Sec-Fetch-Site": "same-origin" });
  if (who !== null) headers.set("Cookie", who.cookie);
  const init = body === undefined ? {} : { method: "POST", body };
  const answer = await fetch(portal.url + path, { ...init, headers, redirect: "manual" });
  return { status: answer.status, body: await answer.text(), location: answer.headers.get("location") };
}

const listing = () => `/apps/${sample.apps.published}/store-listing`;
const page = () => `${listing()}/pictures`;
const shop = () => `/catalog/${sample.apps.published}`;
const revisionOf = (html: string) => /name="revision" value="(\d+)"/.exec(html)?.[1] ?? "none";
const idOf = (html: string) => /\/pictures\/(pic-[0-9a-f]{32})\/remove/.exec(html)?.[1] ?? "none";

async function form(width: number, height: number, fields: Readonly<Record<string, string>>) {
  const sent = new FormData();
  for (const [name, value] of Object.entries(fields)) sent.append(name, value);
  sent.append("file", await new Response(emptyPng(width, height)).blob(), "picture.png");
  return sent;
}

test("a refused upload says why beside its field, and keeps what was typed", async () => {
  const { developer } = sample.people;
  const { body } = await ask(developer, page());
  const typed = { revision: revisionOf(body), alt: "The list of findings", locale: "de" };
  const small = await ask(developer, page(), await form(100, 100, typed));
  expect(small.status).toBe(422);
  for (const words of ['id="field-file-error"', 'value="The list of findings"', "100 × 100"])
    expect(small.body).toContain(words);
  expect(small.body).toMatch(/<option value="de" selected/);
  const german = await ask(developer, `${listing()}/icon`, await form(512, 600, typed), "de");
  expect(german.body).toContain('id="field-icon-error"');
  expect(german.body).toContain("Beide Seiten müssen gleich lang sein");
  const silent = await ask(developer, page(), await form(400, 400, { ...typed, alt: " " }));
  expect([silent.status, silent.body.includes('id="field-alt-error"')]).toEqual([422, true]);
  const nothing = new FormData();
  for (const [name, value] of Object.entries(typed)) nothing.append(name, value);
  nothing.append("file", new Blob([]), "");
  expect((await ask(developer, page(), nothing)).body).toContain("Choose a picture first.");
});

test("uploaded, described, moved, removed: the store's page follows, and devices keep what the package has", async () => {
  const { developer } = sample.people;
  const revision = revisionOf((await ask(developer, page())).body);
  const icon = await ask(developer, `${listing()}/icon`, await form(512, 512, { revision }));
  expect([icon.status, icon.location]).toEqual([303, page()]);
  const late = await ask(developer, page(), await form(400, 400, { revision, alt: "Late", locale: "" }));
  expect([late.status, late.body.includes('value="Late"')]).toEqual([412, true]);

  for (const [alt, locale] of [
    ["Findings in a list", ""],
    ["Befunde in einer Liste", "de"],
  ] as const) {
    const seen = revisionOf((await ask(developer, page())).body);
    const sent = await ask(developer, page(), await form(400, 640, { revision: seen, alt, locale }));
    expect(sent.status).toBe(303);
  }
  await picturesMade(portal.store);
  const shown = async (language: string) => (await ask(null, shop(), undefined, language)).body;
  const [english, german] = [await shown("en"), await shown("de")];
  expect(english).toContain('alt="Findings in a list"');
  expect(english).not.toContain("Befunde in einer Liste");
  expect(german).toContain('alt="Befunde in einer Liste"');
  // The listing's page has them in the store's preview, and beside it the icon of the package.
  const preview = (await ask(developer, listing())).body;
  expect(preview).toContain('alt="Findings in a list"');
  const icons = [...preview.matchAll(/\/pictures\/([0-9a-f]{64})\/96\.png/g)].map(([, sha256]) => sha256);
  expect(new Set(icons).size).toBe(2);

  const { body } = await ask(developer, page());
  const german2 = [...body.matchAll(/\/pictures\/(pic-[0-9a-f]{32})\/move/g)].at(-1)?.[1] ?? "";
  const one = `${page()}/${german2}`;
  const moved = await ask(
    developer,
    `${one}/move`,
    new URLSearchParams({ revision: revisionOf(body), place: "1" }),
  );
  expect([moved.status, moved.location]).toEqual([303, `${page()}#row-${german2}`]);
  const described = await ask(developer, one);
  expect(described.body).toContain('value="Befunde in einer Liste"');
  const fields = {
    revision: revisionOf(described.body),
    "alts/de": "x".repeat(201),
    "alts/en": "Findings",
    locale: "",
  };
  const refused = await ask(developer, one, new URLSearchParams(fields));
  expect([refused.status, refused.body.includes('id="field-alts/de-error"')]).toEqual([422, true]);
  const saved = await ask(developer, one, new URLSearchParams({ ...fields, "alts/de": "Neu" }));
  expect([saved.status, saved.location]).toEqual([303, page()]);
  expect(await shown("de")).toContain('alt="Neu"');
  expect(await shown("en")).toContain('alt="Findings"');

  for (
    let left = (await ask(developer, page())).body;
    idOf(left) !== "none";
    left = (await ask(developer, page())).body
  ) {
    const remove = `${page()}/${idOf(left)}/remove`;
    expect((await ask(developer, remove)).body).toContain(`action="${remove}"`);
    const gone = await ask(developer, remove, new URLSearchParams({ revision: revisionOf(left) }));
    expect(gone.status).toBe(303);
  }
  expect(await shown("en")).not.toContain('alt="Findings"');
});

test("seen by who may see the app, changed by who works on it, and nothing to others", async () => {
  const { viewer, reviewer } = sample.people;
  for (const who of [viewer, reviewer]) {
    const seen = await ask(who, page());
    expect([seen.status, seen.body.includes('type="file"')]).toEqual([200, false]);
    expect((await ask(who, page(), await form(400, 400, { revision: "0", alt: "x" }))).status).toBe(403);
  }
  expect((await ask(stranger, page())).status).toBe(404);
});
