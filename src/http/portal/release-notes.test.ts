/** What is new in a version, on its pages: looked at, refused with what was typed, changed, and read in the visitor's language. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { HOSTILE } from "../../../views/testing/data.ts";
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

const waiting = () => `/apps/${sample.apps.published}/versions/${sample.versions.waiting}`;
const published = () => `/apps/${sample.apps.published}/versions/${sample.versions.published}`;
const revisionOf = (html: string) => /name="revision" value="(\d+)"/.exec(html)?.[1] ?? "none";

/** The form as it stands there, with these fields otherwise. */
async function change(version: string, fields: Readonly<Record<string, string>>) {
  const { developer } = sample.people;
  const { body } = await ask(developer, `${version}/notes`);
  return send(developer, `${version}/notes`, { revision: revisionOf(body), ...fields });
}

/** Elements and addresses that nothing but a text could have made. */
async function made(body: string): Promise<string[]> {
  const found: string[] = [];
  await new HTMLRewriter()
    .on(".prose *", {
      element(element) {
        const attributes = [...element.attributes];
        const isFine = attributes.every(
          ([name, value]) =>
            ["rel", "start", "tabindex"].includes(name) || (name === "href" && value.startsWith("https://")),
        );
        const isOurs =
          /^(?:h[3-6]|p|a|ul|ol|li|pre|code|em|strong|s|hr|br|blockquote|table|thead|tbody|tr|th|td)$/;
        if (!isFine || !isOurs.test(element.tagName)) found.push(`${element.tagName} ${attributes.join()}`);
      },
    })
    .on("script:not([src]), img[onerror], svg[onload], iframe", {
      element: (element) => void found.push(element.tagName),
    })
    .transform(new Response(body))
    .text();
  return found;
}

