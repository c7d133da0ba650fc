/** Authorities that are not trusted any more, on a device that has what they stand for; and envelopes that are damaged. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../accounts/actor.ts";
import { distrust } from "../catalog/store-keys/distrust.ts";
import { replaceKeys } from "../catalog/store-keys/operations.ts";
import type { VersionCode } from "../ids.ts";
import { APP_ID } from "../testing/device-world.ts";
import { worldForEach } from "../testing/prepared.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { initDevice, withDevice } from "./device.ts";
import { install, rollback, update } from "./installer.ts";
import { verify } from "./verification.ts";

setDefaultTimeout(30_000);

const world = worldForEach();
let here: Scratch;
let home: string;
/** Packages and containers that were asked for. */
let fetched: number;

beforeEach(async () => {
  here = scratch();
  home = join(world.folder(), "device");
  fetched = 0;
  world.server.intercept = (path) => {
    if (/\/(packages|deltas)\//.test(path)) fetched += 1;
    return null;
  };
  await initDevice({ ...options(), url: world.server.url, rootSha256: world.rootSha256 });
});
afterEach(() => here.remove());

const options = () => ({ home, clock: world.store.clock });
const inDevice = <T>(work: Parameters<typeof withDevice<T>>[1]) => withDevice(options(), work);
const installNow = () => inDevice((device) => install(device, APP_ID));
const updated = async () =>
  (await inDevice((device) => update(device, null))).apps.map(({ action }) => action);
const verified = async () =>
  (await inDevice((device) => verify(device, null))).map(({ versionCode, ok, distrusted, findings }) => [
    Number(versionCode),
    ok,
    distrusted,
    findings.map(({ code }) => code),
  ]);

async function distrustOld(name: "ca-root" | "ca-root-2" | "ca-developer"): Promise<void> {
  await replaceKeys(world.store, OPERATOR, [name]);
  await distrust(world.store, OPERATOR, name);
}

test("the store's signature under a distrusted root: the copy is fetched again once the store has signed it again", async () => {
  await world.release(1);
  await installNow();
  await distrustOld("ca-root");
  fetched = 0;
  // Not signed again yet: it is asked for once, and not in vain each time.
  expect([await updated(), fetched]).toEqual([["current"], 1]);
  expect([await updated(), fetched]).toEqual([["current"], 1]);
  expect(await verified()).toEqual([[1, false, "store", ["MPK-X009"]]]);
  const told = await here.run(["device", "verify", "--offline", "--home", home]);
  expect([told.exitCode, told.stdout.includes("device install")]).toEqual([1, false]);
  expect(told.stdout).toContain("Fetch what the store has signed again with: mosis device update");

  await world.release(1);
  expect([await updated(), fetched]).toEqual([["signed-again"], 2]);
  expect(await verified()).toEqual([[1, true, null, []]]);
  expect([await updated(), fetched]).toEqual([["current"], 2]);
});

/** Three versions, the last two of them here; the root of all that the store signed is trusted no more. */
async function threeVersions(): Promise<void> {
  await world.release(1);
  await installNow();
  for (const code of [2, 3]) {
    await world.release(code, { beside: true });
    await updated();
  }
}

async function signAgain(...codes: readonly number[]): Promise<void> {
  for (const code of codes) await world.release(code, { beside: true });
}

test("the kept version's new signature is fetched beside that of the version that runs, and it can be gone back to", async () => {
  await threeVersions();
  await distrustOld("ca-root");
  // Not signed again yet: each is asked for once, and not in vain each time.
  fetched = 0;
  expect([await updated(), fetched]).toEqual([["current"], 2]);
  expect([await updated(), fetched]).toEqual([["current"], 2]);
  expect(await verified()).toEqual([
    [3, false, "store", ["MPK-X009"]],
    [2, false, "store", ["MPK-X009"]],
  ]);

  await signAgain(1, 2, 3);
  const told = await here.run(["device", "update", "--home", home]);
  expect([told.exitCode, told.stdout]).toEqual([
    0,
    expect.stringMatching(/^Signed again .*\(3\).*\nSigned again .*\(2, kept\)/),
  ]);
  expect(await verified()).toEqual([
    [3, true, null, []],
    [2, true, null, []],
  ]);
  expect([await updated(), fetched]).toEqual([["current"], 4]);
  expect((await inDevice((device) => rollback(device, APP_ID))).versionCode).toBe(2 as VersionCode);
});

test("a version that a person went back to is signed again and stays, and so does the one above it that is kept", async () => {
  await threeVersions();
  await inDevice((device) => rollback(device, APP_ID));
  await distrustOld("ca-root");
  await signAgain(1, 2, 3);
  const { apps } = await inDevice((device) => update(device, null));
  expect(apps).toMatchObject([
    {
      action: "signed-again",
      versionCode: 2,
      previousVersionCode: 3,
      kept: { action: "signed-again", versionCode: 3 },
    },
  ]);
  expect(readlinkSync(join(home, "apps", APP_ID, "current"))).toBe("versions/2");
  expect(await verified()).toEqual([
    [2, true, null, []],
    [3, true, null, []],
  ]);
  expect(await updated()).toEqual(["kept"]);
});

test("what was updated from is signed again in the same update, and also where the store withdrew what runs", async () => {
  await world.release(2);
  await installNow();
  await distrustOld("ca-root");
  await signAgain(2, 3);
  expect(await updated()).toEqual(["updated"]);
  expect((await verified()).map(([code, ok]) => [code, ok])).toEqual([
    [3, true],
    [2, true],
  ]);

  await distrustOld("ca-root-2");
  await signAgain(2);
  await world.release(2, { beside: true, without: [3] });
  const told = await here.run(["device", "update", "--home", home]);
  expect([told.exitCode, told.stdout]).toEqual([1, expect.stringContaining("[device.version_not_above]")]);
  expect(await verified()).toEqual([
    [3, false, "store", ["MPK-X009"]],
    [2, true, null, []],
  ]);
  expect((await inDevice((device) => rollback(device, APP_ID))).versionCode).toBe(2 as VersionCode);
});

test("a damaged file of the kept version is mended by installing again; that it cannot be fetched is told", async () => {
  await threeVersions();
  writeFileSync(join(home, "apps", APP_ID, "versions", "2", "main.lua"), "-- changed");
  world.server.intercept = (path) =>
    /\/packages\//.test(path) ? new Response("gone", { status: 404 }) : null;
  const told = await here.run(["device", "install", APP_ID, "--home", home]);
  expect([told.exitCode, told.stdout]).toEqual([
    1,
    expect.stringMatching(/\(3\) is installed, and the newest.*\nNot mended .*\(2, kept\): .*\[device\./),
  ]);
  world.server.intercept = null;
  expect(await installNow()).toMatchObject({
    action: "current",
    kept: { action: "repaired", versionCode: 2 },
  });
  expect((await verified()).map(([code, ok]) => [code, ok])).toEqual([
    [3, true],
    [2, true],
  ]);
});

test("a developer's certificate under a distrusted authority: it goes on running, and no advice is given that does nothing", async () => {
  await world.release(1);
  await installNow();
  await world.release(2);
  expect(await updated()).toEqual(["updated"]);
  await distrustOld("ca-developer");
  fetched = 0;
  expect([await updated(), fetched]).toEqual([["current"], 0]);
  expect(readlinkSync(join(home, "apps", APP_ID, "current"))).toBe("versions/2");
  expect(await verified()).toEqual([
    [2, false, "developer", ["MPK-X009"]],
    [1, false, "developer", ["MPK-X009"]],
  ]);
  const told = await here.run(["device", "verify", "--offline", "--home", home]);
  expect([told.exitCode, told.stdout.includes("device install")]).toEqual([1, false]);
  expect(told.stdout).toContain("only a new version mends it");
  await expect(inDevice((device) => rollback(device, APP_ID))).rejects.toMatchObject({
    code: "device.authority_distrusted",
  });
  // A file that is changed besides is not mended by the same package, which is refused: also of the one that is kept.
  for (const version of ["1", "2"])
    writeFileSync(join(home, "apps", APP_ID, "versions", version, "main.lua"), "-- changed");
  expect((await verified()).map(([code, ok, distrusted]) => [code, ok, distrusted])).toEqual([
    [2, false, "developer"],
    [1, false, "developer"],
  ]);
  const damaged = await here.run(["device", "verify", "--offline", "--home", home]);
  expect(damaged.stdout).toContain("main.lua is changed");
  expect(damaged.stdout.match(/only a new version mends it/g)).toHaveLength(2);
  expect(damaged.stdout).not.toContain("device install");
  expect((await here.run(["device", "install", APP_ID, "--home", home])).exitCode).toBe(1);
});

test.each(["store.dsse", "developer.dsse"])("a damaged %s is mended by installing again", async (name) => {
  await world.release(1);
  await installNow();
  const file = join(home, "apps", APP_ID, "current", "META-MOSIS", name);
  const before = readFileSync(file);
  for (const bytes of [Buffer.from("{}"), flipped(before), Buffer.alloc(0)]) {
    writeFileSync(file, bytes);
    expect((await verified())[0]?.slice(0, 3)).toEqual([1, false, null]);
    expect((await installNow()).action).toBe("repaired");
    expect(await verified()).toEqual([[1, true, null, []]]);
  }
});

/** One character of the signature is another. */
function flipped(bytes: Buffer): Buffer {
  const text = bytes.toString();
  const at = text.indexOf('"sig":"') + 20;
  return Buffer.from(`${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`);
}
