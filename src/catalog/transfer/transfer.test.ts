/** Apps that change hands: by the consent of both, whole or not at all, and with devices that go on updating. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccountActor, type Actor, OPERATOR } from "../../accounts/actor.ts";
import { createApiKey } from "../../accounts/api-keys/make.ts";
import { apiKeyById } from "../../accounts/api-keys/records.ts";
import { findMembership } from "../../accounts/memberships.records.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { addMember, createOrganisation } from "../../accounts/organisations.ts";
import { createAccount } from "../../accounts/people.ts";
import { verifyAudit } from "../../audit/verify.ts";
import { initDevice, withDevice } from "../../device/device.ts";
import { install, update } from "../../device/installer.ts";
import { findApp as findOnDevice } from "../../device/records.ts";
import type { AppId, OrganisationId, TransferId } from "../../ids.ts";
import { approve } from "../../review/decide.ts";
import { sealEnvelope } from "../../signing/dsse.ts";
import { buildKeyAddition } from "../../signing/key-statements.ts";
import type { Signer } from "../../signing/signer.ts";
import { type CatalogueServer, serveCatalogue } from "../../testing/catalogue-server.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import {
  newOwner,
  newPublisher,
  newSigner,
  type Publisher,
  reviewer,
  signedApp,
  submitBytes,
} from "../../testing/publishing.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { DAY_MS } from "../../time.ts";
import { createApp, readApp } from "../apps.ts";
import { addKey, readLineage } from "../lineage.ts";
import { reconcileStore } from "../reconcile.ts";
import { findApp } from "../records.ts";
import { refuseRecovery, requestRecovery } from "../recovery.ts";
import { enact } from "../revocation/act.ts";
import { parseChange } from "../revocation/change.ts";
import { selectOffered } from "../revocation/records.ts";
import { isPublisherShown } from "../store-publishers/browse.ts";
import { indexPath } from "../tuf/app-index.ts";
import { parseAppIndex } from "../tuf/documents.ts";
import { findTargetBody } from "../tuf/records.ts";
import { rootSha256 } from "../tuf/repository.ts";
import { readVersionDetails } from "../versions.ts";
import { acceptOffer, declineOffer } from "./decide.ts";
import { endExpiredOffers } from "./ends.ts";
import { OFFER_DAYS, offerApp, withdrawOffer } from "./offer.ts";
import { listTransfers, readTransfer } from "./view.ts";

setDefaultTimeout(60_000);

const APP = "org.example.notes" as AppId;
let giver: Publisher;
let taker: Publisher;
let gives: AccountActor;
let takes: AccountActor;
let server: CatalogueServer;
let home: string;

const world = storeForEach(
  async () => {
    giver = await newPublisher(world.store, "Giver");
    taker = await newPublisher(world.store, "Taker");
    gives = await newOwner(world.store, giver.organisationId, "giver@example.com");
    takes = await newOwner(world.store, taker.organisationId, "taker@example.com");
  },
  async () => {
    await world.scheduler.drain();
    // What was being signed when it was withdrawn leaves a file, which a sweep removes.
    const found = (await reconcileStore(world.store, OPERATOR)).filter(
      ({ kind }) => kind !== "blob_without_row",
    );
    expect(found).toEqual([]);
    expect((await verifyAudit(world.store.db)).fault).toBeNull();
    await server.stop();
  },
);
beforeEach(async () => {
  server = serveCatalogue(world.store.blobs);
  home = mkdtempSync(join(tmpdir(), "mosis-transfer-"));
});
afterEach(async () => {
  rmSync(home, { recursive: true, force: true });
});

async function publish(versionCode: number, by: Publisher, signer: Signer = by.signer): Promise<string> {
  const manifest = { id: APP, versionCode, version: `${versionCode}.0.0` };
  const bytes = await signedApp(world.store, signer, manifest);
  const version = await submitBytes(world.store, by.actor, bytes);
  await world.scheduler.drain();
  const checked = readVersionDetails(world.store, by.actor, APP, version.id);
  if (checked.version.state !== "in_review") return checked.findings.map(({ code }) => code).join(" ");
  approve(world.store, reviewer(), version.id, {});
  await world.scheduler.drain();
  return readVersionDetails(world.store, by.actor, APP, version.id).version.state;
}

const offer = (to = "Taker", by: Actor = gives) => offerApp(world.store, by, APP, { to });
const ofTaker = (transferId: TransferId) => ({ organisationId: taker.organisationId, transferId });
const ofGiver = (transferId: TransferId) => ({ organisationId: giver.organisationId, transferId });
async function accept(transferId: TransferId, by: Actor = takes) {
  const done = await acceptOffer(world.store, by, ofTaker(transferId));
  await world.scheduler.drain();
  return done;
}
const ownerOf = () => findApp(world.store.db.orm, APP)?.organisationId;

async function rotate(by: Signer, developerId: OrganisationId, to: Signer, actor: Actor) {
  const position = readLineage(world.store, OPERATOR, APP).keys.length;
  const addedAt = world.store.clock.now();
  const statement = buildKeyAddition({ appId: APP, developerId, keyId: to.keyid, position, addedAt });
  const addition = Buffer.from(await sealEnvelope(statement, by)).toString("base64");
  await addKey(world.store, actor, APP, { addition });
  await world.scheduler.drain();
}

function index() {
  const body = findTargetBody(world.store.db.orm, indexPath(APP), "");
  if (!body) throw new Error("there is no index");
  return parseAppIndex(new Uint8Array(body));
}

async function startDevice(folder = home): Promise<void> {
  const digest = rootSha256(world.store);
  await initDevice({ home: folder, url: server.url, rootSha256: digest, clock: world.store.clock });
}
const onDevice = <T>(work: Parameters<typeof withDevice<T>>[1], folder = home): Promise<T> =>
  withDevice({ home: folder, clock: world.store.clock }, work);

/** What a device has once it has done that. */
async function after(act: typeof install | typeof update, folder = home): Promise<number | null> {
  await onDevice(async (device) => void (await act(device, APP)), folder);
  return onDevice(async (device) => findOnDevice(device.state, APP)?.current ?? null, folder);
}

