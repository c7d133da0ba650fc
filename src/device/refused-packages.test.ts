/** Packages that a device must not install, each beside one that differs only in that and is installed. */
import { beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { initialiseTrust } from "../catalog/tuf/repository.ts";
import { isProblem } from "../errors.ts";
import { type AppId, newId } from "../ids.ts";
import { releaseSigner } from "../keys/authority.ts";
import { APP_ID, firstKey, newDeveloper } from "../testing/device-world.ts";
import { worldForEach } from "../testing/prepared.ts";
import { openTestStore } from "../testing/store.ts";
import type { Device } from "./context.ts";
import { initDevice, withDevice } from "./device.ts";
import { install, remove, rollback, update } from "./installer.ts";
import { findApp } from "./records.ts";

/** A busy machine takes its time; what is slow on purpose says so itself. */
setDefaultTimeout(30_000);

let home: string;

const world = worldForEach();
beforeEach(async () => {
  home = join(world.folder(), "device");
  await initDevice({ ...options(), url: world.server.url, rootSha256: world.rootSha256 });
});

const options = () => ({ home, clock: world.store.clock, timeouts: { idleMs: 2000, attempts: 1 } });
const inDevice = <T>(work: (device: Device) => Promise<T>) => withDevice(options(), work);
const bring = () => inDevice((device) => install(device, APP_ID));

/** The code that it was refused with, and the codes of the details; what was found is none. */
async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return [error.code, ...error.details.map((detail) => detail.code)].join(" ");
  }
  return "";
}

function nothingInstalled(): void {
  expect(existsSync(join(home, "apps", APP_ID))).toBe(false);
  expect(existsSync(join(home, "data", APP_ID))).toBe(false);
  expect(readdirSync(join(home, "staging"))).toEqual([]);
}

const running = () => readlinkSync(join(home, "apps", APP_ID, "current"));

/** Changes one byte in the middle of a file's compressed data, whatever that is. */
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe("a changed byte", () => {
  test("that the signed index does not know of is found before anything is read of the package", async () => {
    await world.release(1);
    world.server.intercept = async (path) => {
      if (!path.includes("/packages/")) return null;
      const bytes = await world.store.blobs.stream(path.slice(1));
      const whole = await new Response(bytes).bytes();
      return new Response(Buffer.from(flipped(whole, whole.byteLength >> 1)));
    };
    expect(await refusal(bring())).toBe("device.package_changed");
    nothingInstalled();
    world.server.intercept = null;
    expect((await bring()).action).toBe("installed");
  });

  test("that the store itself signed for is found by the package's own digests", async () => {
    // The store's database was changed by someone: index and catalogue are signed, and name the changed file.
    await world.release(1, { tamper: (bytes) => flipped(bytes, 60) });
    expect(await refusal(bring())).toMatch(/^device\.package_refused MPK-[CD]\d+/);
    nothingInstalled();
    await world.release(2, { tamper: (bytes) => flipped(flipped(bytes, 60), 60) });
    expect((await bring()).versionCode).toBe(2 as never);
  });
});

