/** Lineages of a real store: rotation, recovery and revocation, each followed by a device of it. */

import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountActor, Actor } from "../accounts/actor.ts";
import { OPERATOR } from "../accounts/actor.ts";
import { listMessages, listNotices, putAway } from "../accounts/messages/outbox.ts";
import { addMember } from "../accounts/organisations.ts";
import { createAccount, setStoreRole } from "../accounts/people.ts";
import { migrations } from "../assets.ts";
import { initDevice, withDevice } from "../device/device.ts";
import { install, update } from "../device/installer.ts";
import { findApp } from "../device/records.ts";
import { isProblem } from "../errors.ts";
import type { AccountId, AppId, KeyId } from "../ids.ts";
import { approve } from "../review/decide.ts";
import type { StoreRole } from "../roles.ts";
import { sealEnvelope } from "../signing/dsse.ts";
import { buildKeyAddition, type KeyAddition } from "../signing/key-statements.ts";
import { fingerprintText } from "../signing/keys.ts";
import type { Signer } from "../signing/signer.ts";
import { type CatalogueServer, serveCatalogue } from "../testing/catalogue-server.ts";
import { storeForEach } from "../testing/prepared.ts";
import {
  newOwner,
  newPublisher,
  newSigner,
  type Publisher,
  reviewer,
  revokeKey,
  signedApp,
  submitBytes,
} from "../testing/publishing.ts";
import { liveThrough } from "../testing/running.ts";
import { signedInNow } from "../testing/signed-in.ts";
import { approveRecovery } from "./approve-recovery.ts";
import { listDeveloperKeys, readDeveloperKey } from "./developer-keys.ts";
import { addKey, readLineage } from "./lineage.ts";
import { findNewestLeaf } from "./log/records.ts";
import {
  listRecoveries,
  objectToRecovery,
  readRecovery,
  refuseRecovery,
  requestRecovery,
} from "./recovery.ts";
import { mayDecideRecovery } from "./recovery-deciders.ts";
import { revoke } from "./revocation/act.ts";
import { previewRevocation } from "./revocation/preview.ts";
import { rootSha256 } from "./tuf/repository.ts";
import { readVersionDetails } from "./versions.ts";

setDefaultTimeout(60_000);

const APP = "org.example.notes" as AppId;
const DAY_MS = 86_400_000;
let publisher: Publisher;
let server: CatalogueServer;
let home: string;
let owners: readonly AccountActor[];

const world = storeForEach(
  async () => {
    publisher = await newPublisher(world.store);
    owners = [await person("first@example.com"), await person("second@example.com")];
  },
  async () => {
    await server.stop();
  },
);
beforeEach(async () => {
  server = serveCatalogue(world.store.blobs);
  home = mkdtempSync(join(tmpdir(), "mosis-lineage-"));
});
afterEach(async () => {
  rmSync(home, { recursive: true, force: true });
});

const person = (email: string) => newOwner(world.store, publisher.organisationId, email);

const account = async (email: string, storeRole: StoreRole): Promise<AccountActor> => {
  const password = "correct horse battery";
  const { id } = await createAccount(world.store, OPERATOR, { email, name: email, storeRole, password });
  return actorNow(id);
};

/** As it is when they sign in now: a session ends in a week in which nothing was done by it. */
const actorNow = (accountId: AccountId): Promise<AccountActor> => signedInNow(world.store, accountId);

const owner = (index = 0): AccountActor => {
  const actor = owners[index];
  if (!actor) throw new Error("there is no such owner");
  return actor;
};

/** Uploads a version that this key signed, and has it approved; gives the state in which it ends. */
async function publish(versionCode: number, signer: Signer, id: AppId = APP): Promise<string> {
  const bytes = await signedApp(world.store, signer, { id, versionCode, version: `${versionCode}.0.0` });
  const version = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  const checked = readVersionDetails(world.store, publisher.actor, id, version.id);
  if (checked.version.state !== "in_review") return checked.findings.map(({ code }) => code).join(" ");
  approve(world.store, reviewer(), version.id, {});
  await world.scheduler.drain();
  return readVersionDetails(world.store, publisher.actor, id, version.id).version.state;
}