describe("with devices", () => {
  test("that had it before and that get it now go on updating, once a key of the new owner is in the lineage", async () => {
    expect(await publish(1, giver)).toBe("published");
    await startDevice();
    expect(await after(install)).toBe(1);
    const row = offer();
    // Before it is theirs: a key of whom it is offered to, and of nobody else.
    const stranger = await newPublisher(world.store, "Stranger");
    expect(await codeOf(() => rotate(giver.signer, giver.organisationId, stranger.signer, giver.actor))).toBe(
      "lineage.key_not_enrolled",
    );
    expect(readTransfer(world.store, takes, ofTaker(row.id)).signing).toBe("missing");
    await rotate(giver.signer, giver.organisationId, taker.signer, giver.actor);
    expect(readTransfer(world.store, takes, ofTaker(row.id)).signing).toBe("ready");
    await accept(row.id);
    expect(ownerOf()).toBe(taker.organisationId);
    // In the store it is among the apps of who owns it now.
    const publishers = [giver, taker].map(({ organisationId }) =>
      isPublisherShown(world.store, OPERATOR, organisationId),
    );
    expect(publishers).toEqual([false, true]);
    expect([index().developerId, index().formerDevelopers]).toEqual([
      taker.organisationId,
      [giver.organisationId],
    ]);

    expect(await publish(2, taker)).toBe("published");
    expect(await after(update)).toBe(2);
    const pinned = await onDevice(async (device) => findOnDevice(device.state, APP));
    expect(pinned?.developerId).toBe(taker.organisationId);
    expect(pinned?.lineage.map(({ keyId }) => keyId)).toEqual([giver.signer.keyid, taker.signer.keyid]);
    const fresh = join(home, "fresh");
    await startDevice(fresh);
    expect(await after(install, fresh)).toBe(2);

    // And back again: nobody is named among those of before who owns it now.
    const back = offerApp(world.store, takes, APP, { to: giver.organisationId });
    await acceptOffer(world.store, gives, ofGiver(back.id));
    await world.scheduler.drain();
    expect([index().developerId, index().formerDevelopers]).toEqual([
      giver.organisationId,
      [taker.organisationId],
    ]);
    expect(await publish(3, giver)).toBe("published");
    for (const folder of [home, fresh]) expect(await after(update, folder)).toBe(3);
  });

  test("the key may be added after it, by a statement that a key of the giver signs; until then nothing new comes", async () => {
    await publish(1, giver);
    await startDevice();
    await onDevice((device) => install(device, APP));
    await accept(offer().id);
    expect(await publish(2, taker)).toBe("CHK-N001");
    // The giver's own signature is another organisation's now.
    expect(await codeOf(() => publish(2, giver))).toBe("app.id_taken");
    expect(await publish(2, { ...taker, signer: giver.signer })).toContain("CHK-O001");
    expect(await codeOf(() => rotate(giver.signer, giver.organisationId, taker.signer, giver.actor))).toBe(
      "app.not_found",
    );
    await rotate(giver.signer, giver.organisationId, taker.signer, taker.actor);
    expect(await publish(3, taker)).toBe("published");
    const fresh = join(home, "fresh");
    await startDevice(fresh);
    expect(await after(update)).toBe(3);
    expect(await after(install, fresh)).toBe(3);
    // The new owner's key adds another, in the new owner's name.
    const next = await newSigner(world.store, taker.actor);
    await rotate(taker.signer, taker.organisationId, next, taker.actor);
    expect(await publish(4, taker, next)).toBe("published");
    for (const folder of [home, fresh]) expect(await after(update, folder)).toBe(4);
  });

  test("what the giver signed is not offered once the giver is revoked, and the new owner's is", async () => {
    await publish(1, giver);
    const row = offer();
    await rotate(giver.signer, giver.organisationId, taker.signer, giver.actor);
    await accept(row.id);
    const codes = () =>
      selectOffered(world.store.db.orm, APP, 5).map(({ versionCode }) => Number(versionCode));
    await publish(2, taker);
    expect(codes()).toEqual([2, 1]);
    const act = {
      act: "revoke",
      subject: "developer",
      id: giver.organisationId,
      action: "block",
      reason: "Bad.",
    };
    await enact(world.store, OPERATOR, parseChange(act as never));
    await world.scheduler.drain();
    expect(codes()).toEqual([2]);
    await startDevice();
    expect(await after(install)).toBe(2);
  });
});

