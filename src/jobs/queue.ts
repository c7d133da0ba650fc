/**
 * The durable queue: rows in SQLite. A domain enqueues in the transaction that makes the work necessary, so a job is
 * there exactly when its cause is.
 */

import { and, asc, count, desc, eq, gt, gte, inArray, lt, max, notInArray, type SQL, sql } from "drizzle-orm";
import type { AuditAuthor, AuditChange } from "../audit/entry.ts";
import { recordChange } from "../audit/record.ts";
import { announce } from "../db/announcements.ts";
import type { Db, Tx } from "../db/database.ts";
import { write } from "../db/database.ts";
import { perDb } from "../db/per-db.ts";
import { cronEntries, jobs } from "../db/schema.ts";
import { Problem } from "../errors.ts";
import { type JobId, newId } from "../ids.ts";
import { say } from "../say.ts";
import { decideNext, NONE_PASSED, PRIORITIES, type Priority, USUAL } from "./turns.ts";

export type JobPayload = Readonly<Record<string, unknown>>;
export type Job = typeof jobs.$inferSelect;

export type NewJob = {
  readonly kind: string;
  /** Jobs of one kind with one key run one after another. */
  readonly key: string;
  readonly payload?: JobPayload;
  readonly runAt?: Date;
  readonly maxAttempts?: number;
  /** As usual unless it is said. */
  readonly priority?: Priority;
};

const DEFAULT_MAX_ATTEMPTS = 8;

/** Adds a job to the transaction; one that is queued with the same kind, key and payload stands for both. Gives the id of the job that will run. */
export function enqueue(tx: Tx, job: NewJob, now: Date): JobId {
  const queued = tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      and(
        eq(jobs.kind, job.kind),
        eq(jobs.key, job.key),
        eq(jobs.state, "queued"),
        eq(jobs.payload, job.payload ?? {}),
      ),
    )
    .get();
  if (queued) return queued.id;
  const id = newId("job");
  announce("jobs");
  tx.insert(jobs)
    .values({
      id,
      kind: job.kind,
      key: job.key,
      payload: job.payload ?? {},
      state: "queued",
      attempts: 0,
      interruptions: 0,
      maxAttempts: job.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
      priority: job.priority ?? USUAL,
      runAt: job.runAt ?? now,
      createdAt: now,
    })
    .run();
  return id;
}

/**
 * As `enqueue`, when what may have made such a job fail before is mended: one that waits for its next try, or is among the
 * dead letters, has all attempts again and is due now. So no dead letter stays about what is done.
 */
export function enqueueAfresh(tx: Tx, job: NewJob, now: Date): void {
  const same = and(eq(jobs.kind, job.kind), eq(jobs.key, job.key), eq(jobs.payload, job.payload ?? {}));
  tx.delete(jobs)
    .where(and(same, eq(jobs.state, "dead")))
    .run();
  enqueue(tx, job, now);
  hasten(tx, job, now);
}

export function isQueued(tx: Tx, { kind, key }: Pick<NewJob, "kind" | "key">): boolean {
  const same = and(eq(jobs.kind, kind), eq(jobs.key, key), eq(jobs.state, "queued"));
  return tx.select({ id: jobs.id }).from(jobs).where(same).limit(1).get() !== undefined;
}

/** Whether it waits or runs. */
export function isUnderWay(tx: Tx, { kind, key }: Pick<NewJob, "kind" | "key">): boolean {
  const same = and(eq(jobs.kind, kind), eq(jobs.key, key), inArray(jobs.state, ["queued", "running"]));
  return tx.select({ id: jobs.id }).from(jobs).where(same).limit(1).get() !== undefined;
}

/** What made queued jobs fail is mended: they need not wait for their next try, and have all attempts again. */
export function hasten(tx: Tx, job: Pick<NewJob, "kind" | "key">, now: Date): void {
  announce("jobs");
  tx.update(jobs)
    .set({ runAt: now, attempts: 0 })
    .where(and(eq(jobs.kind, job.kind), eq(jobs.key, job.key), eq(jobs.state, "queued")))
    .run();
}

