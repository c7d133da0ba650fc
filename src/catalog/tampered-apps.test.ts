/** Rows of apps that somebody changed beside the store: what is signed next of an app goes on from what was signed of it. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import { approve } from "../review/decide.ts";
import { storeForEach } from "../testing/prepared.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../testing/publishing.ts";
import { beside } from "../testing/tamper.ts";
import { checkCatalogue } from "./check-catalogue.ts";
import { enact } from "./revocation/act.ts";
import { parseChange } from "./revocation/change.ts";
import { shardOf, shardPath } from "./tuf/app-index.ts";
import { findTargetBody } from "./tuf/records.ts";

setDefaultTimeout(120_000);

const APP = "org.example.shown";
/** In the same shard. */
const OTHER =
  Array.from({ length: 5000 }, (_, at) => `org.example.other${at}`).find(
    (id) => shardOf(id) === shardOf(APP),
  ) ?? "";
let publisher: Publisher;
const world = storeForEach(async () => {
  publisher = await newPublisher(world.store);
  await publish(APP, 1);
});
const { orm, tamper, found } = beside(world);

async function publish(id: string, versionCode: number): Promise<void> {
  const manifest = { id, versionCode, version: `1.${versionCode}.0` };
  const bytes = await signedApp(world.store, publisher.signer, manifest);
  const sent = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  approve(world.store, reviewer(), sent.id, {});
  await world.scheduler.drain();
}

describe("the shard of an app is what follows from its id", () => {
  const listed = () => {
    const shards = Array.from({ length: 64 }, (_, at) => findTargetBody(orm(), shardPath(at)));
    return shards.flatMap((body, at) =>
      body === null
        ? []
        : (JSON.parse(Buffer.from(body).toString()).apps as { appId: string }[]).map(
            ({ appId }) => `${at} ${appId}`,
          ),
    );
  };
  const ways: readonly (readonly [string, () => void])[] = [
    ["of the app", () => tamper("UPDATE apps SET catalogue_shard = 5")],
    ["of its audiences", () => tamper("UPDATE app_audiences SET shard = 5")],
  ];

  test.each(ways)("whatever its row says %s", async (_, damage) => {
    damage();
    await publish(OTHER, 1);
    const both = [APP, OTHER].map((id) => `${shardOf(id)} ${id}`);
    expect(listed().sort()).toEqual([...both].sort());
    damage();
    await publish(APP, 2);
    const change = { subject: "app", id: APP, reason: "A test." } as const;
    await enact(world.store, OPERATOR, parseChange({ act: "revoke", ...change, action: "block" }));
    await world.scheduler.drain();
    expect(listed()).toEqual(both.slice(1));
    await enact(world.store, OPERATOR, parseChange({ act: "lift", ...change }));
    await world.scheduler.drain();
    expect(listed().sort()).toEqual([...both].sort());
    damage();
    expect(await found()).toContainEqual(
      expect.stringMatching(new RegExp(`^the shard of ${APP}: .*brought back`)),
    );
    expect(await found()).toEqual([]);
    damage();
    await checkCatalogue(world.store);
    expect(world.store.db.raw.query("SELECT DISTINCT catalogue_shard AS n FROM apps").all()).toEqual([
      { n: shardOf(APP) },
    ]);
  });
});
