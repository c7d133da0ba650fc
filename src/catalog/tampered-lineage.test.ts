/** Rows of key lineages that somebody changed beside the store: they come back as the signed index has them. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AccountActor, OPERATOR } from "../accounts/actor.ts";
import { write } from "../db/database.ts";
import { openEnvelope } from "../format/verify-signatures.ts";
import type { AppId, KeyId } from "../ids.ts";
import { releaseSigner } from "../keys/authority.ts";
import { approve } from "../review/decide.ts";
import { sealEnvelope } from "../signing/dsse.ts";
import { buildKeyAddition, buildKeyRecovery, parseKeyRecovery } from "../signing/key-statements.ts";
import type { Signer } from "../signing/signer.ts";
import { storeForEach } from "../testing/prepared.ts";
import { codeOf } from "../testing/problems.ts";
import {
  newOwner,
  newPublisher,
  newSigner,
  openPublishing,
  type Publisher,
  reviewer,
  signedApp,
  submitBytes,
} from "../testing/publishing.ts";
import { liveThrough } from "../testing/running.ts";
import { beside } from "../testing/tamper.ts";
import { approveRecovery } from "./approve-recovery.ts";
import { catalogueDamage, checkCatalogue } from "./check-catalogue.ts";
import { replaceStatement, selectLineage } from "./lineage.records.ts";
import { addKey } from "./lineage.ts";
import { mendLineage } from "./mend-lineage.ts";
import { requestRecovery } from "./recovery.ts";
import { rebuildShard } from "./revocation/reoffer.ts";
import { signLineageAgain } from "./sign-again/lineage.ts";
import { indexPath, shardOf } from "./tuf/app-index.ts";
import { parseAppIndex } from "./tuf/documents.ts";
import { findTargetBody } from "./tuf/records.ts";
import { readVersionDetails } from "./versions.ts";

setDefaultTimeout(120_000);

const APP = "org.example.notes" as AppId;
let publisher: Publisher;
let owner: AccountActor;
let second: Signer;
let third: Signer;

/** A lineage of every kind: a first key, one that it added, one that a recovery brought in the place of both. */
const world = storeForEach(async () => {
  publisher = await newPublisher(world.store);
  owner = await newOwner(world.store, publisher.organisationId, "first@example.com");
  second = await newSigner(world.store, publisher.actor);
  await publish(1, publisher.signer);
  await add(second, publisher.signer);
  third = await recover();
});
const { orm, tamper, found } = beside(world);

const rows = () => selectLineage(orm(), APP).map((row) => JSON.stringify(row));
const body = (id: string = APP) => Buffer.from(findTargetBody(orm(), indexPath(id)) ?? []);
const codes = () =>
  [...parseAppIndex(body()).channels.values()].flat().map(({ versionCode }) => Number(versionCode));
async function publish(versionCode: number, signer: Signer, id: AppId = APP): Promise<string> {
  const bytes = await signedApp(world.store, signer, { id, versionCode, version: `${versionCode}.0.0` });
  const sent = await submitBytes(world.store, publisher.actor, bytes);
  await world.scheduler.drain();
  const state = () => readVersionDetails(world.store, publisher.actor, id, sent.id).version.state;
  if (state() !== "in_review") return state();
  approve(world.store, reviewer(), sent.id, {});
  await world.scheduler.drain();
  return state();
}

async function add(to: Signer, by: Signer): Promise<void> {
  const statement = buildKeyAddition({
    appId: APP,
    developerId: publisher.organisationId,
    keyId: to.keyid,
    position: selectLineage(orm(), APP).length,
    addedAt: world.store.clock.now(),
  });
  const addition = Buffer.from(await sealEnvelope(statement, by)).toString("base64");
  await addKey(world.store, publisher.actor, APP, { addition });
  await world.scheduler.drain();
}

async function recover(meanwhile = () => {}): Promise<Signer> {
  const signer = await newSigner(world.store, publisher.actor);
  const asked = requestRecovery(world.store, owner, { keyid: signer.keyid as KeyId, reason: "Lost." });
  liveThrough(world.store, 7);
  await world.scheduler.drain();
  meanwhile();
  await approveRecovery(world.store, OPERATOR, asked.id, {});
  await world.scheduler.drain();
  return signer;
}

