/**
 * A store that has every key and changes its log's past, or leaves a release out of it. Beside each lie stands the honest
 * neighbour, which the same device takes.
 */
import { beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { recordInLog } from "../catalog/log/record.ts";
import { selectNodes } from "../catalog/log/records.ts";
import { exportCatalogue } from "../catalog/tuf/export.ts";
import {
  buildSnapshot,
  buildTargets,
  buildTimestamp,
  sha256,
  type Unsigned,
} from "../catalog/tuf/metadata.ts";
import {
  currentRoles,
  findTargetBody,
  insertMetadata,
  replaceTarget,
  targetsOfRoles,
} from "../catalog/tuf/records.ts";
import { publishTargets, signLogHead } from "../catalog/tuf/repository.ts";
import { expiryOf, LOG_PATH, roleFamily, roleForTarget, TARGETS_ROLES } from "../catalog/tuf/roles.ts";
import { roleSigner } from "../catalog/tuf/sign-roles.ts";
import { write } from "../db/database.ts";
import { isProblem, type ProblemDetail } from "../errors.ts";
import { buildLogHead, hashToHex, type LogHead, parseLogHead } from "../format/log/head.ts";
import { appendLeaf, type Hash, hashLeaf, type NodeReader, rootHash } from "../format/log/tree.ts";
import { EVERYBODY, type Sha256 } from "../ids.ts";
import { storeId } from "../keys/authority.ts";
import { keysOf, readKeySets } from "../keys/key-sets.ts";
import { APP_ID } from "../testing/device-world.ts";
import { worldForEach } from "../testing/prepared.ts";
import type { Device } from "./context.ts";
import { initDevice, withDevice } from "./device.ts";
import { install } from "./installer.ts";
import { refresh } from "./inventory.ts";
import { LOG_HEAD_FACT } from "./log.ts";
import { getFact } from "./records.ts";

setDefaultTimeout(30_000);

let home: string;

const world = worldForEach();
beforeEach(async () => {
  home = join(world.folder(), "device");
  await initDevice({ ...options(), url: world.server.url, rootSha256: world.rootSha256 });
});

const options = () => ({ home, clock: world.store.clock, timeouts: { idleMs: 1500, attempts: 1 } });
const inDevice = <T>(work: (device: Device) => Promise<T>) => withDevice(options(), work);
const follow = () => inDevice((device) => refresh(device));
const bring = () => inDevice((device) => install(device, APP_ID));
const seen = () => inDevice(async (device) => getFact(device.state, LOG_HEAD_FACT));

type Refusal = { readonly code: string; readonly details: readonly ProblemDetail[] };

async function refusal(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return { code: error.code, details: error.details };
  }
  return { code: "", details: [] };
}

const codeOf = async (work: Promise<unknown>) => (await refusal(work)).code;

/** The head as the store signed it. */
function signedHead(): LogHead {
  return parseLogHead(findTargetBody(world.store.db.orm, LOG_PATH) ?? new Uint8Array());
}

/** Signs `trust/log.json` with other content, or without. */
async function signHead(body: Uint8Array | null): Promise<void> {
  const plan =
    body === null
      ? { upserts: [], removes: [{ path: LOG_PATH }] }
      : { upserts: [{ path: LOG_PATH, body }], removes: [] };
  await publishTargets(world.store, plan, () => {});
  await exportCatalogue(world.store);
}

/** The store repents, and signs the head that its tables have: it goes on from none that differs from its own log. */
async function restoreHead(body: Uint8Array): Promise<void> {
  const { store } = world;
  const { orm } = store.db;
  const [now, sets, roles] = [store.clock.now(), readKeySets(orm), currentRoles(orm)];
  const [path, role] = [LOG_PATH, roleForTarget(LOG_PATH)];
  const file = { path, role, sha256: sha256(body), sizeBytes: body.byteLength };
  const files = [...targetsOfRoles(orm, [role]).filter((fact) => fact.path !== path), file];
  const next = (name: string) => (roles.get(name)?.version ?? 0) + 1;
  const versions = new Map(
    TARGETS_ROLES.map((name) => [name, name === role ? next(name) : next(name) - 1] as const),
  );
  const sign = (unsigned: Unsigned) =>
    roleSigner(store).sign(unsigned, keysOf(sets, roleFamily(unsigned.role)));
  const context = { sets, storeId: storeId(store) };
  const bin = await sign(buildTargets(role, next(role), expiryOf(role, now), files, context));
  const snapshot = await sign(buildSnapshot(next("snapshot"), expiryOf("snapshot", now), versions));
  const timestamp = await sign(buildTimestamp(next("timestamp"), expiryOf("timestamp", now), snapshot));
  write(store.db, (tx) => {
    replaceTarget(tx, { ...file, audience: EVERYBODY, body: Buffer.from(body), updatedAt: now });
    for (const signed of [bin, snapshot, timestamp])
      insertMetadata(tx, { ...signed, createdAt: now, exportedAt: null });
  });
  await exportCatalogue(store);
}