/**
 * Jobs that were asked for by a clock that was ahead come as long from now as they would have come then: at once where they were
 * due, and those that were put off still in their turn. Gives how many.
 * @param shown What that clock showed last; null: the database says since when it was at least so late.
 */
export function hastenFromFuture(db: Db, now: Date, shown: Date | null): number {
  const queued = and(eq(jobs.state, "queued"), gt(jobs.createdAt, now));
  return write(db, (tx) => {
    const found = tx
      .select({ count: count(), lastAt: max(jobs.createdAt) })
      .from(jobs)
      .where(queued)
      .get();
    if (found === undefined || found.count === 0) return 0;
    const cronAt = tx
      .select({ at: max(cronEntries.lastRunAt) })
      .from(cronEntries)
      .get()?.at;
    const lastMs = Math.max(...[shown, found.lastAt, cronAt].map((at) => at?.getTime() ?? 0));
    announce("jobs");
    const runAt = sql`max(${now.getTime()}, ${jobs.runAt} - ${lastMs - now.getTime()})`;
    tx.update(jobs).set({ runAt, createdAt: now }).where(queued).run();
    return found.count;
  });
}

/** What queued jobs need is not there: none of them is tried before that moment. */
export function postpone(tx: Tx, job: Pick<NewJob, "kind" | "key">, until: Date): void {
  announce("jobs");
  tx.update(jobs)
    .set({ runAt: until })
    .where(
      and(eq(jobs.kind, job.kind), eq(jobs.key, job.key), eq(jobs.state, "queued"), lt(jobs.runAt, until)),
    )
    .run();
}

/** Only one process takes jobs. */
const turnsOf = perDb(() => ({ passed: NONE_PASSED }));

/**
 * Takes a job that is due and whose kind and key are not running; null when there is none. The oldest of the highest priority,
 * but for the turns of lower ones.
 */
export function claim(db: Db, now: Date): Job | null {
  const oldest = db.raw.query<{ id: JobId }, [number, number]>(
    `SELECT id FROM jobs AS job WHERE state = 'queued' AND priority = ? AND run_at <= ?
       AND NOT EXISTS (SELECT 1 FROM jobs AS other WHERE other.state = 'running' AND other.kind = job.kind AND other.key = job.key)
     ORDER BY run_at, id LIMIT 1`,
  );
  const ready = new Map<Priority, JobId>();
  for (const priority of PRIORITIES) {
    const row = oldest.get(priority, now.getTime());
    if (row !== null) ready.set(priority, row.id);
  }
  const turns = turnsOf({ db });
  const turn = decideNext([...ready.keys()], turns.passed);
  const id = turn === null ? undefined : ready.get(turn.next);
  if (turn === null || id === undefined) return null;
  const job = write(db, (tx) => {
    announce("jobs");
    const row = tx
      .update(jobs)
      .set({ state: "running", startedAt: now, attempts: sql`${jobs.attempts} + 1` })
      .where(and(eq(jobs.id, id), eq(jobs.state, "queued")))
      .returning()
      .get();
    return row ?? null;
  });
  turns.passed = turn.passed;
  return job;
}

/**
 * The running job waits for somebody else: those of its kind and key need not wait for it. It has a key of its own until it
 * has ended.
 */
export function setAside(db: Db, job: Job): void {
  write(db, (tx) => {
    announce("jobs");
    tx.update(jobs)
      .set({ key: `${job.key}${asideMark(job.id)}` })
      .where(and(eq(jobs.id, job.id), eq(jobs.state, "running")))
      .run();
  });
}

function asideMark(id: JobId): string {
  return `#${id}`;
}

/** The key that it was enqueued with. */
function ownKey({ id, key }: Job): string {
  const mark = asideMark(id);
  return key.endsWith(mark) ? key.slice(0, -mark.length) : key;
}

/** The next moment at which something may be due; null when nothing is queued. */
export function nextDue(db: Db): Date | null {
  const row = db.raw
    .query<{ at: number | null }, []>("SELECT min(run_at) AS at FROM jobs WHERE state = 'queued'")
    .get();
  return row?.at == null ? null : new Date(row.at);
}

export function finish(db: Db, id: JobId, now: Date): void {
  write(db, (tx) => {
    announce("jobs");
    tx.update(jobs).set({ state: "done", finishedAt: now, lastError: null }).where(eq(jobs.id, id)).run();
  });
}

