/** Offers of apps whose maker may not make them any more: they end, and nobody accepts one in the meantime. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AccountActor, type Actor, OPERATOR } from "../../accounts/actor.ts";
import { revokeApiKey } from "../../accounts/api-keys/end.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { askToDelete } from "../../accounts/deletion/ask.ts";
import { eraseDue } from "../../accounts/deletion/erase.ts";
import { changeRole, leaveOrganisation, removeMember } from "../../accounts/members.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { addMember } from "../../accounts/organisations.ts";
import { createAccount, disableAccount, enableAccount, readAccount } from "../../accounts/people.ts";
import { verifyAudit } from "../../audit/verify.ts";
import type { AppId, TransferId } from "../../ids.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { newSide, offerTo, publishAs, type Side } from "../../testing/sides.ts";
import { signedInNow } from "../../testing/signed-in.ts";
import { createApp } from "../apps.ts";
import { findApp } from "../records.ts";
import { acceptOffer, declineOffer } from "./decide.ts";
import { endFallenOffers } from "./falling.ts";
import { offerApp, withdrawOffer } from "./offer.ts";
import { readTransfer } from "./view.ts";

setDefaultTimeout(60_000);

const APP = "org.example.handed" as AppId;
const DAY_MS = 86_400_000;
let giver: Side;
let taker: Side;
/** Another owner of the side that gives. */
let second: AccountActor;

const world = storeForEach(
  async () => {
    [giver, taker] = [await newSide(world, "Giver"), await newSide(world, "Taker")];
    const { id } = await createAccount(world.store, OPERATOR, {
      email: "second@example.com",
      name: "Second",
    });
    addMember(world.store, OPERATOR, giver.organisationId, id, "owner");
    second = { ...giver.owner, accountId: id, email: "second@example.com", name: "Second" };
    createApp(world.store, giver.actor, { id: APP, name: "Handed" });
  },
  async () => {
    await world.scheduler.drain();
    expect((await verifyAudit(world.store.db)).fault).toBeNull();
  },
);

const ofTaker = (transferId: TransferId) => ({ organisationId: taker.organisationId, transferId });
const ofGiver = (transferId: TransferId) => ({ organisationId: giver.organisationId, transferId });
const first = () => ({ organisationId: giver.organisationId, accountId: giver.owner.accountId });
const offer = () => offerTo(world, APP, giver, taker);
/** By a session of now: one ends in a week in which nothing is done by it. */
const accept = async (id: TransferId) =>
  acceptOffer(world.store, await signedInNow(world.store, taker.owner.accountId), ofTaker(id));
const ownerOf = () => findApp(world.store.db.orm, APP)?.organisationId;
const stateOf = (id: TransferId) => readTransfer(world.store, taker.owner, ofTaker(id)).state;
const fallen = () =>
  world.store.db.raw
    .query<{ org: string }, []>(
      "SELECT organisation_id AS org FROM audit_entries WHERE action = 'transfer.fallen' ORDER BY position",
    )
    .all()
    .map(({ org }) => org);

