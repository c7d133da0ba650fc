/** Updates by delta and compact full containers: what is saved, and what becomes of a container that will not do. */
import { beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isProblem } from "../errors.ts";
import { openDelta } from "../format/delta/read.ts";
import { noise } from "../format/delta/testing.ts";
import { type DeltaTarget, writeDelta } from "../format/delta/write.ts";
import { parseDigests } from "../format/digests.ts";
import { bytesSource } from "../format/source.ts";
import { utf8 } from "../format/testing.ts";
import { APP_ID, type ReleaseOptions } from "../testing/device-world.ts";
import { worldForEach } from "../testing/prepared.ts";
import type { DeviceProgress } from "./context.ts";
import { initDevice, withDevice } from "./device.ts";
import { install, rollback, update } from "./installer.ts";
import { verify } from "./verification.ts";

setDefaultTimeout(60_000);

let home: string;

const world = worldForEach();
beforeEach(async () => {
  home = join(world.folder(), "device");
  await initDevice({ ...options(), url: world.server.url, rootSha256: world.rootSha256 });
  await world.release(1, { files: FILES });
  await inDevice((device) => install(device, APP_ID));
});

/** Large enough that the ways differ by far, and of a kind that no compression makes small. */
const FILES = new Map<string, Uint8Array>([["data/sound.ogg", noise(300_000, 5)]]);
const BOTH = { from: [1], compact: true } as const;

const options = () => ({ home, clock: world.store.clock, timeouts: { idleMs: 2000, attempts: 1 } });
const inDevice = <T>(work: Parameters<typeof withDevice<T>>[1]) => withDevice(options(), work);
const current = () => join(home, "apps", APP_ID, "current");
const asked = (folder: string) => world.server.requests.filter(({ path }) => path.includes(`/${folder}/`));

async function updated() {
  const { apps, failures } = await inDevice((device) => update(device, APP_ID));
  expect(failures).toEqual([]);
  const [app] = apps;
  if (!app) throw new Error("nothing was updated");
  return app;
}

/** Every file is the release's, both signatures hold, and nothing lies in staging. */
async function expectWhole(files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of files)
    expect({ name, same: readFileSync(join(current(), name)).equals(Buffer.from(bytes)) }).toEqual({
      name,
      same: true,
    });
  expect(await inDevice((device) => verify(device, APP_ID))).toMatchObject([{ ok: true }, { ok: true }]);
  expect(readdirSync(join(home, "staging"))).toEqual([]);
}

const next = (release: ReleaseOptions = {}, code = 2) =>
  world.release(code, {
    files: new Map([...FILES, ["main.lua", utf8(`return ${code}\n`)]]),
    containers: BOTH,
    ...release,
  });

describe("the least download is taken", () => {
  test("a delta from the version that runs", async () => {
    const files = await next();
    const fetchedBefore = asked("packages").length;
    const outcome = await updated();
    expect(outcome).toMatchObject({ action: "updated", download: { way: "delta", refused: [] } });
    expect(outcome.download?.receivedBytes).toBeLessThan(6000);
    expect(outcome.download?.packageBytes).toBeGreaterThan(300_000);
    expect(asked("packages").length).toBe(fetchedBefore);
    await expectWhole(files);
  });

  test("a delta from the version that is kept", async () => {
    await next();
    await updated();
    const files = await next({ containers: { from: [1], compact: true } }, 3);
    expect(await updated()).toMatchObject({ versionCode: 3, download: { way: "delta", refused: [] } });
    await expectWhole(files);
  });

  test("after going back, the delta from the version that was gone back to", async () => {
    await next();
    await updated();
    await inDevice((device) => rollback(device, APP_ID));
    const files = await next({ containers: { from: [1] } }, 3);
    expect(await updated()).toMatchObject({ versionCode: 3, download: { way: "delta" } });
    await expectWhole(files);
  });

  test("the compact full container where no delta fits, also at the first install", async () => {
    const files = await next({ containers: { compact: true } });
    expect(await updated()).toMatchObject({ download: { way: "compact", refused: [] } });
    await expectWhole(files);
    home = join(world.folder(), "another");
    await initDevice({ ...options(), url: world.server.url, rootSha256: world.rootSha256 });
    const outcome = await inDevice((device) => install(device, APP_ID));
    expect(outcome).toMatchObject({ action: "installed", download: { way: "compact" } });
  });

  test("the package where there is nothing else", async () => {
    const files = await next({ containers: {} });
    expect(await updated()).toMatchObject({ download: { way: "package", refused: [] } });
    await expectWhole(files);
  });
});

