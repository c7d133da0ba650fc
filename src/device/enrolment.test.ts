/** A device against a restricted store over HTTP: enrolling, tokens, revocation, clocks, and what a kill leaves. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../accounts/actor.ts";
import { createEnrolmentCode, type NewCode, readEnrolmentCode } from "../accounts/devices/codes.ts";
import { pageDevices, revokeDevice } from "../accounts/devices/devices.ts";
import { createGroup } from "../accounts/groups/groups.ts";
import { rootSha256 } from "../catalog/tuf/repository.ts";
import { isProblem } from "../errors.ts";
import type { AppId, DeviceId } from "../ids.ts";
import { type Portal, startPortal } from "../testing/portal.ts";
import { problemOf } from "../testing/problems.ts";
import { fillStore, type SampleStore } from "../testing/sample-store.ts";
import { type TestClock, testClock } from "../testing/store.ts";
import { accessOf } from "./access.ts";
import { type DeviceOptions, initDevice, withDevice } from "./device.ts";
import { enrol, enrolledAs } from "./enrol.ts";
import { install } from "./installer.ts";
import { list, search } from "./inventory.ts";

let portal: Portal;
let sample: SampleStore;
let root: string;
let app: AppId;
beforeAll(async () => {
  portal = await startPortal({ restricted: "true" });
  sample = await fillStore(portal);
  app = sample.apps.published;
  root = rootSha256(portal.store);
}, 60_000);
afterAll(() => portal.close());

let home: string;
let clock: TestClock;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "mosis-enrol-"));
  clock = testClock();
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const FACTS = { name: "Kiosk", platform: "linux-x64", model: "", runtime: "mosis test" };
const options = (changes: Partial<DeviceOptions> = {}): DeviceOptions => ({
  home,
  clock,
  timeouts: { idleMs: 5000, attempts: 2 },
  ...changes,
});
const newCode = (fields: Partial<NewCode> = {}) => {
  const { code, text } = createEnrolmentCode(portal.store, OPERATOR, { label: "Kiosks", ...fields });
  return { id: code.id, text: text ?? "" };
};
const init = (code: string | null, changes: Partial<DeviceOptions> = {}) =>
  initDevice({
    ...options(changes),
    url: portal.url,
    rootSha256: root,
    ...(code === null ? {} : { enrol: { code, facts: FACTS } }),
  });
const onDevice = <T>(work: Parameters<typeof withDevice<T>>[1]) => withDevice(options(), work);
const devices = () => pageDevices(portal.store, OPERATOR, { limit: 100 }).items;
const tokenFile = () => JSON.parse(readFileSync(join(home, "device-token.json"), "utf8"));

describe("a restricted store", () => {
  test("has nothing for a device without a code, and says what to do", async () => {
    const problem = await problemOf(init(null));
    expect(problem.code).toBe("device.enrolment_needed");
    expect(problem.message).toContain("--enrol CODE");
    expect(existsSync(join(home, "device-key.pem"))).toBe(false);
  });

  test("has its apps for one that enrols", async () => {
    const group = createGroup(portal.store, OPERATOR, { name: `Kiosks ${Bun.randomUUIDv7()}` }).id;
    const identity = await init(newCode({ groups: [group] }).text.toLowerCase());
    expect(identity.enrolledAs).toMatch(/^dev-/);
    const found = await onDevice((device) => search(device, ""));
    expect(found.map(({ appId }) => appId)).toContain(app);
    const outcome = await onDevice((device) => install(device, app));
    expect(outcome.action).toBe("installed");
    expect(devices().find(({ id }) => id === identity.enrolledAs)).toMatchObject({
      name: "Kiosk",
      runtime: "mosis test",
      groups: [{ id: group }],
    });
    for (const name of ["device-key.pem", "device-token.json"])
      expect([name, statSync(join(home, name)).mode & 0o777]).toEqual([name, 0o600]);
  });

  test("takes no code that is wrong, and a wrong character is found before it is sent", async () => {
    const before = devices().length;
    expect((await problemOf(init("K7QF3-M2X9W-DP4TA"))).code).toBe("device.enrolment_code_malformed");
    expect((await problemOf(init("00000-00000-00000"))).code).toBe("device.enrolment_code_unknown");
    const used = newCode();
    await init(used.text);
    rmSync(home, { recursive: true });
    expect((await problemOf(init(used.text))).code).toBe("device.enrolment_code_used");
    expect(devices()).toHaveLength(before + 1);
  });

  test("is not sent the code when its root is another one", async () => {
    const { id, text } = newCode();
    const problem = await problemOf(
      initDevice({
        ...options(),
        url: portal.url,
        rootSha256: "00".repeat(32),
        enrol: { code: text, facts: FACTS },
      }),
    );
    expect(problem.code).toBe("device.root_mismatch");
    expect(problem.message).toContain("The code was not sent.");
    expect(readEnrolmentCode(portal.store, OPERATOR, id).uses).toBe(0);
  });
});

test("no code and no token goes over plain HTTP to another machine", async () => {
  for (const url of ["http://apps.example.com", "http://127.0.0.1.example.com", "http://10.0.0.1"]) {
    const problem = await problemOf(
      initDevice({ ...options(), url, rootSha256: root, enrol: { code: newCode().text, facts: FACTS } }),
    );
    expect([url, problem.code]).toEqual([url, "device.enrolment_insecure"]);
  }
  await init(newCode().text);
  await onDevice(async (device) => {
    const elsewhere = accessOf({ ...device, url: "http://apps.example.com" });
    expect((await problemOf(elsewhere?.token() ?? Promise.resolve())).code).toBe("device.enrolment_insecure");
  });
});

describe("the token", () => {
  test("is kept for its time, and fetched anew before it ends", async () => {
    await init(newCode().text);
    const first = tokenFile();
    await onDevice((device) => search(device, ""));
    expect(tokenFile()).toEqual(first);
    clock.advance(13 * 60_000);
    await onDevice((device) => search(device, ""));
    expect(tokenFile()).toEqual(first);
    clock.advance(90_000);
    await onDevice((device) => search(device, ""));
    expect(tokenFile().token).not.toBe(first.token);
  });

  test("that the store does not take is fetched anew, once", async () => {
    await init(newCode().text);
    const good = tokenFile();
    writeFileSync(join(home, "device-token.json"), JSON.stringify({ ...good, token: "a.b.c" }));
    await onDevice((device) => search(device, ""));
    expect(tokenFile().token).not.toBe("a.b.c");
    for (const nonsense of ["", "{}", "[]", "null", '{"deviceId":1}']) {
      writeFileSync(join(home, "device-token.json"), nonsense);
      await onDevice((device) => search(device, ""));
    }
  });

  test("is fetched once for everything that waits for it", async () => {
    await init(newCode().text);
    rmSync(join(home, "device-token.json"));
    const tokens = await onDevice(async ({ access }) =>
      Promise.all(Array.from({ length: 8 }, () => access?.token())),
    );
    expect(new Set(tokens).size).toBe(1);
    const renewed = await onDevice(async ({ access }) =>
      Promise.all(Array.from({ length: 8 }, () => access?.renewed(tokens[0] ?? ""))),
    );
    expect(renewed[0]).not.toBe(tokens[0]);
  });

  test("goes to the store's files alone", async () => {
    await init(newCode().text);
    await onDevice(async ({ access, url }) => {
      expect(access?.files).toBe(`${url}/store/v1/`);
    });
  });

  for (const hours of [-26, 5, 24 * 365]) {
    test(`is had by a device whose clock is ${hours} hours off, which asks the store for the time`, async () => {
      clock.advance(hours * 3_600_000);
      const identity = await init(newCode().text);
      expect(identity.enrolledAs).toMatch(/^dev-/);
      // The next time it knows already.
      rmSync(join(home, "device-token.json"));
      await onDevice((device) => search(device, ""));
      clock.advance(20 * 60_000);
      await onDevice(async ({ access }) => expect(await access?.token()).toMatch(/\./));
    });
  }
});

describe("a device that is revoked", () => {
  test("gets nothing new, keeps what it has, and comes back with a new key alone", async () => {
    const { enrolledAs } = await init(newCode().text);
    await onDevice((device) => install(device, app));
    revokeDevice(portal.store, OPERATOR, enrolledAs as DeviceId, "Lost.");
    const problem = await problemOf(onDevice((device) => search(device, "")));
    expect(problem.code).toBe("device.enrolment_revoked");
    expect(problem.message).toContain("What is installed goes on working");
    expect(await onDevice(async (device) => list(device).map(({ appId }) => appId))).toEqual([app]);
    const again = { code: newCode().text, facts: FACTS };
    expect((await problemOf(onDevice((device) => enrol(device, again)))).code).toBe(
      "device.enrolment_revoked",
    );
    const back = await onDevice((device) => enrol(device, { ...again, newKey: true }));
    expect(back.deviceId).not.toBe(enrolledAs);
    await onDevice((device) => search(device, ""));
  });
});

describe("a new key", () => {
  const names = () =>
    readdirSync(home)
      .filter((name) => name.startsWith("device-key"))
      .sort();
  const works = () => onDevice(async (device) => (await search(device, "")).length > 0);
  const withNewKey = (code: string, changes: Partial<DeviceOptions> = {}) =>
    withDevice(options(changes), (device) => enrol(device, { code, facts: FACTS, newKey: true }));
  const forgetToken = () => rmSync(join(home, "device-token.json"), { force: true });

  test("leaves a device as whom it was when the code is no good or the store is away, and comes with a good one", async () => {
    const { enrolledAs } = await init(newCode().text);
    const used = newCode();
    await withNewKeyElsewhere(used.text);
    const bad = { "00000-00000-00000": "unknown", [used.text]: "used" };
    for (const [code, why] of Object.entries(bad)) {
      expect((await problemOf(withNewKey(code))).code).toBe(`device.enrolment_code_${why}`);
      forgetToken();
      expect(await works()).toBe(true);
    }
    const away = onDevice((device) =>
      enrol({ ...device, url: "http://127.0.0.1:1" }, { code: newCode().text, facts: FACTS, newKey: true }),
    );
    expect((await problemOf(away)).code).toBe("device.unreachable");
    forgetToken();
    expect(await works()).toBe(true);
    const next = await withNewKey(newCode().text);
    expect(next.deviceId).not.toBe(enrolledAs);
    expect([names(), await works()]).toEqual([["device-key.pem"], true]);
    forgetToken();
    expect(await works()).toBe(true);
  });

  /** Of another device, so that the code is used up. */
  async function withNewKeyElsewhere(code: string): Promise<void> {
    const here = home;
    home = mkdtempSync(join(tmpdir(), "mosis-enrol-"));
    await init(code);
    rmSync(home, { recursive: true });
    home = here;
  }

  test("that was cut off works, as whom it was or as whom it is, and takes one use of the code", async () => {
    class Cut extends Error {}
    await init(newCode().text);
    const steps: string[] = [];
    await withNewKey(newCode().text, { onDurableWrite: (step) => void steps.push(step) });
    expect(steps.length).toBeGreaterThan(3);
    for (let at = 1; at <= steps.length; at += 1) {
      const { id, text } = newCode();
      let count = 0;
      const onDurableWrite = () => {
        count += 1;
        if (count === at) throw new Cut();
      };
      await withNewKey(text, { onDurableWrite }).catch((error: unknown) => {
        if (count < at) throw error;
      });
      forgetToken();
      expect([at, await works()]).toEqual([at, true]);
      const { deviceId } = await withNewKey(text).catch(async (error: unknown) => {
        // It was done to the last: this is another try, with a code that is used up.
        expect([at, isProblem(error) && error.code]).toEqual([at, "device.enrolment_code_used"]);
        return { deviceId: await onDevice(async (device) => enrolledAs(device)) };
      });
      forgetToken();
      expect([at, await works(), readEnrolmentCode(portal.store, OPERATOR, id).uses]).toEqual([at, true, 1]);
      expect(await onDevice(async (device) => enrolledAs(device))).toBe(deviceId);
    }
  }, 60_000);

  test("that the store took and revoked before the device heard of it is followed by another one", async () => {
    await init(newCode().text);
    const { text, id } = newCode();
    const cut = withNewKey(text, {
      onDurableWrite: (step) => {
        if (step === "take away device-token.json") throw new Error("cut");
      },
    });
    await cut.catch(() => {});
    const taken = devices().find(({ codeId }) => codeId === id);
    revokeDevice(portal.store, OPERATOR, taken?.id as DeviceId, "Lost.");
    forgetToken();
    expect(await works()).toBe(true);
    const { deviceId } = await withNewKey(newCode().text);
    expect(deviceId).not.toBe(taken?.id ?? "");
    forgetToken();
    expect([names(), await works()]).toEqual([["device-key.pem"], true]);
  });
});

