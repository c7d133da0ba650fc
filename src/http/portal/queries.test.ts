/** What pages ask the database must not grow with the store: judged on the plans of the queries that they really send. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { createGroup } from "../../accounts/groups/groups.ts";
import { addPersonToGroup } from "../../accounts/groups/members.ts";
import { addMember } from "../../accounts/organisations.ts";
import { createApp } from "../../catalog/apps.ts";
import { FEATURED, MOST_APPS, MOST_COLLECTIONS, MOST_FEATURED } from "../../catalog/collections/limits.ts";
import type { OrganisationId } from "../../ids.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../../testing/portal.ts";
import { fillStore, type SampleStore } from "../../testing/sample-store.ts";

const GROWING = [
  "apps",
  "app_numbers",
  "account_numbers",
  "versions",
  "app_audiences",
  "findings",
  "version_events",
  "version_pictures",
  "picture_sources",
  "picture_sizes",
  "listing_pictures",
  "check_results",
  "reviews",
  "jobs",
  "blobs",
  "log_leaves",
  "log_nodes",
  "storage_apps",
  "app_holders",
  "app_ratings",
  "app_rating_sums",
  "reports",
];
const MANY = 10_000;
/** For whom the many apps are, in turn: most visitors may see most of them, each by another catalogue. */
const AUDIENCES = ["", "signed-in", "group"] as const;

let portal: Portal;
let sample: SampleStore;
let busy: Person;
/** With half of the many apps. */
let many: OrganisationId;
beforeAll(async () => {
  portal = await startPortal();
  sample = await fillStore(portal);
  const { store } = portal;
  const organisations = [newOrganisation(store, "Many"), newOrganisation(store, "More")] as const;
  many = organisations[0];
  busy = await newPerson(store, "Berta Busy", {
    organisations: [
      [organisations[0], "owner"],
      [organisations[1], "owner"],
    ],
  });
  const group = createGroup(store, OPERATOR, { name: "Many" }).id;
  addPersonToGroup(store, OPERATOR, group, { accountId: busy.accountId });
  addMember(store, OPERATOR, organisations[0], sample.people.developer.accountId, "developer");
  // One by the acting function, the rest like it: ten thousand transactions would each wait for the disk.
  createApp(store, busy.actor, { id: "org.many.app", name: "App", organisationId: organisations[0] });
  const { raw } = store.db;
  raw.transaction(() => {
    for (let n = 0; n < MANY; n += 1) {
      const id = `org.many.app${n}`;
      raw
        .query(
          `INSERT INTO apps (id, organisation_id, name, summary, created_by, created_at, updated_at, published_at,
             catalogue_shard, revision, category, installs)
           SELECT ?, ?, name, summary, created_by, created_at, updated_at,
             CASE WHEN ? THEN created_at END, catalogue_shard, revision, 'tools', rowid FROM apps WHERE id = 'org.many.app'`,
        )
        .run(id, organisations[n % 2] ?? "", n % 3);
      raw
        .query(
          `INSERT INTO versions (id, app_id, version_code, version, state, state_changed_at, manifest, content_digest,
             upload_sha256, upload_size_bytes, developer_keyid, notes, hold, uploaded_by, created_at, submitted_at,
             approved_at, published_at, released_sha256, released_size_bytes, revision, developer_certificate,
             release_keyid, release_certificate)
           SELECT ?, ?, version_code, version, CASE WHEN ? THEN 'in_review' ELSE 'published' END,
             state_changed_at, manifest, content_digest, upload_sha256, upload_size_bytes, developer_keyid, notes, hold,
             uploaded_by, created_at, submitted_at + 60000 * ?, approved_at, created_at, released_sha256, released_size_bytes, revision,
             developer_certificate, release_keyid, release_certificate
           FROM versions WHERE id = ?`,
        )
        .run(`ver-${n.toString(16).padStart(32, "0")}`, id, n % 2, n, sample.versions.waiting);
      const audience = AUDIENCES[n % 3] === "group" ? group : (AUDIENCES[n % 3] ?? "");
      raw
        .query(
          `INSERT INTO app_audiences (app_id, channel, audience, shard, created_at, told_at, left_at, category, installs, updated_at)
           SELECT id, 'stable', ?, catalogue_shard, created_at, created_at + ?, NULL, category, installs, created_at + ? FROM apps WHERE id = ?`,
        )
        .run(audience, n % 1000, n % 700, id);
    }
    createCollections(portal.store);
  })();
}, 120_000);
afterAll(() => portal.close());

