/** Rows of who is to see an app with its first publication, changed beside the store: it goes to those whom its people chose. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { createGroup } from "../../accounts/groups/groups.ts";
import { type AppId, type Audience, EVERYBODY, type GroupId, type VersionId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { storeForAll } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { createApp, deleteApp } from "../apps.ts";
import { catalogueDamage, checkCatalogue } from "../check-catalogue.ts";
import { reconcileStore } from "../reconcile.ts";
import { findVersion } from "../records.ts";
import { indexPath } from "../tuf/app-index.ts";
import { findTargetBody } from "../tuf/records.ts";
import { audienceOf, SIGNED_IN, type VisibilityInput } from "./audiences.ts";
import { changeVisibility, previewVisibility } from "./change.ts";
import { audiencesOf } from "./records.ts";
import { sealOldAudiences } from "./sealed-audiences.ts";

setDefaultTimeout(240_000);

let publisher: Publisher;
let group: GroupId;
let made = 0;

const world = storeForAll(async () => {
  publisher = await newPublisher(world.store);
  group = createGroup(world.store, OPERATOR, { name: "Testers" }).id;
});

const orm = () => world.store.db.orm;
const tamper = (...statements: readonly string[]) => {
  world.store.db.raw.run("PRAGMA foreign_keys = OFF");
  for (const statement of statements) world.store.db.raw.run(statement);
  world.store.db.raw.run("PRAGMA foreign_keys = ON");
};
const inGroup = (): VisibilityInput => ({ visibility: "groups", groups: [group] });

function create(visibility: VisibilityInput): AppId {
  made += 1;
  // None may be taken for another.
  const id = `org.example.first-${Bun.hash(String(made)).toString(36)}` as AppId;
  const { organisationId } = publisher;
  createApp(world.store, OPERATOR, { id, name: id, organisationId, visibility });
  return id;
}

async function show(id: AppId, input: VisibilityInput): Promise<void> {
  const { scope } = previewVisibility(world.store, OPERATOR, id, input);
  await changeVisibility(world.store, OPERATOR, id, input, scope);
}

/** Its first version, as far as the reviewer's decision. */
async function approved(id: AppId): Promise<VersionId> {
  const bytes = await signedApp(world.store, publisher.signer, { id, versionCode: 1, version: "1.0.0" });
  const { id: version } = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  approve(world.store, reviewer(), version, {});
  return version;
}

const stateOf = (id: VersionId) => findVersion(orm(), id)?.state;
/** In whose catalogues it is. */
const shownTo = (id: AppId) =>
  ([EVERYBODY, SIGNED_IN, audienceOf(group)] as const).filter((audience) =>
    findTargetBody(orm(), indexPath(id), audience),
  );

async function publish(id: AppId): Promise<readonly Audience[]> {
  const version = await approved(id);
  await world.scheduler.drain();
  expect(stateOf(version)).toBe("published");
  return shownTo(id);
}

const showAll = (id: AppId) =>
  `INSERT OR REPLACE INTO app_audiences (app_id, channel, audience, shard, created_at, told_at, left_at)
     SELECT '${id}', channel, '', shard, 1, NULL, NULL FROM app_audiences WHERE app_id = '${id}' LIMIT 1`;
const hideRest = (id: AppId) => `DELETE FROM app_audiences WHERE app_id = '${id}' AND audience <> ''`;

describe("an app that is for a group goes to that alone", () => {
  const WAYS: readonly (readonly [string, (id: AppId) => readonly string[]])[] = [
    ["as it is", () => []],
    ["shown to everybody as well", (id) => [showAll(id)]],
    ["shown to everybody alone", (id) => [showAll(id), hideRest(id)]],
    ["by the very row", (id) => [`UPDATE app_audiences SET audience = '' WHERE app_id = '${id}'`]],
    ["as if told", (id) => [showAll(id), `UPDATE app_audiences SET told_at = 1 WHERE app_id = '${id}'`]],
    ["called public", (id) => [showAll(id), `UPDATE apps SET public_at = 1 WHERE id = '${id}'`]],
    ["shown to nobody", (id) => [`DELETE FROM app_audiences WHERE app_id = '${id}'`]],
  ];
  test.each(WAYS)("%s", async (_, changes) => {
    const id = create(inGroup());
    const version = await approved(id);
    tamper(...changes(id));
    await world.scheduler.drain();
    expect(stateOf(version)).toBe("published");
    expect(shownTo(id)).toEqual([audienceOf(group)]);
  });
});

