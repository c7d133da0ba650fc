/** Catalogues that a device must not follow, each beside one that differs only in that and is followed. */
import { beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildTimestamp, type SignedRole, signRole } from "../catalog/tuf/metadata.ts";
import * as records from "../catalog/tuf/records.ts";
import { expiryOf } from "../catalog/tuf/roles.ts";
import { isProblem } from "../errors.ts";
import { tufSigner } from "../keys/tuf-signers.ts";
import { APP_ID, openWorld, type World } from "../testing/device-world.ts";
import { faketime } from "../testing/faketime.ts";
import { MOSIS } from "../testing/mosis.ts";
import { worldForEach } from "../testing/prepared.ts";
import type { Device } from "./context.ts";
import { initDevice, withDevice } from "./device.ts";
import { install } from "./installer.ts";
import { list, refresh, search } from "./inventory.ts";

/** A busy machine takes its time; what is slow on purpose says so itself. */
setDefaultTimeout(30_000);

let home: string;

const world = worldForEach();
beforeEach(async () => {
  home = join(world.folder(), "device");
});

const options = () => ({ home, clock: world.store.clock, timeouts: { idleMs: 2000, attempts: 1 } });
const init = (rootSha256 = world.rootSha256, url = world.server.url) =>
  initDevice({ ...options(), url, rootSha256 });
const inDevice = <T>(work: (device: Device) => Promise<T>) => withDevice(options(), work);
const follow = () => inDevice(refresh);

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!isProblem(error)) throw error;
    // The names of the errors in which a library passes others on are nothing for people.
    expect(error.message).not.toMatch(/\w*Error\b|Unable to load/);
    return error.code;
  }
  return "";
}

/** Serves these bytes in the place of what the store has. */
function serveInstead(files: Readonly<Record<string, Uint8Array>>): void {
  world.server.intercept = (path) => {
    const bytes = files[path];
    return bytes ? new Response(Buffer.from(bytes)) : null;
  };
}

const METADATA = "/store/v1/metadata";
const fetched = async (url: string) => new Uint8Array(await (await fetch(url)).arrayBuffer());

describe("metadata in a form that libraries of TUF take and this catalogue does not have", () => {
  const timestamp = async () => Buffer.from(await fetched(`${world.server.url}${METADATA}/timestamp.json`));
  const serve = (text: string) => serveInstead({ [`${METADATA}/timestamp.json`]: Buffer.from(text) });

  test("is refused: a key twice, and a version with a fraction of zero", async () => {
    await init();
    const text = (await timestamp()).toString("utf8");
    const version = /"version":(\d+)\}/.exec(text)?.[1];
    expect(version).toBeString();
    for (const other of [`"version":999,"version":${version}}`, `"version":${version}.0}`]) {
      serve(text.replace(`"version":${version}}`, other));
      expect(await refusal(follow())).toBe("device.catalogue_refused");
    }
    serve(text);
    expect(await refusal(follow())).toBe("");
  });

  test("is followed with white space, which says nothing", async () => {
    await init();
    serve(JSON.stringify(JSON.parse((await timestamp()).toString("utf8")), null, 1));
    expect(await refusal(follow())).toBe("");
  });
});

describe("the root", () => {
  test("must be the one whose digest was given", async () => {
    const other = await openWorld();
    try {
      expect(await refusal(init(other.rootSha256))).toBe("device.root_mismatch");
      expect(await refusal(init("abc"))).toBe("device.root_sha256_invalid");
      expect(await refusal(inDevice(refresh))).toBe("device.not_initialised");
      // The folder is not spoilt by that: the right digest, in any case, makes it a device.
      expect((await init(world.rootSha256.toUpperCase())).rootSha256).toBe(world.rootSha256);
      expect(await refusal(init())).toBe("device.initialised");
    } finally {
      await other.close();
    }
  });

  test("a set-up that failed does not tie the folder to that store", async () => {
    const other = await openWorld();
    try {
      other.server.intercept = (path) => (path.includes("revocations") ? new Response("no") : null);
      expect(await refusal(init(other.rootSha256, other.server.url))).toBe("device.catalogue_refused");
      expect((await init()).url).toBe(world.server.url);
    } finally {
      await other.close();
    }
  });

  test("of a device cannot become another store's", async () => {
    await init();
    const other = await openWorld();
    try {
      world.server.intercept = async (path) => fetch(`${other.server.url}${path}`);
      await other.release(1);
      expect(await refusal(follow())).toBe("device.catalogue_refused");
      world.server.intercept = null;
      expect(await refusal(follow())).toBe("");
    } finally {
      await other.close();
    }
  });
});