const at = (position: number) => `WHERE app_id = '${APP}' AND position = ${position}`;

const WAYS: readonly (readonly [string, () => void | Promise<void>])[] = [
  ["all of it went", () => tamper("DELETE FROM key_lineage")],
  ["the newest key went", () => tamper(`DELETE FROM key_lineage ${at(2)}`)],
  ["the first key went", () => tamper(`DELETE FROM key_lineage ${at(0)}`)],
  ["a lost key that was called back", () => tamper("UPDATE key_lineage SET lost_at = NULL")],
  ["a key that was called lost", () => tamper(`UPDATE key_lineage SET lost_at = 1 ${at(2)}`)],
  ["two that changed places", () => tamper("UPDATE key_lineage SET position = 2 - position")],
  ["when a key came", () => tamper(`UPDATE key_lineage SET added_at = 1 ${at(1)}`)],
  ["who let a key in", () => tamper(`UPDATE key_lineage SET authorised_by = 'me' ${at(1)}`)],
  ["an addition that went", () => tamper(`UPDATE key_lineage SET addition = NULL ${at(1)}`)],
  ["what the store said", () => tamper(`UPDATE key_lineage SET store_statement = x'7b7d' ${at(1)}`)],
  [
    "a key that was added",
    async () => {
      const { keyid } = await newSigner(world.store, publisher.actor);
      tamper(
        `INSERT INTO key_lineage (app_id, keyid, position, added_at, authorised_by) VALUES ('${APP}', '${keyid}', 3, 0, NULL)`,
      );
    },
  ],
  [
    "a key in the place of another",
    async () => {
      const { keyid } = await newSigner(world.store, publisher.actor);
      tamper(`UPDATE key_lineage SET keyid = '${keyid}' ${at(0)}`);
    },
  ],
  [
    "what the store said, in its own words and with another's signature",
    async () => {
      const other = await openPublishing();
      const said = selectLineage(orm(), APP)[2]?.storeStatement ?? Buffer.of();
      const { payload } = openEnvelope(new Uint8Array(said), "release").envelope;
      const forged = await sealEnvelope(payload, releaseSigner(other.store));
      await other.close();
      tamper(`UPDATE key_lineage SET store_statement = ? ${at(2)}`, forged);
    },
  ],
];

describe("brought back from the signed index", () => {
  test.each(WAYS)("before a publication: %s", async (_, damage) => {
    const before = rows();
    await damage();
    expect(await publish(2, third)).toBe("published");
    expect(rows()).toEqual(before);
    expect(codes()).toEqual([2, 1]);
  });

  test.each(WAYS)("once a day, and by reconcile, which names it: %s", async (_, damage) => {
    const [before, signed] = [rows(), body()];
    await damage();
    await checkCatalogue(world.store);
    expect(rows()).toEqual(before);
    await damage();
    expect(await found()).toEqual([
      expect.stringMatching(new RegExp(`^the key lineage of ${APP}: .*brought back`)),
    ]);
    expect(rows()).toEqual(before);
    expect(await found()).toEqual([]);
    expect(body()).toEqual(signed);
  });

  test("before a key is added: a lost one adds none, whatever its row says", async () => {
    const fourth = await newSigner(world.store, publisher.actor);
    tamper("UPDATE key_lineage SET lost_at = NULL");
    expect(await codeOf(() => add(fourth, second))).toBe("MPK-L004");
    await add(fourth, third);
    expect(await publish(2, fourth)).toBe("published");
  });

  test("before a recovery is approved", async () => {
    const before = rows();
    const signer = await recover(() => {
      tamper(`DELETE FROM key_lineage ${at(1)}`);
      tamper("UPDATE key_lineage SET lost_at = NULL");
    });
    expect(rows().slice(0, 2)).toEqual(before.slice(0, 2));
    expect(await publish(2, signer)).toBe("published");
  });

  test("when the row of the index was changed as well", async () => {
    const before = rows();
    const spoil = () => tamper("UPDATE tuf_targets SET body = x'7b7d' WHERE path = ?", indexPath(APP));
    tamper("DELETE FROM key_lineage");
    spoil();
    expect(await publish(2, third)).toBe("published");
    expect(rows()).toEqual(before);
    expect(codes()).toEqual([2, 1]);
    spoil();
    await add(await newSigner(world.store, publisher.actor), third);
    expect(parseAppIndex(body()).lineage).toHaveLength(4);
    // Nor is the lineage of rows taken when only the next index is asked for.
    tamper("DELETE FROM key_lineage");
    spoil();
    expect(await codeOf(() => rebuildShard(world.store, shardOf(APP)))).toBe("catalog.damaged");
    expect(parseAppIndex(body()).lineage).toHaveLength(4);
  });
});