test("rows come back once a day and are told, of the changed app alone", async () => {
  // What the others have left is brought back first, in whichever order they come.
  await reconcileStore(world.store, OPERATOR);
  expect(await reconcileStore(world.store, OPERATOR)).toEqual([]);
  const [id, other] = [create(inGroup()), create({ visibility: "signed-in" })];
  tamper(showAll(id), hideRest(id));
  const found = (await reconcileStore(world.store, OPERATOR)).map(({ subject }) => subject);
  expect(found).toEqual([`the audiences of ${id}`]);
  expect(audiencesOf(orm(), id)).toEqual([audienceOf(group)]);
  expect(await reconcileStore(world.store, OPERATOR)).toEqual([]);
  expect([await publish(id), await publish(other)]).toEqual([[audienceOf(group)], [SIGNED_IN]]);
});

test("one that is for everybody stays so", async () => {
  const id = create({ visibility: "everyone" });
  tamper(`UPDATE app_audiences SET audience = '${SIGNED_IN}' WHERE app_id = '${id}'`);
  expect(await publish(id)).toEqual([EVERYBODY]);
});

describe("a seal that is not the newest counts nowhere", () => {
  const rowsOf = (id: AppId) =>
    world.store.db.raw
      .query<{ seal: string }, [string]>("SELECT hex(sealed_audiences) AS seal FROM apps WHERE id = ?")
      .get(id)?.seal ?? "";
  const putBack = (id: AppId, seal: string) =>
    tamper(showAll(id), hideRest(id), `UPDATE apps SET sealed_audiences = x'${seal}' WHERE id = '${id}'`);

  /** It waits, and says why; its people say it again. */
  async function waits(id: AppId): Promise<void> {
    const version = await approved(id);
    await world.scheduler.drain();
    expect([stateOf(version), shownTo(id)]).toEqual(["publishing", []]);
    await checkCatalogue(world.store);
    expect(catalogueDamage(world.store)).toContain(`the audiences of ${id}`);
    await show(id, inGroup());
    await checkCatalogue(world.store);
    expect(catalogueDamage(world.store)).toEqual([]);
    world.store.clock.advance(86_400_000);
    await world.scheduler.drain();
    expect([stateOf(version), shownTo(id)]).toEqual(["published", [audienceOf(group)]]);
  }

  test("of before it was changed", async () => {
    const id = create({ visibility: "everyone" });
    const seal = rowsOf(id);
    await show(id, inGroup());
    putBack(id, seal);
    await waits(id);
  });

  test("of another app of that id, which was deleted", async () => {
    const id = create({ visibility: "everyone" });
    const seal = rowsOf(id);
    deleteApp(world.store, OPERATOR, id);
    made -= 1;
    expect(create(inGroup())).toBe(id);
    putBack(id, seal);
    await waits(id);
  });

  test("of another app", async () => {
    const [id, other] = [create(inGroup()), create({ visibility: "everyone" })];
    putBack(id, rowsOf(other));
    await waits(id);
    expect(await publish(other)).toEqual([EVERYBODY]);
  });

  test("nor none", async () => {
    const id = create(inGroup());
    tamper(showAll(id), hideRest(id), `UPDATE apps SET sealed_audiences = NULL WHERE id = '${id}'`);
    const preview = previewVisibility(world.store, OPERATOR, id, { visibility: "everyone" });
    expect(preview.changes).toBe(false);
    await waits(id);
  });

  test("of a store that is older than the seals, rows are sealed as they are when the column comes", async () => {
    const id = create(inGroup());
    tamper(`UPDATE apps SET sealed_audiences = NULL WHERE id = '${id}'`);
    sealOldAudiences(world.store.db.orm, () => world.store.vault);
    tamper(showAll(id), hideRest(id));
    expect(await publish(id)).toEqual([audienceOf(group)]);
  });

  test("an app whose rows were right but for the seal is shown once its people say so", async () => {
    const id = create({ visibility: "everyone" });
    tamper(`UPDATE apps SET sealed_audiences = NULL WHERE id = '${id}'`);
    await show(id, { visibility: "everyone" });
    expect(await publish(id)).toEqual([EVERYBODY]);
  });

  test("and an app that somebody wrote into the database is not published", async () => {
    const [id, other] = ["org.example.written" as AppId, create({ visibility: "everyone" })];
    tamper(
      `INSERT INTO apps (id, organisation_id, name, summary, created_by, created_at, updated_at, published_at,
         catalogue_shard, revision, trusted_only, public_at, sealed_audiences)
       SELECT '${id}', organisation_id, name, summary, created_by, created_at, updated_at, published_at,
         catalogue_shard, revision, trusted_only, public_at, sealed_audiences FROM apps WHERE id = '${other}'`,
      `INSERT INTO app_audiences (app_id, channel, audience, shard, created_at, told_at, left_at)
       SELECT '${id}', channel, audience, shard, created_at, told_at, left_at
         FROM app_audiences WHERE app_id = '${other}'`,
    );
    const version = await approved(id);
    await world.scheduler.drain();
    expect([stateOf(version), shownTo(id)]).toEqual(["publishing", []]);
    expect(await codeOf(() => show(id, inGroup()))).toBe("no problem");
    expect(await publish(other)).toEqual([EVERYBODY]);
  });
});
