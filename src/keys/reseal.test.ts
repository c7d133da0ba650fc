/** The master key is changed for all keys, or for none. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../accounts/actor.ts";
import { SYSTEM_AUTHOR } from "../audit/record.ts";
import { readStoreKeys } from "../catalog/store-keys/overview.ts";
import { initialiseTrust, publishTargets } from "../catalog/tuf/repository.ts";
import { isProblem } from "../errors.ts";
import { openTestStore, silentLog, type TestStore } from "../testing/store.ts";
import { listSigningKeys } from "./records.ts";
import { resealKeys } from "./reseal.ts";
import { unusableKeys } from "./unusable.ts";
import { makeMasterKey, openVault, type Vault } from "./vault.ts";

let store: TestStore;
let folder: string;
beforeEach(async () => {
  store = await openTestStore();
  await initialiseTrust(store);
  folder = mkdtempSync(join(tmpdir(), "mosis-reseal-"));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function newVault(): Vault {
  const file = join(folder, "new.key");
  makeMasterKey(file);
  return openVault({ file, dataDir: folder, mayCreate: false, log: silentLog });
}

const none = () => 0;

const sealed = () => listSigningKeys(store.db.orm).map((row) => row.sealedPrivateKey?.toString("hex"));

function codeOf(work: () => unknown): string {
  try {
    work();
    return "fine";
  } catch (error) {
    return isProblem(error) ? error.code : String(error);
  }
}

test("every key is opened by the new master key alone, and signs as before", async () => {
  const next = newVault();
  const before = sealed();
  const names = resealKeys(store, SYSTEM_AUTHOR, next, none);
  expect(names.length).toBeGreaterThan(5);
  expect(unusableKeys(store).map(({ name }) => name)).toEqual([...names]);
  expect(sealed().some((bytes) => before.includes(bytes))).toBe(false);
  // Nor does the file still hold what the old one opens.
  store.db.raw.run("PRAGMA wal_checkpoint(TRUNCATE)");
  const file = readFileSync(join(store.dataDir, "mosis.db")).toString("hex");
  expect(before.filter((bytes) => bytes !== undefined && file.includes(bytes))).toEqual([]);

  const after = { ...store, vault: next };
  expect(unusableKeys(after)).toEqual([]);
  const body = new TextEncoder().encode("x");
  await publishTargets(
    after,
    () => ({ upserts: [{ path: "x/1", body }], removes: [] }),
    () => {},
  );
  expect(readStoreKeys(after, OPERATOR).next.map((step) => step.do)).toEqual(["move_offline"]);
});

test("with one key that cannot be opened, or the same master key, nothing is changed", () => {
  const before = sealed();
  expect(codeOf(() => resealKeys(store, SYSTEM_AUTHOR, store.vault, none))).toBe("keys.master_same");
  expect(sealed()).toEqual(before);
  store.db.raw.run("UPDATE signing_keys SET sealed_private_key = zeroblob(100) WHERE name = 'tuf-timestamp'");
  const damaged = sealed();
  expect(codeOf(() => resealKeys(store, SYSTEM_AUTHOR, newVault(), none))).toBe("keys.unsealable");
  expect(sealed()).toEqual(damaged);
});
