/** /api/v1/organisations/…/api-keys and /api/v1/me/api-keys: the same calls for an organisation's keys and one's own. */
import { Type } from "@sinclair/typebox";
import { revokeApiKey } from "../../accounts/api-keys/end.ts";
import { reportLeaked } from "../../accounts/api-keys/leaked.ts";
import { pageApiKeys, readApiKey } from "../../accounts/api-keys/list.ts";
import { createApiKeyOnce } from "../../accounts/api-keys/make.ts";
import { MOST_OVERLAP_HOURS, rotateApiKey } from "../../accounts/api-keys/rotate.ts";
import type { ApiKeyId } from "../../ids.ts";
import { jsonBody } from "../body.ts";
import { pageFor } from "../cursor.ts";
import { KEYS_OF_ORGANISATION, KEYS_OF_PERSON, type KeySide } from "../key-owners.ts";
import { json, noContent } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { orNull, PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import { API_KEY, API_KEY_FIELDS, API_KEY_ID, apiKeyJson, DAYS, NEW_API_KEY } from "../schemas-api-keys.ts";

const TAG = "API keys";
const LIMITS =
  "A key that is made with another one does no more than that one, ends no later, and is revoked with it.";

type Side = KeySide & {
  readonly path: string;
  /** In the names of its operations. */
  readonly names: "ApiKey" | "OwnApiKey";
  readonly errors: readonly string[];
};

const SIDES: readonly Side[] = [
  {
    ...KEYS_OF_ORGANISATION,
    path: "/api/v1/organisations/:organisationId/api-keys",
    names: "ApiKey",
    errors: ["organisation.not_found"],
  },
  { ...KEYS_OF_PERSON, path: "/api/v1/me/api-keys", names: "OwnApiKey", errors: [] },
];

export const apiKeyRoutes: readonly Route[] = [
  ...SIDES.flatMap(sideRoutes),
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/leaked-keys",
    access: "public",
    // Up to a thousand tokens are looked up.
    cost: 10,
    name: "reportLeakedKeys",
    summary: "Report tokens that were found where they should not be",
    description:
      "For everybody, without credentials. A key whose whole token is reported is revoked at once, with the keys that were made with it, and its people are told. The answer is the same whatever the tokens are. The body is what GitHub’s secret scanning sends to its partners; its signature is not asked for, since whoever has a token may end it. Members that are not named here are taken and mean nothing.",
    tag: TAG,
    body: jsonBody(
      Type.Array(
        Type.Object({
          token: Type.String({ maxLength: 1000, description: "As it was found." }),
          type: Type.Optional(orNull(Type.String({ maxLength: 200, description: "Not looked at." }))),
          url: Type.Optional(
            orNull(
              Type.String({
                maxLength: 4000,
                description:
                  "Where it was found: an address of the web, told to the key’s people in a form that is no link. Anything else is left out.",
              }),
            ),
          ),
          source: Type.Optional(orNull(Type.String({ maxLength: 200, description: "Not looked at." }))),
        }),
        { minItems: 1, maxItems: 1000 },
      ),
    ),
    replies: [{ status: 204, description: "Whatever of it was a key that worked works no more." }],
    handle: ({ store, actor, body }) => {
      reportLeaked(
        store,
        actor,
        body.map(({ token, url }) => ({ token, ...(url == null ? {} : { url }) })),
      );
      return noContent();
    },
  }),
];

