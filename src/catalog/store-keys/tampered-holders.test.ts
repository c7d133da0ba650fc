/** Who holds the store's keys, changed in their rows beside the store: no other command is run, and the rows come back. */
import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { findSigningKey, listSigningKeys } from "../../keys/records.ts";
import { openSigningKey } from "../../keys/signing-keys.ts";
import { storeForEach } from "../../testing/prepared.ts";
import { codeOf } from "../../testing/problems.ts";
import type { TestStore } from "../../testing/store.ts";
import { catalogueDamage, checkCatalogue, mendTrust } from "../check-catalogue.ts";
import { reconcileStore } from "../reconcile.ts";
import { publishTargets, renewExpiring } from "../tuf/repository.ts";
import { renew, replaceKeys } from "./operations.ts";

setDefaultTimeout(120_000);

let store: TestStore;
let withCommands: (store: TestStore) => TestStore;
let folder: string;

/** A command that openssl signs in, and that writes down that it was run. */
function command(name: string): readonly string[] {
  const path = join(folder, `${name}.sh`);
  const key = join(folder, `${name}.pem`);
  run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key);
  run("openssl", "pkey", "-in", key, "-pubout", "-out", `${key}.pub`);
  writeFileSync(path, `#!/bin/sh\necho ran >> ${key}.runs\nexec openssl dgst -sha256 -sign ${key}\n`);
  chmodSync(path, 0o700);
  return [path];
}

function run(...argv: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(argv, { stdout: "ignore", stderr: "pipe" });
  if (exitCode !== 0) throw new Error(`${argv.join(" ")}: ${stderr.toString()}`);
}

const ranFile = (name: string) => join(folder, `${name}.pem.runs`);
const hasRun = (name: string) => existsSync(ranFile(name));
const publicKey = (name: string) => readFileSync(join(folder, `${name}.pem.pub`), "utf8");

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mosis-holders-"));
  const signers = { hsm: command("hsm"), other: command("other") };
  withCommands = (from) => ({ ...from, config: { ...from.config, signers } });
});
const world = storeForEach(async (made) => {
  const keys = { command: "hsm", publicKey: publicKey("hsm") };
  await replaceKeys(withCommands(made.store), OPERATOR, ["tuf-bins"], keys);
});
beforeEach(() => {
  store = withCommands(world.store);
  rmSync(ranFile("other"), { force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tamper = (statement: string) => world.store.db.raw.run(statement);
const rows = () => listSigningKeys(store.db.orm).map(({ name, holder, command }) => [name, holder, command]);
let written = 0;
const publish = () =>
  publishTargets(
    store,
    { upserts: [{ path: "apps/x.json", body: Buffer.from(`${++written}`) }], removes: [] },
    () => {},
  );

const WAYS: readonly (readonly [string, string, string])[] = [
  ["another command", "tuf-bins-2", "SET command = 'other'"],
  ["a command that there is not", "tuf-bins-2", "SET command = 'nothing'"],
  ["a key of a command, as one of this machine", "tuf-bins-2", "SET holder = 'here', command = NULL"],
  ["a key of a command, as one of another machine", "tuf-bins-2", "SET holder = 'offline', command = NULL"],
  ["a key of this machine, as one of a command", "tuf-snapshot", "SET holder = 'command', command = 'other'"],
  ["a key of this machine, as one of another", "tuf-snapshot", "SET holder = 'offline'"],
  ["a key of this machine, with a command beside it", "tuf-snapshot", "SET command = 'other'"],
];

describe("what was sealed counts", () => {
  test.each(WAYS)("where something is signed: %s", async (_, name, change) => {
    const before = rows();
    tamper(`UPDATE signing_keys ${change} WHERE name = '${name}'`);
    await publish();
    expect(hasRun("other")).toBe(false);
    await renew(store, OPERATOR, "apps");
    expect(rows()).toEqual(before);
    expect(hasRun("other")).toBe(false);
  });

  test.each(WAYS)("at a start, once a day, and by reconcile, which names it: %s", async (_, name, change) => {
    const before = rows();
    for (const look of [mendTrust, checkCatalogue]) {
      tamper(`UPDATE signing_keys ${change} WHERE name = '${name}'`);
      expect(catalogueDamage(store)).toEqual([`who holds the key ${name}`]);
      await look(store);
      expect(rows()).toEqual(before);
      expect(catalogueDamage(store)).toEqual([]);
    }
    tamper(`UPDATE signing_keys ${change} WHERE name = '${name}'`);
    const found = await reconcileStore(store, OPERATOR);
    expect(found.map(({ subject }) => subject)).toEqual([`who holds the key ${name}`]);
    expect(rows()).toEqual(before);
    expect(hasRun("other")).toBe(false);
  });
});

describe("a key of a command of which nothing is sealed", () => {
  const forget = () => tamper("UPDATE signing_keys SET sealed_private_key = NULL WHERE name = 'tuf-bins-2'");

  test("as an older program wrote it, goes on to sign, and is sealed once it has shown that it does", async () => {
    forget();
    await publish();
    await checkCatalogue(store);
    tamper("UPDATE signing_keys SET command = 'other'");
    await publish();
    expect(hasRun("other")).toBe(false);
  });

  test("with a command that does not sign with it, never is", async () => {
    forget();
    tamper("UPDATE signing_keys SET command = 'other' WHERE name = 'tuf-bins-2'");
    await checkCatalogue(store);
    expect(await codeOf(publish)).toBe("keys.command_signature");
    expect(findSigningKey(store.db.orm, "tuf-bins-2")?.sealedPrivateKey).toBeNull();
    tamper("UPDATE signing_keys SET command = 'hsm' WHERE name = 'tuf-bins-2'");
    await publish();
  });

  test("since another master key sealed it, goes on to sign", async () => {
    tamper("UPDATE signing_keys SET sealed_private_key = x'00' WHERE name = 'tuf-bins-2'");
    await publish();
    await checkCatalogue(store);
    expect(findSigningKey(store.db.orm, "tuf-bins-2")?.sealedPrivateKey?.byteLength).toBeGreaterThan(28);
    await renewExpiring(store);
  });
});

test("a private half is of the very key of its row", async () => {
  tamper(
    `UPDATE signing_keys SET public_key = (SELECT public_key FROM signing_keys WHERE name = 'tuf-timestamp')
     WHERE name = 'tuf-snapshot'`,
  );
  expect(await codeOf(async () => openSigningKey(store, "tuf-snapshot"))).toBe("keys.unsealable");
});
