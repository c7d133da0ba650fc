import { beforeEach, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { APP_ID } from "../testing/device-world.ts";
import { worldForEach } from "../testing/prepared.ts";
import type { DeviceProgress } from "./context.ts";
import { initDevice, withDevice } from "./device.ts";
import { install, remove, rollback, update } from "./installer.ts";
import { list, search } from "./inventory.ts";
import { verify } from "./verification.ts";

let home: string;
const TIMEOUTS = { idleMs: 2000, attempts: 2 };

const world = worldForEach();
beforeEach(async () => {
  home = join(world.folder(), "device");
  await initDevice({ ...options(), url: world.server.url, rootSha256: world.rootSha256 });
});

const options = () => ({ home, clock: world.store.clock, timeouts: TIMEOUTS });
const inDevice = <T>(work: Parameters<typeof withDevice<T>>[1]) => withDevice(options(), work);
const current = () => join(home, "apps", APP_ID, "current");

test("an app goes from the catalogue to the disk, byte for byte, with its envelopes", async () => {
  const files = await world.release(1);
  const outcome = await inDevice((device) => install(device, APP_ID));
  expect(outcome).toMatchObject({ action: "installed", versionCode: 1, previousVersionCode: null });
  for (const [name, bytes] of files) {
    expect(Buffer.compare(readFileSync(join(current(), name)), Buffer.from(bytes))).toBe(0);
  }
  expect(readdirSync(join(current(), "META-MOSIS")).sort()).toEqual([
    "developer.dsse",
    "digests.json",
    "store.dsse",
  ]);
  expect(readlinkSync(current())).toBe("versions/1");
  expect(existsSync(join(home, "data", APP_ID))).toBe(true);
  expect(readdirSync(join(home, "staging"))).toEqual([]);
  expect(
    readdirSync(home)
      .filter((name) => !name.startsWith("state.db"))
      .sort(),
  ).toEqual(["apps", "data", "staging", "tuf"]);
});

test("installing again changes nothing; an update keeps the version before it and sweeps older ones", async () => {
  await world.release(1);
  await inDevice((device) => install(device, APP_ID));
  expect(await inDevice((device) => install(device, APP_ID))).toMatchObject({ action: "current" });
  for (const code of [2, 3]) {
    await world.release(code);
    const { apps } = await inDevice((device) => update(device, null));
    expect(apps).toMatchObject([{ action: "updated", versionCode: code, previousVersionCode: code - 1 }]);
  }
  expect(readdirSync(join(home, "apps", APP_ID, "versions")).sort()).toEqual(["2", "3"]);
  expect(await inDevice(async (device) => list(device))).toMatchObject([
    { appId: APP_ID, name: "Sample", versionCode: 3, previousVersionCode: 2, state: "ready" },
  ]);
});

test("a person goes back without a network, stays there, and comes forward on request", async () => {
  await world.release(1);
  await inDevice((device) => install(device, APP_ID));
  await expect(inDevice((device) => rollback(device, APP_ID))).rejects.toMatchObject({
    code: "device.no_previous",
  });
  await world.release(2);
  await inDevice((device) => update(device, APP_ID));
  world.server.intercept = () => new Response("down", { status: 503 });
  expect(await inDevice((device) => rollback(device, APP_ID))).toMatchObject({
    versionCode: 1,
    previousVersionCode: 2,
  });
  expect(readlinkSync(current())).toBe("versions/1");
  world.server.intercept = null;
  expect((await inDevice((device) => update(device, null))).apps).toMatchObject([
    { action: "kept", versionCode: 1 },
  ]);
  expect((await inDevice((device) => update(device, APP_ID))).apps).toMatchObject([
    { action: "updated", versionCode: 2 },
  ]);
  expect(await inDevice((device) => verify(device, null))).toMatchObject([
    { ok: true, role: "current", versionCode: 2, signatures: "ok" },
    { ok: true, role: "previous", versionCode: 1, signatures: "ok" },
  ]);
});

test("the data folder survives an update, a rollback and a removal", async () => {
  await world.release(1);
  await inDevice((device) => install(device, APP_ID));
  const file = join(home, "data", APP_ID, "notes.txt");
  writeFileSync(file, "mine");
  await world.release(2);
  await inDevice((device) => update(device, null));
  await inDevice((device) => rollback(device, APP_ID));
  await inDevice((device) => remove(device, APP_ID));
  expect(readFileSync(file, "utf8")).toBe("mine");
  expect(existsSync(join(home, "apps", APP_ID))).toBe(false);
  expect(await inDevice(async (device) => list(device))).toEqual([]);
  await expect(inDevice((device) => remove(device, APP_ID))).rejects.toMatchObject({
    code: "device.not_installed",
  });
});

test("what is damaged on the disk is found, and mended by installing again", async () => {
  await world.release(1);
  await inDevice((device) => install(device, APP_ID));
  writeFileSync(join(current(), "main.lua"), "-- changed");
  writeFileSync(join(current(), "extra.lua"), "");
  expect(await inDevice((device) => verify(device, APP_ID))).toMatchObject([
    {
      ok: false,
      problems: [
        { path: "extra.lua", problem: "unexpected" },
        { path: "main.lua", problem: "changed" },
      ],
    },
  ]);
  expect(await inDevice((device) => install(device, APP_ID))).toMatchObject({ action: "repaired" });
  expect(await inDevice((device) => verify(device, APP_ID))).toMatchObject([{ ok: true }]);
});

test("going back to files that were changed is refused", async () => {
  await world.release(1);
  await inDevice((device) => install(device, APP_ID));
  await world.release(2);
  await inDevice((device) => update(device, null));
  writeFileSync(join(home, "apps", APP_ID, "versions", "1", "main.lua"), "-- changed");
  await expect(inDevice((device) => rollback(device, APP_ID))).rejects.toMatchObject({
    code: "device.files_changed",
  });
  expect(readlinkSync(current())).toBe("versions/2");
});

test("search finds by name in any language, by id and by publisher", async () => {
  await world.release(1);
  const ids = (query: string, locale?: string) =>
    inDevice(async (device) =>
      (await search(device, query, locale)).map((hit) => `${hit.appId} ${hit.name}`),
    );
  expect(await ids("")).toEqual([`${APP_ID} Sample`]);
  expect(await ids("müster", "de-AT")).toEqual([`${APP_ID} Muster`]);
  expect(await ids("example SAMPLE")).toEqual([`${APP_ID} Sample`]);
  expect(await ids("calculator")).toEqual([]);
});

test("a download that was cut off goes on where it ended", async () => {
  const big = crypto.getRandomValues(new Uint8Array(60_000));
  await world.release(1, { files: new Map([["data/noise.ogg", big]]) });
  let cut = true;
  world.server.intercept = async (path, request) => {
    if (!path.includes("/packages/") || !cut) return null;
    cut = false;
    const bytes = await (await fetch(request.url)).bytes();
    const half = bytes.subarray(0, 40_000);
    return new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(half);
          setTimeout(() => controller.error(new Error("cut")), 50);
        },
      }),
      { headers: { "content-length": String(bytes.byteLength) } },
    );
  };
  // The interception fetches from itself, which must not be intercepted.
  const progress: DeviceProgress[] = [];
  const outcome = await withDevice({ ...options(), onProgress: (step) => progress.push(step) }, (device) =>
    install(device, APP_ID),
  );
  expect(outcome.action).toBe("installed");
  const ranges = world.server.requests
    .filter((one) => one.path.includes("/packages/"))
    .map((one) => one.range);
  expect(ranges).toContain("bytes=40000-");
  expect(progress.some((step) => step.phase === "download" && step.doneBytes === step.totalBytes)).toBe(true);
});

test("a damaged part from an earlier attempt is fetched anew", async () => {
  await world.release(1);
  const index = await inDevice(async (device) => {
    const seen = await search(device, "");
    return seen.length;
  });
  expect(index).toBe(1);
  const packages = readdirSync(join(world.store.dataDir, "blobs/store/v1/packages"));
  writeFileSync(join(home, "staging", `${packages[0]?.slice(0, 64)}.part`), "not the beginning of it");
  expect(await inDevice((device) => install(device, APP_ID))).toMatchObject({ action: "installed" });
});

test("two commands on one device do not work at the same time", async () => {
  await inDevice(async () => {
    await expect(inDevice(async () => {})).rejects.toMatchObject({ code: "device.busy" });
  });
});
