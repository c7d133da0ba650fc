/** Rows of packages that somebody changed beside the store, beyond what the index has: manifests, pictures, what lists say. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../accounts/actor.ts";
import type { AppId, Sha256, VersionId } from "../ids.ts";
import { approve } from "../review/decide.ts";
import { storeForEach } from "../testing/prepared.ts";
import { newPublisher, type Publisher, reviewer, signedApp, submitBytes } from "../testing/publishing.ts";
import { beside } from "../testing/tamper.ts";
import { catalogueDamage, checkCatalogue } from "./check-catalogue.ts";
import { findApp, findVersion, selectPictures } from "./records.ts";
import { releaseKey } from "./release-keys.ts";
import { enact } from "./revocation/act.ts";
import { parseChange } from "./revocation/change.ts";
import { rebuildShard } from "./revocation/reoffer.ts";
import { shardOf, shardPath } from "./tuf/app-index.ts";
import { findTargetBody } from "./tuf/records.ts";
import { uploadKey } from "./upload.ts";

setDefaultTimeout(120_000);

const APP = "org.example.shown" as AppId;
/** In the same shard. */
const OTHER = (Array.from({ length: 5000 }, (_, at) => `org.example.other${at}`).find(
  (id) => shardOf(id) === shardOf(APP),
) ?? "") as AppId;
let publisher: Publisher;
let ids: VersionId[];
const world = storeForEach(async () => {
  publisher = await newPublisher(world.store);
  ids = [await publish(APP, 1), await publish(APP, 2)];
});
const { orm, tamper, found } = beside(world);

const shard = () => Buffer.from(findTargetBody(orm(), shardPath(shardOf(APP))) ?? []).toString();
const line = () => JSON.parse(shard()).apps.find(({ appId }: { appId: string }) => appId === APP);
const facts = (app = findApp(orm(), APP)) => ({
  texts: [app?.name, app?.summary],
  versions: ids.map((id) => {
    const row = findVersion(orm(), id);
    return [row?.manifest, row?.version, selectPictures(orm(), id)];
  }),
});

async function send(id: AppId, versionCode: number): Promise<VersionId> {
  const summary = { en: `What ${id} is for.` };
  const manifest = { id, versionCode, version: `1.${versionCode}.0`, summary };
  const sent = await submitBytes(
    world.store,
    publisher.actor,
    await signedApp(world.store, publisher.signer, manifest),
  );
  await world.scheduler.drain();
  return sent.id;
}

async function publish(id: AppId, versionCode: number): Promise<VersionId> {
  const sent = await send(id, versionCode);
  approve(world.store, reviewer(), sent, {});
  await world.scheduler.drain();
  return sent;
}

const of = (code: number) => `WHERE app_id = '${APP}' AND version_code = ${code}`;
const pictureOf = (code: number) => `WHERE version_id = (SELECT id FROM versions ${of(code)})`;

const WAYS: readonly (readonly [what: string, string, () => void])[] = [
  [
    "manifest of version 2",
    "what it is for",
    () => tamper(`UPDATE versions SET manifest = replace(manifest, 'is for', 'was for') ${of(2)}`),
  ],
  [
    "manifest of version 1",
    "what an older one was for",
    () => tamper(`UPDATE versions SET manifest = replace(manifest, 'is for', 'was for') ${of(1)}`),
  ],
  ["manifest of version 2", "no manifest", () => tamper(`UPDATE versions SET manifest = NULL ${of(2)}`)],
  ["manifest of version 2", "no JSON", () => tamper(`UPDATE versions SET manifest = '{' ${of(2)}`)],
  ["manifest of version 2", "its version", () => tamper(`UPDATE versions SET version = '9.9.9' ${of(2)}`)],
  [
    "pictures of version 2",
    "pictures that went",
    () => tamper(`DELETE FROM version_pictures ${pictureOf(2)}`),
  ],
  [
    "pictures of version 1",
    "an older one's pictures",
    () => tamper(`DELETE FROM version_pictures ${pictureOf(1)} AND position = 1`),
  ],
  [
    "pictures of version 2",
    "another picture",
    () =>
      tamper(
        `UPDATE version_pictures SET blob_key = 'pictures/${"a".repeat(64)}.png' ${pictureOf(2)} AND width_px = 128`,
      ),
  ],
  [
    "pictures of version 2",
    "how large one is",
    () => tamper(`UPDATE version_pictures SET width_px = 1 ${pictureOf(2)}`),
  ],
  ["name", "what lists call it", () => tamper(`UPDATE apps SET name = 'Other' WHERE id = '${APP}'`)],
  ["name", "what lists say of it", () => tamper(`UPDATE apps SET summary = 'Other' WHERE id = '${APP}'`)],
];

