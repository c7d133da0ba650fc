/** Which keys sign the catalogue, and roots, that somebody changed beside the store: nothing is signed by them. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { initDevice, withDevice } from "../../device/device.ts";
import { refresh } from "../../device/inventory.ts";
import { EVERYBODY } from "../../ids.ts";
import { insertSigningKey, listRoles } from "../../keys/records.ts";
import { publicSigningKey } from "../../keys/signing-keys.ts";
import { canonicalize } from "../../signing/json.ts";
import { generateKeyPair } from "../../signing/keys.ts";
import { worldForEach } from "../../testing/prepared.ts";
import { beside } from "../../testing/tamper.ts";
import { catalogueDamage, checkCatalogue, mendTrust } from "../check-catalogue.ts";
import { exportRequest } from "../store-keys/exchange.ts";
import { addKey, removeKey, renew, replaceKeys, setThreshold } from "../store-keys/operations.ts";
import { reconcile } from "./compare.ts";
import { exportCatalogue } from "./export.ts";
import { sha256 } from "./metadata.ts";
import * as records from "./records.ts";
import { publishTargets, renewExpiring, rootSha256 } from "./repository.ts";
import { revise } from "./revise.ts";
import { metadataKey, REVOCATIONS_PATH } from "./roles.ts";

setDefaultTimeout(120_000);

const world = worldForEach();
const { orm, tamper, found } = beside(world);

const roles = () => listRoles(orm()).map((row) => JSON.stringify(row));
const rootAt = { audience: EVERYBODY, role: "root" } as const;
const rootFile = (version: number) => join(world.store.dataDir, "blobs", metadataKey(rootAt, version));
const publish = (body: string) =>
  publishTargets(
    world.store,
    { upserts: [{ path: "trust/x.json", body: Buffer.from(body) }], removes: [] },
    () => {},
  );
const rootVersion = () => records.currentRoles(orm()).get("root")?.version;

/** A key of somebody who can write into the database, and has it sign the root from now on. */
function addEvilKey(role = "root") {
  const keys = generateKeyPair("ed25519");
  const spki = keys.publicKey.export({ type: "spki", format: "der" });
  const row = publicSigningKey(
    "tuf-root-9",
    { algorithm: "ed25519", spki },
    "offline",
    world.store.clock.now(),
  );
  tamper("DELETE FROM signing_keys WHERE name = 'tuf-root-9'");
  insertSigningKey(orm(), row);
  tamper("INSERT INTO tuf_role_keys VALUES (?, 'tuf-root-9', 2)", role);
}

const WAYS: readonly (readonly [string, () => void])[] = [
  ["a key that was added to the root", () => addEvilKey()],
  ["a key that was added to the bins", () => addEvilKey("bins")],
  ["a key of another role", () => tamper("INSERT INTO tuf_role_keys VALUES ('root', 'tuf-bins', 2)")],
  ["keys of a role that went", () => tamper("DELETE FROM tuf_role_keys WHERE role = 'timestamp'")],
  ["one of two keys that went", () => tamper("DELETE FROM tuf_role_keys WHERE key_name = 'tuf-root-2'")],
  ["a role that went", () => tamper("DELETE FROM tuf_roles WHERE role = 'bins'")],
  ["a threshold", () => tamper("UPDATE tuf_roles SET threshold = 2 WHERE role = 'root'")],
  ["the order", () => tamper("UPDATE tuf_role_keys SET position = 7 WHERE key_name = 'tuf-root-1'")],
  [
    "a key that was retired",
    () => tamper("UPDATE signing_keys SET retired_at = 1 WHERE name = 'tuf-snapshot'"),
  ],
  [
    "the public half of a key",
    () =>
      tamper(
        "UPDATE signing_keys SET public_key = (SELECT public_key FROM signing_keys WHERE name = 'tuf-apps') WHERE name = 'tuf-targets'",
      ),
  ],
];

