/** Ratings: /api/v1/catalog/{appId}/ratings for who may see the app, /api/v1/apps/{appId}/ratings for its developers, and devices' own. */
import { Type } from "@sinclair/typebox";
import { answerRating, ratingsOfApp, removeAnswer } from "../../catalog/ratings/answer.ts";
import { rateApp, readOwnRating, withdrawRating } from "../../catalog/ratings/rate.ts";
import { readRatingSummary, shownRatings } from "../../catalog/ratings/shown.ts";
import type { Store } from "../../context.ts";
import { jsonBody } from "../body.ts";
import { pageFor } from "../cursor.ts";
import { json, noContent, resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import {
  ANSWER_MEMBERS,
  DEVELOPER_RATING,
  DEVICE_RATING_MEMBERS,
  developerRatingJson,
  OWN_RATING,
  ownRatingJson,
  RATING_ID,
  RATING_LANGUAGE,
  RATING_MEMBERS,
  RATING_SUMMARY,
  ratingSummaryJson,
  SHOWN_RATING,
  shownRatingJson,
} from "../schemas-ratings.ts";

const TAG = "Ratings";
const CATALOG = "/api/v1/catalog/:appId";
const OWN = `${CATALOG}/rating`;
const DEVICE = "/api/v1/device/ratings/:appId";
const APP = "/api/v1/apps/:appId/ratings";
const PARAMS = Type.Object({ appId: APP_ID });
const ONE_PARAMS = Type.Object({ appId: APP_ID, ratingId: RATING_ID });
const OFF = ["app.not_found", "rating.off"];
const own = { status: 200, description: "The rating.", schema: OWN_RATING } as const;

/** What belongs to one person or one device is read, written and taken back alike. */
const WHOSE = [
  {
    path: OWN,
    by: { access: "rating.write" },
    names: ["readOwnRating", "rateApp", "withdrawOwnRating"],
    who: "you",
    members: RATING_MEMBERS,
    had: "Who has not downloaded its package while signed in, or with a key of theirs, is refused; so is who belongs to the organisation that it is of.",
  },
  {
    path: DEVICE,
    by: { access: "public", byDevice: true },
    names: ["readDeviceRating", "rateAppByDevice", "withdrawDeviceRating"],
    who: "the device that asks",
    members: DEVICE_RATING_MEMBERS,
    had: "In a restricted store, and of an app that is not for everybody, it has to have fetched it; of what anybody may fetch its own word counts.",
  },
] as const;

export const ratingRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: `${CATALOG}/ratings`,
    access: "catalog.read",
    name: "listCatalogRatings",
    summary: "List what those who have an app say of it",
    description:
      "Those with words, the newest first, by the name that their authors show and nothing else of who they are. What is hidden is left out.",
    tag: TAG,
    params: PARAMS,
    query: Type.Object({
      ...PAGE_QUERY,
      language: Type.Optional({ ...RATING_LANGUAGE, description: "nothing that is written in another" }),
    }),
    replies: [{ status: 200, description: "A page of ratings.", schema: pageSchema(SHOWN_RATING) }],
    errors: [...OFF, "cursor.invalid"],
    handle: ({ store, actor, params, query: { language, ...query } }) =>
      json(
        pageFor(
          "catalog-ratings",
          query,
          (page) =>
            shownRatings(store, actor, params.appId, {
              ...page,
              ...(language === undefined ? {} : { language }),
            }),
          shownRatingJson,
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${CATALOG}/ratings/summary`,
    access: "catalog.read",
    name: "readRatingSummary",
    summary: "Read how an app is rated in all",
    description: "Also those without words; without what is hidden.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "How it is rated.", schema: RATING_SUMMARY }],
    errors: OFF,
    handle: ({ store, actor, params }) =>
      json(ratingSummaryJson(readRatingSummary(store, actor, params.appId))),
  }),
  ...WHOSE.flatMap(({ path, by, names, who, members, had }) => [
    defineRoute({
      ...by,
      area: "api",
      method: "GET",
      path,
      name: names[0],
      summary: `Read how ${who} rated an app`,
      tag: TAG,
      params: PARAMS,
      replies: [own],
      errors: [...OFF, "rating.not_found"],
      handle: ({ store, actor, params }) =>
        resource(ownRatingJson(readOwnRating(store, actor, params.appId))),
    }),
    defineRoute({
      ...by,
      area: "api",
      method: "PUT",
      path,
      name: names[1],
      summary: `Rate an app as ${who}, or say it otherwise`,
      description: `One rating of each app. ${had}`,
      tag: TAG,
      params: PARAMS,
      body: jsonBody(record(members)),
      replies: [own],
      errors: [...OFF, "rating.invalid", "rating.own_app", "rating.not_had", "version.not_found"],
      handle: ({ store, actor, params, body }) =>
        resource(ownRatingJson(rateApp(store, actor, params.appId, body))),
    }),
    defineRoute({
      ...by,
      area: "api",
      method: "DELETE",
      path,
      name: names[2],
      summary: `Take back how ${who} rated an app`,
      description:
        "With what its developers answered. Reports of it are closed, and keep what was said. Of one that is hidden nothing but that stays: what is said of the app next is hidden too.",
      tag: TAG,
      changes: true,
      params: PARAMS,
      replies: [{ status: 204, description: "It is gone." }],
      errors: [...OFF, "rating.not_found"],
      handle: ({ store, actor, params, ifMatch }) => {
        withdrawRating(store, actor, params.appId, ifMatch);
        return noContent();
      },
    }),
  ]),
  defineRoute({
    area: "api",
    method: "GET",
    path: APP,
    access: "app.read",
    name: "listRatings",
    summary: "List the ratings of an app",
    description:
      "All of them, with words or without, and what is hidden; the newest first. Who gave stars alone is not named. What is hidden has no words and no author, but for who looks after the store and has no part in the app.",
    tag: TAG,
    params: PARAMS,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of ratings.", schema: pageSchema(DEVELOPER_RATING) }],
    errors: [...OFF, "cursor.invalid"],
    handle: ({ store, actor, params, query }) =>
      json(
        pageFor(
          "ratings",
          query,
          (page) => ratingsOfApp(store, actor, params.appId, page),
          developerRatingJson,
        ),
      ),
  }),
  ...(
    [
      ["PUT", "answerRating", "Answer a rating, or answer otherwise"],
      ["DELETE", "removeRatingAnswer", "Remove the answer to a rating"],
    ] as const
  ).map(([method, name, summary]) =>
    defineRoute({
      area: "api",
      method,
      path: `${APP}/:ratingId/answer`,
      access: "rating.answer",
      name,
      summary,
      description:
        method === "PUT"
          ? "One answer, which stands below the rating in the store. If-Match is the rating's."
          : "If-Match is the rating's.",
      tag: TAG,
      changes: true,
      params: ONE_PARAMS,
      ...(method === "PUT" ? { body: jsonBody(record(ANSWER_MEMBERS)) } : {}),
      replies: [{ status: 200, description: "The rating as it is now.", schema: DEVELOPER_RATING }],
      errors: [
        ...OFF,
        "rating.not_found",
        ...(method === "PUT" ? ["rating.answer_invalid", "rating.hidden"] : []),
      ],
      handle: ({ store, actor, params, body, ifMatch }) => {
        const of = { ...params, ifMatch };
        const now = body === undefined ? removeAnswer(store, actor, of) : answer(store, actor, of, body);
        return resource(developerRatingJson(now));
      },
    }),
  ),
];

const answer = (
  store: Store,
  actor: Parameters<typeof answerRating>[1],
  of: Parameters<typeof answerRating>[2],
  { text }: { readonly text: string },
) => answerRating(store, actor, of, text);
