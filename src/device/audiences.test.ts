/** A device that belongs to groups, against a real store: their catalogues beside the public one. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../accounts/actor.ts";
import { createEnrolmentCode } from "../accounts/devices/codes.ts";
import { createGroup } from "../accounts/groups/groups.ts";
import { addDeviceToGroup, removeDeviceFromGroup } from "../accounts/groups/members.ts";
import { createApp } from "../catalog/apps.ts";
import { findVersion } from "../catalog/records.ts";
import { enact } from "../catalog/revocation/act.ts";
import { parseChange, type RevocationInput } from "../catalog/revocation/change.ts";
import { exportRequest, importRequest } from "../catalog/store-keys/exchange.ts";
import { renew, replaceKeys } from "../catalog/store-keys/operations.ts";
import { exportCatalogue } from "../catalog/tuf/export.ts";
import { currentRoles, findMetadata } from "../catalog/tuf/records.ts";
import { renewExpiring, rootSha256 } from "../catalog/tuf/repository.ts";
import { audienceOf, type VisibilityInput } from "../catalog/visibility/audiences.ts";
import { changeVisibility, previewVisibility } from "../catalog/visibility/change.ts";
import type { AppId, DeviceId, GroupId } from "../ids.ts";
import { approve } from "../review/decide.ts";
import type { Signer } from "../signing/signer.ts";
import { offlineMachine } from "../testing/offline-machine.ts";
import { newOrganisation, newPerson, type Person, type Portal, startPortal } from "../testing/portal.ts";
import { problemOf } from "../testing/problems.ts";
import { newSigner, reviewer, signedApp, submitBytes } from "../testing/publishing.ts";
import { type TestClock, testClock } from "../testing/store.ts";
import { type DeviceOptions, initDevice, withDevice } from "./device.ts";
import { install, update } from "./installer.ts";
import { list, refresh, search } from "./inventory.ts";
import { verifyWithCatalogue } from "./verification.ts";

setDefaultTimeout(60_000);
const INSIDE = "org.example.inside" as AppId;
const OPEN = "org.example.open" as AppId;
const reason = "It is not what was agreed.";

let portal: Portal;
let owner: Person;
let signer: Signer;
let root: string;
let one: GroupId;
let two: GroupId;
let clock: TestClock;
let home: string;
let deviceId: DeviceId;

// A store for each test: what one publishes and shows is in no other's catalogue, in whatever order they come.
beforeEach(async () => {
  clock = testClock();
  portal = await startPortal({}, clock);
  const { store } = portal;
  owner = await newPerson(store, "Mara Owner", {
    organisations: [[newOrganisation(store, "Example"), "owner"]],
  });
  signer = await newSigner(store, owner.actor);
  root = rootSha256(store);
  one = createGroup(store, OPERATOR, { name: "One", offered: true }).id;
  two = createGroup(store, OPERATOR, { name: "Two", offered: true }).id;
  createApp(store, owner.actor, {
    id: INSIDE,
    name: "Inside",
    visibility: { visibility: "groups", groups: [one] },
  });
  await publish(INSIDE, 1);
  await publish(OPEN, 1);
  home = mkdtempSync(join(tmpdir(), "mosis-audiences-"));
  await enrolAt(portal.url);
});
afterEach(async () => {
  await portal.close();
  rmSync(home, { recursive: true, force: true });
});

async function enrolAt(url: string): Promise<void> {
  const { text } = createEnrolmentCode(portal.store, OPERATOR, { label: "Kiosks" });
  const facts = { name: "Kiosk", platform: "", model: "", runtime: "test" };
  const enrol = { code: text ?? "", facts };
  const identity = await initDevice({ ...options(), url, rootSha256: root, enrol });
  deviceId = identity.enrolledAs as DeviceId;
}

const options = (): DeviceOptions => ({ home, clock, timeouts: { idleMs: 10_000, attempts: 1 } });
const onDevice = <T>(work: Parameters<typeof withDevice<T>>[1]) => withDevice(options(), work);
const found = () =>
  onDevice(async (device) =>
    (await search(device, "")).map(({ appId, versionCode }) => `${appId} ${versionCode}`),
  );
const enter = (group: GroupId) => {
  addDeviceToGroup(portal.store, OPERATOR, group, deviceId);
  anew();
};
const leave = (group: GroupId) => {
  removeDeviceFromGroup(portal.store, OPERATOR, group, deviceId);
  anew();
};
/** A device hears of its groups with its token. */
const anew = () => rmSync(join(home, "device-token.json"), { force: true });