describe("key sets are brought back as they are signed", () => {
  test.each(WAYS)("before a publication: %s", async (_, damage) => {
    const before = roles();
    damage();
    await publish("one");
    expect(roles()).toEqual(before);
    expect(catalogueDamage(world.store)).toEqual([]);
  });

  test.each(WAYS)("before a root is signed: %s", async (_, damage) => {
    const right = records.findMetadata(orm(), "root", 1)?.body.toString() ?? "";
    const before = roles();
    damage();
    await renew(world.store, OPERATOR, "root");
    expect(roles()).toEqual(before);
    const next = records.findMetadata(orm(), "root", 2)?.body.toString() ?? "";
    expect(JSON.parse(next).signed.roles).toEqual(JSON.parse(right).signed.roles);
    damage();
    world.store.clock.advance((366 / 2) * 86_400_000);
    await renewExpiring(world.store);
    expect(roles()).toEqual(before);
    await replaceKeys(world.store, OPERATOR, ["tuf-root-1"]);
    const keys = JSON.parse(
      records.findMetadata(orm(), "root", rootVersion() ?? 0)?.body.toString() ?? "",
    ).signed;
    expect(keys.roles.root.keyids).toHaveLength(2);
    expect(await found()).toEqual([]);
  });

  test.each(WAYS)("at a start, and by reconcile, which names them: %s", async (_, damage) => {
    const before = roles();
    damage();
    await mendTrust(world.store);
    expect(roles()).toEqual(before);
    tamper("UPDATE tuf_roles SET threshold = 2 WHERE role = 'apps'");
    expect(await found()).toEqual([
      expect.stringMatching(/^the keys of apps: the database had it otherwise/),
    ]);
    expect(roles()).toEqual(before);
  });

  test("after real replacements, and a device follows", async () => {
    const home = join(world.folder(), "device");
    const { url } = world.server;
    await initDevice({ home, clock: world.store.clock, url, rootSha256: world.rootSha256 });
    await replaceKeys(world.store, OPERATOR, ["tuf-root-1", "tuf-bins", "tuf-timestamp", "tuf-revocations"]);
    await addKey(world.store, OPERATOR, "root");
    await setThreshold(world.store, OPERATOR, "root", 2);
    await removeKey(world.store, OPERATOR, "tuf-root-2");
    await addKey(world.store, OPERATOR, "bins", { algorithm: "ecdsa-p256" });
    await renew(world.store, OPERATOR, "targets");
    await renew(world.store, OPERATOR, "apps");
    expect(await found()).toEqual([]);
    const before = roles();
    for (const [, damage] of WAYS.filter(([name]) => !name.includes("that went"))) {
      damage();
      tamper(
        "DELETE FROM signing_keys WHERE name = 'tuf-root-9' AND name NOT IN (SELECT key_name FROM tuf_role_keys)",
      );
      await publish(crypto.randomUUID());
      tamper("DELETE FROM signing_keys WHERE name = 'tuf-root-9'");
      expect(roles()).toEqual(before);
    }
    expect(await found()).toEqual([]);
    await withDevice({ home, clock: world.store.clock }, (device) => refresh(device));
  });

  test("a key whose row is gone stands there again, to be replaced", async () => {
    const before = roles();
    tamper("DELETE FROM signing_keys WHERE name = 'tuf-timestamp'");
    await expect(publish("one")).rejects.toMatchObject({ code: "keys.unsealable" });
    expect(roles()).toEqual(before);
    await replaceKeys(world.store, OPERATOR, ["tuf-timestamp"]);
    await publish("one");
    expect(await found()).toEqual([]);
  });
});

test("what waits for another machine is made of the keys as they are signed", async () => {
  const before = roles();
  addEvilKey();
  await expect(exportRequest(world.store, OPERATOR)).rejects.toMatchObject({ code: "keys.nothing_to_sign" });
  expect(roles()).toEqual(before);
});

