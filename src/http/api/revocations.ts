/** /api/v1/revocations and /api/v1/lowest-versions */
import { Type } from "@sinclair/typebox";
import { revoke } from "../../catalog/revocation/act.ts";
import { inputOf } from "../../catalog/revocation/change.ts";
import { listLowest, listRevocationEvents, listRevocations } from "../../catalog/revocation/listing.ts";
import { lookAtRevocation } from "../../catalog/revocation/preview.ts";
import { jsonBody } from "../body.ts";
import { pageFor, pageRequest } from "../cursor.ts";
import { json } from "../reply.ts";
import { PREVIEW_LIST, previewAnswer } from "../revocation-answers.ts";
import { defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY, pageSchema } from "../schemas.ts";
import {
  ENACTED,
  LIFT,
  LOOSE_ACT,
  LOWEST_VERSION,
  REVOCATION,
  REVOCATION_EVENT,
  REVOCATION_PREVIEW,
  REVOKE,
  SET_LOWEST,
} from "../schemas-revocations.ts";

const PATH = "/api/v1/revocations";
const LOWEST_PATH = "/api/v1/lowest-versions";
const TAG = "Revocation";
const TARGET_ERRORS = [
  "revocation.id_invalid",
  "revocation.reason_invalid",
  "revocation.subject_invalid",
  "revocation.subject_unknown",
] as const;
const ACT_ERRORS = [
  "catalog.busy",
  "catalog.damaged",
  "revocation.list_full",
  "revocation.scope_changed",
  "revocation.scope_required",
] as const;
const DONE = [{ status: 200, description: "Whether that changed anything.", schema: ENACTED }] as const;
const ONCE =
  "`scope` is that of the preview, and takes the place of If-Match: without it the answer is 428, and when the act would concern something else by now, it is refused with 409 and nothing is done. Sent again, it changes nothing; nor is it done again once it was undone.";

export const revocationRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "revocation.read",
    name: "listRevocations",
    summary: "List what is revoked",
    description: "What was revoked last comes first. What was lifted is in the history alone.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of revocations.", schema: pageSchema(REVOCATION) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) =>
      json(pageFor("revocations", query, (page) => listRevocations(store, actor, page))),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/history`,
    access: "revocation.read",
    name: "listRevocationEvents",
    summary: "List what was done about revocations",
    description: "Every act with who did it and why, the newest first.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of acts.", schema: pageSchema(REVOCATION_EVENT) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) =>
      json(pageFor("revocation-events", query, (page) => listRevocationEvents(store, actor, page))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/preview`,
    access: "revocation.manage",
    name: "previewRevocation",
    summary: "Look at what an act would concern",
    description:
      "Changes nothing. Says which apps and versions it would concern and what is in force now, and gives the scope that the act takes. `revoke` needs subject, id and action, `lift` subject and id, `lowest-version` appId and versionCode.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    body: jsonBody(LOOSE_ACT),
    replies: [{ status: 200, description: "What it would concern.", schema: REVOCATION_PREVIEW }],
    errors: [
      ...TARGET_ERRORS,
      "cursor.invalid",
      "revocation.action_invalid",
      "revocation.code_invalid",
      "revocation.until_invalid",
      "revocation.until_future",
      "revocation.until_refused",
    ],
    handle: async ({ store, actor, query, body }) => {
      const page = pageRequest(PREVIEW_LIST, query);
      return json(previewAnswer(await lookAtRevocation(store, actor, inputOf(body), page)));
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "revocation.manage",
    name: "revoke",
    summary: "Revoke",
    description: `block: it is not installed any more. disable: installed copies do not start either. remove: they are taken away. Devices follow at their next refresh. Another action for the same subject replaces the one before. ${ONCE}`,
    tag: TAG,
    body: jsonBody(REVOKE),
    replies: DONE,
    errors: [
      ...TARGET_ERRORS,
      ...ACT_ERRORS,
      "revocation.action_invalid",
      "revocation.until_invalid",
      "revocation.until_future",
      "revocation.until_refused",
    ],
    handle: async ({ store, actor, body }) => {
      const { scope, ...act } = body;
      return json(await revoke(store, actor, inputOf({ act: "revoke", ...act }), scope));
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/lift`,
    access: "revocation.manage",
    name: "liftRevocation",
    summary: "Lift a revocation",
    description: `What it took out of the catalogue is offered again; what was withdrawn because of it stays withdrawn. ${ONCE}`,
    tag: TAG,
    body: jsonBody(LIFT),
    replies: DONE,
    errors: [...TARGET_ERRORS, ...ACT_ERRORS],
    handle: async ({ store, actor, body }) => {
      const { scope, ...act } = body;
      return json(await revoke(store, actor, inputOf({ act: "lift", ...act }), scope));
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: LOWEST_PATH,
    access: "revocation.read",
    name: "listLowestVersions",
    summary: "List the lowest versions",
    description: "The apps for which one is set, by id.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of them.", schema: pageSchema(LOWEST_VERSION) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) =>
      json(pageFor("lowest-versions", query, (page) => listLowest(store, actor, page))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: LOWEST_PATH,
    access: "revocation.manage",
    name: "setLowestVersion",
    summary: "Set the lowest version of an app",
    description: `Lower versions are not installed any more, and installed copies of them do not start until they are updated. With 1 every version is allowed again. ${ONCE}`,
    tag: TAG,
    body: jsonBody(SET_LOWEST),
    replies: DONE,
    errors: [
      ...ACT_ERRORS,
      "revocation.code_invalid",
      "revocation.id_invalid",
      "revocation.reason_invalid",
      "revocation.subject_unknown",
    ],
    handle: async ({ store, actor, body }) => {
      const { scope, ...act } = body;
      return json(await revoke(store, actor, inputOf({ act: "lowest-version", ...act }), scope));
    },
  }),
];
