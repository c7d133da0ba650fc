/** Rows of lowest versions and revocations, changed beside the store: what is signed goes by the signed lists and the log. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { type AppId, type Audience, EVERYBODY, type VersionId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { storeForAll } from "../../testing/prepared.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { catalogueDamage, checkCatalogue } from "../check-catalogue.ts";
import { reconcileStore } from "../reconcile.ts";
import { findApp, findVersion } from "../records.ts";
import { indexPath, shardOf } from "../tuf/app-index.ts";
import { parseAppIndex } from "../tuf/documents.ts";
import { findTargetBody } from "../tuf/records.ts";
import { parseRevocations } from "../tuf/revocations.ts";
import { SIGNED_IN, type VisibilityInput } from "../visibility/audiences.ts";
import { changeVisibility, previewVisibility } from "../visibility/change.ts";
import { enact } from "./act.ts";
import { parseChange, type RevocationInput } from "./change.ts";
import { compareRevocations } from "./compare.ts";
import { findLowest } from "./records.ts";
import { rebuildShard } from "./reoffer.ts";
import { sealOldRevocations } from "./sealed.ts";

setDefaultTimeout(240_000);

const [APP, PRIVATE] = ["org.example.shown", "org.example.private"] as AppId[] as [AppId, AppId];
const reason = "A test.";
let publisher: Publisher;
const codes = new Map<AppId, number>();
const lowest = 2;

const world = storeForAll(async () => {
  publisher = await newPublisher(world.store);
  for (const id of [APP, APP, APP, PRIVATE, PRIVATE]) await publish(id);
  await show({ visibility: "signed-in" });
  await act({ act: "lowest-version", appId: APP, versionCode: lowest, reason });
});
beforeEach(async () => {
  expect(await compareRevocations(world.store)).toEqual([]);
  expect(catalogueDamage(world.store)).toEqual([]);
});

const orm = () => world.store.db.orm;
const tamper = (statement: string) => world.store.db.raw.run(statement);
const act = async (input: RevocationInput) => {
  await enact(world.store, OPERATOR, parseChange(input));
  await world.scheduler.drain();
};
const rowOf = (id: AppId) => findLowest(orm(), id)?.versionCode as number | undefined;
const stateOf = (id: VersionId) => findVersion(orm(), id)?.state as string;

async function submit(id: AppId): Promise<VersionId> {
  const versionCode = (codes.get(id) ?? 0) + 1;
  codes.set(id, versionCode);
  const manifest = { id, versionCode, version: `1.${versionCode}.0` };
  const bytes = await signedApp(world.store, publisher.signer, manifest);
  const sent = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  return sent.id;
}

async function publish(id: AppId): Promise<string> {
  const version = await submit(id);
  approve(world.store, reviewer(), version, {});
  await world.scheduler.drain();
  return stateOf(version);
}

async function show(input: VisibilityInput): Promise<void> {
  const { scope } = previewVisibility(world.store, OPERATOR, PRIVATE, input);
  await changeVisibility(world.store, OPERATOR, PRIVATE, input, scope);
  await world.scheduler.drain();
}

function indexOf(id: AppId, audience: Audience = EVERYBODY) {
  const index = parseAppIndex(new Uint8Array(findTargetBody(orm(), indexPath(id), audience) ?? []));
  const listed = index.channels.get("stable")?.map(({ versionCode }) => versionCode as number) ?? [];
  return { lowest: index.lowestVersionCode as number, least: Math.min(...listed) };
}

function listOf(audience: Audience = EVERYBODY) {
  const body = findTargetBody(orm(), "trust/revocations.json", audience);
  const { entries, lowestVersionCodes } = parseRevocations(new Uint8Array(body ?? []));
  return {
    entries: entries.map(({ id, action }) => `${action} ${id}`),
    lowest: [...lowestVersionCodes].map(([id, code]) => `${id} ${code}`),
  };
}

const WAYS: readonly (readonly [string, string])[] = [
  ["lowered", `UPDATE lowest_versions SET version_code = 1 WHERE app_id = '${APP}'`],
  ["raised", `UPDATE lowest_versions SET version_code = 3 WHERE app_id = '${APP}'`],
  ["deleted", `DELETE FROM lowest_versions WHERE app_id = '${APP}'`],
];

describe("the lowest version of an app", () => {
  const isKept = () => {
    expect(rowOf(APP)).toBe(lowest);
    expect(indexOf(APP)).toEqual({ lowest, least: lowest });
    expect(listOf().lowest).toContain(`${APP} ${lowest}`);
  };

  test.each(WAYS)("stays in the index that is signed anew: %s", async (_, change) => {
    tamper(change);
    expect(catalogueDamage(world.store)).toEqual([`the lowest version of ${APP}`]);
    await rebuildShard(world.store, shardOf(APP));
    isKept();
  });

  test.each(WAYS)("stays with a publication: %s", async (_, change) => {
    tamper(change);
    expect(await publish(APP)).toBe("published");
    isKept();
  });

  test.each(WAYS)("comes back once a day, and by reconcile, which names it: %s", async (_, change) => {
    tamper(change);
    await checkCatalogue(world.store);
    isKept();
    tamper(change);
    const found = await reconcileStore(world.store, OPERATOR);
    expect(found.map(({ subject }) => subject)).toEqual([`lowest version of ${APP}`]);
    isKept();
    expect(await reconcileStore(world.store, OPERATOR)).toEqual([]);
  });

  test("falls and rises by acts, and by nothing else", async () => {
    const versionCode = (codes.get(APP) ?? 0) + 3;
    const waiting = await submit(APP);
    await act({ act: "lowest-version", appId: APP, versionCode, reason });
    expect(stateOf(waiting)).toBe("withdrawn");
    // As if nobody had set it.
    tamper("DELETE FROM lowest_versions");
    expect([await publish(APP), rowOf(APP)]).toEqual(["withdrawn", versionCode]);
    await act({ act: "lowest-version", appId: APP, versionCode: lowest, reason });
    isKept();
    expect(await publish(APP)).toBe("published");
    isKept();
  });
});

describe("of an app that few may see", () => {
  test("the lowest version is what its list says", async () => {
    await act({ act: "lowest-version", appId: PRIVATE, versionCode: 2, reason });
    tamper("DELETE FROM lowest_versions");
    await rebuildShard(world.store, shardOf(PRIVATE), SIGNED_IN);
    expect([rowOf(PRIVATE), indexOf(PRIVATE, SIGNED_IN)]).toEqual([2, { lowest: 2, least: 2 }]);
    await act({ act: "lowest-version", appId: PRIVATE, versionCode: 1, reason });
    expect([rowOf(PRIVATE), indexOf(PRIVATE, SIGNED_IN)]).toEqual([undefined, { lowest: 1, least: 1 }]);
    await checkCatalogue(world.store);
  });

  test("what somebody wrote into the tables comes into no list with it", async () => {
    const before = listOf();
    tamper(
      `INSERT INTO revocations (subject, target, action, reason, revoked_at, revoked_by)
         SELECT 'package', content_digest, 'remove', 'Injected.', 1, 'x' FROM versions
         WHERE app_id = '${PRIVATE}' AND version_code = 1`,
    );
    tamper(
      `INSERT INTO lowest_versions (app_id, version_code, reason, set_at, set_by) VALUES ('${PRIVATE}', 2, 'x', 1, 'x')`,
    );
    await show({ visibility: "everyone" });
    expect(listOf()).toEqual(before);
    expect(indexOf(PRIVATE).lowest).toBe(1);
    tamper("DELETE FROM revocations WHERE reason = 'Injected.'");
    await show({ visibility: "signed-in" });
    await checkCatalogue(world.store);
  });

  test("what an administrator revoked does", async () => {
    await act({ act: "revoke", subject: "app", id: PRIVATE, action: "block", reason });
    await act({ act: "lowest-version", appId: PRIVATE, versionCode: 2, reason });
    tamper("DELETE FROM lowest_versions");
    await show({ visibility: "everyone" });
    expect(listOf().entries).toContain(`block ${PRIVATE}`);
    expect(listOf().lowest).toContain(`${PRIVATE} 2`);
    await act({ act: "lift", subject: "app", id: PRIVATE, reason });
    await act({ act: "lowest-version", appId: PRIVATE, versionCode: 1, reason });
    await show({ visibility: "signed-in" });
    await checkCatalogue(world.store);
  });
});

describe("the reason and time of what no list names", () => {
  const HIDDEN = "org.example.hidden" as AppId;
  const name = `app ${HIDDEN}`;
  const revokeIt = (why: string) =>
    act({ act: "revoke", subject: "app", id: HIDDEN, action: "block", reason: why });
  const told = async () => (await compareRevocations(world.store)).map(({ subject }) => subject);
  const sealOf = () =>
    world.store.db.raw.query<{ seal: string }, []>("SELECT hex(sealed) AS seal FROM revocations").get()
      ?.seal ?? "";
  afterEach(async () => {
    await act({ act: "lift", subject: "app", id: HIDDEN, reason });
    expect(await compareRevocations(world.store)).toEqual([]);
  });

  const WAYS: readonly (readonly [string, string])[] = [
    ["another reason", "UPDATE revocations SET reason = 'Nothing much.'"],
    ["another time", "UPDATE revocations SET revoked_at = 1"],
    ["without a seal", "UPDATE revocations SET sealed = NULL"],
  ];
  test.each(WAYS)("are told: %s", async (_, change) => {
    if (!findApp(orm(), HIDDEN)) await submit(HIDDEN);
    await revokeIt("Malware.");
    expect(await told()).toEqual([]);
    tamper(change);
    expect(await told()).toEqual([name]);
    await checkCatalogue(world.store);
    expect(catalogueDamage(world.store)).toEqual([`revocation of ${name}`]);
    // Whoever may revoke it says so again.
    await revokeIt("Malware.");
    await checkCatalogue(world.store);
    expect(catalogueDamage(world.store)).toEqual([]);
  });

  test("are told where they are of an earlier act, with its seal", async () => {
    if (!findApp(orm(), HIDDEN)) await submit(HIDDEN);
    await revokeIt("Harmless.");
    const [seal, at] = [sealOf(), world.store.clock.now().getTime()];
    world.store.clock.advance(5000);
    await revokeIt("Malware.");
    tamper(`UPDATE revocations SET reason = 'Harmless.', revoked_at = ${at}, sealed = x'${seal}'`);
    expect(await told()).toEqual([name]);
  });

  test("of a store that is older than the seals are sealed when the column comes", async () => {
    if (!findApp(orm(), HIDDEN)) await submit(HIDDEN);
    await revokeIt("Malware.");
    tamper("UPDATE revocations SET sealed = NULL");
    sealOldRevocations(world.store.db.orm, () => world.store.vault);
    expect(await told()).toEqual([]);
  });
});
