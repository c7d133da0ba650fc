/** `/catalog/:appId/ratings`: what those who have an app say of it; and rating it, and taking that back. */
import { Type } from "@sinclair/typebox";
import type { Review } from "../../../views/components/ratings.tsx";
import type { CatalogAppProps } from "../../../views/pages/catalog-app.tsx";
import { catalogRatingsPage, type OwnRatingProps } from "../../../views/pages/catalog-ratings.tsx";
import { ownRatingPage } from "../../../views/pages/own-rating.tsx";
import { REVIEW_CHARACTERS } from "../../catalog/ratings/fields.ts";
import {
  findOwnLeft,
  findOwnRating,
  rateApp,
  ratingStanding,
  withdrawRating,
} from "../../catalog/ratings/rate.ts";
import {
  beforeShownRatings,
  readRatingSummary,
  type ShownRating,
  shownRatings,
} from "../../catalog/ratings/shown.ts";
import { inLanguage } from "../../catalog/store-listing/shown.ts";
import { isVisible, type ShownApp, visibleApp } from "../../catalog/visibility/visible.ts";
import { isProblem, type Problem } from "../../errors.ts";
import type { AppId } from "../../ids.ts";
import { primaryOf } from "../../languages.ts";
import { formBody } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY } from "../schemas.ts";
import { RATING_LANGUAGE } from "../schemas-ratings.ts";
import { attempt, fieldErrors, revisionField } from "./form.ts";
import { goOn, pagerOf, pictureUrl, show } from "./page.ts";
import { CATALOG_PATH } from "./store-app.ts";

const PATH = `${CATALOG_PATH}/:appId`;
const PARAMS = Type.Object({ appId: APP_ID });
const A_PAGE = 20;
const ON_APP = 3;

export function reviewOf(rating: ShownRating): Review {
  const { id, author, stars, text, language, version, createdAt, updatedAt, answer } = rating;
  const isEdited = updatedAt.getTime() !== createdAt.getTime();
  return {
    ...{ id, author, stars, text, language, version, createdAt, isEdited },
    answer: answer && { ...answer, isOlder: answer.at < updatedAt },
  };
}

/** On an app's own page: how it is rated, and the newest that were said; those first that the visitor reads. */
export function ratingsOn(call: CallBase, app: ShownApp, locale: string): CatalogAppProps["ratings"] {
  const { store, actor } = call;
  if (app.rating === null) return null;
  const said = (language?: string) =>
    shownRatings(store, actor, app.id, { limit: ON_APP, ...(language === undefined ? {} : { language }) });
  const own = app.rating.count === 0 ? [] : said(locale).items;
  const others = app.rating.count === 0 || own.length === ON_APP ? [] : said().items;
  const found = new Map([...own, ...others].map((rating) => [rating.id, rating]));
  return {
    summary: app.rating,
    reviews: [...found.values()].slice(0, ON_APP).map(reviewOf),
    rate: rateOn(call, app.id),
  };
}

/** Who does not have it yet reads there how they get to rate it; what was written once can be changed or taken back whatever holds now. */
function rateOn(call: CallBase, id: AppId): NonNullable<CatalogAppProps["ratings"]>["rate"] {
  const { standing, revision } = ownProps(call, id, null);
  if (revision !== null) return "change";
  if (standing === "may" || standing === "not_had") return "rate";
  return standing === "sign_in" ? standing : null;
}

type Again = { readonly stars: string; readonly text: string; readonly problem: Problem };
type Asked = { readonly cursor?: string; readonly language?: string };

function ownProps({ store, actor }: CallBase, id: AppId, again: Again | null): OwnRatingProps {
  const standing = ratingStanding(store, actor, id);
  const own = standing === "sign_in" ? null : findOwnRating(store, actor, id);
  return {
    standing: standing === "not_had" && store.config.restricted ? "devices" : standing,
    stars: again === null ? (own?.stars ?? null) : Number(again.stars),
    text: again?.text ?? own?.text ?? "",
    revision: own?.revision ?? null,
    hidden: own?.hidden?.reason ?? null,
    errors: again === null ? [] : fieldErrors(again.problem, ["stars", "text"]),
  };
}