async function rotate(
  by: Signer,
  to: Signer,
  change: Partial<KeyAddition> = {},
  actor: Actor = publisher.actor,
) {
  const position = readLineage(world.store, publisher.actor, APP).keys.length;
  const statement = buildKeyAddition({
    appId: APP,
    developerId: publisher.organisationId,
    keyId: to.keyid,
    position,
    addedAt: world.store.clock.now(),
    ...change,
  });
  const addition = Buffer.from(await sealEnvelope(statement, by)).toString("base64");
  const lineage = await addKey(world.store, actor, APP, { addition });
  await world.scheduler.drain();
  return lineage;
}

async function onDevice<T>(work: Parameters<typeof withDevice<T>>[1]): Promise<T> {
  return withDevice({ home, clock: world.store.clock }, work);
}

async function startDevice(): Promise<void> {
  await initDevice({
    home,
    url: server.url,
    rootSha256: rootSha256(world.store),
    clock: world.store.clock,
  });
}

const installed = async (): Promise<number | null> => {
  await onDevice((device) => install(device, APP));
  return onDevice(async (device) => findApp(device.state, APP)?.current ?? null);
};
const updated = async (): Promise<string> =>
  codeOf(async () => (await onDevice((device) => update(device, APP))).apps[0]?.action ?? "nothing");

async function codeOf(work: () => unknown): Promise<string> {
  try {
    return String(await work());
  } catch (error) {
    if (!isProblem(error)) throw error;
    return [error.code, ...error.details.map(({ code }) => code).filter((code) => code !== error.code)].join(
      " ",
    );
  }
}
const refused = async (work: () => unknown): Promise<string> => {
  const code = await codeOf(async () => {
    await work();
    return "done";
  });
  return code;
};

/** So many days pass: the clock of store and device goes on, and what has to be renewed is. */
async function days(count: number): Promise<void> {
  liveThrough(world.store, count);
  await world.scheduler.drain();
}

