/** A start of the server on a real folder: the whole log is computed again, after the store is there. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { randomBytes } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../accounts/actor.ts";
import { pageDevices, readDevice } from "../accounts/devices/devices.ts";
import { createOrganisation } from "../accounts/organisations.ts";
import { createAccount } from "../accounts/people.ts";
import { insertBlob } from "../catalog/blobs.records.ts";
import { checkLog } from "../catalog/log/hold.ts";
import { findCheck } from "../catalog/log/records.ts";
import { reconcileStore } from "../catalog/reconcile.ts";
import { replaceKeys } from "../catalog/store-keys/operations.ts";
import { readStoreKeys } from "../catalog/store-keys/overview.ts";
import { sweepBlobs } from "../catalog/sweep.ts";
import { exportCatalogue, pruneCatalogue } from "../catalog/tuf/export.ts";
import { loadConfig } from "../config.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { isProblem } from "../errors.ts";
import { type DeviceId, newId, type Sha256 } from "../ids.ts";
import { storeId } from "../keys/authority.ts";
import { openSigningKey } from "../keys/signing-keys.ts";
import type { Log } from "../log.ts";
import { generateKeyPair } from "../signing/keys.ts";
import { newDevice } from "../testing/devices.ts";
import { codeOf } from "../testing/problems.ts";
import { silentLog, testClock } from "../testing/store.ts";
import { openStore } from "./open-store.ts";

setDefaultTimeout(60_000);

test("devices that were named before names were kept as they are now are found by what they are called", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "mosis-named-"));
  const config = loadConfig({ dataDir }, {});
  const start = () =>
    openStore({ config, clock: testClock(), log: silentLog, mayCreate: true, runJobs: false });
  try {
    const first = await start();
    const old = ["Hall  Kiosk", "Caf\u0065\u0301\u00a0 Till", " Gate"].map((name) => {
      const { id } = newDevice(first.store, { name });
      // As it was kept then, by a store that had not run this migration.
      first.store.db.raw.run("UPDATE devices SET name_key = ?1 WHERE id = ?2", [name.toLowerCase(), id]);
      return id;
    });
    first.store.db.raw.run("DELETE FROM migrations WHERE name LIKE '%_device_name_keys.sql'");
    await first.close(10_000);
    const second = await start();
    const found = (search: string) =>
      pageDevices(second.store, OPERATOR, { search, limit: 9 }).items.map(({ id }) => id);
    for (const [index, names] of [
      ["Hall  Kiosk", "hall kiosk"],
      ["Caf\u00e9 Till", "cafe\u0301  till"],
      ["Gate", " gate"],
    ].entries())
      for (const name of names) expect([name, found(name)]).toEqual([name, old.slice(index, index + 1)]);
    // It stays called as it was.
    expect(readDevice(second.store, OPERATOR, old[0] as DeviceId).name).toBe("Hall  Kiosk");
    await second.close(10_000);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test("a start keeps of which server the linked accounts are of which that is not known", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "mosis-issuers-"));
  const gh = { kind: "github", client_id: "c", client_secret_file: join(dataDir, "secret") };
  const config = loadConfig({ dataDir, providers: JSON.stringify({ gh }) }, {});
  const start = () =>
    openStore({ config, clock: testClock(), log: silentLog, mayCreate: true, runJobs: true });
  try {
    const first = await start();
    const { id } = await createAccount(first.store, OPERATOR, { email: "ada@example.org", name: "Ada" });
    for (const provider of ["gh", "gone"])
      first.store.db.raw.run(
        "INSERT INTO identities (id, account_id, provider, subject, email, created_at, seen_at) VALUES (?1, ?2, ?3, '7', 'ada@example.org', 0, 0)",
        [newId("idn"), id, provider],
      );
    await first.close(10_000);
    const second = await start();
    const kept = second.store.db.raw.query("SELECT provider, issuer FROM identities ORDER BY provider").all();
    await second.close(10_000);
    expect(kept).toEqual([
      { provider: "gh", issuer: "https://github.com" },
      { provider: "gone", issuer: null },
    ]);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test("a start has the whole log computed again, and a damaged one is told and signs nothing", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "mosis-start-"));
  const config = loadConfig({ dataDir }, {});
  const start = (runJobs: boolean) =>
    openStore({ config, clock: testClock(), log: silentLog, mayCreate: true, runJobs });
  try {
    const first = await start(true);
    await first.scheduler.drain();
    const size = checkLog(first.store).size;
    expect(findCheck(first.store.db.orm)).toMatchObject({ size, damage: null });
    // No head depends on it, so only reading every row finds it.
    first.store.db.raw.run("DROP TRIGGER log_leaves_fixed");
    first.store.db.raw.run("UPDATE log_leaves SET subject = 'another' WHERE position = 1");
    await first.close(10_000);

    const second = await start(true);
    await second.scheduler.drain();
    expect(findCheck(second.store.db.orm)?.damage).toStartWith("leaf 1 ");
    await second.close(10_000);

    // It stays known over a start that computes nothing.
    const third = await start(false);
    let code = "";
    try {
      checkLog(third.store);
    } catch (error) {
      code = isProblem(error) ? error.code : String(error);
    }
    await third.close(10_000);
    expect(code).toBe("log.damaged");
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test("a damaged audit log is found by a comparison of the whole store, told at each start, and holds nothing up", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "mosis-start-"));
  const config = loadConfig({ dataDir }, {});
  const told: unknown[] = [];
  const log: Log = { ...silentLog, error: (event, fields) => void told.push([event, fields?.detail]) };
  const start = () => openStore({ config, clock: testClock(), log, mayCreate: true, runJobs: false });
  try {
    const first = await start();
    createOrganisation(first.store, OPERATOR, { name: "Example" });
    expect(await reconcileStore(first.store, OPERATOR)).toEqual([]);
    first.store.db.raw.run("DROP TRIGGER audit_entries_fixed");
    first.store.db.raw.run("UPDATE audit_entries SET actor = 'system' WHERE position = 0");
    expect(await reconcileStore(first.store, OPERATOR)).toMatchObject([
      { kind: "audit", subject: "entry 0", detail: expect.stringContaining("is not what was written") },
    ]);
    await first.close(10_000);
    told.length = 0;
    const second = await start();
    expect(told).toEqual([["audit.damaged", expect.stringMatching(/^entry 0 is not what was written/)]]);
    expect(createOrganisation(second.store, OPERATOR, { name: "Another" }).name).toBe("Another");
    await second.close(10_000);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test("a start tells which keys it cannot sign with, and what to do stands first", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "mosis-start-"));
  const keyFile = join(dataDir, "hsm.pem");
  const pair = generateKeyPair("ecdsa-p256");
  writeFileSync(keyFile, pair.privateKey.export({ format: "pem", type: "pkcs8" }));
  const publicKey = pair.publicKey.export({ format: "pem", type: "spki" }).toString();
  const signers = JSON.stringify({ hsm: ["/usr/bin/openssl", "dgst", "-sha256", "-sign", keyFile] });
  const told: unknown[] = [];
  const log: Log = {
    ...silentLog,
    error: (event, fields) => void told.push([event, fields?.key, fields?.code]),
  };
  const start = (settings: { readonly signers?: string }) =>
    openStore({
      config: loadConfig({ dataDir, ...settings }, {}),
      clock: testClock(),
      log,
      mayCreate: true,
      runJobs: false,
    });
  const next = (store: Store) => readStoreKeys(store, OPERATOR).next[0];
  try {
    const first = await start({ signers });
    const changed = await replaceKeys(first.store, OPERATOR, ["release"], { command: "hsm", publicKey });
    expect(changed).toMatchObject({ applied: true, added: ["release-2"] });
    const sign = () => openSigningKey(first.store, "release-2").sign(new Uint8Array(9));
    expect(next(first.store)?.do).not.toBe("command_fails");
    renameSync(keyFile, `${keyFile}.away`);
    expect(await codeOf(sign)).toBe("keys.command_failed");
    expect(next(first.store)).toEqual({ do: "command_fails", what: "hsm", count: 1 });
    renameSync(`${keyFile}.away`, keyFile);
    await sign();
    expect(next(first.store)?.do).not.toBe("command_fails");
    await first.close(10_000);
    expect(told).toEqual([]);

    const second = await start({});
    expect(told.splice(0)).toEqual([["keys.unusable", "release-2", "keys.command_unknown"]]);
    expect(next(second.store)).toEqual({ do: "command_missing", what: "hsm", count: 1 });
    await second.close(10_000);

    writeFileSync(join(dataDir, "master.key"), `${randomBytes(32).toString("base64")}\n`);
    const third = await start({ signers });
    const sealed = readStoreKeys(third.store, OPERATOR).keys.filter(
      ({ holder, state }) => holder === "here" && state !== "retired",
    );
    expect(told.splice(0)).toEqual(sealed.map(({ name }) => ["keys.unusable", name, "keys.unsealable"]));
    expect(sealed.length).toBeGreaterThan(5);
    expect(next(third.store)).toEqual({
      do: "master_key",
      what: sealed[0]?.name ?? "",
      count: sealed.length,
    });
    await third.close(10_000);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});

test("an older database beside newer files is told at the start, and writes nothing over them", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "mosis-start-"));
  const older = mkdtempSync(join(tmpdir(), "mosis-older-"));
  const config = loadConfig({ dataDir }, {});
  const start = (runJobs: boolean) =>
    openStore({ config, clock: testClock(), log: silentLog, mayCreate: true, runJobs });
  const file = join(dataDir, "mosis.db");
  const putBack = (name: string) => {
    for (const rest of ["", "-wal", "-shm"]) rmSync(`${file}${rest}`, { force: true });
    copyFileSync(join(older, name), file);
  };
  const served = () => readFileSync(join(dataDir, "blobs/store/v1/metadata/timestamp.json"), "utf8");
  const codes = async (store: Store) => {
    const found: string[] = [];
    for (const act of [async () => checkLog(store), () => replaceKeys(store, OPERATOR, ["tuf-bins"])]) {
      try {
        await act();
        found.push("fine");
      } catch (error) {
        found.push(isProblem(error) ? error.code : String(error));
      }
    }
    return found;
  };
  try {
    await (await start(true)).close(10_000);
    copyFileSync(file, join(older, "mosis.db"));
    const newer = await start(true);
    await replaceKeys(newer.store, OPERATOR, ["tuf-bins"]);
    await exportCatalogue(newer.store);
    // Named by the newer database alone, and long there.
    const key = `uploads/${"a".repeat(64)}.mosis`;
    const kept = join(dataDir, "blobs", key);
    await newer.store.blobs.put(key, Buffer.from("package"));
    utimesSync(kept, 1, 1);
    const sha256 = "a".repeat(64) as Sha256;
    const createdAt = newer.store.clock.now();
    write(newer.store.db, (tx) => insertBlob(tx, { key, sha256, sizeBytes: 7, createdAt }));
    await newer.close(10_000);
    const latest = served();
    copyFileSync(file, join(older, "newer.db"));

    putBack("mosis.db");
    const behind = await start(true);
    await behind.scheduler.drain();
    expect(await codes(behind.store)).toEqual(["log.damaged", "log.damaged"]);
    expect(findCheck(behind.store.db.orm)?.damage).toContain("older than the files beside it");
    expect(await sweepBlobs(behind.store)).toEqual({ removed: 0 });
    expect(await pruneCatalogue(behind.store)).toBe(0);
    expect(
      (await reconcileStore(behind.store, OPERATOR)).find(({ subject }) => subject === key)?.detail,
    ).toContain("stays as long as the log is damaged");
    await behind.close(10_000);
    expect(served()).toBe(latest);

    putBack("newer.db");
    const right = await start(true);
    await right.scheduler.drain();
    expect(await codes(right.store)).toEqual(["fine", "keys.not_found"]);
    expect(existsSync(kept)).toBe(true);
    await right.close(10_000);
  } finally {
    for (const folder of [dataDir, older]) rmSync(folder, { recursive: true, force: true });
  }
});

test.each([
  ["is gone", "DELETE FROM settings WHERE name = 'storeId'"],
  ["is no JSON", "UPDATE settings SET value = 'store' WHERE name = 'storeId'"],
  ["is another's", "UPDATE settings SET value = '\"store-evil\"' WHERE name = 'storeId'"],
])("a start of a store whose id %s has it again as it is signed", async (_, damage) => {
  const dataDir = mkdtempSync(join(tmpdir(), "mosis-start-"));
  const config = loadConfig({ dataDir }, {});
  const start = () =>
    openStore({ config, clock: testClock(), log: silentLog, mayCreate: true, runJobs: false });
  try {
    const first = await start();
    const id = storeId(first.store);
    first.store.db.raw.run(damage);
    await first.close(10_000);

    const second = await start();
    expect(second.firstStart).toBe(false);
    expect(storeId(second.store)).toBe(id);
    await second.close(10_000);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
