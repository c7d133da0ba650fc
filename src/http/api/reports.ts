/** /api/v1/catalog/{appId}/report: what people report; /api/v1/reports: who looks after the store decides about it. */
import { Type } from "@sinclair/typebox";
import {
  closeReport,
  hideRating,
  listReports,
  readReport,
  showRating,
} from "../../catalog/reports/moderate.ts";
import { makeReport } from "../../catalog/reports/report.ts";
import { jsonBody } from "../body.ts";
import { pageFor } from "../cursor.ts";
import { json, resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, oneOf, PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import { RATING_ID } from "../schemas-ratings.ts";
import {
  OWN_REPORT,
  ownReportJson,
  REPORT,
  REPORT_ID,
  REPORTED_RATING,
  reportedRatingJson,
  reportJson,
  reportMembers,
} from "../schemas-reports.ts";

const TAG = "Reports";
const PATH = "/api/v1/reports";
const ONE = `${PATH}/:reportId`;
const PARAMS = Type.Object({ reportId: REPORT_ID });
const RATING = "/api/v1/apps/:appId/ratings/:ratingId";
const RATING_PARAMS = Type.Object({ appId: APP_ID, ratingId: RATING_ID });
const made = { status: 200, description: "The report.", schema: OWN_REPORT } as const;
const report = { status: 200, description: "The report.", schema: REPORT } as const;
const rating = { status: 200, description: "The rating as it is now.", schema: REPORTED_RATING } as const;
const MAKING = "Until somebody has decided about it, another one of yours takes its place.";

export const reportRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "PUT",
    path: "/api/v1/catalog/:appId/report",
    access: "report.make",
    name: "reportApp",
    summary: "Report an app to those who look after the store",
    description: MAKING,
    tag: TAG,
    params: Type.Object({ appId: APP_ID }),
    body: jsonBody(record(reportMembers("app"))),
    replies: [made],
    errors: ["app.not_found", "report.invalid", "report.too_many"],
    handle: ({ store, actor, params, body }) =>
      resource(ownReportJson(makeReport(store, actor, { ...params, ratingId: null }, body))),
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: "/api/v1/catalog/:appId/ratings/:ratingId/report",
    access: "report.make",
    name: "reportRating",
    summary: "Report what somebody said of an app",
    description: MAKING,
    tag: TAG,
    params: RATING_PARAMS,
    body: jsonBody(record(reportMembers("rating"))),
    replies: [made],
    errors: ["app.not_found", "rating.off", "rating.not_found", "report.invalid", "report.too_many"],
    handle: ({ store, actor, params, body }) =>
      resource(ownReportJson(makeReport(store, actor, params, body))),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "report.read",
    name: "listReports",
    summary: "List what people report",
    description:
      "What waits, the longest waiting first; or what was decided, the newest first. Who has a part in it is not told who reports it, and does not decide.",
    tag: TAG,
    query: Type.Object({ ...PAGE_QUERY, state: Type.Optional(oneOf("open", "closed")) }),
    replies: [{ status: 200, description: "A page of reports.", schema: pageSchema(REPORT) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query: { state = "open", ...query } }) =>
      json(
        pageFor(
          `reports-${state}`,
          query,
          (page) => listReports(store, actor, { ...page, state }),
          reportJson,
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: ONE,
    access: "report.read",
    name: "readReport",
    summary: "Read what somebody reports",
    tag: TAG,
    params: PARAMS,
    replies: [report],
    errors: ["report.not_found"],
    handle: ({ store, actor, params }) => resource(reportJson(readReport(store, actor, params.reportId))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/close`,
    access: "report.decide",
    name: "closeReport",
    summary: "Close a report without hiding anything",
    description: "`dismissed`: nothing is wrong; `handled`: something was done about it elsewhere.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(record({ outcome: oneOf("dismissed", "handled") })),
    replies: [report],
    errors: ["report.not_found", "report.closed", "report.own"],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(reportJson(closeReport(store, actor, params.reportId, body.outcome, ifMatch))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${RATING}/hide`,
    access: "report.decide",
    name: "hideRating",
    summary: "Hide what somebody said of an app",
    description:
      "Its author reads it, and who looks after the store; it counts no more. Reports of it are decided by that. Its author is told, with the reason. If-Match is the rating's.",
    tag: TAG,
    changes: true,
    params: RATING_PARAMS,
    body: jsonBody(record({ reason: Type.String({ maxLength: 4000, examples: ["It insults somebody."] }) })),
    replies: [rating],
    errors: ["rating.not_found", "reason.invalid", "report.own"],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(reportedRatingJson(hideRating(store, actor, { ...params, ifMatch }, body.reason))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${RATING}/show`,
    access: "report.decide",
    name: "showRating",
    summary: "Show what was hidden again",
    description: "Its author is told. If-Match is the rating's.",
    tag: TAG,
    changes: true,
    params: RATING_PARAMS,
    replies: [rating],
    errors: ["rating.not_found", "report.own"],
    handle: ({ store, actor, params, ifMatch }) =>
      resource(reportedRatingJson(showRating(store, actor, { ...params, ifMatch }))),
  }),
];
