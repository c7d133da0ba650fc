/** What the audit log is told of apps, versions, reviews and developers' keys; of what was refused or repeated, nothing. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AccountActor, type Actor, actorLabel, OPERATOR } from "../accounts/actor.ts";
import { listNotices, putAway } from "../accounts/messages/outbox.ts";
import { write } from "../db/database.ts";
import { isProblem } from "../errors.ts";
import type { AppId, KeyId, RecoveryId, VersionId } from "../ids.ts";
import { approve, reject } from "../review/decide.ts";
import { sealEnvelope } from "../signing/dsse.ts";
import { buildKeyAddition } from "../signing/key-statements.ts";
import { createCsr, generateKeyPair } from "../signing/keys.ts";
import type { Signer } from "../signing/signer.ts";
import { type Told, toldBy } from "../testing/audit.ts";
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
import { changeApp, createApp, deleteApp, insertNewApp } from "./apps.ts";
import { enrollKey } from "./developer-keys.ts";
import { addKey, readLineage } from "./lineage.ts";
import { objectToRecovery, refuseRecovery, requestRecovery } from "./recovery.ts";
import { publishVersion, submitVersion, withdrawVersion } from "./versions.ts";

setDefaultTimeout(60_000);

const APP = "org.example.notes" as AppId;
const DAY_MS = 86_400_000;

let publisher: Publisher;
let owner: AccountActor;

const world = storeForEach(async () => {
  publisher = await newPublisher(world.store);
  owner = await newOwner(world.store, publisher.organisationId);
});

const told = (work: () => unknown): Promise<Told[]> => toldBy(world.store.db, work);

/** Of the organisation, by whoever it was. */
function entry(
  actor: Actor,
  action: string,
  subject: string,
  facts: Partial<Pick<Told, "before" | "after">> = {},
): Told {
  const { organisationId } = publisher;
  return {
    actor: actorLabel(actor),
    action,
    subject,
    organisationId,
    before: facts.before ?? null,
    after: facts.after ?? null,
  } as Told;
}

/** The code of the refusal, of which nothing is told. */
async function refused(work: () => unknown): Promise<string> {
  let code = "not refused";
  const entries = await told(async () => {
    try {
      await work();
    } catch (error) {
      if (!isProblem(error)) throw error;
      code = error.code;
    }
  });
  expect(entries).toEqual([]);
  return code;
}

async function upload(versionCode: number, said: Parameters<typeof submitBytes>[3] = {}, signer?: Signer) {
  const manifest = { id: APP, versionCode, version: `${versionCode}.0.0` };
  const bytes = await signedApp(world.store, signer ?? publisher.signer, manifest);
  return { bytes, version: await submitBytes(world.store, publisher.actor, bytes, said) };
}

async function uploadChecked(versionCode: number, said: Parameters<typeof submitBytes>[3] = {}) {
  const made = await upload(versionCode, said);
  await world.scheduler.drain();
  return made;
}

async function release(versionCode: number): Promise<void> {
  const { version } = await uploadChecked(versionCode);
  approve(world.store, OPERATOR, version.id, {});
  await world.scheduler.drain();
}

describe("apps", () => {
  const id = "org.example.app" as AppId;
  const subject = `app ${id}`;
  const texts = { name: "App", summary: "Short." };
  const create = (key?: string) => {
    const idempotency =
      key === undefined ? undefined : { actor: actorLabel(publisher.actor), key, request: "POST /apps" };
    return createApp(world.store, publisher.actor, { id, ...texts }, idempotency);
  };

  test("are made, changed and deleted", async () => {
    const { store } = world;
    const { actor } = publisher;
    expect(await told(() => create("one"))).toEqual([entry(actor, "app.created", subject, { after: texts })]);
    expect(await told(() => create("one"))).toEqual([]);
    expect(await refused(() => create())).toBe("app.id_taken");
    expect(await told(() => changeApp(store, actor, id, { name: "Other", summary: "Short." }))).toEqual([
      entry(actor, "app.changed", subject, { before: { name: "App" }, after: { name: "Other" } }),
    ]);
    expect(await told(() => changeApp(store, actor, id, { name: "Other" }))).toEqual([]);
    // The last two could stand in no audit entry.
    for (const name of ["", "a\ufdd0b", "a\ud800b"])
      expect(await refused(() => changeApp(store, actor, id, { name }))).toBe("app.name_invalid");
    expect(await refused(() => deleteApp(store, owner, id, [7]))).toBe("precondition.failed");
    expect(await told(() => deleteApp(store, owner, id))).toEqual([
      entry(owner, "app.deleted", subject, { before: { name: "Other", summary: "Short.", versions: 0 } }),
    ]);
    expect(await refused(() => deleteApp(store, owner, id))).toBe("app.not_found");
  });

  test("leave no entry when their transaction fails", async () => {
    const before = await told(() => {
      expect(() =>
        write(world.store.db, (tx) => {
          const { actor, organisationId } = publisher;
          insertNewApp(tx, world.store.vault, {
            id,
            name: "App",
            organisationId,
            actor,
            now: world.store.clock.now(),
          });
          throw new Error("cut off");
        }),
      ).toThrow("cut off");
    });
    expect(before).toEqual([]);
  });
});