/** As many as there may be, each with as many apps as it may have. */
function createCollections({ db }: Portal["store"]): void {
  const add = db.raw.query(
    "INSERT INTO collections VALUES (?, '{\"en\":\"C\"}', '{}', ?, 1, NULL, NULL, 1, 'test', 0)",
  );
  const fill = db.raw.query("INSERT INTO collection_apps VALUES (?, ?, ?)");
  for (let c = 1; c <= MOST_COLLECTIONS; c += 1) {
    add.run(`c-${c}`, c);
    for (let n = 0; n < MOST_APPS; n += 1) fill.run(`c-${c}`, `org.many.app${(c * 7 + n * 3) % MANY}`, n + 1);
  }
  for (let n = 0; n < MOST_FEATURED; n += 1) fill.run(FEATURED, `org.many.app${n * 4 + 1}`, n + 1);
}

const get = (who: Person | null, path: string) =>
  fetch(portal.url + path, { redirect: "manual", headers: { Cookie: who?.cookie ?? "" } });

function pages(): readonly (readonly [Person | null, string])[] {
  const { people, apps, versions, organisation } = sample;
  const version = `/apps/${apps.published}/versions/${versions.waiting}`;
  return [
    [null, "/"],
    [busy, "/"],
    [null, "/catalog"],
    [busy, "/catalog"],
    [null, "/catalog/categories/tools"],
    [busy, "/catalog/categories/tools"],
    [busy, "/catalog/categories/tools?q=app"],
    [null, `/catalog/${apps.published}/ratings`],
    [people.newcomer, `/catalog/${apps.published}/ratings?language=de`],
    [people.developer, `/apps/${apps.published}/ratings`],
    [people.developer, `/catalog/${apps.published}/report`],
    [people.administrator, "/admin/reports"],
    [people.administrator, "/admin/people?search=exa"],
    [people.administrator, "/admin/people?search=nobody"],
    [people.administrator, "/admin/reports?state=closed"],
    [people.administrator, "/admin/categories"],
    [null, `/catalog/publishers/${organisation}`],
    [busy, `/catalog/publishers/${many}`],
    ...["newest", "updated", "installs"].flatMap((sort) => [
      [null, `/catalog?sort=${sort}`] as const,
      [busy, `/catalog?sort=${sort}`] as const,
      [busy, `/catalog/categories/tools?sort=${sort}`] as const,
      [busy, `/catalog/publishers/${many}?sort=${sort}`] as const,
      [busy, `/catalog/collections/c-1?sort=${sort}`] as const,
    ]),
    [null, "/catalog/collections"],
    [busy, "/catalog/collections"],
    [busy, "/catalog/collections/c-1"],
    [people.administrator, "/admin/collections"],
    [people.administrator, "/admin/collections/c-1?q=app"],
    [null, `/catalog/${apps.published}`],
    ...["", "&state=published", "&organisation=Man", "&organisation=M&state=in_review"].flatMap((narrowed) =>
      ["name", "newest", "id"].flatMap((sort) => [
        [people.administrator, `/apps?sort=${sort}${narrowed}`] as const,
        [busy, `/apps?sort=${sort}${narrowed}`] as const,
      ]),
    ),
    [people.administrator, "/apps?search=app&state=in_review"],
    [busy, "/apps?search=app1&organisation=Man"],
    [busy, "/dashboard"],
    [people.developer, "/dashboard"],
    [people.reviewer, "/dashboard"],
    [people.developer, `/apps/${apps.published}`],
    [people.developer, version],
    [people.developer, `${version}/withdraw`],
    [people.developer, `/apps/${apps.empty}/delete`],
    [people.developer, `/apps/${apps.published}/upload`],
    [people.reviewer, "/review"],
    [people.reviewer, `/review/${versions.waiting}`],
    [people.administrator, "/admin/jobs"],
    [people.administrator, "/admin/log"],
    [people.administrator, "/admin/storage"],
    [people.auditor, "/admin/audit"],
    [people.auditor, `/admin/audit?q=${apps.published}`],
    [people.developer, `/organisations/${organisation}/audit`],
    [people.administrator, "/admin/jobs?show=active"],
  ];
}

const SCAN = new RegExp(`^SCAN (?:${GROWING.join("|")})\\b`);
/** An index that is used for its order alone, without a place to begin at. */
const WALK = /^SEARCH \S+ USING (?:COVERING )?INDEX \S+$/;

/** Steps of a plan that read all of a growing table. */
function badSteps(sql: string): string[] {
  const statement = portal.store.db.raw.prepare<{ detail: string }, []>(`EXPLAIN QUERY PLAN ${sql}`);
  try {
    const details = statement.all().map(({ detail }) => detail);
    return details.filter((detail) => SCAN.test(detail) || WALK.test(detail));
  } finally {
    statement.finalize();
  }
}

