/** What is approved and lost the store's signature gets a new one by itself, once the store has a key again that counts. */
import { expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { write } from "../../db/database.ts";
import type { Sha256, VersionId } from "../../ids.ts";
import { claim, enqueue, fail, queueHealth } from "../../jobs/queue.ts";
import { releaseSigner } from "../../keys/authority.ts";
import { approve } from "../../review/decide.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { newPublisher, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { findNewestLeaf } from "../log/records.ts";
import * as catalog from "../records.ts";
import { replaceKeys } from "../store-keys/operations.ts";
import { readStoreKeys } from "../store-keys/overview.ts";
import { publishVersion } from "../versions.ts";
import { enact } from "./act.ts";
import { parseChange } from "./change.ts";

const world = storeForEach();

const row = (id: VersionId) => catalog.findVersion(world.store.db.orm, id);

async function revokeRelease(): Promise<string> {
  const { keyid } = releaseSigner(world.store);
  const input = { act: "revoke", subject: "key", id: keyid, action: "block", reason: "Stolen." } as const;
  await enact(world.store, OPERATOR, parseChange(input));
  await world.scheduler.drain();
  return keyid;
}

/** A version of which the job of the store's signature ran and failed for good, as before this version of the program. */
function bury(id: VersionId): void {
  const { db, clock } = world.store;
  write(db, (tx) =>
    enqueue(tx, { kind: "version.countersign", key: id, payload: { versionId: id } }, clock.now()),
  );
  const job = claim(db, clock.now());
  if (job) fail(db, job, "The key is revoked.", { now: clock.now(), random: 0, final: true });
  expect(queueHealth(db).dead).toBe(1);
}

for (const [jobs, isBuried] of [
  ["waits for the key", false],
  ["is a dead letter", true],
] as const) {
  test(`a held version whose job ${jobs} when the release key is replaced`, async () => {
    const { store, scheduler } = world;
    const publisher = await newPublisher(store);
    const bytes = await signedApp(store, publisher.signer, {});
    const { id, appId } = await submitBytes(store, publisher.actor, bytes, { hold: true });
    await scheduler.drain();
    approve(store, reviewer(), id, {});
    await scheduler.drain();
    expect(row(id)?.state).toBe("held");

    const revoked = await revokeRelease();
    expect(row(id)).toMatchObject({ state: "signing", releasedSha256: null, releaseKeyid: null });
    expect(queueHealth(store.db)).toMatchObject({ queued: 0, dead: 0 });
    if (isBuried) bury(id);

    await replaceKeys(store, OPERATOR, ["release"]);
    await scheduler.drain();
    expect(queueHealth(store.db)).toMatchObject({ queued: 0, dead: 0 });
    const { keyid } = releaseSigner(store);
    expect(keyid).not.toBe(revoked);
    expect(row(id)).toMatchObject({ state: "held", releaseKeyid: keyid });
    // The store's signature and the log's newest leaf of it name one time: devices compare them.
    const { contentDigest, approvedAt } = row(id) ?? {};
    const leaf = findNewestLeaf(store.db.orm, contentDigest as Sha256, "approval");
    expect(leaf?.recordedAt).toEqual(approvedAt as Date);
    publishVersion(store, publisher.actor, appId, id);
    await scheduler.drain();
    expect(row(id)?.state).toBe("published");
  });
}

test("nothing is approved while the release key is revoked, and what waits is signed once that is lifted", async () => {
  const { store, scheduler } = world;
  const publisher = await newPublisher(store);
  const [waits, later] = [await send("org.example.waits"), await send("org.example.later")];
  async function send(id: string): Promise<VersionId> {
    const bytes = await signedApp(store, publisher.signer, { id });
    const version = await submitBytes(store, publisher.actor, bytes);
    await scheduler.drain();
    return version.id;
  }
  // Revoked after the approval, and before its job.
  approve(store, reviewer(), waits, {});
  const id = await revokeRelease();
  expect([row(waits)?.state, queueHealth(store.db).dead]).toEqual(["signing", 0]);
  expect(() => approve(store, reviewer(), later, {})).toThrow(
    expect.objectContaining({
      code: "review.release_key_revoked",
      message: expect.stringContaining("release"),
    }),
  );
  expect(row(later)?.state).toBe("in_review");
  expect(readStoreKeys(store, OPERATOR).next[0]).toEqual({
    do: "release_revoked",
    what: "release",
    waits: false,
  });

  const lift = { act: "lift", subject: "key", id, reason: "It was another one." } as const;
  await enact(store, OPERATOR, parseChange(lift));
  approve(store, reviewer(), later, {});
  await scheduler.drain();
  expect([row(waits)?.state, row(later)?.state, queueHealth(store.db).dead]).toEqual([
    "published",
    "published",
    0,
  ]);
  expect(readStoreKeys(store, OPERATOR).next.map((step) => step.do)).not.toContain("release_revoked");
});
