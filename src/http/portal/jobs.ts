/** `/admin/jobs` */
import { type Static, type TObject, Type } from "@sinclair/typebox";
import { type JobRow, type JobsProps, jobsPage, jobsPart } from "../../../views/pages/jobs.tsx";
import { auditAuthor } from "../../accounts/actor.ts";
import { allows } from "../../accounts/rights.ts";
import { isId } from "../../ids.ts";
import { beforeJobs, countJobs, type Job, listJobs, replay } from "../../jobs/queue.ts";
import { pageRequest } from "../cursor.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { JOB_ID, oneOf, PAGE_QUERY } from "../schemas.ts";
import { followPart, liveHref, SEEN } from "./live.ts";
import { goOn, pagerOf, show } from "./page.ts";

const PATH = "/admin/jobs";
const PER_PAGE = 50;
/** As many of a kind are counted for the page. */
const MOST_COUNTED = 1000;
/** Jobs begin and end by the second while the store is at work. */
const GAP_MS = 2000;

const STATES = { dead: ["dead"], active: ["queued", "running"] } as const satisfies Record<
  string,
  readonly Job["state"][]
>;

function jobRow(job: Job, now: Date): JobRow[] {
  const { id, kind, key, state, attempts, lastError, runAt, createdAt, startedAt, finishedAt } = job;
  if (state === "done") return [];
  const at = { queued: createdAt, running: startedAt, dead: finishedAt }[state] ?? createdAt;
  const nextAttemptAt = state === "queued" && runAt > now ? runAt : null;
  return [{ id, kind, key, state, attempts, lastError, at, nextAttemptAt }];
}

const QUERY = { cursor: PAGE_QUERY.cursor, show: Type.Optional(oneOf("dead", "active")) };

/** @throws Problem `cursor.invalid` */
function jobsProps(
  { store, actor }: Pick<CallBase, "store" | "actor">,
  query: Static<TObject<typeof QUERY>>,
): JobsProps {
  const which = query.show ?? "dead";
  const { limit, after } = pageRequest("jobs", { ...query, limit: PER_PAGE });
  const states = STATES[which];
  const rows = listJobs(store.db, {
    state: states,
    limit: limit + 1,
    ...(after !== undefined && isId("job", after) ? { before: after } : {}),
  });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const count = (state: Job["state"]) => countJobs(store.db, state, MOST_COUNTED);
  const now = store.clock.now();
  return {
    show: which,
    mayReplay: allows(actor, "jobs.replay"),
    counts: { dead: count("dead"), active: Math.min(count("queued") + count("running"), MOST_COUNTED) },
    jobs: rows.slice(0, limit).flatMap((job) => jobRow(job, now)),
    pager: pagerOf(
      "jobs",
      which === "dead" ? PATH : `${PATH}?show=${which}`,
      { after, nextCursor: last?.id ?? null },
      (from) => (isId("job", from) ? beforeJobs(store.db, states, from, PER_PAGE) : null),
    ),
  };
}

export const jobRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "jobs.read",
    name: "jobsPage",
    summary: "What the store does by itself, and what it gave up",
    query: Type.Object(QUERY),
    handle: (call) => {
      const props = jobsProps(call, call.query);
      return show(call, (ctx) => jobsPage(ctx, props, liveHref(call, props)));
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/events`,
    access: "jobs.read",
    name: "jobsEvents",
    summary: "The page of the jobs as they come and go",
    stream: true,
    query: Type.Object({ ...QUERY, ...SEEN }),
    handle: (call) =>
      followPart(call, {
        props: (now) => jobsProps(now, call.query),
        view: jobsPart,
        topics: () => ["jobs"],
        gapMs: GAP_MS,
      }),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/:jobId/replay`,
    access: "jobs.replay",
    name: "replayJobForm",
    summary: "Run a dead job again",
    params: Type.Object({ jobId: JOB_ID }),
    handle: (call) => {
      replay(call.store.db, auditAuthor(call.actor), call.params.jobId, call.store.clock.now());
      call.store.wakeJobs();
      return goOn(call, PATH, "job_replayed");
    },
  }),
];