test("no page reads all of a table that grows", async () => {
  const { raw } = portal.store.db;
  const asked = new Set<string>();
  const { prepare } = raw;
  raw.prepare = ((sql: string, ...rest: unknown[]) => {
    asked.add(sql);
    return Reflect.apply(prepare, raw, [sql, ...rest]);
  }) as typeof raw.prepare;
  try {
    for (const [who, path] of pages()) {
      const response = await get(who, path);
      expect([path, response.status]).toEqual([path, 200]);
      const next = /href="([^"]*[?&;]cursor=[^"]*)"/
        .exec(await response.text())?.[1]
        ?.replaceAll("&amp;", "&");
      if (next !== undefined) {
        const second = await get(who, next);
        expect([next, second.status]).toEqual([next, 200]);
        expect(await second.text()).toContain("pager");
      }
    }
  } finally {
    raw.prepare = prepare;
  }
  const about = [...asked].filter(
    (sql) => /^\s*select/i.test(sql) && /"(?:apps|versions|app_audiences)"/.test(sql),
  );
  expect(about.length).toBeGreaterThan(10);
  const bad = about.flatMap((sql) =>
    badSteps(sql).map((step) => `${step}: ${sql.slice(sql.indexOf(" from "))}`),
  );
  expect(bad).toEqual([]);
  // The check itself: a query without an index is found.
  expect(badSteps("SELECT * FROM versions WHERE notes = 'x'")).toHaveLength(1);
});

test("with ten thousand apps and five thousand in review, a page of a list asks once for all rows that it shows, and no more", async () => {
  const { people } = sample;
  // However many rows it shows, what is said of each is asked for of all at once; who opened a page is asked for, too.
  const { raw } = portal.store.db;
  const { prepare } = raw;
  for (const [who, path, most] of [
    [busy, "/dashboard", 40],
    [people.reviewer, "/dashboard", 40],
    [people.reviewer, "/apps?state=in_review&sort=newest", 40],
    [busy, "/apps?search=app", 40],
    [people.reviewer, "/review", 40],
    [null, "/", 40],
    [busy, "/", 40],
    [busy, "/catalog", 40],
    [busy, "/catalog/categories/tools", 40],
    [busy, `/catalog/publishers/${many}`, 40],
    [busy, "/catalog?sort=newest", 40],
    [busy, "/catalog/categories/tools?sort=updated", 40],
    [busy, `/catalog/publishers/${many}?sort=installs`, 40],
    [null, "/catalog/collections", 40],
    [busy, "/catalog/collections/c-1", 40],
    [busy, "/catalog/collections/c-1?sort=newest", 40],
    [people.administrator, "/admin/collections/c-1", 40],
  ] as const) {
    let asked = 0;
    raw.prepare = ((sql: string, ...rest: unknown[]) => {
      asked += 1;
      return Reflect.apply(prepare, raw, [sql, ...rest]);
    }) as typeof raw.prepare;
    try {
      expect((await get(who, path)).status).toBe(200);
    } finally {
      raw.prepare = prepare;
    }
    expect([path, asked <= most]).toEqual([path, true]);
  }
});

test("a part of an app's page asks for what it shows, and for nothing that another part does", async () => {
  const { people, apps } = sample;
  const { raw } = portal.store.db;
  const { prepare } = raw;
  const OF_PART = {
    versions: 'from "findings"',
    listing: 'select "chosen_category" from "apps"',
    access: '"left_at" from "app_audiences"',
    team: 'from "memberships" inner join "accounts"',
    keys: '"store_statement"',
  } as const;
  const askedBy = async (part: string) => {
    const asked: string[] = [];
    raw.prepare = ((sql: string, ...rest: unknown[]) => {
      asked.push(sql);
      return Reflect.apply(prepare, raw, [sql, ...rest]);
    }) as typeof raw.prepare;
    try {
      const below = part === "access" ? "/visibility" : `?part=${part}`;
      const response = await get(people.developer, `/apps/${apps.published}${below}`);
      expect(await response.text()).toContain(`${below}" aria-current="page"`);
    } finally {
      raw.prepare = prepare;
    }
    return asked.join("\n");
  };
  for (const part of ["versions", "listing", "access", "team", "keys"] as const) {
    const asked = await askedBy(part);
    const others = Object.entries(OF_PART).flatMap(([other, sql]) => (asked.includes(sql) ? other : []));
    expect(others).toEqual([part]);
  }
});
