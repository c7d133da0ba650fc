/** /api/v1/apps/:appId/lineage */
import { Type } from "@sinclair/typebox";
import { addKey, readLineage } from "../../catalog/lineage.ts";
import { jsonBody } from "../body.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, record } from "../schemas.ts";
import { LINEAGE } from "../schemas-keys.ts";

const PATH = "/api/v1/apps/:appId/lineage";
const TAG = "Developer keys";
const PARAMS = Type.Object({ appId: APP_ID });

export const lineageRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "app.read",
    name: "readLineage",
    summary: "Which keys may sign an app",
    description: "The first one first; empty until a version is published.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The lineage.", schema: LINEAGE }],
    errors: ["app.not_found"],
    handle: ({ store, actor, params }) => json(readLineage(store, actor, params.appId)),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "key.rotate",
    name: "addLineageKey",
    summary: "Add a key to an app",
    description:
      "Takes a key-addition/v1 envelope (package format, section 5) that a key of the lineage signed. The store accepts it with an envelope of its own and publishes both; devices follow at their next refresh. The same envelope again changes nothing. A key that is revoked, or whose place a recovery has taken, is refused also when it is in the lineage.",
    tag: TAG,
    params: PARAMS,
    body: jsonBody(
      record({
        addition: Type.String({
          minLength: 1,
          maxLength: 65_536,
          description: "the envelope's canonical JSON, in base64",
        }),
      }),
    ),
    replies: [{ status: 200, description: "The lineage as it is now.", schema: LINEAGE }],
    errors: [
      "app.not_found",
      "key.certificate_distrusted",
      "lineage.changed",
      "lineage.full",
      "lineage.has_key",
      "lineage.key_lost",
      "lineage.key_not_enrolled",
      "lineage.not_set",
      "lineage.statement_malformed",
      "lineage.statement_old",
      "revocation.in_force",
      "catalog.busy",
      "catalog.damaged",
      "MPK-A*",
      "MPK-J*",
      "MPK-L*",
      "MPK-S*",
      "MPK-X*",
    ],
    handle: async ({ store, actor, params, body }) => json(await addKey(store, actor, params.appId, body)),
  }),
];
