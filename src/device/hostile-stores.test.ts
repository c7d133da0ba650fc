/** What a store, or someone between, may do to a device that only wants to read. */
import { beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { exportCatalogue } from "../catalog/tuf/export.ts";
import { publishTargets } from "../catalog/tuf/repository.ts";
import { buildRevocations, type Revocation } from "../catalog/tuf/revocations.ts";
import { REVOCATIONS_PATH } from "../catalog/tuf/roles.ts";
import { isProblem } from "../errors.ts";
import type { AppId, VersionCode } from "../ids.ts";
import { releaseSigner } from "../keys/authority.ts";
import { formatTime, wholeSeconds } from "../signing/times.ts";
import { APP_ID } from "../testing/device-world.ts";
import { worldForEach } from "../testing/prepared.ts";
import type { Device } from "./context.ts";
import { initDevice, withDevice } from "./device.ts";
import { install, rollback, update } from "./installer.ts";
import { list, refresh } from "./inventory.ts";

/** A busy machine takes its time; what is slow on purpose says so itself. */
setDefaultTimeout(30_000);

const IDLE_MS = 1500;
/** Whatever a store does, a device that waits so long for each thing is done with it after this; a busy machine's time is in it. */
const GIVES_UP_MS = 10 * IDLE_MS;

let home: string;

const world = worldForEach();
beforeEach(async () => {
  home = join(world.folder(), "device");
  await initDevice({ ...options(), url: world.server.url, rootSha256: world.rootSha256 });
});

const options = () => ({ home, clock: world.store.clock, timeouts: { idleMs: IDLE_MS, attempts: 1 } });
const inDevice = <T>(work: (device: Device) => Promise<T>) => withDevice(options(), work);
const bring = () => inDevice((device) => install(device, APP_ID));

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!isProblem(error)) throw error;
    return error.code;
  }
  return "";
}

/** A body that goes on until the reader has enough; `pauseMs` between its pieces. */
function endless(piece: Uint8Array, pauseMs: number): Response {
  return new Response(
    new ReadableStream({
      async pull(controller) {
        await Bun.sleep(pauseMs);
        controller.enqueue(piece);
      },
    }),
  );
}

const isTimestamp = (path: string) => path.endsWith("/timestamp.json");
const isPackage = (path: string) => path.includes("/packages/");

const cases: readonly [what: string, is: (path: string) => boolean, answer: () => Response, code: string][] =
  [
    [
      "metadata without an end",
      isTimestamp,
      () => endless(new Uint8Array(65_536), 1),
      "device.catalogue_refused",
    ],
    ["metadata of 100 MB", isTimestamp, () => new Response(Buffer.alloc(1e8)), "device.catalogue_refused"],
    ["metadata by the byte", isTimestamp, () => endless(new Uint8Array(1), 100), "device.unreachable"],
    [
      "metadata that leads elsewhere",
      isTimestamp,
      () => Response.redirect(`${world.server.url}/store/v1/metadata/1.root.json`),
      "device.redirected",
    ],
    [
      "a package without an end",
      isPackage,
      () => endless(new Uint8Array(65_536), 1),
      "device.package_changed",
    ],
    ["a package by the byte", isPackage, () => endless(new Uint8Array(1), 100), "device.unreachable"],
    ["a package that is too short", isPackage, () => new Response("PK"), "device.unreachable"],
    [
      "a package that leads elsewhere",
      isPackage,
      () => Response.redirect("http://127.0.0.1:1/"),
      "device.redirected",
    ],
    ["a package that is not there", isPackage, () => new Response("", { status: 404 }), "device.unreachable"],
  ];
for (const [what, is, answer, code] of cases) {
  test(`${what}: ${code}, and nothing of it stays in force`, async () => {
    await world.release(1);
    world.server.intercept = (path) => (is(path) ? answer() : null);
    const startedAt = performance.now();
    expect(await refusal(bring())).toBe(code);
    expect(performance.now() - startedAt).toBeLessThan(GIVES_UP_MS);
    expect(existsSync(join(home, "apps", APP_ID))).toBe(false);
    world.server.intercept = null;
    expect((await bring()).action).toBe("installed");
    expect(readdirSync(join(home, "staging"))).toEqual([]);
  });
}

test("what a person interrupts ends at once", async () => {
  await world.release(1);
  world.server.intercept = (path) => (isPackage(path) ? endless(new Uint8Array(65_536), 500) : null);
  const abort = new AbortController();
  let abortedAt = 0;
  setTimeout(() => {
    abortedAt = performance.now();
    abort.abort();
  }, 300);
  const work = withDevice({ ...options(), signal: abort.signal }, (device) => install(device, APP_ID));
  expect(await refusal(work)).toBe("interrupted");
  // Sooner than the silence after which it gives up by itself.
  expect(performance.now() - abortedAt).toBeLessThan(IDLE_MS);
});

test("a link in the place of a folder is never followed", async () => {
  await world.release(1);
  await bring();
  const outside = join(world.folder(), "outside");
  mkdirSync(join(outside, "versions", "1"), { recursive: true });
  writeFileSync(join(outside, "versions", "1", "mine.txt"), "mine");
  rmSync(join(home, "apps", APP_ID), { recursive: true });
  symlinkSync(outside, join(home, "apps", APP_ID));
  expect((await bring()).action).toBe("installed");
  expect(readFileSync(join(outside, "versions", "1", "mine.txt"), "utf8")).toBe("mine");
  rmSync(join(home, "data"), { recursive: true });
  symlinkSync(outside, join(home, "data"));
  expect(await refusal(bring())).toBe("device.home_unsafe");
});

