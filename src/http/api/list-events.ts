/** Streams of what changes by itself besides a version: the review queue, the jobs, and what waits for oneself. */
import { Type } from "@sinclair/typebox";
import { allows } from "../../accounts/rights.ts";
import { listApps } from "../../catalog/app-list/list.ts";
import { queueLength } from "../../catalog/overview.ts";
import type { Topic } from "../../db/announcements.ts";
import { listQueue } from "../../review/queue.ts";
import { pageFor } from "../cursor.ts";
import { topicsOfDashboard } from "../live/dashboard-topics.ts";
import { markOf } from "../live/mark.ts";
import { followReply } from "../live/stream.ts";
import { needsOf } from "../needs.ts";
import { type CallBase, defineRoute, type ReplySpec, type Route } from "../route.ts";
import { JOB_STATE, PAGE_QUERY } from "../schemas.ts";
import { jobsPageJson } from "./jobs.ts";
import { needsJson } from "./needs.ts";

/** Jobs begin and end by the second while the store is at work. */
const JOBS_GAP_MS = 2000;
/** Of the dashboard's apps so many are followed. */
const APPS_FOLLOWED = 25;

const HOW =
  "It comes once at the beginning, and again when it has changed: the newest state is always told, those between two of them may be left out. `alive` comes when there is nothing else to say, every 15 seconds at least. An `end` whose data is `replaced` came because you opened more streams than one may have, of which the oldest ends: do not come back with it. A stream ends without `end` after ten minutes, when it was cut off, or when you may not read it any more: come back after the time in `retry`, with `Last-Event-ID`, and the answer says which.";

const REPLIES: readonly ReplySpec[] = [
  { status: 200, description: "The events.", mediaType: "text/event-stream", streamed: true },
];

/** One event, of this name, with these data as JSON, whenever they have changed. */
function follow(
  call: CallBase,
  name: string,
  look: (now: CallBase) => { readonly data: unknown; readonly topics: readonly Topic[] },
  gapMs?: number,
): Response {
  return followReply(call, (now) => {
    const { data, topics } = look(now);
    return {
      mark: markOf(data),
      topics,
      isLast: false,
      ...(gapMs === undefined ? {} : { gapMs }),
      event: () => ({ name, data: JSON.stringify(data) }),
    };
  });
}

export const queueEventsRoute: Route = defineRoute({
  area: "api",
  method: "GET",
  path: "/api/v1/review/queue/events",
  access: "review.read",
  name: "followReviewQueue",
  summary: "Follow the review queue",
  description: `Server-sent events. \`queue\` has a page of the queue as JSON, as it is listed, and in \`waiting\` how many versions wait. ${HOW}`,
  tag: "Review",
  stream: true,
  takes: ["LastEventId"],
  query: Type.Object(PAGE_QUERY),
  replies: REPLIES,
  errors: ["cursor.invalid", "live.full"],
  handle: (call) =>
    follow(call, "queue", ({ store, actor }) => ({
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
  description: `Server-sent events. \`jobs\` has a page of jobs as JSON, as they are listed, at most one in two seconds. ${HOW}`,
  tag: "Jobs",
  stream: true,
  takes: ["LastEventId"],
  query: Type.Object({ ...PAGE_QUERY, state: Type.Optional(JOB_STATE) }),
  replies: REPLIES,
  errors: ["cursor.invalid", "live.full"],
  handle: (call) =>
    follow(
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
  description: `Server-sent events. \`needs\` has as JSON what waits for oneself, as it is listed, and in \`apps\` the first ${APPS_FOLLOWED} of one's apps. It looks again when one of those apps, the review queue, an offer or a request for an organisation changes, and else once a minute. ${HOW}`,
  tag: "Accounts",
  stream: true,
  takes: ["LastEventId"],
  replies: REPLIES,
  errors: ["live.full"],
  handle: (call) =>
    follow(call, "needs", ({ store, actor }) => {
      const needs = needsOf(store, actor);
      const apps = allows(actor, "app.read") ? listApps(store, actor, { limit: APPS_FOLLOWED }).items : [];
      return {
        data: { items: needsJson(needs), apps },
        topics: topicsOfDashboard(actor, apps, needs),
      };
    }),
});
