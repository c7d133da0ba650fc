/** Whose certificates fall with an authority is told before, to the owners, and where their keys are shown. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { OPERATOR } from "../../accounts/actor.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import type { AccountId, AppId, OrganisationId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { sealEnvelope } from "../../signing/dsse.ts";
import { buildKeyAddition } from "../../signing/key-statements.ts";
import { createCsr, fingerprintText, generateKeyPair, type KeyPair } from "../../signing/keys.ts";
import { localSigner, type Signer } from "../../signing/signer.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import {
  newOwner,
  newPublisher,
  newSigner,
  type Publisher,
  reviewer,
  revokeKey,
  signedApp,
  submitBytes,
} from "../../testing/publishing.ts";
import { enrollKey, listDeveloperKeys } from "../developer-keys.ts";
import { addKey, readLineage } from "../lineage.ts";
import { enact } from "../revocation/act.ts";
import { parseChange } from "../revocation/change.ts";
import { listFindings } from "../versions.ts";
import { distrust, distrustScope } from "./distrust.ts";
import { replaceKeys } from "./operations.ts";

setDefaultTimeout(60_000);

const APP = "org.example.told" as AppId;

let publisher: Publisher;
let keys: KeyPair;
let signer: Signer;
let owners: readonly AccountId[];

const world = storeForEach(async () => {
  publisher = await newPublisher(world.store, "Told");
  keys = generateKeyPair();
  signer = await enrolled();
  owners = [await join("first", publisher.organisationId), await join("second", publisher.organisationId)];
});

async function join(name: string, organisationId: OrganisationId): Promise<AccountId> {
  return (await newOwner(world.store, organisationId, `${name}@example.org`)).accountId;
}

async function enrolled(): Promise<Signer> {
  const { certificatePem } = await enrollKey(world.store, publisher.actor, { csr: await createCsr(keys) });
  return localSigner(keys.privateKey, certificatePem);
}

async function submit(versionCode: number, by = signer): Promise<string[]> {
  const bytes = await signedApp(world.store, by, { id: APP, versionCode, version: `${versionCode}.0.0` });
  const { id } = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  const codes = listFindings(world.store, publisher.actor, APP, id).map(({ code }) => code);
  if (codes.length === 0) approve(world.store, reviewer(), id, {});
  await world.scheduler.drain();
  return codes;
}

const messages = () =>
  listMessages(world.store, OPERATOR, { limit: 50 }).items.filter(
    ({ kind }) => kind === "key.certificate_distrusted",
  );

const view = () => {
  const found = listDeveloperKeys(world.store, publisher.actor, { limit: 10 }).items.find(
    ({ keyid }) => keyid === (signer.keyid as string),
  );
  const place = readLineage(world.store, publisher.actor, APP).keys[0];
  return {
    revoked: found?.certificateRevoked ?? null,
    since: found?.certificateDistrustedAt ?? null,
    usable: found?.apps.map(({ usable }) => usable),
    place: [place?.usable, place?.certificateDistrustedAt ?? null],
  };
};

const GOOD = { revoked: null, since: null, usable: [true], place: [true, null] };

test("is told before and in the act, shown at the keys, and over once they are enrolled again", async () => {
  const { store } = world;
  await submit(1);
  await replaceKeys(store, OPERATOR, ["ca-developer"]);
  // Certified by the new authority: it loses nothing, and its owner hears nothing.
  const other = await newPublisher(store, "Other");
  await join("stranger", other.organisationId);
  expect(view()).toEqual(GOOD);

  const scope = await distrustScope(store, "ca-developer");
  // The publisher's own first key, of no app, is the second one.
  expect(scope.developers).toEqual([
    { developerId: publisher.organisationId, name: "Told", keys: 2, versions: 1 },
  ]);
  expect([scope.moreDevelopers, messages()]).toEqual([0, []]);

  await distrust(store, OPERATOR, "ca-developer");
  const at = store.clock.now();
  expect(view()).toEqual({ revoked: null, since: at, usable: [false], place: [false, at] });
  const told = messages();
  expect(told.map(({ accountId, path }) => [accountId, path]).sort()).toEqual(
    owners.map((id): [AccountId, string] => [id, "/keys"]).sort(),
  );
  expect(told[0]?.body).toContain(fingerprintText(signer.keyid));
  expect(told[0]?.body).toContain(fingerprintText(publisher.signer.keyid));
  expect(told[0]?.body).toContain(`${APP} 1.0.0 (1)`);
  expect(told[0]?.body).toContain("mosis keys enroll");

  expect(await submit(2)).toEqual(["CHK-R002", "MPK-X009"]);
  const next = await newSigner(store, publisher.actor);
  const addition = async (by: Signer) => ({
    addition: Buffer.from(
      await sealEnvelope(
        buildKeyAddition({
          appId: APP,
          developerId: publisher.organisationId,
          keyId: next.keyid,
          position: 1,
          addedAt: store.clock.now(),
        }),
        by,
      ),
    ).toString("base64"),
  });
  const add = async (by: Signer) => addKey(store, publisher.actor, APP, await addition(by));
  expect(await codeOf(() => add(signer))).toBe("key.certificate_distrusted");

  const again = await enrolled();
  expect(view()).toEqual(GOOD);
  expect(await submit(3, again)).toEqual([]);
  expect(await codeOf(() => add(again))).toBe("no problem");
});

test("falls with the root above it, when the authority has no certificate of the new root", async () => {
  const { store } = world;
  await submit(1);
  await replaceKeys(store, OPERATOR, ["ca-developer"]);
  await replaceKeys(store, OPERATOR, ["ca-root"]);
  store.clock.advance(60_000);
  expect((await distrustScope(store, "ca-root")).developers).toMatchObject([{ name: "Told", keys: 2 }]);
  await distrust(store, OPERATOR, "ca-root");
  const at = store.clock.now();
  expect(view()).toMatchObject({ since: at, usable: [false] });
  expect(messages()).toHaveLength(2);
  // What fell before falls no more: nobody is told again.
  store.clock.advance(60_000);
  expect((await distrustScope(store, "ca-developer")).developers).toEqual([]);
  await distrust(store, OPERATOR, "ca-developer");
  expect([view().since, messages().length]).toEqual([at, 2]);
});

test("leaves a certificate whose authority the new root certified as well, and a key that is revoked", async () => {
  const { store } = world;
  await submit(1);
  await replaceKeys(store, OPERATOR, ["ca-root"]);
  expect((await distrustScope(store, "ca-root")).developers).toEqual([]);
  await distrust(store, OPERATOR, "ca-root");
  expect([view(), messages()]).toEqual([GOOD, []]);
  await replaceKeys(store, OPERATOR, ["ca-developer"]);
  await revokeKey(store, OPERATOR, publisher.signer.keyid as never, { reason: "Lost." });
  expect((await distrustScope(store, "ca-developer")).developers).toMatchObject([{ keys: 1 }]);
});

test("names no version that devices refuse already, since it is revoked or below the lowest", async () => {
  const { store } = world;
  await submit(1);
  await submit(2);
  await submit(3);
  await replaceKeys(store, OPERATOR, ["ca-root", "ca-developer"]);
  const scope = async () => {
    const { versions, developers } = await distrustScope(store, "ca-root");
    return {
      versions: versions.map(({ versionCode, restsOn }) => `${versionCode} ${restsOn}`),
      developers: developers.map((one) => one.versions),
    };
  };
  expect(await scope()).toEqual({ versions: ["1 both", "2 both", "3 both"], developers: [3] });
  await enact(
    store,
    OPERATOR,
    parseChange({ act: "lowest-version", appId: APP, versionCode: 2, reason: "Old." }),
  );
  expect(await scope()).toEqual({ versions: ["2 both", "3 both"], developers: [2] });
  await revokeKey(store, OPERATOR, signer.keyid as never, { reason: "Lost." });
  // The publisher's own first key has signed nothing.
  expect(await scope()).toEqual({ versions: [], developers: [0] });
});

test("names at most twenty organisations, and how many more", async () => {
  const { store } = world;
  for (let at = 0; at < 21; at += 1) await newPublisher(store, `Org ${String(at).padStart(2, "0")}`);
  await replaceKeys(store, OPERATOR, ["ca-developer"]);
  const { developers, moreDevelopers } = await distrustScope(store, "ca-developer");
  expect([developers.length, developers[0]?.name, moreDevelopers]).toEqual([20, "Org 00", 2]);
});
