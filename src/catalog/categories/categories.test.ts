/** Categories of a store with published apps: how they change, and what of them somebody meets who looks. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { type Actor, OPERATOR } from "../../accounts/actor.ts";
import { isProblem } from "../../errors.ts";
import type { AppId, OrganisationId } from "../../ids.ts";
import { insertPublished, type MadeUpApp } from "../../testing/many-apps.ts";
import { newOrganisation, newPerson, type Person } from "../../testing/portal.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { searchApps } from "../search/ask.ts";
import { appsInCategory, beforeInCategory, MOST_COUNTED, shownCategories } from "./browse.ts";
import {
  type CategoryFields,
  changeCategory,
  createCategory,
  listCategories,
  MOST_ALIASES,
  MOST_CATEGORIES,
  mergeCategory,
  moveCategory,
  readCategory,
  removeCategory,
} from "./categories.ts";
import { chooseCategory, readAppCategory } from "./choose.ts";

const NOBODY: Actor = { kind: "anonymous" };
const app = (name: string, more: Partial<MadeUpApp> = {}): MadeUpApp => ({
  id: `org.example.${name}`,
  name: { en: `Ledger ${name}` },
  ...more,
});
const APPS: readonly MadeUpApp[] = [
  app("wrench", { category: "tools" }),
  app("saw", { category: "tools" }),
  app("drill", { category: "utilities" }),
  app("chess", { category: "games" }),
  app("safe", { category: "tools", isPrivate: true }),
  app("plain"),
];

let store: TestStore;
let organisation: OrganisationId;
let person: Person;
beforeEach(async () => {
  store = await openTestStore();
  organisation = newOrganisation(store, "Quiet Works");
  person = await newPerson(store, "Sven Signed-In");
  await insertPublished(store, organisation, APPS);
});
afterEach(() => store.close());

const id = (name: string) => `org.example.${name}` as AppId;
const names = (items: readonly { readonly id: string }[]) =>
  items.map((one) => one.id.replace("org.example.", ""));
const within = (word: string, actor: Actor = NOBODY, limit = 50) =>
  names(appsInCategory(store, actor, word, { limit }).items);
const counted = (word: string, actor: Actor = NOBODY) =>
  shownCategories(store, actor).find((one) => one.id === word)?.apps;
const codeOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (isProblem(error)) return [error.code, ...error.details.map(({ pointer }) => pointer)];
    throw error;
  }
  return [];
};
const entries = (action: string) =>
  store.db.raw
    .query<{ subject: string; before: string | null; after: string | null }, [string]>(
      "SELECT subject, before, after FROM audit_entries WHERE action = ? ORDER BY position",
    )
    .all(action);

test("a new store has some, in three languages, in an order", () => {
  const all = listCategories(store, OPERATOR);
  expect(all.length).toBeGreaterThan(10);
  for (const one of all) expect(Object.keys(one.names).sort()).toEqual(["ar", "de", "en"]);
  expect(all.map(({ position }) => position)).toEqual(all.map((_, at) => at + 1));
});

test("each meets what is for them, in lists and in numbers", () => {
  expect([within("tools"), counted("tools")]).toEqual([["saw", "wrench"], 2]);
  expect([within("tools", person.actor), counted("tools", person.actor)]).toEqual([
    ["safe", "saw", "wrench"],
    3,
  ]);
  // A word that the store does not have is a category of nobody's.
  expect(codeOf(() => within("utilities"))).toEqual(["category.not_found"]);
  const search = (category: string, actor: Actor) =>
    names(
      searchApps(store, actor, { question: "ledger", locale: "en", category }, { limit: 50 }).items,
    ).sort();
  expect(search("tools", NOBODY)).toEqual(["saw", "wrench"]);
  expect(search("tools", person.actor)).toEqual(["safe", "saw", "wrench"]);
  expect(search("games", person.actor)).toEqual(["chess"]);
  expect(codeOf(() => search("utilities", NOBODY))).toEqual(["category.not_found"]);
});

test("pages go on and back", () => {
  const first = appsInCategory(store, person.actor, "tools", { limit: 2 });
  expect([names(first.items), first.nextCursor]).toEqual([["safe", "saw"], id("saw")]);
  const second = appsInCategory(store, person.actor, "tools", { limit: 2, after: id("saw") });
  expect([names(second.items), second.nextCursor]).toEqual([["wrench"], null]);
  expect(beforeInCategory(store, person.actor, "tools", id("wrench"), 1)).toBe(id("saw"));
  expect(beforeInCategory(store, person.actor, "tools", id("saw"), 2)).toBeNull();
});

test("merged, what says the old word means the other, and making it again takes that back", () => {
  createCategory(store, OPERATOR, { id: "utilities", names: { en: "Utilities" } });
  expect([within("utilities"), counted("utilities")]).toEqual([["drill"], 1]);
  createCategory(store, OPERATOR, { id: "hand-tools", names: { en: "Hand tools" } });
  mergeCategory(store, OPERATOR, "hand-tools", "utilities");
  const merged = mergeCategory(store, OPERATOR, "utilities", "tools");
  expect([merged.id, merged.aliases, merged.apps]).toEqual(["tools", ["hand-tools", "utilities"], 4]);
  for (const word of ["tools", "utilities", "hand-tools"])
    expect(within(word)).toEqual(["drill", "saw", "wrench"]);
  expect(counted("tools")).toBe(3);
  expect(shownCategories(store, NOBODY).some((one) => one.id === "utilities")).toBe(false);
  expect(appsInCategory(store, NOBODY, "tools", { limit: 1 }).items[0]?.category).toBe("tools");
  expect(entries("category.merged").map(({ subject }) => subject)).toEqual(["hand-tools", "utilities"]);
  expect(JSON.parse(entries("category.merged")[1]?.after ?? "")).toEqual({ into: "tools", apps: 1 });

  createCategory(store, OPERATOR, { id: "utilities", names: { en: "Utilities" } });
  expect([within("tools"), within("utilities")]).toEqual([["saw", "wrench"], ["drill"]]);
  expect(readCategory(store, OPERATOR, "tools").aliases).toEqual(["hand-tools"]);
});

test("chosen for an app, it goes before what the package says, until it is let go", () => {
  expect(readAppCategory(store, OPERATOR, id("saw"))).toMatchObject({ chosen: null, fromPackage: "tools" });
  chooseCategory(store, OPERATOR, id("saw"), "games");
  expect([within("games"), within("tools")]).toEqual([["chess", "saw"], ["wrench"]]);
  expect(readAppCategory(store, OPERATOR, id("saw"))).toEqual({
    appId: id("saw"),
    chosen: "games",
    fromPackage: "tools",
    category: "games",
  });
  const found = searchApps(store, NOBODY, { question: "games", locale: "en" }, { limit: 9 });
  expect(names(found.items).sort()).toEqual(["chess", "saw"]);
  expect(codeOf(() => chooseCategory(store, OPERATOR, id("saw"), "nothing"))).toEqual(["category.not_found"]);
  expect(codeOf(() => chooseCategory(store, person.actor, id("saw"), "games"))).toEqual(["app.not_found"]);
  chooseCategory(store, OPERATOR, id("saw"), null);
  chooseCategory(store, OPERATOR, id("saw"), null);
  expect([within("games"), within("tools")]).toEqual([["chess"], ["saw", "wrench"]]);
  expect(entries("app.category_chosen").map(({ before, after }) => [before, after])).toEqual([
    ['{"category":null}', '{"category":"games"}'],
    ['{"category":"games"}', '{"category":null}'],
  ]);
});

test("removed, it leaves its apps in none; a category of that id has them again", () => {
  removeCategory(store, OPERATOR, "games");
  expect(codeOf(() => within("games"))).toEqual(["category.not_found"]);
  expect(readAppCategory(store, OPERATOR, id("chess"))).toMatchObject({
    fromPackage: "games",
    category: null,
  });
  expect(entries("category.removed").map(({ subject }) => subject)).toEqual(["games"]);
  createCategory(store, OPERATOR, { id: "games", names: { en: "Games" } });
  expect(within("games")).toEqual(["chess"]);
});

test("removed, it stays what was chosen for an app, until something else is", () => {
  chooseCategory(store, OPERATOR, id("saw"), "games");
  removeCategory(store, OPERATOR, "games");
  const gone = { chosen: "games", fromPackage: "tools", category: null };
  expect(readAppCategory(store, OPERATOR, id("saw"))).toMatchObject(gone);
  // A form that is sent as it stands changes nothing; nobody else can choose it.
  expect(chooseCategory(store, OPERATOR, id("saw"), "games")).toMatchObject(gone);
  expect(entries("app.category_chosen")).toHaveLength(1);
  expect(codeOf(() => chooseCategory(store, OPERATOR, id("chess"), "games"))).toEqual(["category.not_found"]);
  createCategory(store, OPERATOR, { id: "games", names: { en: "Games" } });
  expect(within("games")).toEqual(["chess", "saw"]);
});

test("moved, the others make room", () => {
  const order = () => listCategories(store, OPERATOR).map((one) => one.id);
  const before = order();
  const moved = moveCategory(store, OPERATOR, "tools", 1);
  expect(order()).toEqual(["tools", ...before.filter((one) => one !== "tools")]);
  moveCategory(store, OPERATOR, "tools", 999);
  expect(order().at(-1)).toBe("tools");
  expect(codeOf(() => moveCategory(store, OPERATOR, "tools", 1, [moved.revision]))).toEqual([
    "precondition.failed",
  ]);
  const told = entries("category.moved").length;
  moveCategory(store, OPERATOR, "tools", 999);
  expect(entries("category.moved")).toHaveLength(told);
});

test.each<[string, Partial<CategoryFields & { id: string }>, string[]]>([
  ["an id in capitals", { id: "Tools" }, ["category.invalid", "/id"]],
  ["an id that is too long", { id: "a".repeat(33) }, ["category.invalid", "/id"]],
  ["no name", { names: {} }, ["category.invalid", "/names"]],
  ["a tag that is none", { names: { english: "x", "": "y" } }, ["category.invalid", "/names/"]],
  ["a long description", { descriptions: { de: "x".repeat(201) } }, ["category.invalid", "/descriptions/de"]],
  ["an icon that is none", { icon: "store" }, ["category.invalid", "/icon"]],
  ["one that is there", { id: "tools" }, ["category.exists", "/id"]],
])("refused: %s", (_, fields, codes) => {
  const whole = { id: "another", names: { en: "Another" }, ...fields };
  expect(codeOf(() => createCategory(store, OPERATOR, whole))).toEqual(codes);
});

test("refused: to change one that is changed, gone or not one's to change", () => {
  const made = createCategory(store, OPERATOR, { id: "mine", names: { en: "Mine" } });
  const change = { names: { en: "Yours" } };
  expect(changeCategory(store, OPERATOR, "mine", change, [made.revision]).names).toEqual(change.names);
  expect(codeOf(() => changeCategory(store, OPERATOR, "mine", change, [made.revision]))).toEqual([
    "precondition.failed",
  ]);
  expect(codeOf(() => mergeCategory(store, OPERATOR, "mine", "mine"))).toEqual([
    "category.into_itself",
    "/into",
  ]);
  expect(codeOf(() => mergeCategory(store, OPERATOR, "mine", "gone"))).toEqual(["category.not_found"]);
  for (const act of [
    () => createCategory(store, person.actor, { id: "x", names: { en: "X" } }),
    () => changeCategory(store, person.actor, "mine", change),
    () => moveCategory(store, person.actor, "mine", 1),
    () => mergeCategory(store, person.actor, "mine", "tools"),
    () => removeCategory(store, person.actor, "mine"),
    () => listCategories(store, person.actor),
  ])
    expect(codeOf(act)).toEqual(["rights.forbidden"]);
  removeCategory(store, OPERATOR, "mine");
  expect(codeOf(() => removeCategory(store, OPERATOR, "mine"))).toEqual(["category.not_found"]);
});

test("their number has an end, and so has what is merged into one", async () => {
  const other = await openTestStore();
  const make = (n: number) => createCategory(other, OPERATOR, { id: `c-${n}`, names: { en: `C ${n}` } });
  for (let n = 0; n < MOST_ALIASES; n++) {
    make(n);
    mergeCategory(other, OPERATOR, `c-${n}`, "tools");
  }
  make(99);
  expect(codeOf(() => mergeCategory(other, OPERATOR, "c-99", "tools"))).toEqual(["category.too_many"]);
  const left = MOST_CATEGORIES - listCategories(other, OPERATOR).length;
  for (let n = 100; n < 100 + left; n++) make(n);
  expect(codeOf(() => make(999))).toEqual(["category.too_many"]);
  other.close();
});

test("no statement reads a table that grows", async () => {
  const other = await openTestStore();
  const many = Array.from({ length: MOST_COUNTED + 5 }, (_, n) => app(`n${n}`, { category: "tools" }));
  await insertPublished(other, newOrganisation(other, "Many"), many);
  const count = () => shownCategories(other, NOBODY).find((one) => one.id === "tools")?.apps;
  expect(count()).toBe(MOST_COUNTED);
  const plans = queryPlans(other.db, () => {
    shownCategories(other, NOBODY);
    appsInCategory(other, NOBODY, "tools", { limit: 24, after: id("n10") });
    beforeInCategory(other, NOBODY, "tools", id("n10"), 24);
    searchApps(other, NOBODY, { question: "ledger n1", locale: "en", category: "tools" }, { limit: 5 });
    readCategory(other, OPERATOR, "tools");
  });
  expect(plans.length).toBeGreaterThan(5);
  // The categories themselves are few, and so are those that are counted before they are.
  const few = /^SCAN (?:categories|category_aliases|some)\b|^USE TEMP B-TREE FOR (?:DISTINCT|ORDER BY)/;
  expect(slowPlans(plans).filter((step) => !few.test(step))).toEqual([]);
  const grown = plans.filter(({ sql }) => /app_audiences/.test(sql)).flatMap(({ steps }) => steps);
  expect(grown.filter((step) => /ORDER BY/.test(step))).toEqual([]);
  other.close();
});
