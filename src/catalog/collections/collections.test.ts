/** Collections of a store with published apps: how they change, and what of them each visitor meets. */
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import fc from "fast-check";
import { type Actor, OPERATOR } from "../../accounts/actor.ts";
import { createGroup } from "../../accounts/groups/groups.ts";
import { addPersonToGroup } from "../../accounts/groups/members.ts";
import { isProblem } from "../../errors.ts";
import { type AppId, type Audience, EVERYBODY } from "../../ids.ts";
import { insertPublished } from "../../testing/many-apps.ts";
import { newOrganisation, newPerson, type Person } from "../../testing/portal.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { createApp } from "../apps.ts";
import { keepAllSearchable } from "../search/keep.ts";
import { ORDERS } from "../sorting/orders.ts";
import { ORDER_KEYS } from "../sorting/records.ts";
import { audienceOf, SIGNED_IN } from "../visibility/audiences.ts";
import { audiencesOfActor } from "../visibility/viewers.ts";
import { visibleApp } from "../visibility/visible.ts";
import {
  appsInCollection,
  frontCollections,
  hasCollections,
  shownCollection,
  shownCollections,
} from "./browse.ts";
import {
  type CollectionFields,
  changeCollection,
  createCollection,
  listCollections,
  moveCollection,
  readCollection,
  removeCollection,
} from "./collections.ts";
import { findAppsToPut, listCollectionApps, putIntoCollection, takeOutOfCollection } from "./contents.ts";
import {
  APPS_IN_ROW,
  FEATURED,
  MOST_APPS,
  MOST_COLLECTIONS,
  MOST_FEATURED,
  ROWS_ON_FRONT,
} from "./limits.ts";

const NOBODY: Actor = { kind: "anonymous" };
const APPS = 12;
const id = (n: number) => `org.example.app${n}` as AppId;
const ALL = Array.from({ length: APPS }, (_, n) => id(n));

let store: TestStore;
let person: Person;
let askers: readonly Actor[];
beforeAll(async () => {
  store = await openTestStore();
  const organisation = newOrganisation(store, "Quiet Works");
  const group = (name: string) => createGroup(store, OPERATOR, { name }).id;
  const groups = [group("One"), group("Two")] as const;
  person = await newPerson(store, "Sven Signed-In");
  const member = await newPerson(store, "Mika Member");
  const both = await newPerson(store, "Bo Both", { organisations: [[organisation, "owner"]] });
  for (const { accountId } of [member, both]) addPersonToGroup(store, OPERATOR, groups[0], { accountId });
  addPersonToGroup(store, OPERATOR, groups[1], { accountId: both.accountId });
  askers = [NOBODY, person.actor, member.actor, both.actor, OPERATOR];
  const sets: readonly (readonly Audience[])[] = [
    [EVERYBODY],
    [SIGNED_IN],
    [audienceOf(groups[0])],
    [audienceOf(groups[1])],
    groups.map((one) => audienceOf(one)),
  ];
  await insertPublished(
    store,
    organisation,
    ALL.map((app, n) => ({ id: app, name: { en: `Ledger ${n}` }, audiences: sets[n % sets.length] ?? [] })),
  );
  createApp(store, both.actor, {
    id: "org.example.unpublished",
    name: "Later",
    organisationId: organisation,
  });
});
afterAll(() => store.close());
beforeEach(() => {
  for (const one of listCollections(store, OPERATOR)) {
    for (const { appId } of listCollectionApps(store, OPERATOR, one.id, { limit: MOST_APPS }).items)
      takeOutOfCollection(store, OPERATOR, one.id, appId);
    if (one.id !== FEATURED) removeCollection(store, OPERATOR, one.id);
  }
});

const make = (name: string, apps: readonly AppId[] = [], fields: Partial<CollectionFields> = {}) => {
  createCollection(store, OPERATOR, { id: name, names: { en: name }, published: true, ...fields });
  for (const appId of apps) putIntoCollection(store, OPERATOR, name, { appId });
  return readCollection(store, OPERATOR, name);
};
/** The same as putting each in, without an entry in the audit log for each. */
const fillWith = (name: string, apps: readonly AppId[], into = store) => {
  const fill = into.db.raw.query("INSERT INTO collection_apps VALUES (?, ?, ?)");
  into.db.raw.transaction(() => {
    for (const [n, app] of apps.entries()) fill.run(name, app, n + 1);
  })();
};
const ids = (items: readonly { readonly id: string }[]) => items.map((one) => one.id);
const within = (name: string, actor: Actor = NOBODY) =>
  ids(appsInCollection(store, actor, name, { limit: MOST_APPS }).items);
