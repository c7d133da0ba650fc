/** What becomes of all that hangs on an app when it changes hands, and what happens at the same moment. */
import { beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AccountActor, OPERATOR } from "../../accounts/actor.ts";
import { createGroup } from "../../accounts/groups/groups.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { verifyAudit } from "../../audit/verify.ts";
import { type AppId, EVERYBODY, type TransferId, type VersionId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import { oneChunk, reviewer, signedApp, submitBytes } from "../../testing/publishing.ts";
import { acceptAs, letIn, newSide, offerTo, publishAs, type Side } from "../../testing/sides.ts";
import { DAY_MS } from "../../time.ts";
import { createApp, deleteApp } from "../apps.ts";
import { reconcileStore } from "../reconcile.ts";
import { findApp, findVersion } from "../records.ts";
import { indexPath } from "../tuf/app-index.ts";
import { parseAppIndex } from "../tuf/documents.ts";
import { findTargetBody } from "../tuf/records.ts";
import { uploadVersion } from "../upload.ts";
import { publishVersion } from "../versions.ts";
import { audienceOf } from "../visibility/audiences.ts";
import { readVisibility } from "../visibility/change.ts";
import { acceptOffer, declineOffer } from "./decide.ts";
import { endExpiredOffers } from "./ends.ts";
import { MOST_OFFERS_A_DAY, OFFER_DAYS, withdrawOffer } from "./offer.ts";
import { listTransfers, readTransfer } from "./view.ts";

setDefaultTimeout(60_000);

const APP = "org.example.handed" as AppId;
let giver: Side;
let taker: Side;
const world = storeForEach(
  async () => {
    [giver, taker] = [await newSide(world, "Giver"), await newSide(world, "Taker")];
  },
  async () => {
    await world.scheduler.drain();
    const found = (await reconcileStore(world.store, OPERATOR)).filter(
      ({ kind }) => kind !== "blob_without_row",
    );
    expect(found).toEqual([]);
    expect((await verifyAudit(world.store.db)).fault).toBeNull();
  },
);

const ownerOf = () => findApp(world.store.db.orm, APP)?.organisationId;
const offer = () => offerTo(world, APP, giver, taker);
const ofTaker = (transferId: TransferId) => ({ organisationId: taker.organisationId, transferId });
const ofGiver = (transferId: TransferId) => ({ organisationId: giver.organisationId, transferId });
const accept = (id: TransferId, by: AccountActor = taker.owner) => acceptOffer(world.store, by, ofTaker(id));
const audited = (action: string) =>
  world.store.db.raw
    .query<{ org: string; actor: string; subject: string }, [string]>(
      "SELECT organisation_id AS org, actor, subject FROM audit_entries WHERE action = ? ORDER BY position",
    )
    .all(action);
const told = () =>
  listMessages(world.store, OPERATOR, { limit: 50 }).items.map(({ address, kind }) => `${address} ${kind}`);
const stateOf = (id: VersionId) => findVersion(world.store.db.orm, id)?.state;

async function upload(versionCode: number, submit: boolean, hold = false): Promise<VersionId> {
  const manifest = { id: APP, versionCode, version: `${versionCode}.0.0` };
  const bytes = await signedApp(world.store, giver.signer, manifest);
  return (await submitBytes(world.store, giver.actor, bytes, { submit, hold })).id;
}

describe("versions that are not published", () => {
  const WAYS: readonly (readonly [string, () => Promise<VersionId>])[] = [
    ["checking", () => upload(2, true)],
    [
      "draft",
      async () => {
        const id = await upload(2, false);
        await world.scheduler.drain();
        return id;
      },
    ],
    [
      "in_review",
      async () => {
        const id = await upload(2, true);
        await world.scheduler.drain();
        return id;
      },
    ],
    [
      "signing",
      async () => {
        const id = await upload(2, true);
        await world.scheduler.drain();
        approve(world.store, reviewer(), id, {});
        return id;
      },
    ],
    [
      "held",
      async () => {
        const id = await upload(2, true, true);
        await world.scheduler.drain();
        approve(world.store, reviewer(), id, {});
        await world.scheduler.drain();
        return id;
      },
    ],
  ];
  test.each(WAYS)("%s: is withdrawn, and no job or person brings it out", async (state, make) => {
    await publishAs(world, APP, 1, giver);
    const id = await make();
    expect(stateOf(id)).toBe(state as never);
    await acceptAs(world, taker, offer());
    expect(stateOf(id)).toBe("withdrawn");
    expect(await codeOf(() => publishVersion(world.store, taker.actor, APP, id))).toBe("version.wrong_state");
    expect(await codeOf(() => publishVersion(world.store, giver.actor, APP, id))).toBe("app.not_found");
    // Its code is free for the new owner.
    await letIn(world, APP, giver, taker.signer.keyid);
    await publishAs(world, APP, 2, taker);
    const index = parseAppIndex(
      findTargetBody(world.store.db.orm, indexPath(APP), EVERYBODY) ?? new Uint8Array(),
    );
    expect([...index.channels.values()].flat().map(({ versionCode }) => Number(versionCode))).toEqual([2, 1]);
  });
});

test("an upload that is under way ends for whom the app is no more, and nothing of it is kept", async () => {
  await publishAs(world, APP, 1, giver);
  const manifest = { id: APP, versionCode: 2, version: "2.0.0" };
  const bytes = await signedApp(world.store, giver.signer, manifest);
  const id = offer();
  const slowly = async function* () {
    yield bytes.subarray(0, 1000);
    await accept(id);
    yield bytes.subarray(1000);
  };
  const of = { createApp: false, notes: "", hold: false, submit: true };
  expect(await codeOf(() => uploadVersion(world.store, giver.actor, { ...of, bytes: slowly() }))).toBe(
    "app.id_taken",
  );
  const rows = world.store.db.raw.query("SELECT 1 FROM versions WHERE version_code = 2").all();
  expect(rows).toEqual([]);
  expect(await codeOf(() => uploadVersion(world.store, giver.actor, { ...of, bytes: oneChunk(bytes) }))).toBe(
    "app.id_taken",
  );
});

test("who may see it stays, also of an app that only a group sees, and nobody else learns of it", async () => {
  const group = createGroup(world.store, OPERATOR, { name: "Testers", offered: true }).id;
  const audience = audienceOf(group);
  createApp(world.store, giver.actor, {
    id: APP,
    name: "Handed",
    visibility: { visibility: "groups", groups: [group] },
  });
  await publishAs(world, APP, 1, giver);
  const everybody = () => findTargetBody(world.store.db.orm, indexPath(APP), EVERYBODY);
  expect(everybody()).toBeNull();
  await acceptAs(world, taker, offer());
  const index = parseAppIndex(
    findTargetBody(world.store.db.orm, indexPath(APP), audience) ?? new Uint8Array(),
  );
  expect([index.developerId, index.formerDevelopers]).toEqual([taker.organisationId, [giver.organisationId]]);
  expect(everybody()).toBeNull();
  expect(readVisibility(world.store, taker.owner, APP)).toMatchObject({
    visibility: "groups",
    groups: [{ name: "Testers" }],
  });
  expect(await codeOf(() => readVisibility(world.store, giver.owner, APP))).toBe("app.not_found");
});

describe("at the same moment", () => {
  beforeEach(() => publishAs(world, APP, 1, giver));

  test("two accept: it is given once, and said once", async () => {
    const id = offer();
    const codes = await Promise.all([codeOf(() => accept(id)), codeOf(() => accept(id))]);
    expect(codes.toSorted()).toEqual(["no problem", "transfer.over"]);
    expect(audited("transfer.accepted").map(({ org }) => org)).toEqual([
      giver.organisationId,
      taker.organisationId,
    ]);
    expect(told().filter((line) => line.endsWith("transfer.accepted"))).toHaveLength(2);
  });

  test.each([
    ["taken back", (id: TransferId) => withdrawOffer(world.store, giver.owner, ofGiver(id))],
    ["declined", (id: TransferId) => declineOffer(world.store, taker.owner, ofTaker(id))],
  ] as const)("it is accepted and %s: one of both holds, for the rows and for devices", async (_, other) => {
    const id = offer();
    const [first, second] = await Promise.all([codeOf(() => accept(id)), codeOf(() => other(id))]);
    expect([first, second].toSorted()).toEqual(["no problem", "transfer.over"]);
    const owner = first === "no problem" ? taker.organisationId : giver.organisationId;
    expect(ownerOf()).toBe(owner);
    const index = parseAppIndex(
      findTargetBody(world.store.db.orm, indexPath(APP), EVERYBODY) ?? new Uint8Array(),
    );
    expect(index.developerId).toBe(owner);
  });

  test("two apps are given, both ways", async () => {
    const other = "org.example.other" as AppId;
    await publishAs(world, other, 1, taker);
    const [one, two] = [offer(), offerTo(world, other, taker, giver)];
    const codes = await Promise.all([
      codeOf(() => accept(one)),
      codeOf(() => acceptOffer(world.store, giver.owner, ofGiver(two))),
    ]);
    expect(codes).toEqual(["no problem", "no problem"]);
    expect([ownerOf(), findApp(world.store.db.orm, other)?.organisationId]).toEqual([
      taker.organisationId,
      giver.organisationId,
    ]);
  });
});

test("an offer goes with the app that is deleted", async () => {
  createApp(world.store, giver.actor, { id: APP, name: "Handed" });
  const id = offer();
  deleteApp(world.store, giver.owner, APP);
  expect(await codeOf(() => accept(id))).toBe("transfer.not_found");
  expect(await codeOf(() => readTransfer(world.store, giver.owner, ofGiver(id)))).toBe("transfer.not_found");
  expect(listTransfers(world.store, taker.owner, taker.organisationId, { limit: 9 }).items).toEqual([]);
});

describe("an offer that nobody answers", () => {
  beforeEach(() => {
    createApp(world.store, giver.actor, { id: APP, name: "Handed" });
  });

  test("ends once, and both sides are told by the message and in the log", async () => {
    const id = offer();
    world.store.clock.advance(OFFER_DAYS * DAY_MS - 1);
    endExpiredOffers(world.store);
    expect(readTransfer(world.store, taker.owner, ofTaker(id)).state).toBe("open");
    world.store.clock.advance(1);
    for (let round = 0; round < 2; round++) endExpiredOffers(world.store);
    expect(
      told()
        .filter((line) => line.endsWith("transfer.over"))
        .toSorted(),
    ).toEqual(["Giver@example.com transfer.over", "Taker@example.com transfer.over"]);
    expect(audited("transfer.expired")).toEqual([
      { org: giver.organisationId, actor: "system", subject: APP },
      { org: taker.organisationId, actor: "system", subject: APP },
    ]);
    expect(await codeOf(() => accept(id))).toBe("transfer.over");
  });

  test("is told also when the next one is made before the job has run", async () => {
    offer();
    world.store.clock.advance(OFFER_DAYS * DAY_MS);
    const id = offer();
    expect(audited("transfer.expired")).toHaveLength(2);
    await accept(id);
    endExpiredOffers(world.store);
    expect(audited("transfer.expired")).toHaveLength(2);
    expect(ownerOf()).toBe(taker.organisationId);
  });

  test("nor are many made: a day lies between the first and the one too many", async () => {
    const again = () => withdrawOffer(world.store, giver.owner, ofGiver(offer()));
    for (let n = 0; n < MOST_OFFERS_A_DAY; n++) again();
    expect(await codeOf(again)).toBe("transfer.too_many");
    // Nor is another one's offer hindered by that.
    const other = "org.example.other" as AppId;
    createApp(world.store, taker.actor, { id: other, name: "Other" });
    expect(await codeOf(() => offerTo(world, other, taker, giver))).toBe("no problem");
    world.store.clock.advance(DAY_MS);
    expect(await codeOf(again)).toBe("no problem");
  });

  test("of nobody is told to its own side alone", () => {
    const none = { ...taker, organisationId: `org-${"0".repeat(32)}` as never };
    offerTo(world, APP, giver, none);
    world.store.clock.advance(OFFER_DAYS * DAY_MS);
    endExpiredOffers(world.store);
    expect(told().filter((line) => line.endsWith("transfer.over"))).toEqual([
      "Giver@example.com transfer.over",
    ]);
  });
});
