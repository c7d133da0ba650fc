/** `/apps/:appId/ratings`: what people and devices say of an app, for its developers; and their answers. */
import { Type } from "@sinclair/typebox";
import { answerPage, type RatingRow, ratingsPage } from "../../../views/pages/ratings.tsx";
import { allows } from "../../accounts/rights.ts";
import { readApp } from "../../catalog/apps.ts";
import {
  answerRating,
  beforeRatings,
  type DeveloperRating,
  ratingSummaryOf,
  ratingsOfApp,
  ratingToAnswer,
  removeAnswer,
} from "../../catalog/ratings/answer.ts";
import { ANSWER_CHARACTERS } from "../../catalog/ratings/fields.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { AppId, RatingId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY } from "../schemas.ts";
import { RATING_ID } from "../schemas-ratings.ts";
import { appHead, tabbedApp } from "./app-props.ts";
import { attempt, fieldErrors, revisionField } from "./form.ts";
import { goOn, pagerOf, show } from "./page.ts";
import { reviewOf } from "./store-ratings.ts";

const PATH = "/apps/:appId/ratings";
const ANSWER = `${PATH}/:ratingId/answer`;
const PARAMS = Type.Object({ appId: APP_ID });
const ONE_PARAMS = Type.Object({ appId: APP_ID, ratingId: RATING_ID });
const A_PAGE = 20;

const rowOf = (rating: DeveloperRating): RatingRow => ({
  ...reviewOf(rating),
  hidden: rating.hidden,
  byDevice: rating.byDevice,
  mayHide: rating.mayHide,
  revision: rating.revision,
});

type Of = { readonly appId: AppId; readonly ratingId: RatingId };

function showAnswer(
  call: CallBase,
  of: Of,
  again: { readonly text: string; readonly problem: Problem } | null = null,
): Promise<Response> {
  const { store, actor } = call;
  const rating = ratingToAnswer(store, actor, of);
  const app = readApp(store, actor, of.appId);
  return show(
    call,
    (ctx) =>
      answerPage(ctx, {
        app: { ...tabbedApp(call, app), organisation: app.organisationName },
        rating: rowOf(rating),
        text: again?.text ?? rating.answer?.text ?? "",
        errors: again === null ? [] : fieldErrors(again.problem, ["text"]),
        longest: ANSWER_CHARACTERS,
      }),
    again === null ? {} : { status: statusOf(again.problem) },
  );
}

export const ratingRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "app.read",
    name: "ratingsPage",
    summary: "What people and devices say of an app",
    params: PARAMS,
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: (call) => {
      const { store, actor, params, query } = call;
      const wanted = pageRequest("ratings", { ...query, limit: A_PAGE });
      const page = ratingsOfApp(store, actor, params.appId, wanted);
      const app = readApp(store, actor, params.appId);
      const { organisationId } = app;
      return show(call, (ctx) =>
        ratingsPage(ctx, {
          page: appHead(call, ctx, app, "ratings"),
          summary: ratingSummaryOf(store, app.id),
          ratings: page.items.map(rowOf),
          pager: pagerOf(
            "ratings",
            `/apps/${app.id}/ratings`,
            { ...wanted, nextCursor: page.nextCursor },
            (after) => beforeRatings(store, app.id, after, A_PAGE),
          ),
          answers: allows(actor, "rating.answer", { organisationId, appId: app.id }),
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: ANSWER,
    access: "rating.answer",
    name: "answerRatingPage",
    summary: "A rating, and what is answered",
    params: ONE_PARAMS,
    handle: (call) => showAnswer(call, call.params),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: ANSWER,
    access: "rating.answer",
    name: "answerRatingForm",
    summary: "Answer a rating, or answer otherwise",
    params: ONE_PARAMS,
    body: formBody(["revision", "text"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const { text } = body;
      const of = { ...params, ifMatch: revisionField(body.revision) };
      const done = await attempt(() => answerRating(store, actor, of, text));
      if (isProblem(done)) return showAnswer(call, params, { text, problem: done });
      return goOn(call, `/apps/${params.appId}/ratings`, "rating_answered");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${ANSWER}/remove`,
    access: "rating.answer",
    name: "removeRatingAnswerForm",
    summary: "Remove the answer to a rating",
    params: ONE_PARAMS,
    body: formBody(["revision"]),
    handle: (call) => {
      const { store, actor, params, body } = call;
      removeAnswer(store, actor, { ...params, ifMatch: revisionField(body.revision) });
      return goOn(call, `/apps/${params.appId}/ratings`, "rating_answer_removed");
    },
  }),
];
