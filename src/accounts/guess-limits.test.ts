/** How many guesses a day of guessing comes to, in each way of it: the numbers that the guide states. */
import { describe, expect, test } from "bun:test";
import { isProblem } from "../errors.ts";
import { testClock } from "../testing/store.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../time.ts";
import { newAskCounts, newSignInCounts, sharedOf, sharedOfAsk } from "./guess-limits.ts";
import { paced, type Trier } from "./pace.ts";

type Guess = Trier & { readonly emailKey: string };

function guesser() {
  const clock = testClock();
  const counts = newSignInCounts();
  /** 0 when it was taken; else how long to wait, in milliseconds. */
  const guess = async (at: Guess, outcome: "wrong" | "right" = "wrong"): Promise<number> => {
    try {
      const work = async () => (outcome === "right" ? "in" : null);
      await paced(
        counts.pace,
        { ...at, accountKey: at.emailKey },
        clock.now,
        work,
        sharedOf(counts, at, clock.now()),
      );
      return 0;
    } catch (error) {
      if (!isProblem(error)) throw error;
      return Number(error.details[0]?.expected) * 1000;
    }
  };
  return { clock, guess };
}

/** Each minute everybody guesses for as long as they may; gives how many guesses of the second day were taken. */
async function dayOf(guesses: readonly Guess[], pauseMs = MINUTE_MS): Promise<number> {
  const { clock, guess } = guesser();
  let taken = 0;
  for (let at = 0; at < 2 * DAY_MS; at += pauseMs) {
    for (const each of guesses) while ((await guess(each)) === 0) if (at >= DAY_MS) taken += 1;
    clock.advance(pauseMs);
  }
  return taken;
}

const MANY = Array.from({ length: 400 }, (_, n) => n);
/** As many as one place, or one network, has guesses for in a day. */
const SOME = MANY.slice(0, 120);
const owner = { emailKey: "owner@example.org" };

describe("a day of guessing", () => {
  test("from one address at one account", async () => {
    const taken = await dayOf([{ ...owner, address: "192.0.2.1" }]);
    expect(taken).toBeGreaterThanOrEqual(90);
    expect(taken).toBeLessThanOrEqual(144);
    // Nor is it more for who lets the count be forgotten each time.
    expect(await dayOf([{ ...owner, address: "192.0.2.1" }], HOUR_MS)).toBeLessThanOrEqual(144);
  });

  test("from many addresses at one account", async () => {
    const taken = await dayOf(
      SOME.map((n) => ({ ...owner, address: `198.51.${n >> 8}.${n & 255}` })),
      10 * MINUTE_MS,
    );
    // What all have together, and of the first tries what those have together.
    expect(taken).toBe(144 + 720);
  });

  test("from one address at many accounts", async () => {
    const taken = await dayOf(
      SOME.map((n) => ({ emailKey: `${n}@example.org`, address: "192.0.2.1" })),
      10 * MINUTE_MS,
    );
    expect(taken).toBe(1440);
  });

  test("from a whole /48 of IPv6 at many accounts", async () => {
    const taken = await dayOf(
      SOME.map((n) => ({ emailKey: `${n}@example.org`, address: `2001:db8:1:${n.toString(16)}::1` })),
      10 * MINUTE_MS,
    );
    expect(taken).toBe(5760);
  });

  test("in a browser that the account knows, or in a session", async () => {
    const taken = await dayOf([{ ...owner, address: "192.0.2.1", known: "browser 1" }]);
    expect(taken).toBeGreaterThanOrEqual(90);
    expect(taken).toBeLessThanOrEqual(245);
  });
});

test("a browser that the account knows waits for nobody else", async () => {
  const { guess } = guesser();
  const here = { ...owner, address: "192.0.2.1" };
  for (const n of MANY)
    for (let tries = 0; tries < 2; tries += 1)
      await guess({ ...owner, address: `198.51.${n >> 8}.${n & 255}` });
  for (const n of MANY) await guess({ emailKey: `${n}@example.org`, address: "192.0.2.1" });
  for (const _ of MANY) await guess(here);
  expect(await guess({ ...here, known: "browser 1" })).toBe(0);
  // Another browser there waits.
  expect(await guess({ ...here, known: null })).toBeGreaterThan(0);
  // It has guesses of its own, which count for itself alone.
  for (const _ of MANY) await guess({ ...here, known: "browser 1" });
  expect(await guess({ ...here, known: "browser 1" })).toBeGreaterThan(0);
  expect(await guess({ ...here, known: "browser 2" })).toBe(0);
});

