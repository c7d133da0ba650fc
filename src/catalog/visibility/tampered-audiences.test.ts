/** Rows of who may see an app, changed beside the store: it stays in the catalogues that are signed with it, and in no other. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { type AppId, type Audience, EVERYBODY, type Sha256 } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { storeForAll } from "../../testing/prepared.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { checkCatalogue } from "../check-catalogue.ts";
import { findNewestLeaf } from "../log/records.ts";
import { reconcileStore } from "../reconcile.ts";
import { findApp, findVersion } from "../records.ts";
import { indexPath, shardOf, shardPath } from "../tuf/app-index.ts";
import { parseAppIndex, parseShard } from "../tuf/documents.ts";
import { findTargetBody } from "../tuf/records.ts";
import { SIGNED_IN, type VisibilityInput } from "./audiences.ts";
import { changeVisibility, previewVisibility } from "./change.ts";
import { audiencesOf } from "./records.ts";

setDefaultTimeout(240_000);

const PRIVATE = "org.example.private" as AppId;
/** Two that stand in the same part of the browsable catalogue. */
const [PUBLIC = PRIVATE, OTHER = PRIVATE] = Array.from(
  { length: 2000 },
  (_, at) => `org.example.a${at}` as AppId,
).filter((id) => shardOf(id) === shardOf(PRIVATE));
let publisher: Publisher;
const codes = new Map<AppId, number>();

const world = storeForAll(async () => {
  publisher = await newPublisher(world.store);
  for (const id of [PRIVATE, PUBLIC, OTHER]) await publish(id);
  await show(PRIVATE, { visibility: "signed-in" });
});

const orm = () => world.store.db.orm;
const tamper = (statement: string) => world.store.db.raw.run(statement);

async function publish(id: AppId): Promise<Sha256> {
  const versionCode = (codes.get(id) ?? 0) + 1;
  codes.set(id, versionCode);
  const bytes = await signedApp(world.store, publisher.signer, {
    ...{ id, versionCode, version: `1.${versionCode}.0` },
  });
  const { id: version } = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  approve(world.store, reviewer(), version, {});
  await world.scheduler.drain();
  const row = findVersion(orm(), version);
  expect(row?.state).toBe("published");
  return row?.contentDigest ?? ("" as Sha256);
}

async function show(id: AppId, input: VisibilityInput): Promise<void> {
  const { scope } = previewVisibility(world.store, OPERATOR, id, input);
  await changeVisibility(world.store, OPERATOR, id, input, scope);
  await world.scheduler.drain();
}

const body = (path: string, audience: Audience) => {
  const found = findTargetBody(orm(), path, audience);
  return found === null ? null : new Uint8Array(found);
};

/** The newest version in an audience's index, and whether its shard names the app. */
function shown(id: AppId, audience: Audience): string {
  const index = body(indexPath(id), audience);
  const shard = body(shardPath(shardOf(id)), audience);
  const isListed = shard !== null && parseShard(shard, shardOf(id)).some(({ appId }) => appId === id);
  const newest = index && parseAppIndex(index).channels.get("stable")?.[0]?.versionCode;
  return `${newest ?? "no index"}, ${isListed ? "listed" : "not listed"}`;
}

/** What everybody may download. */
const packages = () => readdirSync(join(world.store.dataDir, "blobs/store/v1/packages")).sort();

const SHOW_ALL = `INSERT OR REPLACE INTO app_audiences (app_id, channel, audience, shard, created_at, told_at, left_at)
  SELECT '${PRIVATE}', channel, '', shard, 1, 1, NULL FROM app_audiences WHERE app_id = '${PRIVATE}' LIMIT 1`;

