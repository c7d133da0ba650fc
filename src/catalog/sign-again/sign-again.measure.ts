/** A release key that is revoked wholly, or an authority that is distrusted: what the store said with it, it says again. */
import { afterEach, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { initDevice, withDevice } from "../../device/device.ts";
import { install, update } from "../../device/installer.ts";
import { list } from "../../device/inventory.ts";
import { verifyWithCatalogue } from "../../device/verification.ts";
import { isProblem } from "../../errors.ts";
import { openEnvelope } from "../../format/verify-signatures.ts";
import type { AppId, KeyId } from "../../ids.ts";
import { listJobs } from "../../jobs/queue.ts";
import { releaseSigner } from "../../keys/authority.ts";
import { approve } from "../../review/decide.ts";
import { sealEnvelope } from "../../signing/dsse.ts";
import { buildKeyAddition } from "../../signing/key-statements.ts";
import { createCsr, generateKeyPair, type KeyPair } from "../../signing/keys.ts";
import { localSigner, type Signer } from "../../signing/signer.ts";
import { type CatalogueServer, serveCatalogue } from "../../testing/catalogue-server.ts";
import {
  newOwner,
  newPublisher,
  newSigner,
  openPublishing,
  type Publisher,
  type Publishing,
  reviewer,
  revokeKey,
  signedApp,
  submitBytes,
} from "../../testing/publishing.ts";
import { liveThrough } from "../../testing/running.ts";
import { approveRecovery } from "../approve-recovery.ts";
import { enrollKey } from "../developer-keys.ts";
import { selectLineage } from "../lineage.records.ts";
import { addKey } from "../lineage.ts";
import { selectLeaves } from "../log/records.ts";
import { reconcileStore } from "../reconcile.ts";
import * as records from "../records.ts";
import { requestRecovery } from "../recovery.ts";
import { enact } from "../revocation/act.ts";
import { parseChange } from "../revocation/change.ts";
import { distrust, distrustScope } from "../store-keys/distrust.ts";
import { renew, replaceKeys } from "../store-keys/operations.ts";
import { rootSha256 } from "../tuf/repository.ts";

setDefaultTimeout(60_000);

const ROTATED = "org.example.rotated" as AppId;
const RECOVERED = "org.example.recovered" as AppId;
const HOUR_MS = 3_600_000;

let world: Publishing;
let publisher: Publisher;
let server: CatalogueServer;
let homes: string[];

beforeEach(async () => {
  world = await openPublishing();
  publisher = await newPublisher(world.store);
  server = serveCatalogue(world.store.blobs);
  homes = [];
});
afterEach(async () => {
  await server.stop();
  await world.close();
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

async function later(ms: number): Promise<void> {
  world.store.clock.advance(ms);
  await world.scheduler.drain();
}

async function publish(id: AppId, versionCode: number, signer: Signer): Promise<void> {
  const bytes = await signedApp(world.store, signer, { id, versionCode, version: `${versionCode}.0.0` });
  const version = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  approve(world.store, reviewer(), version.id, {});
  await world.scheduler.drain();
  expect(records.findVersion(world.store.db.orm, version.id)?.state).toBe("published");
}

/** A certificate of the authority that issues now, for a new key or for one that has one. */
async function enrolled(keys: KeyPair): Promise<Signer> {
  const { certificatePem } = await enrollKey(world.store, publisher.actor, { csr: await createCsr(keys) });
  return localSigner(keys.privateKey, certificatePem);
}

async function rotate(id: AppId, by: Signer, keys = generateKeyPair()): Promise<Signer> {
  const to = await enrolled(keys);
  const statement = buildKeyAddition({
    appId: id,
    developerId: publisher.organisationId,
    keyId: to.keyid,
    position: selectLineage(world.store.db.orm, id).length,
    addedAt: world.store.clock.now(),
  });
  const addition = Buffer.from(await sealEnvelope(statement, by)).toString("base64");
  await addKey(world.store, publisher.actor, id, { addition });
  await later(HOUR_MS);
  return to;
}

/** Both kinds of statements, each with a release before and after it; the last key of each. */
async function bothApps(
  keys = generateKeyPair(),
): Promise<{ readonly rotated: Signer; readonly recovered: Signer }> {
  await publish(RECOVERED, 1, publisher.signer);
  await publish(ROTATED, 1, publisher.signer);
  const owner = await newOwner(world.store, publisher.organisationId);
  const recovered = await newSigner(world.store, publisher.actor);
  const asked = requestRecovery(world.store, owner, { keyid: recovered.keyid as KeyId, reason: "Lost." });
  liveThrough(world.store, 8);
  await later(0);
  await approveRecovery(world.store, OPERATOR, asked.id, {});
  await later(HOUR_MS);
  await publish(RECOVERED, 2, recovered);
  // The recovery was of every app of the first key; a key that it brought is rotated there.
  const rotated = await rotate(ROTATED, recovered, keys);
  await publish(ROTATED, 2, rotated);
  return { rotated, recovered };
}

async function newDevice(): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), "mosis-sign-again-"));
  homes.push(home);
  await initDevice({
    home,
    url: server.url,
    rootSha256: rootSha256(world.store),
    clock: world.store.clock,
  });
  return home;
}

