/** The store's keys with the built executable, as far as a device: each lost and replaced, renewed, elsewhere, by command. */
import { Database } from "bun:sqlite";
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workspace } from "../binary.ts";
import {
  catalogueIsOut,
  type Developer,
  newDeveloper,
  packSigned,
  type ServedStore,
  type ServeHow,
  serveStore,
} from "../served-store.ts";
import { writeReleases } from "./sources.ts";

const ID = "com.example.followed";

const { folder, binary, remove } = workspace();
let notes: string;

beforeAll(async () => {
  const releases = await writeReleases(join(folder, "apps"));
  notes = releases.find(({ name }) => name === "notes")?.folder ?? "";
}, 60_000);
afterAll(remove);

type Place = { readonly store: ServedStore; readonly developer: Developer; readonly home: string };
let place: Place;
let count = 0;

/** A store of its own with a developer, and a device that knows its first root and has version 1. */
async function newPlace(how: Partial<ServeHow> = {}): Promise<void> {
  count += 1;
  const own = join(folder, `place-${count}`);
  mkdirSync(own);
  const store = await serveStore({ binary, folder: own, ...how });
  const developer = await newDeveloper(store, "Example Apps");
  place = { store, developer, home: await newDevice(store, "first") };
  await publish(1);
  await store.must(["device", "install", ID, "--home", place.home]);
}

afterEach(async () => {
  await place?.store.stop().catch(() => {});
  rmSync(place.store.folder, { recursive: true, force: true });
});

async function newDevice(store: ServedStore, name: string): Promise<string> {
  const home = join(store.folder, `device-${name}`);
  await store.must(["device", "init", store.url, "--root-sha256", store.rootSha256, "--home", home]);
  return home;
}

const at = () => ["--data", place.store.dataDir];

async function publish(versionCode: number, developer: Developer = place.developer): Promise<void> {
  const { store } = place;
  const source = join(store.folder, `source-${versionCode}`);
  cpSync(notes, source, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(source, "manifest.json"), "utf8"));
  writeFileSync(
    join(source, "manifest.json"),
    JSON.stringify({ ...manifest, id: ID, version: `${versionCode}.0.0`, versionCode }),
  );
  const file = await packSigned(store, developer, source, `${source}.mosis`);
  await store.must(["submit", file, "--notes", "A test."], developer.env);
  const words = ["admin", "review", "approve", ID, String(versionCode), ...at()];
  expect(await store.must(words)).toMatchObject({ state: "published" });
  await catalogueIsOut(store);
}

async function expectInstalled(home: string, versionCode: number): Promise<void> {
  expect(await place.store.must(["device", "update", "--home", home])).toMatchObject({ failures: [] });
  expect(await place.store.must(["device", "list", "--home", home])).toMatchObject({
    apps: [{ id: ID, versionCode, state: "ready" }],
  });
}

type Shown = {
  readonly keys: readonly {
    readonly name: string;
    readonly keyid: string;
    readonly holder: string;
    readonly state: string;
  }[];
  readonly certificates: readonly {
    readonly kind: string;
    readonly sha256: string;
    readonly isCurrent: boolean;
  }[];
  readonly roles: readonly {
    readonly role: string;
    readonly threshold: number;
    readonly keyNames: string[];
  }[];
};
const keys = <T = unknown>(...words: string[]) => place.store.must<T>(["admin", "keys", ...words, ...at()]);

/** Changes the database beside the server, as a disk does that goes bad. */
function lose(name: string): void {
  const database = new Database(join(place.store.dataDir, "mosis.db"));
  try {
    database.run("PRAGMA busy_timeout = 5000");
    database.run("UPDATE signing_keys SET sealed_private_key = x'00' WHERE name = ?", [name]);
  } finally {
    database.close();
  }
}

type Root = {
  readonly signed: {
    readonly version: number;
    readonly roles: { readonly root: { threshold: number; keyids: string[] } };
  };
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
};
async function rootVersion(version: number): Promise<Root | null> {
  const answer = await fetch(`${place.store.url}/store/v1/metadata/${version}.root.json`);
  return answer.ok ? ((await answer.json()) as Root) : null;
}

/** Until the store has signed again what it has to, and devices can see it. */
async function signedAgain(): Promise<void> {
  const database = new Database(join(place.store.dataDir, "mosis.db"));
  try {
    database.run("PRAGMA busy_timeout = 5000");
    const open = database.query<{ kind: string; state: string; error: string | null }, []>(
      `SELECT kind, state, last_error AS error FROM jobs WHERE state IN ('queued', 'running', 'dead')
        AND kind IN ('signatures.plan', 'lineage.sign', 'version.sign', 'catalog.reoffer', 'catalog.export')`,
    );
    for (let rows = open.all(); rows.length > 0; rows = open.all()) {
      const [dead] = rows.filter(({ state }) => state === "dead");
      if (dead) throw new Error(`the job ${dead.kind} was given up: ${dead.error}`);
      await Bun.sleep(50);
    }
  } finally {
    database.close();
  }
}