describe("rotation", () => {
  test("lets the new key sign, and a device follow over two of them that it missed", async () => {
    const [second, third] = [
      await newSigner(world.store, publisher.actor),
      await newSigner(world.store, publisher.actor),
    ];
    expect(await publish(1, publisher.signer)).toBe("published");
    await startDevice();
    expect(await installed()).toBe(1);
    expect(await publish(2, second)).toBe("CHK-N001");

    await rotate(publisher.signer, second);
    const lineage = await rotate(second, third);
    expect(lineage.keys.map(({ keyid, how, usable }) => ({ keyid, how, usable }))).toEqual([
      { keyid: publisher.signer.keyid as KeyId, how: "first", usable: true },
      { keyid: second.keyid as KeyId, how: "addition", usable: true },
      { keyid: third.keyid as KeyId, how: "addition", usable: true },
    ]);
    expect(await publish(3, third)).toBe("published");
    expect(await updated()).toBe("updated");
    const pinned = await onDevice(async (device) => findApp(device.state, APP)?.lineage.length);
    expect(pinned).toBe(3);
    // The old key still signs: two people with a key each.
    expect(await publish(4, publisher.signer)).toBe("published");
    expect(await updated()).toBe("updated");
    expect(readDeveloperKey(world.store, owner(), third.keyid as KeyId).apps).toEqual([
      { appId: APP, usable: true },
    ]);
    const told = listNotices(world.store, owner()).map(({ kind }) => kind);
    expect(told).toEqual(["key.added", "key.added"]);
  });

  test("is refused for what does not hold, and changes nothing then", async () => {
    const second = await newSigner(world.store, publisher.actor);
    const stranger = await newPublisher(world.store, "Stranger");
    expect(await refused(() => rotate(publisher.signer, second))).toBe("app.not_found");
    await publish(1, publisher.signer);
    expect(await refused(() => rotate(second, second))).toBe("MPK-L004");
    expect(await refused(() => rotate(stranger.signer, second))).toBe("MPK-L002");
    expect(await refused(() => rotate(publisher.signer, stranger.signer))).toBe("lineage.key_not_enrolled");
    expect(await refused(() => rotate(publisher.signer, publisher.signer))).toBe("lineage.has_key");
    expect(await refused(() => rotate(publisher.signer, second, { position: 2 }))).toBe("MPK-L003");
    expect(await refused(() => rotate(publisher.signer, second, { appId: "org.example.other" }))).toBe(
      "MPK-L002",
    );
    expect(await refused(() => rotate(publisher.signer, second, { developerId: "org-other" }))).toBe(
      "MPK-L002",
    );
    expect(await refused(() => rotate(publisher.signer, second, {}, stranger.actor))).toBe("app.not_found");
    const old = new Date(world.store.clock.now().getTime() - 8 * DAY_MS);
    await expect(rotate(publisher.signer, second, { addedAt: old })).rejects.toThrow(/clock of the machine/);
    expect(await refused(() => rotate(publisher.signer, second, { addedAt: old }))).toBe(
      "lineage.statement_old",
    );
    const ahead = new Date(world.store.clock.now().getTime() + 2 * DAY_MS);
    expect(await refused(() => rotate(publisher.signer, second, { addedAt: ahead }))).toBe("MPK-L006");
    expect(await refused(() => addKey(world.store, publisher.actor, APP, { addition: "x" }))).toBe(
      "lineage.statement_malformed",
    );
    expect(await refused(() => addKey(world.store, publisher.actor, APP, { addition: "e30=" }))).toBe(
      "MPK-S001",
    );
    expect(readLineage(world.store, publisher.actor, APP).keys.length).toBe(1);
    expect(listMessages(world.store, OPERATOR, { limit: 10 }).items).toEqual([]);
  });

  test("of two at once ends with one, and the same envelope again finds it there", async () => {
    await publish(1, publisher.signer);
    const [second, third] = [
      await newSigner(world.store, publisher.actor),
      await newSigner(world.store, publisher.actor),
    ];
    const outcomes = await Promise.all([
      refused(() => rotate(publisher.signer, second)),
      refused(() => rotate(publisher.signer, third)),
    ]);
    expect(outcomes.sort()).toEqual(["done", "lineage.changed"]);
    const row = readLineage(world.store, publisher.actor, APP);
    expect(row.keys.length).toBe(2);
    const statement = buildKeyAddition({
      appId: APP,
      developerId: publisher.organisationId,
      keyId: (await newSigner(world.store, publisher.actor)).keyid,
      position: 2,
      addedAt: world.store.clock.now(),
    });
    const addition = Buffer.from(await sealEnvelope(statement, publisher.signer)).toString("base64");
    await addKey(world.store, publisher.actor, APP, { addition });
    expect((await addKey(world.store, publisher.actor, APP, { addition })).keys.length).toBe(3);
  });

  test("to a key that signs nothing any more is refused, also where the lineage has it", async () => {
    await publish(1, publisher.signer);
    const second = await newSigner(world.store, publisher.actor);
    const statement = buildKeyAddition({
      appId: APP,
      developerId: publisher.organisationId,
      keyId: second.keyid,
      position: 1,
      addedAt: world.store.clock.now(),
    });
    const addition = Buffer.from(await sealEnvelope(statement, publisher.signer)).toString("base64");
    const again = () => refused(() => addKey(world.store, publisher.actor, APP, { addition }));
    expect(await again()).toBe("done");
    const fresh = await newSigner(world.store, publisher.actor);
    const asked = requestRecovery(world.store, owner(), { keyid: fresh.keyid as KeyId, reason: "Lost." });
    await days(7);
    await approveRecovery(world.store, OPERATOR, asked.id, {});
    expect(await again()).toBe("lineage.key_lost");
    expect(await refused(() => rotate(second, publisher.signer))).toBe("lineage.key_lost");
    const by = await actorNow(owner().accountId);
    await revokeKey(world.store, by, second.keyid as KeyId, { action: "block", reason: "Stolen." });
    expect(await again()).toBe("revocation.in_force");
  });
});