describe("versions", () => {
  test("are uploaded, said other things of, submitted and withdrawn", async () => {
    const { store } = world;
    const { actor } = publisher;
    const long = "word ".repeat(200).trim();
    let made: Awaited<ReturnType<typeof upload>> | undefined;
    const uploaded = async (versionCode: number, said: Parameters<typeof submitBytes>[3]) => {
      const entries = await told(async () => {
        made = await upload(versionCode, said);
      });
      if (made === undefined) throw new Error("nothing was uploaded");
      return { ...made, entries };
    };
    const { version, bytes, entries: first } = await uploaded(1, { submit: false });
    const subject = `version ${version.id}`;
    expect(first.map(({ action, subject: on }) => [action, on])).toEqual([
      ["app.created", `app ${APP}`],
      ["version.uploaded", subject],
    ]);
    const again = (said: Parameters<typeof submitBytes>[3]) =>
      told(() => submitBytes(store, actor, bytes, { submit: false, ...said }));
    expect(await again({})).toEqual([]);
    expect(await again({ notes: long, hold: true })).toEqual([
      entry(actor, "version.changed", subject, {
        before: { hold: false, notes: "" },
        after: {
          hold: true,
          notes: `${long.slice(0, 199)}…`,
          "notes.sha256": new Bun.CryptoHasher("sha256").update(long).digest("hex"),
        },
      }),
    ]);
    await world.scheduler.drain();
    expect(await told(() => submitVersion(store, actor, APP, version.id))).toEqual([
      entry(actor, "version.submitted", subject, {
        before: { state: "draft", submit: false },
        after: { state: "in_review", submit: true },
      }),
    ]);
    expect(await refused(() => submitVersion(store, actor, APP, version.id))).toBe("version.wrong_state");
    expect(await told(() => withdrawVersion(store, actor, APP, version.id))).toEqual([
      entry(actor, "version.withdrawn", subject, {
        before: { state: "in_review" },
        after: { state: "withdrawn" },
      }),
    ]);
    expect(await refused(() => withdrawVersion(store, actor, APP, version.id))).toBe("version.wrong_state");

    const second = await uploaded(2, {});
    expect(second.entries).toEqual([
      entry(actor, "version.uploaded", `version ${second.version.id}`, {
        after: {
          appId: APP,
          versionCode: 2,
          uploadSha256: new Bun.CryptoHasher("sha256").update(second.bytes).digest("hex"),
          state: "checking",
          hold: false,
          submit: true,
          notes: "",
        },
      }),
    ]);
    // What the checks find is the version's own history.
    expect(await told(() => world.scheduler.drain())).toEqual([]);
  });

  test("are rejected, approved and published by hand, each once", async () => {
    const { store } = world;
    const one = (await uploadChecked(3)).version;
    expect(await refused(() => reject(store, reviewer(), one.id, { reason: "" }))).toBe(
      "review.reason_required",
    );
    const reject3 = () => reject(store, reviewer(), one.id, { reason: "It does nothing." });
    expect(await told(reject3)).toEqual([
      entry(reviewer(), "review.rejected", `version ${one.id}`, {
        before: { state: "in_review" },
        after: { state: "rejected", reason: "It does nothing." },
      }),
    ]);
    expect(await refused(reject3)).toBe("version.wrong_state");
    const held = (await uploadChecked(4, { hold: true })).version;
    const approve4 = () => approve(store, reviewer(), held.id as VersionId, {});
    expect(await told(approve4)).toEqual([
      entry(reviewer(), "review.approved", `version ${held.id}`, {
        before: { state: "in_review" },
        after: { state: "signing" },
      }),
    ]);
    expect(await refused(approve4)).toBe("version.wrong_state");
    await world.scheduler.drain();
    expect(await told(() => publishVersion(store, publisher.actor, APP, held.id))).toEqual([
      entry(publisher.actor, "version.published", `version ${held.id}`, {
        before: { state: "held" },
        after: { state: "publishing" },
      }),
    ]);
    await world.scheduler.drain();
  });
});