const inOrder = (name: string) =>
  listCollectionApps(store, OPERATOR, name, { limit: MOST_APPS }).items.map(({ appId }) => appId);
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

/** What can keep an app from everybody, and its taking back. */
const HIDDEN = {
  unlisted: [
    "UPDATE apps SET unlisted_at = 1 WHERE id = ?",
    "UPDATE apps SET unlisted_at = NULL WHERE id = ?",
  ],
  yanked: [
    "UPDATE versions SET yanked_at = 1, yanked_reason = 'x' WHERE app_id = ?",
    "UPDATE versions SET yanked_at = NULL, yanked_reason = NULL WHERE app_id = ?",
  ],
  private: [
    "UPDATE app_audiences SET left_at = 1 WHERE app_id = ?",
    "UPDATE app_audiences SET left_at = NULL WHERE app_id = ?",
  ],
} as const;
type Hidden = keyof typeof HIDDEN;
const hide = (app: AppId, how: Hidden) => store.db.raw.query(HIDDEN[how][0]).run(app);
const bringBack = (app: AppId, how: Hidden) => store.db.raw.query(HIDDEN[how][1]).run(app);

/** Whether somebody meets an app in lists: asked of the app itself, and of no collection. */
const meets = (actor: Actor, app: AppId): boolean => {
  try {
    return visibleApp(store, actor, app).listed;
  } catch (error) {
    if (isProblem(error) && error.code === "app.not_found") return false;
    throw error;
  }
};

test("each meets exactly those of its apps that they may see, in the order, on all pages and in every number", () => {
  const hidden = fc.dictionary(
    fc.constantFrom(...ALL),
    fc.constantFrom<Hidden>("unlisted", "yanked", "private"),
    { maxKeys: 6, noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.shuffledSubarray(ALL), hidden, fc.integer({ min: 1, max: 5 }), (apps, gone, limit) => {
      createCollection(store, OPERATOR, { id: "one", names: { en: "One" }, published: true });
      fillWith("one", apps);
      const kept = Object.entries(gone) as [AppId, Hidden][];
      try {
        for (const [app, how] of kept) hide(app, how);
        for (const actor of askers) {
          const expected = apps.filter((app) => meets(actor, app));
          const isMet = shownCollections(store, actor).some((one) => one.id === "one");
          expect([isMet, hasCollections(store, actor)]).toEqual([expected.length > 0, expected.length > 0]);
          if (expected.length === 0) {
            expect(codeOf(() => shownCollection(store, actor, "one"))).toEqual(["collection.not_found"]);
            expect(codeOf(() => within("one", actor))).toEqual(["collection.not_found"]);
            continue;
          }
          expect(shownCollection(store, actor, "one").apps).toBe(expected.length);
          const met: string[] = [];
          for (let after: string | null = "0"; after !== null; ) {
            const page: ReturnType<typeof appsInCollection> = appsInCollection(store, actor, "one", {
              after,
              limit,
            });
            expect(page.items.length).toBeGreaterThan(0);
            met.push(...ids(page.items));
            after = page.nextCursor;
          }
          expect(met).toEqual(expected);
          const row = frontCollections(store, actor).rows.find(({ collection }) => collection.id === "one");
          expect([ids(row?.items ?? []), row?.hasMore]).toEqual([
            expected.slice(0, APPS_IN_ROW),
            expected.length > APPS_IN_ROW,
          ]);
        }
      } finally {
        for (const [app, how] of kept) bringBack(app, how);
        removeCollection(store, OPERATOR, "one");
      }
    }),
    { numRuns: 25 },
  );
});