describe("another developer's key", () => {
  test("is refused at an update, whatever the index says of it", async () => {
    await world.release(1);
    await bring();
    const other = await newDeveloper(world.store);
    await world.release(2, { signer: other.signer, lineage: firstKey(other.signer.keyid) });
    expect(await refusal(bring())).toBe("device.lineage_refused MPK-L009");
    expect(running()).toBe("versions/1");
    await world.release(3);
    expect((await bring()).action).toBe("updated");
  });

  test("is refused at the first install unless the index names it", async () => {
    const other = await newDeveloper(world.store);
    await world.release(1, { signer: other.signer });
    expect(await refusal(bring())).toBe("device.key_not_in_lineage");
    nothingInstalled();
    await world.release(2, { signer: other.signer, lineage: firstKey(other.signer.keyid) });
    expect((await bring()).action).toBe("installed");
  });

  test("is refused after a removal too, and no longer after a purge", async () => {
    await world.release(1);
    await bring();
    await inDevice((device) => remove(device, APP_ID));
    const other = await newDeveloper(world.store);
    await world.release(2, { signer: other.signer, lineage: firstKey(other.signer.keyid) });
    expect(await refusal(bring())).toBe("device.lineage_refused MPK-L009");
    expect(await inDevice((device) => remove(device, APP_ID, { purge: true }))).toMatchObject({
      dataDeleted: true,
    });
    expect(existsSync(join(home, "data", APP_ID))).toBe(false);
    expect((await bring()).action).toBe("installed");
  });

  test("of another store's developers is refused by its chain", async () => {
    const elsewhere = await openTestStore();
    try {
      await initialiseTrust(elsewhere);
      const stranger = await newDeveloper(elsewhere);
      await world.release(1, { signer: stranger.signer, lineage: firstKey(stranger.signer.keyid) });
      expect(await refusal(bring())).toMatch(/^device\.package_refused MPK-X\d+/);
      nothingInstalled();
    } finally {
      elsewhere.close();
    }
  });
});

describe("an app of another developer", () => {
  const [next, last] = [newId("org"), newId("org")];
  const pinned = () => inDevice(async (device) => findApp(device.state, APP_ID as AppId)?.developerId);

  test("is refused when nothing says that it was given to them, and taken when the index does", async () => {
    await world.release(1);
    await bring();
    for (const before of [[], [last]]) {
      await world.release(2, { owned: { by: next, before } });
      expect(await refusal(bring())).toBe("device.lineage_refused MPK-L010");
      expect([running(), await pinned()]).toEqual(["versions/1", world.developer.id]);
    }
    await world.release(2, { owned: { by: next, before: [world.developer.id] } });
    expect((await bring()).action).toBe("updated");
    expect(await pinned()).toBe(next);
  });

  test("is followed over owners that the device was off for, and not back to one that it knows", async () => {
    await world.release(1);
    await bring();
    await world.release(2, { owned: { by: last, before: [world.developer.id, next] } });
    expect((await bring()).action).toBe("updated");
    expect(await pinned()).toBe(last);
    // An index of before is refused as an older one of the catalogue; a new one that forgot who had it since is by this.
    await world.release(3, { owned: { by: next, before: [world.developer.id] } });
    expect(await refusal(bring())).toBe("device.lineage_refused MPK-L010");
    await world.release(3, { owned: { by: next, before: [world.developer.id, last] } });
    expect((await bring()).action).toBe("updated");
  });

  test("is pinned also where there is nothing to install, and stays after a removal", async () => {
    await world.release(1);
    await bring();
    await world.release(1, { owned: { by: next, before: [world.developer.id] } });
    expect((await inDevice((device) => update(device, null))).failures).toEqual([]);
    expect(await pinned()).toBe(next);
    await inDevice((device) => remove(device, APP_ID));
    await world.release(2);
    expect(await refusal(bring())).toBe("device.lineage_refused MPK-L010");
    await world.release(2, { owned: { by: world.developer.id, before: [next] } });
    expect((await bring()).action).toBe("installed");
  });
});

describe("the store's signature", () => {
  test("must be there", async () => {
    await world.release(1, { unreleased: true });
    expect(await refusal(bring())).toBe("device.package_refused MPK-C031");
    nothingInstalled();
    await world.release(2);
    expect((await bring()).action).toBe("installed");
  });

  test("must be this store's", async () => {
    const elsewhere = await openTestStore();
    try {
      await initialiseTrust(elsewhere);
      await world.release(1, { storeSigner: releaseSigner(elsewhere) });
      expect(await refusal(bring())).toMatch(/^device\.package_refused MPK-X\d+/);
      nothingInstalled();
    } finally {
      elsewhere.close();
    }
  });
});

