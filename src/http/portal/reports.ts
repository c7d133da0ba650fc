/** `/catalog/:appId/report`: reporting an app, or what somebody said of it; `/admin/reports`: what is done about that. */
import { Type } from "@sinclair/typebox";
import { hideRatingPage } from "../../../views/pages/hide-rating.tsx";
import { reportPage } from "../../../views/pages/report.tsx";
import { oneReportPage, type ReportRow, reportsPage } from "../../../views/pages/reports.tsx";
import { REPORT_CHARACTERS } from "../../catalog/reports/fields.ts";
import {
  beforeReports,
  closeReport,
  hideRating,
  listReports,
  type Report,
  ratingToHide,
  readReport,
  showRating,
} from "../../catalog/reports/moderate.ts";
import { type About, findReported, makeReport } from "../../catalog/reports/report.ts";
import { inLanguage } from "../../catalog/store-listing/shown.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { AppId, RatingId, ReportId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, nothingHere, type Route } from "../route.ts";
import { APP_ID, oneOf, PAGE_QUERY } from "../schemas.ts";
import { RATING_ID } from "../schemas-ratings.ts";
import { REPORT_ID } from "../schemas-reports.ts";
import { authorName } from "./authors.ts";
import { attempt, fieldErrors, revisionField } from "./form.ts";
import { goOn, pagerOf, show } from "./page.ts";
import { CATALOG_PATH } from "./store-app.ts";
import { reviewOf } from "./store-ratings.ts";

const APP = `${CATALOG_PATH}/:appId/report`;
const RATING = `${CATALOG_PATH}/:appId/ratings/:ratingId/report`;
const ADMIN = "/admin/reports";
const ONE = `${ADMIN}/:reportId`;
const HIDE = "/apps/:appId/ratings/:ratingId/hide";
const PARAMS = Type.Object({ reportId: REPORT_ID });
const RATING_PARAMS = Type.Object({ appId: APP_ID, ratingId: RATING_ID });
const A_PAGE = 25;

type Again = { readonly reason: string; readonly text: string; readonly problem: Problem };

function showForm(call: CallBase, about: About, again: Again | null = null): Promise<Response> {
  const { store, actor } = call;
  const { app: found, rating } = findReported(store, actor, about);
  return show(
    call,
    (ctx) => {
      const [app = found] = inLanguage(store.db.orm, [found], ctx.locale);
      return reportPage(ctx, {
        app: { id: app.id, name: app.name, publisher: app.publisher },
        review: rating && reviewOf(rating),
        reason: again?.reason ?? "",
        text: again?.text ?? "",
        errors: again === null ? [] : fieldErrors(again.problem, ["reason", "text"]),
        longest: REPORT_CHARACTERS,
      });
    },
    again === null ? {} : { status: statusOf(again.problem) },
  );
}

async function send(
  call: CallBase,
  about: About,
  said: { readonly reason: string; readonly text: string },
): Promise<Response> {
  const done = await attempt(() => makeReport(call.store, call.actor, about, said));
  if (isProblem(done)) return showForm(call, about, { ...said, problem: done });
  const path = `${CATALOG_PATH}/${about.appId}`;
  return goOn(call, about.ratingId === null ? path : `${path}/ratings`, "reported");
}

const rowOf = (report: Report, decidedBy: string): ReportRow => ({
  ...report,
  by: report.by?.name ?? null,
  closed: report.closed && { ...report.closed, by: decidedBy },
});

function showOne(
  call: CallBase,
  id: ReportId,
  again: { readonly reason: string; readonly problem: Problem } | null = null,
): Promise<Response> {
  const { store, actor } = call;
  const report = readReport(store, actor, id);
  return show(
    call,
    (ctx) =>
      oneReportPage(ctx, {
        report: rowOf(report, !report.closed?.by ? "" : authorName(ctx, store, report.closed.by)),
        decides: report.mayDecide,
        reason: again?.reason ?? "",
        errors: again === null ? [] : fieldErrors(again.problem, ["reason"]),
      }),
    again === null ? {} : { status: statusOf(again.problem) },
  );
}

type Of = { readonly appId: AppId; readonly ratingId: RatingId };

function showHiding(
  call: CallBase,
  of: Of,
  again: { readonly reason: string; readonly problem: Problem } | null = null,
): Promise<Response> {
  const { appName, rating } = ratingToHide(call.store, call.actor, of);
  return show(
    call,
    (ctx) =>
      hideRatingPage(ctx, {
        app: { id: of.appId, name: appName },
        rating,
        reason: again?.reason ?? "",
        errors: again === null ? [] : fieldErrors(again.problem, ["reason"]),
      }),
    again === null ? {} : { status: statusOf(again.problem) },
  );
}

/** The rating that a report is about. @throws Problem `report.not_found`, `not_found` */
function ratingIn({ store, actor }: CallBase, id: ReportId) {
  const { appId, rating } = readReport(store, actor, id);
  if (rating === null) throw nothingHere();
  return { appId, ratingId: rating.id };
}

