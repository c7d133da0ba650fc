/** Whatever is not as it was signed is refused, with the built executable and at the place that must refuse it. */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { workspace } from "../binary.ts";
import { faketime } from "../faketime.ts";
import {
  type Answer,
  catalogueIsOut,
  type Developer,
  newDeveloper,
  packSigned,
  type ServedStore,
  serveStore,
} from "../served-store.ts";
import { writeReleases } from "./sources.ts";

const { folder, binary, remove } = workspace();
let store: ServedStore;
let developer: Developer;
let stranger: Developer;
let notes: string;
let count = 0;

beforeAll(async () => {
  const releases = await writeReleases(join(folder, "apps"));
  notes = releases.find(({ name }) => name === "notes")?.folder ?? "";
  // It asks more often than one key may.
  store = await serveStore({ binary, folder, args: ["--key-requests", "off", "--account-requests", "off"] });
  developer = await newDeveloper(store, "Example Apps");
  stranger = await newDeveloper(store, "Other Apps");
}, 60_000);

afterAll(async () => {
  await store?.stop().catch(() => {});
  remove();
});

/** An app of this test's own, so that no test depends on another. */
function newId(): string {
  count += 1;
  return `com.example.case${count}`;
}

type Key = Pick<Developer, "keyFile" | "certFile">;

/** The notes sample as another app, packed and signed. */
async function signedAs(id: string, versionCode: number, key: Key = developer): Promise<string> {
  count += 1;
  const source = join(folder, `source-${count}`);
  cpSync(notes, source, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(source, "manifest.json"), "utf8"));
  const version = `${versionCode}.0.${count}`;
  writeFileSync(join(source, "manifest.json"), JSON.stringify({ ...manifest, id, version, versionCode }));
  return packSigned(store, key, source, `${source}.mosis`);
}

function submit(file: string, by: Developer = developer, ...more: string[]): Promise<Answer> {
  return store.mosis(["submit", file, "--notes", "A test.", ...more], by.env);
}

function approve(id: string, versionCode: number): Promise<unknown> {
  return store.must(["admin", "review", "approve", id, String(versionCode), "--data", store.dataDir]);
}

/** The app's first version, published. */
async function published(versionCode = 1): Promise<string> {
  const id = newId();
  expect(await submit(await signedAs(id, versionCode))).toMatchObject({ code: 0 });
  expect(await approve(id, versionCode)).toMatchObject({ state: "published" });
  await catalogueIsOut(store);
  return id;
}