const EVERY_KEY = [
  "tuf-targets",
  "tuf-apps",
  "tuf-revocations",
  "tuf-bins",
  "tuf-snapshot",
  "tuf-timestamp",
  "ca-developer",
  "release",
  "ca-root",
  "tuf-root-1",
  "tuf-root-2",
];

test("each key is lost and replaced while the server runs, and devices follow", async () => {
  await newPlace();
  const { store, home } = place;
  const absent = await newDevice(store, "absent");
  let versionCode = 1;
  for (const name of EVERY_KEY) {
    lose(name);
    const done = await keys<{ applied: boolean; added: string[]; removed: string[] }>("replace", name);
    expect([done.applied, done.added.length, done.removed]).toEqual([true, 1, [name]]);
    versionCode += 1;
    await publish(versionCode);
    await expectInstalled(home, versionCode);
    expect((await fetch(`${store.url}/readyz`)).status).toBe(200);
  }
  const { keys: rows } = await keys<Shown>("show");
  expect(
    rows
      .filter(({ state }) => state === "retired")
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...EVERY_KEY].sort());
  // One that was off all the while follows every root, and one that is new begins with the first.
  await store.must(["device", "install", ID, "--home", absent]);
  await expectInstalled(absent, versionCode);
  const late = await newDevice(store, "late");
  await store.must(["device", "install", ID, "--home", late]);
  await expectInstalled(late, versionCode);
  // Whoever enrols now gets a certificate of the new authority.
  const other = await newDeveloper(store, "Other Apps");
  expect(readFileSync(other.caFile, "utf8").match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(3);
  // The log tells of each.
  const { items } = await store.must<{
    items: { entry: { type: string; change?: string; role?: string } }[];
  }>([...["admin", "log", "--limit", "100", ...at()]]);
  const gone = items.map(({ entry }) => entry).filter(({ change }) => change === "removed");
  expect(gone.map(({ role }) => role).sort()).toEqual([...EVERY_KEY].sort());
}, 300_000);

test("root 1 of 2 becomes 2 of 3 on two other machines, and those sign the next change", async () => {
  await newPlace();
  const { store, home } = place;
  const absent = await newDevice(store, "absent");
  const [safe, desk] = [join(store.folder, "safe"), join(store.folder, "desk")];
  await store.must(["admin", "keys", "init", "--offline", safe, "--root-keys", "1"]);
  await store.must(["admin", "keys", "init", "--offline", desk, "--only", "root", "--root-keys", "2"]);
  const request = join(store.folder, "request.json");
  const sign = async (machine: string, file: string) => {
    const words = ["admin", "keys", "sign-request", file, "--offline", machine];
    const before = readFileSync(file, "utf8");
    expect(await store.must(words)).toMatchObject({ signed: [] });
    expect(readFileSync(file, "utf8")).toBe(before);
    return store.must([...words, "--yes"]);
  };
  const files = [safe, desk].flatMap((machine) => ["--offline-keys", join(machine, "public-keys.json")]);
  await keys("export-request", ...files, "--out", request);
  await sign(safe, request);
  // One of three: not enough, and nothing is changed.
  const early = await store.mosis(["admin", "keys", "import", request, ...at()]);
  expect(early).toMatchObject({ json: { error: { code: "keys.signatures_missing" } } });
  expect(await rootVersion(2)).toBeNull();
  await sign(desk, request);
  await keys("import", request);

  const [first, second] = [await rootVersion(1), await rootVersion(2)];
  expect([first?.signed.roles.root.threshold, first?.signed.roles.root.keyids.length]).toEqual([1, 2]);
  expect([second?.signed.roles.root.threshold, second?.signed.roles.root.keyids.length]).toEqual([2, 3]);
  const signers = second?.signatures.filter(({ sig }) => sig !== "").map(({ keyid }) => keyid) ?? [];
  expect(signers.filter((id) => second?.signed.roles.root.keyids.includes(id)).length).toBeGreaterThan(1);
  expect(signers.filter((id) => first?.signed.roles.root.keyids.includes(id)).length).toBeGreaterThan(0);
  const { keys: rows } = await keys<Shown>("show");
  expect(rows.filter(({ holder, state }) => holder === "offline" && state === "in use")).toHaveLength(6);

  await publish(2);
  await expectInstalled(home, 2);
  // A change of what is signed every day waits for them now, across a kill of the server.
  expect(await keys("replace", "tuf-snapshot")).toMatchObject({ applied: false });
  await store.stop("SIGKILL");
  await store.start();
  await keys("export-request", "--out", request);
  await sign(desk, request);
  await keys("import", request);
  expect((await rootVersion(3))?.signed.version).toBe(3);
  await publish(3);
  await expectInstalled(home, 3);
  await store.must(["device", "install", ID, "--home", absent]);
  await expectInstalled(absent, 3);
}, 180_000);