test("a lost link is made again", async () => {
  await world.release(1);
  await bring();
  rmSync(join(home, "apps", APP_ID, "current"));
  expect(await inDevice(async (device) => list(device)[0]?.versionCode)).toBe(1 as VersionCode);
  expect(existsSync(join(home, "apps", APP_ID, "current", "main.lua"))).toBe(true);
});

test("a link to a mended version that is not there leads to the version's own folder again", async () => {
  await world.release(1);
  await bring();
  const current = join(home, "apps", APP_ID, "current");
  rmSync(current);
  symlinkSync("versions/1.mended", current);
  expect(await inDevice(async (device) => list(device)[0]?.versionCode)).toBe(1 as VersionCode);
  expect(readlinkSync(current)).toBe("versions/1");
  expect(existsSync(join(current, "main.lua"))).toBe(true);
});

async function revoke(entries: readonly Partial<Revocation>[], lowest: number | null = null): Promise<void> {
  const whole = entries.map(
    (entry): Revocation => ({
      action: "block",
      subject: "app",
      id: APP_ID,
      reason: "It spies.",
      revokedAt: "2026-01-01T00:00:00Z",
      approvalsUntil: null,
      ...entry,
    }),
  );
  const lowestVersionCodes = new Map<AppId, VersionCode>(
    lowest === null ? [] : [[APP_ID as AppId, lowest as VersionCode]],
  );
  const body = buildRevocations({ entries: whole, lowestVersionCodes });
  await publishTargets(world.store, { upserts: [{ path: REVOCATIONS_PATH, body }], removes: [] }, () => {});
  await exportCatalogue(world.store);
}

const state = () => inDevice(async (device) => list(device).map((app) => app.state));

test("a block keeps what is installed and installs nothing new", async () => {
  await world.release(1);
  await bring();
  await revoke([{ action: "block" }]);
  await world.release(2);
  expect(await refusal(bring())).toBe("device.revoked");
  expect(await state()).toEqual(["blocked"]);
  expect(await inDevice(async (device) => list(device)[0]?.reason)).toBe("It spies.");
  await revoke([]);
  expect((await bring()).action).toBe("updated");
});

test("a disabled app may not start until that is taken back; a removed one goes, its data stays", async () => {
  await world.release(1);
  await bring();
  writeFileSync(join(home, "data", APP_ID, "mine.txt"), "mine");
  await revoke([{ action: "disable", subject: "developer", id: world.developer.id }]);
  expect((await inDevice(refresh)).enforced).toEqual([
    { appId: APP_ID as AppId, action: "disabled", reason: "It spies." },
  ]);
  expect(await state()).toEqual(["disabled"]);
  await revoke([]);
  expect((await inDevice(refresh)).enforced).toMatchObject([{ action: "enabled" }]);
  await revoke([{ action: "remove", subject: "key", id: world.developer.signer.keyid }]);
  expect((await inDevice((device) => update(device, null))).enforced).toMatchObject([{ action: "removed" }]);
  expect(await state()).toEqual([]);
  expect(readFileSync(join(home, "data", APP_ID, "mine.txt"), "utf8")).toBe("mine");
});

test("what is kept and revoked is not gone back to, whatever runs", async () => {
  await world.release(1);
  await bring();
  const kept = await inDevice(async (device) => list(device)[0]?.contentDigest ?? "");
  await world.release(2);
  await bring();
  for (const action of ["block", "disable"] as const) {
    await revoke([{ action, subject: "package", id: kept }]);
    await inDevice(refresh);
    expect(await state()).toEqual(["ready"]);
    expect(await refusal(inDevice((device) => rollback(device, APP_ID)))).toBe("device.revoked");
  }
  await revoke([]);
  await inDevice(refresh);
  expect((await inDevice((device) => rollback(device, APP_ID))).action).toBe("rolled-back");
  // What is to be removed is not kept either.
  const newer = await inDevice(async (device) => list(device)[0]?.previousVersionCode);
  expect(newer).toBe(2 as VersionCode);
  await revoke([{ action: "remove", subject: "developer", id: world.developer.id }]);
  await inDevice(refresh);
  expect(await state()).toEqual([]);
});

test("a release key that is revoked with a time: what it approved until then stays, what it approved later goes", async () => {
  const { keyid } = releaseSigner(world.store);
  await world.release(1);
  await bring();
  const approvalsUntil = formatTime(wholeSeconds(world.store.clock.now()));
  const timed = { subject: "key", id: keyid, approvalsUntil } as const;
  await revoke([{ ...timed, action: "remove" }]);
  await inDevice(refresh);
  expect(await state()).toEqual(["ready"]);
  await revoke([]);
  world.store.clock.advance(60_000);
  await world.release(2);
  await bring();
  await revoke([{ ...timed, action: "disable" }]);
  await inDevice(refresh);
  expect(await state()).toEqual(["disabled"]);
  // The way back is open: what is kept was approved before.
  expect((await inDevice((device) => rollback(device, APP_ID))).action).toBe("rolled-back");
  expect(await state()).toEqual(["ready"]);
  expect(await refusal(bring())).toBe("device.revoked");
  await revoke([{ ...timed, approvalsUntil: null, action: "remove" }]);
  await inDevice(refresh);
  expect(await state()).toEqual([]);
});

test("below the lowest version code that is allowed, nothing is installed, started or gone back to", async () => {
  await world.release(1);
  await bring();
  await world.release(2);
  await bring();
  await revoke([], 2);
  await inDevice(refresh);
  expect(await state()).toEqual(["ready"]);
  expect(await refusal(inDevice((device) => rollback(device, APP_ID)))).toBe("device.revoked");
  await revoke([], 3);
  await inDevice(refresh);
  expect(await state()).toEqual(["disabled"]);
  expect(await refusal(bring())).toBe("device.no_release");
  await world.release(3);
  expect((await bring()).action).toBe("updated");
  expect(await state()).toEqual(["ready"]);
});