/** Sends bytes as they are, past the checks that `submit` makes itself. */
async function sendAsIs(bytes: Uint8Array): Promise<Response> {
  return fetch(`${store.url}/api/v1/versions?createApp=true`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${developer.token}`,
      "content-type": "application/vnd.mosis.package",
    },
    body: new Uint8Array(bytes),
  });
}

/** The codes of what the checks found, once they are done. */
async function findingsOf(id: string, versionCode: number): Promise<{ state: string; codes: string[] }> {
  const headers = { authorization: `Bearer ${developer.token}` };
  const address = `${store.url}/api/v1/apps/${id}/versions/${versionCode}`;
  for (;;) {
    const { state } = (await (await fetch(address, { headers })).json()) as { state: string };
    if (state !== "checking") {
      const answer = await fetch(`${address}/findings`, { headers });
      const { items } = (await answer.json()) as { items: { code: string }[] };
      return { state, codes: items.map((item) => item.code) };
    }
    await Bun.sleep(50);
  }
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = new Uint8Array(bytes);
  changed[at] = (changed[at] ?? 0) ^ 0x01;
  return changed;
}

async function newDevice(): Promise<string> {
  count += 1;
  const home = join(folder, `device-${count}`);
  await store.must(["device", "init", store.url, "--root-sha256", store.rootSha256, "--home", home]);
  return home;
}

function installed(home: string): string[] {
  return existsSync(join(home, "apps")) ? readdirSync(join(home, "apps")) : [];
}

/** The released file as devices get it. */
function releasedFile(id: string, versionCode: number): string {
  const database = new Database(join(store.dataDir, "mosis.db"), { readonly: true });
  try {
    const row = database
      .query<{ sha: string }, [string, number]>(
        "SELECT released_sha256 AS sha FROM versions WHERE app_id = ? AND version_code = ?",
      )
      .get(id, versionCode);
    if (row === null) throw new Error(`${id} ${versionCode} has no row`);
    return join(store.dataDir, "blobs/store/v1/packages", `${row.sha}.mosis`);
  } finally {
    database.close();
  }
}

/**
 * Until then the store itself reads released files, where a changed one would fail its job, which tries again for
 * minutes; and it signs a new catalogue whenever one is done.
 */
async function containersAreMade(): Promise<void> {
  // One that has failed already is of a package that another test has damaged: it is tried again for long.
  const query =
    "SELECT count(*) AS n FROM jobs WHERE kind = 'version.deltas' AND (state = 'running' OR state = 'queued' AND attempts = 0)";
  for (;;) {
    const database = new Database(join(store.dataDir, "mosis.db"), { readonly: true });
    const left = database.query<{ n: number }, []>(query).get()?.n;
    database.close();
    if (left === 0) return;
    await Bun.sleep(50);
  }
}

/** What `work` finds when the store has the package alone: not its compact form, which devices prefer. */
async function withoutContainers<T>(work: () => Promise<T>): Promise<T> {
  const containers = join(store.dataDir, "blobs/store/v1/deltas");
  renameSync(containers, `${containers}-away`);
  try {
    return await work();
  } finally {
    renameSync(`${containers}-away`, containers);
  }
}

describe("a changed byte", () => {
  test("anywhere in a package is found by verify", async () => {
    const bytes = readFileSync(await signedAs(newId(), 1));
    const changed = join(folder, "changed.mosis");
    const places = Array.from({ length: 12 }, (_, index) => Math.floor(((index + 0.5) / 12) * bytes.length));
    for (const at of [0, ...places, bytes.length - 1]) {
      writeFileSync(changed, flipped(bytes, at));
      const answer = await store.mosis(["verify", changed, "--ca", developer.caFile]);
      expect({ at, ...answer }).toMatchObject({ at, code: 1, json: { ok: false } });
    }
  }, 60_000);

  test("in an upload fails its checks", async () => {
    const id = newId();
    const bytes = readFileSync(await signedAs(id, 1));
    // In the middle of an icon's pixels, so that the container is as it was.
    const icon = bytes.indexOf(readFileSync(join(notes, "icons/512.png")));
    expect(icon).toBeGreaterThan(0);
    const answer = await sendAsIs(flipped(bytes, icon + 1000));
    expect(answer.status).toBe(201);
    const { state, codes } = await findingsOf(id, 1);
    expect({ state, codes: codes.map((code) => code.slice(0, 5)) }).toEqual({
      state: "failed",
      codes: ["MPK-C"],
    });
  }, 60_000);

  test("in the package that a device downloads installs nothing", async () => {
    const id = await published();
    await containersAreMade();
    const file = releasedFile(id, 1);
    const bytes = readFileSync(file);
    writeFileSync(file, flipped(bytes, Math.floor(bytes.length / 2)));
    const home = await newDevice();
    const refused = await withoutContainers(() => store.mosis(["device", "install", id, "--home", home]));
    expect(refused).toMatchObject({ code: 1, json: { error: { code: "device.package_changed" } } });
    expect(installed(home)).toEqual([]);
    // The released file and the one for devices may be one file with two names.
    const { json } = await store.mosis(["admin", "reconcile", "--data", store.dataDir]);
    const { discrepancies } = json as { discrepancies: { kind: string }[] };
    expect(new Set(discrepancies.map(({ kind }) => kind))).toEqual(new Set(["blob_differs"]));
    writeFileSync(file, bytes);
    expect(await store.must(["device", "install", id, "--home", home])).toMatchObject({
      action: "installed",
    });
  }, 60_000);
});

describe("another developer's key", () => {
  test("does not take an app of somebody else's", async () => {
    const id = await published();
    const refused = await submit(await signedAs(id, 2, stranger), stranger);
    expect(refused).toMatchObject({ code: 1, json: { error: { code: "app.id_taken" } } });
  }, 60_000);

  test("does not sign what the owner submits", async () => {
    const id = await published();
    expect(await submit(await signedAs(id, 2, stranger))).toMatchObject({ code: 1 });
    expect(await findingsOf(id, 2)).toMatchObject({ state: "failed" });
    expect((await findingsOf(id, 2)).codes).toContain("CHK-O001");
  }, 60_000);

  test("does not sign an update, even of the same organisation", async () => {
    const id = await published();
    const keyFile = join(folder, `second-${count}.pem`);
    await store.must(["keys", "new", "-o", keyFile]);
    const { certFile } = await store.must<{ certFile: string }>(
      ["keys", "enroll", "--key", keyFile],
      developer.env,
    );
    expect(await submit(await signedAs(id, 2, { keyFile, certFile }))).toMatchObject({ code: 1 });
    expect(await findingsOf(id, 2)).toEqual({ state: "failed", codes: ["CHK-N001"] });
  }, 60_000);
});

test("a package without the store's signature is not installed, though the signed catalogue names it", async () => {
  const id = newId();
  expect(await submit(await signedAs(id, 1), developer, "--hold")).toMatchObject({ code: 0 });
  expect(await approve(id, 1)).toMatchObject({ state: "held" });
  await store.stop();
  // Whoever has the machine, and not the release key, puts the developer's file in the place of the released one.
  const database = new Database(join(store.dataDir, "mosis.db"));
  const row = database
    .query<{ sha: string }, [string]>("SELECT upload_sha256 AS sha FROM versions WHERE app_id = ?")
    .get(id);
  const sha = row?.sha ?? "";
  database.run(
    "UPDATE versions SET released_sha256 = upload_sha256, released_size_bytes = upload_size_bytes WHERE app_id = ?",
    [id],
  );
  database.run(
    "INSERT INTO blobs SELECT replace(key, 'uploads/', 'releases/'), sha256, size_bytes, created_at FROM blobs WHERE key = ?",
    [`uploads/${sha}.mosis`],
  );
  database.close();
  const blobs = join(store.dataDir, "blobs");
  copyFileSync(join(blobs, "uploads", `${sha}.mosis`), join(blobs, "releases", `${sha}.mosis`));
  await store.start();
  await store.must(["publish", id, "1"], developer.env);
  await catalogueIsOut(store);
  const home = await newDevice();
  const refused = await store.mosis(["device", "install", id, "--home", home]);
  expect(refused).toMatchObject({
    code: 1,
    json: { error: { code: "device.package_refused", details: [{ code: "MPK-C031", found: "signed" }] } },
  });
  expect(installed(home)).toEqual([]);
}, 60_000);

describe("a stale catalogue", () => {
  test("that has expired is refused", async () => {
    const id = await published();
    const home = await newDevice();
    const later = [binary, "device", "install", id, "--home", home, "--json"];
    const child = Bun.spawn(later, {
      cwd: folder,
      env: { PATH: "/usr/bin:/bin", HOME: folder, ...faketime("+60d") },
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout] = await Promise.all([new Response(child.stdout).text(), child.exited]);
    expect({ code: child.exitCode, json: JSON.parse(stdout) }).toMatchObject({
      code: 1,
      json: { error: { code: "device.catalogue_expired" } },
    });
    expect(installed(home)).toEqual([]);
    expect(await store.must(["device", "install", id, "--home", home])).toMatchObject({
      action: "installed",
    });
  }, 60_000);

  test("that is older than what the device has seen is refused", async () => {
    const id = await published();
    const home = await newDevice();
    const timestamp = join(store.dataDir, "blobs/store/v1/metadata/timestamp.json");
    await containersAreMade();
    const older = readFileSync(timestamp);
    const another = await published();
    await containersAreMade();
    await store.must(["device", "install", another, "--home", home]);
    const newer = readFileSync(timestamp);
    expect(newer.equals(older)).toBe(false);
    writeFileSync(timestamp, older);
    const refused = await store.mosis(["device", "install", id, "--home", home]);
    writeFileSync(timestamp, newer);
    expect(refused.code).toBe(1);
    expect(refused.json).toMatchObject({ error: { code: "device.catalogue_rolled_back" } });
    expect(installed(home)).toEqual([another]);
  }, 60_000);
});

describe("a version code that does not rise", () => {
  test("fails its checks when it is lower", async () => {
    const id = await published(5);
    expect(await submit(await signedAs(id, 4))).toMatchObject({ code: 1 });
    expect(await findingsOf(id, 4)).toEqual({ state: "failed", codes: ["CHK-V001"] });
  }, 60_000);

  test("is refused at once when it is taken, by other bytes", async () => {
    const id = await published(5);
    expect(await submit(await signedAs(id, 5))).toMatchObject({
      code: 1,
      json: { error: { code: "version.code_taken" } },
    });
  }, 60_000);
});