test("authorities are renewed while the server runs, and old releases and new certificates both count", async () => {
  await newPlace();
  const { store, home, developer } = place;
  for (const what of ["ca-developer", "ca-root", "release"]) await keys("renew", what);
  const { certificates } = await keys<Shown>("show");
  expect(certificates.map(({ kind, isCurrent }) => `${kind} ${isCurrent}`).sort()).toEqual([
    ...[
      "developer-ca false",
      "developer-ca true",
      "release false",
      "release true",
      "root false",
      "root true",
    ],
  ]);
  await catalogueIsOut(store);
  // Version 1 is of before.
  const late = await newDevice(store, "late");
  await store.must(["device", "install", ID, "--home", late]);
  await expectInstalled(late, 1);
  // The same key with a certificate of the new Developer CA.
  rmSync(developer.certFile);
  await store.must(["keys", "enroll", "--key", developer.keyFile], developer.env);
  await publish(2);
  for (const each of [home, late]) await expectInstalled(each, 2);
}, 120_000);

test("openssl signs releases and the catalogue as an external command, and what it cannot sign is refused", async () => {
  const secrets = join(folder, "secrets");
  mkdirSync(secrets);
  const openssl = (...words: string[]) => {
    const { exitCode, stderr } = Bun.spawnSync(["/usr/bin/openssl", ...words], { cwd: secrets });
    if (exitCode !== 0) throw new Error(stderr.toString());
  };
  const signers: Record<string, readonly string[]> = {};
  for (const name of ["release", "snapshot"]) {
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", `${name}.pem`);
    openssl("pkey", "-in", `${name}.pem`, "-pubout", "-out", `${name}.pub.pem`);
    signers[name] = ["/usr/bin/openssl", "dgst", "-sha256", "-sign", join(secrets, `${name}.pem`)];
  }
  await newPlace({ args: ["--signers", JSON.stringify(signers)] });
  const { store, home } = place;
  const by = (name: string) => ["--command", name, "--public-key", join(secrets, `${name}.pub.pem`)];
  await keys("replace", "release", ...by("release"));
  await keys("replace", "tuf-snapshot", ...by("snapshot"));
  const { keys: rows } = await keys<Shown>("show");
  expect(
    rows
      .filter(({ holder }) => holder === "command")
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["release-2", "tuf-snapshot-2"]);
  await publish(2);
  await expectInstalled(home, 2);
  // The device is asked for its key: what it cannot do is refused, and is done once it is there again.
  renameSync(join(secrets, "snapshot.pem"), join(secrets, "away.pem"));
  const refused = await store.mosis(["admin", "keys", "replace", "tuf-bins", ...at()]);
  expect(refused).toMatchObject({ json: { error: { code: "keys.command_failed" } } });
  await expectInstalled(home, 2);
  renameSync(join(secrets, "away.pem"), join(secrets, "snapshot.pem"));
  await keys("replace", "tuf-bins");
  await publish(3);
  await expectInstalled(home, 3);
}, 180_000);

