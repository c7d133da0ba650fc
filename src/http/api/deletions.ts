/** /api/v1/apps/{appId}/deletion and /api/v1/deletions: published apps that are being deleted. */
import { Type } from "@sinclair/typebox";
import { askToDeleteApp, DELETION_REASON_MOST } from "../../catalog/deletion/ask.ts";
import { keepApp } from "../../catalog/deletion/keep.ts";
import { findDeletionFor, listDeletions } from "../../catalog/deletion/view.ts";
import { jsonBody } from "../body.ts";
import { pageAnswer, pageRequest } from "../cursor.ts";
import { json, resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP, APP_ID, ORGANISATION_ID, orNull, PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import { DELETION, deletionJson } from "../schemas-deletions.ts";

const PATH = "/api/v1/apps/:appId/deletion";
const TAG = "Apps";
const PARAMS = Type.Object({ appId: APP_ID });
const LIST = "deletions";

export const deletionRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "app.read",
    name: "readAppDeletion",
    summary: "Read whether an app is being deleted",
    tag: TAG,
    params: PARAMS,
    replies: [
      {
        status: 200,
        description: "Since when, why and until when it can be taken back.",
        schema: record({ deletion: orNull(DELETION) }),
      },
    ],
    errors: ["app.not_found"],
    handle: ({ store, actor, params }) => {
      const found = findDeletionFor(store, actor, params.appId);
      return json({ deletion: found && deletionJson(found) });
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "app.remove",
    name: "askToDeleteApp",
    summary: "Ask that a published app is deleted",
    description:
      "From then on nobody finds or gets it, and nothing is done to it; devices that have it keep it. Until `endsAt` an owner or an administrator can take that back, and it stands as it did. Then all of it is removed but its id, which is never given to another app. The owners and the administrators are told.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(
      record({
        confirm: Type.String({
          maxLength: 400,
          description: "The app's id, once more.",
          examples: ["com.example.notes"],
        }),
        reason: Type.String({
          maxLength: 8000,
          description: `One line of 1 to ${DELETION_REASON_MOST} characters, for the other owners.`,
          examples: ["Journal took its place."],
        }),
      }),
    ),
    replies: [{ status: 200, description: "It is being deleted.", schema: DELETION }],
    errors: [
      "app.being_deleted",
      "app.busy",
      "app.deletion_reason_invalid",
      "app.deletion_unconfirmed",
      "app.not_found",
      "app.not_published",
      "app.recovery_waiting",
      "catalog.busy",
      "catalog.damaged",
    ],
    handle: async ({ store, actor, params, body, ifMatch }) =>
      resource(deletionJson(await askToDeleteApp(store, actor, params.appId, body, ifMatch))),
  }),
  defineRoute({
    area: "api",
    method: "DELETE",
    path: PATH,
    access: "app.keep",
    name: "keepApp",
    summary: "Take back that a published app is deleted",
    description: "It stands as it did before: for the same people and devices, in the same lists.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    replies: [{ status: 200, description: "The app.", schema: APP }],
    errors: ["app.busy", "app.not_being_deleted", "app.not_found", "catalog.busy", "catalog.damaged"],
    handle: async ({ store, actor, params, ifMatch }) =>
      resource(await keepApp(store, actor, params.appId, ifMatch)),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/deletions",
    access: "app.read",
    name: "listAppDeletions",
    summary: "List the published apps that are being deleted",
    description: "Those of one's organisations, by id; reviewers and administrators see all.",
    tag: TAG,
    query: Type.Object({ ...PAGE_QUERY, organisationId: Type.Optional(ORGANISATION_ID) }),
    replies: [{ status: 200, description: "A page of them.", schema: pageSchema(DELETION) }],
    errors: ["cursor.invalid", "organisation.not_found"],
    handle: ({ store, actor, query }) => {
      const { organisationId } = query;
      const page = {
        ...pageRequest(LIST, query),
        ...(organisationId === undefined ? {} : { organisationId }),
      };
      return json(pageAnswer(LIST, listDeletions(store, actor, page), deletionJson));
    },
  }),
];