test("a delta that was cut off goes on from there, and what came before is not fetched again", async () => {
  const files = await next({ files: new Map([...FILES, ["data/more.ogg", noise(400_000, 9)]]) });
  let cut = true;
  world.server.intercept = async (path) => {
    if (!cut || !path.includes("/deltas/")) return null;
    cut = false;
    const bytes = await new Response(await world.store.blobs.stream(path.slice(1))).bytes();
    return new Response(bytes.subarray(0, 150_000), { headers: { "content-length": String(bytes.length) } });
  };
  const { timeouts } = options();
  const seen: DeviceProgress[] = [];
  const { apps } = await withDevice(
    { ...options(), timeouts: { ...timeouts, attempts: 3 }, onProgress: (progress) => seen.push(progress) },
    (device) => update(device, APP_ID),
  );
  expect(apps).toMatchObject([{ download: { way: "delta", refused: [] } }]);
  const [first, second] = asked("deltas");
  expect(first?.range).toBeNull();
  expect(Number(/^bytes=(\d+)-$/.exec(second?.range ?? "")?.[1])).toBeGreaterThan(0);
  const total = apps[0]?.download?.receivedBytes ?? 0;
  expect(total).toBeGreaterThan(400_000);
  expect(total).toBeLessThan(420_000);
  for (const phase of ["download", "write"] as const) {
    const shown = seen.filter((progress) => progress.phase === phase);
    expect(shown.at(-1)?.doneBytes).toBe(shown.at(-1)?.totalBytes ?? -1);
  }
  await expectWhole(files);
});

/** A compact full container of the same release with other envelopes. */
async function withEnvelopes(
  compact: Uint8Array,
  change: Partial<Pick<DeltaTarget, "developerEnvelope" | "storeEnvelope">>,
): Promise<Uint8Array> {
  const opened = await openDelta(bytesSource(compact), null);
  const { files } = parseDigests(opened.digests);
  const contents: Uint8Array[] = [];
  for await (const file of opened.files) {
    const parts: Uint8Array[] = [];
    for await (const piece of file.bytes) parts.push(Uint8Array.from(piece));
    contents.push(new Uint8Array(Buffer.concat(parts)));
  }
  expect(contents.length).toBe(files.length);
  const target: DeltaTarget = {
    digests: opened.digests,
    developerEnvelope: opened.developerEnvelope,
    storeEnvelope: opened.storeEnvelope,
    read: async (file, offset, length) =>
      (contents[file] ?? new Uint8Array(0)).slice(offset, offset + length),
    ...change,
  };
  const parts: Uint8Array[] = [];
  for await (const part of writeDelta(target, null)) parts.push(Uint8Array.from(part));
  return Buffer.concat(parts);
}

const replaced = (pattern: RegExp, by: string) => (bytes: Uint8Array) => {
  const text = Buffer.from(bytes).toString("latin1");
  expect(text).toMatch(pattern);
  return Buffer.from(text.replace(pattern, by), "latin1");
};
const flippedAt = (share: number) => (bytes: Uint8Array) => {
  const copy = Uint8Array.from(bytes);
  const at = Math.floor((copy.length - 1) * share);
  copy[at] = (copy[at] ?? 0) ^ 0x40;
  return copy;
};

