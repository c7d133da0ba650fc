/** /api/v1/review/versions/{versionId}/events: a review as it is decided. */
import { Type } from "@sinclair/typebox";
import { readReview } from "../../review/queue.ts";
import { isOnItsWay, topicsOfReview } from "../live/version-topics.ts";
import { defineRoute, type Route } from "../route.ts";
import { VERSION_ID } from "../schemas.ts";
import { END_REPLIES, followJson, streamDescription } from "./streams.ts";

export const reviewEventsRoute: Route = defineRoute({
  area: "api",
  method: "GET",
  path: "/api/v1/review/versions/:versionId/events",
  access: "review.read",
  name: "followReview",
  summary: "Follow a review",
  description: streamDescription(
    "`review` has as JSON everything for a decision, as it is read by itself. It changes with the version, with the decision, and with what devices have of the app.",
    "it is published, failed, rejected or withdrawn",
  ),
  tag: "Review",
  stream: true,
  takes: ["LastEventId"],
  params: Type.Object({ versionId: VERSION_ID }),
  replies: END_REPLIES,
  errors: ["version.not_found", "catalog.damaged", "live.full"],
  handle: (call) =>
    followJson(call, "review", ({ store, actor }) => {
      const review = readReview(store, actor, call.params.versionId);
      return { data: review, topics: topicsOfReview(review), isLast: !isOnItsWay(review.version) };
    }),
});
