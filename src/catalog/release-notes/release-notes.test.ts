/** Release notes in several languages: which are taken, until when they change, who reads which, and what devices have of them. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { OPERATOR } from "../../accounts/actor.ts";
import { isProblem } from "../../errors.ts";
import type { AppId, VersionId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { storeForAll } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { catalogueDamage, checkCatalogue } from "../check-catalogue.ts";
import { NOTES_MAX_CHARACTERS } from "../notes.ts";
import { findVersion } from "../records.ts";
import { readVersion, withdrawVersion } from "../versions.ts";
import { changeReleaseNotes } from "./change.ts";
import { notesInLanguage, ownLanguageOf } from "./shown.ts";
import { checkTranslations, settleOwn, TRANSLATED_LANGUAGES } from "./translations.ts";

/** Code and pointers of what is refused; the texts of what is taken. */
function judged(texts: Readonly<Record<string, string>>) {
  try {
    return checkTranslations(texts);
  } catch (error) {
    if (!isProblem(error)) throw error;
    return [error.code, ...error.details.map(({ pointer }) => pointer)];
  }
}

describe("which are taken:", () => {
  const full = "\u{1F4E6}".repeat(NOTES_MAX_CHARACTERS);
  const many = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `x${String.fromCharCode(97 + at / 26, 97 + (at % 26))}`,
        "x",
      ]),
    );
  test.each([
    [
      "by their tags, without those that say nothing",
      { de: "B\r\nC", ar: "ا", fr: " \n" },
      { ar: "ا", de: "B\nC" },
    ],
    ["as long as those in the app's own language", { de: full }, { de: full }],
    ["no character more", { de: `${full}x` }, ["upload.notes_too_long", "/translatedNotes/de"]],
    [
      "so much of all together",
      { de: full, fr: full, it: full, es: full, ar: "x" },
      ["upload.notes_too_long", "/translatedNotes"],
    ],
    ["nothing that turns text", { de: "a\u202eb" }, ["upload.notes_invalid", "/translatedNotes/de"]],
    ["no tag in another spelling", { DE: "x" }, ["upload.notes_invalid", "/translatedNotes/DE"]],
    [
      "no tag of something else",
      { __proto__x: "x" },
      ["upload.notes_invalid", "/translatedNotes/__proto__x"],
    ],
    [
      "each thing that is wrong",
      { de: "\0", "": "x" },
      ["upload.notes_invalid", "/translatedNotes/de", "/translatedNotes/"],
    ],
    ["so many languages", many(TRANSLATED_LANGUAGES), many(TRANSLATED_LANGUAGES)],
    ["none more", many(TRANSLATED_LANGUAGES + 1), ["upload.notes_invalid", "/translatedNotes"]],
  ])("%s", (_, texts, expected) => {
    expect(judged(texts as Record<string, string>)).toEqual(expected as never);
  });

  test("a tag that means something to JavaScript is one like others", () => {
    expect(judged(JSON.parse('{"__proto__":"x"}'))).toEqual([
      "upload.notes_invalid",
      "/translatedNotes/__proto__",
    ]);
  });

  test("what was taken is taken as it is when it comes again", () => {
    const tag = fc.constantFrom("de", "ar", "pt-BR", "zh-Hant", "en", "not a tag", "");
    fc.assert(
      fc.property(fc.dictionary(tag, fc.string({ unit: "binary", maxLength: 20 })), (texts) => {
        const taken = judged(texts);
        if (!Array.isArray(taken)) expect(judged(taken)).toEqual(taken);
      }),
      { numRuns: 30 },
    );
  });

  test("what stands under the app's own language are its notes, unless those say something else", async () => {
    const de = { de: "Neu." };
    expect(settleOwn({ notes: "New.", translatedNotes: de }, "en")).toEqual({
      notes: "New.",
      translatedNotes: de,
    });
    for (const notes of ["", undefined, "Neu."])
      expect(settleOwn({ notes, translatedNotes: de }, "de")).toEqual({ notes: "Neu.", translatedNotes: {} });
    expect(await codeOf(() => settleOwn({ notes: "New.", translatedNotes: de }, "de"))).toBe(
      "upload.notes_invalid",
    );
    expect(settleOwn({ notes: "", translatedNotes: de }, null)).toEqual({ notes: "", translatedNotes: de });
  });
});

const APP = "org.example.noted" as AppId;
let publisher: Publisher;
let other: Publisher;
const world = storeForAll(async () => {
  publisher = await newPublisher(world.store);
  other = await newPublisher(world.store, "Other");
});

/** In place of what the helper says. */
const UNSAID = { notes: undefined, hold: undefined, submit: undefined };

async function upload(versionCode: number, said: Parameters<typeof submitBytes>[3] = {}) {
  const manifest = {
    ...{ id: APP, versionCode, version: `${versionCode}.0.0`, defaultLocale: "de" },
    name: { de: "Notiert" },
  };
  const bytes = await signedApp(world.store, publisher.signer, manifest);
  const send = (again: typeof said) =>
    submitBytes(world.store, publisher.actor, bytes, { ...UNSAID, ...again });
  const { id } = await send(said);
  return { id, send };
}

const notesOf = (id: VersionId) => {
  const { notes, translatedNotes } = readVersion(world.store, publisher.actor, APP, id);
  return { notes, translatedNotes };
};

const change = (id: VersionId, said: Parameters<typeof changeReleaseNotes>[4], actor = publisher.actor) =>
  changeReleaseNotes(world.store, actor, APP, id, said, readVersion(world.store, OPERATOR, APP, id).revision);

