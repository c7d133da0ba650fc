/** Each key of the store replaced, lost and renewed while a device looks on, was off, or had everything already. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { initDevice, withDevice } from "../../device/device.ts";
import { install } from "../../device/installer.ts";
import { list, refresh } from "../../device/inventory.ts";
import { caPem } from "../../keys/authority.ts";
import { listSigningKeys } from "../../keys/records.ts";
import { certificatesFromPem } from "../../signing/certificates.ts";
import { sortAnchors } from "../../signing/chain.ts";
import { APP_ID, firstKey, newDeveloper } from "../../testing/device-world.ts";
import { worldForEach } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import { currentRoles } from "../tuf/records.ts";
import { distrust } from "./distrust.ts";
import { addKey, removeKey, renew, replaceKeys, setThreshold } from "./operations.ts";

setDefaultTimeout(120_000);

const world = worldForEach();

type Home = { readonly home: string };

async function newDevice(): Promise<Home> {
  const home = join(world.folder(), "device");
  const { url } = world.server;
  await initDevice({ home, clock: world.store.clock, url, rootSha256: world.rootSha256 });
  return { home };
}

const on = <T>(device: Home, work: Parameters<typeof withDevice<T>>[1]) =>
  withDevice({ home: device.home, clock: world.store.clock }, work);

const update = (device: Home) => on(device, (opened) => install(opened, APP_ID));
const installed = (device: Home) =>
  on(device, async (opened) => Number((await list(opened))[0]?.versionCode));

const rootVersion = () => currentRoles(world.store.db.orm).get("root")?.version;

/** Whatever holds the private half of a key is gone. */
function lose(name: string): void {
  world.store.db.raw.query("UPDATE signing_keys SET sealed_private_key = x'00' WHERE name = ?").run(name);
}

const EVERY_KEY = [
  "tuf-root-1",
  "tuf-root-2",
  "tuf-targets",
  "tuf-revocations",
  "tuf-apps",
  "tuf-bins",
  "tuf-snapshot",
  "tuf-timestamp",
  "ca-root",
  "ca-developer",
  "release",
];

describe("a device follows", () => {
  test.each(EVERY_KEY)("the replacement of %s, when it was lost", async (name) => {
    const [present, absent] = [await newDevice(), await newDevice()];
    await world.release(1);
    for (const device of [present, absent]) await update(device);
    lose(name);
    const outcome = await replaceKeys(world.store, OPERATOR, [name]);
    expect(outcome).toMatchObject({ applied: true, removed: [name] });
    expect(outcome.added).toHaveLength(1);
    const gone = listSigningKeys(world.store.db.orm).find((row) => row.name === name);
    expect([gone?.sealedPrivateKey, gone?.retiredAt]).toEqual([null, world.store.clock.now()]);

    await on(present, (device) => refresh(device));
    // What was released before stays installable, on a new device as well.
    const late = await newDevice();
    await update(late);
    expect(await installed(late)).toBe(1);

    await world.release(2);
    for (const device of [present, absent, late]) {
      await update(device);
      expect(await installed(device)).toBe(2);
    }
    // A developer of before still signs, and one with a new certificate does too.
    const fresh = await newDeveloper(world.store);
    await world.release(3, {
      signer: fresh.signer,
      lineage: firstKey(fresh.signer.keyid),
    });
    const newest = await newDevice();
    await update(newest);
    expect(await installed(newest)).toBe(3);
  });

  test("all of them at once, one after the other, and after having been off", async () => {
    const [present, absent] = [await newDevice(), await newDevice()];
    await world.release(1);
    for (const device of [present, absent]) await update(device);
    await replaceKeys(world.store, OPERATOR, EVERY_KEY);
    await on(present, (device) => refresh(device));
    for (const row of listSigningKeys(world.store.db.orm).filter((key) => key.retiredAt === null))
      await replaceKeys(world.store, OPERATOR, [row.name]);
    await world.release(2);
    for (const device of [present, absent]) {
      await update(device);
      expect(await installed(device)).toBe(2);
    }
  });

  test("a root of 1 of 2, 2 of 3, 3 of 3 and back to 1 of 1", async () => {
    const [present, absent] = [await newDevice(), await newDevice()];
    await world.release(1);
    for (const device of [present, absent]) await update(device);
    const { store } = world;
    const step = async (act: () => Promise<unknown>) => {
      const before = rootVersion() ?? 0;
      await act();
      expect(rootVersion()).toBe(before + 1);
      await on(present, (device) => refresh(device));
    };
    await step(() => addKey(store, OPERATOR, "root"));
    await step(() => setThreshold(store, OPERATOR, "root", 2));
    await step(() => replaceKeys(store, OPERATOR, ["tuf-root-1"]));
    await step(() => setThreshold(store, OPERATOR, "root", 3));
    await step(() => setThreshold(store, OPERATOR, "root", 1));
    await step(() => removeKey(store, OPERATOR, "tuf-root-2"));
    await step(() => removeKey(store, OPERATOR, "tuf-root-3"));
    expect(await codeOf(() => removeKey(store, OPERATOR, "tuf-root-4"))).toBe("keys.change_invalid");
    expect(await codeOf(() => setThreshold(store, OPERATOR, "root", 2))).toBe("keys.change_invalid");
    await world.release(2);
    for (const device of [present, absent]) {
      await update(device);
      expect(await installed(device)).toBe(2);
    }
  });

  test("several keys of an online role, of which two must sign", async () => {
    const device = await newDevice();
    for (const role of ["timestamp", "snapshot", "bins", "apps", "targets", "revocations"] as const) {
      await addKey(world.store, OPERATOR, role);
      await setThreshold(world.store, OPERATOR, role, 2);
      await on(device, (opened) => refresh(opened));
    }
    await world.release(1);
    await update(device);
    expect(await installed(device)).toBe(1);
  });

  test("P-256 keys in every role", async () => {
    const device = await newDevice();
    for (const name of EVERY_KEY.filter((key) => key.startsWith("tuf-")))
      await replaceKeys(world.store, OPERATOR, [name], { algorithm: "ecdsa-p256" });
    await world.release(1);
    await update(device);
    expect(await installed(device)).toBe(1);
    expect(
      await codeOf(() => replaceKeys(world.store, OPERATOR, ["tuf-apps-2"], { algorithm: "ecdsa-p384" })),
    ).toBe("keys.algorithm");
  });
});

