/** Who signed a published version, changed beside the store: a revocation concerns what the packages say, and nothing else. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { OPERATOR } from "../accounts/actor.ts";
import type { KeyId, VersionId } from "../ids.ts";
import { releaseSigner } from "../keys/authority.ts";
import { approve } from "../review/decide.ts";
import { storeForEach } from "../testing/prepared.ts";
import {
  newPublisher,
  newSigner,
  type Publisher,
  reviewer,
  signedApp,
  submitBytes,
} from "../testing/publishing.ts";
import { beside } from "../testing/tamper.ts";
import { checkCatalogue } from "./check-catalogue.ts";
import { findVersion } from "./records.ts";
import { releaseKey } from "./release-keys.ts";
import { enact, revoke } from "./revocation/act.ts";
import { parseChange } from "./revocation/change.ts";
import { lookAtRevocation } from "./revocation/preview.ts";
import { previewKeyRevocation } from "./revoke-key.ts";
import { replaceKeys } from "./store-keys/operations.ts";
import { sha256 } from "./tuf/metadata.ts";

setDefaultTimeout(120_000);

let publisher: Publisher;
/** Another key of the same organisation, which signed nothing. */
let other: KeyId;
let ids: readonly VersionId[];
const world = storeForEach(async () => {
  publisher = await newPublisher(world.store);
  other = (await newSigner(world.store, publisher.actor)).keyid as KeyId;
  ids = [await publish("org.example.first"), await publish("org.example.second")];
});
const { orm, tamper, found } = beside(world);

async function publish(id: string): Promise<VersionId> {
  const bytes = await signedApp(world.store, publisher.signer, { id });
  const { id: version } = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  approve(world.store, reviewer(), version, {});
  await world.scheduler.drain();
  return version as VersionId;
}

const signers = () =>
  ids.map((id) => {
    const row = findVersion(orm(), id);
    return [
      ...[row?.developerKeyid, row?.developerCertificate, row?.releaseKeyid, row?.releaseCertificate],
      row?.approvedAt?.toISOString(),
    ];
  });
const key = () => publisher.signer.keyid as KeyId;
const certificate = () => sha256(publisher.signer.certificateDer);
const release = () => releaseSigner(world.store);
const inputOf = (subject: "key" | "certificate" | "developer", id: string) => ({
  ...{ act: "revoke", subject, id, action: "block", reason: "A test." },
});
const radius = async (subject: "key" | "certificate" | "developer", id: string) => {
  const { affected, scope } = await lookAtRevocation(world.store, OPERATOR, inputOf(subject, id) as never, {
    limit: 10,
  });
  return { concerned: affected.published, scope };
};

const NOBODY = "f0".repeat(32);
const WAYS: readonly (readonly [string, () => string])[] = [
  ["another key of the developer", () => `developer_keyid = '${other}'`],
  ["no key of the developer", () => "developer_keyid = NULL"],
  ["another certificate of the developer", () => `developer_certificate = '${NOBODY}'`],
  ["another key of the store", () => `release_keyid = '${NOBODY}', release_certificate = '${NOBODY}'`],
  ["no key of the store", () => "release_keyid = NULL, release_certificate = NULL"],
  ["another time", () => "approved_at = approved_at - 86400000"],
];
const damage = (way: () => string) => tamper(`UPDATE versions SET ${way()} WHERE published_at IS NOT NULL`);

describe("who signed a version is brought back as its package has it", () => {
  test.each(WAYS)("daily and by reconcile: %s", async (_, way) => {
    const before = signers();
    damage(way);
    await checkCatalogue(world.store);
    expect(signers()).toEqual(before);
    damage(way);
    expect(await found()).toEqual([
      expect.stringMatching(/^the signatures of version 7 of org.example.first: .*brought back/),
      expect.stringMatching(/^the signatures of version 7 of org.example.second: .*brought back/),
    ]);
    expect(signers()).toEqual(before);
    expect(await found()).toEqual([]);
  });

  test.each(WAYS)("before a revocation is shown or done that concerns it: %s", async (_, way) => {
    const named = [
      ["key", key()],
      ["certificate", certificate()],
      ["developer", publisher.organisationId],
      ["key", release().keyid],
      ["certificate", sha256(release().certificateDer)],
    ] as const;
    for (const [subject, id] of named) {
      damage(way);
      expect((await radius(subject, id)).concerned).toBe(2);
    }
    damage(way);
    expect((await radius("key", other)).concerned).toBe(0);
    damage(way);
    const shown = await previewKeyRevocation(world.store, OPERATOR, key(), { reason: "Lost." }, { limit: 1 });
    expect(shown.affected.published).toBe(2);
    const { scope } = await radius("key", key());
    damage(way);
    // What was shown is what is done.
    await revoke(world.store, OPERATOR, inputOf("key", key()) as never, scope);
  });

  test("of a version whose released file is gone the log still tells the developer's key", async () => {
    const released = findVersion(orm(), ids[0] ?? ("" as VersionId))?.releasedSha256;
    rmSync(join(world.store.dataDir, "blobs", releaseKey(released ?? ("" as never))));
    damage(() => `developer_keyid = '${other}'`);
    expect((await radius("key", key())).concerned).toBe(2);
    expect((await radius("key", other)).concerned).toBe(0);
  });
});

test.each(WAYS)(
  "after a revocation of the release key the store signs all again, with %s in the rows",
  async (_, way) => {
    const old = release().keyid;
    damage(way);
    await replaceKeys(world.store, OPERATOR, ["release"]);
    damage(way);
    await enact(world.store, OPERATOR, parseChange(inputOf("key", old) as never));
    await world.scheduler.drain();
    const isNew = release().keyid;
    expect(isNew).not.toBe(old);
    expect(signers().map(([, , by]) => by)).toEqual([isNew, isNew]);
    expect(signers().map(([by]) => by)).toEqual([key(), key()]);
    expect(await found()).toEqual([]);
  },
);

test("a row that is changed after the revocation is brought back daily, and signed again then", async () => {
  const old = release().keyid;
  await replaceKeys(world.store, OPERATOR, ["release"]);
  const before = signers();
  tamper("DELETE FROM jobs");
  await enact(world.store, OPERATOR, parseChange(inputOf("key", old) as never));
  damage(() => `release_keyid = '${NOBODY}', release_certificate = '${NOBODY}'`);
  await world.scheduler.drain();
  expect(signers().map(([, , by]) => by)).toEqual([NOBODY, NOBODY]);
  await checkCatalogue(world.store);
  expect(signers()).toEqual(before);
  await world.scheduler.drain();
  expect(signers().map(([, , by]) => by)).toEqual([release().keyid, release().keyid]);
});
