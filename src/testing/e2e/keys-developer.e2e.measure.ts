/** Developers' keys with the built executable, as far as devices: rotation, recovery with its waiting time, revocation, loss. */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { noteRunning } from "../../catalog/running-days.ts";
import { closeDatabase, openDatabase } from "../../db/database.ts";
import { openVault } from "../../keys/vault.ts";
import { DAY_MS } from "../../time.ts";
import { workspace } from "../binary.ts";
import { faketime } from "../faketime.ts";
import {
  type Answer,
  catalogueIsOut,
  type Developer,
  newDeveloper,
  newPerson,
  packSigned,
  type ServedStore,
  serveStore,
} from "../served-store.ts";
import { silentLog } from "../store.ts";
import { writeReleases } from "./sources.ts";

const { folder, binary, remove } = workspace();
let store: ServedStore;
let notes: string;
let count = 0;
/** How far the time of the store, its people and its devices has moved on: it never goes back. */
let daysOn = 0;

type Key = Pick<Developer, "keyFile" | "certFile">;
type Env = Readonly<Record<string, string>>;
/** An organisation with its app, published as version 1 with the developer's key, two owners, and devices that have it. */
type World = {
  readonly id: string;
  readonly developer: Developer;
  readonly owners: readonly { readonly email: string; readonly env: Env }[];
};
type Recovery = { readonly id: string; readonly state: string; readonly waited: boolean };

beforeAll(async () => {
  const releases = await writeReleases(join(folder, "apps"));
  notes = releases.find(({ name }) => name === "notes")?.folder ?? "";
  store = await serveStore({ binary, folder });
}, 60_000);

afterAll(async () => {
  await store?.stop().catch(() => {});
  remove();
});

const at = () => ["--data", store.dataDir];

async function newWorld(): Promise<World> {
  count += 1;
  const name = `Example ${count}`;
  const developer = await newDeveloper(store, name);
  const owners = [];
  for (const who of ["ada", "bea"]) {
    const email = `${who}${count}@example.com`;
    await newPerson(store, { email, name: `${who} ${count}`, role: "none" });
    await store.must(["admin", "organisation", "member", developer.organisationId, email, "owner", ...at()]);
    const { token } = await store.must<{ token: string }>([
      ...["admin", "apikey", "add", "--user", email, "--name", "test", ...at()],
    ]);
    owners.push({ email, env: { MOSIS_STORE: store.url, MOSIS_TOKEN: token } });
  }
  const world = { id: `com.example.app${count}`, developer, owners };
  expect(await publish(world, 1, developer)).toBe("published");
  return world;
}

function owner(world: World, index: number): World["owners"][number] {
  const found = world.owners[index];
  if (found === undefined) throw new Error("there is no such owner");
  return found;
}

async function newKey(): Promise<Key & { readonly id: string }> {
  count += 1;
  const keyFile = join(folder, `key-${count}.pem`);
  const { keyid: id } = await store.must<{ keyid: string }>(["keys", "new", "-o", keyFile]);
  return { keyFile, certFile: keyFile.replace(/\.pem$/, ".cert.pem"), id };
}

async function enrolledKey({ developer }: World): Promise<Key & { readonly id: string }> {
  const key = await newKey();
  await store.must(["keys", "enroll", "--key", key.keyFile], developer.env);
  return key;
}

async function signedBy({ id }: World, versionCode: number, key: Key): Promise<string> {
  count += 1;
  const source = join(folder, `source-${count}`);
  cpSync(notes, source, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(source, "manifest.json"), "utf8"));
  const version = `${versionCode}.0.0`;
  writeFileSync(join(source, "manifest.json"), JSON.stringify({ ...manifest, id, version, versionCode }));
  return packSigned(store, key, source, `${source}.mosis`);
}

/** Submits, approves, and waits until devices can see it; the codes of its findings when it fails its checks. */
async function publish(world: World, versionCode: number, key: Key): Promise<string> {
  const submitted = await submit(world, versionCode, key);
  if (submitted.code !== 0) return findingsOf(world, versionCode);
  await approve(world, versionCode);
  return "published";
}

async function submit(world: World, versionCode: number, key: Key): Promise<Answer> {
  const file = await signedBy(world, versionCode, key);
  return store.mosis(["submit", file, "--notes", "A test."], world.developer.env);
}

async function approve({ id }: World, versionCode: number): Promise<void> {
  const approved = await store.must(["admin", "review", "approve", id, String(versionCode), ...at()]);
  expect(approved).toMatchObject({ state: "published" });
  await catalogueIsOut(store);
}

