/**
 * Revoking with the built executable, as far as a device: each subject with each action, lifted again; the store's release
 * key with a time; a kept version; the lowest version; what nobody may know of; and after a kill.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { workspace } from "../binary.ts";
import {
  catalogueIsOut,
  type Developer,
  newDeveloper,
  packSigned,
  type ServedStore,
  serveStore,
} from "../served-store.ts";
import { type Release, writeReleases } from "./sources.ts";

const { folder, binary, remove } = workspace();
const home = join(folder, "device");
/** Came before the update, and keeps the version before it. */
const keeper = join(folder, "keeper");
const reason = "It sends notes to strangers.";
let store: ServedStore;
let developer: Developer;
/** The newest version. */
let app: Release;
let older: Release;

type Listed = {
  apps: {
    id: string;
    versionCode: number;
    previousVersionCode: number | null;
    state: string;
    reason: string | null;
  }[];
};

beforeAll(async () => {
  const releases = await writeReleases(join(folder, "apps"));
  store = await serveStore({ binary, folder });
  developer = await newDeveloper(store, "Example Apps");
  for (const at of [home, keeper])
    await store.must(["device", "init", store.url, "--root-sha256", store.rootSha256, "--home", at]);
  for (const name of ["calculator", "calculator-2"]) {
    const release = releases.find((candidate) => candidate.name === name);
    if (release === undefined) throw new Error(`there is no release ${name}`);
    older = app ?? release;
    app = release;
    const file = await packSigned(store, developer, release.folder, join(folder, `${name}.mosis`));
    await store.must(["submit", file, "--notes", release.notes], developer.env);
    await store.must(["admin", "review", "approve", app.id, String(app.versionCode), ...at()]);
    await catalogueIsOut(store);
    await store.must(["device", "install", app.id, "--home", keeper]);
    // Approvals have whole seconds: the next one is later than this.
    await Bun.sleep(1100);
  }
}, 120_000);

afterAll(async () => {
  await store?.stop().catch(() => {});
  remove();
});

const at = () => ["--data", store.dataDir];