describe("the private half of a key that was replaced", () => {
  const sealed = () =>
    listSigningKeys(world.store.db.orm).flatMap(({ name, sealedPrivateKey }) =>
      sealedPrivateKey === null ? [] : [[name, sealedPrivateKey] as const],
    );
  /** Which of them the files have in them. */
  const found = (keys: readonly (readonly [string, Buffer])[]) => {
    const files = ["mosis.db", "mosis.db-wal"].map((name) => readFileSync(join(world.store.dataDir, name)));
    return keys.filter(([, bytes]) => files.some((file) => file.includes(bytes))).map(([name]) => name);
  };

  test("is neither in the database's file nor in its log, once it is said to be destroyed", async () => {
    const old = sealed();
    expect(found(old)).toEqual(old.map(([name]) => name));
    await world.release(1);
    await replaceKeys(world.store, OPERATOR, EVERY_KEY);
    // Those of authorities are kept for their lists of revoked certificates, until they are distrusted.
    expect(found(old)).toEqual(["ca-developer", "ca-root"]);
    for (const name of ["ca-developer", "ca-root"]) await distrust(world.store, OPERATOR, name);
    expect(found(old)).toEqual([]);
    const second = sealed();
    expect(found(second)).toHaveLength(EVERY_KEY.length);
    // A release certificate alone is no revision of the catalogue.
    await replaceKeys(world.store, OPERATOR, ["release-2"]);
    expect(found(second)).not.toContain("release-2");
    for (const [name] of sealed()) await replaceKeys(world.store, OPERATOR, [name]);
    expect(found(second)).toEqual(["ca-developer-2", "ca-root-2"]);
  });
});

describe("the root's keys", () => {
  test("lost below the threshold cannot be replaced, and nothing is changed", async () => {
    lose("tuf-root-1");
    lose("tuf-root-2");
    const before = currentRoles(world.store.db.orm);
    for (const [name, code] of [
      ["tuf-root-1", "keys.root_unsigned"],
      ["tuf-timestamp", "keys.unsealable"],
      ["tuf-targets", "keys.unsealable"],
    ] as const)
      expect(await codeOf(() => replaceKeys(world.store, OPERATOR, [name]))).toBe(code);
    expect(currentRoles(world.store.db.orm)).toEqual(before);
    // What the root does not sign goes on.
    const device = await newDevice();
    await replaceKeys(world.store, OPERATOR, ["tuf-bins"]);
    await world.release(1);
    await update(device);
    expect(await installed(device)).toBe(1);
  });
});

describe("trust/ca.pem", () => {
  const anchors = () => {
    const { roots, developerCas } = sortAnchors(certificatesFromPem(caPem(world.store)));
    return { roots: roots.map((root) => root.serialNumber), cas: developerCas.map((ca) => ca.serialNumber) };
  };

  test("holds renewed and replaced authorities before those of before", async () => {
    const device = await newDevice();
    await world.release(1);
    const first = anchors();
    await renew(world.store, OPERATOR, "ca-developer");
    const second = anchors();
    expect([second.roots, second.cas.slice(1)]).toEqual([first.roots, first.cas]);
    await renew(world.store, OPERATOR, "ca-root");
    const third = anchors();
    expect([third.roots.slice(1), third.cas]).toEqual([second.roots, second.cas]);
    await replaceKeys(world.store, OPERATOR, ["ca-root"]);
    const fourth = anchors();
    expect([fourth.roots.slice(1), fourth.cas.slice(1)]).toEqual([third.roots, third.cas]);
    await renew(world.store, OPERATOR, "release");
    expect(anchors()).toEqual(fourth);
    await update(device);
    await world.release(2);
    await update(device);
    expect(await installed(device)).toBe(2);
  });
});
