/** What the dashboard counts and looks for, among more apps, versions and offers than anybody looks at one by one. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type AccountActor, OPERATOR } from "../accounts/actor.ts";
import { createOrganisation } from "../accounts/organisations.ts";
import type { AppId, OrganisationId, VersionCode } from "../ids.ts";
import { insertPublished } from "../testing/many-apps.ts";
import { newOwner } from "../testing/publishing.ts";
import { queryPlans, slowPlans } from "../testing/query-plans.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { listApps } from "./app-list/list.ts";
import { listDeletions } from "./deletion/view.ts";
import { selectAppsWithLineage } from "./lineage.records.ts";
import { countApps, listNeeds } from "./overview.ts";
import { offersToDecide } from "./transfer/view.ts";
import { listVersions, readVersion } from "./versions.ts";

const MANY = 1100;
/** The app whose id stands last: whoever looks at the first thousand does not meet it. */
const LAST = `org.many.app${MANY - 1}` as AppId;

let store: TestStore;
let ours: OrganisationId;
let theirs: OrganisationId;
let owner: AccountActor;
let other: AccountActor;

beforeAll(async () => {
  store = await openTestStore();
  ours = createOrganisation(store, OPERATOR, { name: "Ours" }).id;
  theirs = createOrganisation(store, OPERATOR, { name: "Theirs" }).id;
  owner = await newOwner(store, ours, "owner@example.com");
  other = await newOwner(store, theirs, "other@example.com");
  const numbered = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, n) => ({
      id: `${prefix}${String(n).padStart(4, "0")}`,
      name: { en: `App ${n}` },
    }));
  await insertPublished(store, ours, numbered("org.many.app", MANY));
  await insertPublished(store, theirs, numbered("org.other.app", 3));
});
afterAll(() => store.close());

function inRollback(work: () => void): void {
  const { raw } = store.db;
  raw.run("SAVEPOINT before");
  try {
    work();
  } finally {
    raw.run("ROLLBACK TO before");
    raw.run("RELEASE before");
  }
}

const setState = (id: string, state: string, at = 1) =>
  store.db.raw
    .query("UPDATE versions SET state = ?, state_changed_at = ?, submitted_at = ? WHERE app_id = ?")
    .run(state, at, at, id);

const OTHERS = "org.other.app0000" as AppId;

describe("of more than a thousand apps", () => {
  test("the one that waits for its developer is found, wherever it stands, and the latest change is first", () =>
    inRollback(() => {
      expect(listNeeds(store, owner)).toEqual([]);
      setState(LAST, "rejected", 5);
      setState("org.many.app0001", "held", 9);
      setState(OTHERS, "failed", 7);
      expect(listNeeds(store, owner).map(({ appId, state, at }) => [appId, state, at.getTime()])).toEqual([
        ["org.many.app0001" as AppId, "held", 9],
        [LAST, "rejected", 5],
      ]);
      expect(listNeeds(store, other).map(({ appId }) => appId)).toEqual([OTHERS]);
    }));

  test("20 are told, those that changed last", () =>
    inRollback(() => {
      store.db.raw.run(
        "UPDATE versions SET state = 'failed', state_changed_at = CAST(substr(app_id, 13) AS INTEGER)",
      );
      expect(listNeeds(store, owner).map(({ appId }) => appId)).toEqual(
        Array.from({ length: 20 }, (_, n) => `org.many.app${MANY - 1 - n}` as AppId),
      );
    }));

  test("a version is counted that waits shorter than a thousand of others, and a thousand at most", () =>
    inRollback(() => {
      store.db.raw.run(
        "UPDATE versions SET state = 'in_review', submitted_at = 1 WHERE app_id LIKE 'org.many.%'",
      );
      setState(OTHERS, "in_review", 2);
      expect(countApps(store, other)).toEqual({ apps: 3, published: 3, inReview: 1 });
      expect(countApps(store, owner).inReview).toBe(1000);
    }));

  test("nothing waits of one that is being deleted, and the list of deletions has it", () =>
    inRollback(() => {
      setState(LAST, "in_review");
      setState(OTHERS, "draft");
      const { raw } = store.db;
      raw.query("UPDATE apps SET deletion_at = 9 WHERE id IN (?, ?)").run(LAST, OTHERS);
      raw.run(
        "INSERT INTO app_deletions (app_id, reason, asked_by, asked_at, ends_at, sealed) SELECT id, '', 'test', 1, 9, x'00' FROM apps WHERE deletion_at = 9",
      );
      expect(countApps(store, owner).inReview).toBe(0);
      expect(listNeeds(store, other)).toEqual([]);
      expect(listDeletions(store, owner, { limit: 5 }).items.map(({ appId }) => appId)).toEqual([LAST]);
      expect(listDeletions(store, OPERATOR, { limit: 5 }).items.map(({ appId }) => appId)).toEqual([
        LAST,
        OTHERS,
      ]);
    }));
});

type OfVersions = { id: string | null; state: string | null; at: number | null; waiting: number };

const kept = (app: string) =>
  store.db.raw
    .query<OfVersions, [string]>(
      "SELECT newest_version_id AS id, newest_state AS state, newest_state_at AS at, waiting FROM apps WHERE id = ?",
    )
    .get(app);

