/** Runs the queue: a few jobs side by side, cron entries, and an orderly stop. */
import { Cron } from "croner";
import { eq } from "drizzle-orm";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { cronEntries } from "../db/schema.ts";
import { unwatched } from "../db/watch.ts";
import { describeError, isProblem } from "../errors.ts";
import {
  claim,
  enqueue,
  fail,
  finish,
  hastenFromFuture,
  type Job,
  nextDue,
  requeueInterrupted,
  setAside,
} from "./queue.ts";

export type JobRun = {
  readonly job: Job;
  readonly signal: AbortSignal;
  /**
   * It only waits for somebody else from now on: it takes no other job's place any more, neither that of one with its key.
   * As long as enough others have stepped aside, nothing changes.
   */
  readonly stepAside: () => void;
};
/** Must be idempotent: it may run again after a kill at any instant. */
export type JobHandler = (store: Store, run: JobRun) => Promise<void>;
export type CronEntry = { readonly kind: string; readonly schedule: string };
export type Handlers = ReadonlyMap<string, JobHandler>;

export type Scheduler = {
  /** Looks for work now instead of at the next tick. */
  wake(): void;
  /** Runs until nothing is due any more: what commands do that have no server beside them. */
  drain(): Promise<void>;
  /** Takes no new job, waits for those that run, at most `timeoutMs`; what is cut off runs again at the next start. */
  stop(timeoutMs: number): Promise<void>;
};

export type SchedulerOptions = {
  readonly handlers: Handlers;
  readonly cron: readonly CronEntry[];
  readonly concurrency?: number;
  /** With false only `drain` runs jobs. */
  readonly ticking?: boolean;
};

const LONGEST_WAIT_MS = 1000;
/** After it could not look for work, as on a full disk: twice as long each time. */
const FAILED_WAIT_MS = 1000;
const LONGEST_FAILED_WAIT_MS = 60_000;
/** Each holds a connection, and what it has in memory. */
const MOST_ASIDE = 8;

/** Only the process that holds the data folder's lock may start one. */
export function startScheduler(store: Store, options: SchedulerOptions): Scheduler {
  const concurrency = options.concurrency ?? 2;
  const running = new Set<Promise<void>>();
  const aside = new Set<Promise<void>>();
  const abort = new AbortController();
  let stopping = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  requeueInterrupted(store.db, store.clock.now());
  planAgain(store, options.cron);

  let lastMs = store.clock.now().getTime();
  const fill = (): void => {
    const nowMs = store.clock.now().getTime();
    if (nowMs < lastMs - CLOCK_STEP_MS) planAgain(store, options.cron, new Date(lastMs));
    lastMs = nowMs;
    if (options.ticking !== false || draining > 0) enqueueDueCron(store);
    while (!stopping && running.size < concurrency) {
      const job = claim(store.db, store.clock.now());
      if (!job) break;
      const stepAside = () => {
        if (stopping || aside.size >= MOST_ASIDE || !running.has(run)) return;
        try {
          setAside(store.db, job);
        } catch (error) {
          store.log.error("jobs.tick_failed", { error: describeError(error) });
          return;
        }
        running.delete(run);
        aside.add(run);
        tick();
      };
      const { signal } = abort;
      const run = runJob(store, options.handlers, { job, signal, stepAside }).finally(() => {
        running.delete(run);
        aside.delete(run);
        tick();
      });
      running.add(run);
    }
  };

  let draining = 0;
  let failures = 0;
  /** False when it could not look for work. */
  const tick = (): boolean => {
    clearTimeout(timer);
    if (stopping) return true;
    if (options.ticking === false && draining === 0) return true;
    try {
      fill();
      failures = 0;
    } catch (error) {
      failures += 1;
      store.log.error("jobs.tick_failed", { error: describeError(error) });
    }
    timer = setTimeout(tick, failures === 0 ? untilDueMs() : failedWaitMs(failures));
    return failures === 0;
  };
  const untilDueMs = (): number => {
    const due = nextDue(store.db);
    const waitMs = due ? due.getTime() - store.clock.now().getTime() : LONGEST_WAIT_MS;
    return Math.min(LONGEST_WAIT_MS, Math.max(20, waitMs));
  };
  if (options.ticking !== false) tick();

  return {
    // What a request wakes is not its own work.
    wake: () => unwatched(() => queueMicrotask(tick)),
    async drain() {
      draining += 1;
      try {
        for (;;) {
          const looked = tick();
          if (running.size + aside.size > 0) {
            await Promise.race([...running, ...aside]);
            continue;
          }
          // On a full disk nothing can be taken: what is due waits for the next start.
          if (!looked) return;
          const due = nextDue(store.db);
          if (!due || due > store.clock.now()) return;
        }
      } finally {
        draining -= 1;
        if (options.ticking === false) clearTimeout(timer);
      }
    },
    async stop(timeoutMs) {
      stopping = true;
      clearTimeout(timer);
      abort.abort();
      await Promise.race([Promise.allSettled([...running, ...aside]), Bun.sleep(timeoutMs)]);
    },
  };
}