describe("a package that is not the one of the index", () => {
  const cases: readonly [what: string, indexed: Record<string, unknown>][] = [
    ["content digest", { contentDigest: "0".repeat(64) }],
    ["version code", { versionCode: 7 }],
    ["version", { version: "1.0.1" }],
    ["data version", { dataVersion: 1 }],
    ["platform API", { runtimeApi: "1.0" }],
  ];
  for (const [what, indexed] of cases) {
    test(`by its ${what} is refused`, async () => {
      const manifest = what === "platform API" ? { runtime: { api: "1.1", lua: "5.4" } } : {};
      await world.release(1, { manifest, indexed });
      expect(await refusal(bring())).toBe("device.index_mismatch");
      nothingInstalled();
      await world.release(1);
      expect((await bring()).action).toBe("installed");
    });
  }

  test("by its app is refused", async () => {
    await world.release(1, { manifest: { id: "org.example.other" } });
    expect(await refusal(bring())).toBe("device.index_mismatch");
    nothingInstalled();
  });
});

describe("a version code that does not rise", () => {
  test("is refused, and one that does is taken", async () => {
    await world.release(5);
    await bring();
    await world.release(4);
    expect(await refusal(bring())).toBe("device.version_not_above");
    const { apps, failures } = await inDevice((device) => update(device, null));
    expect([apps.length, failures.map(({ problem }) => problem.code)]).toEqual([
      0,
      ["device.version_not_above"],
    ]);
    expect(running()).toBe("versions/5");
    await world.release(6);
    expect((await bring()).action).toBe("updated");
  });

  test("is taken when it says that it replaces the installed one", async () => {
    await world.release(5);
    await bring();
    await world.release(4, { indexed: { replaces: [6] } });
    expect(await refusal(bring())).toBe("device.version_not_above");
    await world.release(4, { indexed: { replaces: [5] } });
    expect((await bring()).action).toBe("rolled-back");
    expect(running()).toBe("versions/4");
  });

  test("is not taken even so when the data would be of a newer form than the program", async () => {
    await world.release(5, { manifest: { dataVersion: 2 } });
    await bring();
    await world.release(4, { manifest: { dataVersion: 1 }, indexed: { replaces: [5] } });
    expect(await refusal(bring())).toBe("device.data_version");
    expect(running()).toBe("versions/5");
    await world.release(3, { manifest: { dataVersion: 2 }, indexed: { replaces: [5] } });
    expect((await bring()).action).toBe("rolled-back");
  });

  test("data outlives a removal, so an older form is refused after one as well", async () => {
    await world.release(5, { manifest: { dataVersion: 2 } });
    await bring();
    await inDevice((device) => remove(device, APP_ID));
    await world.release(4, { manifest: { dataVersion: 1 } });
    expect(await refusal(bring())).toBe("device.data_version");
    await inDevice((device) => remove(device, APP_ID, { purge: true }));
    expect((await bring()).versionCode).toBe(4 as never);
  });

  test("a person does not go back to what could not read its data", async () => {
    await world.release(1, { manifest: { dataVersion: 1 } });
    await bring();
    await world.release(2, { manifest: { dataVersion: 2 } });
    await bring();
    expect(await refusal(inDevice((device) => rollback(device, APP_ID)))).toBe("device.data_version");
    await world.release(3, { manifest: { dataVersion: 2 } });
    await bring();
    expect((await inDevice((device) => rollback(device, APP_ID))).versionCode).toBe(2 as never);
  });
});

test("what this device cannot run, or is not among those offered, is not offered to it", async () => {
  await world.release(1, { manifest: { runtime: { api: "2.0", lua: "5.4" } } });
  expect(await refusal(bring())).toBe("device.no_release");
  await world.release(1, { indexed: { rolloutPercent: 0 } });
  expect(await refusal(bring())).toBe("device.no_release");
  await world.release(1);
  expect(await refusal(inDevice((device) => install(device, APP_ID, 2 as never)))).toBe("device.no_release");
  expect(await refusal(inDevice((device) => install(device, "org.example.unknown")))).toBe(
    "device.app_not_found",
  );
  expect(await refusal(inDevice((device) => install(device, "../../etc")))).toBe("device.app_id_invalid");
  expect((await inDevice((device) => install(device, APP_ID, 1 as never))).action).toBe("installed");
});
