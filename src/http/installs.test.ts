/** What counts as an install: that a device has the last byte of a release, once, whatever it took to get there. */
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { type Actor, ANONYMOUS } from "../accounts/actor.ts";
import {
  countFetch,
  FILES_AT_ONCE,
  FLUSH_MS,
  flushFetches,
  forgetOldFetches,
  KEPT_DAYS,
  MOST_FILES,
} from "../catalog/installs/count.ts";
import { mostInstalled } from "../catalog/installs/most.ts";
import { selectFetches } from "../catalog/installs/records.ts";
import { write } from "../db/database.ts";
import type { AppId, Sha256 } from "../ids.ts";
import { type Portal, startPortal } from "../testing/portal.ts";
import { queryPlans, slowPlans } from "../testing/query-plans.ts";
import { publishShownApps, SHOWN, type ShownApps, showTo, versionRow } from "../testing/shown-apps.ts";

setDefaultTimeout(60_000);

let portal: Portal;
let world: ShownApps;
beforeAll(async () => {
  portal = await startPortal();
  world = await publishShownApps(portal);
});
afterAll(() => portal.close());
beforeEach(async () => {
  await flushFetches(portal.store);
  portal.store.db.raw.run("DELETE FROM app_fetches");
  portal.store.db.raw.run("UPDATE apps SET installs = 0");
  portal.store.db.raw.run("UPDATE app_audiences SET installs = 0");
});

const WHOLE = { sizeBytes: 1, sentBytes: 1, hasEnd: true };
const released = (kind: keyof ShownApps["versions"]) =>
  versionRow(portal.store, world.versions[kind]).releasedSha256 ?? "";
const publicFile = () => `/store/v1/packages/${released("public")}.mosis`;
const countsOf = (id: AppId) =>
  selectFetches(portal.store.db.orm, id, 0).map(({ whole, updates }) => [whole, updates]);
const counted = (id: AppId = SHOWN.public.id) => {
  // So few are written before it gives a promise.
  void flushFetches(portal.store);
  return countsOf(id);
};

async function get(path: string, headers: Record<string, string> = {}, method = "GET") {
  const answer = await fetch(portal.url + path, { method, headers });
  return {
    status: answer.status,
    size: (await answer.bytes()).length,
    etag: answer.headers.get("etag") ?? "",
  };
}

test("a whole package is one, and nothing is written before the minute is over", async () => {
  const { size, etag } = await get(publicFile());
  expect(countsOf(SHOWN.public.id)).toEqual([]);
  expect(counted()).toEqual([[1, 0]]);
  expect(counted()).toEqual([[1, 0]]);
  expect(size).toBe(versionRow(portal.store, world.versions.public).releasedSizeBytes ?? 0);

  for (const [headers, method, status] of [
    [{}, "HEAD", 200],
    [{ "If-None-Match": etag }, "GET", 304],
    [{ Range: `bytes=${size}-` }, "GET", 416],
    [{ Range: "bytes=0-9" }, "GET", 206],
    [{ Range: `bytes=0-${size - 2}` }, "GET", 206],
  ] as const)
    expect([method, (await get(publicFile(), headers, method)).status]).toEqual([method, status]);
  expect(counted()).toEqual([[1, 0]]);
});

test("in however many ranges it comes, it is one", async () => {
  const { size } = await get(publicFile(), {}, "HEAD").then(() => get(publicFile()));
  expect(counted()).toEqual([[1, 0]]);
  const step = Math.ceil(size / 4);
  for (let from = 0; from < size; from += step)
    expect((await get(publicFile(), { Range: `bytes=${from}-${from + step - 1}` })).status).toBe(206);
  expect(counted()).toEqual([[2, 0]]);
  // One that was cut goes on where it was.
  await get(publicFile(), { Range: `bytes=${step}-` });
  expect(counted()).toEqual([[3, 0]]);
});

