/** /api/v1/apps/{appId}/listing and what changes it: how an app stands in the store. */
import { type Static, Type } from "@sinclair/typebox";
import {
  deprecateApp,
  type ListingView,
  readListing,
  setListed,
  undeprecateApp,
} from "../../catalog/listing/change.ts";
import { DEPRECATION_TEXT_MOST } from "../../catalog/tuf/app-notices.ts";
import { jsonBody } from "../body.ts";
import { resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, orNull, REVISION, record, TIME } from "../schemas.ts";
import { DEPRECATION } from "../schemas-visibility.ts";

const PATH = "/api/v1/apps/:appId";
const TAG = "Apps";
const PARAMS = Type.Object({ appId: APP_ID });
const ERRORS = ["app.not_found", "app.busy", "catalog.busy", "catalog.damaged"];

const LISTING = record(
  {
    appId: APP_ID,
    unlistedAt: orNull({ ...TIME, description: "Since when it stands in no list; null: it does." }),
    deprecated: orNull(
      record({
        ...DEPRECATION.properties,
        at: { ...TIME, description: "Since when it is deprecated." },
      }),
    ),
    revision: REVISION,
  },
  "Listing",
);

function listingJson({ unlistedAt, deprecated, ...rest }: ListingView): Static<typeof LISTING> {
  return {
    ...rest,
    unlistedAt: unlistedAt?.toISOString() ?? null,
    deprecated: deprecated && { ...deprecated, at: deprecated.at.toISOString() },
  };
}

const reply = { status: 200, description: "How it stands in the store now.", schema: LISTING } as const;

const ACTS = [
  {
    verb: "unlist",
    summary: "Take an app out of the store's lists",
    description:
      "Out of lists, search and the landing page. Its address works for who may see it, and devices that have it still get updates.",
    act: setListed,
    listed: false,
  },
  {
    verb: "relist",
    summary: "Put an app back into the store's lists",
    description: "Who may see it finds it there again.",
    act: setListed,
    listed: true,
  },
] as const;

export const listingRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/listing`,
    access: "app.read",
    name: "readListing",
    summary: "Read how an app stands in the store",
    description: "The app that a deprecated one points to is named to who may see it, and to nobody else.",
    tag: TAG,
    params: PARAMS,
    replies: [reply],
    errors: ["app.not_found"],
    handle: ({ store, actor, params }) => resource(listingJson(readListing(store, actor, params.appId))),
  }),
  ...ACTS.map(({ verb, summary, description, act, listed }) =>
    defineRoute({
      area: "api",
      method: "POST",
      path: `${PATH}/${verb}`,
      access: "app.listing",
      name: `${verb}App`,
      summary,
      description,
      tag: TAG,
      changes: true,
      params: PARAMS,
      replies: [reply],
      errors: ERRORS,
      handle: async ({ store, actor, params, ifMatch }) =>
        resource(listingJson(await act(store, actor, params.appId, listed, ifMatch))),
    }),
  ),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/deprecate`,
    access: "app.listing",
    name: "deprecateApp",
    summary: "Deprecate an app",
    description:
      "It is offered as before; the store and devices say what its developers say. Of what is deprecated already, this takes the place of what was said.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(
      record({
        text: Type.String({
          maxLength: 8000,
          description: `One line of 1 to ${DEPRECATION_TEXT_MOST} characters.`,
          examples: ["Journal does the same, and more."],
        }),
        instead: Type.Optional(
          orNull(
            Type.String({
              maxLength: 400,
              description:
                "The id of an app in the store that you may see; null or left out: none. One that is named already and that you may not see stays.",
              examples: ["com.example.journal"],
            }),
          ),
        ),
      }),
    ),
    replies: [reply],
    errors: [...ERRORS, "app.deprecation_invalid", "app.instead_not_found"],
    handle: async ({ store, actor, params, body, ifMatch }) =>
      resource(listingJson(await deprecateApp(store, actor, params.appId, body, ifMatch))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/undeprecate`,
    access: "app.listing",
    name: "undeprecateApp",
    summary: "Take back that an app is deprecated",
    description: "Nothing is said of it any more.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    replies: [reply],
    errors: ERRORS,
    handle: async ({ store, actor, params, ifMatch }) =>
      resource(listingJson(await undeprecateApp(store, actor, params.appId, ifMatch))),
  }),
];