function sideRoutes({ path, params, names, whose, read, manage, errors, owner }: Side): Route[] {
  const list = `${names}s`;
  const one = Type.Object({ ...params.properties, apiKeyId: API_KEY_ID });
  const idOf = (of: object) => ("apiKeyId" in of ? of.apiKeyId : "") as ApiKeyId;
  return [
    defineRoute({
      area: "api",
      method: "GET",
      path,
      access: read,
      name: `list${list}`,
      summary: `List ${whose} API keys`,
      description: "Without their tokens; the newest first, also those that are over.",
      tag: TAG,
      params,
      query: Type.Object(PAGE_QUERY),
      replies: [{ status: 200, description: "A page of API keys.", schema: pageSchema(API_KEY) }],
      errors: [...errors, "cursor.invalid"],
      handle: (call) =>
        json(
          pageFor(
            list,
            call.query,
            (page) => pageApiKeys(call.store, call.actor, owner(call), page),
            apiKeyJson,
          ),
        ),
    }),
    defineRoute({
      area: "api",
      method: "POST",
      path,
      access: manage,
      name: `create${names}`,
      summary: `Make one of ${whose} API keys`,
      description: `Its token is in the answer and is kept nowhere. ${LIMITS}`,
      tag: TAG,
      creates: true,
      params,
      body: jsonBody(API_KEY_FIELDS),
      replies: [{ status: 201, description: "The key and its token.", schema: NEW_API_KEY, location: true }],
      errors: [...errors, "apikey.invalid", "apikey.too_many", "idempotency.resource_gone"],
      handle: (call) => {
        const { store, actor, idempotency } = call;
        const { days, ...fields } = call.body;
        const asked = { ...fields, owner: owner(call), ...(days === undefined ? {} : { days }) };
        const { key, token } = createApiKeyOnce(store, actor, asked, idempotency);
        const headers = { Location: `${call.url.pathname}/${key.id}`, "Cache-Control": "no-store" };
        return json({ ...apiKeyJson(key), token }, { status: 201, headers });
      },
    }),
    defineRoute({
      area: "api",
      method: "GET",
      path: `${path}/:apiKeyId`,
      access: read,
      name: `read${names}`,
      summary: `Read one of ${whose} API keys`,
      tag: TAG,
      params: one,
      replies: [{ status: 200, description: "The key.", schema: API_KEY }],
      errors: [...errors, "apikey.not_found"],
      handle: (call) => json(apiKeyJson(readApiKey(call.store, call.actor, owner(call), idOf(call.params)))),
    }),
    defineRoute({
      area: "api",
      method: "POST",
      path: `${path}/:apiKeyId/rotate`,
      access: manage,
      name: `rotate${names}`,
      summary: `Give one of ${whose} API keys a new token`,
      description: `The key stays what it is, with a new end; the token of before works on for as many hours as are asked for. ${LIMITS.replace("made", "rotated")}`,
      tag: TAG,
      params: one,
      body: jsonBody(
        record({
          overlapHours: Type.Integer({
            description: `Whole hours in which the old token works too, 0 to ${MOST_OVERLAP_HOURS}.`,
          }),
          days: Type.Optional(DAYS),
        }),
      ),
      replies: [{ status: 200, description: "The key and its new token.", schema: NEW_API_KEY }],
      errors: [...errors, "apikey.not_found", "apikey.invalid", "apikey.ended"],
      handle: (call) => {
        const { overlapHours, days } = call.body;
        const rotation = { overlapHours, ...(days === undefined ? {} : { days }) };
        const { key, token } = rotateApiKey(call.store, call.actor, idOf(call.params), rotation, owner(call));
        return json({ ...apiKeyJson(key), token }, { headers: { "Cache-Control": "no-store" } });
      },
    }),
    defineRoute({
      area: "api",
      method: "POST",
      path: `${path}/:apiKeyId/revoke`,
      access: manage,
      name: `revoke${names}`,
      summary: `Revoke one of ${whose} API keys`,
      description:
        "It works no more, at once and for good, and neither do keys that were made with it. Again is no error.",
      tag: TAG,
      params: one,
      replies: [{ status: 200, description: "The key as it is now.", schema: API_KEY }],
      errors: [...errors, "apikey.not_found"],
      handle: (call) =>
        json(apiKeyJson(revokeApiKey(call.store, call.actor, idOf(call.params), owner(call)))),
    }),
  ];
}
