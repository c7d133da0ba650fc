/** /api/v1/apps/{appId}/versions/{versionCode}/yank and /unyank: published versions that are offered to nobody any more. */
import { Type } from "@sinclair/typebox";
import { YANK_REASON_MOST } from "../../catalog/tuf/app-notices.ts";
import { unyankVersion, yankVersion } from "../../catalog/yank/yank.ts";
import { jsonBody } from "../body.ts";
import { resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, record, VERSION, VERSION_CODE } from "../schemas.ts";

const PATH = "/api/v1/apps/:appId/versions/:versionCode";
const TAG = "Versions";
const PARAMS = Type.Object({ appId: APP_ID, versionCode: VERSION_CODE });
const ERRORS = [
  "app.not_found",
  "version.not_found",
  "version.wrong_state",
  "catalog.busy",
  "catalog.damaged",
];

export const yankRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/yank`,
    access: "version.yank",
    name: "yankVersion",
    summary: "Yank a published version",
    description:
      "It is offered to nobody any more: devices that have it keep it until a higher version code comes, and nothing is rolled back. Its code stays taken. The reason is shown in the store and on devices; of what is yanked already, a new one takes its place. It is no revocation, which is the act against what is dangerous.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(
      record({
        reason: Type.String({
          maxLength: 4000,
          description: `One line of 1 to ${YANK_REASON_MOST} characters.`,
          examples: ["Loses drafts when the device sleeps."],
        }),
      }),
    ),
    replies: [{ status: 200, description: "The version as it is now.", schema: VERSION }],
    errors: [...ERRORS, "version.yank_reason_invalid"],
    handle: async ({ store, actor, params, body, ifMatch }) =>
      resource(
        await yankVersion(
          store,
          actor,
          { appId: params.appId, version: params.versionCode, ifMatch },
          body.reason,
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/unyank`,
    access: "version.yank",
    name: "unyankVersion",
    summary: "Offer a yanked version again",
    description: "As any other published version, unless it is revoked. What is not yanked stays as it is.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    replies: [{ status: 200, description: "The version as it is now.", schema: VERSION }],
    errors: ERRORS,
    handle: async ({ store, actor, params, ifMatch }) =>
      resource(
        await unyankVersion(store, actor, { appId: params.appId, version: params.versionCode, ifMatch }),
      ),
  }),
];
