/** /api/v1/review */
import { Type } from "@sinclair/typebox";
import { approve, reject } from "../../review/decide.ts";
import { listQueue, readReview } from "../../review/queue.ts";
import { jsonBody, optionalJsonBody } from "../body.ts";
import { pageFor } from "../cursor.ts";
import { json, resource, revised } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY, pageSchema, REVIEW, REVIEW_ITEM, record, VERSION, VERSION_ID } from "../schemas.ts";

const PATH = "/api/v1/review";
const TAG = "Review";
const PARAMS = Type.Object({ versionId: VERSION_ID });
/** How long a reason may be is the domain's rule; here is only what may be sent at all. */
const REASON = Type.String({ maxLength: 20_000 });
const DECISION_ERRORS = [
  "version.not_found",
  "version.wrong_state",
  "review.own_organisation",
  "review.reason_invalid",
  "review.reason_too_long",
];

export const reviewRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/queue`,
    access: "review.read",
    name: "listReviewQueue",
    summary: "What waits for a decision",
    description: "The longest waiting first.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of the queue.", schema: pageSchema(REVIEW_ITEM) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) =>
      json(pageFor("queue", query, (page) => listQueue(store, actor, page))),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/versions/:versionId`,
    access: "review.read",
    name: "readReview",
    summary: "Everything for a decision",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The version with all that is known of it.", schema: REVIEW }],
    errors: ["version.not_found", "catalog.damaged"],
    handle: ({ store, actor, params }) => {
      const review = readReview(store, actor, params.versionId);
      return revised(review, review.version.revision);
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/versions/:versionId/approve`,
    access: "review.decide",
    name: "approveVersion",
    summary: "Approve a version",
    description: "Final: the store signs it and, unless it is held, publishes it.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: optionalJsonBody(record({ reason: Type.Optional(REASON) })),
    replies: [{ status: 200, description: "The version as it is now.", schema: VERSION }],
    errors: [
      ...DECISION_ERRORS,
      "review.release_key_revoked",
      "catalog.damaged",
      "version.code_not_rising",
      "version.key_outside_lineage",
    ],
    handle: ({ store, actor, params, body, ifMatch }) => {
      const { reason } = body;
      const input = reason === undefined ? {} : { reason };
      return resource(approve(store, actor, params.versionId, input, ifMatch));
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/versions/:versionId/reject`,
    access: "review.decide",
    name: "rejectVersion",
    summary: "Reject a version",
    description: "Final, with a reason that the developer reads.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(record({ reason: REASON })),
    replies: [{ status: 200, description: "The version as it is now.", schema: VERSION }],
    errors: [...DECISION_ERRORS, "review.reason_required"],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(reject(store, actor, params.versionId, { reason: body.reason }, ifMatch)),
  }),
];
