/** How much all who ask for an account may have the store write together. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { HANDLERS_HERE } from "../boot/handlers.ts";
import type { Store } from "../context.ts";
import { listJobs } from "../jobs/queue.ts";
import { startScheduler } from "../jobs/scheduler.ts";
import type { Log } from "../log.ts";
import { queryPlans, slowPlans } from "../testing/query-plans.ts";
import { openTestStore, silentLog, type TestStore } from "../testing/store.ts";
import { OPERATOR } from "./actor.ts";
import { MOST_WAIT_MS } from "./forgotten.ts";
import { listMessages } from "./messages/outbox.ts";
import { createAccount, disableAccount } from "./people.ts";
import { askForAccount, SIGN_UP_ASKED_JOB } from "./sign-up.ts";
import { crowdedSignUp, decideTurn, nextTurn, type Turns } from "./sign-up-turns.ts";

const FROM = { requestId: "req", address: "192.0.2.1", userAgent: "test" };
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe("a turn", () => {
  /** Each asks at that minute; what each gets: its minute, or null when it is not kept. */
  const turnsOf = (limit: number, minutes: readonly number[]) => {
    let turns: Turns | null = null;
    return minutes.map((minute) => {
      const now = minute * MINUTE_MS;
      const decided = decideTurn(turns, limit, now);
      turns = decided.turns;
      const { turn } = decided;
      if (turn.when === "never") return null;
      return turn.when === "now" ? minute : turn.at / MINUTE_MS;
    });
  };

  test.each<[string, number, number[], (number | null)[]]>([
    ["so many at once, then evenly", 4, [0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 15, 30, 45]],
    [
      "all at once again after an hour",
      4,
      [0, 0, 0, 0, 60, 60, 60, 60, 60],
      [0, 0, 0, 0, 60, 60, 60, 60, 75],
    ],
    ["who comes later does not go first", 4, [0, 0, 0, 0, 0, 0, 14, 20], [0, 0, 0, 0, 15, 30, 45, 60]],
    [
      "whoever asks as often as they go waits for nothing",
      2,
      [0, 0, 30, 60, 90, 120],
      [0, 0, 30, 60, 90, 120],
    ],
    [
      "the last place of a day, and none after it",
      1,
      Array(26).fill(0),
      [
        ...Array(25)
          .keys()
          .map((hour) => hour * 60),
        null,
      ],
    ],
    ["the clock was a day ahead", 2, [1440, 1440, 1440, 0, 0], [1440, 1440, 1470, 60, 90]],
  ])("%s", (_, limit, minutes, got) => {
    expect(turnsOf(limit, minutes)).toEqual(got);
  });

  test.each([1, 3, 7, 300, 10_000])("with %d an hour so many go at once", (limit) => {
    let turns: Turns | null = null;
    let count = 0;
    for (;;) {
      const decided = decideTurn(turns, limit, 5);
      if (decided.turn.when !== "now") break;
      turns = decided.turns;
      count += 1;
    }
    expect(count).toBe(limit);
  });
});