/** The same, told from all its versions. */
function counted(app: string): OfVersions {
  const rows = store.db.raw
    .query<{ id: string; code: number; state: string; at: number }, [string]>(
      "SELECT id, version_code AS code, state, state_changed_at AS at FROM versions WHERE app_id = ? ORDER BY id",
    )
    .all(app);
  const isRefused = (state: string) => state === "failed" || state === "rejected";
  const live = rows
    .filter(({ state }) => !isRefused(state) && state !== "withdrawn")
    .sort((a, b) => b.code - a.code)[0];
  const refused = rows.findLast(
    (row) => isRefused(row.state) && (live === undefined || (row.id > live.id && row.code > live.code)),
  );
  const newest = refused ?? live ?? rows.at(-1);
  const waiting = rows.filter(({ state }) => state === "in_review").length;
  return { id: newest?.id ?? null, state: newest?.state ?? null, at: newest?.at ?? null, waiting };
}

test("what an app says of its versions follows them through uploads, changes and deletions", () =>
  inRollback(() => {
    const { raw } = store.db;
    const states = ["checking", "failed", "draft", "in_review", "rejected", "published", "withdrawn"];
    const steps: (() => void)[] = [];
    for (let step = 0; step < 60; step += 1) {
      const state = states[(step * 5) % states.length] ?? "";
      const app = `org.other.app000${step % 3}`;
      const id = `ver-${String((step * 7) % 20).padStart(32, "0")}`;
      steps.push(
        () =>
          raw
            .query(
              `INSERT OR IGNORE INTO versions (id, app_id, version_code, version, state, state_changed_at, upload_sha256, upload_size_bytes,
                 notes, hold, uploaded_by, created_at, revision)
               SELECT ?, app_id, ?, version, 'withdrawn', ?, upload_sha256, 1, '', 0, 'test', 1, 1 FROM versions WHERE app_id = ? LIMIT 1`,
            )
            .run(id, step + 2, step, app),
        () =>
          raw.query("UPDATE versions SET state = ?, state_changed_at = ? WHERE id = ?").run(state, step, id),
        () => step % 4 === 3 && raw.query("DELETE FROM versions WHERE id = ?").run(id),
      );
    }
    let waited = 0;
    for (const step of steps) {
      step();
      for (const app of ["org.other.app0000", "org.other.app0001", "org.other.app0002"]) {
        expect(kept(app)).toEqual(counted(app));
      }
      waited = Math.max(waited, countApps(store, other).inReview);
    }
    expect(waited).toBeGreaterThan(1);
  }));

test("an open offer is told however many later ones are over, and the first to end is first", () =>
  inRollback(() => {
    const { raw } = store.db;
    const offer = raw.query(
      `INSERT INTO app_transfers (id, app_id, from_organisation_id, to_organisation_id, named, reason, state, offered_by, offered_at, expires_at, offered_with, sealed)
       VALUES (?, ?, ?, ?, 'Theirs', '', ?, 'test', 1, ?, '{}', x'00')`,
    );
    const later = store.clock.now().getTime() + 1000;
    const put = (n: number, state: string, expiresAt: number) =>
      offer.run(
        `trf-${n.toString().padStart(32, "0")}`,
        `org.many.app${String(n).padStart(4, "0")}`,
        ours,
        theirs,
        state,
        expiresAt,
      );
    put(0, "open", later + 2);
    put(1, "open", later + 1);
    put(2, "open", later - 1000);
    for (let n = 3; n < 150; n += 1) put(n, "declined", later);
    const told = offersToDecide(store, other, 20);
    expect(told.map(({ appName }) => appName)).toEqual(["App 1", "App 0"]);
    expect(offersToDecide(store, other, 1)).toHaveLength(1);
    expect(offersToDecide(store, owner, 20)).toEqual([]);
  }));

test("lists of apps and versions read no release notes in other languages, one version does", () => {
  const read = (work: () => unknown) =>
    queryPlans(store.db, work).filter(({ sql }) => sql.includes("version_notes")).length;
  expect(read(() => listApps(store, owner, { limit: 20 }))).toBe(0);
  expect(read(() => listVersions(store, owner, LAST, { limit: 20 }))).toBe(0);
  expect(read(() => readVersion(store, owner, LAST, 1 as VersionCode))).toBe(1);
});

test("each is found by an index that has nothing else", () => {
  const plans = queryPlans(store.db, () => {
    setState(OTHERS, "draft");
    countApps(store, other);
    listNeeds(store, other);
    listDeletions(store, other, { limit: 5 });
    offersToDecide(store, other, 20);
    selectAppsWithLineage(store.db.orm, theirs, 9);
    setState(OTHERS, "published");
  });
  // What is counted no further than to a thousand is a table of its own to SQLite, and has no more rows.
  expect(slowPlans(plans).filter((step) => !step.startsWith("SCAN some "))).toEqual([]);
  const steps = plans.flatMap((plan) => plan.steps).join("\n");
  for (const index of [
    "apps_waiting_for_review (organisation_id=?)",
    "apps_waiting_for_developers (organisation_id=?)",
    "apps_deletion (organisation_id=? AND id>?)",
    "apps_with_lineage (organisation_id=?)",
    "app_transfers_open_to (to_organisation_id=? AND expires_at>?)",
  ])
    expect(steps).toContain(index);
});
