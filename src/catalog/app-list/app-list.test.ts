/** The list of all apps: what is found, in which order, whose it is, and how the database answers. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type AccountActor, OPERATOR } from "../../accounts/actor.ts";
import { createOrganisation } from "../../accounts/organisations.ts";
import type { AppId, OrganisationId } from "../../ids.ts";
import { insertPublished } from "../../testing/many-apps.ts";
import { codeOfSync } from "../../testing/problems.ts";
import { newOwner } from "../../testing/publishing.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../../testing/store.ts";
import { changeApp, createApp, deleteApp } from "../apps.ts";
import { APP_ORDERS, type AppFilters, COMPARE } from "./filters.ts";
import {
  beforeListedApps,
  listApps,
  MOST_FOUND,
  MOST_ORGANISATIONS,
  organisationsBeginning,
} from "./list.ts";

const FEW = 24;

let store: TestStore;
let ours: OrganisationId;
let theirs: OrganisationId;
let owner: AccountActor;

beforeAll(async () => {
  store = await openTestStore();
  ours = createOrganisation(store, OPERATOR, { name: "Ours" }).id;
  theirs = createOrganisation(store, OPERATOR, { name: "Ourselves & Others" }).id;
  owner = await newOwner(store, ours, "owner@example.com");
  const named = (prefix: string, name: (n: number) => string) =>
    Array.from({ length: FEW }, (_, n) => ({ id: `${prefix}${n}`, name: { en: name(n) } }));
  await insertPublished(
    store,
    ours,
    named("org.ours.app", (n) => `${n % 2 === 0 ? "Quick Notes" : "quiet paper"} ${n}`),
  );
  await insertPublished(
    store,
    theirs,
    named("org.theirs.tool", (n) => `Éclair ${n}`),
  );
  // Of several ages, many of each, and two more states.
  const { raw } = store.db;
  raw.run("UPDATE apps SET created_at = created_at + 1000 * (length(id) * 7 + unicode(substr(id, -1)) % 3)");
  raw.run("UPDATE versions SET state = 'failed' WHERE app_id LIKE '%5'");
  raw.run("UPDATE versions SET state = 'in_review' WHERE app_id LIKE '%6'");
  createApp(store, owner, { id: "org.ours.empty", name: "Nothing yet", organisationId: ours });
});
afterAll(() => store.close());

const ids = (filters: AppFilters, actor = OPERATOR as Parameters<typeof listApps>[1]) =>
  listApps(store, actor, { limit: 1000, ...filters }).items.map(({ id }) => id);

/** What the list says of all rows at once, without an index or a page. */
function expected(filters: AppFilters): AppId[] {
  const { organisationIds, state, sort = "id" } = filters;
  return store.db.raw
    .query<{ id: AppId; name: string; createdAt: number; owner: OrganisationId; state: string }, []>(
      "SELECT id, name, created_at AS createdAt, organisation_id AS owner, coalesce(newest_state, 'none') AS state FROM apps WHERE removed_at IS NULL",
    )
    .all()
    .filter((row) => organisationIds?.includes(row.owner) !== false)
    .filter((row) => state === undefined || row.state === state)
    .sort(COMPARE[sort])
    .map(({ id }) => id);
}

/** Of an app's icon, among its own pictures, is asked with each list: that is not what is judged here. */
const slow = (work: () => void) =>
  slowPlans(queryPlans(store.db, work)).filter((step) => !step.includes('from "version_pictures"'));

const STATES = [undefined, "published", "in_review", "none"] as const;