describe("an offer falls when who made it", () => {
  const WAYS: readonly (readonly [string, () => unknown])[] = [
    ["was put out", () => removeMember(world.store, second, first())],
    ["left", () => leaveOrganisation(world.store, giver.owner, giver.organisationId)],
    ["has a lower role", () => changeRole(world.store, second, first(), { role: "maintainer" })],
    ["is disabled", () => disableAccount(world.store, OPERATOR, giver.owner.accountId)],
    [
      "asked that their account is deleted",
      () => askToDelete(world.store, giver.owner, { confirm: giver.owner.email }),
    ],
    [
      "is deleted",
      async () => {
        askToDelete(world.store, giver.owner, { confirm: giver.owner.email });
        world.store.clock.advance(7 * DAY_MS);
        await eraseDue(world.store);
        expect(await codeOf(() => readAccount(world.store, giver.owner.accountId))).toBe("account.not_found");
      },
    ],
  ];
  test.each(WAYS)("%s, at once for who accepts and then for everybody", async (_, leave) => {
    const id = offer();
    await leave();
    expect(await codeOf(() => accept(id))).toBe("transfer.offerer_gone");
    await world.scheduler.drain();
    expect(stateOf(id)).toBe("fallen");
    expect(await codeOf(() => accept(id))).toBe("transfer.over");
    expect(await codeOf(() => declineOffer(world.store, taker.owner, ofTaker(id)))).toBe("transfer.over");
    expect(ownerOf()).toBe(giver.organisationId);
    expect(fallen()).toEqual([giver.organisationId, taker.organisationId]);
    const told = listMessages(world.store, OPERATOR, { limit: 50 }).items.filter(
      ({ subject }) => subject === `The offer of ${APP} has ended`,
    );
    expect(told.map(({ address }) => address)).toContain("Taker@example.com");
    expect(told.map(({ address }) => address)).toContain("second@example.com");
    // Another owner makes it anew, and that one counts.
    const again = offerApp(world.store, second, APP, { to: taker.organisationId });
    await accept(again.id);
    expect(ownerOf()).toBe(taker.organisationId);
  });

  test("revoked the key that it was made with, and not with another key of theirs", async () => {
    const owner = { accountId: giver.owner.accountId };
    const { key } = createApiKey(world.store, OPERATOR, { owner, name: "Used" });
    const { key: other } = createApiKey(world.store, OPERATOR, { owner, name: "Other" });
    const byKey: Actor = { ...giver.owner, via: { type: "api-key", keyId: key.id } };
    const { id } = offerApp(world.store, byKey, APP, { to: taker.organisationId });
    revokeApiKey(world.store, OPERATOR, other.id);
    await world.scheduler.drain();
    expect(stateOf(id)).toBe("open");
    revokeApiKey(world.store, OPERATOR, key.id);
    expect(await codeOf(() => accept(id))).toBe("transfer.offerer_gone");
    await world.scheduler.drain();
    expect(stateOf(id)).toBe("fallen");
  });
});

describe("an offer stands", () => {
  test("when others leave, who made it is an owner still, and when the operator made it", async () => {
    const id = offer();
    removeMember(world.store, giver.owner, { ...first(), accountId: second.accountId });
    await world.scheduler.drain();
    expect(stateOf(id)).toBe("open");
    withdrawOffer(world.store, giver.owner, ofGiver(id));
    const { id: operators } = offerApp(world.store, OPERATOR, APP, { to: taker.organisationId });
    disableAccount(world.store, OPERATOR, giver.owner.accountId);
    await world.scheduler.drain();
    expect(stateOf(operators)).toBe("open");
    await accept(operators);
    expect(ownerOf()).toBe(taker.organisationId);
  });

  test("when who made it has the role again before anybody looked", async () => {
    const id = offer();
    disableAccount(world.store, OPERATOR, giver.owner.accountId);
    enableAccount(world.store, OPERATOR, giver.owner.accountId);
    await world.scheduler.drain();
    expect(stateOf(id)).toBe("open");
    await accept(id);
    expect(ownerOf()).toBe(taker.organisationId);
  });

  test("can be taken back by another owner, and declined, while it has not fallen yet", async () => {
    const [one] = [offer()];
    removeMember(world.store, second, first());
    expect(withdrawOffer(world.store, second, ofGiver(one)).state).toBe("withdrawn");
    await world.scheduler.drain();
    expect(stateOf(one)).toBe("withdrawn");
    expect(fallen()).toEqual([]);
  });
});

test("who is put out while it is accepted has not given the app away, or had before", async () => {
  await publishAs(world, APP, 1, giver);
  const id = offer();
  const accepting = codeOf(() => accept(id));
  const removing = (async () => removeMember(world.store, second, first()))();
  const [outcome] = await Promise.all([accepting, removing]);
  expect(outcome).toBe("transfer.offerer_gone");
  expect(ownerOf()).toBe(giver.organisationId);
  await world.scheduler.drain();
  expect(stateOf(id)).toBe("fallen");
});

test("one that is over by its time ends as such, and nothing ends twice", async () => {
  const id = offer();
  world.store.clock.advance(14 * DAY_MS);
  removeMember(world.store, second, first());
  await world.scheduler.drain();
  expect(stateOf(id)).toBe("expired");
  endFallenOffers(world.store, `account:${giver.owner.accountId}`);
  expect(fallen()).toEqual([]);
});

test("what somebody began is found by an index", () => {
  offer();
  const plans = queryPlans(world.store.db, () => {
    removeMember(world.store, second, first());
    endFallenOffers(world.store, `account:${giver.owner.accountId}`);
  });
  const ofOffers = slowPlans(plans).filter((plan) => /"(app_transfers|invitations)"/.test(plan));
  expect(ofOffers).toEqual([]);
});