async function releasedFacts(of: Release = app): Promise<Record<string, string>> {
  const path = `/api/v1/apps/${of.id}/versions/${of.versionCode}`;
  const answer = await fetch(`${store.url}${path}`, {
    headers: { Authorization: `Bearer ${developer.token}` },
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Record<string, string>;
}

async function reset(): Promise<void> {
  await catalogueIsOut(store);
  const { apps } = await store.must<Listed>(["device", "list", "--home", home]);
  if (apps.length === 0) await store.must(["device", "install", app.id, "--home", home]);
  else await store.mosis(["device", "update", "--home", home]);
}

async function onDevice(at = home): Promise<Listed["apps"][number] | null> {
  const { apps } = await store.must<Listed>(["device", "list", "--home", at]);
  return apps.find(({ id }) => id === app.id) ?? null;
}

async function targets(): Promise<Record<string, string>> {
  const { contentDigest } = await releasedFacts();
  const certificate = new X509Certificate(readFileSync(developer.certFile));
  const spki = certificate.publicKey.export({ format: "der", type: "spki" });
  return {
    app: app.id,
    developer: developer.organisationId,
    package: contentDigest ?? "",
    key: createHash("sha256").update(spki).digest("hex"),
    certificate: createHash("sha256").update(certificate.raw).digest("hex"),
  };
}

const revoke = (subject: string, id: string, action: string, more: readonly string[] = []) =>
  store.must<{ changed: boolean; affected: { versions: number } }>([
    ...["admin", "revoke", subject, id, "--action", action, "--reason", reason, "--yes", ...more, ...at()],
  ]);
const lift = (subject: string, id: string) =>
  store.must(["admin", "lift", subject, id, "--reason", "A mistake.", "--yes", ...at()]);

describe("a device follows at its next refresh, says why, and forgets it when it is lifted", () => {
  for (const subject of ["app", "developer", "package", "key", "certificate"] as const) {
    for (const action of ["block", "disable", "remove"] as const) {
      test(`${subject}, ${action}`, async () => {
        await reset();
        const id = (await targets())[subject] ?? "";
        const done = await revoke(subject, id, action);
        expect(done).toMatchObject({ changed: true });
        expect(done.affected.versions).toBeGreaterThan(0);
        await catalogueIsOut(store);
        await store.mosis(["device", "update", "--home", home]);
        const after = await onDevice();
        if (action === "remove") expect(after).toBeNull();
        if (action === "disable") expect(after).toMatchObject({ state: "disabled", reason });
        if (action === "block") expect(after).toMatchObject({ state: "blocked", reason });
        if (action === "remove" && subject !== "package") {
          const again = await store.mosis(["device", "install", app.id, "--home", home]);
          expect(again.code).toBe(1);
        }
        await lift(subject, id);
        await reset();
        expect(await onDevice()).toMatchObject({ state: "ready" });
      }, 60_000);
    }
  }
});

const onKeeper = (...words: readonly string[]) => store.mosis(["device", ...words, "--home", keeper]);

/** Refreshes as `update` does, which is also what a device does by itself. */
async function follow(): Promise<void> {
  await catalogueIsOut(store);
  await onKeeper("update");
}

test("what is kept and revoked is not gone back to, whatever runs", async () => {
  await follow();
  expect(await onDevice(keeper)).toMatchObject({
    versionCode: app.versionCode,
    previousVersionCode: older.versionCode,
  });
  const { contentDigest = "" } = await releasedFacts(older);
  await revoke("package", contentDigest, "block");
  await follow();
  expect(await onDevice(keeper)).toMatchObject({
    versionCode: app.versionCode,
    state: "ready",
    reason: null,
  });
  expect(await onKeeper("rollback", app.id)).toMatchObject({
    code: 1,
    json: { error: { code: "device.revoked" } },
  });
  await lift("package", contentDigest);
  await follow();
  expect((await onKeeper("rollback", app.id)).code).toBe(0);
  expect((await onKeeper("update", app.id)).code).toBe(0);
  expect(await onDevice(keeper)).toMatchObject({ versionCode: app.versionCode, state: "ready" });
}, 120_000);

test("a release key with a time: what it approved up to then stays, what it approved later goes", async () => {
  const { keys } = await store.must<{ keys: { name: string; keyid: string }[] }>([
    ...["admin", "keys", "show", ...at()],
  ]);
  const key = keys.find(({ name }) => name === "release")?.keyid ?? "";
  const until = (await releasedFacts(older)).approvedAt ?? "";
  expect(until < ((await releasedFacts()).approvedAt ?? "")).toBe(true);
  expect(await revoke("key", key, "disable", ["--approvals-until", until])).toMatchObject({
    affected: { versions: 1 },
  });
  await follow();
  expect(await onDevice(keeper)).toMatchObject({ versionCode: app.versionCode, state: "disabled", reason });
  expect((await onKeeper("rollback", app.id)).code).toBe(0);
  expect(await onDevice(keeper)).toMatchObject({ versionCode: older.versionCode, state: "ready" });
  // A device that comes now gets what was approved before.
  const fresh = join(folder, "fresh");
  await store.must(["device", "init", store.url, "--root-sha256", store.rootSha256, "--home", fresh]);
  await store.must(["device", "install", app.id, "--home", fresh]);
  expect(await onDevice(fresh)).toMatchObject({ versionCode: older.versionCode, state: "ready" });
  // Without the time nothing that it approved counts.
  expect(await revoke("key", key, "remove")).toMatchObject({ affected: { versions: 2 } });
  await follow();
  expect(await onDevice(keeper)).toBeNull();
  await lift("key", key);
  await reset();
  expect(await onDevice()).toMatchObject({ versionCode: app.versionCode, state: "ready" });
}, 120_000);

test("what was never published is revoked, and no file of the store names it", async () => {
  const id = "com.example.unheard";
  const made = await fetch(`${store.url}/api/v1/apps`, {
    method: "POST",
    headers: { Authorization: `Bearer ${developer.token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ id, name: "Unheard", organisationId: developer.organisationId }),
  });
  expect(made.status).toBe(201);
  await revoke("app", id, "block");
  await catalogueIsOut(store);
  const found = Bun.spawnSync(["grep", "-rl", "--exclude=mosis.db*", id, store.dataDir]);
  expect(found.stdout.toString()).toBe("");
  expect(await store.must(["admin", "revocations", ...at()])).toMatchObject({
    items: [{ id, action: "block" }],
  });
  await lift("app", id);
}, 60_000);

test("a lowest version disables what is below it until it is lowered again", async () => {
  await reset();
  const lowest = (code: number) =>
    store.must([...["admin", "lowest-version", app.id, String(code), "--reason", reason, "--yes", ...at()]]);
  await lowest(app.versionCode + 1);
  await catalogueIsOut(store);
  await store.mosis(["device", "update", "--home", home]);
  expect(await onDevice()).toMatchObject({ state: "disabled" });
  await lowest(1);
  await reset();
  expect(await onDevice()).toMatchObject({ state: "ready" });
}, 60_000);

test("what was acknowledged outlives a kill of the server", async () => {
  await reset();
  await revoke("app", app.id, "disable");
  await store.stop("SIGKILL");
  await store.start();
  await catalogueIsOut(store);
  await store.mosis(["device", "update", "--home", home]);
  expect(await onDevice()).toMatchObject({ state: "disabled", reason });
  await lift("app", app.id);
  await reset();
  expect(await onDevice()).toMatchObject({ state: "ready" });
}, 60_000);

test("asks before it acts, and shows what it concerns", async () => {
  const words = ["admin", "revoke", "app", app.id, "--action", "block", "--reason", reason, ...at()];
  expect(await store.mosis(words)).toMatchObject({
    code: 2,
    json: { error: { code: "usage.not_confirmed" } },
  });
  expect(await store.must([...words, "--dry-run"])).toMatchObject({
    affected: { apps: 1, versions: 2, published: 2, waiting: 0 },
    installed: { known: false },
  });
  expect(await store.must(["admin", "revocations", ...at()])).toEqual({ items: [], lowest: [] });
});