test("in other orders each meets the same apps, what is highest in their catalogues first, on all pages", () => {
  const put = [5, 2, 9, 0, 7, 3, 11, 1];
  make("sorted", put.map(id));
  const { raw } = store.db;
  raw.run("SAVEPOINT before");
  raw.run(
    "UPDATE app_audiences SET told_at = 1000 + unicode(substr(app_id, -1)) % 4 + length(audience), updated_at = 2000 + unicode(substr(app_id, -1)) % 3, installs = unicode(substr(app_id, -1)) % 5",
  );
  for (const asker of askers) {
    const audiences = JSON.stringify(audiencesOfActor(store.db.orm, asker));
    for (const order of ORDERS) {
      const expected = raw
        .query<{ id: AppId }, [string]>(
          `SELECT app_id AS id FROM app_audiences WHERE channel = 'stable' AND told_at IS NOT NULL AND left_at IS NULL
             AND audience IN (SELECT value FROM json_each(?)) GROUP BY app_id ORDER BY max(${ORDER_KEYS[order]}) DESC, app_id DESC`,
        )
        .all(audiences)
        .map((row) => row.id)
        .filter((one) => put.includes(Number(one.slice("org.example.app".length))) && meets(asker, one));
      const pages: string[] = [];
      for (let after: string | null | undefined; after !== null; ) {
        const page: ReturnType<typeof appsInCollection> = appsInCollection(
          store,
          asker,
          "sorted",
          { limit: 3, ...(after === undefined ? {} : { after }) },
          order,
        );
        pages.push(...ids(page.items));
        after = page.nextCursor;
      }
      expect([order, pages]).toEqual([order, expected.map(String)]);
    }
  }
  raw.run("ROLLBACK TO before");
  raw.run("RELEASE before");
});

test("a new store features nothing, and that stands before all others", () => {
  expect(listCollections(store, OPERATOR).map((one) => one.id)).toEqual([FEATURED]);
  expect(frontCollections(store, NOBODY)).toEqual({ featured: null, rows: [], hasMore: false });
  make("one", [id(0)]);
  putIntoCollection(store, OPERATOR, FEATURED, { appId: id(5) });
  putIntoCollection(store, OPERATOR, FEATURED, { appId: id(1) });
  const { featured, rows } = frontCollections(store, person.actor);
  expect([ids(featured?.items ?? []), rows.map(({ collection }) => collection.id)]).toEqual([
    [id(5), id(1)],
    ["one"],
  ]);
  expect(ids(frontCollections(store, NOBODY).featured?.items ?? [])).toEqual([id(5)]);
  for (const act of [
    () => moveCollection(store, OPERATOR, FEATURED, 2),
    () => removeCollection(store, OPERATOR, FEATURED),
  ])
    expect(codeOf(act)).toEqual(["collection.built_in"]);
  changeCollection(store, OPERATOR, FEATURED, { published: false });
  expect(frontCollections(store, OPERATOR).featured).toBeNull();
  changeCollection(store, OPERATOR, FEATURED, { published: true });
});

test("a draft, one before its time and one after it are nobody's", () => {
  const at = (hours: number) => new Date(store.clock.now().getTime() + hours * 3_600_000);
  make("draft", [id(0)], { published: false });
  make("later", [id(0)], { shownFrom: at(1) });
  make("over", [id(0)], { shownUntil: at(-1) });
  make("now", [id(0)], { shownFrom: at(-1), shownUntil: at(1) });
  expect(ids(shownCollections(store, OPERATOR))).toEqual(["now"]);
  expect(listCollections(store, OPERATOR).map(({ showing }) => showing)).toEqual([
    "shown",
    "draft",
    "scheduled",
    "ended",
    "shown",
  ]);
  const start = store.clock.now();
  store.clock.advance(3_600_000);
  // From the first moment on, and not in that of its end.
  expect(ids(shownCollections(store, OPERATOR))).toEqual(["later"]);
  store.clock.set(start);
});

