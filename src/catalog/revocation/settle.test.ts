/** What is approved and lost the store's signature gets a new one by itself, once the store has a key again that counts. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import type { Sha256, VersionId } from "../../ids.ts";
import { releaseSigner } from "../../keys/authority.ts";
import { approve } from "../../review/decide.ts";
import {
  newPublisher,
  openPublishing,
  type Publishing,
  reviewer,
  signedApp,
  submitBytes,
} from "../../testing/publishing.ts";
import { findNewestLeaf } from "../log/records.ts";
import * as catalog from "../records.ts";
import { replaceKeys } from "../store-keys/operations.ts";
import { publishVersion } from "../versions.ts";
import { enact } from "./act.ts";
import { parseChange } from "./change.ts";

let world: Publishing;
beforeEach(async () => {
  world = await openPublishing();
});
afterEach(() => world.close());

const row = (id: VersionId) => catalog.findVersion(world.store.db.orm, id);

async function revokeRelease(): Promise<string> {
  const { keyid } = releaseSigner(world.store);
  const input = { act: "revoke", subject: "key", id: keyid, action: "block", reason: "Stolen." } as const;
  await enact(world.store, OPERATOR, parseChange(input));
  await world.scheduler.drain();
  return keyid;
}

for (const [jobs, waitMs] of [
  ["waits to be tried again", 0],
  ["was given up", 86_400_000],
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
    for (let waited = 0; waited < waitMs; waited += 3_600_000) {
      store.clock.advance(3_600_000);
      await scheduler.drain();
    }
    expect(row(id)?.state).toBe("signing");

    await replaceKeys(store, OPERATOR, ["release"]);
    await scheduler.drain();
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