test("nothing is signed again that the signed index does not say", async () => {
  const other = await openPublishing();
  const said = selectLineage(orm(), APP)[2]?.storeStatement ?? Buffer.of();
  const { payload } = openEnvelope(new Uint8Array(said), "release").envelope;
  const forged = buildKeyRecovery({ ...parseKeyRecovery(payload).predicate, ownersTold: 99 });
  tamper(
    `UPDATE key_lineage SET store_statement = ? ${at(2)}`,
    await sealEnvelope(forged, releaseSigner(other.store)),
  );
  await other.close();
  await signLineageAgain(world.store, APP);
  expect(selectLineage(orm(), APP)[2]?.storeStatement).toEqual(said);
});

test("what the store signed anew stays until the index has it", async () => {
  const row = selectLineage(orm(), APP)[2];
  if (!row?.storeStatement) throw new Error("the recovery has no statement");
  const { payload } = openEnvelope(new Uint8Array(row.storeStatement), "release").envelope;
  const anew = Buffer.from(await sealEnvelope(payload, releaseSigner(world.store)));
  write(world.store.db, (tx) => replaceStatement(tx, row, anew));
  const before = rows();
  expect(mendLineage(world.store, APP)).toBe("same");
  expect(await publish(2, third)).toBe("published");
  expect(rows()).toEqual(before);
});

describe("an app that was never published has none", () => {
  const NEW = "org.example.new" as AppId;
  const plant = (keyid: string) =>
    tamper(
      `INSERT INTO key_lineage (app_id, keyid, position, added_at, authorised_by) VALUES ('${NEW}', '${keyid}', 0, 0, NULL)`,
    );

  test("and its first version begins it", async () => {
    const bytes = await signedApp(world.store, third, { id: NEW, versionCode: 1, version: "1.0.0" });
    const sent = await submitBytes(world.store, publisher.actor, bytes);
    plant(second.keyid);
    await world.scheduler.drain();
    expect(selectLineage(orm(), NEW)).toEqual([]);
    plant(second.keyid);
    await checkCatalogue(world.store);
    expect(selectLineage(orm(), NEW)).toEqual([]);
    approve(world.store, reviewer(), sent.id, {});
    plant(second.keyid);
    await world.scheduler.drain();
    expect(parseAppIndex(body(NEW)).lineage).toEqual([{ kind: "first", keyId: third.keyid }]);
    expect(selectLineage(orm(), NEW).map(({ keyid }) => String(keyid))).toEqual([third.keyid]);
    expect(await found()).toEqual([]);
  });
});

test("a lineage whose key is no row any more is named, and nothing is signed", async () => {
  const signed = body();
  tamper(`DELETE FROM key_lineage ${at(1)}`);
  tamper("DELETE FROM developer_certificates WHERE keyid = ?", second.keyid);
  tamper("DELETE FROM developer_keys WHERE keyid = ?", second.keyid);
  await publish(2, third);
  await checkCatalogue(world.store);
  expect(catalogueDamage(world.store)).toContain(`the key lineage of ${APP}`);
  expect(await codeOf(async () => add(await newSigner(world.store, publisher.actor), third))).toBe(
    "catalog.damaged",
  );
  expect(body()).toEqual(signed);
});
