/** Rows of recoveries that somebody changed beside the store: nothing is signed but what was asked for, after its whole time. */
import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccountActor, OPERATOR } from "../accounts/actor.ts";
import { write } from "../db/database.ts";
import type { AppId, KeyId, RecoveryId } from "../ids.ts";
import { openVault, type Vault } from "../keys/vault.ts";
import { approve } from "../review/decide.ts";
import { storeForAll } from "../testing/prepared.ts";
import { codeOf, codeOfSync } from "../testing/problems.ts";
import {
  newOwner,
  newPublisher,
  newSigner,
  type Publisher,
  reviewer,
  signedApp,
  submitBytes,
} from "../testing/publishing.ts";
import { liveThrough } from "../testing/running.ts";
import { signedInNow } from "../testing/signed-in.ts";
import { beside } from "../testing/tamper.ts";
import { approveRecovery } from "./approve-recovery.ts";
import { catalogueDamage, checkCatalogue } from "./check-catalogue.ts";
import { selectLineage } from "./lineage.records.ts";
import { mendRecoveries, resealRecoveries } from "./mend-recoveries.ts";
import { reconcileStore } from "./reconcile.ts";
import { findRecovery, selectRecoveryApps } from "./recovery.records.ts";
import { objectToRecovery, readRecovery, refuseRecovery, requestRecovery } from "./recovery.ts";
import { previewKeyRevocation, revokeDeveloperKey } from "./revoke-key.ts";

setDefaultTimeout(240_000);

const [APP, OTHER] = ["org.example.lost", "org.example.kept"] as const satisfies readonly string[];
const DAY_MS = 86_400_000;
let publisher: Publisher;
let owner: AccountActor;
/** One that an owner stopped, long ago. */
let old: RecoveryId;

const world = storeForAll(async () => {
  publisher = await newPublisher(world.store);
  owner = await newOwner(world.store, publisher.organisationId);
  await newPublisher(world.store, "Others");
  for (const id of [APP, OTHER]) {
    const bytes = await signedApp(world.store, publisher.signer, { id });
    const { id: version } = await submitBytes(world.store, publisher.actor, bytes);
    await world.scheduler.drain();
    approve(world.store, reviewer(), version, {});
    await world.scheduler.drain();
  }
  old = await ask(await newKey());
  objectToRecovery(world.store, owner, old, { reason: "Found again." });
  await days(8);
});
const { orm, tamper } = beside(world);

const newKey = async () => (await newSigner(world.store, publisher.actor)).keyid as KeyId;
const ask = async (keyid: KeyId, appId: string = APP) =>
  requestRecovery(world.store, owner, { keyid, appId: appId as AppId, reason: "Lost." }).id;
const allow = (id: RecoveryId) => codeOf(() => approveRecovery(world.store, OPERATOR, id, {}));
const keys = (appId: string) => selectLineage(orm(), appId as AppId).map(({ keyid }) => keyid as string);
const stateOf = (id: RecoveryId) => readRecovery(world.store, OPERATOR, id).state;
const rowOf = (id: RecoveryId) => {
  const { revision: _, ...row } = findRecovery(orm(), id) ?? { revision: 0 };
  return JSON.stringify([row, selectRecoveryApps(orm(), id)]);
};

async function days(count: number): Promise<void> {
  liveThrough(world.store, count);
  await world.scheduler.drain();
}

/** Nothing waits any more, and the lineages are what they were. */
async function settled(id: RecoveryId, before: readonly string[]): Promise<void> {
  expect(keys(APP)).toEqual([...before]);
  if (stateOf(id) === "waiting") refuseRecovery(world.store, OPERATOR, id, { reason: "Tampered with." });
  await checkCatalogue(world.store);
  expect(catalogueDamage(world.store)).toEqual([]);
}

const set = (what: string) => (id: RecoveryId) =>
  tamper(`UPDATE key_recoveries SET ${what} WHERE id = ?`, id);