async function findingsOf({ id, developer }: World, versionCode: number): Promise<string> {
  const address = `${store.url}/api/v1/apps/${id}/versions/${versionCode}/findings`;
  const answer = await fetch(address, { headers: { authorization: `Bearer ${developer.token}` } });
  const { items } = (await answer.json()) as { items: { code: string }[] };
  return items.map(({ code }) => code).join(" ");
}

/** A device with the app's newest version. */
async function newDevice({ id }: World): Promise<string> {
  const home = await emptyDevice();
  expect(await store.mosis(["device", "install", id, "--home", home])).toMatchObject({ code: 0 });
  return home;
}

async function emptyDevice(): Promise<string> {
  count += 1;
  const home = join(folder, `device-${count}`);
  await store.must(["device", "init", store.url, "--root-sha256", store.rootSha256, "--home", home]);
  return home;
}

const update = (home: string): Promise<Answer> => store.mosis(["device", "update", "--home", home]);

async function onDevice({ id }: World, home: string): Promise<{ versionCode: number; state: string } | null> {
  const { apps } = await store.must<{ apps: { id: string; versionCode: number; state: string }[] }>([
    ...["device", "list", "--home", home],
  ]);
  const found = apps.find((app) => app.id === id);
  return found === undefined ? null : { versionCode: found.versionCode, state: found.state };
}

/** Days go by for everybody; the catalogue that the store serves afterwards is a fresh one. */
async function later(days: number): Promise<void> {
  await store.stop();
  // It ran on each of them, as far as it knows.
  const db = openDatabase(join(store.dataDir, "mosis.db"));
  const vault = openVault({ file: null, dataDir: store.dataDir, mayCreate: false, log: silentLog });
  for (let day = 1; day <= days; day += 1)
    noteRunning({ db, vault, clock: { now: () => new Date(Date.now() + (daysOn + day) * DAY_MS) } });
  closeDatabase(db);
  daysOn += days;
  await store.start(faketime(`+${daysOn}d`));
  const home = join(folder, `device-clock-${daysOn}`);
  const isFresh = async () =>
    (await store.mosis(["device", "init", store.url, "--root-sha256", store.rootSha256, "--home", home]))
      .code === 0;
  for (let tries = 0; tries < 100 && !(await isFresh()); tries += 1) await Bun.sleep(200);
}

const rotate = (world: World, key: Key, to: Key): Promise<Answer> => {
  const words = ["keys", "rotate", to.keyFile, "--key", key.keyFile, "--cert", key.certFile];
  return store.mosis(words, world.developer.env);
};

const recover = (world: World, key: Key): Promise<Recovery> =>
  store.must<Recovery>(
    ["keys", "recover", "--key", key.keyFile, "--cert", key.certFile, "--reason", "The laptop was stolen."],
    owner(world, 0).env,
  );

const decide = (verb: "approve" | "refuse", { id }: Recovery, ...more: string[]): Promise<Answer> =>
  store.mosis(["admin", "recovery", verb, id, ...more, ...at()]);

async function told({ email }: { readonly email: string }): Promise<string[]> {
  const { items } = await store.must<{ items: { address: string; kind: string }[] }>([
    ...["admin", "outbox", ...at()],
  ]);
  return items.filter(({ address }) => address === email).map(({ kind }) => kind);
}

const keyIdOf = async (world: World, key: Key): Promise<string> =>
  (await store.must<{ keyid: string }>(["keys", "show", "--key", key.keyFile], world.developer.env)).keyid;

/** What somebody could do who has the store's database, and not its keys. */
function inDatabase(sql: string, ...values: readonly string[]): void {
  const database = new Database(join(store.dataDir, "mosis.db"));
  try {
    database.run("PRAGMA busy_timeout = 5000");
    database.query(sql).run(...values);
  } finally {
    database.close();
  }
}

