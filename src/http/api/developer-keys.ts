/** /api/v1/developer-keys */
import { Type } from "@sinclair/typebox";
import { enrollKey, listDeveloperKeys } from "../../catalog/developer-keys.ts";
import { jsonBody } from "../body.ts";
import { pageAnswer, pageRequest } from "../cursor.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { DEVELOPER_KEY, ENROLLED_KEY, ORGANISATION_ID, PAGE_QUERY, pageSchema, record } from "../schemas.ts";

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
];