describe("a stale catalogue", () => {
  test("whose timestamp has expired is refused, and one signed now is followed", async () => {
    await init();
    const now = world.store.clock.now();
    world.store.clock.set(new Date(now.getTime() - 25 * 3_600_000));
    await world.release(1);
    expect(await refusal(follow())).toBe("device.catalogue_expired");
    world.store.clock.set(new Date(now.getTime() - 3_600_000));
    await world.release(2);
    expect(await refusal(follow())).toBe("");
  });

  test.skipIf(Bun.which("faketime") === null)(
    "that was followed once is refused when its time is over, by the system's clock",
    async () => {
      await world.release(1);
      await init();
      const device = (ahead: string) => {
        const words = [...MOSIS, "device", "install", APP_ID, "--home", home, "--json"];
        const env = { ...process.env, ...faketime(ahead) };
        return Bun.spawn(words, { env, stdout: "pipe", stderr: "ignore" });
      };
      const late = device("+25h");
      expect(JSON.parse(await new Response(late.stdout).text())).toMatchObject({
        error: { code: "device.catalogue_expired" },
      });
      expect(await late.exited).toBe(1);
      expect(await inDevice(async (opened) => list(opened))).toEqual([]);
      const inTime = device("+23h");
      expect(JSON.parse(await new Response(inTime.stdout).text())).toMatchObject({ action: "installed" });
      expect(await inTime.exited).toBe(0);
    },
    20_000,
  );
});

describe("a catalogue that was rolled back", () => {
  test("to an older timestamp is refused", async () => {
    await world.release(1);
    await init();
    const older = await fetched(`${world.server.url}${METADATA}/timestamp.json`);
    await world.release(2);
    await follow();
    serveInstead({ [`${METADATA}/timestamp.json`]: older });
    expect(await refusal(follow())).toBe("device.catalogue_rolled_back");
    world.server.intercept = null;
    expect(await refusal(follow())).toBe("");
  });

  test("is refused even when the device lost its copy of what it has seen", async () => {
    await world.release(1);
    await init();
    const older = await fetched(`${world.server.url}${METADATA}/timestamp.json`);
    await world.release(2);
    await follow();
    for (const name of readdirSync(join(home, "tuf"))) rmSync(join(home, "tuf", name), { recursive: true });
    serveInstead({ [`${METADATA}/timestamp.json`]: older });
    expect(await refusal(follow())).toBe("device.catalogue_rolled_back");
    world.server.intercept = null;
    expect(await refusal(follow())).toBe("");
  });

  test("to an older snapshot under a newer timestamp is refused", async () => {
    await init();
    const old = snapshotNow();
    await world.release(1);
    await follow();
    const { version } = newest("timestamp");
    serveInstead({ [`${METADATA}/timestamp.json`]: await timestampFor(old, version + 1) });
    expect(await refusal(follow())).toBe("device.catalogue_rolled_back");
    serveInstead({ [`${METADATA}/timestamp.json`]: await timestampFor(snapshotNow(), version + 1) });
    expect(await refusal(follow())).toBe("");
  });

  test("what was followed on the way to a failure is not forgotten", async () => {
    await init();
    const older = await fetched(`${world.server.url}${METADATA}/timestamp.json`);
    await world.release(1);
    expect(await refusal(inDevice((device) => install(device, "org.example.unknown")))).toBe(
      "device.app_not_found",
    );
    serveInstead({ [`${METADATA}/timestamp.json`]: older });
    expect(await refusal(follow())).toBe("device.catalogue_rolled_back");
  });
});

