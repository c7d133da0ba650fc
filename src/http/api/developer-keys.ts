/** /api/v1/developer-keys */
import { Type } from "@sinclair/typebox";
import { enrollKey, listDeveloperKeys, readDeveloperKey } from "../../catalog/developer-keys.ts";
import { revokeDeveloperKey } from "../../catalog/revoke-key.ts";
import { jsonBody } from "../body.ts";
import { pageAnswer, pageRequest } from "../cursor.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import {
  DEVELOPER_KEY,
  ENROLLED_KEY,
  ORGANISATION_ID,
  oneOf,
  PAGE_QUERY,
  pageSchema,
  record,
} from "../schemas.ts";
import { KEY_ID } from "../schemas-keys.ts";

const PATH = "/api/v1/developer-keys";
const TAG = "Developer keys";

export const developerKeyRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "key.enroll",
    name: "enrollKey",
    summary: "Enrol a signing key",
    description:
      "Answers a PKCS #10 request with a certificate. Only the key is taken from it; the names are the account's. A key that is enrolled already gets a new certificate, so a repeated call does no harm.",
    tag: TAG,
    creates: true,
    body: jsonBody(
      record({
        csr: Type.String({ minLength: 1, maxLength: 16_384, description: "a PKCS #10 request in PEM" }),
        organisationId: Type.Optional(ORGANISATION_ID),
      }),
    ),
    replies: [{ status: 201, description: "The key with its certificate.", schema: ENROLLED_KEY }],
    errors: [
      "organisation.required",
      "organisation.not_found",
      "key.other_organisation",
      "idempotency.resource_gone",
      "MPK-A*",
      "MPK-X*",
    ],
    handle: async ({ store, actor, body, idempotency }) => {
      const { csr, organisationId } = body;
      const enrolled = await enrollKey(
        store,
        actor,
        { csr, ...(organisationId === undefined ? {} : { organisationId }) },
        idempotency,
      );
      return json(enrolled, { status: 201 });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "key.read",
    name: "listDeveloperKeys",
    summary: "List signing keys",
    description:
      "Those of one's organisations with their newest certificate, in the order of their enrolment; administrators see all.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of keys.", schema: pageSchema(DEVELOPER_KEY) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) => {
      const page = listDeveloperKeys(store, actor, pageRequest("developer-keys", query));
      return json(pageAnswer("developer-keys", page, (key) => key));
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:keyid`,
    access: "key.read",
    name: "readDeveloperKey",
    summary: "Read a signing key",
    description: "With its newest certificate and the apps that it may sign.",
    tag: TAG,
    params: Type.Object({ keyid: KEY_ID }),
    replies: [{ status: 200, description: "The key.", schema: DEVELOPER_KEY }],
    errors: ["key.not_found"],
    handle: ({ store, actor, params }) => json(readDeveloperKey(store, actor, params.keyid)),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:keyid/revoke`,
    access: "key.revoke",
    name: "revokeDeveloperKey",
    summary: "Revoke a signing key",
    description:
      "From a device's next refresh nothing that the key signed is installed; with disable installed copies do not start, with remove they are taken away. Keys that it added before stay. Every owner is told. An owner can make a revocation that is in force stricter; to change or lift it is the administrators'.",
    tag: TAG,
    params: Type.Object({ keyid: KEY_ID }),
    body: jsonBody(
      record({
        action: Type.Optional(oneOf("block", "disable", "remove")),
        reason: Type.String({
          minLength: 1,
          maxLength: 1000,
          description: "why, shown to the people whose devices it concerns",
        }),
      }),
    ),
    replies: [{ status: 200, description: "The key as it is now.", schema: DEVELOPER_KEY }],
    errors: [
      "key.not_found",
      "key.revoked_already",
      "revocation.reason_invalid",
      "revocation.list_full",
      "catalog.busy",
    ],
    handle: async ({ store, actor, params, body }) => {
      const { action, reason } = body;
      const input = { reason, ...(action === undefined ? {} : { action }) };
      return json(await revokeDeveloperKey(store, actor, params.keyid, input));
    },
  }),
];