/** What somebody said of an app that is not shown to them any more, or while there were ratings: they can take it back. */
function leftRating({ store, actor }: CallBase, id: AppId) {
  if (store.config.ratings && isVisible(store, actor, id)) return null;
  return actor.kind === "account" ? findOwnLeft(store, actor, id) : null;
}

function showRatings(call: CallBase, id: AppId, asked: Asked, again: Again | null = null): Promise<Response> {
  const { store, actor } = call;
  const left = leftRating(call, id);
  if (left !== null)
    return show(call, (ctx) => ownRatingPage(ctx, { ...left, hidden: left.hidden?.reason ?? null }));
  const summary = readRatingSummary(store, actor, id);
  const found = visibleApp(store, actor, id);
  const { language } = asked;
  const wanted = pageRequest("catalog-ratings", {
    limit: A_PAGE,
    ...(asked.cursor === undefined ? {} : { cursor: asked.cursor }),
  });
  const page = shownRatings(store, actor, id, { ...wanted, ...(language === undefined ? {} : { language }) });
  const path = `${CATALOG_PATH}/${id}/ratings`;
  const here = language === undefined ? path : `${path}?language=${language}`;
  const own = ownProps(call, id, again);
  return show(
    call,
    (ctx) => {
      const [app = found] = inLanguage(store.db.orm, [found], ctx.locale);
      return catalogRatingsPage(ctx, {
        app: { id, name: app.name, publisher: app.publisher, iconUrl: pictureUrl(app.iconKey) },
        summary,
        reviews: page.items.map(reviewOf),
        pager: pagerOf("catalog-ratings", here, { ...wanted, nextCursor: page.nextCursor }, (after) =>
          beforeShownRatings(store, id, language, after, A_PAGE),
        ),
        isOwnLanguage: language !== undefined,
        allHref: path,
        ownLanguageHref: `${path}?language=${primaryOf(ctx.locale)}`,
        own,
        longest: REVIEW_CHARACTERS,
      });
    },
    again === null ? {} : { status: statusOf(again.problem), here: path },
  );
}

export const storeRatingRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/ratings`,
    access: "public",
    name: "catalogRatingsPage",
    summary: "What those who have an app say of it, and one's own rating",
    params: PARAMS,
    query: Type.Object({ cursor: PAGE_QUERY.cursor, language: Type.Optional(RATING_LANGUAGE) }),
    handle: (call) => showRatings(call, call.params.appId, call.query),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/rating`,
    access: "rating.write",
    name: "rateAppForm",
    summary: "Rate an app, or say it otherwise",
    params: PARAMS,
    body: formBody(["revision", "stars", "text"]),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const { stars, text } = body;
      const said = { stars: Number(stars), text };
      // Without one it is the first: somebody may have sent it twice.
      const seen = body.revision === "" ? undefined : revisionField(body.revision);
      const done = await attempt(() => rateApp(store, actor, params.appId, said, seen));
      if (isProblem(done)) return showRatings(call, params.appId, {}, { stars, text, problem: done });
      return goOn(call, `${CATALOG_PATH}/${params.appId}/ratings`, "rated");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/rating/withdraw`,
    access: "rating.write",
    name: "withdrawRatingForm",
    summary: "Take one's rating of an app back",
    params: PARAMS,
    body: formBody(["revision"]),
    handle: (call) => {
      const { store, actor, params, body } = call;
      const { appId } = params;
      withdrawRating(store, actor, appId, revisionField(body.revision));
      const isThere = store.config.ratings && isVisible(store, actor, appId);
      return goOn(call, isThere ? `${CATALOG_PATH}/${appId}/ratings` : CATALOG_PATH, "rating_withdrawn");
    },
  }),
];
