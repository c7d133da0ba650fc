/** Acts that wait, for their turn or for a signature: who was put out before they are done does not finish them. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { type AccountActor, OPERATOR } from "../accounts/actor.ts";
import { createApiKey } from "../accounts/api-keys/make.ts";
import { removeMember } from "../accounts/members.ts";
import { addMember } from "../accounts/organisations.ts";
import { createAccount, disableAccount, setStoreRole } from "../accounts/people.ts";
import { verifyAudit } from "../audit/verify.ts";
import { type AppId, EVERYBODY, type KeyId } from "../ids.ts";
import { sealEnvelope } from "../signing/dsse.ts";
import { buildKeyAddition } from "../signing/key-statements.ts";
import { createCsr, generateKeyPair } from "../signing/keys.ts";
import { storeForEach } from "../testing/prepared.ts";
import { codeOf } from "../testing/problems.ts";
import { newOwner, newSigner } from "../testing/publishing.ts";
import { newSide, offerTo, publishAs, type Side } from "../testing/sides.ts";
import { signedInNow } from "../testing/signed-in.ts";
import { enrollKey } from "./developer-keys.ts";
import { addKey, readLineage } from "./lineage.ts";
import { logSize } from "./log/records.ts";
import { reconcileStore } from "./reconcile.ts";
import { findApp } from "./records.ts";
import { revoke } from "./revocation/act.ts";
import { inForce } from "./revocation/in-force.ts";
import { previewRevocation } from "./revocation/preview.ts";
import { previewKeyRevocation, revokeDeveloperKey } from "./revoke-key.ts";
import { acceptOffer } from "./transfer/decide.ts";
import { changeVisibility, previewVisibility } from "./visibility/change.ts";
import { audiencesOf } from "./visibility/records.ts";

setDefaultTimeout(60_000);

const APP = "org.example.handed" as AppId;
let giver: Side;
let taker: Side;
/** Another owner of both. */
let second: AccountActor;
let admin: AccountActor;

const world = storeForEach(
  async () => {
    const { store } = world;
    [giver, taker] = [await newSide(world, "Giver"), await newSide(world, "Taker")];
    second = await newOwner(store, giver.organisationId, "second@example.com");
    addMember(store, OPERATOR, taker.organisationId, second.accountId, "owner");
    const both = [giver, taker].map(({ organisationId }) => [organisationId, "owner"] as const);
    second = { ...second, organisations: new Map(both) };
    const { id: accountId } = await createAccount(store, OPERATOR, {
      ...{ email: "admin@example.com", name: "Admin", storeRole: "administrator" },
    });
    // By a key: a session ends with the role.
    const { key } = createApiKey(store, OPERATOR, { owner: { accountId }, name: "key" });
    admin = {
      ...{
        kind: "account",
        accountId,
        email: "admin@example.com",
        name: "Admin",
        storeRole: "administrator",
      },
      organisations: new Map(),
      via: { type: "api-key", keyId: key.id },
    };
    await publishAs(world, APP, 1, giver);
  },
  async () => {
    await world.scheduler.drain();
    expect(await reconcileStore(world.store, OPERATOR)).toEqual([]);
    expect((await verifyAudit(world.store.db)).fault).toBeNull();
  },
);

/** An act of the first, for which everything is made ready, and what has changed once it is done. */
type Waiting = {
  readonly first: () => AccountActor;
  readonly ready: () => Promise<(by: AccountActor) => Promise<unknown>>;
  readonly state: () => unknown;
};

const orm = () => world.store.db.orm;
const lineage = () => readLineage(world.store, OPERATOR, APP).keys.length;
const REVOKED = { act: "revoke", subject: "app", id: APP, action: "block", reason: "Bad." } as const;