describe("an offer", () => {
  beforeEach(() => {
    createApp(world.store, giver.actor, { id: APP, name: "Notes" });
  });

  test("is made by owners alone, and by nobody of another organisation", async () => {
    const { id } = await createAccount(world.store, OPERATOR, { email: "m@example.com", name: "M" });
    addMember(world.store, OPERATOR, giver.organisationId, id, "maintainer");
    const roles = new Map([[giver.organisationId, "maintainer"]] as const);
    const maintainer: AccountActor = { ...gives, accountId: id, organisations: roles };
    expect(await codeOf(() => offer("Taker", maintainer))).toBe("rights.forbidden");
    expect(await codeOf(() => offer("Taker", giver.actor))).toBe("rights.forbidden");
    expect(await codeOf(() => offer("Taker", takes))).toBe("app.not_found");
    expect(await codeOf(() => offer("Giver"))).toBe("transfer.same");
    for (const to of ["", "  ", "x".repeat(201), "a\u202eb"])
      expect(await codeOf(() => offer(to))).toBe("transfer.invalid");
  });

  test("to a name that several have is to nobody, and looks like any other; by its id each can be offered it", async () => {
    const [first, second] = [1, 2].map(() => createOrganisation(world.store, OPERATOR, { name: "Twins" }).id);
    const told = (to: string) => {
      const { id } = offer(to);
      const view = readTransfer(world.store, gives, ofGiver(id));
      const { id: _, named: __, ...rest } = view;
      withdrawOffer(world.store, gives, ofGiver(id));
      return rest;
    };
    const { toOrganisationId } = offer("Twins");
    expect(toOrganisationId).toBeNull();
    withdrawOffer(
      world.store,
      gives,
      ofGiver(
        listTransfers(world.store, gives, giver.organisationId, { limit: 1 }).items[0]?.id as TransferId,
      ),
    );
    expect(told("Twins")).toEqual(told("Nobody at all"));
    for (const to of [first, second]) {
      const row = offer(to ?? "");
      expect(row.toOrganisationId).toBe(to ?? null);
      withdrawOffer(world.store, gives, ofGiver(row.id));
    }
    // Of those that the giver may see anyway, one is meant, and of two it is said.
    const sees = (...ids: (OrganisationId | undefined)[]): AccountActor => {
      const seen = ids.map((each) => [each as OrganisationId, "viewer"] as const);
      return { ...gives, organisations: new Map([...gives.organisations, ...seen]) };
    };
    const one = offer("Twins", sees(second));
    expect(one.toOrganisationId).toBe(second ?? null);
    withdrawOffer(world.store, gives, ofGiver(one.id));
    const messages = () => world.store.db.raw.query("SELECT count(*) AS n FROM outbox").get();
    const before = messages();
    expect(await codeOf(() => offer("Twins", sees(first, second)))).toBe("transfer.ambiguous");
    expect(messages()).toEqual(before);
    // One's own name tells nothing of others who have it.
    createOrganisation(world.store, OPERATOR, { name: "Giver" });
    expect(await codeOf(() => offer("Giver"))).toBe("transfer.same");
  });

  test("says the same of an organisation that is there and of none", () => {
    const seen = ["Taker", "taker", "Nobody", `org-${"0".repeat(32)}`].map((to) => {
      const row = offer(to);
      const view = listTransfers(world.store, gives, giver.organisationId, { limit: 9 }).items[0];
      withdrawOffer(world.store, gives, ofGiver(row.id));
      const { id: _, named: __, ...rest } = view ?? {};
      return JSON.stringify(rest);
    });
    expect(new Set(seen).size).toBe(1);
    expect(listTransfers(world.store, takes, taker.organisationId, { limit: 9 }).items).toHaveLength(1);
  });

  test("is one at a time, and ends by itself", async () => {
    offer();
    expect(await codeOf(() => offer())).toBe("transfer.open");
    world.store.clock.advance(OFFER_DAYS * DAY_MS);
    const [old] = listTransfers(world.store, takes, taker.organisationId, { limit: 9 }).items;
    expect(old?.state).toBe("expired");
    expect(await codeOf(() => accept(old?.id ?? ("" as TransferId)))).toBe("transfer.over");
    const row = offer();
    await accept(row.id);
    expect(ownerOf()).toBe(taker.organisationId);
  });

  test("that was taken back, declined or accepted is over for everybody", async () => {
    const first = offer();
    withdrawOffer(world.store, gives, ofGiver(first.id));
    expect(await codeOf(() => accept(first.id))).toBe("transfer.over");
    const second = offer();
    expect(await codeOf(() => declineOffer(world.store, gives, ofGiver(second.id)))).toBe(
      "transfer.other_side",
    );
    expect(await codeOf(() => withdrawOffer(world.store, takes, ofTaker(second.id)))).toBe(
      "transfer.other_side",
    );
    declineOffer(world.store, takes, ofTaker(second.id));
    expect(await codeOf(() => withdrawOffer(world.store, gives, ofGiver(second.id)))).toBe("transfer.over");
    const third = offer();
    await accept(third.id);
    expect(await codeOf(() => accept(third.id))).toBe("transfer.over");
    expect(await codeOf(() => withdrawOffer(world.store, gives, ofGiver(third.id)))).toBe("transfer.over");
  });

  test("of two answers at once one counts", async () => {
    const row = offer();
    const [accepted, declined] = await Promise.all([
      codeOf(() => accept(row.id)),
      codeOf(() => declineOffer(world.store, takes, ofTaker(row.id))),
    ]);
    expect([accepted, declined].sort()).toEqual(["no problem", "transfer.over"]);
    expect(ownerOf()).toBe(accepted === "no problem" ? taker.organisationId : giver.organisationId);
  });

  test("is seen and decided by no third organisation", async () => {
    const row = offer();
    const third = await newPublisher(world.store, "Third");
    const theirs = await newOwner(world.store, third.organisationId, "third@example.com");
    const of = { organisationId: third.organisationId, transferId: row.id };
    expect(await codeOf(() => acceptOffer(world.store, theirs, of))).toBe("transfer.not_found");
    expect(await codeOf(() => acceptOffer(world.store, theirs, ofTaker(row.id)))).toBe(
      "organisation.not_found",
    );
    expect(await codeOf(() => readTransfer(world.store, theirs, of))).toBe("transfer.not_found");
    expect(await codeOf(() => listTransfers(world.store, theirs, taker.organisationId, { limit: 1 }))).toBe(
      "organisation.not_found",
    );
  });

  test("tells the owners of both sides, and the logs of both, without an address for who is nobody", async () => {
    offer("Nobody");
    const to = () =>
      listMessages(world.store, OPERATOR, { limit: 50 }).items.map(
        ({ address, kind }) => `${address} ${kind}`,
      );
    expect(to()).toEqual(["giver@example.com transfer.offered"]);
    withdrawOffer(
      world.store,
      gives,
      ofGiver(
        listTransfers(world.store, gives, giver.organisationId, { limit: 1 }).items[0]?.id as TransferId,
      ),
    );
    const row = offer();
    await accept(row.id);
    expect(
      to()
        .filter((line) => line.endsWith("transfer.accepted"))
        .sort(),
    ).toEqual(["giver@example.com transfer.accepted", "taker@example.com transfer.accepted"]);
    const sides = world.store.db.raw
      .query<{ org: string }, []>(
        "SELECT organisation_id AS org FROM audit_entries WHERE action = 'transfer.accepted'",
      )
      .all();
    expect(sides.map(({ org }) => org).sort()).toEqual([giver.organisationId, taker.organisationId].sort());
  });

  test("is found by an index", () => {
    offer();
    const plans = queryPlans(world.store.db, () => {
      listTransfers(world.store, gives, giver.organisationId, { limit: 2 });
      listTransfers(world.store, takes, taker.organisationId, { limit: 2 });
      endExpiredOffers(world.store);
    });
    expect(slowPlans(plans)).toEqual([]);
  });
});