describe("people who ask", () => {
  let opened: TestStore;
  let lines: string[] = [];
  beforeAll(async () => {
    const warn = (event: string) => void lines.push(event);
    opened = await openTestStore({ log: { ...silentLog, warn } satisfies Log });
  });
  afterAll(() => opened.close());
  beforeEach(() => {
    lines = [];
    for (const table of ["outbox", "invitations", "jobs", "accounts", "settings"])
      opened.db.raw.run(`DELETE FROM ${table}`);
  });

  const withLimit = (signUpMessages: number, signUp: Store["config"]["signUp"] = "open"): Store => ({
    ...opened,
    config: { ...opened.config, signUp, signUpMessages },
  });
  const written = () =>
    listMessages(opened, OPERATOR, { limit: 100 }).items.map(({ kind, address }) => [kind, address]);
  const drain = (store: Store) =>
    startScheduler(store, { handlers: HANDLERS_HERE, cron: [], ticking: false }).drain();
  async function ask(store: Store, ...emails: readonly string[]): Promise<void> {
    for (const email of emails) {
      askForAccount(store, { email, from: FROM });
      opened.clock.advance(MOST_WAIT_MS);
      await drain(store);
    }
  }
  const strangers = (count: number) => [...Array(count).keys()].map((index) => `s${index}@example.net`);

  test("beyond the limit wait in their order, and what would wait for too long is not kept", async () => {
    const store = withLimit(1);
    const began = opened.clock.now().getTime();
    await ask(store, ...strangers(27));
    expect(written()).toEqual([["account.invitation", "s0@example.net"]]);
    const since = new Date(began + 2 * MOST_WAIT_MS);
    expect(crowdedSignUp(store)).toEqual({ since, waiting: 24, lost: 2 });
    expect(lines.filter((event) => event.startsWith("signup."))).toEqual([
      ...Array(24).fill("signup.put_off"),
      ...Array(2).fill("signup.not_kept"),
    ]);
    for (let hour = 1; hour <= 24; hour += 1) {
      opened.clock.set(new Date(began + 2 * MOST_WAIT_MS + hour * HOUR_MS));
      await drain(store);
      expect(written()).toHaveLength(hour + 1);
      expect(written()[0]).toEqual(["account.invitation", `s${hour}@example.net`]);
    }
    expect(crowdedSignUp(store)).toMatchObject({ waiting: 0, lost: 2 });
    opened.clock.advance(2 * MINUTE_MS);
    expect(crowdedSignUp(store)).toBeNull();
    expect(listJobs(opened.db, { state: ["queued", "dead"], limit: 10 })).toEqual([]);
    // Nothing of it is held against those who ask then.
    opened.clock.advance(HOUR_MS);
    await ask(store, "later@example.net", "latest@example.net");
    expect(written()[0]).toEqual(["account.invitation", "later@example.net"]);
    expect(crowdedSignUp(store)).toMatchObject({ waiting: 1, lost: 0 });
  });

  test.each(["at a start", "while the store runs"])(
    "go on in their turns when a clock that was ahead is set back %s",
    async (when) => {
      const store = withLimit(1);
      const running = startScheduler(store, { handlers: HANDLERS_HERE, cron: [], ticking: false });
      for (const email of strangers(5)) {
        askForAccount(store, { email, from: FROM });
        opened.clock.advance(MOST_WAIT_MS);
        await running.drain();
      }
      expect(crowdedSignUp(store)).toMatchObject({ waiting: 4 });
      opened.clock.advance(-30 * DAY_MS);
      const go = () => (when === "at a start" ? drain(store) : running.drain());
      for (let hour = 0; hour <= 4; hour += 1) {
        await go();
        expect(written()).toHaveLength(hour + 1);
        expect(crowdedSignUp(store)?.waiting ?? 0).toBe(4 - hour);
        opened.clock.advance(HOUR_MS);
      }
      expect(listJobs(opened.db, { state: ["queued", "dead"], limit: 10 })).toEqual([]);
      await running.stop(1000);
    },
  );

  test("take a turn whoever has the address, so that others' turns do not tell: a disabled account, one with letters enough", async () => {
    await createAccount(opened, OPERATOR, { email: "ada@example.org", name: "Ada" });
    const gone = await createAccount(opened, OPERATOR, { email: "gone@example.org", name: "Gone" });
    disableAccount(opened, OPERATOR, gone.id);
    const store = withLimit(5);
    await ask(store, "gone@example.org", ...Array(4).fill("ada@example.org"));
    expect([written().length, crowdedSignUp(store)]).toEqual([3, null]);
    for (const email of ["gone@example.org", "ada@example.org", "s0@example.net"]) await ask(store, email);
    expect(written()).toHaveLength(3);
    expect(crowdedSignUp(store)).toMatchObject({ waiting: 3 });
    opened.clock.advance(DAY_MS);
    await drain(store);
    expect(written().map(([, address]) => address)).toEqual([
      "s0@example.net",
      ...Array(4).fill("ada@example.org"),
    ]);
    const one = withLimit(1);
    opened.clock.advance(DAY_MS);
    await ask(one, "x@example.net", "ADA@example.org");
    expect(written()).toHaveLength(6);
    opened.clock.advance(HOUR_MS);
    await drain(one);
    expect(written()[0]).toEqual(["account.exists", "ada@example.org"]);
  });

  test("again take no turn of somebody else while they wait", async () => {
    const store = withLimit(1);
    await ask(store, "first@example.net", "again@example.net");
    await ask(store, ...Array(20).fill("Again@example.net"), "next@example.net");
    expect(crowdedSignUp(store)).toMatchObject({ waiting: 2, lost: 0 });
    expect(listJobs(opened.db, { state: "queued", limit: 100 })).toHaveLength(2);
    opened.clock.advance(2 * HOUR_MS);
    await drain(store);
    expect(written().map(([, address]) => address)).toEqual([
      "next@example.net",
      "again@example.net",
      "first@example.net",
    ]);
  });

  test.each<[string, Store["config"]["signUp"], string[]]>([
    ["is closed", "closed", []],
    ["is by invitation", "invitation", []],
    ["is for other domains", ["example.org"], ["account.invitation ok@example.org"]],
  ])("get nothing when the store started anew meanwhile and signing up %s", async (_, signUp, later) => {
    await ask(withLimit(1), "first@example.net", "second@example.net", "ok@example.org");
    const before = written().length;
    opened.clock.advance(DAY_MS);
    await drain(withLimit(1, signUp));
    expect(
      written()
        .slice(0, -before)
        .map((each) => each.join(" ")),
    ).toEqual(later);
    expect(listJobs(opened.db, { state: ["queued", "dead"], limit: 10 })).toEqual([]);
  });

  test("begin anew with another limit or other people who may ask, as the guide has it", async () => {
    await ask(withLimit(1), ...strangers(27));
    expect(crowdedSignUp(withLimit(1))).toMatchObject({ lost: 2 });
    for (const other of [withLimit(100), withLimit(1, ["example.org"])]) {
      const before = written().length;
      expect(crowdedSignUp(other)).toBeNull();
      await ask(other, `employee${before}@example.org`);
      expect(written().length).toBeGreaterThan(before);
      expect(written().map(([, address]) => address)).toContain(`employee${before}@example.org`);
    }
  });

  test("are not limited where that is off, and are put off after a new start as before it", async () => {
    const off = withLimit(0);
    await ask(off, ...strangers(5));
    expect(written()).toHaveLength(5);
    expect(crowdedSignUp(off)).toBeNull();
    await ask(withLimit(1), "a@example.net");
    await ask({ ...withLimit(1) }, "b@example.net");
    expect(written()).toHaveLength(6);
    expect(crowdedSignUp(withLimit(1))).toMatchObject({ waiting: 1 });
    expect(crowdedSignUp(off)).toBeNull();
  });

  test("cause no query that reads a table", async () => {
    const store = withLimit(1);
    await ask(store, ...strangers(3));
    const looks = () => {
      nextTurn(store, store.db.orm, opened.clock.now()).take();
      crowdedSignUp(store);
    };
    expect(slowPlans(queryPlans(store.db, looks))).toEqual([]);
    askForAccount(store, { email: "last@example.net", from: FROM });
    opened.clock.advance(MOST_WAIT_MS);
    const run = HANDLERS_HERE.get(SIGN_UP_ASKED_JOB);
    const [job] = listJobs(opened.db, { state: "queued", limit: 1 });
    if (job === undefined || run === undefined) throw new Error("there is no job");
    const plans = queryPlans(store.db, () => void run(store, { job } as never));
    expect(plans.length).toBeGreaterThan(3);
    expect(slowPlans(plans)).toEqual([]);
  });
});