describe("in every order, of every organisation and state", () => {
  const every = APP_ORDERS.flatMap((sort) =>
    STATES.flatMap((state) =>
      [undefined, "ours", "both", "nobody"].map((whose) => ({ sort, state, whose }) as const),
    ),
  );
  const filtersOf = ({ sort, state, whose }: (typeof every)[number]): AppFilters => ({
    sort,
    ...(state === undefined ? {} : { state }),
    ...(whose === undefined
      ? {}
      : { organisationIds: whose === "ours" ? [ours] : whose === "both" ? [ours, theirs] : [] }),
  });

  test("it has what it says, from an index, and page by page the same as at once, there and back", () => {
    for (const one of every) {
      const filters = filtersOf(one);
      const found: AppId[] = [];
      expect(slow(() => found.push(...ids(filters)))).toEqual([]);
      expect([one, found]).toEqual([one, expected(filters)]);
      const pages: AppId[][] = [];
      const starts: string[] = [];
      for (let after: string | null | undefined; after !== null; ) {
        const page = listApps(store, OPERATOR, {
          limit: 7,
          ...filters,
          ...(after === undefined ? {} : { after }),
        });
        if (after !== undefined) {
          const back = beforeListedApps(store, OPERATOR, filters, after, 7);
          expect(back).toBe(starts.at(-2) ?? null);
        }
        pages.push(page.items.map(({ id }) => id));
        after = page.nextCursor;
        if (after !== null) starts.push(after);
      }
      expect(pages.flat()).toEqual(expected(filters));
    }
  });

  test("the way back asks indexes, too", () => {
    const [after = ""] = ids({ sort: "name" }).slice(17);
    const asked = slow(() => {
      for (const one of every) beforeListedApps(store, OPERATOR, filtersOf(one), after, 7);
    });
    expect(asked).toEqual([]);
  });
});

describe("a search", () => {
  test("finds beginnings of words of names and ids, in any case and with or without accents", () => {
    const found = (search: string) => ids({ search }).length;
    expect(found("notes")).toBe(FEW / 2);
    expect(found("NOT qui")).toBe(FEW / 2);
    expect(found("eclair")).toBe(FEW);
    expect(found("org.ours")).toBe(FEW + 1);
    expect(found("ours.em")).toBe(1);
    expect(found("org.ours.app7")).toBe(1);
    expect(found("otes")).toBe(0);
    expect(found("empty notes")).toBe(0);
    expect(found("nothing")).toBe(1);
  });

  test("goes with every filter and order", () => {
    const search = "qui";
    for (const sort of APP_ORDERS)
      for (const state of ["failed", "in_review"] as const) {
        const filters = { sort, state, organisationIds: [ours] };
        expect(ids({ ...filters, search })).toEqual(expected(filters));
        expect(ids({ ...filters, search, organisationIds: [theirs] })).toEqual([]);
      }
  });

  test("whatever is typed, it is a search and no failure", () => {
    const WORDS = [
      '"',
      '"*',
      "AND",
      "NOT",
      "name:",
      "(",
      "-",
      "^a",
      "words : a",
      "*",
      "\u0000a",
      "हिन्दी",
      "ا",
    ];
    const isList = (search: string) => listApps(store, OPERATOR, { search, limit: 1 }).items.length < 2;
    for (const search of WORDS) expect(isList(search)).toBe(true);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (search) => isList(search)),
      { numRuns: 40 },
    );
    // Without a letter nothing is looked for, and the whole list is there.
    expect(ids({ search: " -* " })).toEqual(expected({}));
  });

  test("that finds too many has the newest of all organisations in that order, and the oldest in the others", () => {
    const { raw } = store.db;
    raw.run("SAVEPOINT many");
    const columns =
      "organisation_id, summary, created_by, updated_at, newest_state, catalogue_shard, revision";
    // By turns of both organisations, and of the second alone at the end.
    for (let n = 0; n < MOST_FOUND + 20; n += 1) {
      raw
        .query(
          `INSERT INTO apps (id, name, created_at, ${columns}) SELECT ?, 'Many', ?, ${columns} FROM apps WHERE id = ?`,
        )
        .run(
          `org.many.app${n}`,
          2e12 + n,
          n % 2 === 0 && n < MOST_FOUND ? "org.ours.app0" : "org.theirs.tool0",
        );
    }
    const many = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => `org.many.app${from + n}` as AppId);
    for (const organisationIds of [undefined, [ours, theirs]]) {
      const filters = { search: "many", ...(organisationIds === undefined ? {} : { organisationIds }) };
      expect(ids({ ...filters, sort: "newest" })).toEqual(many(20, MOST_FOUND + 20).reverse());
      expect(ids({ ...filters, sort: "id" })).toEqual(many(0, MOST_FOUND).sort());
      const { found, isCut } = listApps(store, OPERATOR, { limit: 1, ...filters });
      expect([found, isCut]).toEqual([MOST_FOUND, true]);
    }
    raw.run("ROLLBACK TO many");
    raw.run("RELEASE many");
  });

  test("knows new names, owners and states at once, and nothing of what is gone", () => {
    createApp(store, owner, { id: "org.ours.fresh", name: "Zebra", organisationId: ours });
    expect(ids({ search: "zebra", state: "none" })).toEqual(["org.ours.fresh" as AppId]);
    changeApp(store, owner, "org.ours.fresh" as AppId, { name: "Gnu" });
    expect([ids({ search: "zebra" }), ids({ search: "gnu" }).length]).toEqual([[], 1]);
    // In letters, too, that came into Unicode long after the first.
    changeApp(store, owner, "org.ours.fresh" as AppId, { name: "𞤀𞤣𞤤𞤢𞤥 gnu" });
    expect(ids({ search: "𞤀𞤣" })).toEqual(["org.ours.fresh" as AppId]);
    store.db.raw.query("UPDATE apps SET organisation_id = ? WHERE id = 'org.ours.fresh'").run(theirs);
    expect(ids({ search: "gnu", organisationIds: [ours] })).toEqual([]);
    expect(ids({ search: "gnu", organisationIds: [theirs] })).toHaveLength(1);
    store.db.raw.query("UPDATE apps SET organisation_id = ? WHERE id = 'org.ours.fresh'").run(ours);
    deleteApp(store, owner, "org.ours.fresh" as AppId);
    expect(ids({ search: "gnu" })).toEqual([]);
    const { raw } = store.db;
    raw.run("SAVEPOINT before");
    raw.run("UPDATE apps SET removed_at = 1 WHERE id = 'org.ours.empty'");
    expect(ids({ search: "nothing" })).toEqual([]);
    expect(raw.query("SELECT * FROM app_words WHERE app_words MATCH 'nothing'").all()).toEqual([]);
    raw.run("ROLLBACK TO before");
    raw.run("RELEASE before");
    // What the words are numbered by is there once for each app.
    const counted = raw.query<{ n: number }, []>("SELECT count(*) AS n FROM app_numbers").get()?.n;
    expect(counted).toBe(expected({}).length);
  });

  test("asks the table of words", () => {
    const search = { search: "notes", state: "published", sort: "name" } as const;
    const asked = slow(() => {
      const page = listApps(store, owner, { limit: 5, ...search });
      expect([page.items.length, page.found, page.isCut]).toEqual([5, ids(search).length, false]);
    });
    expect(asked).toEqual([]);
  });
});