async function publish(id: AppId, versionCode: number): Promise<void> {
  const { store } = portal;
  const bytes = await signedApp(store, signer, {
    id,
    versionCode,
    version: `${versionCode}.0.0`,
    name: { en: id },
  });
  const sent = await submitBytes(store, owner.actor, bytes);
  const until = async (state: string) => {
    for (let tries = 0; findVersion(store.db.orm, sent.id)?.state !== state; tries++) {
      if (tries > 800) throw new Error(`${id} ${versionCode} is not ${state}`);
      await Bun.sleep(25);
    }
  };
  await until("in_review");
  approve(store, reviewer(), sent.id, {});
  await until("published");
}

async function show(input: VisibilityInput, id = INSIDE): Promise<void> {
  const { scope } = previewVisibility(portal.store, OPERATOR, id, input);
  await changeVisibility(portal.store, OPERATOR, id, input, scope);
}

const act = async (input: RevocationInput) => {
  await enact(portal.store, OPERATOR, parseChange(input));
  await exportCatalogue(portal.store);
};

/** Serves the store, and from when on it is told to, what is at one address at another. */
async function swapped<T>(
  swap: (path: string) => string | Uint8Array,
  work: (url: string, begin: () => void) => Promise<T>,
): Promise<T> {
  let isSwapping = false;
  const mirror = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname, search: query } = new URL(request.url);
      const instead = isSwapping ? swap(pathname) : pathname;
      if (typeof instead !== "string") return new Response(Buffer.from(instead));
      return fetch(portal.url + instead + query, {
        method: request.method,
        headers: request.headers,
        ...(request.method === "POST" ? { body: await request.arrayBuffer() } : {}),
      });
    },
  });
  try {
    return await work(`http://127.0.0.1:${mirror.port}`, () => {
      isSwapping = true;
    });
  } finally {
    await mirror.stop(true);
  }
}

test("what is for a group is found, installed, updated and verified by its devices alone", async () => {
  expect(await found()).toEqual([`${OPEN} 1`]);
  expect((await problemOf(onDevice((device) => install(device, INSIDE)))).code).toBe("device.app_not_found");
  enter(one);
  expect(await found()).toEqual([`${INSIDE} 1`, `${OPEN} 1`]);
  expect((await onDevice((device) => install(device, INSIDE))).action).toBe("installed");
  await publish(INSIDE, 2);
  const { apps } = await onDevice((device) => update(device, null));
  expect(apps.map(({ versionCode, download }) => [Number(versionCode), download?.way !== undefined])).toEqual(
    [[2, true]],
  );
  const { apps: verified } = await onDevice((device) => verifyWithCatalogue(device, INSIDE));
  expect(verified.map(({ ok, log }) => [ok, log])).toEqual([
    [true, "ok"],
    [true, "ok"],
  ]);
});

test("a device that leaves keeps what it has, and gets no updates", async () => {
  enter(one);
  await onDevice((device) => install(device, INSIDE));
  leave(one);
  expect(await found()).toEqual([`${OPEN} 1`]);
  const { failures } = await onDevice((device) => update(device, null));
  expect(failures.map(({ problem }) => [problem.code, problem.message.includes("gets no updates")])).toEqual([
    ["device.app_not_found", true],
  ]);
  expect(await onDevice(async (device) => list(device).map(({ state }) => state))).toEqual(["ready"]);
  expect(existsSync(join(home, "tuf", "audiences", one))).toBe(false);
  enter(one);
  expect((await onDevice((device) => update(device, INSIDE))).apps[0]?.action).toBe("current");
});