test("a rotated key signs, and devices follow, also over two rotations while they were off", async () => {
  const world = await newWorld();
  const [follows, sleeps] = [await newDevice(world), await newDevice(world)];
  const [second, third] = [await newKey(), await newKey()];
  expect(await rotate(world, world.developer, second)).toMatchObject({
    code: 0,
    json: { keyid: second.id, apps: [{ appId: world.id, changed: true }] },
  });
  expect(await publish(world, 2, second)).toBe("published");
  expect(await update(follows)).toMatchObject({ code: 0 });
  expect(await onDevice(world, follows)).toEqual({ versionCode: 2, state: "ready" });

  // The same again is harmless, and the old key still signs.
  expect(await rotate(world, world.developer, second)).toMatchObject({
    code: 0,
    json: { apps: [{ changed: false }] },
  });
  expect(await rotate(world, second, third)).toMatchObject({ code: 0 });
  expect(await publish(world, 3, third)).toBe("published");
  expect(await publish(world, 4, world.developer)).toBe("published");
  for (const home of [follows, sleeps]) {
    expect(await update(home)).toMatchObject({ code: 0 });
    expect(await onDevice(world, home)).toEqual({ versionCode: 4, state: "ready" });
    await store.must(["device", "verify", "--home", home]);
  }
  for (const each of world.owners) expect(await told(each)).toEqual(["key.added", "key.added"]);
}, 120_000);

test("another enrolled key of the same organisation is refused at upload, whatever the rows of the database say", async () => {
  const world = await newWorld();
  const home = await newDevice(world);
  const [stranger, added] = [await enrolledKey(world), await newKey()];
  expect(await publish(world, 2, stranger)).toBe("CHK-N001");
  // It cannot add itself, nor another.
  expect(await rotate(world, stranger, added)).toMatchObject({ code: 0, json: { apps: [] } });
  const forced = ["keys", "rotate", added.keyFile, "--app", world.id];
  expect(
    await store.mosis(
      [...forced, "--key", stranger.keyFile, "--cert", stranger.certFile],
      world.developer.env,
    ),
  ).toMatchObject({ code: 1, json: { error: { code: "keys.signs_nothing" } } });

  // Also where somebody has made the stranger the first key in the database: the store goes by what was signed and logged.
  const own = await keyIdOf(world, world.developer);
  const swap = "UPDATE key_lineage SET keyid = ?1 WHERE app_id = ?2 AND position = 0";
  inDatabase(swap, stranger.id, world.id);
  expect(await publish(world, 3, stranger)).toBe("CHK-N001");
  inDatabase(swap, own, world.id);
  expect(await publish(world, 4, world.developer)).toBe("published");
  expect(await update(home)).toMatchObject({ code: 0 });
  expect(await onDevice(world, home)).toEqual({ versionCode: 4, state: "ready" });
}, 120_000);

test("lost keys are recovered after the waiting time, and not before; then they sign nothing more", async () => {
  const world = await newWorld();
  const home = await newDevice(world);
  const fresh = await enrolledKey(world);
  const asked = await recover(world, fresh);
  expect(asked).toMatchObject({ state: "waiting", waited: false, ownersTold: 2 });
  for (const each of world.owners) expect(await told(each)).toEqual(["recovery.requested"]);
  const early = { code: 1, json: { error: { code: "recovery.too_early" } } };
  expect(await decide("approve", asked)).toMatchObject(early);
  await later(6);
  expect(await decide("approve", asked)).toMatchObject(early);
  expect(await publish(world, 2, fresh)).toBe("CHK-N001");
  await later(2);
  expect(await decide("approve", asked, "--reason", "Ada confirmed it by telephone.")).toMatchObject({
    code: 0,
    json: { state: "approved", decisionReason: "Ada confirmed it by telephone." },
  });
  expect(await decide("approve", asked)).toMatchObject({ json: { error: { code: "recovery.decided" } } });
  expect(await publish(world, 3, world.developer)).toBe("CHK-N002");
  expect(await rotate(world, world.developer, await newKey())).toMatchObject({
    code: 1,
    json: { error: { code: "keys.signs_nothing" } },
  });
  expect(await publish(world, 4, fresh)).toBe("published");
  expect(await update(home)).toMatchObject({ code: 0 });
  for (const device of [home, await newDevice(world)])
    expect(await onDevice(world, device)).toEqual({ versionCode: 4, state: "ready" });
  for (const each of world.owners)
    expect(await told(each)).toEqual(["recovery.approved", "recovery.requested"]);
}, 180_000);

test("one owner's objection stops a recovery for good", async () => {
  const world = await newWorld();
  const home = await newDevice(world);
  const fresh = await enrolledKey(world);
  const asked = await recover(world, fresh);
  const objected = await store.must(
    ["keys", "object", asked.id, "--reason", "The key is in the safe."],
    owner(world, 1).env,
  );
  expect(objected).toMatchObject({ state: "objected", decisionReason: "The key is in the safe." });
  await later(8);
  expect(await decide("approve", asked)).toMatchObject({
    code: 1,
    json: { error: { code: "recovery.decided" } },
  });
  expect(await publish(world, 2, fresh)).toBe("CHK-N001");
  expect(await publish(world, 3, world.developer)).toBe("published");
  expect(await update(home)).toMatchObject({ code: 0 });
  expect(await onDevice(world, home)).toEqual({ versionCode: 3, state: "ready" });
  expect(await told(owner(world, 0))).toEqual(["recovery.objected", "recovery.requested"]);
}, 120_000);

