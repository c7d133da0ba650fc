import { expect, test } from "bun:test";
import { isProblem, Problem } from "../errors.ts";
import { testClock } from "../testing/store.ts";
import { failuresOf, MOST_AT_ONCE, newPace, paced, placeOf, waitMs } from "./pace.ts";

const clock = testClock();
const fail = async () => null;

async function attempt(
  pace = newPace(),
  accountKey = "a@example.org",
  address = "192.0.2.1",
): Promise<string> {
  try {
    return (await paced(pace, { accountKey, address }, clock.now, fail)) ?? "failed";
  } catch (error) {
    if (isProblem(error)) return error.details[0]?.expected ?? error.code;
    throw error;
  }
}

test("the wait doubles after the fifth failure, up to a quarter of an hour", () => {
  expect([0, 4, 5, 6, 7, 12, 13, 1000].map((failures) => waitMs(failures))).toEqual([
    0, 0, 5000, 10_000, 20_000, 640_000, 900_000, 900_000,
  ]);
});

test("one place waits for one account; other places and other accounts do not", async () => {
  const pace = newPace();
  for (let time = 0; time < 5; time += 1) expect(await attempt(pace)).toBe("failed");
  expect(await attempt(pace)).toBe("5");
  expect(await attempt(pace, "a@example.org", "192.0.2.2")).toBe("failed");
  expect(await attempt(pace, "b@example.org")).toBe("failed");
  clock.advance(5000);
  expect(await attempt(pace)).toBe("failed");
  // What was refused did not count, so nobody can make the wait longer by asking.
  expect(await attempt(pace)).toBe("10");
});

test("a success forgives, and so does an hour without an attempt", async () => {
  const pace = newPace();
  const from = { accountKey: "a@example.org", address: "192.0.2.1" };
  for (let time = 0; time < 4; time += 1) await attempt(pace);
  expect(await paced(pace, from, clock.now, async () => "in")).toBe("in");
  for (let time = 0; time < 5; time += 1) expect(await attempt(pace)).toBe("failed");
  clock.advance(3_600_000);
  for (let time = 0; time < 5; time += 1) expect(await attempt(pace)).toBe("failed");
});

test("attempts at once are counted when they begin, and no more than 64 of a place are under way", async () => {
  const pace = newPace();
  const all = await Promise.all(Array.from({ length: 66 }, (_, n) => attempt(pace, `${n}@example.org`)));
  expect(all).toEqual([...Array<string>(MOST_AT_ONCE).fill("failed"), "1", "1"]);
  const same = await Promise.all(Array.from({ length: 7 }, () => attempt(pace)));
  expect(same).toEqual([...Array<string>(5).fill("failed"), "5", "5"]);
});

test("what came too late for a turn was no guess", async () => {
  const pace = newPace();
  const from = { accountKey: "a@example.org", address: "192.0.2.1" };
  const busy = new Problem("too_many_requests", "auth.busy", "Busy.");
  for (let time = 0; time < 20; time += 1)
    expect(paced(pace, from, clock.now, () => Promise.reject(busy))).rejects.toThrow("Busy.");
  await Bun.sleep(0);
  for (let time = 0; time < 5; time += 1) expect(await attempt(pace)).toBe("failed");
  expect(await attempt(pace)).toBe("5");
  // Nor does it forgive what was.
  clock.advance(5000);
  expect(paced(pace, from, clock.now, () => Promise.reject(busy))).rejects.toThrow("Busy.");
  await Bun.sleep(0);
  expect(await attempt(pace)).toBe("failed");
  expect(await attempt(pace)).toBe("10");
});

test("of a crowd of attempts that all came too late for a turn none is counted", async () => {
  const pace = newPace();
  const from = { accountKey: "a@example.org", address: "192.0.2.1" };
  const busy = new Problem("too_many_requests", "auth.busy", "Busy.");
  const late = () => paced(pace, from, clock.now, () => Promise.reject(busy)).catch(({ code }) => code);
  const crowd = await Promise.all(Array.from({ length: 5 }, late));
  expect(crowd).toEqual(Array<string>(5).fill("auth.busy"));
  expect(failuresOf(pace, from)).toBe(0);
  for (let time = 0; time < 5; time += 1) expect(await attempt(pace)).toBe("failed");
  expect(await attempt(pace)).toBe("5");
});

test("what another count refused compared nothing, and is counted nowhere", async () => {
  const [outer, inner] = [newPace(), newPace(1)];
  const from = { accountKey: "a@example.org", address: "192.0.2.1" };
  const both = () =>
    paced(outer, from, clock.now, () => paced(inner, from, clock.now, fail)).catch(({ code }) => code);
  expect(await both()).toBeNull();
  for (let time = 0; time < 9; time += 1) expect(await both()).toBe("auth.too_many_attempts");
  expect([failuresOf(outer, from), failuresOf(inner, from)]).toEqual([1, 1]);
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:DB8:1:2::9", "2001:db8:1:2"],
  ["2001:0db8::1", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
])("%s is the place %s", (address, place) => {
  expect(placeOf(address)).toBe(place);
});