describe("an app that few may see stays theirs", () => {
  const WAYS: readonly (readonly [string, readonly string[]])[] = [
    ["for everybody as well", [SHOW_ALL]],
    [
      "for everybody alone",
      [SHOW_ALL, `DELETE FROM app_audiences WHERE app_id = '${PRIVATE}' AND audience <> ''`],
    ],
    ["called public", [SHOW_ALL, `UPDATE apps SET public_at = 1 WHERE id = '${PRIVATE}'`]],
    [
      "called public, and shown to nobody",
      [
        `UPDATE apps SET public_at = 1 WHERE id = '${PRIVATE}'`,
        `DELETE FROM app_audiences WHERE app_id = '${PRIVATE}'`,
      ],
    ],
  ];
  const isTheirs = () => {
    expect(shown(PRIVATE, EVERYBODY)).toBe("no index, not listed");
    expect(shown(PRIVATE, SIGNED_IN)).toBe(`${codes.get(PRIVATE)}, listed`);
    expect(audiencesOf(orm(), PRIVATE)).toEqual([SIGNED_IN]);
    expect(findApp(orm(), PRIVATE)?.publicAt).toBeNull();
  };

  test.each(WAYS)("with its next version: %s", async (_, changes) => {
    const before = packages();
    for (const change of changes) tamper(change);
    const digest = await publish(PRIVATE);
    isTheirs();
    expect(packages()).toEqual(before);
    expect(findNewestLeaf(orm(), digest, "publication")?.salt).not.toBeNull();
  });

  test.each(WAYS)("with the next version of another app in the same part: %s", async (_, changes) => {
    for (const change of changes) tamper(change);
    await publish(PUBLIC);
    expect(shown(PRIVATE, EVERYBODY)).toBe("no index, not listed");
    expect(shown(PUBLIC, EVERYBODY)).toBe(`${codes.get(PUBLIC)}, listed`);
    const found = await reconcileStore(world.store, OPERATOR);
    expect(found.map(({ subject }) => subject)).toContain(`the audiences of ${PRIVATE}`);
    isTheirs();
    expect(await reconcileStore(world.store, OPERATOR)).toEqual([]);
  });
});

describe("an app that everybody may see stays so", () => {
  const WAYS: readonly (readonly [string, string])[] = [
    ["without a row", `DELETE FROM app_audiences WHERE app_id = '${PUBLIC}'`],
    ["that it has left", `UPDATE app_audiences SET left_at = 1 WHERE app_id = '${PUBLIC}'`],
    ["that was never told", `UPDATE app_audiences SET told_at = NULL WHERE app_id = '${PUBLIC}'`],
    ["not public", `UPDATE apps SET public_at = NULL WHERE id = '${PUBLIC}'`],
  ];
  const isEverybodys = () => {
    expect(shown(PUBLIC, EVERYBODY)).toBe(`${codes.get(PUBLIC)}, listed`);
    expect(audiencesOf(orm(), PUBLIC)).toEqual([EVERYBODY]);
    expect(findApp(orm(), PUBLIC)?.publicAt).not.toBeNull();
  };

  test.each(WAYS)("with its next version: %s", async (_, change) => {
    tamper(change);
    await publish(PUBLIC);
    isEverybodys();
  });

  test.each(WAYS)("with the next version of another, and once a day: %s", async (_, change) => {
    tamper(change);
    await publish(OTHER);
    expect(shown(PUBLIC, EVERYBODY)).toBe(`${codes.get(PUBLIC)}, listed`);
    await checkCatalogue(world.store);
    isEverybodys();
  });
});

test("by an act it is shown to others, and back", async () => {
  await show(OTHER, { visibility: "signed-in" });
  expect([shown(OTHER, EVERYBODY), shown(OTHER, SIGNED_IN)]).toEqual([
    "no index, not listed",
    `${codes.get(OTHER)}, listed`,
  ]);
  await show(OTHER, { visibility: "everyone" });
  expect(shown(OTHER, EVERYBODY)).toBe(`${codes.get(OTHER)}, listed`);
  expect(await reconcileStore(world.store, OPERATOR)).toEqual([]);
});