describe("a container that the signed index names, and that will not do, leads to the next way", () => {
  const DELTAS: readonly (readonly [string, string, (bytes: Uint8Array) => Uint8Array])[] = [
    ["other bytes altogether", "MPK-B001", () => noise(2000)],
    ["cut off", "MPK-B001", (bytes) => bytes.subarray(0, bytes.length - 20)],
    ["bytes after the end", "MPK-B008", (bytes) => Buffer.concat([bytes, noise(7)])],
    ["another version of the form", "MPK-B002", replaced(/"v":1\}/, '"v":2}')],
    ["made for another base", "MPK-B003", replaced(/"base":"[0-9a-f]{4}/, '"base":"0000')],
    ["of a changed frame", "MPK-B007", flippedAt(1)],
    ["a group of more than 16 MiB", "MPK-B004", longer],
  ];
  test.each(DELTAS.map((row) => [...row] as const))("a delta, %s: %s", async (...[, code, forge]) => {
    const files = await next({ forge: (bytes, kind) => (kind === "compact" ? bytes : forge(bytes)) });
    const outcome = await updated();
    expect(outcome).toMatchObject({
      versionCode: 2,
      download: { way: "compact", refused: [{ way: "delta", code }] },
    });
    await expectWhole(files);
    // The neighbour: the next release's delta is as it was made.
    const after = await next({ containers: { from: [2] } }, 3);
    expect(await updated()).toMatchObject({ versionCode: 3, download: { way: "delta", refused: [] } });
    await expectWhole(after);
  });

  test("both of them: the package", async () => {
    const files = await next({ forge: flippedAt(0.99) });
    expect(await updated()).toMatchObject({
      download: { way: "package", refused: [{ way: "delta" }, { way: "compact" }] },
    });
    await expectWhole(files);
  });

  test("of another release: device.index_mismatch", async () => {
    let other = new Uint8Array(0);
    await next({ forge: (bytes) => (other = Uint8Array.from(bytes)), containers: { compact: true } });
    await world.store.clock.advance(1000);
    const files = await next({ forge: () => other, containers: { compact: true } }, 3);
    expect(await updated()).toMatchObject({
      versionCode: 3,
      download: { way: "package", refused: [{ code: "device.index_mismatch" }] },
    });
    await expectWhole(files);
  });

  test("with an envelope of another release: device.package_refused", async () => {
    const envelope = (name: string) => new Uint8Array(readFileSync(join(current(), "META-MOSIS", name)));
    for (const [code, change] of [
      [2, { developerEnvelope: envelope("developer.dsse") }],
      [3, { storeEnvelope: envelope("store.dsse") }],
      [4, { storeEnvelope: utf8("{}") }],
    ] as const) {
      const forge = (bytes: Uint8Array) => withEnvelopes(bytes, change);
      const files = await next({ forge, containers: { compact: true } }, code);
      const outcome = await updated();
      expect(outcome).toMatchObject({
        versionCode: code,
        download: { way: "package", refused: [{ way: "compact", code: "device.package_refused" }] },
      });
      await expectWhole(files);
    }
    // The neighbour: the same containers with the envelopes that they had.
    const files = await next(
      { forge: (bytes) => withEnvelopes(bytes, {}), containers: { compact: true } },
      5,
    );
    expect(await updated()).toMatchObject({ download: { way: "compact", refused: [] } });
    await expectWhole(files);
  });
});

/** Lengthens the number after `"n":` of the last group's header, and the header's own length with it. */
function longer(bytes: Uint8Array): Uint8Array {
  const whole = Buffer.from(bytes);
  const at = whole.lastIndexOf('"n":');
  const start = whole.lastIndexOf('{"d":[', at);
  const header = Buffer.from(whole);
  header.writeUInt32LE(whole.readUInt32LE(start - 4) + 7, start - 4);
  return Buffer.concat([header.subarray(0, at + 4), Buffer.from("9999999"), header.subarray(at + 4)]);
}

describe("what the server does to a container leads to the next way", () => {
  const SERVERS: readonly (readonly [string, string, (bytes: Uint8Array) => Response])[] = [
    ["another byte", "device.package_changed", (bytes) => new Response(Buffer.from(flippedAt(0.5)(bytes)))],
    ["more bytes", "device.package_changed", (bytes) => new Response(Buffer.concat([bytes, noise(10)]))],
    ["fewer bytes", "device.unreachable", (bytes) => new Response(Buffer.from(bytes.subarray(0, 500)))],
    ["no such file", "device.unreachable", () => new Response("no", { status: 404 })],
    ["an error", "device.unreachable", () => new Response("no", { status: 500 })],
    ["another address", "device.redirected", () => Response.redirect("http://127.0.0.1:1/x")],
  ];
  test.each(SERVERS.map((row) => [...row] as const))("%s: %s", async (...[, code, answer]) => {
    const files = await next();
    let first = true;
    world.server.intercept = async (path) => {
      if (!path.includes("/deltas/") || !first) return null;
      first = false;
      return answer(await new Response(await world.store.blobs.stream(path.slice(1))).bytes());
    };
    expect(await updated()).toMatchObject({
      download: { way: "compact", refused: [{ way: "delta", code }] },
    });
    await expectWhole(files);
  });
});

test("an installed version that was changed is not built on", async () => {
  const files = await next();
  writeFileSync(join(current(), "ui/main.rml"), "changed");
  const outcome = await updated();
  expect(outcome).toMatchObject({
    download: { way: "compact", refused: [{ way: "delta", code: "device.files_changed" }] },
  });
  for (const [name, bytes] of files)
    expect(readFileSync(join(current(), name)).equals(Buffer.from(bytes))).toBe(true);
  expect(readlinkSync(current())).toBe("versions/2");
});

test("what the package would be refused for, a delta is refused for too, and the old version stays", async () => {
  await next({ manifest: { dataVersion: 3 }, indexed: { dataVersion: 4 } });
  const refusal = await updated().catch((error) => (isProblem(error) ? error.code : String(error)));
  expect(refusal).toBe("device.index_mismatch");
  expect(readlinkSync(current())).toBe("versions/1");
  expect(readdirSync(join(home, "staging"))).toEqual([]);
});