/**
 * In the transaction that does all that the job is for: it is done, and nothing is kept of it. For what strangers may ask for
 * as often as they like, and what holds their addresses.
 */
export function finishUnkept(tx: Tx, id: JobId): void {
  announce("jobs");
  tx.delete(jobs).where(eq(jobs.id, id)).run();
}

/** As it is written down by now: what a run was given is from when it began. */
export function payloadOf(tx: Tx, id: JobId): JobPayload {
  return tx.select({ payload: jobs.payload }).from(jobs).where(eq(jobs.id, id)).get()?.payload ?? {};
}

/** In the transaction that does a part of what the job is for: how far it has come, for the next part and after a kill. */
export function keepPayload(tx: Tx, id: JobId, payload: JobPayload): void {
  tx.update(jobs).set({ payload }).where(eq(jobs.id, id)).run();
}

/**
 * When to try again: exponential from one second up to an hour, with full jitter, so that jobs that failed together
 * do not come back together.
 */
export function retryDelayMs(attempts: number, random: number): number {
  const ceilingMs = Math.min(3_600_000, 1000 * 2 ** Math.min(attempts, 20));
  return Math.max(100, Math.floor(ceilingMs * random));
}

/** Puts a failed job back, or among the dead letters after its last attempt or when trying again cannot help. */
export function fail(
  db: Db,
  job: Job,
  reason: string,
  options: { now: Date; random: number; final: boolean },
): "queued" | "dead" {
  const state = options.final || job.attempts >= job.maxAttempts ? "dead" : "queued";
  const runAt = new Date(options.now.getTime() + retryDelayMs(job.attempts, options.random));
  write(db, (tx) => {
    announce("jobs");
    tx.update(jobs)
      .set({
        key: job.key,
        ...(state === "dead"
          ? { state, finishedAt: options.now, lastError: reason, interruptions: 0 }
          : { state, runAt, lastError: reason, startedAt: null, interruptions: 0 }),
      })
      .where(eq(jobs.id, job.id))
      .run();
  });
  return state;
}

/** A job that so often in a row ran when the process ended is taken for the cause, or the store would never start again. */
const MAX_INTERRUPTIONS = 10;

/**
 * At the start of the process that holds the folder's lock: what is marked as running was cut off by a kill and runs
 * again. A kill is not the job's fault, so its attempt does not count, but from the third time on it waits as after an
 * error, and after the tenth it is a dead letter. Handlers are idempotent. Gives how many were cut off.
 */
export function requeueInterrupted(db: Db, now: Date): number {
  return write(db, (tx) => {
    const rows = tx.select().from(jobs).where(eq(jobs.state, "running")).all();
    announce("jobs");
    for (const row of rows) {
      const interruptions = row.interruptions + 1;
      const attempts = Math.max(row.attempts - 1, 0);
      const since = { key: ownKey(row), interruptions, attempts, startedAt: null };
      const lastError = `the process ended ${interruptions} times in a row while this job ran`;
      const waitMs = interruptions < 3 ? 0 : retryDelayMs(interruptions - 2, 1);
      tx.update(jobs)
        .set(
          interruptions < MAX_INTERRUPTIONS
            ? {
                ...since,
                state: "queued",
                runAt: new Date(Math.max(row.runAt.getTime(), now.getTime() + waitMs)),
              }
            : { ...since, state: "dead", finishedAt: now, lastError },
        )
        .where(eq(jobs.id, row.id))
        .run();
    }
    return rows.length;
  });
}

/**
 * Puts a dead letter back into the queue with fresh attempts. One that waits or runs already is left as it is, so that
 * the call may be repeated.
 * @throws Problem `job.not_found`, `job.not_dead` when it is done
 */
