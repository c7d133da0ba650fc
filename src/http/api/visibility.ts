/** /api/v1/apps/{appId}/visibility: who may see an app. */
import { Type } from "@sinclair/typebox";
import {
  changeVisibility,
  groupsToChoose,
  previewVisibility,
  readVisibility,
} from "../../catalog/visibility/change.ts";
import { jsonBody } from "../body.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, record, SHA256 } from "../schemas.ts";
import {
  NAMED_GROUP,
  VISIBILITY,
  VISIBILITY_CHANGE,
  VISIBILITY_PREVIEW,
  visibilityJson,
  visibilityPreviewJson,
} from "../schemas-visibility.ts";

const PATH = "/api/v1/apps/:appId/visibility";
const TAG = "Apps";
const PARAMS = Type.Object({ appId: APP_ID });

export const visibilityRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "app.read",
    name: "readVisibility",
    summary: "Read who may see an app",
    description:
      "Groups that an administrator chose and does not offer are named to who may see the store's groups; the others are told how many there are.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "Who may see it.", schema: VISIBILITY }],
    errors: ["app.not_found"],
    handle: ({ store, actor, params }) => json(visibilityJson(readVisibility(store, actor, params.appId))),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/groups`,
    access: "app.visibility",
    name: "listGroupsForVisibility",
    summary: "List the groups that an app can be for",
    description:
      "Their names, to choose from: those that an administrator offers to owners and maintainers; all for who may see the store's groups.",
    tag: TAG,
    params: PARAMS,
    replies: [
      {
        status: 200,
        description: "By name.",
        schema: record({ items: Type.Array(NAMED_GROUP) }),
      },
    ],
    errors: ["app.not_found"],
    handle: ({ store, actor, params }) => json({ items: groupsToChoose(store, actor, params.appId) }),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/preview`,
    access: "app.visibility",
    name: "previewVisibility",
    summary: "Look at what a change of who may see an app means",
    description:
      "Changes nothing. Gives the scope that the act takes. Groups that the app is for and that are not named to you stay when it is for groups again, unless `unnamedGroups` is drop; how many there are is said, and neither which nor who is in them.",
    tag: TAG,
    params: PARAMS,
    body: jsonBody(record(VISIBILITY_CHANGE)),
    replies: [{ status: 200, description: "What it would change.", schema: VISIBILITY_PREVIEW }],
    errors: ["app.not_found", "app.visibility_invalid"],
    handle: ({ store, actor, params, body }) =>
      json(visibilityPreviewJson(previewVisibility(store, actor, params.appId, body))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "app.visibility",
    name: "changeVisibility",
    summary: "Change who may see an app",
    description:
      "People follow with their next request, devices with their next refresh: who may not see it any more keeps what is installed, and gets no updates, and at the addresses that its files had there is nothing for them from then on. What everybody could see before stays in the log. `scope` is that of the preview, and takes the place of If-Match: without it the answer is 428, and when the app is not what was shown any more, 409, and nothing is done.",
    tag: TAG,
    params: PARAMS,
    body: jsonBody(record({ ...VISIBILITY_CHANGE, scope: Type.Optional(SHA256) })),
    replies: [{ status: 200, description: "Who may see it now.", schema: VISIBILITY }],
    errors: [
      "app.not_found",
      "app.scope_changed",
      "app.scope_required",
      "app.visibility_invalid",
      "catalog.busy",
      "catalog.damaged",
      "revocation.list_full",
    ],
    handle: async ({ store, actor, params, body }) => {
      const { scope, ...wanted } = body;
      return json(visibilityJson(await changeVisibility(store, actor, params.appId, wanted, scope)));
    },
  }),
];