const WAYS: readonly (readonly [string, (id: RecoveryId) => void])[] = [
  ["an end of the waiting time that is over", set("waiting_until = 0")],
  ["a request of long ago", set("requested_at = 1, waiting_until = 604800001")],
  ["another key", set("keyid = (SELECT max(keyid) FROM developer_keys WHERE keyid <> key_recoveries.keyid)")],
  ["another organisation", set("organisation_id = (SELECT id FROM organisations WHERE name = 'Others')")],
  ["more owners who were told", set("owners_told = 99")],
  ["somebody else who asked", set("requested_by = 'operator'")],
  ["another reason", set("reason = 'All is well.'")],
  ["that it was approved", set("state = 'approved', decided_by = 'operator', decided_at = 1")],
  ["that it was refused", set("state = 'refused', decided_by = 'operator', decided_at = 1")],
  [
    "another app",
    (id) => tamper(`UPDATE key_recovery_apps SET app_id = '${OTHER}' WHERE recovery_id = ?`, id),
  ],
  ["one app more", (id) => tamper(`INSERT INTO key_recovery_apps VALUES (?, '${OTHER}', 1)`, id)],
  [
    "other keys that are lost",
    (id) => tamper("UPDATE key_recovery_apps SET lineage_keys = 9 WHERE recovery_id = ?", id),
  ],
];

describe("what was asked for comes back", () => {
  test.each(WAYS)("before it is approved, too early: %s", async (_, change) => {
    const before = keys(APP);
    const id = await ask(await newKey());
    const row = rowOf(id);
    change(id);
    expect(catalogueDamage(world.store)).toEqual([`the recovery ${id}`]);
    expect([await allow(id), rowOf(id)]).toEqual(["recovery.too_early", row]);
    await settled(id, before);
  });

  test("once a day, and by reconcile, which names it", async () => {
    const before = keys(APP);
    const id = await ask(await newKey());
    const row = rowOf(id);
    set("waiting_until = 0")(id);
    await checkCatalogue(world.store);
    expect(rowOf(id)).toBe(row);
    set("waiting_until = 0")(id);
    const found = await reconcileStore(world.store, OPERATOR);
    expect(found.map(({ subject }) => subject)).toEqual([`the recovery ${id}`]);
    expect(rowOf(id)).toBe(row);
    await settled(id, before);
  });

  test("and once its time is over, it is what is approved", async () => {
    const before = keys(APP);
    const keyid = await newKey();
    const id = await ask(keyid);
    for (const [, change] of WAYS.slice(0, 10)) change(id);
    await days(7);
    for (const [, change] of WAYS.slice(0, 7)) change(id);
    expect(await allow(id)).toBe("no problem");
    expect([stateOf(id), keys(APP)]).toEqual(["approved", [...before, keyid]]);
    // That it waits again signs nothing more.
    set("state = 'waiting', decided_by = NULL, decided_at = NULL")(id);
    expect(await allow(id)).toBe("recovery.decided");
    await settled(id, [...before, keyid]);
  });
});

describe("what nobody asked for is not approved", () => {
  const WITHOUT: readonly (readonly [string, (id: RecoveryId) => void])[] = [
    ["a row without a seal", set("sealed = NULL, waiting_until = 0")],
    ["a seal that nobody made", set("sealed = x'00', waiting_until = 0")],
    [
      "the seal and the times of another one",
      set(
        `(sealed, keyid, requested_at, waiting_until) =
           (SELECT sealed, keyid, requested_at, waiting_until FROM key_recoveries AS k WHERE k.state = 'objected' LIMIT 1)`,
      ),
    ],
  ];
  test.each(WITHOUT)("%s", async (_, change) => {
    const before = keys(APP);
    const id = await ask(await newKey());
    change(id);
    await days(8);
    expect(catalogueDamage(world.store)).toEqual([`the recovery ${id}`]);
    expect([await allow(id), stateOf(id)]).toEqual(["catalog.damaged", "waiting"]);
    await settled(id, before);
  });

  test("a row that was made from that of another one", async () => {
    const before = keys(APP);
    const forged = `rcv-${"f".repeat(32)}` as RecoveryId;
    tamper(
      `INSERT INTO key_recoveries (id, organisation_id, keyid, reason, state, requested_by, requested_at, waiting_until, owners_told, revision, sealed)
       SELECT ?, organisation_id, keyid, reason, 'waiting', requested_by, requested_at, waiting_until, owners_told, 1, sealed
       FROM key_recoveries WHERE id = ?`,
      forged,
      old,
    );
    tamper(
      "INSERT INTO key_recovery_apps SELECT ?, app_id, lineage_keys FROM key_recovery_apps WHERE recovery_id = ?",
      forged,
      old,
    );
    expect(await allow(forged)).toBe("catalog.damaged");
    expect(codeOfSync(() => refuseRecovery(world.store, OPERATOR, forged, { reason: "Nobody asked." }))).toBe(
      "no problem",
    );
    await settled(forged, before);
  });
});