describe("come back from the package", () => {
  test.each(WAYS)("%s, once a day and by reconcile, which names it: %s", async (what, _, damage) => {
    const before = facts();
    damage();
    await checkCatalogue(world.store);
    expect(facts()).toEqual(before);
    expect(catalogueDamage(world.store)).toEqual([]);
    damage();
    expect(await found()).toContainEqual(
      expect.stringMatching(new RegExp(`^the ${what} of ${APP}: .*brought back`)),
    );
    expect(facts()).toEqual(before);
    expect(await found()).toEqual([]);
  });

  test.each(WAYS)("%s: and nothing of it is signed meanwhile: %s", async (_, __, damage) => {
    const before = line();
    damage();
    await publish(OTHER, 1);
    expect(line()).toEqual(before);
    await rebuildShard(world.store, shardOf(APP)).catch(() => undefined);
    expect(line()).toEqual(before);
  });

  test("before it is published", async () => {
    const sent = await send(APP, 3);
    approve(world.store, reviewer(), sent, {});
    tamper(`UPDATE versions SET manifest = replace(manifest, 'is for', 'was for') ${of(3)}`);
    tamper(`DELETE FROM version_pictures ${pictureOf(3)}`);
    await world.scheduler.drain();
    expect(line()).toMatchObject({ versionCode: 3, texts: { en: { summary: `What ${APP} is for.` } } });
    expect(line().icon).not.toBeNull();
    expect(findApp(orm(), APP)?.summary).toBe(`What ${APP} is for.`);
  });

  test("before it is offered again, in the place of another", async () => {
    const before = line();
    tamper(`UPDATE versions SET manifest = replace(manifest, 'is for', 'was for') ${of(1)}`);
    const id = findVersion(orm(), ids[1] as VersionId)?.contentDigest ?? "";
    const change = { act: "revoke", subject: "package", id, action: "block", reason: "A test." } as const;
    await enact(world.store, OPERATOR, parseChange(change));
    await world.scheduler.drain();
    expect(line()).toMatchObject({ versionCode: 1, texts: before.texts });
  });
});

test("the name of an organisation may become another", async () => {
  tamper("UPDATE organisations SET name = 'Renamed'");
  await publish(OTHER, 1);
  expect(line().publisher).toBe("Renamed");
  expect(await found()).toEqual([]);
});

test("a version that another package was put in the place of is named", async () => {
  await publish(OTHER, 1);
  tamper(
    `UPDATE versions SET content_digest = (SELECT content_digest FROM versions WHERE app_id = '${OTHER}') ${of(1)}`,
  );
  await checkCatalogue(world.store);
  expect(catalogueDamage(world.store)).toContain(`the version 1 of ${APP}`);
});

test("a package that is no file any more says nothing of its rows", async () => {
  const row = findVersion(orm(), ids[0] as VersionId);
  const { blobs } = world.store;
  await blobs.remove(uploadKey(row?.uploadSha256 ?? ("" as Sha256)));
  await blobs.remove(releaseKey(row?.releasedSha256 ?? ("" as Sha256)));
  tamper(`UPDATE versions SET manifest = replace(manifest, 'is for', 'was for') ${of(1)}`);
  await checkCatalogue(world.store);
  expect(findVersion(orm(), ids[0] as VersionId)?.manifest).toContain("was for");
  expect(await found()).toContainEqual(expect.stringMatching(/there is a row and no file/));
});
