/** /api/v1/apps/{appId}/store-listing: what the store shows of an app. */
import { Type } from "@sinclair/typebox";
import {
  changeStoreListing,
  listStoreListingRevisions,
  readStoreListing,
  restoreStoreListing,
} from "../../catalog/store-listing/store-listing.ts";
import { jsonBody } from "../body.ts";
import { json, revised } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, record } from "../schemas.ts";
import { LISTING, LISTING_DOCUMENT, LISTING_REVISION, storeListingJson } from "../schemas-store-listing.ts";

const PATH = "/api/v1/apps/:appId/store-listing";
const TAG = "Apps";
const PARAMS = Type.Object({ appId: APP_ID });

export const storeListingRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "app.read",
    name: "readStoreListing",
    summary: "Read what the store shows of an app",
    description:
      "The listing belongs to the app and stands, field by field, before what its packages say. `shown` is what comes of both, in each language.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The listing.", schema: LISTING }],
    errors: ["app.not_found"],
    handle: ({ store, actor, params }) => {
      const view = readStoreListing(store, actor, params.appId);
      return revised(storeListingJson(view), view.revision);
    },
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: PATH,
    access: "app.change",
    name: "changeStoreListing",
    summary: "Change what the store shows of an app",
    description:
      "The whole listing: what is left out, or empty, is as the newest package says. People see it with their next request; devices go on showing what the signed package says.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(LISTING_DOCUMENT),
    replies: [{ status: 200, description: "The changed listing.", schema: LISTING }],
    errors: ["app.not_found", "listing.invalid"],
    handle: ({ store, actor, params, body, ifMatch }) => {
      const { texts = {}, tags = [], links = {} } = body;
      const view = changeStoreListing(store, actor, params.appId, { texts, tags, links }, ifMatch);
      return revised(storeListingJson(view), view.revision);
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/revisions`,
    access: "app.read",
    name: "listStoreListingRevisions",
    summary: "List what the listing was before",
    description: "The last first; the last 20 are kept. What each changed stands in the audit log.",
    tag: TAG,
    params: PARAMS,
    replies: [
      { status: 200, description: "The revisions.", schema: record({ items: Type.Array(LISTING_REVISION) }) },
    ],
    errors: ["app.not_found"],
    handle: ({ store, actor, params }) =>
      json({
        items: listStoreListingRevisions(store, actor, params.appId).map(({ changedAt, ...rest }) => ({
          ...rest,
          changedAt: changedAt.toISOString(),
        })),
      }),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/restore`,
    access: "app.change",
    name: "restoreStoreListing",
    summary: "Make the listing what it was before",
    description:
      "What was is a new revision. 0 is the listing that nobody wrote: all is as the packages say.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(
      record({
        to: Type.Integer({ minimum: 0, maximum: 2 ** 31, description: "the revision to bring back" }),
      }),
    ),
    replies: [{ status: 200, description: "The changed listing.", schema: LISTING }],
    errors: ["app.not_found", "listing.revision_not_found"],
    handle: ({ store, actor, params, body, ifMatch }) => {
      const view = restoreStoreListing(store, actor, params.appId, body.to, ifMatch);
      return revised(storeListingJson(view), view.revision);
    },
  }),
];
