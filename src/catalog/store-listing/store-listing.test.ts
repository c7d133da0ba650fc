/** What the store shows of apps: checked, kept, shown in each language, found, brought back, and told to the audit log. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type Actor, OPERATOR } from "../../accounts/actor.ts";
import { isProblem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { insertPublished } from "../../testing/many-apps.ts";
import { newOrganisation, newPerson } from "../../testing/portal.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { searchApps } from "../search/ask.ts";
import { visibleApps } from "../visibility/visible.ts";
import { checkListing, EMPTY_LISTING, type ListingInput } from "./document.ts";
import { inLanguage } from "./shown.ts";
import {
  changeStoreListing,
  KEPT_REVISIONS,
  listStoreListingRevisions,
  readStoreListing,
  restoreStoreListing,
} from "./store-listing.ts";
import { localeFor, shownTexts } from "./texts.ts";

const NOBODY: Actor = { kind: "anonymous" };
const NOTES = "org.example.notes" as AppId;
const OTHER = "org.example.other" as AppId;

let store: TestStore;
let owner: Actor;
let viewer: Actor;
let stranger: Actor;
beforeAll(async () => {
  store = await openTestStore();
  const organisation = newOrganisation(store, "Quiet Works");
  owner = (await newPerson(store, "Olga Owner", { organisations: [[organisation, "developer"]] })).actor;
  viewer = (await newPerson(store, "Vera Viewer", { organisations: [[organisation, "viewer"]] })).actor;
  const others = newOrganisation(store, "Others");
  stranger = (await newPerson(store, "Sven Stranger", { organisations: [[others, "owner"]] })).actor;
  await insertPublished(store, organisation, [
    { id: NOTES, name: { en: "Notes", de: "Notizen" }, summary: { en: "Keeps things." } },
    { id: OTHER, name: { en: "Other" } },
  ]);
});
afterAll(() => store.close());

const input = (changes: Partial<ListingInput> = {}): ListingInput => ({ ...EMPTY_LISTING, ...changes });
const faults = (given: ListingInput): (string | undefined)[] => {
  try {
    checkListing(given);
    return [];
  } catch (error) {
    if (!isProblem(error)) throw error;
    expect(error.code).toBe("listing.invalid");
    return error.details.map(({ pointer }) => pointer);
  }
};
const codeOf = (act: () => unknown) => {
  try {
    act();
    return null;
  } catch (error) {
    return isProblem(error) ? error.code : error;
  }
};

describe("what is taken:", () => {
  test("empty texts and links are left out, tags stand once and in lower case", () => {
    const taken = checkListing({
      texts: { en: { name: "Notes", summary: "" }, de: { name: "" } },
      tags: ["Notes", "notes", "Größe", "مذكرات", "field-work"],
      links: { homepage: " https://Example.com ", source: "" },
    });
    expect(taken).toEqual({
      texts: { en: { name: "Notes" } },
      tags: ["notes", "größe", "مذكرات", "field-work"],
      links: { homepage: "https://example.com/" },
    });
  });

  test.each([
    ["a name of 51", input({ texts: { en: { name: "x".repeat(51) } } }), ["/texts/en/name"]],
    ["a summary of 121", input({ texts: { en: { summary: "x".repeat(121) } } }), ["/texts/en/summary"]],
    ["a summary of two lines", input({ texts: { en: { summary: "a\nb" } } }), ["/texts/en/summary"]],
    ["space at an end", input({ texts: { en: { name: " Notes" } } }), ["/texts/en/name"]],
    ["a name that turns", input({ texts: { en: { name: "a\u202Eb" } } }), ["/texts/en/name"]],
    ["a name with a hidden mark", input({ texts: { en: { name: "Not\u200Ees" } } }), ["/texts/en/name"]],
    [
      "a description of 10,001",
      input({ texts: { en: { description: "x".repeat(10_001) } } }),
      ["/texts/en/description"],
    ],
    [
      "a description with a bell",
      input({ texts: { en: { description: "a\u0007" } } }),
      ["/texts/en/description"],
    ],
    ["half a character", input({ texts: { en: { description: "\ud800" } } }), ["/texts/en/description"]],
    ["no language", input({ texts: { "not a language": { name: "x" } } }), ["/texts"]],
    ["a language in other case", input({ texts: { "pt-br": { name: "x" } } }), ["/texts"]],
    ["a tag of two words", input({ tags: ["ok", "two words"] }), ["/tags/1"]],
    ["an empty tag", input({ tags: [""] }), ["/tags/0"]],
    ["a tag of 31", input({ tags: ["x".repeat(31)] }), ["/tags/0"]],
    ["eleven tags", input({ tags: Array.from({ length: 11 }, (_, at) => `t${at}`) }), ["/tags"]],
    ["http", input({ links: { homepage: "http://example.com" } }), ["/links/homepage"]],
    ["javascript", input({ links: { source: "javascript:alert(1)" } }), ["/links/source"]],
    ["a password", input({ links: { issues: "https://a:b@example.com" } }), ["/links/issues"]],
    ["a host of this network", input({ links: { support: "https://localhost/" } }), ["/links/support"]],
    ["no address", input({ links: { privacy: "example.com" } }), ["/links/privacy"]],
    [
      "a long address",
      input({ links: { privacy: `https://example.com/${"x".repeat(2048)}` } }),
      ["/links/privacy"],
    ],
    [
      "41 languages",
      input({
        texts: Object.fromEntries(
          Array.from({ length: 41 }, (_, at) => [
            `x${String.fromCharCode(97 + (at % 26))}${at < 26 ? "a" : "b"}`,
            { name: "n" },
          ]),
        ),
      }),
      ["/texts"],
    ],
    ["several at once", input({ tags: ["a b"], links: { homepage: "x" } }), ["/tags/0", "/links/homepage"]],
  ])("%s is refused where it stands", (_, given, wanted) => {
    expect(faults(given)).toEqual(wanted);
  });

  test("whatever is sent is taken or refused by name, and what is taken is taken again as it is", () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.constantFrom("Notes", "a\u202Eb", ""),
    );
    const locale = fc.constantFrom("en", "de", "pt-BR", "zh-Hant-TW", "x", "__proto__", "constructor", "EN");
    fc.assert(
      fc.property(
        fc.dictionary(
          locale,
          fc.record({ name: text, summary: text, description: text }, { requiredKeys: [] }),
        ),
        fc.array(text, { maxLength: 4 }),
        fc.record({ homepage: fc.oneof(fc.webUrl(), text), source: text }, { requiredKeys: [] }),
        (texts, tags, links) => {
          if (faults({ texts, tags, links }).length > 0) return;
          const taken = checkListing({ texts, tags, links });
          expect(checkListing(taken)).toEqual(taken);
        },
      ),
    );
  });
});

describe("which texts are shown:", () => {
  const shown = shownTexts(
    { defaultLocale: "en", name: { en: "Notes", de: "Notizen" }, summary: { en: "Keeps things." } },
    {
      texts: {
        de: { summary: "Merkt sich alles." },
        "pt-BR": { description: "Guarda tudo." },
        en: { name: "Notes Pro" },
      },
    },
  );
  test.each([
    ["en", "en", "Notes Pro", "Keeps things."],
    ["de", "de", "Notizen", "Merkt sich alles."],
    ["de-AT", "de", "Notizen", "Merkt sich alles."],
    ["pt", "pt-BR", "Notes Pro", "Keeps things."],
    ["fr", "en", "Notes Pro", "Keeps things."],
    ["__proto__", "en", "Notes Pro", "Keeps things."],
  ])("who reads %s reads %s", (wanted, locale, name, summary) => {
    expect(localeFor(wanted, shown.byLocale, shown.defaultLocale)).toBe(locale);
    expect(shown.byLocale.get(locale)).toMatchObject({ name, summary });
  });
});

describe("a change", () => {
  test("is shown at once, in each language, and found", () => {
    const listing = input({
      texts: { de: { name: "Zettelkasten", description: "**Alles**" } },
      tags: ["memory"],
      links: { homepage: "https://example.com/" },
    });
    changeStoreListing(store, owner, NOTES, listing, readStoreListing(store, owner, NOTES).revision);
    const named = (locale: string) =>
      inLanguage(store.db.orm, visibleApps(store, NOBODY, { limit: 10 }).items, locale).map(
        ({ name }) => name,
      );
    expect([named("de"), named("en"), named("ar")]).toEqual([
      ["Zettelkasten", "Other"],
      ["Notes", "Other"],
      ["Notes", "Other"],
    ]);
    const found = (question: string) =>
      searchApps(store, NOBODY, { question, locale: "en" }, { limit: 5 }).items.map(({ id }) => id);
    expect([found("zettelkasten"), found("memory"), found("notizen")]).toEqual([[NOTES], [NOTES], []]);
  });

  test("is told to the audit log field by field; one that says nothing new is none", () => {
    const entries = () =>
      store.db.raw
        .query<{ before: string; after: string }, []>(
          "SELECT before, after FROM audit_entries WHERE action = 'app.listing_changed' ORDER BY position",
        )
        .all();
    const before = readStoreListing(store, owner, OTHER);
    const listing = input({ texts: { en: { summary: "Another." } }, tags: ["one"] });
    const first = changeStoreListing(store, owner, OTHER, listing, before.revision);
    expect(first.revision).toBe(before.revision + 1);
    const told = entries().length;
    expect(JSON.parse(entries().at(-1)?.after ?? "")).toEqual({ "summary.en": "Another.", tags: "one" });
    expect(changeStoreListing(store, owner, OTHER, listing, first.revision).revision).toBe(first.revision);
    expect(entries()).toHaveLength(told);
    const second = changeStoreListing(store, owner, OTHER, input({ tags: ["two"] }), first.revision);
    const { before: was = "", after: is = "" } = entries().at(-1) ?? {};
    expect([JSON.parse(was), JSON.parse(is)]).toEqual([
      { "summary.en": "Another.", tags: "one" },
      { tags: "two" },
    ]);

    // What was comes back, as a revision of its own.
    const back = restoreStoreListing(store, owner, OTHER, first.revision, second.revision);
    expect(back.document).toEqual(first.document);
    expect(back.revision).toBe(second.revision + 1);
    const nothing = restoreStoreListing(store, owner, OTHER, 0, back.revision);
    expect(nothing.document).toEqual({ texts: {}, tags: [], links: {} });
  });

  test("of what somebody else changed meanwhile is refused, and so is what is not kept any more", () => {
    const { revision } = readStoreListing(store, owner, NOTES);
    expect(codeOf(() => changeStoreListing(store, owner, NOTES, input(), revision + 1))).toBe(
      "precondition.failed",
    );
    expect(codeOf(() => restoreStoreListing(store, owner, NOTES, 999, revision))).toBe(
      "listing.revision_not_found",
    );
  });

  test("is for who works on the app: others who see it may not, and strangers do not know of it", () => {
    const { revision } = readStoreListing(store, viewer, NOTES);
    expect(codeOf(() => changeStoreListing(store, viewer, NOTES, input(), revision))).toBe(
      "rights.forbidden",
    );
    for (const act of [
      () => readStoreListing(store, stranger, NOTES),
      () => changeStoreListing(store, stranger, NOTES, input(), revision),
      () => listStoreListingRevisions(store, stranger, NOTES),
      () => restoreStoreListing(store, stranger, NOTES, 0, revision),
    ])
      expect(codeOf(act)).toBe("app.not_found");
  });

  test("keeps the last of what was", () => {
    for (let n = 0; n < KEPT_REVISIONS + 5; n++)
      changeStoreListing(
        store,
        OPERATOR,
        OTHER,
        input({ tags: [`n${n}`] }),
        readStoreListing(store, owner, OTHER).revision,
      );
    const kept = listStoreListingRevisions(store, owner, OTHER);
    expect(kept).toHaveLength(KEPT_REVISIONS);
    expect(kept[0]?.revision).toBe(readStoreListing(store, owner, OTHER).revision);
  });
});