test("an authority that somebody else has is trusted no longer, and devices refuse what rests on it alone", async () => {
  await newPlace();
  const { store, home, developer } = place;
  type Scope = { apps: number; versions: { appId: string; versionCode: number; restsOn: string }[] };
  const scopeOf = async (name: string) => (await keys<{ scope: Scope }>("distrust", name)).scope;
  const refusedBy = async (name: string) => {
    const fresh = await newDevice(store, name);
    const answer = await store.mosis(["device", "install", ID, "--home", fresh]);
    expect(answer).toMatchObject({ code: 1, json: { error: { code: "device.package_refused" } } });
    expect(answer.stdout).toMatch(/MPK-X00[69]/);
    expect(await store.must(["device", "list", "--home", fresh])).toMatchObject({ apps: [] });
  };
  const early = await store.mosis(["admin", "keys", "distrust", "ca-developer", ...at()]);
  expect(early).toMatchObject({ json: { error: { code: "keys.change_invalid" } } });

  await keys("replace", "ca-developer");
  expect(await scopeOf("ca-developer")).toMatchObject({
    apps: 1,
    versions: [{ appId: ID, versionCode: 1, restsOn: "developer" }],
  });
  // Shown and not done.
  await store.must(["device", "install", ID, "--home", await newDevice(store, "before")]);
  expect(await keys("distrust", "ca-developer", "--yes")).toMatchObject({ applied: true });
  await refusedBy("after-developer");
  rmSync(developer.certFile);
  await store.must(["keys", "enroll", "--key", developer.keyFile], developer.env);
  await publish(2);
  await expectInstalled(home, 2);

  await keys("replace", "ca-root");
  const { versions } = await scopeOf("ca-root");
  expect(versions).toMatchObject([{ versionCode: 2, restsOn: "release", signedAgain: true }]);
  expect(await keys("distrust", "ca-root", "--yes")).toMatchObject({ applied: true });
  // What the store itself said it says again under the new root.
  await signedAgain();
  const after = await newDevice(store, "after-root");
  await store.must(["device", "install", ID, "--home", after]);
  await expectInstalled(after, 2);
  await publish(3);
  await expectInstalled(home, 3);
  const late = await newDevice(store, "late");
  await store.must(["device", "install", ID, "--home", late]);
  await expectInstalled(late, 3);

  const { items } = await store.must<{ items: { entry: { change?: string; kind?: string } }[] }>([
    ...["admin", "log", "--limit", "100", ...at()],
  ]);
  const distrusted = items.map(({ entry }) => entry).filter(({ change }) => change === "distrusted");
  expect(distrusted.map(({ kind }) => kind).sort()).toEqual(["developer-ca", "root"]);
}, 180_000);

test("a release key that is revoked wholly: what it said is said again, over a kill, and new devices install a rotated app", async () => {
  await newPlace();
  const { store, home, developer } = place;
  const keyFile = join(store.folder, "next.pem");
  const next = { keyFile, certFile: keyFile.replace(/\.pem$/, ".cert.pem") };
  await store.must(["keys", "new", "-o", keyFile]);
  const by = ["--key", developer.keyFile, "--cert", developer.certFile];
  expect(await store.must(["keys", "rotate", keyFile, ...by], developer.env)).toMatchObject({
    apps: [{ appId: ID, changed: true }],
  });
  await publish(2, { ...developer, ...next });
  await expectInstalled(home, 2);
  // The key that was rotated from is given up, as one does: nothing of it can be accepted anew.
  const { keyid: first } = await store.must<{ keyid: string }>(
    ["keys", "show", "--key", developer.keyFile],
    developer.env,
  );
  const because = ["--reason", "It was copied.", "--yes"];
  await store.must(["admin", "revoke", "key", first, "--action", "block", ...because, ...at()]);

  const { keys: rows } = await keys<Shown>("show");
  const release = rows.find(({ name }) => name === "release")?.keyid ?? "";
  const revocation = ["admin", "revoke", "key", release, "--action", "block", "--reason", "It was copied."];
  expect(await store.must([...revocation, "--dry-run", ...at()])).toMatchObject({
    affected: { published: 2 },
    lineages: 1,
  });
  await store.must([...revocation, "--yes", ...at()]);
  await catalogueIsOut(store);
  const refused = await store.mosis([
    ...["device", "install", ID, "--home", await newDevice(store, "meanwhile")],
  ]);
  expect(refused).toMatchObject({ code: 1, json: { error: { code: "device.lineage_refused" } } });
  expect(refused.stdout).toContain("MPK-X011");
  await keys("replace", "release");
  await store.stop("SIGKILL");
  await store.start();
  await signedAgain();

  const late = await newDevice(store, "late");
  await store.must(["device", "install", ID, "--home", late]);
  await expectInstalled(late, 2);
  // The copy of before has the revoked signature, and gets the new one.
  expect(await store.must(["device", "update", "--home", home])).toMatchObject({
    apps: [{ action: "signed-again", versionCode: 2 }],
  });
  for (const each of [home, late])
    expect(await store.must(["device", "verify", "--home", each])).toMatchObject({ ok: true });
  expect(await store.must(["admin", "reconcile", ...at()])).toMatchObject({ discrepancies: [] });
  await publish(3, { ...developer, ...next });
  for (const each of [home, late]) await expectInstalled(each, 3);
  const { items } = await store.must<{ items: { entry: { type: string; change?: string } }[] }>([
    ...["admin", "log", "--limit", "100", ...at()],
  ]);
  expect(items.filter(({ entry }) => entry.change === "sealed")).toHaveLength(1);
  // Versions 1, 2 and 3, and 2 once more: 1 is the revoked developer key's.
  expect(items.filter(({ entry }) => entry.type === "publication")).toHaveLength(4);
}, 180_000);