export const reportRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: APP,
    access: "report.make",
    name: "reportAppPage",
    summary: "The form that reports an app",
    params: Type.Object({ appId: APP_ID }),
    handle: (call) => showForm(call, { ...call.params, ratingId: null }),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: APP,
    access: "report.make",
    name: "reportAppForm",
    summary: "Report an app",
    params: Type.Object({ appId: APP_ID }),
    body: formBody(["reason", "text"]),
    handle: (call) => send(call, { ...call.params, ratingId: null }, call.body),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: RATING,
    access: "report.make",
    name: "reportRatingPage",
    summary: "The form that reports what somebody said of an app",
    params: RATING_PARAMS,
    handle: (call) => showForm(call, call.params),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: RATING,
    access: "report.make",
    name: "reportRatingForm",
    summary: "Report what somebody said of an app",
    params: RATING_PARAMS,
    body: formBody(["reason", "text"]),
    handle: (call) => send(call, call.params, call.body),
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: ADMIN,
    access: "report.read",
    name: "reportsPage",
    summary: "What people report of apps and ratings",
    query: Type.Object({ cursor: PAGE_QUERY.cursor, state: Type.Optional(oneOf("open", "closed")) }),
    handle: (call) => {
      const { store, actor, query } = call;
      const { state = "open", ...rest } = query;
      const list = `reports-${state}`;
      const wanted = pageRequest(list, { ...rest, limit: A_PAGE });
      const page = listReports(store, actor, { ...wanted, state });
      const path = state === "open" ? ADMIN : `${ADMIN}?state=closed`;
      return show(call, (ctx) =>
        reportsPage(ctx, {
          reports: page.items.map((report) => rowOf(report, "")),
          isClosed: state === "closed",
          pager: pagerOf(list, path, { ...wanted, nextCursor: page.nextCursor }, (after) =>
            beforeReports(store, state, after, A_PAGE),
          ),
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: ONE,
    access: "report.read",
    name: "reportPage",
    summary: "What somebody reports",
    params: PARAMS,
    handle: (call) => showOne(call, call.params.reportId),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/close`,
    access: "report.decide",
    name: "closeReportForm",
    summary: "Close a report without hiding anything",
    params: PARAMS,
    body: formBody(["revision", "outcome"]),
    handle: (call) => {
      const { store, actor, params, body } = call;
      const outcome = body.outcome === "handled" ? "handled" : "dismissed";
      closeReport(store, actor, params.reportId, outcome, revisionField(body.revision));
      return goOn(call, ADMIN, "report_closed");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/hide`,
    access: "report.decide",
    name: "hideRatingForm",
    summary: "Hide what a report is about",
    params: PARAMS,
    body: formBody(["revision", "reason"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const { reason } = body;
      const of = { ...ratingIn(call, params.reportId), ifMatch: revisionField(body.revision) };
      const done = await attempt(() => hideRating(store, actor, of, reason));
      if (isProblem(done)) return showOne(call, params.reportId, { reason, problem: done });
      return goOn(call, `${ADMIN}/${params.reportId}`, "rating_hidden");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ONE}/show`,
    access: "report.decide",
    name: "showRatingForm",
    summary: "Show what was hidden again",
    params: PARAMS,
    body: formBody(["revision"]),
    handle: (call) => {
      const { store, actor, params, body } = call;
      showRating(store, actor, {
        ...ratingIn(call, params.reportId),
        ifMatch: revisionField(body.revision),
      });
      return goOn(call, `${ADMIN}/${params.reportId}`, "rating_shown");
    },
  }),
  // What nobody has reported, from the list of an app's ratings.
  defineRoute({
    area: "page",
    method: "GET",
    path: HIDE,
    access: "report.decide",
    name: "hideListedRatingPage",
    summary: "The form that hides a rating",
    params: RATING_PARAMS,
    handle: (call) => showHiding(call, call.params),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: HIDE,
    access: "report.decide",
    name: "hideListedRatingForm",
    summary: "Hide a rating",
    params: RATING_PARAMS,
    body: formBody(["revision", "reason"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const { reason } = body;
      const of = { ...params, ifMatch: revisionField(body.revision) };
      const done = await attempt(() => hideRating(store, actor, of, reason));
      if (isProblem(done)) return showHiding(call, params, { reason, problem: done });
      return goOn(call, `/apps/${params.appId}/ratings`, "rating_hidden");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/apps/:appId/ratings/:ratingId/show",
    access: "report.decide",
    name: "showListedRatingForm",
    summary: "Show a rating that was hidden again",
    params: RATING_PARAMS,
    body: formBody(["revision"]),
    handle: (call) => {
      const { store, actor, params, body } = call;
      showRating(store, actor, { ...params, ifMatch: revisionField(body.revision) });
      return goOn(call, `/apps/${params.appId}/ratings`, "rating_shown");
    },
  }),
];
