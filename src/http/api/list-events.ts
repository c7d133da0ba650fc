/** Streams of what changes by itself besides a version: the review queue, the jobs, and what waits for oneself. */
import { Type } from "@sinclair/typebox";
import { allows } from "../../accounts/rights.ts";
import { listApps } from "../../catalog/app-list/list.ts";
import { queueLength } from "../../catalog/overview.ts";
import { listQueue } from "../../review/queue.ts";
import { pageFor } from "../cursor.ts";
import { topicsOfDashboard } from "../live/dashboard-topics.ts";
import { needsOf } from "../needs.ts";
import { defineRoute, type Route } from "../route.ts";
import { JOB_STATE, PAGE_QUERY } from "../schemas.ts";
import { jobsPageJson } from "./jobs.ts";
import { needsJson } from "./needs.ts";
import { EVENTS_REPLY, followJson, streamDescription } from "./streams.ts";

/** Jobs begin and end by the second while the store is at work. */
const JOBS_GAP_MS = 2000;
/** Of the dashboard's apps so many are followed. */
const APPS_FOLLOWED = 25;

export const queueEventsRoute: Route = defineRoute({
  area: "api",
  method: "GET",
  path: "/api/v1/review/queue/events",
  access: "review.read",
  name: "followReviewQueue",
  summary: "Follow the review queue",
  description: streamDescription(
    "`queue` has a page of the queue as JSON, as it is listed, and in `waiting` how many versions wait.",
  ),
  tag: "Review",
  stream: true,
  takes: ["LastEventId"],
  query: Type.Object(PAGE_QUERY),
  replies: [EVENTS_REPLY],
  errors: ["cursor.invalid", "live.full"],
  handle: (call) =>
    followJson(call, "queue", ({ store, actor }) => ({
      data: {
        ...pageFor("queue", call.query, (page) => listQueue(store, actor, page)),
        waiting: queueLength(store).waiting,
      },
      topics: ["review-queue"],
    })),
});

export const jobEventsRoute: Route = defineRoute({
  area: "api",
  method: "GET",
  path: "/api/v1/jobs/events",
  access: "jobs.read",
  name: "followJobs",
  summary: "Follow the jobs",
  description: streamDescription(
    "`jobs` has a page of jobs as JSON, as they are listed, at most one in two seconds.",
  ),
  tag: "Jobs",
  stream: true,
  takes: ["LastEventId"],
  query: Type.Object({ ...PAGE_QUERY, state: Type.Optional(JOB_STATE) }),
  replies: [EVENTS_REPLY],
  errors: ["cursor.invalid", "live.full"],
  handle: (call) =>
    followJson(
      call,
      "jobs",
      ({ store }) => ({ data: jobsPageJson(store, call.query), topics: ["jobs"] }),
      JOBS_GAP_MS,
    ),
});

export const needEventsRoute: Route = defineRoute({
  area: "api",
  method: "GET",
  path: "/api/v1/me/needs/events",
  access: "self.read",
  name: "followOwnNeeds",
  summary: "Follow what waits for oneself",
  description: streamDescription(
    `\`needs\` has as JSON what waits for oneself, as it is listed, and in \`apps\` the first ${APPS_FOLLOWED} of one's apps. The store looks again when one of those apps, the review queue, an offer or a request for an organisation changes, and else once a minute.`,
  ),
  tag: "Accounts",
  stream: true,
  takes: ["LastEventId"],
  replies: [EVENTS_REPLY],
  errors: ["live.full"],
  handle: (call) =>
    followJson(call, "needs", ({ store, actor }) => {
      const needs = needsOf(store, actor);
      const apps = allows(actor, "app.read") ? listApps(store, actor, { limit: APPS_FOLLOWED }).items : [];
      return {
        data: { items: needsJson(needs), apps },
        topics: topicsOfDashboard(actor, apps, needs),
      };
    }),
});