const on = <T>(home: string, work: Parameters<typeof withDevice<T>>[1]) =>
  withDevice({ home, clock: world.store.clock }, work);

/** What becomes of installing both, or of bringing both up to date. */
async function outcomes(home: string, act: typeof install = install): Promise<string[]> {
  const done: string[] = [];
  for (const id of [ROTATED, RECOVERED]) {
    try {
      const { action, versionCode } = await on(home, (device) => act(device, id));
      done.push(`${action} ${versionCode}`);
    } catch (error) {
      if (!isProblem(error)) throw error;
      done.push(error.code);
    }
  }
  return done;
}

async function revokeRelease(keyid: string, action = "block", approvalsUntil: string | null = null) {
  const input = {
    act: "revoke",
    subject: "key",
    id: keyid,
    action,
    reason: "Stolen.",
    approvalsUntil,
  } as const;
  await enact(world.store, OPERATOR, parseChange(input));
  await world.scheduler.drain();
}

/** Every leaf of these types from a position on. */
function leavesFrom(position: number): string[] {
  return selectLeaves(world.store.db.orm, position, 1000)
    .map(({ entry }) => entry)
    .flatMap((entry) =>
      entry.type === "publication" || entry.type === "approval"
        ? `${entry.type} ${entry.appId} ${entry.versionCode}`
        : entry.type === "developer-key"
          ? `${entry.change} ${entry.appId}`
          : [],
    )
    .sort();
}
const logSize = () => selectLeaves(world.store.db.orm, 0, 1000).length;

const AGAIN = [
  `publication ${RECOVERED} 1`,
  `publication ${RECOVERED} 2`,
  `publication ${ROTATED} 1`,
  `publication ${ROTATED} 2`,
  `sealed ${RECOVERED}`,
  `sealed ${ROTATED}`,
  `sealed ${ROTATED}`,
];

async function mustBeWhole(): Promise<void> {
  expect(await reconcileStore(world.store, OPERATOR)).toEqual([]);
  const open = listJobs(world.store.db, { limit: 1000 }).filter(({ state }) => state !== "done");
  expect(open.map(({ kind, lastError }) => `${kind} ${lastError}`)).toEqual([]);
}