describe("what has ended waits no more", () => {
  const again = async (end: (id: RecoveryId, keyid: KeyId) => unknown) => {
    const before = keys(APP);
    const keyid = await newKey();
    const id = await ask(keyid);
    const kept = world.store.db.raw
      .query<Record<string, string | number | Uint8Array | null>, [string]>(
        "SELECT * FROM key_recoveries WHERE id = ?",
      )
      .get(id);
    if (kept === null) throw new Error("it was asked for");
    await end(id, keyid);
    const names = Object.keys(kept);
    tamper(
      `INSERT OR REPLACE INTO key_recoveries (${names}) VALUES (${names.map(() => "?")})`,
      ...Object.values(kept),
    );
    tamper(`INSERT OR REPLACE INTO key_recovery_apps VALUES (?, '${APP}', ?)`, id, before.length);
    await days(8);
    expect(await allow(id)).toBe("recovery.decided");
    expect(stateOf(id)).toBe("fallen");
    await settled(id, before);
  };

  test("since an owner objected", () =>
    again((id) => objectToRecovery(world.store, owner, id, { reason: "Found again." })));
  test("since it was refused", () =>
    again((id) => refuseRecovery(world.store, OPERATOR, id, { reason: "Nobody called." })));
  test("since its new key was revoked, which is lifted in the tables", () =>
    again(async (_, keyid) => {
      const { store } = world;
      const stolen = { reason: "Stolen." };
      // The session of the beginning has ended in the days that went by.
      const by = await signedInNow(store, owner.accountId);
      const { scope } = await previewKeyRevocation(store, by, keyid, stolen, { limit: 1 });
      await revokeDeveloperKey(store, by, keyid, stolen, scope);
    }));
});

test("another master key seals what waits", async () => {
  const before = keys(APP);
  const id = await ask(await newKey());
  const { vault } = world.store;
  const dataDir = mkdtempSync(join(tmpdir(), "mosis-other-key-"));
  const other = openVault({ file: null, dataDir, mayCreate: true, log: world.store.log });
  const reseal = (from: Vault, to: Vault) => write(world.store.db, (tx) => resealRecoveries(tx, from, to));
  expect(reseal(vault, other)).toBeGreaterThan(0);
  expect(mendRecoveries(world.store).left).toEqual([{ of: "recovery", id }]);
  expect(mendRecoveries({ ...world.store, vault: other })).toEqual({ mended: [], left: [] });
  expect(reseal(other, vault)).toBeGreaterThan(0);
  rmSync(dataDir, { recursive: true, force: true });
  await settled(id, before);
});

test("nothing is asked for while the clock is behind what the log has", async () => {
  const keyid = await newKey();
  const now = world.store.clock.now();
  world.store.clock.set(new Date(now.getTime() - 9 * DAY_MS));
  expect(await codeOf(() => ask(keyid))).toBe("recovery.clock_behind");
  world.store.clock.set(new Date(now.getTime() - 3_600_000));
  const id = await ask(keyid);
  world.store.clock.set(now);
  expect(await allow(id)).toBe("recovery.too_early");
  refuseRecovery(world.store, OPERATOR, id, { reason: "Only tried." });
});

test("another app's recovery goes its way beside all of it", async () => {
  const keyid = await newKey();
  const id = await ask(keyid, OTHER);
  expect(await allow(id)).toBe("recovery.too_early");
  await days(7);
  expect([await allow(id), keys(OTHER).at(-1)]).toEqual(["no problem", keyid]);
});