test("an app that moves between its catalogues is one app", async () => {
  enter(one);
  enter(two);
  await onDevice((device) => install(device, INSIDE));
  for (const input of [
    { visibility: "groups", groups: [one, two] },
    { visibility: "groups", groups: [two] },
    { visibility: "signed-in" },
    { visibility: "everyone" },
    { visibility: "groups", groups: [one] },
  ]) {
    await show(input);
    anew();
    expect((await found()).map((line) => line.replace(/ \d+$/, ""))).toEqual([INSIDE, OPEN]);
    expect((await onDevice((device) => update(device, INSIDE))).apps[0]?.action).toBe("current");
  }
});

describe("what is revoked", () => {
  const SECRET = "org.example.secret" as AppId;
  const disable: RevocationInput = { act: "revoke", subject: "app", id: SECRET, action: "disable", reason };
  const lift: RevocationInput = { act: "lift", subject: "app", id: SECRET, reason };
  const states = () =>
    onDevice(async (device) => {
      await refresh(device);
      return list(device).map(({ appId, state }) => `${appId} ${state}`);
    });

  test("in a group's catalogue counts on its devices, and on those that have left, until one that they read says otherwise", async () => {
    const visibility = { visibility: "groups", groups: [one] };
    createApp(portal.store, owner.actor, { id: SECRET, name: "Secret", visibility });
    await publish(SECRET, 1);
    enter(one);
    await onDevice((device) => install(device, SECRET));
    await act(disable);
    expect(await states()).toEqual([`${SECRET} disabled`]);
    await act(lift);
    expect(await states()).toEqual([`${SECRET} ready`]);
    await act(disable);
    await states();
    leave(one);
    expect(await states()).toEqual([`${SECRET} disabled`]);
    await act(lift);
    expect(await states()).toEqual([`${SECRET} disabled`]);
    await show({ visibility: "groups", groups: [one, two] }, SECRET);
    enter(two);
    expect(await states()).toEqual([`${SECRET} ready`]);
  });

  test("of everybody's counts for what is a group's: the key that signed it", async () => {
    const other = await newSigner(portal.store, owner.actor);
    const id = "org.example.other" as AppId;
    createApp(portal.store, owner.actor, {
      id,
      name: "Other",
      visibility: { visibility: "groups", groups: [one] },
    });
    const before = signer;
    signer = other;
    await publish(id, 1);
    signer = before;
    enter(one);
    await onDevice((device) => install(device, id));
    await act({ act: "revoke", subject: "key", id: other.keyid, action: "disable", reason });
    expect(await states()).toEqual([`${id} disabled`]);
  });
});

