/**
 * Updates with the built executable: by the least of what the store offers, and by the next larger one when that is not
 * what was signed. Whatever the way, the device has the very files of the released package.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { noise } from "../../../bench/large-app.ts";
import { parseAppIndex } from "../../catalog/tuf/documents.ts";
import { bytesSource } from "../../format/source.ts";
import { readEntryBytes } from "../../format/zip/entry.ts";
import { openContainer } from "../../format/zip/reader.ts";
import { workspace } from "../binary.ts";
import {
  catalogueIsOut,
  type Developer,
  newDeveloper,
  packSigned,
  type ServedStore,
  serveStore,
} from "../served-store.ts";
import { readTree, writeReleases } from "./sources.ts";

const { folder, binary, remove } = workspace();
const APP = "com.example.deltas";
let store: ServedStore;
let developer: Developer;
let sample: string;

beforeAll(async () => {
  const releases = await writeReleases(join(folder, "apps"));
  sample = releases.find(({ name }) => name === "notes")?.folder ?? "";
  store = await serveStore({ binary, folder });
  developer = await newDeveloper(store, "Example Apps");
}, 60_000);

afterAll(async () => {
  await store?.stop().catch(() => {});
  remove();
});

/** Text that a compact container makes smaller than a package does: blocks of it come again, too far apart for a ZIP. */
function longText(versionCode: number): string {
  const block = Buffer.from(noise("text", 60_000)).toString("base64");
  return `-- ${versionCode}\nreturn [[${block}${block}]]\n`;
}

async function publish(versionCode: number): Promise<void> {
  const source = join(folder, `source-${versionCode}`);
  cpSync(sample, source, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(source, "manifest.json"), "utf8"));
  const version = `${versionCode}.0.0`;
  writeFileSync(
    join(source, "manifest.json"),
    JSON.stringify({ ...manifest, id: APP, version, versionCode }),
  );
  writeFileSync(join(source, "long.lua"), longText(versionCode));
  const file = await packSigned(store, developer, source, `${source}.mosis`);
  await store.must(["submit", file, "--notes", `Release ${versionCode}.`], developer.env);
  await store.must(["admin", "review", "approve", APP, String(versionCode), "--data", store.dataDir]);
  await catalogueIsOut(store);
}

const served = (path: string): string => join(store.dataDir, "blobs/store/v1", path);

async function fetched(path: string): Promise<Buffer> {
  const answer = await fetch(`${store.url}/store/v1/${path}`);
  expect({ path, status: answer.status }).toEqual({ path, status: 200 });
  return Buffer.from(await answer.arrayBuffer());
}

type Metadata = { signed: { meta: Record<string, { version: number }>; targets: Record<string, Target> } };
type Target = { hashes: { sha256: string } };

/** The app's index as devices read it now: by way of timestamp, snapshot and targets. */
async function releasesInIndex() {
  const metadata = async (name: string): Promise<Metadata["signed"]> =>
    (JSON.parse((await fetched(`metadata/${name}`)).toString("utf8")) as Metadata).signed;
  const snapshot = (await metadata("timestamp.json")).meta["snapshot.json"]?.version;
  const { meta } = await metadata(`${snapshot}.snapshot.json`);
  const path = `apps/${APP}/index.json`;
  for (const [role, { version }] of Object.entries(meta)) {
    const target = (await metadata(`${version}.${role}`)).targets[path];
    if (target !== undefined) {
      const body = await fetched(`targets/apps/${APP}/${target.hashes.sha256}.index.json`);
      return parseAppIndex(body).channels.get("stable") ?? [];
    }
  }
  throw new Error(`no role signs ${path}`);
}

/** The release once its containers are named, which a job of the store makes after the publication. */
async function withContainers(versionCode: number, deltas: number) {
  for (;;) {
    const release = (await releasesInIndex()).find((each) => each.versionCode === versionCode);
    if (release?.compact && release.deltas.length === deltas) return { ...release, compact: release.compact };
    await Bun.sleep(100);
  }
}

/** A device that has the first version. */
async function deviceOnFirst(name: string): Promise<string> {
  const home = join(folder, name);
  await store.must(["device", "init", store.url, "--root-sha256", store.rootSha256, "--home", home]);
  await store.must(["device", "install", APP, "--home", home]);
  return home;
}

/** Every file of the released package as it is in it, and no other. */
async function hasTheFilesOf(home: string, packageUrl: string): Promise<void> {
  const container = await openContainer(bytesSource(await fetched(packageUrl)));
  const found = readTree(join(home, "apps", APP, "current"));
  expect([...found.keys()].sort()).toEqual(container.entries.map(({ name }) => name).sort());
  for (const entry of container.entries) {
    const isSame = found.get(entry.name)?.equals(await readEntryBytes(container, entry));
    expect({ name: entry.name, isSame }).toEqual({ name: entry.name, isSame: true });
  }
  await store.must(["device", "verify", "--home", home]);
}

/** A byte in the middle is another. */
function spoil(path: string): void {
  const bytes = readFileSync(path);
  const at = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x20, at);
  writeFileSync(path, bytes);
}

type Updated = {
  apps: { versionCode: number; download: { way: string; receivedBytes: number; packageBytes: number } }[];
};
const updated = (home: string) => store.must<Updated>(["device", "update", APP, "--home", home]);

describe("an update takes the least that the store offers", () => {
  test("a delta; without it the compact form; without that the package", async () => {
    await publish(1);
    await withContainers(1, 0);
    const homes = await Promise.all(["one", "two", "three"].map(deviceOnFirst));
    const [one = "", two = "", three = ""] = homes;

    await publish(2);
    const second = await withContainers(2, 1);
    const byDelta = await updated(one);
    expect(byDelta).toMatchObject({
      apps: [{ action: "updated", versionCode: 2, download: { way: "delta", refused: [] } }],
    });
    expect(byDelta.apps[0]?.download.receivedBytes).toBe(second.deltas[0]?.sizeBytes ?? -1);
    await hasTheFilesOf(one, second.package.url);

    await publish(3);
    const third = await withContainers(3, 2);
    expect(third.compact.sizeBytes).toBeLessThan(third.package.sizeBytes);
    // `one` has both versions that there are deltas from.
    expect(await updated(one)).toMatchObject({
      apps: [{ versionCode: 3, download: { way: "delta", refused: [] } }],
    });
    await hasTheFilesOf(one, third.package.url);

    // The others have the first version, and none but the delta from that is of use to them.
    const first = (await releasesInIndex()).find(({ versionCode }) => versionCode === 1);
    const fromFirst = third.deltas.find(({ base }) => base === first?.contentDigest);
    if (fromFirst === undefined) throw new Error("there is no delta from the first version");
    spoil(served(fromFirst.url));
    const refusedDelta = { way: "delta", code: "device.package_changed" };
    expect(await updated(two)).toMatchObject({
      apps: [{ versionCode: 3, download: { way: "compact", refused: [refusedDelta] } }],
    });
    await hasTheFilesOf(two, third.package.url);

    spoil(served(third.compact.url));
    expect(await updated(three)).toMatchObject({
      apps: [
        {
          versionCode: 3,
          download: {
            way: "package",
            refused: [refusedDelta, { way: "compact", code: "device.package_changed" }],
          },
        },
      ],
    });
    await hasTheFilesOf(three, third.package.url);
  }, 180_000);
});