export function replay(db: Db, author: AuditAuthor, id: JobId, now: Date): Job {
  return write(db, (tx) => {
    const job = tx.select().from(jobs).where(eq(jobs.id, id)).get();
    if (!job) throw new Problem("not_found", "job.not_found", say`There is no job ${id}.`);
    if (job.state === "queued" || job.state === "running") return job;
    if (job.state !== "dead")
      throw new Problem(
        "conflict",
        "job.not_dead",
        say`Only a dead letter can be replayed; job ${id} is ${job.state}.`,
      );
    const change: AuditChange = {
      action: "job.replayed",
      subject: { type: "job", id },
      before: { state: job.state, attempts: job.attempts },
      after: { state: "queued", kind: job.kind, key: job.key },
    };
    recordChange(tx, author, change, now);
    announce("jobs");
    return tx
      .update(jobs)
      .set({ state: "queued", attempts: 0, interruptions: 0, runAt: now, finishedAt: null, startedAt: null })
      .where(eq(jobs.id, id))
      .returning()
      .get();
  });
}

/** Newest first; `before` is the id after which the page starts. Without a state: in any. */
export function listJobs(
  db: Db,
  filter: { state?: Job["state"] | readonly Job["state"][]; before?: JobId; limit: number },
): Job[] {
  const { state, before, limit } = filter;
  const those = (wanted: SQL | undefined) =>
    db.orm
      .select()
      .from(jobs)
      .where(and(wanted, before ? lt(jobs.id, before) : undefined))
      .orderBy(desc(jobs.id))
      .limit(limit)
      .all();
  if (state === undefined) return those(undefined);
  // Each by itself, in the index's order: of several at once all would be read to be sorted.
  const found = [state].flat().flatMap((each) => those(eq(jobs.state, each)));
  return found.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit);
}

/** The id after which the page before the one that starts after `after` starts; null when it is the first. */
export function beforeJobs(
  db: Db,
  states: readonly Job["state"][],
  after: JobId,
  limit: number,
): JobId | null {
  const ids = states.flatMap((state) =>
    db.orm
      .select({ id: jobs.id })
      .from(jobs)
      .where(and(eq(jobs.state, state), gte(jobs.id, after)))
      .orderBy(asc(jobs.id))
      .limit(limit + 1)
      .all()
      .map(({ id }) => id),
  );
  return ids.sort()[limit] ?? null;
}

/** How many jobs are in a state, as far as `most`. */
export function countJobs(db: Db, state: Job["state"], most: number): number {
  return db.orm.select({ id: jobs.id }).from(jobs).where(eq(jobs.state, state)).limit(most).all().length;
}

/** A queue whose oldest due job waits for longer than this does not move. */
export const STUCK_MS = 5 * 60_000;

/** Kinds of which jobs were given up, by name, and when the last one was. */
export function deadKinds(db: Db): { readonly kind: string; readonly at: Date | null }[] {
  return db.orm
    .select({ kind: jobs.kind, at: max(jobs.finishedAt) })
    .from(jobs)
    .where(eq(jobs.state, "dead"))
    .groupBy(jobs.kind)
    .orderBy(asc(jobs.kind))
    .all();
}

/**
 * How many jobs are in each state, and since when the oldest queued one is due.
 * @param patient Kinds whose jobs may wait for each other for long: they do not count as due.
 */
export function queueHealth(
  db: Db,
  patient: readonly string[] = [],
): {
  queued: number;
  running: number;
  dead: number;
  oldestDueAt: Date | null;
} {
  const counts = db.raw
    .query<{ state: string; n: number }, []>(
      "SELECT state, count(*) AS n FROM jobs WHERE state IN ('queued', 'running', 'dead') GROUP BY state",
    )
    .all();
  const of = (state: string) => counts.find((row) => row.state === state)?.n ?? 0;
  const oldest = db.orm
    .select({ runAt: jobs.runAt })
    .from(jobs)
    .where(and(eq(jobs.state, "queued"), notInArray(jobs.kind, [...patient])))
    .orderBy(asc(jobs.runAt))
    .limit(1)
    .get();
  return {
    queued: of("queued"),
    running: of("running"),
    dead: of("dead"),
    oldestDueAt: oldest?.runAt ?? null,
  };
}

/** Forgets finished jobs; dead letters stay until someone decides. Gives how many went. */
export function forgetFinished(db: Db, before: Date): number {
  return write(
    db,
    (tx) =>
      tx
        .delete(jobs)
        .where(and(eq(jobs.state, "done"), lt(jobs.finishedAt, before)))
        .returning({ id: jobs.id })
        .all().length,
  );
}
