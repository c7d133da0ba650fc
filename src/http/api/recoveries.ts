/** /api/v1/key-recoveries */
import { Type } from "@sinclair/typebox";
import { approveRecovery } from "../../catalog/approve-recovery.ts";
import {
  listRecoveries,
  objectToRecovery,
  type RecoveryView,
  readRecovery,
  refuseRecovery,
  requestRecovery,
} from "../../catalog/recovery.ts";
import type { PageRequest } from "../../db/pages.ts";
import { jsonBody, optionalJsonBody } from "../body.ts";
import { pageFor } from "../cursor.ts";
import { json, resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import { KEY_ID, REASON, RECOVERY, RECOVERY_ID, RECOVERY_STATE } from "../schemas-keys.ts";

const PATH = "/api/v1/key-recoveries";
const TAG = "Developer keys";
const PARAMS = Type.Object({ recoveryId: RECOVERY_ID });
const REPLY = [{ status: 200, description: "The recovery as it is now.", schema: RECOVERY }] as const;
const DECIDED = ["recovery.not_found", "recovery.decided"] as const;

export const recoveryRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "key.recover",
    name: "requestRecovery",
    summary: "Ask for a recovery of lost keys",
    description:
      "That an enrolled key takes the place of all keys of one app, or of all published apps of its organisation. Every owner is told and can object; an administrator can approve it once the waiting time is over.",
    tag: TAG,
    creates: true,
    body: jsonBody(record({ keyid: KEY_ID, appId: Type.Optional(APP_ID), reason: REASON })),
    replies: [{ status: 201, description: "The recovery.", schema: RECOVERY }],
    errors: [
      "app.not_found",
      "idempotency.resource_gone",
      "key.not_found",
      "lineage.full",
      "lineage.has_key",
      "recovery.no_app",
      "recovery.clock_behind",
      "recovery.no_owner",
      "recovery.open",
      "recovery.reason_required",
      "recovery.reason_invalid",
      "recovery.reason_too_long",
      "revocation.in_force",
    ],
    handle: ({ store, actor, body, idempotency }) => {
      const { keyid, appId, reason } = body;
      const made = requestRecovery(
        store,
        actor,
        { keyid, reason, ...(appId === undefined ? {} : { appId }) },
        idempotency,
      );
      return resource(made, { status: 201, headers: { Location: `${PATH}/${made.id}` } });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "key.read",
    name: "listRecoveries",
    summary: "List recoveries",
    description: "Those of one's organisations, newest first; administrators see all.",
    tag: TAG,
    query: Type.Object({ ...PAGE_QUERY, state: Type.Optional(RECOVERY_STATE) }),
    replies: [{ status: 200, description: "A page of recoveries.", schema: pageSchema(RECOVERY) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) => {
      const { state } = query;
      const read = (page: PageRequest) =>
        listRecoveries(store, actor, { ...page, ...(state === undefined ? {} : { state }) });
      return json(pageFor("key-recoveries", query, read));
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:recoveryId`,
    access: "key.read",
    name: "readRecovery",
    summary: "Read a recovery",
    description: "With its waiting time, and the keys that it takes the place of.",
    tag: TAG,
    params: PARAMS,
    replies: REPLY,
    errors: ["recovery.not_found"],
    handle: ({ store, actor, params }) => resource(readRecovery(store, actor, params.recoveryId)),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:recoveryId/object`,
    access: "key.recover",
    name: "objectToRecovery",
    summary: "Stop a recovery",
    description: "What any owner of the organisation can do until it is decided.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(record({ reason: REASON })),
    replies: REPLY,
    errors: [...DECIDED, "recovery.reason_required", "recovery.reason_invalid", "recovery.reason_too_long"],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(objectToRecovery(store, actor, params.recoveryId, body, ifMatch)),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:recoveryId/refuse`,
    access: "recovery.decide",
    name: "refuseRecovery",
    summary: "Refuse a recovery",
    description: "With the reason, which the organisation's owners read.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(record({ reason: REASON })),
    replies: REPLY,
    errors: [
      ...DECIDED,
      "recovery.own_organisation",
      "recovery.reason_required",
      "recovery.reason_invalid",
      "recovery.reason_too_long",
    ],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(refuseRecovery(store, actor, params.recoveryId, body, ifMatch)),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:recoveryId/approve`,
    access: "recovery.decide",
    name: "approveRecovery",
    summary: "Approve a recovery",
    description:
      "Once the waiting time is over. The store signs a key-recovery/v1 statement for each app (package format, section 5); devices follow at their next refresh. A reason is optional; the owners read it.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: optionalJsonBody(record({ reason: Type.Optional(REASON) })),
    replies: REPLY,
    errors: [
      ...DECIDED,
      "catalog.busy",
      "catalog.damaged",
      "lineage.changed",
      "recovery.days_missing",
      "recovery.own_organisation",
      "recovery.reason_invalid",
      "recovery.reason_too_long",
      "recovery.too_early",
      "revocation.in_force",
    ],
    handle: async ({ store, actor, params, body, ifMatch }): Promise<Response> => {
      const approved: RecoveryView = await approveRecovery(store, actor, params.recoveryId, body, ifMatch);
      return resource(approved);
    },
  }),
];
