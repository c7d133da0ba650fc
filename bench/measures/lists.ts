/**
 * Lists of the same two stores as people ask for them: in another order, searched, and far from the start. A page is full in both, so
 * that what differs is what was gone through to find it.
 */
import { cursorOf } from "../../src/http/schemas-audit.ts";
import type { PageWorld } from "../../src/testing/page-world.ts";
import type { Measure } from "../harness.ts";
import { pageMeasure } from "./grown-worlds.ts";

/** So many from the end: a page, and a little more. */
const LEFT = 30;

type Row = Readonly<Record<"key" | "id", string>>;
function lastBut({ portal }: PageWorld, sql: string): Row {
  const row = portal.store.db.raw.query<Row, []>(`${sql} LIMIT 1 OFFSET ${LEFT}`).get();
  if (row === null) throw new Error(`nothing is there: ${sql}`);
  return row;
}

/** After which of the grown apps a list by ids, or by names, has little left. */
const lateApp = (key: "id" | "name COLLATE NOCASE") => (world: PageWorld) =>
  lastBut(world, `SELECT id, '' AS key FROM apps WHERE id GLOB 'org.grown.*' ORDER BY ${key} DESC, id DESC`)
    .id;

/** The same of a list of the store in an order of its own. */
const lateInStore = (key: "told_at" | "updated_at" | "installs") => (world: PageWorld) => {
  const row = lastBut(
    world,
    `SELECT app_id AS id, ${key} AS key FROM app_audiences WHERE channel = 'stable' AND audience = '' AND ${key} IS NOT NULL
      AND app_id GLOB 'org.grown.*' ORDER BY ${key}, app_id`,
  );
  return `${row.key}.${row.id}`;
};

const latePerson = (world: PageWorld) => lastBut(world, "SELECT id, '' AS key FROM accounts ORDER BY id").id;

function lateEntry(world: PageWorld): string {
  const { id, key } = lastBut(
    world,
    "SELECT position AS id, recorded_at AS key FROM audit_entries ORDER BY recorded_at, position",
  );
  return cursorOf(world.portal.store, { at: new Date(Number(key)), position: Number(id) });
}

/** The link to the next page with another place in it. @param path With the question that the list is asked */
async function goesOn(world: PageWorld, who: string, path: string, after: string): Promise<string> {
  const headers = { Cookie: world.people[who]?.cookie ?? "", "Sec-Fetch-Site": "same-origin" };
  const html = await (await fetch(world.portal.url + path, { headers })).text();
  const given = /[?&;]cursor=([A-Za-z0-9_-]+)/.exec(html)?.[1];
  if (given === undefined) throw new Error(`${path} has no further page`);
  const text = Buffer.from(given, "base64url").toString();
  const cursor = Buffer.from(`${text.slice(0, text.indexOf(":"))}:${after}`).toString("base64url");
  return `${path}${path.includes("?") ? "&" : "?"}cursor=${cursor}`;
}

type List = {
  /** The route's name, before what is asked of it. */
  readonly name: string;
  readonly who: string;
  readonly path: (world: PageWorld) => string;
  /** How many times as long a search may take that compares up to a number of what it finds, which is more than the small store has. */
  readonly searchRatio?: number;
  /** By what is said of each: a query, and where it goes on, null: from the start. */
  readonly asked: Readonly<
    Record<string, readonly [query: string, late: ((world: PageWorld) => string) | null]>
  >;
};

const OF_STORE = {
  newest: ["?sort=newest", null],
  "late-newest": ["?sort=newest", lateInStore("told_at")],
  "late-updated": ["?sort=updated", lateInStore("updated_at")],
  "late-installs": ["?sort=installs", lateInStore("installs")],
  late: ["", lateApp("id")],
} as const;

const LISTS: readonly List[] = [
  {
    name: "catalogPage",
    who: "",
    path: () => "/catalog",
    searchRatio: 3,
    asked: { ...OF_STORE, search: ["?q=grown", null] },
  },
  {
    name: "catalogCategoryPage",
    who: "",
    path: () => "/catalog/categories/productivity",
    searchRatio: 3,
    asked: { ...OF_STORE, search: ["?q=grown", null] },
  },
  {
    name: "catalogPublisherPage",
    who: "",
    path: ({ sample }) => `/catalog/publishers/${sample.organisation}`,
    asked: OF_STORE,
  },
  {
    name: "appsPage",
    who: "administrator",
    path: () => "/apps",
    searchRatio: 3,
    asked: {
      late: ["", lateApp("name COLLATE NOCASE")],
      newest: ["?sort=newest", null],
      narrowed: ["?sort=newest&state=published&organisation=nor", null],
      "late-narrowed": ["?sort=id&state=published", lateApp("id")],
      search: ["?search=grown", null],
      "search-narrowed": ["?search=org+gro&state=published&organisation=nor", null],
    },
  },
  {
    name: "auditPage",
    who: "auditor",
    path: () => "/admin/audit",
    asked: { late: ["", lateEntry], search: ["?q=grown", null], narrowed: ["?action=app.changed", null] },
  },
  {
    name: "peoplePage",
    who: "administrator",
    path: () => "/admin/people",
    asked: {
      late: ["", latePerson],
      search: ["?search=grown", null],
      "search-nobody": ["?search=qwertz", null],
    },
  },
];

export const lists: readonly Measure[] = LISTS.flatMap(({ name, who, path, asked, searchRatio }) =>
  Object.entries(asked).map(([what, [query, late]]) =>
    pageMeasure(
      `${name}-${what}`,
      `${name} ${query}${late === null ? "" : " to its end"},`,
      async (world) => {
        const address = `${path(world)}${query}`;
        return { path: late === null ? address : await goesOn(world, who, address, late(world)), who };
      },
      what.startsWith("search") ? searchRatio : undefined,
    ),
  ),
);