describe("a version that another key overtook", () => {
  const send = async (versionCode: number, signer: Signer) => {
    const manifest = { id: APP, versionCode, version: `${versionCode}.0.0` };
    const bytes = await signedApp(world.store, signer, manifest);
    const { id } = await submitBytes(world.store, publisher.actor, bytes);
    await world.scheduler.drain();
    return id;
  };
  const stateOf = (id: Awaited<ReturnType<typeof send>>) =>
    readVersionDetails(world.store, publisher.actor, APP, id).version.state;

  test("is refused when it is approved, and can be once its key was added", async () => {
    const second = await newSigner(world.store, publisher.actor);
    const [first, later] = [await send(1, publisher.signer), await send(2, second)];
    approve(world.store, reviewer(), first, {});
    await world.scheduler.drain();
    expect(await refused(() => approve(world.store, reviewer(), later, {}))).toBe(
      "version.key_outside_lineage",
    );
    expect(stateOf(later)).toBe("in_review");
    await rotate(publisher.signer, second);
    approve(world.store, reviewer(), later, {});
    await world.scheduler.drain();
    expect(stateOf(later)).toBe("published");
  });

  test("is withdrawn when both were approved before either was published", async () => {
    const second = await newSigner(world.store, publisher.actor);
    const both = [await send(1, publisher.signer), await send(2, second)];
    for (const id of both) approve(world.store, reviewer(), id, {});
    await world.scheduler.drain();
    // Jobs of two versions run side by side, so either may be the first.
    const states = both.map(stateOf);
    expect([...states].sort()).toEqual(["published", "withdrawn"]);
    await startDevice();
    expect(await installed()).toBe(states.indexOf("published") + 1);
  });

  test("is refused when it waited for its review while a recovery ended its key", async () => {
    await publish(1, publisher.signer);
    const waiting = await send(2, publisher.signer);
    const fresh = await newSigner(world.store, publisher.actor);
    const asked = requestRecovery(world.store, owner(), { keyid: fresh.keyid as KeyId, reason: "Lost." });
    await days(7);
    await approveRecovery(world.store, OPERATOR, asked.id, {});
    expect(await refused(() => approve(world.store, reviewer(), waiting, {}))).toBe(
      "version.key_outside_lineage",
    );
  });
});