test("its last byte, asked for over and over, is no more of it than was sent", async () => {
  const first = await get(publicFile());
  for (let n = 0; n < 40; n += 1) expect((await get(publicFile(), { Range: "bytes=-1" })).size).toBe(1);
  expect(first.size).toBeGreaterThan(40);
  expect(counted()).toEqual([[2, 0]]);
  // Nor is it more when the whole is asked for besides, and cut off.
  for (let n = 0; n < 3; n += 1) {
    countFetch(portal.store, publicFile().slice(1), { sizeBytes: 100, sentBytes: 100, hasEnd: true })();
    countFetch(portal.store, publicFile().slice(1), { sizeBytes: 100, sentBytes: 1, hasEnd: true });
  }
  expect(counted()).toEqual([[3, 0]]);
  // The end of what began in a minute that was written already is a whole one.
  await get(publicFile(), { Range: `bytes=${first.size - 10}-` });
  expect(counted()).toEqual([[4, 0]]);
});

test("one that is cut off is none", async () => {
  const key = `store/v1/packages/${"c".repeat(64)}.mosis`;
  const bytes = new Uint8Array(32 * 2 ** 20);
  await portal.store.blobs.put(key, bytes);
  const sha256 = "c".repeat(64);
  const was = released("public");
  portal.store.db.raw.run("UPDATE versions SET released_sha256 = ? WHERE id = ?", [
    sha256,
    world.versions.public,
  ]);
  try {
    const abort = new AbortController();
    const answer = await fetch(`${portal.url}/${key}`, { signal: abort.signal });
    await answer.body?.getReader().read();
    abort.abort();
    // It ends when it has nothing to answer any more.
    const begin = await portal.interrupt();
    begin();
    expect(counted()).toEqual([]);
    expect((await get(`/${key}`)).size).toBe(bytes.length);
    expect(counted()).toEqual([[1, 0]]);
  } finally {
    portal.store.db.raw.run("UPDATE versions SET released_sha256 = ? WHERE id = ?", [
      was,
      world.versions.public,
    ]);
    await portal.store.blobs.remove(key);
  }
});

test("one more file than a minute has room for is not counted, and its answer takes nothing back", async () => {
  const file = (at: number) => `packages/${at.toString(16).padStart(64, "0")}.mosis`;
  for (let at = 1; at < MOST_FILES; at += 1) countFetch(portal.store, file(at), WHOLE);
  countFetch(portal.store, file(0), WHOLE);
  const key = `packages/${released("public")}.mosis`;
  const takeBack = countFetch(portal.store, key, WHOLE);
  await flushFetches(portal.store);
  expect(counted()).toEqual([]);
  countFetch(portal.store, key, WHOLE);
  takeBack();
  expect(counted()).toEqual([[1, 0]]);
});

test("containers count as what they are, other files and people's downloads as nothing", async () => {
  const { store } = portal;
  const add = (sha256: string, base: string) => {
    store.db.raw.run(
      "INSERT INTO deltas (version_id, base, sha256, size_bytes, made_at) VALUES (?, ?, ?, 1, 0)",
      [world.versions.public, base, sha256],
    );
    countFetch(store, `deltas/${sha256}.mosisd`, WHOLE);
  };
  add("a".repeat(64), "b".repeat(64));
  expect(counted()).toEqual([[0, 1]]);
  countFetch(store, `deltas/${"e".repeat(64)}.mosisd`, WHOLE);
  countFetch(store, "store/v1/metadata/timestamp.json", WHOLE);
  await get("/store/v1/metadata/timestamp.json");
  await get(`/catalog/${SHOWN.public.id}/versions/1/package`);
  expect(counted()).toEqual([[0, 1]]);
});

test("of a private app those count that may have it, and others are told nothing", async () => {
  const file = `/store/v1/audiences/${world.group}/packages/${released("group")}.mosis`;
  const { token } = world.askers.insideDevice;
  expect((await get(file)).status).toBe(401);
  expect(counted(SHOWN.group.id)).toEqual([]);
  expect((await get(file, { Authorization: `Bearer ${token}` })).status).toBe(200);
  await get(publicFile());
  await get(publicFile());
  await flushFetches(portal.store);
  const most = (actor: Actor | undefined) =>
    mostInstalled(portal.store, actor ?? ANONYMOUS, 9).map(({ id, installs }) => [id, installs]);
  expect(most(undefined)).toEqual([[SHOWN.public.id, 2]]);
  expect(most(world.askers.member.person?.actor)).toEqual([
    [SHOWN.public.id, 2],
    [SHOWN.group.id, 1],
  ]);
  const page = await fetch(`${portal.url}/`).then((answer) => answer.text());
  expect(page).toContain("2 installs");
  expect(page).not.toContain(SHOWN.group.name);

  // Whoever may see it from now on sees what was counted before. What is left to do changes what a move would do.
  await portal.scheduler.drain();
  await showTo(portal.store, SHOWN.group.id, { visibility: "everyone" });
  expect(most(undefined)).toEqual([
    [SHOWN.public.id, 2],
    [SHOWN.group.id, 1],
  ]);
  await portal.scheduler.drain();
  await showTo(portal.store, SHOWN.group.id, { visibility: "groups", groups: [world.group] });
  expect(most(undefined)).toEqual([[SHOWN.public.id, 2]]);
});

