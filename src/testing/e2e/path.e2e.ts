/** The whole path with the built executable: from a folder of Lua to an app on a device's disk. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, mkdtempSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { workspace } from "../binary.ts";
import {
  catalogueIsOut,
  type Developer,
  newDeveloper,
  newPerson,
  type ServedStore,
  serveStore,
} from "../served-store.ts";
import { differences, type Release, readTree, writeReleases } from "./sources.ts";

const { folder, binary, remove } = workspace();
const home = join(folder, "device");
let store: ServedStore;
let developer: Developer;
let releases: readonly Release[];

beforeAll(async () => {
  releases = await writeReleases(join(folder, "apps"));
  store = await serveStore({ binary, folder });
  await newPerson(store, { email: "reviewer@example.com", name: "Robin Reviewer", role: "reviewer" });
  developer = await newDeveloper(store, "Example Apps");
  await store.must(["device", "init", store.url, "--root-sha256", store.rootSha256, "--home", home]);
}, 60_000);

afterAll(async () => {
  await store?.stop().catch(() => {});
  remove();
});

function release(name: string): Release {
  const found = releases.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`there is no release ${name}`);
  return found;
}

function installed(id: string): string {
  return join(home, "apps", id, "current");
}

async function isAsPacked(name: string): Promise<void> {
  const { id, folder: source, versionCode } = release(name);
  expect(differences(source, installed(id))).toEqual([]);
  const { apps } = await store.must<{ apps: { id: string; versionCode: number; state: string }[] }>([
    ...["device", "list", "--home", home],
  ]);
  expect(apps.find((app) => app.id === id)).toMatchObject({ versionCode, state: "ready" });
}

/** Each step by its command, as people type them. */
async function takeAllTheWay({ name, id, versionCode, notes, folder: source }: Release): Promise<unknown> {
  const at = ["--data", store.dataDir];
  const file = join(folder, `${name}.mosis`);
  const packed = await store.must(["pack", source, "-o", file]);
  expect(packed).toMatchObject({ id, versionCode });
  const { keyFile, certFile, caFile } = developer;
  await store.must(["sign", file, "--key", keyFile, "--cert", certFile]);
  expect(await store.must(["verify", file, "--ca", caFile])).toMatchObject({ ok: true, kind: "signed" });
  const submitted = await store.must(["submit", file, "--notes", notes], developer.env);
  expect(submitted).toMatchObject({ version: { appId: id, versionCode, state: "in_review" } });
  const queue = await store.must<{ items: { version: { appId: string; versionCode: number } }[] }>([
    ...["admin", "review", "list", ...at],
  ]);
  expect(queue.items.map((item) => item.version)).toMatchObject([{ appId: id, versionCode }]);
  expect(await store.must(["admin", "review", "approve", id, String(versionCode), ...at])).toMatchObject({
    state: "published",
  });
  const status = await store.must<{ versions: unknown[] }>(["status", id], developer.env);
  expect(status.versions[0]).toMatchObject({ versionCode, state: "published" });
  await catalogueIsOut(store);
  return store.must(["device", "install", id, "--home", home]);
}

/** What is installed verifies on the device, and the store's rows, files and signed catalogue agree. */
async function isWhole(): Promise<void> {
  await store.must(["device", "verify", "--home", home]);
  const answer = await store.must(["admin", "reconcile", "--data", store.dataDir]);
  expect(answer).toEqual({ discrepancies: [] });
}

describe("from a folder to a device's disk", () => {
  for (const name of ["notes", "weather", "mesecons"]) {
    test(`${name} arrives with the very bytes of its folder`, async () => {
      expect(await takeAllTheWay(release(name))).toMatchObject({ action: "installed" });
      await isAsPacked(name);
      await isWhole();
    }, 60_000);
  }

  test("calculator arrives, is updated, goes back, and is updated again only by its name", async () => {
    const { id } = release("calculator");
    expect(await takeAllTheWay(release("calculator"))).toMatchObject({ action: "installed" });
    await isAsPacked("calculator");
    expect(await takeAllTheWay(release("calculator-2"))).toMatchObject({
      action: "updated",
      previousVersionCode: 1,
    });
    await isAsPacked("calculator-2");
    const back = await store.must(["device", "rollback", id, "--home", home]);
    expect(back).toMatchObject({ action: "rolled-back", versionCode: 1 });
    await isAsPacked("calculator");
    await store.must(["device", "update", "--home", home]);
    await isAsPacked("calculator");
    await store.must(["device", "update", id, "--home", home]);
    await isAsPacked("calculator-2");
    const found = await store.must<{ apps: { id: string }[] }>([
      ...["device", "search", "calculator", "--home", home],
    ]);
    expect(found.apps.map((app) => app.id)).toEqual([id]);
    await isWhole();
  }, 60_000);
});

test("mesecons is real: Lua by the thousand lines, textures, sounds and models", () => {
  const files = [...readTree(release("mesecons").folder)];
  const ending = (end: string) => files.filter(([path]) => path.endsWith(end));
  const lines = ending(".lua").flatMap(([, bytes]) => bytes.toString().split("\n"));
  expect(lines.length).toBeGreaterThan(5000);
  expect(ending(".png").length).toBeGreaterThan(200);
  expect(ending(".ogg").length).toBeGreaterThan(20);
});

test("the same folder gives the same package elsewhere and at another time", async () => {
  const source = release("mesecons").folder;
  const copy = join(mkdtempSync(join(folder, "copy-")), "elsewhere");
  cpSync(source, copy, { recursive: true });
  for (const path of readTree(copy).keys()) utimesSync(join(copy, path), 1, 1);
  const [one, two] = [join(folder, "one.mosis"), join(folder, "two.mosis")];
  await store.must(["pack", source, "-o", one]);
  await store.must(["pack", copy, "-o", two], { TZ: "Asia/Kathmandu", LANG: "de_DE.UTF-8" });
  expect(readFileSync(two).equals(readFileSync(one))).toBe(true);
});

test("a second server on the same folder is refused, and the first goes on", async () => {
  const second = await store.mosis(["serve", "--data", store.dataDir, "--port", "0"]);
  expect(second.code).not.toBe(0);
  expect(second.json).toMatchObject({ error: { code: "store.locked" } });
  expect((await fetch(`${store.url}/healthz`)).status).toBe(200);
});