for (const order of ["replaced and then revoked", "revoked and then replaced"] as const) {
  test(`a release key that is ${order}: a new device installs, and an old one goes on`, async () => {
    const { rotated } = await bothApps();
    const old = await newDevice();
    expect(await outcomes(old)).toEqual(["installed 2", "installed 2"]);
    const before = logSize();
    const { keyid } = releaseSigner(world.store);
    const said = selectLineage(world.store.db.orm, ROTATED).map((row) => row.storeStatement);
    await later(HOUR_MS);
    if (order === "replaced and then revoked") {
      await replaceKeys(world.store, OPERATOR, ["release"]);
      await world.scheduler.drain();
      // Nothing is signed again for that.
      expect(leavesFrom(before)).toEqual([]);
      await revokeRelease(keyid);
    } else {
      await revokeRelease(keyid);
      const gone = await outcomes(await newDevice());
      expect(gone).toEqual(["device.lineage_refused", "device.lineage_refused"]);
      expect(await outcomes(old)).toEqual(["device.revoked", "device.revoked"]);
      await replaceKeys(world.store, OPERATOR, ["release"]);
      await world.scheduler.drain();
    }
    expect(await outcomes(await newDevice())).toEqual(["installed 2", "installed 2"]);
    expect(leavesFrom(before)).toEqual(AGAIN);
    await mustBeWhole();

    // Word for word what was said before, with another signature.
    const now = selectLineage(world.store.db.orm, ROTATED).map((row) => row.storeStatement);
    expect(now.length).toBe(3);
    for (const [index, envelope] of now.entries()) {
      const earlier = said[index];
      if (!envelope || !earlier) continue;
      const [one, other] = [openEnvelope(earlier, "release"), openEnvelope(envelope, "release")];
      expect(Buffer.from(other.envelope.payload)).toEqual(Buffer.from(one.envelope.payload));
      expect([one.leaf.key.keyid, other.leaf.key.keyid]).toEqual([keyid, releaseSigner(world.store).keyid]);
    }
    // Its copies have the signature of before: the one that counts comes in its place, once.
    expect(await outcomes(old)).toEqual(["signed-again 2", "signed-again 2"]);
    expect(await outcomes(old)).toEqual(["current 2", "current 2"]);
    const { apps, catalogueProblem } = await on(old, (device) => verifyWithCatalogue(device, null));
    expect([catalogueProblem, apps.map(({ ok, log }) => `${ok} ${log}`)]).toEqual([
      null,
      ["true ok", "true ok"],
    ]);
    await publish(ROTATED, 3, rotated);
    expect(await outcomes(old)).toEqual(["updated 3", "current 2"]);
    // Again, and there is nothing to do.
    const size = logSize();
    await renew(world.store, OPERATOR, "release");
    await world.scheduler.drain();
    expect(leavesFrom(size)).toEqual([]);
  });
}

test("copies that a revocation stopped start again with the new signature", async () => {
  await bothApps();
  const home = await newDevice();
  await outcomes(home);
  const { keyid } = releaseSigner(world.store);
  await replaceKeys(world.store, OPERATOR, ["release"]);
  await revokeRelease(keyid, "disable");
  const { apps, failures } = await on(home, (device) => update(device, null));
  expect([apps.map(({ action }) => action), failures]).toEqual([["signed-again", "signed-again"], []]);
  expect((await on(home, async (device) => list(device))).map(({ state }) => state)).toEqual([
    "ready",
    "ready",
  ]);
});

test("with a time only what was said after it is said again", async () => {
  const { rotated } = await bothApps();
  const until = world.store.clock.now().toISOString();
  await later(HOUR_MS);
  await publish(ROTATED, 3, rotated);
  const last = await rotate(ROTATED, rotated);
  const { keyid } = releaseSigner(world.store);
  await replaceKeys(world.store, OPERATOR, ["release"]);
  await world.scheduler.drain();
  const before = logSize();
  await revokeRelease(keyid, "block", until);
  expect(leavesFrom(before)).toEqual([`publication ${ROTATED} 3`, `sealed ${ROTATED}`]);
  expect(await outcomes(await newDevice())).toEqual(["installed 3", "installed 2"]);
  await publish(ROTATED, 4, last);
  expect(await outcomes(await newDevice())).toEqual(["installed 4", "installed 2"]);
  await mustBeWhole();
});