describe("developers' keys", () => {
  test("are enrolled once and renewed", async () => {
    const { store } = world;
    const { actor } = publisher;
    const keys = generateKeyPair();
    const csr = await createCsr(keys);
    const enrol = () => enrollKey(store, actor, { csr });
    const [first, ...others] = await told(enrol);
    expect(others).toEqual([]);
    const after = { algorithm: expect.any(String), serial: expect.any(String), notAfter: expect.any(String) };
    expect(first).toEqual(
      entry(actor, "devkey.enrolled", expect.stringMatching(/^key [0-9a-f]{64}$/), { after }),
    );
    const { algorithm: _, ...certificate } = after;
    expect(await told(enrol)).toEqual([
      entry(actor, "devkey.renewed", first?.subject ?? "", { after: certificate }),
    ]);
    expect(await refused(() => enrollKey(store, actor, { csr: "none" }))).toBe("MPK-X010");
  });

  test("are added to an app by one of its keys, once", async () => {
    const { store } = world;
    await release(5);
    const { actor, signer, organisationId } = publisher;
    const added = await newSigner(store, actor);
    const rows = readLineage(store, actor, APP).keys.length;
    const statement = buildKeyAddition({
      appId: APP,
      developerId: organisationId,
      keyId: added.keyid,
      position: rows,
      addedAt: store.clock.now(),
    });
    const addition = Buffer.from(await sealEnvelope(statement, signer)).toString("base64");
    const add = () => addKey(store, actor, APP, { addition });
    expect(await refused(() => addKey(store, actor, APP, { addition: "x" }))).toBe(
      "lineage.statement_malformed",
    );
    expect(await told(add)).toEqual([
      {
        ...entry(actor, "devkey.added", `key ${added.keyid}`, {
          after: { appId: APP, position: rows, authorisedBy: signer.keyid },
        }),
        organisationId,
      },
    ]);
    expect(await told(add)).toEqual([]);
  });

  test("are recovered, which others object to, refuse, or let fall", async () => {
    const { store } = world;
    await release(1);
    const fresh = await newSigner(store, publisher.actor);
    const keyid = fresh.keyid as KeyId;
    let id = "" as RecoveryId;
    const ask = async () => {
      const entries = await told(() => {
        id = requestRecovery(store, owner, { keyid, reason: "Lost." }).id;
      });
      return entries;
    };
    const ended = (state: string, by: Actor, reason?: string) =>
      entry(by, `recovery.${state}`, `recovery ${id}`, {
        before: { state: "waiting" },
        after: { state, key: keyid, ...(reason === undefined ? {} : { reason }) },
      });
    const asked = await ask();
    expect(asked).toEqual([
      entry(owner, "recovery.requested", `recovery ${id}`, {
        after: {
          key: keyid,
          apps: [APP],
          reason: "Lost.",
          waitingUntil: expect.any(String),
          ownersTold: 1,
        } as never,
      }),
    ]);
    expect(await refused(() => requestRecovery(store, owner, { keyid, reason: "Lost." }))).toBe(
      "recovery.open",
    );
    const [notice] = listNotices(store, owner);
    if (!notice) throw new Error("the owner was told");
    const away = () => putAway(store, owner, notice.id);
    expect(await told(away)).toEqual([
      { ...entry(owner, "message.put_away", `message ${notice.id}`), organisationId: null },
    ]);
    expect(await told(away)).toEqual([]);

    const object = () => objectToRecovery(store, owner, id, { reason: "I have it." });
    expect(await told(object)).toEqual([ended("objected", owner, "I have it.")]);
    expect(await refused(object)).toBe("recovery.decided");
    await ask();
    expect(await told(() => refuseRecovery(store, OPERATOR, id, { reason: "No." }))).toEqual([
      ended("refused", OPERATOR, "No."),
    ]);
    await ask();
    expect(await refused(() => approveRecovery(store, OPERATOR, id, {}))).toBe("recovery.too_early");
    store.clock.advance(30 * DAY_MS);
    expect(await refused(() => approveRecovery(store, OPERATOR, id, {}))).toBe("recovery.days_missing");
    liveThrough(store, 7);
    await world.scheduler.drain();
    expect(await told(() => approveRecovery(store, OPERATOR, id, {}))).toEqual([ended("approved", OPERATOR)]);
    expect(await refused(() => approveRecovery(store, OPERATOR, id, {}))).toBe("recovery.decided");

    const next = (await newSigner(store, publisher.actor)).keyid as KeyId;
    id = requestRecovery(store, owner, { keyid: next, reason: "Lost." }).id;
    const by = await signedInNow(store, owner.accountId);
    const revoked = await told(() => revokeKey(store, by, next, { reason: "Stolen." }));
    expect(revoked.map(({ actor, action, subject }) => [actor, action, subject])).toEqual([
      [actorLabel(owner), "revocation.made", `key ${next}`],
      ["system", "recovery.fallen", `recovery ${id}`],
    ]);
  });
});
