import { afterEach, describe, expect, test } from "bun:test";
import { eq } from "drizzle-orm";
import { SYSTEM_AUTHOR } from "../audit/record.ts";
import { onAnnounced } from "../db/announcements.ts";
import { write } from "../db/database.ts";
import { cronEntries, jobs } from "../db/schema.ts";
import { Problem } from "../errors.ts";
import type { JobId } from "../ids.ts";
import { queryPlans, slowPlans } from "../testing/query-plans.ts";
import { openTestStore, silentLog, type TestStore } from "../testing/store.ts";
import {
  beforeJobs,
  claim,
  countJobs,
  enqueue,
  fail,
  finish,
  hastenFromFuture,
  type Job,
  listJobs,
  postpone,
  queueHealth,
  replay,
  requeueInterrupted,
  retryDelayMs,
  setAside,
} from "./queue.ts";
import { type JobHandler, type Scheduler, startScheduler } from "./scheduler.ts";
import { PATIENT, URGENT } from "./turns.ts";

const open: { store: TestStore; scheduler?: Scheduler }[] = [];

async function newStore(): Promise<TestStore> {
  const store = await openTestStore();
  open.push({ store });
  return store;
}

function start(
  store: TestStore,
  handlers: Record<string, JobHandler>,
  cron: { kind: string; schedule: string }[] = [],
) {
  return startScheduler(store, { handlers: new Map(Object.entries(handlers)), cron, ticking: false });
}

function add(store: TestStore, kind: string, key: string, payload = {}, maxAttempts = 3): string {
  return write(store.db, (tx) => enqueue(tx, { kind, key, payload, maxAttempts }, store.clock.now()));
}

const stateOf = (store: TestStore, id: string) =>
  listJobs(store.db, { limit: 100 }).find((job) => job.id === id);

afterEach(() => {
  for (const { store } of open.splice(0)) store.close();
});