type Signed = Pick<SignedRole, "version" | "body" | "sha256">;

function newest(role: string): Signed {
  const { orm } = world.store.db;
  const found = records.findMetadata(orm, role, records.currentRoles(orm).get(role)?.version ?? 0);
  if (!found) throw new Error(`the catalogue has no ${role}`);
  return found;
}
const snapshotNow = () => newest("snapshot");

/** With the store's own key: what someone can make who has stolen that one alone. */
async function timestampFor(snapshot: Signed, version: number): Promise<Uint8Array> {
  const unsigned = buildTimestamp(version, expiryOf("timestamp", world.store.clock.now()), snapshot);
  return (await signRole(unsigned, [tufSigner(world.store, "tuf-timestamp")])).body;
}

describe("a mixture", () => {
  test("of two repositories' files is refused, whichever file is the other's", async () => {
    await init();
    const other = await openWorld();
    try {
      await other.release(1);
      await world.release(1);
      for (const part of ["timestamp.json", "snapshot.json", "targets.json", "revocations.json", "bins-"]) {
        const foreign = (path: string) => path.startsWith(`${METADATA}/`) && path.includes(part);
        world.server.intercept = async (path) =>
          foreign(path) ? fetch(`${other.server.url}${await sameName(other, path)}`) : null;
        // A home that has seen none of it yet, or the kept files would be used.
        rmSync(home, { recursive: true, force: true });
        const failed = refusal(init().then(() => inDevice((device) => search(device, ""))));
        expect([part, await failed]).toEqual([part, "device.catalogue_refused"]);
      }
      world.server.intercept = null;
      rmSync(home, { recursive: true, force: true });
      expect(await refusal(init().then(() => inDevice((device) => search(device, ""))))).toBe("");
    } finally {
      await other.close();
    }
  });

  test("with a target file of other bytes is refused", async () => {
    await world.release(1);
    await init();
    world.server.intercept = async (path) => {
      if (!path.includes(`/targets/apps/${APP_ID}/`)) return null;
      const bytes = await new Response(await world.store.blobs.stream(path.slice(1))).bytes();
      bytes[10] = (bytes[10] ?? 0) ^ 1;
      return new Response(bytes);
    };
    expect(await refusal(inDevice((device) => install(device, APP_ID)))).toBe("device.catalogue_refused");
    world.server.intercept = null;
    expect(await refusal(inDevice((device) => install(device, APP_ID)))).toBe("");
  });
});

/** The newest file of that role in the other repository. */
async function sameName(other: World, path: string): Promise<string> {
  if (path.endsWith("/timestamp.json")) return path;
  const role = /\/\d+\.([^/]+)\.json$/.exec(path)?.[1] ?? "";
  const version = records.currentRoles(other.store.db.orm).get(role)?.version ?? 1;
  return `${METADATA}/${version}.${role}.json`;
}

describe("damage on the device itself", () => {
  const damages: readonly [what: string, damage: () => void][] = [
    ["a truncated root", () => damageEach((name) => name === "root.json")],
    ["no timestamp that could be read", () => damageEach((name) => name === "timestamp.json")],
    ["nothing that could be read", () => damageEach(() => true)],
    ["no files at all", () => rmSync(join(home, "tuf"), { recursive: true })],
  ];
  for (const [what, damage] of damages) {
    test(`${what}: it begins again at the pinned root`, async () => {
      await world.release(1);
      await init();
      damage();
      expect(await refusal(follow())).toBe("");
      expect((await inDevice((device) => search(device, ""))).length).toBe(1);
    });
  }

  function damageEach(which: (name: string) => boolean): void {
    const tuf = join(home, "tuf");
    for (const entry of readdirSync(tuf, { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && which(entry.name)) writeFileSync(join(entry.parentPath, entry.name), '{"signed"');
    }
  }
});