async function runJob(store: Store, handlers: Handlers, jobRun: JobRun): Promise<void> {
  const { job } = jobRun;
  const startedAt = store.clock.now();
  const fields = { job: job.id, kind: job.kind, key: job.key, attempt: job.attempts };
  const handler = handlers.get(job.kind);
  try {
    if (!handler) throw new Error(`no handler for jobs of kind ${job.kind}`);
    await handler(store, jobRun);
    finish(store.db, job.id, store.clock.now());
    store.log.info("job.done", { ...fields, durationMs: store.clock.now().getTime() - startedAt.getTime() });
  } catch (error) {
    // A Problem is a verdict about the input: the same input gives the same verdict, so trying again cannot help.
    const final =
      !handler || (isProblem(error) && error.kind !== "unavailable" && error.kind !== "unreachable");
    try {
      const state = fail(store.db, job, describeError(error), {
        now: store.clock.now(),
        random: randomFraction(),
        final,
      });
      store.log.error("job.failed", { ...fields, state, error: describeError(error) });
    } catch (failure) {
      // The row stays `running` and is taken up again at the next start.
      store.log.error("job.not_recorded", { ...fields, error: describeError(failure) });
    }
  }
}

function failedWaitMs(failures: number): number {
  return Math.min(LONGEST_FAILED_WAIT_MS, FAILED_WAIT_MS * 2 ** (failures - 1));
}

function randomFraction(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;
}

/** A clock that goes back by more was wrong before. */
const CLOCK_STEP_MS = 60_000;

/** What a clock that was ahead has put off is not waited for until then. */
function planAgain(store: Store, entries: readonly CronEntry[], shown: Date | null = null): void {
  const hastened = hastenFromFuture(store.db, store.clock.now(), shown);
  planCron(store, entries);
  if (hastened > 0) store.log.warn("jobs.clock_was_ahead", { jobs: hastened });
}

/** Brings the table in line with the program's entries; a known entry keeps its next time where that can be. */
function planCron(store: Store, entries: readonly CronEntry[]): void {
  const now = store.clock.now();
  write(store.db, (tx) => {
    const known = new Map(
      tx
        .select()
        .from(cronEntries)
        .all()
        .map((row) => [row.kind, row]),
    );
    for (const entry of entries) {
      const nextRunAt = nextAfter(entry.schedule, now);
      const row = known.get(entry.kind);
      if (row?.schedule !== entry.schedule || row.nextRunAt > nextRunAt) {
        tx.insert(cronEntries)
          .values({ kind: entry.kind, schedule: entry.schedule, nextRunAt })
          .onConflictDoUpdate({ target: cronEntries.kind, set: { schedule: entry.schedule, nextRunAt } })
          .run();
      }
      known.delete(entry.kind);
    }
    for (const kind of known.keys()) tx.delete(cronEntries).where(eq(cronEntries.kind, kind)).run();
  });
}

/** However long the process was down, a missed entry runs once. */
function enqueueDueCron(store: Store): void {
  const now = store.clock.now();
  const due = store.db.raw
    .query<{ kind: string }, [number]>("SELECT kind FROM cron_entries WHERE next_run_at <= ? LIMIT 1")
    .get(now.getTime());
  if (!due) return;
  write(store.db, (tx) => {
    for (const entry of tx.select().from(cronEntries).all()) {
      if (entry.nextRunAt > now) continue;
      enqueue(tx, { kind: entry.kind, key: "cron" }, now);
      tx.update(cronEntries)
        .set({ lastRunAt: now, nextRunAt: nextAfter(entry.schedule, now) })
        .where(eq(cronEntries.kind, entry.kind))
        .run();
    }
  });
}

function nextAfter(schedule: string, now: Date): Date {
  const next = new Cron(schedule, { timezone: "UTC" }).nextRun(now);
  if (!next) throw new Error(`the schedule ${schedule} never comes`);
  return next;
}