test("who guesses from dozens of places keeps nobody out of a browser that is new to the account", async () => {
  const { clock, guess } = guesser();
  const places = Array.from({ length: 60 }, (_, n) => ({ ...owner, address: `198.51.100.${n}` }));
  for (let minute = 0; minute < 3 * 60; minute += 10) {
    for (const place of places) for (let tries = 0; tries < 3; tries += 1) await guess(place);
    const own = { ...owner, address: `192.0.2.${minute}` };
    expect(await guess(own, "right")).toBe(0);
    clock.advance(10 * MINUTE_MS);
  }
  for (const place of places) for (let tries = 0; tries < 3; tries += 1) await guess(place);
  // Who mistypes the first one waits as all others do.
  expect(await guess({ ...owner, address: "192.0.2.250" })).toBe(0);
  expect(await guess({ ...owner, address: "192.0.2.250" })).toBeGreaterThan(0);
});

test("an office of 200 has room for what people type wrong in one morning", async () => {
  const { clock, guess } = guesser();
  const office = "192.0.2.1";
  for (let n = 0; n < 200; n += 1) {
    const at = { emailKey: `person${n}@example.org`, address: office };
    // Every second one is wrong at first, every tenth gives up after three.
    if (n % 2 === 0) expect(await guess(at)).toBe(0);
    if (n % 10 === 0) expect([await guess(at), await guess(at)]).toEqual([0, 0]);
    else expect(await guess(at, "right")).toBe(0);
    if (n % 20 === 0) clock.advance(MINUTE_MS);
  }
  // One who hammers at their own account waits, and nobody beside them.
  for (const _ of MANY) await guess({ ...owner, address: office });
  expect(await guess({ ...owner, address: office })).toBeGreaterThan(0);
  expect(await guess({ emailKey: "colleague@example.org", address: office })).toBe(0);
});

test("what succeeds takes nothing, and gives back nothing that was guessed before", async () => {
  const { guess } = guesser();
  const own = { emailKey: "own@example.org", address: "192.0.2.1" };
  for (const _ of MANY) expect(await guess(own, "right")).toBe(0);
  let taken = 0;
  for (const n of MANY) {
    if ((await guess({ emailKey: `${n}@example.org`, address: "192.0.2.1" })) === 0) taken += 1;
    await guess(own, "right");
  }
  expect(taken).toBe(300);
});

describe("asking for an account", () => {
  const asker = () => {
    const clock = testClock();
    const counts = newAskCounts();
    const ask = (accountKey: string, of: { readonly address?: string } = {}) => {
      const from = { address: "192.0.2.1", ...of };
      const asked = paced(
        counts.pace,
        { ...from, accountKey },
        clock.now,
        async () => null,
        sharedOfAsk(counts, from),
      );
      return asked.then(
        () => 0,
        (error: unknown) => (isProblem(error) ? Number(error.details[0]?.expected) : -1),
      );
    };
    return { clock, ask };
  };

  test("an office of 200 asks in one moment, and 60 more in each hour after it", async () => {
    const { clock, ask } = asker();
    for (let n = 0; n < 250; n += 1) expect(await ask(`person${n}@example.org`)).toBe(0);
    expect(await ask("more@example.org")).toBe(60);
    clock.advance(HOUR_MS);
    for (let n = 0; n < 60; n += 1) expect(await ask(`later${n}@example.org`)).toBe(0);
    expect(await ask("more@example.org")).toBe(60);
    expect(await ask("more@example.org", { address: "192.0.2.2" })).toBe(0);
  });

  test("one site of IPv6 causes no more than the store has for all", async () => {
    const { clock, ask } = asker();
    const place = (n: number) => ({ address: `2001:db8:7:${n.toString(16)}::1` });
    for (let n = 0; n < 250; n += 1) expect(await ask(`person${n}@example.org`, place(n))).toBe(0);
    expect(await ask("more@example.org", place(999))).toBe(30);
    expect(await ask("more@example.org", { address: "2001:db8:8::1" })).toBe(0);
    clock.advance(HOUR_MS);
    for (let n = 0; n < 120; n += 1) expect(await ask(`later${n}@example.org`, place(n))).toBe(0);
    expect(await ask("more@example.org", place(999))).toBe(30);
  });

  test("who asks for one address again and again waits, and no colleague", async () => {
    const { ask } = asker();
    for (let n = 0; n < 5; n += 1) expect(await ask("one@example.org")).toBe(0);
    for (let n = 0; n < 500; n += 1) expect(await ask("one@example.org")).toBe(5);
    expect(await ask("colleague@example.org")).toBe(0);
  });
});