describe("recovery", () => {
  const ask = (keyid: string, actor: Actor = owner()) =>
    requestRecovery(world.store, actor, { keyid: keyid as KeyId, reason: "The laptop was stolen." });
  const administrator = (): AccountActor => ({ ...reviewer(), storeRole: "administrator" });

  test("waits, is approved, and the device goes on with the new key alone", async () => {
    expect(await publish(1, publisher.signer)).toBe("published");
    await startDevice();
    await installed();
    const fresh = await newSigner(world.store, publisher.actor);
    const asked = ask(fresh.keyid);
    expect(asked).toMatchObject({ state: "waiting", ownersTold: 2, waited: false });
    expect(asked.waitingUntil.getTime() - asked.requestedAt.getTime()).toBe(7 * DAY_MS);
    expect(asked.apps).toEqual([{ appId: APP, lostKeyIds: [publisher.signer.keyid as KeyId] }]);
    for (const each of owners) expect(listNotices(world.store, each)[0]?.kind).toBe("recovery.requested");
    expect(await refused(() => ask(fresh.keyid))).toBe("recovery.open");

    for (let day = 0; day < 6; day++) await days(1);
    const [boss, dismissed] = [
      await account("boss@example.com", "administrator"),
      await account("dismissed@example.com", "administrator"),
    ];
    const approval = (by = boss) => approveRecovery(world.store, by, asked.id, {});
    expect(await refused(approval)).toBe("recovery.too_early");
    expect(await publish(2, fresh)).toBe("CHK-N001");
    await days(1);
    expect(readRecovery(world.store, owner(1), asked.id).waited).toBe(true);
    const meanwhile = refused(() => approval(dismissed));
    setStoreRole(world.store, OPERATOR, dismissed.accountId, null);
    // Their sessions end with the role.
    expect(await meanwhile).toBe("auth.required");
    expect(readRecovery(world.store, owner(1), asked.id).state).toBe("waiting");
    await approval();
    await world.scheduler.drain();
    expect(await refused(approval)).toBe("recovery.decided");
    expect(readLineage(world.store, owner(), APP).keys.map(({ how, usable }) => `${how} ${usable}`)).toEqual([
      "first false",
      "recovery true",
    ]);
    expect(readRecovery(world.store, owner(), asked.id).apps[0]?.lostKeyIds).toEqual([
      publisher.signer.keyid as KeyId,
    ]);
    world.store.clock.advance(1000);
    expect(await publish(3, publisher.signer)).toBe("CHK-N002");
    expect(await publish(4, fresh)).toBe("published");
    expect(await updated()).toBe("updated");
    expect(listNotices(world.store, owner(1)).map(({ kind }) => kind)).toEqual([
      "recovery.approved",
      "recovery.requested",
    ]);
  });

  test("ends by any owner's objection, or a refusal, and changes nothing", async () => {
    await publish(1, publisher.signer);
    const fresh = await newSigner(world.store, publisher.actor);
    const first = ask(fresh.keyid);
    expect(await refused(() => objectToRecovery(world.store, owner(1), first.id, { reason: " " }))).toBe(
      "recovery.reason_required",
    );
    expect(
      await refused(() =>
        objectToRecovery(world.store, owner(1), first.id, { reason: "No." }, first.revision + 1),
      ),
    ).toBe("precondition.failed precondition.present");
    expect(objectToRecovery(world.store, owner(1), first.id, { reason: "It is here." }).state).toBe(
      "objected",
    );
    await days(7);
    expect(await refused(() => approveRecovery(world.store, administrator(), first.id, {}))).toBe(
      "recovery.decided",
    );

    const second = ask(fresh.keyid);
    const own = { ...administrator(), organisations: owner().organisations };
    expect(await refused(() => refuseRecovery(world.store, own, second.id, { reason: "No." }))).toBe(
      "recovery.own_organisation",
    );
    expect(refuseRecovery(world.store, administrator(), second.id, { reason: "Nobody called." }).state).toBe(
      "refused",
    );
    expect(readLineage(world.store, owner(), APP).keys.length).toBe(1);
    expect(listRecoveries(world.store, owner(), { limit: 5 }).items.map(({ state }) => state)).toEqual([
      "refused",
      "objected",
    ]);
    const stranger = await newPublisher(world.store, "Stranger");
    expect(listRecoveries(world.store, stranger.actor, { limit: 5 }).items).toEqual([]);
    expect(await refused(() => readRecovery(world.store, stranger.actor, second.id))).toBe(
      "recovery.not_found",
    );
  });

  test("is for owners, and falls when a lost key is used after all", async () => {
    await publish(1, publisher.signer);
    const [fresh, other] = [
      await newSigner(world.store, publisher.actor),
      await newSigner(world.store, publisher.actor),
    ];
    expect(await refused(() => ask(fresh.keyid, publisher.actor))).toBe("rights.forbidden rights.action");
    expect(await refused(() => ask("0".repeat(64)))).toBe("key.not_found");
    expect(await refused(() => ask(publisher.signer.keyid))).toBe("recovery.no_app");
    const asked = ask(fresh.keyid);
    const boss = await account("boss@example.com", "administrator");
    await rotate(publisher.signer, other);
    const fallen = readRecovery(world.store, owner(), asked.id);
    expect(fallen).toMatchObject({ state: "fallen", decidedBy: "system", revision: 2 });
    expect(fallen.decisionReason).toContain(fingerprintText(publisher.signer.keyid));
    expect(fallen.apps[0]?.lostKeyIds).toEqual([publisher.signer.keyid as KeyId]);
    expect(listRecoveries(world.store, owner(), { state: "waiting", limit: 5 }).items).toEqual([]);
    for (const each of [...owners, boss])
      expect(listNotices(world.store, each).map(({ kind }) => kind)).toContain("recovery.fallen");
    await days(7);
    expect(await refused(() => approveRecovery(world.store, administrator(), asked.id, {}))).toBe(
      "recovery.decided",
    );
    expect(readLineage(world.store, owner(), APP).keys.length).toBe(2);

    // Both are lost now: that takes a new request, which the fallen one is not in the way of.
    const again = ask(fresh.keyid);
    expect(again.apps[0]?.lostKeyIds.length).toBe(2);
    await days(7);
    const by = await actorNow(boss.accountId);
    expect((await approveRecovery(world.store, by, again.id, {})).state).toBe("approved");
    expect(readRecovery(world.store, owner(), asked.id).apps).toEqual(fallen.apps);
  });

  test("falls when its new key or the organisation is revoked, and is in the way of no other", async () => {
    await publish(1, publisher.signer);
    const signers = [
      await newSigner(world.store, publisher.actor),
      await newSigner(world.store, publisher.actor),
      await newSigner(world.store, publisher.actor),
    ];
    const [byOwner, byOperator, byDeveloper] = signers.map(({ keyid }) => keyid);
    const boss = await account("boss@example.com", "administrator");
    const kindsOf = (actor: Actor) => listNotices(world.store, actor).map(({ kind }) => kind);
    const fellBy = async (keyid: string | undefined, act: () => unknown, why: string) => {
      const asked = ask(keyid ?? "");
      await act();
      const fallen = readRecovery(world.store, owner(), asked.id);
      expect(fallen).toMatchObject({ state: "fallen", decidedBy: "system", decisionReason: why });
      await days(7);
      expect(await refused(() => approveRecovery(world.store, administrator(), asked.id, {}))).toBe(
        "recovery.decided",
      );
    };
    const revoked = (subject: string, id: string) => async () => {
      const act = { act: "revoke", subject, id, action: "block", reason: "Stolen." } as const;
      const { scope } = previewRevocation(world.store, OPERATOR, act, { limit: 1 });
      await revoke(world.store, OPERATOR, act, scope);
    };
    const newKey = "The new key was revoked.";
    const mine = () => revokeKey(world.store, owner(), byOwner as KeyId, { reason: "Stolen." });
    await fellBy(byOwner, mine, newKey);
    for (const each of [...owners, boss]) expect(kindsOf(each)).toContain("recovery.fallen");
    await fellBy(byOperator, revoked("key", byOperator ?? ""), newKey);
    // One that another key is revoked beside waits on.
    const asked = ask(byDeveloper ?? "");
    await revoked("key", publisher.signer.keyid)();
    expect(readRecovery(world.store, owner(), asked.id).state).toBe("waiting");
    objectToRecovery(world.store, owner(1), asked.id, { reason: "Not yet." });
    await fellBy(
      byDeveloper,
      revoked("developer", publisher.organisationId),
      "The organisation was revoked.",
    );
  });

  test("of before, whose new key was revoked, is brought to its end by the migration", async () => {
    await publish(1, publisher.signer);
    const [fresh, other] = [
      await newSigner(world.store, publisher.actor),
      await newSigner(world.store, publisher.actor),
    ];
    const asked = ask(fresh.keyid);
    const migration = migrations().find(({ name }) => name.startsWith("0010"))?.sql ?? "";
    const { raw } = world.store.db;
    // What is revoked besides has no part in it.
    await revokeKey(world.store, owner(), other.keyid as KeyId, { reason: "Stolen." });
    raw.run(migration);
    expect(readRecovery(world.store, owner(), asked.id).state).toBe("waiting");
    await revokeKey(world.store, owner(), fresh.keyid as KeyId, { reason: "Stolen." });
    raw.run(
      "UPDATE key_recoveries SET state = 'waiting', decided_by = NULL, decided_at = NULL, decision_reason = NULL",
    );
    raw.run(migration);
    const fallen = readRecovery(world.store, owner(), asked.id);
    expect(fallen).toMatchObject({ state: "fallen", decidedBy: "system", revision: 3 });
    const { revoked } = readDeveloperKey(world.store, owner(), fresh.keyid as KeyId);
    expect(fallen.decidedAt).toEqual(revoked?.revokedAt ?? null);
  });

  test("has reasons that nothing in them turns around, and old ones are shown harmless", async () => {
    await publish(1, publisher.signer);
    const { keyid } = await newSigner(world.store, publisher.actor);
    const request = (reason: string) =>
      requestRecovery(world.store, owner(), { keyid: keyid as KeyId, reason });
    const invalid = "recovery.reason_invalid";
    for (const reason of ["a\u202eb", "a\u0007b", "\u2066a", "a\u2028b"])
      expect(await refused(() => request(reason))).toBe(invalid);
    const asked = request(" Lost\r\nwith the laptop. ");
    expect(asked.reason).toBe("Lost\nwith the laptop.");
    const [at, turned] = [asked.id, { reason: "a\u202eb" }] as const;
    expect(await refused(() => objectToRecovery(world.store, owner(1), at, turned))).toBe(invalid);
    expect(await refused(() => refuseRecovery(world.store, administrator(), at, turned))).toBe(invalid);
    await days(7);
    expect(await refused(() => approveRecovery(world.store, administrator(), at, turned))).toBe(invalid);
    world.store.db.raw.query("UPDATE key_recoveries SET reason = ?1, decision_reason = ?1").run("a\u202eb");
    expect(readRecovery(world.store, owner(), at)).toMatchObject({
      reason: "a<U+202E>b",
      decisionReason: "a<U+202E>b",
    });
  });

  test("is not decided by who asked for it, or worked for the organisation while it waited", async () => {
    await publish(1, publisher.signer);
    const { organisationId } = publisher;
    const fresh = await newSigner(world.store, publisher.actor);
    const [asker, helper, past, boss] = await Promise.all(
      ["asker", "helper", "past", "boss"].map((name) => account(`${name}@example.com`, "administrator")),
    );
    if (!asker || !helper || !past || !boss) throw new Error("four were made");
    // Who left before it was asked for is a stranger to it.
    addMember(world.store, OPERATOR, organisationId, past.accountId, "maintainer");
    world.store.clock.advance(1000);
    addMember(world.store, OPERATOR, organisationId, past.accountId, "viewer");
    world.store.clock.advance(2000);
    addMember(world.store, OPERATOR, organisationId, asker.accountId, "owner");
    const asked = ask(fresh.keyid, await actorNow(asker.accountId));
    await days(3);
    addMember(world.store, OPERATOR, organisationId, asker.accountId, "viewer");
    addMember(world.store, OPERATOR, organisationId, helper.accountId, "developer");
    await days(1);
    addMember(world.store, OPERATOR, organisationId, helper.accountId, "viewer");
    await days(4);
    for (const { accountId } of [asker, helper]) {
      const actor = await actorNow(accountId);
      expect(actor.organisations.get(organisationId)).toBe("viewer");
      expect(mayDecideRecovery(world.store.db.orm, actor, asked)).toBe(false);
      for (const decide of [approveRecovery, refuseRecovery])
        expect(await refused(() => decide(world.store, actor, asked.id, { reason: "Mine." }))).toBe(
          "recovery.own_organisation",
        );
    }
    expect(mayDecideRecovery(world.store.db.orm, await actorNow(past.accountId), asked)).toBe(true);
    const approved = await approveRecovery(world.store, await actorNow(boss.accountId), asked.id, {});
    expect(approved.state).toBe("approved");
    // The log names who let it happen, not the request.
    const leaf = findNewestLeaf(world.store.db.orm, fresh.keyid, "developer-key");
    expect(leaf?.entry).toMatchObject({ change: "recovered", authorisedBy: boss.accountId });
  });

  test("of before that had fallen is brought to its end by the migration", async () => {
    await publish(1, publisher.signer);
    const [fresh, other] = [
      await newSigner(world.store, publisher.actor),
      await newSigner(world.store, publisher.actor),
    ];
    const asked = ask(fresh.keyid);
    await rotate(publisher.signer, other);
    const { raw } = world.store.db;
    raw.run(
      "UPDATE key_recoveries SET state = 'waiting', decided_by = NULL, decided_at = NULL, decision_reason = NULL",
    );
    const migration = migrations().find(({ name }) => name.startsWith("0007"));
    raw.run(migration?.sql.slice(migration.sql.indexOf("UPDATE key_recoveries")) ?? "");
    const fallen = readRecovery(world.store, owner(), asked.id);
    expect(fallen).toMatchObject({ state: "fallen", decidedBy: "system", revision: 3 });
    expect(fallen.decidedAt).toEqual(readLineage(world.store, owner(), APP).keys[1]?.addedAt ?? null);
  });
});