describe("the page of a version's notes", () => {
  test("shows what was typed as people will read it, in each language, and saves nothing", async () => {
    const typed = {
      notes: "# Photos\n\n* **One**",
      "translatedNotes/de": "* Eins",
      "tag/new": "pt-BR",
      "translatedNotes/new": "* *Um*",
    };
    const { status, body } = await change(waiting(), { ...typed, preview: "true" });
    expect(status).toBe(200);
    for (const words of [
      "<h3>Photos</h3>",
      "<strong>One</strong>",
      '<div class="prose" lang="de"',
      "<em>Um</em>",
    ])
      expect(body).toContain(words);
    for (const text of Object.values(typed)) expect(body).toContain(text);
    // It is looked at anew while one types.
    expect(body).toContain('hx-trigger="input delay:600ms from:#notes-field"');
    expect((await ask(sample.people.developer, waiting())).body).not.toContain("<strong>One</strong>");
  });

  test.each([
    ["too much", { notes: "x".repeat(10_001) }, 400, "field-notes-error"],
    ["another direction", { "translatedNotes/de": "a\u202eb" }, 400, "field-translatedNotes/de-error"],
    ["no language", { "tag/new": "klingon!", "translatedNotes/new": "x" }, 400, "field-tag/new-error"],
    [
      "the app's own",
      { notes: "A", "tag/new": "en", "translatedNotes/new": "B" },
      400,
      "field-translatedNotes/new-error",
    ],
    [
      "a language twice",
      { "translatedNotes/de": "A", "tag/new": "de", "translatedNotes/new": "B" },
      422,
      "field-tag/new-error",
    ],
    ["an old page", { notes: "A", revision: "0" }, 412, 'role="alert"'],
  ])("%s is said beside its field, with all that was typed", async (_, fields, status, said) => {
    const typed = { notes: "Kept.", "translatedNotes/ar": "محفوظ", ...fields };
    const answer = await change(waiting(), typed as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(said);
    for (const text of Object.values({ ...typed, revision: "" })) expect(answer.body).toContain(text);
    expect((await ask(sample.people.developer, waiting())).body).not.toContain("محفوظ");
  });

  test("changes them until the review is decided, and what is emptied goes", async () => {
    const { developer, reviewer } = sample.people;
    const first = await change(waiting(), {
      notes: "Now.",
      "translatedNotes/de": "Nun.",
      "translatedNotes/ar": "الآن",
    });
    expect([first.status, first.location]).toEqual([303, waiting()]);
    const review = await ask(reviewer, `/review/${sample.versions.waiting}`);
    for (const words of ["Now.", "Nun.", "الآن"]) expect(review.body).toContain(words);
    await change(waiting(), { notes: "Now.", "translatedNotes/de": "", "translatedNotes/ar": "الآن" });
    const { body } = await ask(developer, waiting());
    expect([body.includes("Now."), body.includes("Nun."), body.includes("الآن")]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test("is nothing to strangers, closed to who may not, and to what nobody will read", async () => {
    const { viewer, developer } = sample.people;
    for (const [who, path, status] of [
      [stranger, waiting(), 404],
      [viewer, waiting(), 403],
      [developer, `/apps/${sample.apps.failed}/versions/${sample.versions.failed}`, 409],
    ] as const) {
      expect((await ask(who, `${path}/notes`)).status).toBe(status);
      expect((await send(who, `${path}/notes`, { notes: "x", revision: "1" })).status).toBe(status);
    }
    expect((await ask(viewer, waiting())).body).not.toContain(`${waiting()}/notes`);
  });

  test("texts that try to break out stay texts", async () => {
    const hostile = [
      ...[
        HOSTILE,
        `</textarea>${HOSTILE}`,
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "[x](/admin)",
      ],
      ...["![x](https://example.com/x.png)", "<svg onload=alert(1)>", "<iframe src=//example.com>"],
      ...[
        "[x]: javascript:alert(1)\n\n[x]",
        '<https://example.com/"onmouseover=alert(1)>',
        "| a |\n|:-:|\n| b |",
      ],
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...hostile, "`", "\n\n", "* ", "# "), { maxLength: 8 }),
        async (parts) => {
          const text = parts.join("");
          const { status, body } = await change(waiting(), {
            ...{ notes: text, "translatedNotes/de": text, "tag/new": "fr", "translatedNotes/new": text },
            preview: "true",
          });
          expect([status, await made(body)]).toEqual([200, []]);
        },
      ),
      { numRuns: 15 },
    );
    // And where they are kept.
    await change(waiting(), { notes: hostile.join("\n\n"), "translatedNotes/de": hostile.join("\n\n") });
    const { developer, reviewer } = sample.people;
    for (const [who, path] of [
      [developer, waiting()],
      [developer, `${waiting()}/notes`],
      [reviewer, `/review/${sample.versions.waiting}`],
    ] as const) {
      const { body } = await ask(who, path);
      expect(body).toContain("&lt;script");
      expect([path, await made(body)]).toEqual([path, []]);
    }
  });
});

describe("a published version", () => {
  test("has its own language as it was approved, and others that are read at once", async () => {
    const { developer } = sample.people;
    const form = await ask(developer, `${published()}/notes`);
    expect([form.status, form.body.includes('name="notes"')]).toEqual([200, false]);
    const sent = await change(published(), {
      ...{ notes: "Too late.", "translatedNotes/de": "Fotos, **endlich**." },
      ...{ "tag/new": "pt-BR", "translatedNotes/new": "Fotos, *enfim*." },
    });
    expect(sent.status).toBe(303);
    const read = async (language: string) => {
      const { body } = await ask(null, `/catalog/${sample.apps.published}`, {}, language);
      expect(body).not.toContain("Too late.");
      return {
        isGerman: body.includes("<strong>endlich</strong>"),
        lang: body.includes('class="prose" lang="de"'),
      };
    };
    expect(await read("de-AT,de;q=0.9")).toEqual({ isGerman: true, lang: true });
    expect(await read("en")).toEqual({ isGerman: false, lang: false });
    expect(await read("ar")).toEqual({ isGerman: false, lang: false });
  });
});

describe("an upload", () => {
  test("says in its form what is wrong in a language, and shows all of them", async () => {
    const { developer } = sample.people;
    const fields = { notes: "A", "translatedNotes/de": "*B*", app: sample.apps.published };
    const preview = await send(developer, "/upload/preview", fields);
    expect(preview.body).toContain("<em>B</em>");
    // The app's own language is known, so it has one field.
    expect(preview.body).toContain("Notes in English");
    expect(preview.body).not.toContain('name="translatedNotes/en"');
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...fields, "translatedNotes/ar": "a\0" }))
      form.append(name, value);
    form.append("file", new Blob([""]), "");
    const headers = { "Sec-Fetch-Site": "same-origin" };
    const refused = await ask(developer, `/apps/${sample.apps.published}/upload`, {
      method: "POST",
      body: form,
      headers,
    });
    expect(refused.status).toBe(400);
    expect(refused.body).toContain('id="field-translatedNotes/ar-error"');
    expect(refused.body).toContain("*B*");
  });
});