test("apps are put in, moved and taken out, each told with their places", () => {
  const { revision } = make("one", ALL.slice(0, 4));
  const move = (app: AppId, place: number) =>
    putIntoCollection(store, OPERATOR, "one", { appId: app, place });
  expect(move(id(3), 1).revision).toBe(revision + 1);
  expect(inOrder("one")).toEqual([id(3), id(0), id(1), id(2)]);
  move(id(3), 999);
  expect(inOrder("one")).toEqual([id(0), id(1), id(2), id(3)]);
  putIntoCollection(store, OPERATOR, "one", { appId: id(5), place: 2 });
  expect(inOrder("one")).toEqual([id(0), id(5), id(1), id(2), id(3)]);
  const told = entries("collection.app_moved").length;
  // What is so already changes nothing.
  expect(move(id(5), 2).revision).toBe(readCollection(store, OPERATOR, "one").revision);
  putIntoCollection(store, OPERATOR, "one", { appId: id(5) });
  takeOutOfCollection(store, OPERATOR, "one", id(9));
  expect(entries("collection.app_moved")).toHaveLength(told);
  takeOutOfCollection(store, OPERATOR, "one", id(0));
  const { items } = listCollectionApps(store, OPERATOR, "one", { limit: 9 });
  expect(items.map(({ place }) => place)).toEqual([1, 2, 3, 4]);
  const added = entries("collection.app_added").at(-1);
  expect([added?.subject, JSON.parse(added?.after ?? "")]).toEqual(["one", { appId: id(5), place: 2 }]);
  expect(JSON.parse(entries("collection.app_removed").at(-1)?.before ?? "")).toEqual({
    appId: id(0),
    place: 1,
  });
  const stale = { appId: id(7) };
  expect(codeOf(() => putIntoCollection(store, OPERATOR, "one", stale, [1]))).toEqual([
    "precondition.failed",
  ]);
});

test("those who arrange it see why an app is not shown, page by page", () => {
  make("one", [id(0), id(1), id(5), id(10), "org.example.unpublished" as AppId]);
  hide(id(0), "unlisted");
  hide(id(5), "yanked");
  const page = (after: string | null) =>
    listCollectionApps(store, OPERATOR, "one", { limit: 2, ...(after === null ? {} : { after }) });
  const [first, second, third] = [page(null), page("2"), page("4")];
  expect([first, second, third].map(({ nextCursor }) => nextCursor)).toEqual(["2", "4", null]);
  expect([first, second, third].flatMap(({ items }) => items.map((one) => one.standing))).toEqual([
    ...(["unlisted", "shown", "not_offered", "shown", "unpublished"] as const),
  ]);
  bringBack(id(0), "unlisted");
  bringBack(id(5), "yanked");
});

test("apps to put in are found by words, and by the id whoever may see them", async () => {
  // What left a catalogue meanwhile is not found until it is kept again.
  await keepAllSearchable(store.db, ALL);
  make("one", [id(1)]);
  const find = (question: string) =>
    findAppsToPut(store, OPERATOR, "one", question, "en").map(({ appId, isIn }) => ({ appId, isIn }));
  expect(find("ledger 1")[0]).toEqual({ appId: id(1), isIn: true });
  expect(find("org.example.unpublished")[0]).toEqual({
    appId: "org.example.unpublished" as AppId,
    isIn: false,
  });
  expect(find("zzzz")).toEqual([]);
});

test("moved, the others make room; made, changed and removed, it is told", () => {
  for (const name of ["one", "two", "three"]) make(name);
  const order = () => listCollections(store, OPERATOR).map((one) => one.id);
  const moved = moveCollection(store, OPERATOR, "three", 1);
  expect(order()).toEqual([FEATURED, "three", "one", "two"]);
  moveCollection(store, OPERATOR, "three", 999);
  expect(order()).toEqual([FEATURED, "one", "two", "three"]);
  expect(codeOf(() => moveCollection(store, OPERATOR, "three", 1, [moved.revision]))).toEqual([
    "precondition.failed",
  ]);
  changeCollection(store, OPERATOR, "one", { descriptions: { en: "First." } });
  changeCollection(store, OPERATOR, "one", { descriptions: { en: "First." } });
  expect(entries("collection.changed").filter(({ subject }) => subject === "one")).toHaveLength(1);
  removeCollection(store, OPERATOR, "one");
  expect(codeOf(() => readCollection(store, OPERATOR, "one"))).toEqual(["collection.not_found"]);
});