describe("the queue", () => {
  test("one queued job stands for two of the same kind, key and payload, never for another payload", async () => {
    const store = await newStore();
    expect(add(store, "k", "a", { n: 1 })).toBe(add(store, "k", "a", { n: 1 }));
    expect(add(store, "k", "a", { n: 2 })).not.toBe(add(store, "k", "a", { n: 1 }));
  });

  test("one of a kind per key runs at a time; other keys run beside it", async () => {
    const store = await newStore();
    add(store, "k", "a", { n: 1 });
    add(store, "k", "a", { n: 2 });
    add(store, "k", "b");
    const now = store.clock.now();
    const first = claim(store.db, now);
    const second = claim(store.db, now);
    expect([first?.key, second?.key]).toEqual(["a", "b"]);
    expect(claim(store.db, now)).toBeNull();
    if (first) finish(store.db, first.id, now);
    expect(claim(store.db, now)?.payload).toEqual({ n: 2 });
  });

  test("the oldest of the highest priority is taken, in turns, by an index and however many wait", async () => {
    const store = await newStore();
    const now = store.clock.now();
    const many = 10_000;
    write(store.db, (tx) => {
      for (let n = 0; n < many; n += 1)
        enqueue(
          tx,
          { kind: "k", key: `p${n}`, priority: PATIENT, runAt: new Date(now.getTime() - many) },
          now,
        );
      for (const key of ["u1", "u2"]) enqueue(tx, { kind: "k", key, priority: URGENT }, now);
      enqueue(tx, { kind: "k", key: "n" }, now);
    });
    const taken: (string | undefined)[] = [];
    const times: number[] = [];
    const plans = queryPlans(store.db, () => {
      for (let n = 0; n < 5; n += 1) {
        const startedAt = performance.now();
        taken.push(claim(store.db, now)?.key);
        times.push(performance.now() - startedAt);
      }
    });
    expect(taken).toEqual(["u1", "u2", "n", "p0", "p1"]);
    expect(slowPlans(plans)).toEqual([]);
    const [choice] = plans.filter(({ sql }) => sql.includes("NOT EXISTS"));
    expect(choice?.steps.join("; ")).toContain("USING INDEX jobs_turn (priority=? AND run_at<?)");
    console.log(`one of ${many}: ${Math.min(...times).toFixed(2)} ms`);

    // Pages of them, and how many there are, by an index too: those that run stand among those that wait.
    const states = ["queued", "running"] as const;
    const ids = listJobs(store.db, { limit: many * 2 }).map(({ id }) => id);
    const listed = queryPlans(store.db, () => {
      expect(listJobs(store.db, { state: states, limit: 5 }).map(({ id }) => id)).toEqual(ids.slice(0, 5));
      const second = { state: states, before: ids[4] as JobId, limit: 5 };
      expect(listJobs(store.db, second).map(({ id }) => id)).toEqual(ids.slice(5, 10));
      expect(beforeJobs(store.db, states, ids[9] as JobId, 5)).toBe(ids[4] as JobId);
      expect(beforeJobs(store.db, states, ids[4] as JobId, 5)).toBeNull();
      expect(countJobs(store.db, "queued", 100)).toBe(100);
      expect(countJobs(store.db, "running", 100)).toBe(5);
    });
    expect(slowPlans(listed)).toEqual([]);
    for (const { steps } of listed)
      expect(steps.join("; ")).toMatch(/^SEARCH jobs USING .*INDEX jobs_\w+ \(state=\?[^;]*$/);
  });

  test("whatever changes how jobs are shown is told to those who look at them", async () => {
    const store = await newStore();
    const { db, clock } = store;
    let told = 0;
    onAnnounced(db, ["jobs"], () => {
      told += 1;
    });
    const tells = (act: () => void): boolean => {
      const before = told;
      act();
      return told > before;
    };
    const now = clock.now();
    const later = new Date(now.getTime() + 60_000);
    expect(tells(() => write(db, (tx) => enqueue(tx, { kind: "k", key: "a" }, later)))).toBe(true);
    expect(tells(() => hastenFromFuture(db, now, null))).toBe(true);
    expect(tells(() => write(db, (tx) => postpone(tx, { kind: "k", key: "a" }, later)))).toBe(true);
    let job = null as Job | null;
    expect(tells(() => (job = claim(db, later)))).toBe(true);
    expect(tells(() => job && setAside(db, job))).toBe(true);
    expect(tells(() => requeueInterrupted(db, later))).toBe(true);
    // Looking at them is no change.
    expect(tells(() => listJobs(db, { limit: 1 }))).toBe(false);
  });

  test("a job of a rolled back transaction is not there", async () => {
    const store = await newStore();
    expect(() =>
      write(store.db, (tx) => {
        enqueue(tx, { kind: "k", key: "a" }, store.clock.now());
        throw new Error("no");
      }),
    ).toThrow();
    expect(listJobs(store.db, { limit: 10 })).toEqual([]);
  });

  test("what was cut off by a kill runs again, and the cut-off try does not count", async () => {
    const store = await newStore();
    const id = add(store, "k", "a");
    claim(store.db, store.clock.now());
    expect(requeueInterrupted(store.db, store.clock.now())).toBe(1);
    expect(stateOf(store, id)).toMatchObject({ state: "queued", attempts: 0, interruptions: 1 });
    expect(claim(store.db, store.clock.now())?.id).toBe(id as never);
  });

  test("what is cut off again and again waits longer, and is buried the tenth time, from where it can be replayed", async () => {
    const store = await newStore();
    const id = add(store, "k", "a");
    for (let time = 1; time <= 10; time += 1) {
      store.clock.advance(3_600_000);
      expect(claim(store.db, store.clock.now())?.id).toBe(id as never);
      requeueInterrupted(store.db, store.clock.now());
      if (time >= 3) expect(claim(store.db, store.clock.now())).toBeNull();
    }
    expect(stateOf(store, id)).toMatchObject({
      state: "dead",
      lastError: "the process ended 10 times in a row while this job ran",
    });
    replay(store.db, SYSTEM_AUTHOR, id as never, store.clock.now());
    expect(claim(store.db, store.clock.now())).toMatchObject({ id, interruptions: 0 });
  });

  test("one that was set aside leaves its key to the others, and has it again when it is queued", async () => {
    const store = await newStore();
    const now = store.clock.now();
    const id = add(store, "k", "a", { n: 1 });
    const next = add(store, "k", "a", { n: 2 });
    const first = claim(store.db, now);
    if (!first) throw new Error("nothing was claimed");
    setAside(store.db, first);
    expect(claim(store.db, now)?.id).toBe(next as never);
    fail(store.db, first, "no", { now, random: 0, final: false });
    expect(stateOf(store, id)).toMatchObject({ key: "a", state: "queued" });
    finish(store.db, next as never, now);
    store.clock.advance(1000);
    const again = claim(store.db, store.clock.now());
    expect(again?.id).toBe(id as never);
    if (again) setAside(store.db, again);
    requeueInterrupted(store.db, store.clock.now());
    expect(stateOf(store, id)).toMatchObject({ key: "a", state: "queued" });
  });

  test("a try that ends, well or badly, starts the count of interruptions anew", async () => {
    const store = await newStore();
    const id = add(store, "k", "a");
    claim(store.db, store.clock.now());
    requeueInterrupted(store.db, store.clock.now());
    const job = claim(store.db, store.clock.now());
    if (!job) throw new Error("nothing was due");
    fail(store.db, job, "no", { now: store.clock.now(), random: 1, final: false });
    expect(stateOf(store, id)).toMatchObject({ state: "queued", attempts: 1, interruptions: 0 });
  });

  test("retries wait longer each time, at most an hour, and never at the same moment", () => {
    expect(retryDelayMs(1, 1)).toBe(2000);
    expect(retryDelayMs(5, 1)).toBe(32_000);
    expect(retryDelayMs(60, 1)).toBe(3_600_000);
    expect(retryDelayMs(5, 0.5)).toBe(16_000);
    expect(retryDelayMs(5, 0)).toBe(100);
  });
});

describe("the scheduler", () => {
  test("runs what is due and tells of it", async () => {
    const store = await newStore();
    const ran: unknown[] = [];
    const scheduler = start(store, { k: async (_, { job }) => void ran.push(job.payload) });
    const id = add(store, "k", "a", { n: 1 });
    await scheduler.drain();
    expect(ran).toEqual([{ n: 1 }]);
    expect(stateOf(store, id)?.state).toBe("done");
    await scheduler.stop(100);
  });

  test("tries an error again after a delay and buries it after the last try, from where it can be replayed", async () => {
    const store = await newStore();
    let healthy = false;
    const scheduler = start(store, {
      k: async () => {
        if (!healthy) throw new Error("the disk is away");
      },
    });
    const id = add(store, "k", "a", {}, 2);
    await scheduler.drain();
    expect(stateOf(store, id)).toMatchObject({
      state: "queued",
      attempts: 1,
      lastError: "Error: the disk is away",
    });
    store.clock.advance(3_600_000);
    await scheduler.drain();
    expect(stateOf(store, id)).toMatchObject({ state: "dead", attempts: 2 });
    expect(queueHealth(store.db).dead).toBe(1);
    healthy = true;
    replay(store.db, SYSTEM_AUTHOR, id as never, store.clock.now());
    await scheduler.drain();
    expect(stateOf(store, id)?.state).toBe("done");
    expect(() => replay(store.db, SYSTEM_AUTHOR, id as never, store.clock.now())).toThrow(Problem);
    await scheduler.stop(100);
  });

  test("a verdict about the input is final; an unknown kind too", async () => {
    const store = await newStore();
    const scheduler = start(store, {
      k: async () => {
        throw new Problem("unprocessable", "x.y", "never");
      },
    });
    const [verdict, unknown] = [add(store, "k", "a"), add(store, "nobody", "a")];
    await scheduler.drain();
    expect(stateOf(store, verdict)?.state).toBe("dead");
    expect(stateOf(store, unknown)).toMatchObject({
      state: "dead",
      lastError: "Error: no handler for jobs of kind nobody",
    });
    await scheduler.stop(100);
  });

  test("a missed cron entry runs once, however often it was missed, and keeps its place over a restart", async () => {
    const store = await newStore();
    let runs = 0;
    const handlers = {
      tidy: async () => {
        runs += 1;
      },
    };
    const cron = [{ kind: "tidy", schedule: "0 * * * *" }];
    const scheduler = start(store, handlers, cron);
    await scheduler.drain();
    expect(runs).toBe(0);
    store.clock.advance(5 * 3_600_000);
    await scheduler.drain();
    expect(runs).toBe(1);
    await scheduler.stop(100);
    const planned = store.db.orm.select().from(cronEntries).get()?.nextRunAt;
    const again = start(store, handlers, cron);
    expect(store.db.orm.select().from(cronEntries).get()?.nextRunAt).toEqual(planned as Date);
    await again.stop(100);
    await start(store, handlers, []).stop(100);
    expect(store.db.orm.select().from(cronEntries).all()).toEqual([]);
  });

  test("where nothing can be written it looks again after a second, not at once, and takes the job then", async () => {
    const failures: string[] = [];
    const store = await openTestStore({ log: { ...silentLog, error: (event) => void failures.push(event) } });
    open.push({ store });
    const handlers = new Map<string, JobHandler>([["k", async () => {}]]);
    const scheduler = startScheduler(store, { handlers, cron: [] });
    store.db.raw.run("PRAGMA query_only = ON");
    scheduler.wake();
    await Bun.sleep(10);
    store.db.raw.run("PRAGMA query_only = OFF");
    const job = add(store, "k", "a");
    store.db.raw.run("PRAGMA query_only = ON");
    scheduler.wake();
    await Bun.sleep(400);
    // At once it would be some twenty.
    expect(failures.length).toBeWithin(1, 4);
    store.db.raw.run("PRAGMA query_only = OFF");
    while (stateOf(store, job)?.state !== "done") await Bun.sleep(20);
    await scheduler.stop(1000);
  });

  test("stop lets a running job finish, takes no new one, and a job that is cut off stays to run again", async () => {
    const store = await newStore();
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const scheduler = startScheduler(store, {
      handlers: new Map<string, JobHandler>([
        ["slow", () => gate],
        ["quick", async () => {}],
      ]),
      cron: [],
      concurrency: 1,
    });
    const slow = add(store, "slow", "a");
    scheduler.wake();
    while (stateOf(store, slow)?.state !== "running") await Bun.sleep(1);
    const quick = add(store, "quick", "a");
    const stopping = scheduler.stop(5000);
    release();
    await stopping;
    expect(stateOf(store, slow)?.state).toBe("done");
    expect(stateOf(store, quick)?.state).toBe("queued");
    const row = store.db.orm
      .select()
      .from(jobs)
      .where(eq(jobs.id, quick as never))
      .get();
    expect(row?.attempts).toBe(0);
  });
});