describe("roots", () => {
  const withThree = async () => {
    await renew(world.store, OPERATOR, "root");
    await replaceKeys(world.store, OPERATOR, ["tuf-root-2", "tuf-snapshot"]);
    expect(rootVersion()).toBe(3);
  };
  const bodies = () => records.metadataOfRole(orm(), "root").map(({ body }) => sha256(body));
  const setRow = (version: number, body: string) =>
    tamper(
      "UPDATE tuf_metadata SET body = ?, sha256 = ? WHERE role = 'root' AND version = ?",
      Buffer.from(body),
      sha256(Buffer.from(body)),
      version,
    );

  test.each([1, 2, 3])(
    "version %d is taken from its file, which nothing is written over",
    async (version) => {
      await withThree();
      const right = bodies();
      const file = readFileSync(rootFile(version));
      for (const damage of [
        () => setRow(version, '{"signed":{}}'),
        () =>
          setRow(
            version,
            String(records.findMetadata(orm(), "root", version)?.body).replace(
              /"expires":"\d{4}/,
              '"expires":"2037',
            ),
          ),
        () => tamper("DELETE FROM tuf_metadata WHERE role = 'root' AND version = ?", version),
        () => tamper("UPDATE tuf_metadata SET sha256 = 'x' WHERE role = 'root' AND version = ?", version),
      ]) {
        damage();
        await mendTrust(world.store);
        await reconcile(world.store, { repair: true });
        expect(readFileSync(rootFile(version))).toEqual(file);
        expect(bodies()).toEqual(right);
        damage();
        await publish(crypto.randomUUID());
        await checkCatalogue(world.store);
        expect(readFileSync(rootFile(version))).toEqual(file);
        expect(bodies()).toEqual(right);
      }
      expect(await found()).toEqual([]);
      expect(rootSha256(world.store)).toBe(world.rootSha256 as never);
    },
  );

  test("a file that is lost is written again from its row", async () => {
    await withThree();
    const file = readFileSync(rootFile(2));
    rmSync(rootFile(2));
    await reconcile(world.store, { repair: true });
    expect(readFileSync(rootFile(2))).toEqual(file);
    writeFileSync(rootFile(2), "{}");
    await checkCatalogue(world.store);
    expect(readFileSync(rootFile(2))).toEqual(file);
  });

  test.each([1, 2, 3])(
    "version %d that is nowhere is damage, over which nothing is signed",
    async (version) => {
      await withThree();
      tamper("UPDATE tuf_metadata SET body = x'7b7d' WHERE role = 'root' AND version = ?", version);
      const file = readFileSync(rootFile(version));
      rmSync(rootFile(version));
      await expect(publish("one")).rejects.toMatchObject({ code: "catalog.damaged" });
      await reconcile(world.store, { repair: true });
      expect(() => readFileSync(rootFile(version))).toThrow();
      expect(await found()).toContainEqual(
        expect.stringContaining(`metadata of root, version ${version}: the database has not got it`),
      );
      writeFileSync(rootFile(version), file);
      await publish("one");
      expect(await found()).toEqual([]);
    },
  );

  test("an added one is dropped, and the store goes on from the newest that was signed", async () => {
    await withThree();
    for (const version of [4, 99]) {
      tamper(
        `INSERT INTO tuf_metadata SELECT audience, role, ${version}, body, sha256, expires_at, created_at, exported_at FROM tuf_metadata WHERE role = 'root' AND version = 3`,
      );
      expect(catalogueDamage(world.store)).toEqual(["metadata of root, version 4"]);
      await publish(String(version));
      expect(rootVersion()).toBe(3);
    }
    await renew(world.store, OPERATOR, "root");
    expect(rootVersion()).toBe(4);
    expect(await found()).toEqual([]);
  });

  test("one that was forged with a key in the rows counts neither there nor in its file", async () => {
    const keys = generateKeyPair("ed25519");
    const root = JSON.parse(readFileSync(rootFile(1), "utf8"));
    const raw = keys.publicKey.export({ type: "spki", format: "der" }).subarray(12).toString("hex");
    const key = { keytype: "ed25519", keyval: { public: raw }, scheme: "ed25519" };
    const id = new Bun.CryptoHasher("sha256").update(canonicalize(key)).digest("hex");
    root.signed.keys[id] = key;
    root.signed.roles.root = { keyids: [id], threshold: 1 };
    const { sign } = await import("node:crypto");
    root.signatures = [
      { keyid: id, sig: sign(null, canonicalize(root.signed), keys.privateKey).toString("hex") },
    ];
    const body = Buffer.from(canonicalize(root));
    const file = readFileSync(rootFile(1));
    setRow(1, body.toString());
    await publish("one");
    expect(bodies()).toEqual([sha256(file)]);
    // Not if it is in both places, either.
    setRow(1, body.toString());
    writeFileSync(rootFile(1), body);
    await expect(publish("two")).rejects.toMatchObject({ code: "catalog.damaged" });
    writeFileSync(rootFile(1), file);
    await publish("two");
    expect(bodies()).toEqual([sha256(file)]);
  });
});