test("the server writes what is left when it stops, and old days go", async () => {
  const other = await startPortal();
  const apps = await publishShownApps(other);
  const { store } = other;
  const sha256 = versionRow(store, apps.versions.public).releasedSha256 as Sha256;
  await fetch(`${other.url}/store/v1/packages/${sha256}.mosis`).then((answer) => answer.bytes());
  const flushed: unknown[] = [];
  const { orm } = store.db;
  const { close } = store.db.raw;
  store.db.raw.close = (...rest) => {
    flushed.push(selectFetches(orm, SHOWN.public.id, 0).map(({ whole }) => whole));
    Reflect.apply(close, store.db.raw, rest);
  };
  write(store.db, (tx) => {
    for (const day of [10, Math.floor(Date.now() / 86_400_000) - KEPT_DAYS])
      tx.run(`INSERT INTO app_fetches VALUES ('${SHOWN.public.id}', ${day}, 7, 0)`);
  });
  forgetOldFetches(store);
  await other.close();
  expect(flushed[0]).toEqual([7, 1]);
  expect(FLUSH_MS).toBe(60_000);
});

test("many files are written in pieces, and what one of them could not write is written later, once", async () => {
  const { store } = portal;
  const { raw } = store.db;
  // Each piece has its own file first: what is of nobody fills it, and is forgotten with it.
  const unknown = (n: number) =>
    countFetch(store, `store/v1/packages/${n.toString(16).padStart(64, "0")}.mosis`, WHOLE);
  const own = (kind: keyof ShownApps["versions"]) =>
    countFetch(store, `store/v1/packages/${released(kind)}.mosis`, WHOLE);
  own("public");
  for (let n = 0; n < FILES_AT_ONCE; n += 1) unknown(n);
  own("group");
  let pieces = 0;
  const { transaction } = store.db.orm;
  store.db.orm.transaction = ((...all: Parameters<typeof transaction>) => {
    pieces += 1;
    return transaction.apply(store.db.orm, all);
  }) as typeof transaction;
  raw.run(
    `CREATE TEMP TRIGGER refused BEFORE INSERT ON app_fetches WHEN new.app_id = '${SHOWN.group.id}' BEGIN SELECT RAISE(ABORT, 'no room'); END`,
  );
  try {
    await expect(flushFetches(store)).rejects.toThrow("no room");
    expect([pieces, countsOf(SHOWN.public.id), countsOf(SHOWN.group.id)]).toEqual([2, [[1, 0]], []]);
    raw.run("DROP TRIGGER refused");
    await flushFetches(store);
    await flushFetches(store);
  } finally {
    store.db.orm.transaction = transaction;
    raw.run("DROP TRIGGER IF EXISTS refused");
  }
  expect([pieces, countsOf(SHOWN.public.id), countsOf(SHOWN.group.id)]).toEqual([3, [[1, 0]], [[1, 0]]]);
});

test("no statement reads a table that grows", () => {
  const { store } = portal;
  const plans = queryPlans(store.db, () => {
    mostInstalled(store, ANONYMOUS, 8);
    countFetch(store, publicFile(), WHOLE);
    void flushFetches(store);
    selectFetches(store.db.orm, SHOWN.public.id, 20_000);
    forgetOldFetches(store);
  });
  expect(plans.length).toBeGreaterThan(5);
  expect(slowPlans(plans).filter((step) => !/ "(?:categories|category_aliases)"/.test(step))).toEqual([]);
});