test("what is revoked for another reason is signed by no new key, until that is lifted", async () => {
  const { recovered } = await bothApps();
  await revokeKey(world.store, OPERATOR, publisher.signer.keyid as KeyId, { reason: "Lost." });
  const version = records.findVersionByCode(world.store.db.orm, RECOVERED, 2 as never);
  const name = { subject: "package", id: version?.contentDigest ?? "", reason: "It was a mistake." } as const;
  await enact(world.store, OPERATOR, parseChange({ ...name, act: "revoke", action: "block" }));
  await world.scheduler.drain();
  const before = logSize();
  const { keyid } = releaseSigner(world.store);
  await replaceKeys(world.store, OPERATOR, ["release"]);
  await revokeRelease(keyid);
  expect(leavesFrom(before)).toEqual([
    `publication ${ROTATED} 2`,
    ...AGAIN.filter((leaf) => leaf.startsWith("sealed")),
  ]);
  expect(await outcomes(await newDevice())).toEqual(["installed 2", "device.no_release"]);
  await enact(world.store, OPERATOR, parseChange({ ...name, act: "lift" }));
  await world.scheduler.drain();
  expect(await outcomes(await newDevice())).toEqual(["installed 2", "installed 2"]);
  await publish(RECOVERED, 3, recovered);
  await mustBeWhole();
});

test("an old root that is distrusted: what rested on it is said again under the new one", async () => {
  const { rotated } = await bothApps();
  const old = await newDevice();
  await outcomes(old);
  await later(HOUR_MS);
  await replaceKeys(world.store, OPERATOR, ["ca-root"]);
  await world.scheduler.drain();
  const before = logSize();
  const by = { restsOn: "release", signedAgain: true } as const;
  const { versions, lineages, apps } = await distrustScope(world.store, "ca-root");
  expect([
    apps,
    versions.map(({ appId, versionCode, ...rest }) => `${appId} ${versionCode} ${rest.restsOn}`),
  ]).toEqual([2, [RECOVERED, ROTATED].flatMap((id) => [`${id} 1 release`, `${id} 2 release`])]);
  expect(versions.every(({ signedAgain }) => signedAgain)).toBe(true);
  expect(lineages).toEqual([
    { appId: RECOVERED, keys: 1, ...by },
    { appId: ROTATED, keys: 2, ...by },
  ]);
  await distrust(world.store, OPERATOR, "ca-root");
  await world.scheduler.drain();
  expect(leavesFrom(before)).toEqual(AGAIN);
  expect(await outcomes(await newDevice())).toEqual(["installed 2", "installed 2"]);
  await publish(ROTATED, 3, rotated);
  expect(await outcomes(old)).toEqual(["updated 3", "signed-again 2"]);
  await mustBeWhole();
});

test("what a developer said under an authority that is distrusted nobody can say again, and that is told before", async () => {
  const keys = generateKeyPair();
  await bothApps(keys);
  const old = await newDevice();
  await outcomes(old);
  await replaceKeys(world.store, OPERATOR, ["ca-developer"]);
  await world.scheduler.drain();
  const { versions, lineages } = await distrustScope(world.store, "ca-developer");
  expect(versions.map(({ restsOn, signedAgain }) => [restsOn, signedAgain])).toEqual(
    versions.map(() => ["developer", false]),
  );
  // The recovery is the store's word alone.
  expect(lineages).toEqual([{ appId: ROTATED, keys: 1, restsOn: "developer", signedAgain: false }]);
  const before = logSize();
  await distrust(world.store, OPERATOR, "ca-developer");
  await world.scheduler.drain();
  expect(leavesFrom(before)).toEqual([]);
  // The same key with a certificate of the new authority.
  await publish(ROTATED, 3, await enrolled(keys));
  expect(await outcomes(await newDevice())).toEqual(["device.lineage_refused", "device.package_refused"]);
  expect(await outcomes(old)).toEqual(["updated 3", "current 2"]);
  // Nor is it the store's to sign again, when its own root follows.
  await replaceKeys(world.store, OPERATOR, ["ca-root"]);
  await distrust(world.store, OPERATOR, "ca-root");
  await world.scheduler.drain();
  expect(leavesFrom(before).filter((leaf) => !leaf.startsWith("sealed"))).toEqual([
    `approval ${ROTATED} 3`,
    `publication ${ROTATED} 3`,
    `publication ${ROTATED} 3`,
  ]);
  await mustBeWhole();
});
