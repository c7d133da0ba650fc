/** /api/v1/developer-keys */
import { Type } from "@sinclair/typebox";
import { enrollKey, listDeveloperKeys, readDeveloperKey } from "../../catalog/developer-keys.ts";
import { previewKeyRevocation, revokeDeveloperKey } from "../../catalog/revoke-key.ts";
import { jsonBody } from "../body.ts";
import { pageFor, pageRequest } from "../cursor.ts";
import { json } from "../reply.ts";
import { PREVIEW_LIST, previewAnswer } from "../revocation-answers.ts";
import { defineRoute, type Route } from "../route.ts";
import { DEVELOPER_KEY, ENROLLED_KEY, ORGANISATION_ID, PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import { KEY_ID } from "../schemas-keys.ts";
import { REVOCATION_PREVIEW, REVOKE_KEY, REVOKE_KEY_PREVIEW } from "../schemas-revocations.ts";

const PATH = "/api/v1/developer-keys";
const TAG = "Developer keys";
const PARAMS = Type.Object({ keyid: KEY_ID });
const REVOKE_ERRORS = [
  "key.not_found",
  "key.revoked_already",
  "revocation.action_invalid",
  "revocation.reason_invalid",
] as const;

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
      "catalog.damaged",
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
    handle: ({ store, actor, query }) =>
      json(pageFor("developer-keys", query, (page) => listDeveloperKeys(store, actor, page))),
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
    params: PARAMS,
    replies: [{ status: 200, description: "The key.", schema: DEVELOPER_KEY }],
    errors: ["key.not_found"],
    handle: ({ store, actor, params }) => json(readDeveloperKey(store, actor, params.keyid)),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:keyid/revoke/preview`,
    access: "key.revoke",
    name: "previewKeyRevocation",
    summary: "Look at what revoking a signing key would concern",
    description:
      "Changes nothing. Says which apps and versions it would concern and what is in force now, and gives the scope that the act takes. Without an action it is block.",
    tag: TAG,
    params: PARAMS,
    query: Type.Object(PAGE_QUERY),
    body: jsonBody(REVOKE_KEY_PREVIEW),
    replies: [{ status: 200, description: "What it would concern.", schema: REVOCATION_PREVIEW }],
    errors: [...REVOKE_ERRORS, "cursor.invalid"],
    handle: async ({ store, actor, params, query, body }) => {
      const page = pageRequest(PREVIEW_LIST, query);
      return json(previewAnswer(await previewKeyRevocation(store, actor, params.keyid, body, page)));
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:keyid/revoke`,
    access: "key.revoke",
    name: "revokeDeveloperKey",
    summary: "Revoke a signing key",
    description:
      "For the organisation's owners; administrators revoke keys as they revoke everything. From a device's next refresh nothing that the key signed is installed; with disable installed copies do not start, with remove they are taken away. Keys that it added before stay. Every owner is told. A revocation that is in force can be made stricter; to change or lift it is the administrators'. `scope` is that of the preview, and takes the place of If-Match: without it the answer is 428, and when the act would concern something else by now, it is refused with 409 and nothing is done. Sent again, it changes nothing.",
    tag: TAG,
    params: PARAMS,
    body: jsonBody(REVOKE_KEY),
    replies: [{ status: 200, description: "The key as it is now.", schema: DEVELOPER_KEY }],
    errors: [
      ...REVOKE_ERRORS,
      "revocation.scope_changed",
      "revocation.scope_required",
      "revocation.list_full",
      "catalog.busy",
      "catalog.damaged",
    ],
    handle: async ({ store, actor, params, body }) => {
      const { scope, ...input } = body;
      return json(await revokeDeveloperKey(store, actor, params.keyid, input, scope));
    },
  }),
];
