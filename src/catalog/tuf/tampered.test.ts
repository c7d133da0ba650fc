/** Rows of the signed catalogue that somebody changed beside the store: nothing is signed over them. */
import { afterEach, describe, expect, test } from "bun:test";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { readiness } from "../../http/health.ts";
import { EVERYBODY } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { storeForAll } from "../../testing/prepared.ts";
import { newPublisher, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { beside } from "../../testing/tamper.ts";
import { checkCatalogue, mendTrust } from "../check-catalogue.ts";
import { enact } from "../revocation/act.ts";
import { parseChange, type RevocationInput } from "../revocation/change.ts";
import { inForce } from "../revocation/in-force.ts";
import { lookAtRevocation } from "../revocation/preview.ts";
import { indexPath } from "./app-index.ts";
import { exportCatalogue } from "./export.ts";
import * as records from "./records.ts";
import { renewExpiring } from "./repository.ts";
import { parseRevocations } from "./revocations.ts";
import { CA_PATH, LOG_PATH, metadataKey, REVOCATIONS_PATH, roleForTarget, targetKey } from "./roles.ts";

const APP = "org.example.shown";
const reason = "A test.";
const BEFORE = ["app disable", "lowest 3"];
const AFTER = ["app disable", "developer block", "lowest 3"];
const EMPTY = `{"entries":[],"lowestVersionCodes":{},"v":1}`;
let developer: string;

const world = storeForAll(async () => {
  const { store, scheduler } = world;
  const publisher = await newPublisher(store);
  developer = publisher.organisationId;
  const { id } = await submitBytes(
    store,
    publisher.actor,
    await signedApp(store, publisher.signer, { id: APP }),
  );
  await scheduler.drain();
  approve(store, reviewer(), id, {});
  await scheduler.drain();
  await toBegin();
});
const { orm, found } = beside(world);
afterEach(() => toBegin());

/** One store for all of them, which each leaves as it was. */
async function toBegin(): Promise<void> {
  await act({ act: "lift", subject: "developer", id: developer, reason });
  await act({ act: "revoke", subject: "app", id: APP, action: "disable", reason });
  await act({ act: "lowest-version", appId: APP, versionCode: 3, reason });
  await world.scheduler.drain();
  await checkCatalogue(world.store);
  expect(listed()).toEqual(BEFORE);
}

const act = (input: RevocationInput) => enact(world.store, OPERATOR, parseChange(input));
const other = () => act({ act: "revoke", subject: "developer", id: developer, action: "block", reason });
const tamper = (statement: string, ...values: (string | Uint8Array)[]) =>
  world.store.db.raw.run(statement, values);
const setBody = (path: string, body: string) =>
  tamper("UPDATE tuf_targets SET body = ? WHERE path = ?", Buffer.from(body), path);
const at = (path: string) => ({ audience: EVERYBODY, path }) as const;
const removeFile = (key: string) => rmSync(join(world.store.dataDir, "blobs", key));
const bodyOf = (path: string) => Buffer.from(records.findTargetBody(orm(), path) ?? []).toString();
const warnings = async () => {
  // What was asked is kept for a second.
  world.store.clock.advance(2000);
  return (await readiness(world.store)).warnings;
};

function factOf(path: string) {
  const [fact] = records.findTargets(orm(), [path]);
  if (!fact) throw new Error(`no ${path}`);
  return fact;
}

function listed(): readonly string[] {
  const { entries, lowestVersionCodes } = parseRevocations(Buffer.from(bodyOf(REVOCATIONS_PATH)));
  return [
    ...entries.map(({ subject, action }) => `${subject} ${action}`),
    ...[...lowestVersionCodes].map(([, code]) => `lowest ${code}`),
  ];
}

describe("a list of what is revoked that was emptied in the database", () => {
  const digest = new Bun.CryptoHasher("sha256").update(EMPTY).digest("hex");
  const ways: readonly (readonly [string, () => void])[] = [
    ["its content", () => setBody(REVOCATIONS_PATH, EMPTY)],
    [
      "its content and what the row says of it",
      () => {
        setBody(REVOCATIONS_PATH, EMPTY);
        tamper(
          "UPDATE tuf_targets SET sha256 = ?, size_bytes = length(body) WHERE path = ?",
          digest,
          REVOCATIONS_PATH,
        );
      },
    ],
    ["its row", () => tamper("DELETE FROM tuf_targets WHERE path = ?", REVOCATIONS_PATH)],
  ];
  test.each(ways)(
    "is taken from the file that devices read, with no other thing lifted: %s",
    async (_, damage) => {
      damage();
      tamper("DELETE FROM revocations");
      tamper("DELETE FROM lowest_versions");
      expect(await warnings()).toContainEqual({ code: "catalog.damaged", what: REVOCATIONS_PATH });
      // The preview is of what the act will find.
      const shown = await lookAtRevocation(
        world.store,
        OPERATOR,
        { act: "lift", subject: "app", id: APP, reason },
        { limit: 10 },
      );
      expect(shown.before?.action).toBe("disable");
      tamper("DELETE FROM revocations");
      damage();
      await other();
      expect(listed()).toEqual(AFTER);
      expect(inForce(orm()).entries).toHaveLength(2);
      expect((await warnings()).filter(({ code }) => code === "catalog.damaged")).toEqual([]);
      await world.scheduler.drain();
      expect(await found()).toEqual([]);
    },
  );

  test("is brought back at a start, and its rows right after it", async () => {
    setBody(REVOCATIONS_PATH, EMPTY);
    tamper("DELETE FROM revocations");
    await mendTrust(world.store);
    expect(listed()).toEqual(BEFORE);
    await checkCatalogue(world.store);
    expect(inForce(orm()).entries.map(({ action }) => action)).toEqual(["disable"]);
  });

  test("is made again from the tables when the file is lost as well", async () => {
    setBody(REVOCATIONS_PATH, EMPTY);
    removeFile(targetKey(at(REVOCATIONS_PATH), factOf(REVOCATIONS_PATH).sha256));
    await other();
    expect(listed()).toEqual(AFTER);
  });

  test("stops each act about what is revoked, and no renewal, when nothing has it any more", async () => {
    const loseAll = () => {
      setBody(REVOCATIONS_PATH, EMPTY);
      removeFile(targetKey(at(REVOCATIONS_PATH), factOf(REVOCATIONS_PATH).sha256));
    };
    loseAll();
    tamper("UPDATE revocations SET action = 'block', reason = reason || '.'");
    const before = factOf(REVOCATIONS_PATH).sha256;
    await expect(other()).rejects.toMatchObject({ code: "catalog.damaged" });
    world.store.clock.advance(5 * 86_400_000);
    expect(await renewExpiring(world.store)).toContain("revocations");
    expect(factOf(REVOCATIONS_PATH).sha256).toBe(before);
    expect(await warnings()).toContainEqual({ code: "catalog.damaged", what: REVOCATIONS_PATH });
    // The log says otherwise than the table: nobody can tell what it was.
    expect(await found()).toContain(
      `${REVOCATIONS_PATH}: the database has not got it as it was signed, nor have the files that devices read; nothing is signed over it: restore a backup`,
    );
    await expect(other()).rejects.toMatchObject({ code: "catalog.damaged" });
    // With the action of the log, and another reason than was sealed, neither.
    tamper("UPDATE revocations SET action = 'disable'");
    await expect(other()).rejects.toMatchObject({ code: "catalog.damaged" });
    // As the log and the seal have it, it is the list that was signed.
    tamper("UPDATE revocations SET reason = substr(reason, 1, length(reason) - 1)");
    const lines = await found();
    expect(lines).toContain(
      `${REVOCATIONS_PATH}: the database had it otherwise than it was signed: brought back as it was signed, nothing more is to be done`,
    );
    // Not of its file, either, which nobody asks for any more.
    expect(lines.filter((line) => line.includes("not written anew"))).toEqual([]);
    expect(listed()).toEqual(BEFORE);
    await other();
    expect(listed()).toEqual(AFTER);
  });
});

test("authorities, the log's head, indexes and shards are brought back, and named by reconcile", async () => {
  const index = indexPath(APP);
  const right = [CA_PATH, LOG_PATH, index].map(bodyOf);
  expect(right.every((text) => text.length > 2)).toBe(true);
  setBody(CA_PATH, right[0]?.slice(0, 900) ?? "");
  // Nor is it where devices read.
  removeFile(targetKey(at(CA_PATH), factOf(CA_PATH).sha256));
  setBody(LOG_PATH, "{}");
  setBody(index, "{}");
  tamper("UPDATE tuf_targets SET size_bytes = 1 WHERE path LIKE 'catalog/%'");
  const lines = await found();
  for (const path of [CA_PATH, LOG_PATH, index])
    expect(lines).toContain(
      `${path}: the database had it otherwise than it was signed: brought back as it was signed, nothing more is to be done`,
    );
  expect(lines.some((line) => line.startsWith("catalog/"))).toBe(true);
  expect([CA_PATH, LOG_PATH, index].map(bodyOf)).toEqual(right);
  expect(await found()).toEqual([]);
});

test("with a head of the log that was changed the next act signs as ever", async () => {
  setBody(LOG_PATH, "{}");
  await other();
  expect(listed()).toEqual(AFTER);
});

test("an index that cannot be had as it was signed is signed anew", async () => {
  const index = indexPath(APP);
  // Until its job has run, the list says it and the index does not.
  await act({ act: "lowest-version", appId: APP, versionCode: 4, reason });
  setBody(index, "{}");
  removeFile(targetKey(at(index), factOf(index).sha256));
  expect((await found()).filter((line) => line.startsWith(index))).toEqual([
    expect.stringContaining("signed anew"),
  ]);
  await world.scheduler.drain();
  expect((await found()).filter((line) => line.includes("index.json"))).toEqual([]);
});

describe("metadata that was changed in the database", () => {
  const role = roleForTarget(LOG_PATH);
  test.each(["revocations", role, "snapshot", "timestamp", "root"])(
    "is taken from its file: %s",
    async (name) => {
      const { version } = records.currentRoles(orm()).get(name) ?? { version: 0 };
      const right = records.findMetadata(orm(), name, version)?.body.toString() ?? "";
      const wrong = right.replace(/"length":\d+/, '"length":7').replace('"signed":{', '"signed":{"x":1,');
      tamper(
        `UPDATE tuf_metadata SET body = ?, sha256 = ? WHERE role = ? AND version = ${version}`,
        Buffer.from(wrong),
        new Bun.CryptoHasher("sha256").update(wrong).digest("hex"),
        name,
      );
      await other();
      expect(records.findMetadata(orm(), name, version)?.body.toString()).toBe(right);
      expect(listed()).toEqual(AFTER);
    },
  );

  test("comes back when its row was deleted", async () => {
    const { version } = records.currentRoles(orm()).get("revocations") ?? { version: 0 };
    tamper(`DELETE FROM tuf_metadata WHERE role = 'revocations' AND version = ${version}`);
    await other();
    expect(records.currentRoles(orm()).get("revocations")?.version).toBe(version + 1);
    expect(await found()).toEqual([]);
  });

  test("is not taken to be the version before it when the newest is lost", async () => {
    await other();
    const { version } = records.currentRoles(orm()).get("revocations") ?? { version: 0 };
    const row = records.findMetadata(orm(), "revocations", version);
    const key = metadataKey({ audience: EVERYBODY, role: "revocations" }, version);
    const kept = readFileSync(join(world.store.dataDir, "blobs", key));
    tamper(`DELETE FROM tuf_metadata WHERE role = 'revocations' AND version = ${version}`);
    removeFile(key);
    await expect(act({ act: "lift", subject: "app", id: APP, reason })).rejects.toMatchObject({
      code: "catalog.damaged",
    });
    expect((await found()).filter((line) => line.includes("brought back"))).toEqual([]);
    expect(listed()).toEqual(AFTER);
    await world.store.blobs.put(key, kept);
    await checkCatalogue(world.store);
    expect(records.findMetadata(orm(), "revocations", version)?.sha256).toBe(row?.sha256 ?? ("" as never));
  });

  test("stops what would be signed over it when its file is lost, too", async () => {
    const { version } = records.currentRoles(orm()).get("revocations") ?? { version: 0 };
    tamper(`UPDATE tuf_metadata SET body = x'7b7d' WHERE role = 'revocations' AND version = ${version}`);
    const key = metadataKey({ audience: EVERYBODY, role: "revocations" }, version);
    const kept = readFileSync(join(world.store.dataDir, "blobs", key));
    removeFile(key);
    await expect(other()).rejects.toMatchObject({ code: "catalog.damaged" });
    expect(await found()).toContainEqual(
      expect.stringContaining(`metadata of revocations, version ${version}: the database has not got it`),
    );
    await world.store.blobs.put(key, kept);
  });
});

test("a list that was lost is made again with what the log tells everybody, whatever the tables call private", async () => {
  setBody(REVOCATIONS_PATH, EMPTY);
  removeFile(targetKey(at(REVOCATIONS_PATH), factOf(REVOCATIONS_PATH).sha256));
  const [app] = world.store.db.raw
    .query<{ at: number }, []>(`SELECT published_at AS at FROM apps WHERE id = '${APP}'`)
    .all();
  tamper(`UPDATE apps SET published_at = NULL, public_at = NULL WHERE id = '${APP}'`);
  tamper(`UPDATE app_audiences SET told_at = NULL WHERE app_id = '${APP}'`);
  expect(await found()).toContainEqual(expect.stringContaining("brought back as it was signed"));
  expect(listed()).toEqual(BEFORE);
  tamper(`UPDATE apps SET published_at = ${app?.at}, public_at = ${app?.at} WHERE id = '${APP}'`);
  tamper(`UPDATE app_audiences SET told_at = ${app?.at} WHERE app_id = '${APP}'`);
  expect(await found()).toEqual([]);
});

test("nothing of an app is signed anew while what is revoked is not as the log says", async () => {
  const index = indexPath(APP);
  const lost = [index, REVOCATIONS_PATH].map((path) => {
    const key = targetKey(at(path), factOf(path).sha256);
    const kept = { key, path, body: bodyOf(path) };
    setBody(path, "{}");
    removeFile(key);
    return kept;
  });
  tamper("DELETE FROM revocations");
  const lines = await found();
  expect(lines).toContainEqual(
    expect.stringMatching(/^apps\/.*index.json: .*nothing is signed over it: restore/),
  );
  expect(lines).toContainEqual(
    expect.stringMatching(/^app org.example.shown: .*no act goes on from that; restore/),
  );
  expect(lost.map(({ path }) => bodyOf(path))).toEqual(["{}", "{}"]);
  for (const { key, body } of lost) await world.store.blobs.put(key, Buffer.from(body));
  await checkCatalogue(world.store);
  expect(lost.map(({ path }) => bodyOf(path))).toEqual(lost.map(({ body }) => body));
  expect(inForce(orm()).entries).toHaveLength(1);
});

test("rows come back after a start though other parts are damaged", async () => {
  const path = Array.from({ length: 5000 }, (_, at) => `apps/org.x${at}/index.json`).find(
    (one) => ![roleForTarget(LOG_PATH), roleForTarget(indexPath(APP))].includes(roleForTarget(one)),
  );
  const role = roleForTarget(path ?? "");
  const version = records.currentRoles(orm()).get(role)?.version ?? 0;
  const right = records.findMetadata(orm(), role, version)?.body;
  const key = metadataKey({ audience: EVERYBODY, role }, version);
  const kept = readFileSync(join(world.store.dataDir, "blobs", key));
  tamper(`UPDATE tuf_metadata SET body = x'7b7d' WHERE role = '${role}' AND version = ${version}`);
  removeFile(key);
  tamper("DELETE FROM revocations");
  await checkCatalogue(world.store);
  expect(inForce(orm()).entries).toHaveLength(1);
  await world.store.blobs.put(key, kept);
  await checkCatalogue(world.store);
  expect(records.findMetadata(orm(), role, version)?.body).toEqual(right as Buffer);
});

test("what is not what its row says is not copied to where devices read", async () => {
  tamper("UPDATE tuf_targets SET body = x'7b7d', exported_at = NULL WHERE path = ?", indexPath(APP));
  tamper("UPDATE tuf_metadata SET exported_at = NULL WHERE role = 'timestamp'");
  await expect(exportCatalogue(world.store)).rejects.toMatchObject({ code: "catalog.damaged" });
  tamper("UPDATE tuf_metadata SET exported_at = 0 WHERE role = 'timestamp'");
  await checkCatalogue(world.store);
});

test("a file that nothing is signed for is not signed by the next revision of its role", async () => {
  const path = Array.from({ length: 5000 }, (_, at) => `apps/org.x${at}/index.json`).find(
    (one) => roleForTarget(one) === roleForTarget(LOG_PATH),
  );
  tamper(
    `INSERT INTO tuf_targets SELECT audience, '${path}', role, sha256, size_bytes, body, updated_at, exported_at FROM tuf_targets WHERE path = '${LOG_PATH}'`,
  );
  await other();
  expect(records.findTargets(orm(), [path ?? ""])).toEqual([]);
});