test("what a revoked key signed is installed no more from the next refresh, and its successor goes on", async () => {
  const world = await newWorld();
  const [keeps, waits] = [await newDevice(world), await emptyDevice()];
  const second = await newKey();
  expect(await rotate(world, world.developer, second)).toMatchObject({ code: 0 });
  const old = await keyIdOf(world, world.developer);
  const revoke = (...more: string[]) => {
    const words = ["keys", "revoke", old, "--reason", "It was stolen.", "--yes", ...more];
    return store.mosis(words, owner(world, 0).env);
  };
  expect(
    await store.mosis(["keys", "revoke", old, "--reason", "x", "--yes"], world.developer.env),
  ).toMatchObject({
    json: { error: { code: "rights.forbidden" } },
  });
  expect(await revoke()).toMatchObject({ code: 0, json: { revoked: { action: "block" } } });
  await catalogueIsOut(store);
  await update(keeps);
  expect(await onDevice(world, keeps)).toEqual({ versionCode: 1, state: "blocked" });
  expect(await store.mosis(["device", "install", world.id, "--home", waits])).toMatchObject({ code: 1 });

  expect(await revoke("--action", "disable")).toMatchObject({ code: 0 });
  await catalogueIsOut(store);
  await update(keeps);
  expect(await onDevice(world, keeps)).toEqual({ versionCode: 1, state: "disabled" });
  expect(await publish(world, 2, world.developer)).not.toBe("published");
  expect(await publish(world, 3, second)).toBe("published");
  expect(await update(keeps)).toMatchObject({ code: 0 });
  expect(await store.mosis(["device", "install", world.id, "--home", waits])).toMatchObject({ code: 0 });
  for (const home of [keeps, waits])
    expect(await onDevice(world, home)).toEqual({ versionCode: 3, state: "ready" });
}, 120_000);

test("after the last key was revoked, a recovery is the way back", async () => {
  const world = await newWorld();
  const home = await newDevice(world);
  const old = await keyIdOf(world, world.developer);
  await store.must(["keys", "revoke", old, "--reason", "It was stolen.", "--yes"], owner(world, 0).env);
  await catalogueIsOut(store);
  expect(await rotate(world, world.developer, await newKey())).toMatchObject({
    code: 1,
    json: { error: { code: "keys.signs_nothing" } },
  });
  const fresh = await enrolledKey(world);
  const asked = await recover(world, fresh);
  await later(8);
  expect(await decide("approve", asked)).toMatchObject({ code: 0 });
  expect(await publish(world, 2, fresh)).toBe("published");
  expect(await update(home)).toMatchObject({ code: 0 });
  for (const device of [home, await newDevice(world)])
    expect(await onDevice(world, device)).toEqual({ versionCode: 2, state: "ready" });
}, 120_000);

test("the commands of the guide to signing keys do what it says, in its order", async () => {
  const world = await newWorld();
  // Where a key is that is not named.
  const config = join(folder, "config");
  const own = join(config, "mosis/keys");
  mkdirSync(own, { recursive: true });
  cpSync(world.developer.keyFile, join(own, "developer.pem"));
  cpSync(world.developer.certFile, join(own, "developer.cert.pem"));
  const guide = readFileSync(
    join(import.meta.dirname, "../../../assets/docs/guides/signing-keys.md"),
    "utf8",
  );
  const lines = [...guide.matchAll(/^```text\n(.*?)^```/gms)].flatMap(([, block = ""]) =>
    block.trim().split("\n"),
  );
  expect(lines.length).toBe(7);
  const key = await keyIdOf(world, world.developer);
  for (const line of lines) {
    const words = (line.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) =>
      word.replaceAll('"', "").replace("https://store.example.com", store.url).replace(/^KEY$/, key),
    );
    expect(words.shift()).toBe("mosis");
    const ended = await store.mosis(words, { ...owner(world, 0).env, XDG_CONFIG_HOME: config });
    expect({ line, code: ended.code, stderr: ended.stderr }).toMatchObject({ line, code: 0 });
  }
  expect(await told(owner(world, 1))).toEqual(["key.revoked", "recovery.requested", "key.added"]);
}, 120_000);