describe("whose it is", () => {
  test("members see theirs alone, and learn nothing of others’", () => {
    expect(ids({}, owner)).toEqual(expected({ organisationIds: [ours] }));
    expect(ids({ search: "eclair" }, owner)).toEqual([]);
    expect(ids({ search: "qui", sort: "newest" }, owner)).toEqual(ids({ search: "qui", sort: "newest" }));
    expect(codeOfSync(() => ids({ organisationIds: [theirs] }, owner))).toBe("organisation.not_found");
    // Where an app stands that they may not see is not told, nor whether it is there.
    for (const after of ["org.theirs.tool1", "org.nobody.app"])
      expect(codeOfSync(() => listApps(store, owner, { limit: 5, sort: "name", after }))).toBe(
        "cursor.invalid",
      );
  });

  test("organisations are found by how their names begin, among those whose apps one sees", () => {
    expect(organisationsBeginning(store, OPERATOR, "our").organisations.map(({ id }) => id)).toEqual([
      ours,
      theirs,
    ]);
    expect(organisationsBeginning(store, owner, "OUR").organisations.map(({ id }) => id)).toEqual([ours]);
    expect(organisationsBeginning(store, OPERATOR, theirs).organisations.map(({ id }) => id)).toEqual([
      theirs,
    ]);
    const cuts = [MOST_ORGANISATIONS, 1].map((more) => {
      for (let n = 0; n < more; n += 1) createOrganisation(store, OPERATOR, { name: `Twenty ${more} ${n}` });
      const { organisations, isCut } = organisationsBeginning(store, OPERATOR, "twenty");
      return [organisations.length, isCut];
    });
    expect(cuts).toEqual([
      [MOST_ORGANISATIONS, false],
      [MOST_ORGANISATIONS, true],
    ]);
  });
});
