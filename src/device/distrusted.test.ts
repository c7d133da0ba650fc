/** Authorities that are not trusted any more, on a device that has what they stand for; and envelopes that are damaged. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../accounts/actor.ts";
import { distrust } from "../catalog/store-keys/distrust.ts";
import { replaceKeys } from "../catalog/store-keys/operations.ts";
import { APP_ID, openWorld, type World } from "../testing/device-world.ts";
import { type Scratch, scratch } from "../testing/scratch.ts";
import { initDevice, withDevice } from "./device.ts";
import { install, rollback, update } from "./installer.ts";
import { verify } from "./verification.ts";

setDefaultTimeout(30_000);

let world: World;
let here: Scratch;
let home: string;
/** Packages and containers that were asked for. */
let fetched: number;

beforeEach(async () => {
  world = await openWorld();
  here = scratch();
  home = join(world.folder(), "device");
  fetched = 0;
  world.server.intercept = (path) => {
    if (/\/(packages|deltas)\//.test(path)) fetched += 1;
    return null;
  };
  await initDevice({ ...options(), url: world.server.url, rootSha256: world.rootSha256 });
});
afterEach(() => {
  here.remove();
  return world.close();
});

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

async function distrustOld(name: "ca-root" | "ca-developer"): Promise<void> {
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
  // A file that is changed besides is told of with what mends files.
  writeFileSync(join(home, "apps", APP_ID, "current", "main.lua"), "-- changed");
  expect((await verified())[0]).toEqual([2, false, null, ["MPK-X009"]]);
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