const lastChange = () => {
  const sql =
    "SELECT before, after FROM audit_entries WHERE action = 'version.changed' ORDER BY position DESC LIMIT 1";
  const { before, after } = world.store.db.raw.query<{ before: string; after: string }, []>(sql).get() ?? {
    before: "{}",
    after: "{}",
  };
  return { before: JSON.parse(before), after: JSON.parse(after) };
};

const read = (id: VersionId, locale: string) => {
  const row = findVersion(world.store.db.orm, id);
  if (row === undefined) throw new Error("no such version");
  const own = { id, notes: row.notes, defaultLocale: ownLanguageOf(row) };
  const found = notesInLanguage(world.store.db.orm, [own], locale).get(id);
  return [found?.language, found?.text];
};

describe("a version", () => {
  test("has them from its upload, and the same bytes again add to them", async () => {
    const { id, send } = await upload(1, { translatedNotes: { de: "Neu.", en: "New." } });
    expect(notesOf(id)).toEqual({ notes: "Neu.", translatedNotes: { en: "New." } });
    await send({ translatedNotes: { ar: "جديد" } });
    expect(notesOf(id)).toEqual({ notes: "Neu.", translatedNotes: { ar: "جديد", en: "New." } });
    expect(lastChange()).toEqual({ before: {}, after: { "notes.ar": "جديد" } });
    const refused = await send({ notes: "Neu.", translatedNotes: { de: "Anders." } }).catch((error) => error);
    expect(refused.code).toBe("upload.notes_invalid");
    await send({ translatedNotes: { ar: "", en: "" } });
    expect(notesOf(id)).toEqual({ notes: "Neu.", translatedNotes: {} });
    await world.scheduler.drain();
    withdrawVersion(world.store, publisher.actor, APP, id);
    expect(await codeOf(() => change(id, { translatedNotes: { en: "x" } }))).toBe("version.wrong_state");
  });

  test("says all anew until its review is decided, and in other languages ever after; devices read the signed ones", async () => {
    const { store, scheduler } = world;
    const { id } = await upload(2, { notes: "Neu.", translatedNotes: { en: "Old." } });
    await scheduler.drain();
    const { revision } = change(id, { notes: "Ganz neu.", translatedNotes: { en: "New." } });
    expect(lastChange()).toEqual({
      before: { notes: "Neu.", "notes.en": "Old." },
      after: { notes: "Ganz neu.", "notes.en": "New." },
    });
    // What says nothing new changes nothing; whoever decides by an older page is told so.
    expect(change(id, { notes: "Ganz neu." }).revision).toBe(revision);
    expect(await codeOf(() => approve(store, reviewer(), id, {}, revision - 1))).toBe("precondition.failed");
    approve(store, reviewer(), id, {}, revision);
    expect(await codeOf(() => change(id, { notes: "Zu spät." }))).toBe("version.notes_fixed");
    await scheduler.drain();
    const signed = () =>
      store.db.raw.query("SELECT max(version) AS newest FROM tuf_metadata WHERE role = 'snapshot'").get();
    const before = signed();
    expect(before).toEqual({ newest: expect.any(Number) });
    change(id, { translatedNotes: { "pt-BR": "Novo." } });
    expect(notesOf(id)).toEqual({ notes: "Ganz neu.", translatedNotes: { en: "New.", "pt-BR": "Novo." } });
    expect(await codeOf(() => change(id, { notes: "Zu spät.", translatedNotes: { en: "x" } }))).toBe(
      "version.notes_fixed",
    );
    await scheduler.drain();
    expect(signed()).toEqual(before);
    await checkCatalogue(store);
    expect(catalogueDamage(store)).toEqual([]);

    expect(
      ["de", "de-AT", "en", "en-GB", "pt", "pt-PT", "fr", "__proto__"].map((locale) => read(id, locale)),
    ).toEqual([
      ["de", "Ganz neu."],
      ["de", "Ganz neu."],
      ["en", "New."],
      ["en", "New."],
      ["pt-BR", "Novo."],
      ["pt-BR", "Novo."],
      ["de", "Ganz neu."],
      ["de", "Ganz neu."],
    ]);
  });

  test("with a long text is told apart behind its beginning, too", async () => {
    const { id } = await upload(3, { translatedNotes: { en: `${"word ".repeat(100)}one` } });
    await world.scheduler.drain();
    change(id, { translatedNotes: { en: `${"word ".repeat(100)}two` } });
    expect(Object.keys(lastChange().after)).toEqual(["notes.en.sha256"]);
  });

  test("is for who uploads to the app; strangers do not hear of it", async () => {
    const { id } = await upload(4);
    for (const [actor, code] of [
      [other.actor, "app.not_found"],
      [reviewer(), "rights.forbidden"],
    ] as const)
      expect(await codeOf(() => change(id, { translatedNotes: { en: "x" } }, actor))).toBe(code);
    expect(notesOf(id)).toEqual({ notes: "", translatedNotes: {} });
  });
});

test("nor does a translation stand under the app's own language that is sent while the checks run", async () => {
  const { id } = await upload(60);
  expect(findVersion(world.store.db.orm, id)).toMatchObject({ state: "checking", manifest: null });
  change(id, { translatedNotes: { de: "Neu.", en: "New." } });
  expect(notesOf(id)).toEqual({ notes: "Neu.", translatedNotes: { en: "New." } });
  expect(await codeOf(() => change(id, { translatedNotes: { de: "Anders." } }))).toBe("upload.notes_invalid");
  await world.scheduler.drain();
  expect(findVersion(world.store.db.orm, id)?.manifest).not.toBeNull();
  expect(notesOf(id)).toEqual({ notes: "Neu.", translatedNotes: { en: "New." } });
});
