/** /api/v1/me/organisation-request: asking for an organisation; /api/v1/organisation-requests: administrators decide about it. */
import { Type } from "@sinclair/typebox";
import {
  askForOrganisation,
  readOwnRequest,
  withdrawRequest,
} from "../../accounts/organisation-requests/ask.ts";
import {
  acceptRequest,
  listRequests,
  readRequest,
  refuseRequest,
} from "../../accounts/organisation-requests/decide.ts";
import { REASON_CHARACTERS } from "../../accounts/reason.ts";
import { ORGANISATION_NAME_CHARACTERS } from "../../ids.ts";
import { jsonBody } from "../body.ts";
import { pageFor } from "../cursor.ts";
import { json, noContent, resource } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { oneOf, PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import {
  ORGANISATION_REQUEST,
  ORGANISATION_REQUEST_ID,
  OWN_ORGANISATION_REQUEST,
  ownRequestJson,
  requestJson,
} from "../schemas-organisation-requests.ts";

const OWN = "/api/v1/me/organisation-request";
const PATH = "/api/v1/organisation-requests";
const ONE = `${PATH}/:requestId`;
const TAG = "Organisations";
const PARAMS = Type.Object({ requestId: ORGANISATION_REQUEST_ID });
const own = { status: 200, description: "The request.", schema: OWN_ORGANISATION_REQUEST } as const;
const request = { status: 200, description: "The request.", schema: ORGANISATION_REQUEST } as const;
const NAME = Type.String({ maxLength: 4 * ORGANISATION_NAME_CHARACTERS, examples: ["Example Ltd"] });
const REASON = Type.String({
  maxLength: 4 * REASON_CHARACTERS,
  description: `A sentence of ${REASON_CHARACTERS} characters at most.`,
  examples: ["We make the apps for the warehouse."],
});

export const organisationRequestRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: OWN,
    access: "organisation.request",
    name: "readOwnOrganisationRequest",
    summary: "Read what became of the organisation that one asked for",
    description: "The newest request, whatever became of it.",
    tag: TAG,
    replies: [own],
    errors: ["organisation_request.not_found"],
    handle: ({ store, actor }) => resource(ownRequestJson(readOwnRequest(store, actor))),
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: OWN,
    access: "organisation.request",
    name: "askForOrganisation",
    summary: "Ask the store's administrators for an organisation",
    description:
      "With oneself as its owner. Until it is decided, another one takes its place, and the same again is no change. Administrators are told.",
    tag: TAG,
    body: jsonBody(record({ name: NAME, reason: REASON })),
    replies: [own],
    errors: [
      "organisation.invalid",
      "organisation.name_taken",
      "organisation.names_tried",
      "reason.invalid",
      "organisation_request.too_many",
    ],
    handle: ({ store, actor, body }) => resource(ownRequestJson(askForOrganisation(store, actor, body))),
  }),
  defineRoute({
    area: "api",
    method: "DELETE",
    path: OWN,
    access: "organisation.request",
    name: "withdrawOrganisationRequest",
    summary: "Take back that one asks for an organisation",
    tag: TAG,
    changes: true,
    replies: [{ status: 204, description: "It is taken back." }],
    errors: ["organisation_request.not_found"],
    handle: ({ store, actor, ifMatch }) => {
      withdrawRequest(store, actor, ifMatch);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "organisation.requested",
    name: "listOrganisationRequests",
    summary: "List the organisations that people ask for",
    description:
      "What waits, the longest waiting first; or what was decided or taken back, the newest first. For administrators and auditors.",
    tag: TAG,
    query: Type.Object({ ...PAGE_QUERY, state: Type.Optional(oneOf("open", "closed")) }),
    replies: [{ status: 200, description: "A page of requests.", schema: pageSchema(ORGANISATION_REQUEST) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query: { state = "open", ...query } }) =>
      json(
        pageFor(
          `organisation-requests-${state}`,
          query,
          (page) => listRequests(store, actor, { ...page, state }),
          requestJson,
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: ONE,
    access: "organisation.requested",
    name: "readOrganisationRequest",
    summary: "Read which organisation somebody asks for",
    tag: TAG,
    params: PARAMS,
    replies: [request],
    errors: ["organisation_request.not_found"],
    handle: ({ store, actor, params }) => resource(requestJson(readRequest(store, actor, params.requestId))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/accept`,
    access: "organisation.grant",
    name: "acceptOrganisationRequest",
    summary: "Make the organisation that somebody asks for",
    description: "Who asked is its owner, and is told.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(
      record({ name: Type.Optional({ ...NAME, description: "Left out: it is called as was asked." }) }),
    ),
    replies: [request],
    errors: [
      "organisation_request.not_found",
      "organisation_request.closed",
      "organisation.invalid",
      "organisation.name_taken",
      "organisation.owner_unknown",
    ],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(requestJson(acceptRequest(store, actor, params.requestId, { name: body.name, ifMatch }))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${ONE}/refuse`,
    access: "organisation.grant",
    name: "refuseOrganisationRequest",
    summary: "Refuse the organisation that somebody asks for",
    description: "Who asked is told, with the reason.",
    tag: TAG,
    changes: true,
    params: PARAMS,
    body: jsonBody(record({ reason: REASON })),
    replies: [request],
    errors: ["organisation_request.not_found", "organisation_request.closed", "reason.invalid"],
    handle: ({ store, actor, params, body, ifMatch }) =>
      resource(requestJson(refuseRequest(store, actor, params.requestId, { reason: body.reason, ifMatch }))),
  }),
];