const masterKey = () => join(place.store.dataDir, "master.key");

/** What a machine has whose disk was lost, and whose master key nobody had kept. */
function otherMasterKey(): void {
  writeFileSync(masterKey(), `${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
}

test("the master key is lost: a backup brings it back, and with the roots elsewhere one request replaces what it sealed", async () => {
  await newPlace();
  const { store, home } = place;
  const absent = await newDevice(store, "absent");
  const safe = join(store.folder, "safe");
  const request = join(store.folder, "request.json");
  const signAndImport = async () => {
    await store.must(["admin", "keys", "sign-request", request, "--offline", safe, "--yes"]);
    await keys("import", request);
  };
  await store.must(["admin", "keys", "init", "--offline", safe]);
  await keys("export-request", "--offline-keys", join(safe, "public-keys.json"), "--out", request);
  await signAndImport();
  await publish(2);

  await store.stop();
  const backup = join(store.folder, "backup.key");
  renameSync(masterKey(), backup);
  const words = await store.start().then(
    () => "it started",
    (error: unknown) => String(error),
  );
  expect(words).toContain("keys.master_missing");
  cpSync(backup, masterKey());
  await store.start();
  await publish(3);
  await expectInstalled(home, 3);

  await store.stop();
  otherMasterKey();
  await store.start();
  // Devices go on with what is signed, and nothing new can be.
  expect((await fetch(`${store.url}/readyz`)).status).toBe(503);
  await expectInstalled(home, 3);
  const sealed = (await keys<Shown>("show")).keys.filter(
    ({ holder, state }) => holder === "here" && state === "in use",
  );
  expect(sealed.map(({ name }) => name).sort()).toEqual([
    ...["ca-developer", "release", "tuf-bins", "tuf-revocations", "tuf-snapshot", "tuf-timestamp"],
  ]);
  expect(await keys("replace", "--all-here")).toMatchObject({ applied: false, removed: expect.any(Array) });
  await keys("export-request", "--out", request);
  await signAndImport();
  expect((await fetch(`${store.url}/readyz`)).status).toBe(200);
  await publish(4);
  await expectInstalled(home, 4);
  await store.must(["device", "install", ID, "--home", absent]);
  await expectInstalled(absent, 4);
  await newDeveloper(store, "Later Apps");
}, 180_000);

test("the master key or the root's keys are lost with everything on one machine: devices begin anew with a new store", async () => {
  await newPlace();
  const { store, home, developer } = place;
  await store.stop();
  otherMasterKey();
  await store.start();
  for (const name of ["tuf-timestamp", "ca-root", "tuf-root-1"])
    expect(await store.mosis(["admin", "keys", "replace", name, ...at()])).toMatchObject({
      json: { error: { code: name === "tuf-root-1" ? "keys.root_unsigned" : "keys.unsealable" } },
    });
  expect(await rootVersion(2)).toBeNull();
  await expectInstalled(home, 1);

  const folder = join(store.folder, "successor");
  mkdirSync(folder);
  const successor = await serveStore({ binary, folder });
  try {
    // The developer's own key is theirs: it is enrolled there, and signs the same app again.
    const other = await newDeveloper(successor, "Example Apps");
    const certFile = join(folder, "again.cert.pem");
    cpSync(developer.keyFile, join(folder, "again.pem"));
    await successor.must(["keys", "enroll", "--key", join(folder, "again.pem")], other.env);
    const source = join(store.folder, "source-1");
    const file = await packSigned(
      successor,
      { keyFile: developer.keyFile, certFile },
      source,
      join(folder, "again.mosis"),
    );
    await successor.must(["submit", file, "--notes", "Again."], other.env);
    await successor.must(["admin", "review", "approve", ID, "1", "--data", successor.dataDir]);
    await catalogueIsOut(successor);
    const fresh = join(folder, "device");
    await successor.must([
      ...["device", "init", successor.url, "--root-sha256", successor.rootSha256, "--home", fresh],
    ]);
    await successor.must(["device", "install", ID, "--home", fresh]);
    // A device of the lost store takes nothing of another one.
    const answer = await successor.mosis([
      ...["device", "init", successor.url, "--root-sha256", successor.rootSha256, "--home", home],
    ]);
    expect(answer.code).not.toBe(0);
    await expectInstalled(home, 1);
  } finally {
    await successor.stop().catch(() => {});
  }
}, 180_000);
