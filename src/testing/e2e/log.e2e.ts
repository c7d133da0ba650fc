/** The log with the built executable: what is proved, and what happens when a tile, a table or the whole past is changed. */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workspace } from "../binary.ts";
import {
  type Answer,
  catalogueIsOut,
  type Developer,
  newDeveloper,
  packSigned,
  type ServedStore,
  serveStore,
} from "../served-store.ts";
import { writeReleases } from "./sources.ts";

const ID = "com.example.logged";

const { folder, binary, remove } = workspace();
let store: ServedStore;
let fork: ServedStore | undefined;
let developer: Developer;
let notes: string;
let home: string;
let count = 0;

beforeAll(async () => {
  const releases = await writeReleases(join(folder, "apps"));
  notes = releases.find(({ name }) => name === "notes")?.folder ?? "";
  store = await serveStore({ binary, folder });
  developer = await newDeveloper(store, "Example Apps");
  home = join(folder, "device");
  await store.must(["device", "init", store.url, "--root-sha256", store.rootSha256, "--home", home]);
}, 60_000);

afterAll(async () => {
  await store?.stop().catch(() => {});
  await fork?.stop().catch(() => {});
  remove();
});

async function signed(versionCode: number): Promise<string> {
  count += 1;
  const source = join(folder, `source-${count}`);
  cpSync(notes, source, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(source, "manifest.json"), "utf8"));
  const version = `${versionCode}.0.${count}`;
  writeFileSync(join(source, "manifest.json"), JSON.stringify({ ...manifest, id: ID, version, versionCode }));
  return packSigned(store, developer, source, `${source}.mosis`);
}

const approve = (at: ServedStore, versionCode: number): Promise<Answer> =>
  at.mosis(["admin", "review", "approve", ID, String(versionCode), "--data", at.dataDir]);

/** Publishes a version, and gives the released file. */
async function publish(at: ServedStore, versionCode: number): Promise<string> {
  const env = { ...developer.env, MOSIS_STORE: at.url };
  expect(await at.mosis(["submit", await signed(versionCode), "--notes", "A test."], env)).toMatchObject({
    code: 0,
  });
  expect(await approve(at, versionCode)).toMatchObject({ code: 0, json: { state: "published" } });
  await catalogueIsOut(at);
  const database = new Database(join(at.dataDir, "mosis.db"), { readonly: true });
  try {
    const row = database
      .query<{ sha: string }, [string, number]>(
        "SELECT released_sha256 AS sha FROM versions WHERE app_id = ? AND version_code = ?",
      )
      .get(ID, versionCode);
    return join(at.dataDir, "blobs/store/v1/packages", `${row?.sha}.mosis`);
  } finally {
    database.close();
  }
}

const byAddress = () => ["--store", store.url, "--root-sha256", store.rootSha256];
const verify = (file: string, ...whose: string[]) => store.mosis(["verify", file, "--log", ...whose]);

test("proves what was published, refuses the rest, and tells of every change", async () => {
  const first = await publish(store, 1);
  // What an old backup holds: everything up to here.
  const forkFolder = join(folder, "fork");
  mkdirSync(forkFolder);
  await store.stop();
  cpSync(store.dataDir, join(forkFolder, "data"), { recursive: true });
  await store.start();
  const second = await publish(store, 2);

  for (const file of [first, second])
    for (const whose of [byAddress(), ["--home", home]]) {
      const answer = await verify(file, ...whose);
      expect(answer).toMatchObject({ code: 0, json: { ok: true, log: { verdict: "ok", findings: [] } } });
    }
  expect(await store.mosis(["device", "install", ID, "--home", home])).toMatchObject({ code: 0 });

  const unreleased = await verify(await signed(3), ...byAddress());
  expect(unreleased).toMatchObject({
    code: 1,
    json: { ok: false, log: { verdict: "failed", findings: [{ code: "log.not_released" }] } },
  });
  expect(await verify(first)).toMatchObject({ code: 2, json: { error: { code: "verify.log_store" } } });

  // A tile with one bit changed, on the disk of whoever serves it.
  const size = (await verify(second, ...byAddress())).json as { log: { head: { size: number } } };
  const tile = join(store.dataDir, `blobs/store/v1/log/tile/0/000.p/${size.log.head.size}`);
  const honest = readFileSync(tile);
  const changed = Buffer.from(honest);
  changed[7] = (changed[7] ?? 0) ^ 1;
  writeFileSync(tile, changed);
  expect(await verify(second, ...byAddress())).toMatchObject({
    code: 1,
    json: {
      ok: false,
      log: { findings: [{ code: "log.approval_missing" }, { code: "log.publication_missing" }] },
    },
  });
  writeFileSync(tile, honest.subarray(0, -1));
  expect(await verify(second, ...byAddress())).toMatchObject({
    code: 1,
    json: { error: { code: "log.tile_malformed" } },
  });
  writeFileSync(tile, honest);
  expect(await verify(second, ...byAddress())).toMatchObject({ code: 0 });

  // The backup is started and goes its own way: a newer catalogue by every version, and another past.
  fork = await serveStore({ binary, folder: forkFolder });
  for (const versionCode of [5, 6, 7]) await publish(fork, versionCode);
  const moved = await store.mosis([
    "device",
    "init",
    fork.url,
    "--root-sha256",
    fork.rootSha256,
    "--home",
    home,
  ]);
  expect(moved).toMatchObject({ code: 1, json: { error: { code: "device.log_forked" } } });
  // Whoever never saw the other past cannot tell; the honest store is followed as before.
  const fresh = join(folder, "fresh");
  await fork.must(["device", "init", fork.url, "--root-sha256", fork.rootSha256, "--home", fresh]);
  expect(await store.mosis(["device", "update", "--home", home])).toMatchObject({ code: 0 });

  // Entries are cut off in the database itself.
  await store.stop();
  const database = new Database(join(store.dataDir, "mosis.db"));
  database.run("DROP TRIGGER log_leaves_kept");
  database.run("DELETE FROM log_leaves WHERE position = (SELECT max(position) FROM log_leaves)");
  database.close();
  await store.start();
  const told = await store.mosis(["admin", "reconcile", "--data", store.dataDir]);
  expect(told).toMatchObject({ code: 1 });
  expect(
    (told.json as { discrepancies: { kind: string }[] }).discrepancies.map(({ kind }) => kind),
  ).toContain("log");
  const env = { ...developer.env, MOSIS_STORE: store.url };
  expect(await store.mosis(["submit", await signed(9), "--notes", "A test."], env)).toMatchObject({
    code: 0,
  });
  expect(await approve(store, 9)).toMatchObject({ json: { error: { code: "log.damaged" } } });
  // What was signed before is served as it was.
  expect(await store.mosis(["device", "update", "--home", home])).toMatchObject({ code: 0 });
}, 300_000);
