/** Devices that have not come for long: found, counted, and told from those that are revoked or come. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { isProblem } from "../../errors.ts";
import type { DeviceId } from "../../ids.ts";
import { newDevice } from "../../testing/devices.ts";
import { queryPlans, slowPlans } from "../../testing/query-plans.ts";
import { openTestStore, type TestClock, type TestStore, testClock } from "../../testing/store.ts";
import { ANONYMOUS, OPERATOR } from "../actor.ts";
import { createGroup } from "../groups/groups.ts";
import { addDeviceToGroup } from "../groups/members.ts";
import { type DeviceSearch, pageDevices, revokeDevice } from "./devices.ts";
import { noteSeen } from "./seen.ts";
import { isUnseen, unseenDevices } from "./unseen.ts";

const DAY_MS = 86_400_000;
let clock: TestClock;
let store: TestStore;
beforeEach(async () => {
  clock = testClock();
  store = await openTestStore({ clock });
});
afterEach(() => store.close());

const add = (name: string): DeviceId => newDevice(store, { name }).id;
const see = (id: DeviceId) => noteSeen(store, { kind: "device", deviceId: id }, "192.0.2.7");
const list = (asked: Partial<DeviceSearch> = {}) =>
  pageDevices(store, OPERATOR, { unseenDays: 30, limit: 100, ...asked });
const names = (asked: Partial<DeviceSearch> = {}) => list(asked).items.map(({ name }) => name);
const count = () => unseenDevices(store, OPERATOR);

test("one counts from the day on that it came or enrolled, and no more once it comes again or is revoked", () => {
  const never = add("Never came");
  clock.advance(DAY_MS);
  const came = add("Came once");
  see(came);
  clock.advance(29 * DAY_MS - 1);
  expect([names(), count()]).toEqual([[], { days: 30, count: 0, more: false }]);
  clock.advance(1);
  expect([names(), count()]).toEqual([["Never came"], { days: 30, count: 1, more: false }]);
  clock.advance(DAY_MS);
  // The one that stays away longest comes first.
  expect([names(), count()?.count]).toEqual([["Never came", "Came once"], 2]);
  see(never);
  expect([names(), count()?.count]).toEqual([["Came once"], 1]);
  revokeDevice(store, OPERATOR, came, "Sold.");
  expect([names(), count()?.count]).toEqual([[], 0]);
  expect(list({ unseenDays: 1 }).items).toEqual([]);
  clock.advance(DAY_MS);
  expect(names({ unseenDays: 1 })).toEqual(["Never came"]);
});

test("a device is told of when the list has it, and the setting can switch that off", async () => {
  const id = add("Till");
  const [device] = pageDevices(store, OPERATOR, { limit: 1 }).items;
  if (device === undefined) throw new Error(`${id} is not there`);
  clock.advance(30 * DAY_MS - 1);
  expect(isUnseen(store, device)).toBe(false);
  clock.advance(1);
  expect(isUnseen(store, device)).toBe(true);
  expect(isUnseen(store, { ...device, revokedAt: clock.now() })).toBe(false);
  const quiet = { clock, config: { ...store.config, deviceUnseenDays: 0 } };
  expect(isUnseen(quiet, device)).toBe(false);
  expect(unseenDevices({ ...store, ...quiet }, OPERATOR)).toBeNull();
  const strict = { ...store.config, deviceUnseenDays: 31 };
  expect(unseenDevices({ ...store, config: strict }, OPERATOR)?.count).toBe(0);
});

describe("the list of them", () => {
  test("goes on where it ended, also when the last of a page came meanwhile", () => {
    const ids = Array.from({ length: 7 }, (_, n) => {
      clock.advance(1000);
      return add(`Till ${n}`);
    });
    clock.advance(40 * DAY_MS);
    const first = list({ limit: 3 });
    expect(first.items.map(({ name }) => name)).toEqual(["Till 0", "Till 1", "Till 2"]);
    see(ids[2] as DeviceId);
    const second = list({ limit: 3, after: first.nextCursor ?? "" });
    expect(second.items.map(({ name }) => name)).toEqual(["Till 3", "Till 4", "Till 5"]);
    expect(list({ limit: 3, after: second.nextCursor ?? "" })).toMatchObject({
      items: [{ name: "Till 6" }],
      nextCursor: null,
    });
  });

  test("is of a group, of names and of an id where that is asked for", () => {
    const [till, gate, other] = [add("Till"), add("Gate"), add("Till too")];
    const group = createGroup(store, OPERATOR, { name: "Shop" }).id;
    for (const id of [till, gate]) addDeviceToGroup(store, OPERATOR, group, id);
    clock.advance(40 * DAY_MS);
    const fresh = add("Till of today");
    addDeviceToGroup(store, OPERATOR, group, fresh);
    expect(names({ groupId: group }).sort()).toEqual(["Gate", "Till"]);
    expect(names({ search: "till" })).toEqual(["Till", "Till too"]);
    expect(names({ search: "till", groupId: group })).toEqual(["Till"]);
    expect([names({ search: other }), names({ search: fresh })]).toEqual([["Till too"], []]);
    const [first] = names({ search: "till", limit: 1 });
    const next = list({ search: "till", limit: 1 }).nextCursor ?? "";
    expect([first, ...names({ search: "till", after: next })]).toEqual(["Till", "Till too"]);
  });

  test("takes no cursor of another one", () => {
    for (const after of [
      "",
      "x",
      "1",
      `1.${"0".repeat(36)}`,
      add("Till"),
      `1234567890123456.${add("Gate")}`,
    ]) {
      let code = "fine";
      try {
        list({ after });
      } catch (error) {
        code = isProblem(error) ? error.code : "no problem";
      }
      expect([after, code]).toEqual([after, "cursor.invalid"]);
    }
  });

  test("and the count are for who may see devices", () => {
    expect(() => unseenDevices(store, ANONYMOUS)).toThrow();
  });
});

test("counting ends at a limit, and neither it nor the list reads a whole table", () => {
  const insert = store.db.raw.query(
    "INSERT INTO devices (id, name, name_key, algorithm, public_key, keyid, platform, model, runtime, revision, created_at) SELECT 'dev-' || lower(hex(randomblob(16))), 'n', 'n', 'ed25519', x'00', lower(hex(randomblob(32))), '', '', '', 1, ?",
  );
  store.db.raw.transaction(() => {
    for (let n = 0; n < 1005; n += 1) insert.run(clock.now().getTime());
  })();
  clock.advance(30 * DAY_MS);
  expect(count()).toEqual({ days: 30, count: 1000, more: true });
  const group = createGroup(store, OPERATOR, { name: "Shop" }).id;
  const cursor = list({ limit: 5 }).nextCursor ?? "";
  const plans = queryPlans(store.db, () => {
    count();
    for (const of of [{}, { groupId: group }]) {
      for (const after of [{}, { after: cursor }]) list({ ...of, ...after });
      list({ ...of, search: "n" });
    }
  });
  expect(slowPlans(plans)).toEqual([]);
  expect(plans.filter(({ steps }) => steps.some((step) => step.includes("devices_unseen")))).toHaveLength(5);
});