test.each<[string, Partial<CollectionFields & { id: string }>, string[]]>([
  ["an id in capitals", { id: "Field" }, ["collection.invalid", "/id"]],
  ["an id that is too long", { id: "a".repeat(51) }, ["collection.invalid", "/id"]],
  ["no name", { names: {} }, ["collection.invalid", "/names"]],
  [
    "a long description",
    { descriptions: { de: "x".repeat(201) } },
    ["collection.invalid", "/descriptions/de"],
  ],
  ["a time that is none", { shownFrom: new Date("x") }, ["collection.invalid", "/shownFrom"]],
  [
    "an end at its beginning",
    { shownFrom: new Date(5), shownUntil: new Date(5) },
    ["collection.invalid", "/shownUntil"],
  ],
  ["one that is there", { id: FEATURED }, ["collection.exists", "/id"]],
])("refused: %s", (_, fields, codes) => {
  const whole = { id: "another", names: { en: "Another" }, ...fields };
  expect(codeOf(() => createCollection(store, OPERATOR, whole))).toEqual(codes);
});

test("refused: who may not, and apps that are not there", () => {
  make("mine");
  for (const act of [
    () => createCollection(store, person.actor, { id: "x", names: { en: "X" } }),
    () => changeCollection(store, person.actor, "mine", {}),
    () => moveCollection(store, person.actor, "mine", 1),
    () => removeCollection(store, person.actor, "mine"),
    () => putIntoCollection(store, person.actor, "mine", { appId: id(0) }),
    () => takeOutOfCollection(store, person.actor, "mine", id(0)),
    () => listCollections(store, person.actor),
    () => listCollectionApps(store, person.actor, "mine", { limit: 1 }),
    () => findAppsToPut(store, person.actor, "mine", "x", "en"),
  ])
    expect(codeOf(act)).toEqual(["rights.forbidden"]);
  const missing = { appId: "org.example.none" as AppId };
  expect(codeOf(() => putIntoCollection(store, OPERATOR, "mine", missing))).toEqual(["app.not_found"]);
  expect(codeOf(() => putIntoCollection(store, OPERATOR, "gone", { appId: id(0) }))).toEqual([
    "collection.not_found",
  ]);
});

test("their number has an end, and so has that of their apps; no statement reads more than those", async () => {
  const other = await openTestStore();
  const owner = newOrganisation(other, "Many");
  const many = Array.from({ length: MOST_APPS + 1 }, (_, n) => id(n));
  await insertPublished(
    other,
    owner,
    many.map((app) => ({ id: app, name: { en: "Ledger" } })),
  );
  const add = (name: string, n: number) => putIntoCollection(other, OPERATOR, name, { appId: id(n) });
  for (let n = 0; n < MOST_COLLECTIONS; n += 1)
    createCollection(other, OPERATOR, { id: `c-${n}`, names: { en: "C" }, published: true });
  expect(codeOf(() => createCollection(other, OPERATOR, { id: "more", names: { en: "C" } }))).toEqual([
    "collection.too_many",
  ]);
  for (let n = 0; n < MOST_FEATURED; n += 1) add(FEATURED, n);
  expect(codeOf(() => add(FEATURED, 99))).toEqual(["collection.too_many_apps"]);
  for (let c = 0; c < MOST_COLLECTIONS; c += 1) fillWith(`c-${c}`, many.slice(0, MOST_APPS), other);
  expect(codeOf(() => add("c-0", MOST_APPS))).toEqual(["collection.too_many_apps"]);
  const front = frontCollections(other, NOBODY);
  expect([front.rows.length, front.hasMore]).toEqual([ROWS_ON_FRONT, true]);
  const plans = queryPlans(other.db, () => {
    frontCollections(other, NOBODY);
    appsInCollection(other, NOBODY, "c-1", { limit: 24, after: "24" });
    listCollectionApps(other, OPERATOR, "c-1", { limit: 50 });
  });
  expect(plans.length).toBeGreaterThan(3);
  // There are few collections, and all of them are read.
  expect(slowPlans(plans).filter((plan) => !plan.startsWith("SCAN collections"))).toEqual([]);
  const startedAt = performance.now();
  for (let time = 0; time < 5; time += 1) frontCollections(other, OPERATOR);
  console.log(
    `front of ${MOST_COLLECTIONS} × ${MOST_APPS}: ${((performance.now() - startedAt) / 5).toFixed(1)} ms`,
  );
  other.close();
});