describe("a mirror that swaps", () => {
  beforeEach(async () => {
    await show({ visibility: "groups", groups: [one, two] });
  });

  const [from, to] = ["/store/v1/audiences/", "/store/v1/audiences/"];
  const swaps: readonly (readonly [string, (path: string) => string])[] = [
    ["one group's whole catalogue for another's", (path) => path.replace(from + one, to + two)],
    [
      "the public catalogue for a group's",
      (path) => path.replace(`${from}${one}/metadata/`, "/store/v1/metadata/"),
    ],
    [
      "a group's for the public one",
      (path) => path.replace(/^\/store\/v1\/metadata\//, `${to}${one}/metadata/`),
    ],
    [
      "a group's list of what is revoked for another's of the same version",
      (path) =>
        path.endsWith(".revocations.json") && path.startsWith(from + one)
          ? `${to}${two}/metadata/1.revocations.json`
          : path,
    ],
    [
      "a group's list of what is revoked for everybody's",
      (path) =>
        path.replace(
          /^\/store\/v1\/metadata\/\d+\.revocations\.json$/,
          `${to}${one}/metadata/1.revocations.json`,
        ),
    ],
    [
      "the bins of one for those of another",
      (path) => (/\.bins-/.test(path) ? path.replace(from + one, to + two) : path),
    ],
  ];
  test.each(swaps)("%s is found out", async (name, swap) => {
    await swapped(swap, async (url, begin) => {
      rmSync(home, { recursive: true });
      await enrolAt(url);
      enter(one);
      enter(two);
      // So that everybody's list is another one than the device has.
      await act({ act: "lowest-version", appId: OPEN, versionCode: 2, reason });
      begin();
      const problem = await problemOf(onDevice((device) => install(device, INSIDE)));
      const refused = ["device.catalogue_refused", "catalogue.other_audience"];
      // Of bins the other one may have no file of that version.
      const outcomes = name.startsWith("the bins") ? [refused, ["device.unreachable", undefined]] : [refused];
      expect(outcomes).toContainEqual([problem.code, problem.details[0]?.code]);
    });
  });

  test("nothing is found to be as it should be", async () => {
    await swapped(
      (path) => path,
      async (url, begin) => {
        rmSync(home, { recursive: true });
        await enrolAt(url);
        enter(one);
        begin();
        expect((await onDevice((device) => install(device, INSIDE))).action).toBe("installed");
      },
    );
  });
});

test("a group's catalogue that is older than it was is refused, also when the device had left in between", async () => {
  const key = `audiences/v1/${audienceOf(one)}/metadata/timestamp.json`;
  const served = async () => {
    const blob = await portal.store.blobs.open(key);
    const bytes = await blob.read(0, blob.sizeBytes);
    await blob.close();
    return bytes;
  };
  let old: Uint8Array | null = null;
  const swap = (path: string) =>
    old !== null && path === `/store/v1/audiences/${one}/metadata/timestamp.json` ? old : path;
  await swapped(swap, async (url, begin) => {
    rmSync(home, { recursive: true });
    await enrolAt(url);
    enter(one);
    begin();
    expect(await found()).toContain(`${INSIDE} 1`);
    const first = await served();
    clock.advance(13 * 3_600_000);
    anew();
    await renewExpiring(portal.store);
    await exportCatalogue(portal.store);
    expect(await found()).toContain(`${INSIDE} 1`);
    old = first;
    expect((await problemOf(found())).code).toBe("device.catalogue_rolled_back");
    leave(one);
    await found();
    enter(one);
    expect((await problemOf(found())).code).toBe("device.catalogue_rolled_back");
  });
});

test("new keys of the store come into every catalogue, and a new group's needs none of another machine's", async () => {
  const { store } = portal;
  enter(one);
  await onDevice((device) => install(device, INSIDE));
  const names = ["root-1", "targets", "revocations", "apps", "bins", "snapshot", "timestamp"];
  await replaceKeys(
    store,
    OPERATOR,
    names.map((name) => `tuf-${name}`),
  );
  await publish(INSIDE, 3);
  const update3 = await onDevice((device) => update(device, INSIDE));
  expect(update3.apps.map(({ versionCode }) => Number(versionCode))).toEqual([3]);

  const machine = await offlineMachine("ca-root", "root", "targets", "apps");
  const there = async (given: Parameters<typeof exportRequest>[2]) => {
    const { body } = await exportRequest(store, OPERATOR, given);
    await importRequest(store, OPERATOR, await machine.sign(body));
    await exportCatalogue(store);
  };
  await there({ offlineKeys: machine.published });
  const three = createGroup(store, OPERATOR, { name: "Three", offered: true }).id;
  const id = "org.example.late" as AppId;
  createApp(store, owner.actor, {
    id,
    name: "Late",
    visibility: { visibility: "groups", groups: [three] },
  });
  await publish(id, 1);
  enter(three);
  expect((await onDevice((device) => install(device, id))).action).toBe("installed");
  // What the other machine signs comes into the groups' catalogues, too.
  const shared = () =>
    [one, three].map((group) => {
      const { version } = currentRoles(store.db.orm, audienceOf(group)).get("snapshot") ?? { version: 0 };
      const { body } = findMetadata(store.db.orm, "snapshot", version, audienceOf(group)) ?? { body: "{}" };
      return JSON.parse(body.toString()).signed.meta["apps.json"].version as number;
    });
  const before = shared();
  for (const what of ["root", "targets", "apps"] as const) await renew(store, OPERATOR, what);
  await there({});
  expect(shared()).toEqual(before.map((version) => version + 1));
  expect((await onDevice((device) => update(device, null))).failures).toEqual([]);
});
