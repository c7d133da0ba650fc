/** /api/v1/enrolment-codes: the codes with which devices enrol. */
import { Type } from "@sinclair/typebox";
import {
  createEnrolmentCode,
  pageEnrolmentCodes,
  readEnrolmentCode,
  revokeEnrolmentCode,
} from "../../accounts/devices/codes.ts";
import { jsonBody } from "../body.ts";
import { pageFor } from "../cursor.ts";
import { enrolmentLink } from "../enrolment-link.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY, pageSchema } from "../schemas.ts";
import {
  ENROLMENT_CODE,
  ENROLMENT_CODE_FIELDS,
  ENROLMENT_CODE_ID,
  enrolmentCodeJson,
  NEW_ENROLMENT_CODE,
} from "../schemas-devices.ts";

const PATH = "/api/v1/enrolment-codes";
const ONE = `${PATH}/:codeId`;
const TAG = "Devices";
const PARAMS = Type.Object({ codeId: ENROLMENT_CODE_ID });

export const enrolmentCodeRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "device.read",
    name: "listEnrolmentCodes",
    summary: "List the codes with which devices enrol",
    description: "Without the codes themselves; the newest first, also those that are over.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of codes.", schema: pageSchema(ENROLMENT_CODE) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) =>
      json(pageFor("codes", query, (page) => pageEnrolmentCodes(store, actor, page), enrolmentCodeJson)),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "device.manage",
    confidential: true,
    name: "createEnrolmentCode",
    summary: "Make a code with which devices enrol",
    description:
      "The answer has the code, which is not kept. Putting devices into groups needs group.manage too.",
    tag: TAG,
    creates: true,
    body: jsonBody(ENROLMENT_CODE_FIELDS),
    replies: [{ status: 201, description: "The code.", schema: NEW_ENROLMENT_CODE, location: true }],
    errors: ["enrolment.invalid", "enrolment.too_many", "group.not_found", "idempotency.resource_gone"],
    handle: ({ store, actor, info, body, idempotency }) => {
      const { code, text } = createEnrolmentCode(store, actor, body, idempotency);
      const link = text === null ? null : enrolmentLink(store, info, text);
      const headers = { "Cache-Control": "no-store", Location: `${PATH}/${code.id}` };
      return json({ ...enrolmentCodeJson(code), code: text, link }, { status: 201, headers });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: ONE,
    access: "device.read",
    name: "readEnrolmentCode",
    summary: "Read about a code with which devices enrol",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The code, without its text.", schema: ENROLMENT_CODE }],
    errors: ["enrolment.not_found"],
    handle: ({ store, actor, params }) =>
      json(enrolmentCodeJson(readEnrolmentCode(store, actor, params.codeId))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/revoke`,
    access: "device.manage",
    name: "revokeEnrolmentCode",
    summary: "Revoke a code with which devices enrol",
    description: "No other device enrols with it; those that have stay. Again is no error.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The code as it is now.", schema: ENROLMENT_CODE }],
    errors: ["enrolment.not_found"],
    handle: ({ store, actor, params }) =>
      json(enrolmentCodeJson(revokeEnrolmentCode(store, actor, params.codeId))),
  }),
];