describe("what goes with it", () => {
  test("what is not published is withdrawn, keys and roles lose the app, and the giver's people with it", async () => {
    await publish(1, giver);
    const waiting = await submitBytes(
      world.store,
      giver.actor,
      await signedApp(world.store, giver.signer, { id: APP, versionCode: 2, version: "2.0.0" }),
    );
    await world.scheduler.drain();
    const { id } = await createAccount(world.store, OPERATOR, { email: "n@example.com", name: "N" });
    addMember(world.store, OPERATOR, giver.organisationId, id, "developer", [APP]);
    const { key } = createApiKey(world.store, OPERATOR, {
      owner: { organisationId: giver.organisationId },
      name: "CI",
      apps: [APP],
    });
    await accept(offer().id);
    expect(readVersionDetails(world.store, taker.actor, APP, waiting.id).version.state).toBe("withdrawn");
    expect(findMembership(world.store.db.orm, giver.organisationId, id)?.apps).toEqual([]);
    expect(apiKeyById(world.store.db.orm, key.id)?.apps).toEqual([]);
    expect(await codeOf(() => readApp(world.store, giver.actor, APP))).toBe("app.not_found");
    expect(readApp(world.store, taker.actor, APP).organisationName).toBe("Taker");
  });

  test("not while a version is on its way to devices, a recovery waits, or somebody is revoked", async () => {
    await publish(1, giver);
    const row = offer();
    world.store.db.raw.run("UPDATE versions SET state = 'publishing'");
    expect(await codeOf(() => accept(row.id))).toBe("app.busy");
    world.store.db.raw.run("UPDATE versions SET state = 'published'");
    const lost = await newSigner(world.store, giver.actor);
    const waiting = requestRecovery(world.store, gives, { keyid: lost.keyid as never, reason: "Lost." });
    expect(await codeOf(() => accept(row.id))).toBe("transfer.recovery_waiting");
    refuseRecovery(world.store, OPERATOR, waiting.id, { reason: "Not lost." });
    const act = {
      act: "revoke",
      subject: "developer",
      id: taker.organisationId,
      action: "block",
      reason: "Bad.",
    };
    await enact(world.store, OPERATOR, parseChange(act as never));
    expect(await codeOf(() => accept(row.id))).toBe("revocation.in_force");
    expect(ownerOf()).toBe(giver.organisationId);
    await world.scheduler.drain();
  });

  test("while a version is published the one or the other is first, and devices see no half of it", async () => {
    await publish(1, giver);
    const bytes = await signedApp(world.store, giver.signer, { id: APP, versionCode: 2, version: "2.0.0" });
    const { id } = await submitBytes(world.store, giver.actor, bytes);
    await world.scheduler.drain();
    const row = offer();
    approve(world.store, reviewer(), id, {});
    const [outcome] = await Promise.all([codeOf(() => accept(row.id)), world.scheduler.drain()]);
    const state = readVersionDetails(world.store, OPERATOR, APP, id).version.state;
    if (outcome === "no problem") expect([state, ownerOf()]).toEqual([state, taker.organisationId]);
    else expect([outcome, ownerOf()]).toEqual(["app.busy", giver.organisationId]);
    expect(["published", "withdrawn"]).toContain(state);
    expect(index().developerId).toBe(ownerOf() as never);
  });
});