/** The log grows honestly by so many leaves, and a head is signed. */
async function grow(count: number): Promise<void> {
  const keyId = "a".repeat(64);
  write(world.store.db, (tx) => {
    for (let at = 0; at < count; at++)
      recordInLog(
        tx,
        world.store.vault,
        { type: "certificate", change: "issued", kind: "release", sha256: keyId as Sha256 },
        world.store.clock.now(),
      );
  });
  await signLogHead(world.store);
  await exportCatalogue(world.store);
}

/** A log of the same length and more whose leaf 0 is another one; gives its head and answers for its tiles. */
function rewritten(size: number): { head: LogHead; tile: (path: string) => Response | null } {
  const honest = selectNodes(world.store.db.orm, 0, 0, size);
  const leaves = honest.map((hash, at) => (at === 0 ? hashLeaf(Buffer.from("another past")) : hash));
  while (leaves.length < size) leaves.push(hashLeaf(Buffer.from(`more ${leaves.length}`)));
  const nodes = new Map<string, Hash>();
  const read: NodeReader = ({ level, index }) => nodes.get(`${level} ${index}`) ?? new Uint8Array();
  for (const [at, leaf] of leaves.entries())
    for (const { level, index, hash } of appendLeaf(at, leaf, read)) nodes.set(`${level} ${index}`, hash);
  return {
    head: { size, rootHash: hashToHex(rootHash(size, read)), time: "2026-01-01T00:00:00Z" },
    tile: (path) => (path.includes("/log/tile/0/000") ? new Response(Buffer.concat(leaves)) : null),
  };
}

test("a log that grows is followed, and each head is kept", async () => {
  const before = await seen();
  await grow(3);
  await follow();
  expect(await seen()).not.toBe(before);
  expect(parseLogHead(Buffer.from((await seen()) ?? ""))).toEqual(signedHead());
  // Across the border of a tile, and then by nothing at all.
  await grow(300);
  await follow();
  await follow();
  expect(parseLogHead(Buffer.from((await seen()) ?? "")).size).toBe(signedHead().size);
});

test("reads a number of tiles that does not grow with the log", async () => {
  await grow(1000);
  await follow();
  world.server.requests.length = 0;
  await grow(1);
  await follow();
  const tiles = world.server.requests.filter(({ path }) => path.includes("/log/tile/"));
  expect(tiles.length).toBeGreaterThan(0);
  expect(tiles.length).toBeLessThanOrEqual(3);
});

describe("a log that is not an extension of what was seen", () => {
  const lies: readonly { what: string; code: string; lie: () => Promise<void> }[] = [
    {
      what: "has fewer entries",
      code: "device.log_rolled_back",
      lie: async () => {
        const head = signedHead();
        await signHead(buildLogHead({ ...head, size: head.size - 1 }));
      },
    },
    {
      what: "has as many entries and another root hash",
      code: "device.log_forked",
      lie: async () => signHead(buildLogHead({ ...signedHead(), rootHash: "0".repeat(64) as Sha256 })),
    },
    {
      what: "has another past, with tiles and a head that fit each other",
      code: "device.log_forked",
      lie: async () => {
        const { head, tile } = rewritten(signedHead().size + 5);
        world.server.intercept = tile;
        await signHead(buildLogHead(head));
      },
    },
    { what: "has no head", code: "device.log_missing", lie: () => signHead(null) },
    {
      what: "has a head of another shape",
      code: "log.head_malformed",
      lie: () => signHead(new TextEncoder().encode('{"size":1}')),
    },
    {
      what: "has a head that is too long",
      code: "device.catalogue_refused",
      lie: () => signHead(new Uint8Array(513).fill(0x20)),
    },
  ];
  for (const { what, code, lie } of lies) {
    test(`${what}: ${code}, nothing of it is used, and the honest log is followed again`, async () => {
      await world.release(1);
      await bring();
      const [honest, before] = [buildLogHead(signedHead()), await seen()];
      await lie();
      expect(await codeOf(follow())).toBe(code);
      expect(await codeOf(bring())).toBe(code);
      expect(await seen()).toBe(before);
      expect(existsSync(join(home, "apps", APP_ID, "current"))).toBe(true);

      world.server.intercept = null;
      await restoreHead(honest);
      await follow();
      await grow(2);
      await follow();
      expect(await seen()).not.toBe(before);
    });
  }

  test("a device that has never seen a head takes the first", async () => {
    const { head, tile } = rewritten(signedHead().size + 5);
    world.server.intercept = tile;
    await signHead(buildLogHead(head));
    expect(await codeOf(follow())).toBe("device.log_forked");
    const other = join(world.folder(), "other");
    await initDevice({ ...options(), home: other, url: world.server.url, rootSha256: world.rootSha256 });
    await withDevice({ ...options(), home: other }, refresh);
  });
});

