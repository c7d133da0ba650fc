/** /api/v1/jobs */
import { type Static, Type } from "@sinclair/typebox";
import { auditAuthor } from "../../accounts/actor.ts";
import type { Store } from "../../context.ts";
import { isId } from "../../ids.ts";
import { type Job, listJobs, replay } from "../../jobs/queue.ts";
import { encodeCursor, pageRequest } from "../cursor.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { JOB, JOB_ID, JOB_STATE, PAGE_QUERY, pageSchema } from "../schemas.ts";

const PATH = "/api/v1/jobs";
const TAG = "Jobs";

/** Without the payload, which is between the store and its handlers. */
function jobAnswer(job: Job): Static<typeof JOB> {
  const { payload: _, runAt, createdAt, startedAt, finishedAt, ...rest } = job;
  return {
    ...rest,
    runAt: runAt.toISOString(),
    createdAt: createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}

/** A page of them. @throws Problem `cursor.invalid` */
export function jobsPageJson(
  { db }: Pick<Store, "db">,
  query: { readonly limit: number; readonly cursor?: string; readonly state?: Job["state"] },
) {
  const { limit, after } = pageRequest("jobs", query);
  const rows = listJobs(db, {
    limit: limit + 1,
    ...(query.state === undefined ? {} : { state: query.state }),
    ...(after !== undefined && isId("job", after) ? { before: after } : {}),
  });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(jobAnswer),
    nextCursor: last ? encodeCursor("jobs", last.id) : null,
  };
}

export const jobRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "jobs.read",
    name: "listJobs",
    summary: "List jobs",
    description: "The newest first; with state=dead, the ones that wait for somebody to look at them.",
    tag: TAG,
    query: Type.Object({ ...PAGE_QUERY, state: Type.Optional(JOB_STATE) }),
    replies: [{ status: 200, description: "A page of jobs.", schema: pageSchema(JOB) }],
    errors: ["cursor.invalid"],
    handle: ({ store, query }) => json(jobsPageJson(store, query)),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:jobId/replay`,
    access: "jobs.replay",
    name: "replayJob",
    summary: "Run a dead job again",
    description:
      "With fresh attempts. It takes no If-Match, since a job has no ETag: its state is the condition. One that is queued or runs already is answered as it is, so that the call may be repeated; one that is done is refused.",
    tag: TAG,
    params: Type.Object({ jobId: JOB_ID }),
    replies: [{ status: 200, description: "The job, which is queued again or runs.", schema: JOB }],
    errors: ["job.not_found", "job.not_dead"],
    handle: ({ store, actor, params }) => {
      const job = replay(store.db, auditAuthor(actor), params.jobId, store.clock.now());
      store.wakeJobs();
      return json(jobAnswer(job));
    },
  }),
];