describe("revocation", () => {
  test("takes a key's power, not that of the keys that it added", async () => {
    const second = await newSigner(world.store, publisher.actor);
    await publish(1, publisher.signer);
    await startDevice();
    await installed();
    await rotate(publisher.signer, second);
    world.store.clock.advance(2000);
    const revoked = await revokeKey(world.store, owner(), publisher.signer.keyid as KeyId, {
      reason: "It was on a stolen laptop.",
    });
    await world.scheduler.drain();
    expect(revoked.revoked?.action).toBe("block");
    expect(readLineage(world.store, owner(), APP).keys.map(({ usable }) => usable)).toEqual([false, true]);
    expect(await publish(2, publisher.signer)).toContain("CHK-");
    const third = await newSigner(world.store, publisher.actor);
    expect(await refused(() => rotate(publisher.signer, third))).toBe("revocation.in_force");
    expect(await publish(3, second)).toBe("published");
    expect(await updated()).toBe("updated");
    expect(
      await refused(() => revokeKey(world.store, publisher.actor, second.keyid as KeyId, { reason: "x" })),
    ).toBe("rights.forbidden rights.action");
    const told = listNotices(world.store, owner(1));
    expect(told.map(({ kind }) => kind)).toEqual(["key.revoked", "key.added"]);
    for (const { id } of told) putAway(world.store, owner(1), id);
    expect(listNotices(world.store, owner(1))).toEqual([]);
    expect(await refused(() => putAway(world.store, owner(), told[0]?.id ?? ("" as never)))).toBe(
      "message.not_found",
    );
    expect(
      listDeveloperKeys(world.store, owner(), { limit: 10 }).items.filter((key) => key.revoked).length,
    ).toBe(1);
  });

  test("that an administrator made is made stricter by an owner, and never milder", async () => {
    await publish(1, publisher.signer);
    const keyid = publisher.signer.keyid as KeyId;
    const revokeAs = (actor: Actor, action: string, reason: string) =>
      revokeKey(world.store, actor, keyid, { reason, action });
    await revokeAs(OPERATOR, "disable", "Malware.");
    const milder = [
      ["block", "All is fine."],
      ["disable", "All is fine."],
    ] as const;
    for (const [action, reason] of milder)
      expect(await refused(() => revokeAs(owner(), action, reason))).toBe("key.revoked_already");
    // The same again, as a client does that heard no answer.
    await revokeAs(owner(), "disable", "Malware.");
    const { revoked } = readDeveloperKey(world.store, owner(), keyid);
    expect(revoked).toMatchObject({ action: "disable", reason: "Malware." });
    expect((await revokeAs(owner(), "remove", "Take it away.")).revoked?.action).toBe("remove");
    expect(await refused(() => revokeAs(OPERATOR, "block", "Only old copies."))).toBe("key.revoked_already");
  });

  test("of the only key leaves recovery as the way back", async () => {
    await publish(1, publisher.signer);
    await startDevice();
    await installed();
    await revokeKey(world.store, owner(), publisher.signer.keyid as KeyId, { reason: "Stolen." });
    await world.scheduler.drain();
    const fresh = await newSigner(world.store, publisher.actor);
    const asked = requestRecovery(world.store, owner(), { keyid: fresh.keyid as KeyId, reason: "Stolen." });
    await days(7);
    await approveRecovery(world.store, OPERATOR, asked.id, {});
    await world.scheduler.drain();
    expect(await publish(2, fresh)).toBe("published");
    expect(await updated()).toBe("updated");
  });
});