describe("an open store", () => {
  test("is read by everybody, and knows those that enrol by their groups", async () => {
    const open = await startPortal();
    try {
      await fillStore(open);
      const identity = await initDevice({ ...options(), url: open.url, rootSha256: rootSha256(open.store) });
      expect(identity.enrolledAs).toBeNull();
      const named = createGroup(open.store, OPERATOR, { name: "Kiosks", offered: true }).id;
      const unnamed = createGroup(open.store, OPERATOR, { name: "Thefts" }).id;
      const { text } = createEnrolmentCode(open.store, OPERATOR, { label: "x", groups: [unnamed, named] });
      const outcome = await onDevice((device) => enrol(device, { code: text ?? "", facts: FACTS }));
      expect(outcome.groups).toEqual([named, unnamed]);
      expect(outcome.namedGroups).toEqual([{ id: named, name: "Kiosks" }]);
      await onDevice((device) => install(device, app));
      expect(pageDevices(open.store, OPERATOR, { limit: 9 }).items).toMatchObject([{ id: outcome.deviceId }]);
      expect(pageDevices(open.store, OPERATOR, { limit: 9 }).items[0]?.lastTokenAt).not.toBeNull();
    } finally {
      await open.close();
    }
  }, 60_000);
});

describe("cut off after any step", () => {
  class Cut extends Error {}

  /** Runs a set-up that ends at the N-th step; how many steps there were. */
  async function cutAt(at: number, code: string): Promise<{ steps: number; cut: boolean }> {
    let steps = 0;
    const onDurableWrite = () => {
      steps += 1;
      if (steps === at) throw new Cut();
    };
    try {
      await init(code, { onDurableWrite });
      return { steps, cut: false };
    } catch (error) {
      // What went on after the step must not have been told to anybody as done.
      if (steps >= at) return { steps, cut: true };
      throw error;
    }
  }

  test("a set-up is run again, and is one device that took one use", async () => {
    const whole = await cutAt(0, newCode().text);
    rmSync(home, { recursive: true });
    expect(whole.steps).toBeGreaterThan(10);
    for (let at = 1; at <= whole.steps; at += 1) {
      const before = devices().length;
      const { id, text } = newCode();
      const first = await cutAt(at, text);
      if (first.cut && !existsSync(home)) continue;
      const second = await init(text).catch((error: unknown) => error);
      // Whatever was done last of all had been done.
      if (isProblem(second)) expect([at, second.code]).toEqual([at, "device.initialised"]);
      await onDevice((device) => search(device, ""));
      expect([at, devices().length, readEnrolmentCode(portal.store, OPERATOR, id).uses]).toEqual([
        at,
        before + 1,
        1,
      ]);
      expect(
        readdirSync(home)
          .filter((name) => name.startsWith("device-"))
          .sort(),
      ).toEqual(["device-key.pem", "device-token.json"]);
      rmSync(home, { recursive: true });
    }
  }, 120_000);
});