const ACTS: Readonly<Record<string, Waiting>> = {
  "an offered app is accepted": {
    first: () => taker.owner,
    ready: async () => {
      const transferId = offerTo(world, APP, giver, taker);
      return (by) => acceptOffer(world.store, by, { organisationId: taker.organisationId, transferId });
    },
    state: () => findApp(orm(), APP)?.organisationId,
  },
  "an app is shown to others": {
    first: () => giver.owner,
    ready: async () => {
      const input = { visibility: "signed-in" } as const;
      const scope = (by: AccountActor) => previewVisibility(world.store, by, APP, input).scope;
      const shown = scope(giver.owner);
      return (by) => changeVisibility(world.store, by, APP, input, shown);
    },
    state: () => audiencesOf(orm(), APP).includes(EVERYBODY),
  },
  "an app is revoked": {
    first: () => admin,
    ready: async () => {
      const { scope } = previewRevocation(world.store, admin, REVOKED, { limit: 1 });
      return (by) => revoke(world.store, by, REVOKED, scope);
    },
    state: () => inForce(orm()).entries.length,
  },
  "a developer's key is revoked": {
    first: () => giver.owner,
    ready: async () => {
      const keyid = giver.signer.keyid as KeyId;
      const input = { reason: "Lost." };
      const { scope } = await previewKeyRevocation(world.store, giver.owner, keyid, input, { limit: 1 });
      return (by) => revokeDeveloperKey(world.store, by, keyid, input, scope);
    },
    state: () => inForce(orm()).entries.length,
  },
  "a key is enrolled": {
    first: () => giver.owner,
    ready: async () => {
      const csr = await createCsr(generateKeyPair("ed25519"));
      return (by) => enrollKey(world.store, by, { csr, organisationId: giver.organisationId });
    },
    state: () => logSize(orm()),
  },
  "a key is added to an app": {
    first: () => giver.owner,
    ready: async () => {
      const added = await newSigner(world.store, giver.actor);
      const statement = buildKeyAddition({
        ...{ appId: APP, developerId: giver.organisationId, keyId: added.keyid },
        ...{ position: lineage(), addedAt: world.store.clock.now() },
      });
      const addition = Buffer.from(await sealEnvelope(statement, giver.signer)).toString("base64");
      return (by) => addKey(world.store, by, APP, { addition });
    },
    state: lineage,
  },
};

/** Out of both organisations and of the store's roles; whoever is disabled is out of everything. */
function putOut({ accountId, organisations, storeRole }: AccountActor): void {
  for (const organisationId of organisations.keys())
    removeMember(world.store, OPERATOR, { organisationId, accountId });
  if (storeRole !== null) {
    setStoreRole(world.store, OPERATOR, second.accountId, "administrator");
    setStoreRole(world.store, OPERATOR, accountId, null);
  }
}

const REFUSED = ["organisation.not_found", "app.not_found", "key.not_found", "rights.forbidden"];

test.each(Object.entries(ACTS))("%s: not by who is put out or disabled meanwhile", async (_, act) => {
  const carryOut = await act.ready();
  await world.scheduler.drain();
  const before = act.state();
  const first = act.first();
  const acting = codeOf(() => carryOut(first));
  putOut(first);
  expect(REFUSED).toContain(await acting);
  expect(act.state()).toEqual(before);
  disableAccount(world.store, OPERATOR, first.accountId);
  await world.scheduler.drain();
  expect(act.state()).toEqual(before);
  // Another who may does the same.
  const other = first.storeRole === null ? second : await signedInNow(world.store, second.accountId);
  expect(await codeOf(() => carryOut(other))).toBe("no problem");
  expect(act.state()).not.toEqual(before);
});

test("who is disabled in that moment accepts nothing, and who stays does", async () => {
  const carryOut = await (ACTS["an offered app is accepted"] as Waiting).ready();
  const acting = codeOf(() => carryOut(taker.owner));
  disableAccount(world.store, OPERATOR, taker.owner.accountId);
  expect(await acting).toBe("auth.account_disabled");
  expect(findApp(orm(), APP)?.organisationId).toBe(giver.organisationId);
  expect(await codeOf(() => carryOut(second))).toBe("no problem");
});