describe("older metadata", () => {
  const at = (role: string, version: number) => metadataKey({ audience: EVERYBODY, role }, version);
  const file = (key: string) => join(world.store.dataDir, "blobs", key);
  const wrong = Buffer.from('{"signatures":[],"signed":{"version":1}}');
  const body = (role: string) => records.findMetadata(orm(), role, 2)?.body;

  test.each(["snapshot", "bins-07", "targets"])("is taken from its file, which stays: %s", async (role) => {
    const renewed = () =>
      revise(world.store, {
        plan: () => ({ upserts: [], removes: [] }),
        renew: { roles: [role], of: EVERYBODY },
      });
    for (const _ of [1, 2]) await renewed();
    await replaceKeys(world.store, OPERATOR, ["tuf-snapshot", "tuf-bins", "tuf-targets"]);
    await exportCatalogue(world.store);
    const right = body(role);
    const kept = readFileSync(file(at(role, 2)));
    for (const digest of [sha256(wrong), sha256(kept)]) {
      const damage = () =>
        tamper(
          "UPDATE tuf_metadata SET body = ?, sha256 = ? WHERE role = ? AND version = 2",
          wrong,
          digest,
          role,
        );
      damage();
      await mendTrust(world.store);
      await reconcile(world.store, { repair: true });
      expect(readFileSync(file(at(role, 2)))).toEqual(kept);
      await checkCatalogue(world.store);
      expect(body(role)).toEqual(right as Buffer);
      damage();
      expect(await found()).toEqual([
        expect.stringMatching(/: the database had it otherwise than it was signed: brought/),
      ]);
      expect(body(role)).toEqual(right as Buffer);
      expect(readFileSync(file(at(role, 2)))).toEqual(kept);
    }
    // A file that is lost comes from its row, though other keys sign by now; and not from a row that nobody signed.
    rmSync(file(at(role, 2)));
    await reconcile(world.store, { repair: true });
    expect(readFileSync(file(at(role, 2)))).toEqual(kept);
    rmSync(file(at(role, 2)));
    tamper(
      "UPDATE tuf_metadata SET body = ?, sha256 = ? WHERE role = ? AND version = 2",
      wrong,
      sha256(wrong),
      role,
    );
    await reconcile(world.store, { repair: true });
    expect(await found()).toEqual([expect.stringContaining("missing: not written anew")]);
    expect(() => readFileSync(file(at(role, 2)))).toThrow();
  });
});

describe("metadata that nobody signed, above the newest", () => {
  test.each(["timestamp", "snapshot", "revocations", "targets", "apps", "bins-07"])(
    "is dropped: %s",
    async (role) => {
      const before = records.currentRoles(orm()).get(role)?.version ?? 0;
      tamper(
        `INSERT INTO tuf_metadata SELECT audience, role, version + 100, body, sha256, expires_at, created_at, exported_at FROM tuf_metadata WHERE role = ? AND version = ?`,
        role,
        before,
      );
      await mendTrust(world.store);
      expect(records.currentRoles(orm()).get(role)?.version).toBe(before);
      await publish("one");
      expect(await found()).toEqual([]);
      expect(records.findTarget(orm(), { audience: EVERYBODY, path: REVOCATIONS_PATH })).toBeDefined();
    },
  );
});
