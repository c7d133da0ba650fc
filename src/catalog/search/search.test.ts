/** What people type and what they find, among apps whose rows are there. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Actor, OPERATOR } from "../../accounts/actor.ts";
import { writeSetting } from "../../accounts/settings.records.ts";
import { write } from "../../db/database.ts";
import type { AppId } from "../../ids.ts";
import { insertPublished, type MadeUpApp } from "../../testing/many-apps.ts";
import { newOrganisation } from "../../testing/portal.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { chooseCategory } from "../categories/choose.ts";
import { MOST_FOUND, searchApps } from "./ask.ts";
import { beginSearch, searchAllAnew } from "./keep.ts";

const NOBODY: Actor = { kind: "anonymous" };

const APPS: readonly MadeUpApp[] = [
  {
    id: "org.example.budget",
    name: { en: "Budget Planner", de: "Haushaltsbuch" },
    summary: { en: "Where the money goes." },
  },
  { id: "org.example.todo", name: { en: "To-do List" }, summary: { en: "Nothing is forgotten." } },
  {
    id: "org.example.calc",
    name: { en: "Calculator" },
    summary: { en: "Adds, and takes away." },
    category: "tools",
  },
  {
    id: "org.example.calcpro",
    name: { en: "Calculator Pro" },
    summary: { en: "A budget of functions." },
    description: "Also **polynomials**, see [how](https://polyglot.example/forgotten) it is done.",
  },
  {
    id: "org.example.wetter",
    name: { de: "Wetter für Größe", en: "Weather" },
    summary: { de: "Regen oder nicht." },
  },
  { id: "org.example.tenki", name: { ja: "天気予報" } },
  {
    id: "org.example.taqs",
    name: { ar: "الطقس" },
    summary: { ar: "مطر أو لا." },
    category: "developer-tools",
  },
  { id: "org.example.hasiba", name: { ar: "الحاسبة" }, summary: { ar: "للأطفال والكبار." } },
  { id: "org.example.mulahazat", name: { ar: "ملاحظات" }, category: "tools" },
  { id: "org.example.kitab", name: { ar: "الكتابُ الأوّل" } },
  { id: "org.example.secret", name: { en: "Calculator Secret" }, isPrivate: true },
];

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await insertPublished(store, newOrganisation(store, "Quiet Works"), APPS);
});
afterAll(() => store.close());

const found = (question: string, actor: Actor = NOBODY, locale = "en", limit = 20) =>
  searchApps(store, actor, { question, locale }, { limit }).items.map(({ id }) =>
    id.replace("org.example.", ""),
  );

test.each([
  ["calculator", ["calc", "calcpro"]],
  ["calc", ["calc", "calcpro"]],
  ["calcualtor", ["calc", "calcpro"]],
  ["calulator pro", ["calcpro", "calc"]],
  ["todo", ["todo"]],
  ["to do list", ["todo"]],
  ["todolst", ["todo"]],
  ["bugdet", ["budget", "calcpro"]],
  ["haushaltsbuch", ["budget"]],
  ["wetter fur grosse", ["wetter"]],
  ["天気", ["tenki"]],
  ["予報", ["tenki"]],
  ["tools", ["calc"]],
  ["forgotten", ["todo"]],
  ["طقس", ["taqs"]],
  ["الطقس", ["taqs"]],
  ["والطقس", ["taqs"]],
  ["طق", ["taqs"]],
  ["حاسبة", ["hasiba"]],
  ["حاسبه", ["hasiba"]],
  ["حاسـبة", ["hasiba"]],
  ["خاسبة", ["hasiba"]],
  ["اطفال", ["hasiba"]],
  ["ملاحظات", ["mulahazat"]],
  ["ملاحضات", ["mulahazat"]],
  ["الملاحضات", ["mulahazat"]],
  ["كتاب اول", ["kitab"]],
  ["كتاب الاول", ["kitab"]],
  ["polynomials", ["calcpro"]],
  ["polyn", ["calcpro"]],
  ["calculator polynomials", ["calcpro"]],
  ["quiet works polynomials", ["calcpro"]],
])("%p finds %p first", (question, first) => {
  expect(found(question).slice(0, first.length)).toEqual(first);
});

test.each(["polyglot", "https"])("where links of a description lead is not searched: %p", (question) => {
  expect(found(question)).not.toContain("calcpro");
});

test.each(["", "   ", "…", "\u0000", "🙂"])("%p finds nothing", (question) => {
  expect(found(question)).toEqual([]);
});

test.each([
  '"',
  'name:("calc")',
  "calculator OR *",
  "NEAR(calc pro, 2)",
  "^calc -pro",
  "'; DROP TABLE apps; --",
  "a".repeat(10_000),
  "calc ".repeat(1000),
  "\ud800calc",
  "calc\u0000ulator",
])("%p is no expression", (question) => {
  expect(Array.isArray(found(question.slice(0, 10_000)))).toBe(true);
});

describe("what is not for somebody", () => {
  const names = ["calculator secret", "secret", "secrte", "calc"];

  test.each(names)("is not found by %p", (question) => {
    expect(found(question)).not.toContain("secret");
    expect(found(question, OPERATOR)).toContain("secret");
  });

  test("and takes nobody's place: others find what they found without it", async () => {
    const before = names.map((question) => found(question));
    const many = Array.from({ length: 400 }, (_, n) => ({
      id: `org.example.hidden${n}`,
      name: { en: `Calculator Secret ${n}` },
      isPrivate: true,
    }));
    await insertPublished(store, newOrganisation(store, "Hidden"), many);
    expect(names.map((question) => found(question))).toEqual(before);
    expect(found("calculator secret", OPERATOR).length).toBe(20);
  });
});

test("pages go on where the one before ended, and end", () => {
  const all: string[] = [];
  let after: string | undefined;
  do {
    const page = searchApps(
      store,
      OPERATOR,
      { question: "calculator", locale: "en" },
      {
        limit: 30,
        ...(after === undefined ? {} : { after }),
      },
    );
    all.push(...page.items.map(({ id }) => id));
    after = page.nextCursor ?? undefined;
  } while (after !== undefined);
  expect(all.length).toBe(new Set(all).size);
  expect(all.length).toBeLessThanOrEqual(MOST_FOUND);
});

test("of an app that is gone nothing is left, not its words either", async () => {
  const id = "org.example.gone";
  const description = "It has a marimba.";
  await insertPublished(store, newOrganisation(store, "Gone"), [
    { id, name: { en: "Xylophone" }, description },
  ]);
  expect(found("xylophoen")).toEqual(["gone"]);
  expect(found("marimba")).toEqual(["gone"]);
  const words = () =>
    store.db.raw.query("SELECT word FROM search_words WHERE word = 'xylophone'").all().length;
  expect(words()).toBe(1);
  store.db.raw.run("DELETE FROM apps WHERE id = ?", [id]);
  expect(found("xylophone")).toEqual([]);
  expect(found("marimba")).toEqual([]);
  const described =
    "SELECT 1 FROM search_descriptions WHERE document NOT IN (SELECT id FROM search_documents)";
  expect(store.db.raw.query(described).all()).toEqual([]);
  expect(words()).toBe(0);
  const left = "SELECT 1 FROM search_name_keys WHERE document NOT IN (SELECT id FROM search_documents)";
  expect(store.db.raw.query(left).all()).toEqual([]);
  const used = "SELECT 1 FROM search_word_uses WHERE document NOT IN (SELECT id FROM search_documents)";
  expect(store.db.raw.query(used).all()).toEqual([]);
  const keys = "SELECT 1 FROM search_word_keys WHERE word NOT IN (SELECT word FROM search_word_uses)";
  expect(store.db.raw.query(keys).all()).toEqual([]);
});

describe("in a category", () => {
  const foundIn = (question: string, category: string, actor: Actor = NOBODY) =>
    searchApps(store, actor, { question, locale: "en", category }, { limit: 100 }).items.map(({ id }) =>
      id.replace("org.example.", ""),
    );

  test("nothing outside of it is found, whatever way it is found by", () => {
    expect(foundIn("calc", "tools")).toEqual(["calc"]);
    expect(foundIn("calcualtor", "tools")).toEqual(["calc"]);
    expect(foundIn("calcualtor pro", "tools", OPERATOR)).toEqual(["calc"]);
    expect(foundIn("polynomials", "tools")).toEqual([]);
    expect(foundIn("طقس", "developer-tools")).toEqual(["taqs"]);
    expect(foundIn("الطقس", "tools")).toEqual([]);
    expect(foundIn("ملاحضات", "tools")).toEqual(["mulahazat"]);
  });

  test("an app is found in the one that it came into, with its description", async () => {
    const id = "org.example.moved" as AppId;
    const app = { id, name: { en: "Zither" }, description: "Has a crumhorn.", category: "tools" };
    await insertPublished(store, newOrganisation(store, "Moved"), [app]);
    const both = () => ["zither", "crumhorn"].flatMap((question) => foundIn(question, "tools"));
    expect(both()).toEqual(["moved", "moved"]);
    chooseCategory(store, OPERATOR, id, "developer-tools");
    expect(both()).toEqual([]);
    expect(foundIn("crumhorn", "developer-tools")).toEqual(["moved"]);
    store.db.raw.run("DELETE FROM apps WHERE id = ?", [id]);
  });
});

test("no statement reads a table that grows", async () => {
  const fresh = await openTestStore();
  await insertPublished(fresh, newOrganisation(fresh, "Fresh"), APPS);
  const plans = queryPlans(fresh.db, () => {
    searchApps(fresh, NOBODY, { question: "calcualtor pro", locale: "en" }, { limit: 5 });
  });
  expect(plans.length).toBeGreaterThan(5);
  // Of categories there are few.
  const within = queryPlans(fresh.db, () => {
    searchApps(fresh, NOBODY, { question: "calcualtor pro", locale: "en", category: "tools" }, { limit: 5 });
  });
  expect(
    slowPlans([...plans, ...within]).filter((step) => !/ "(?:categories|category_aliases)"/.test(step)),
  ).toEqual([]);
  fresh.close();
});

test("an index that another version made is made anew", async () => {
  const old = await openTestStore();
  await insertPublished(old, newOrganisation(old, "Old"), APPS);
  old.db.raw.run("DELETE FROM search_documents");
  expect(searchApps(old, NOBODY, { question: "calculator", locale: "en" }, { limit: 5 }).items).toEqual([]);
  await searchAllAnew(old, new AbortController().signal);
  expect(searchApps(old, NOBODY, { question: "calculator", locale: "en" }, { limit: 5 }).found).toBe(2);
  const jobs = () => old.db.raw.query("SELECT 1 FROM jobs WHERE kind = 'catalog.search'").all().length;
  beginSearch(old);
  expect(jobs()).toBe(0);
  write(old.db, (tx) => writeSetting(tx, "searchVersion", 0, old.clock.now()));
  beginSearch(old);
  beginSearch(old);
  expect(jobs()).toBe(1);
  old.close();
});