describe("tiles that are not what the head says", () => {
  const isTile = (path: string) => path.includes("/log/tile/");
  const broken: readonly { what: string; code: string; answer: (bytes: Uint8Array) => Response }[] = [
    { what: "cut", code: "log.tile_malformed", answer: (bytes) => new Response(bytes.slice(0, -1)) },
    { what: "empty", code: "log.tile_malformed", answer: () => new Response("") },
    {
      what: "too long",
      code: "log.tile_malformed",
      answer: (bytes) => new Response(Buffer.concat([bytes, bytes])),
    },
    {
      what: "changed",
      code: "device.log_forked",
      answer: (bytes) => new Response(bytes.map((byte) => byte ^ 1)),
    },
    { what: "missing", code: "device.unreachable", answer: () => new Response("", { status: 404 }) },
    { what: "elsewhere", code: "device.redirected", answer: () => Response.redirect("http://127.0.0.1:1/") },
  ];
  for (const { what, code, answer } of broken) {
    test(`${what}: ${code}, and with the right ones the same device goes on`, async () => {
      const before = await seen();
      await grow(3);
      world.server.intercept = async (path) => {
        if (!isTile(path)) return null;
        const source = await world.store.blobs.open(path.slice(1));
        try {
          return answer(await source.read(0, source.sizeBytes));
        } finally {
          await source.close();
        }
      };
      expect(await codeOf(follow())).toBe(code);
      expect(await seen()).toBe(before);
      world.server.intercept = null;
      await follow();
      expect(await seen()).not.toBe(before);
    });
  }
});

describe("a release whose acts are not in the log", () => {
  const salt = "1".repeat(64);
  const lies: readonly { what: string; log: (size: number) => object; missing: readonly string[] }[] = [
    {
      what: "with the approval at another position",
      log: (size) => ({
        approval: { position: size - 3, salt: null },
        publication: { position: size - 1, salt: null },
      }),
      missing: ["log.approval_missing"],
    },
    {
      what: "with another salt",
      log: (size) => ({
        approval: { position: size - 2, salt },
        publication: { position: size - 1, salt: null },
      }),
      missing: ["log.approval_missing"],
    },
    {
      what: "with positions behind the head",
      log: (size) => ({
        approval: { position: size, salt: null },
        publication: { position: size + 7, salt: null },
      }),
      missing: ["log.approval_missing", "log.publication_missing"],
    },
    {
      what: "with both exchanged",
      log: (size) => ({
        approval: { position: size - 1, salt: null },
        publication: { position: size - 2, salt: null },
      }),
      missing: ["log.approval_missing", "log.publication_missing"],
    },
  ];
  for (const { what, log, missing } of lies) {
    test(`${what}: refused, and with the right place installed`, async () => {
      await world.release(2, { indexed: { log: log(signedHead().size + 2) } });
      const refused = await refusal(bring());
      expect(refused.code).toBe("device.not_in_log");
      expect(refused.details.map((detail) => detail.code)).toEqual([...missing]);
      expect(existsSync(join(home, "apps", APP_ID))).toBe(false);
      await world.release(3);
      expect((await bring()).versionCode as number).toBe(3);
    });
  }
});
