/** On which days a store was seen running, and that a waiting time needs as many of them as it is long. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { CRON, HANDLERS } from "../boot/handlers.ts";
import { liveThrough } from "../testing/running.ts";
import { openTestStore, type TestStore } from "../testing/store.ts";
import { DAY_MS, HOUR_MS } from "../time.ts";
import { daysMissing, noteRunning, RUNNING_DAY_JOB, sealOldDays } from "./running-days.ts";

let store: TestStore;
let beginning = Date.parse("2026-03-01T10:00:00Z");
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/** A waiting time of seven days that begins now, long after all that was seen before; and how many days it lacks. */
function begin() {
  beginning += 1000 * DAY_MS;
  store.clock.set(new Date(beginning));
  noteRunning(store);
  const requestedAt = store.clock.now();
  const waiting = { requestedAt, waitingUntil: new Date(requestedAt.getTime() + 7 * DAY_MS) };
  return () => daysMissing(store.db.orm, store.vault, waiting, store.clock.now());
}

test("a store that runs on has waited when the clock says so", () => {
  const missing = begin();
  expect(missing()).toBe(7);
  liveThrough(store, 6);
  expect(missing()).toBe(1);
  // That it is asked is today's proof that it runs.
  store.clock.advance(DAY_MS);
  expect(missing()).toBe(0);
});

test("a clock that is set ahead ends nothing, however often it is asked on that day", () => {
  const missing = begin();
  store.clock.advance(30 * DAY_MS);
  for (let hour = 0; hour < 12; hour += 1) {
    store.clock.advance(HOUR_MS);
    noteRunning(store);
    expect(missing()).toBe(6);
  }
  liveThrough(store, 5);
  expect(missing()).toBe(1);
  liveThrough(store, 1);
  expect(missing()).toBe(0);
});

test("a clock that was ahead and is right again has gained nothing", () => {
  const missing = begin();
  store.clock.advance(20 * DAY_MS);
  noteRunning(store);
  expect(missing()).toBe(6);
  store.clock.advance(-20 * DAY_MS);
  expect(missing()).toBe(7);
  liveThrough(store, 3);
  expect(missing()).toBe(4);
});

test("a store that was off, or that runs an hour a day, waits for days on which it runs", () => {
  const missing = begin();
  liveThrough(store, 2);
  store.clock.advance(3 * DAY_MS);
  noteRunning(store);
  liveThrough(store, 2);
  expect(missing()).toBe(2);
  liveThrough(store, 2);
  expect(missing()).toBe(0);
});

test("days that somebody wrote into the database beside the store are none, nor those of another master key", () => {
  const missing = begin();
  const first = Math.floor(store.clock.now().getTime() / DAY_MS);
  const { raw } = store.db;
  for (let day = 1; day <= 6; day += 1)
    raw.run("INSERT INTO running_days (day, sealed) VALUES (?, ?)", [
      first + day,
      day % 2 === 0 ? null : Buffer.alloc(28),
    ]);
  // Nor with the seal of a day on which it ran.
  raw.run("UPDATE running_days SET sealed = (SELECT sealed FROM running_days WHERE day = ?) WHERE day = ?", [
    first,
    first + 1,
  ]);
  store.clock.advance(7 * DAY_MS);
  expect(missing()).toBe(6);
  store.clock.advance(-7 * DAY_MS);
  liveThrough(store, 7);
  expect(missing()).toBe(0);
});

test("of a store that is older than the seals, the days that it noted count", () => {
  const missing = begin();
  liveThrough(store, 7);
  store.db.raw.run("UPDATE running_days SET sealed = NULL");
  expect(missing()).toBe(6);
  sealOldDays(store.db.orm, () => store.vault);
  expect(missing()).toBe(0);
});

test("what is kept does not grow, and a far jump forgets nothing of the days before", () => {
  const missing = begin();
  liveThrough(store, 450);
  const days = () =>
    store.db.raw.query<{ days: number }, []>("SELECT count(*) AS days FROM running_days").get()?.days;
  expect(days()).toBe(400);
  expect(missing()).toBe(0);
  store.clock.advance(3650 * DAY_MS);
  noteRunning(store);
  store.clock.advance(-3650 * DAY_MS);
  expect([days(), missing()]).toEqual([400, 0]);
});

test("each hour a job notes it", async () => {
  expect(CRON.filter(({ kind }) => kind === RUNNING_DAY_JOB).length).toBe(1);
  expect(HANDLERS.has(RUNNING_DAY_JOB)).toBe(true);
});
