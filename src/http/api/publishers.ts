/** Trusted publishing: whom an app trusts, and the exchange of a build job's identity token. */
import { Type } from "@sinclair/typebox";
import { exchangeIdentity } from "../../accounts/trusted-publishing/exchange.ts";
import { TOKEN_BYTES } from "../../accounts/trusted-publishing/identity-token.ts";
import {
  addPublisher,
  readTrustedPublishing,
  removePublisher,
  setTrustedOnly,
} from "../../catalog/publishers.ts";
import { jsonBody } from "../body.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { APP_ID, record } from "../schemas.ts";
import {
  EXCHANGED,
  PUBLISHER,
  PUBLISHER_FIELDS,
  PUBLISHER_ID,
  publisherJson,
  TRUSTED_PUBLISHING,
  trustedPublishingJson,
} from "../schemas-publishers.ts";

const TAG = "Trusted publishing";
const PATH = "/api/v1/apps/:appId/publishers";
const PARAMS = Type.Object({ appId: APP_ID });

export const publisherRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "publisher.read",
    name: "readTrustedPublishing",
    summary: "See whom an app trusts to upload its versions",
    tag: TAG,
    params: PARAMS,
    replies: [
      {
        status: 200,
        description: "Its trusted publishers, and what others can be chosen from.",
        schema: TRUSTED_PUBLISHING,
      },
    ],
    errors: ["app.not_found"],
    handle: ({ store, actor, params }) =>
      json(trustedPublishingJson(readTrustedPublishing(store, actor, params.appId))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "publisher.manage",
    name: "addTrustedPublisher",
    summary: "Trust a build job to upload versions of an app",
    tag: TAG,
    creates: true,
    params: PARAMS,
    body: jsonBody(PUBLISHER_FIELDS),
    replies: [{ status: 201, description: "The trusted publisher.", schema: PUBLISHER, location: true }],
    errors: [
      "app.not_found",
      "publisher.invalid",
      "publisher.exists",
      "publisher.too_many",
      "idempotency.resource_gone",
    ],
    handle: ({ store, actor, params, body, idempotency, url }) => {
      const made = addPublisher(store, actor, params.appId, body, idempotency);
      return json(publisherJson(made), { status: 201, headers: { Location: url.pathname } });
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:publisherId/remove`,
    access: "publisher.manage",
    name: "removeTrustedPublisher",
    summary: "Trust a build job no more",
    description: "Tokens that it has end at once. Again is no error.",
    tag: TAG,
    params: Type.Object({ appId: APP_ID, publisherId: PUBLISHER_ID }),
    replies: [{ status: 200, description: "What it was.", schema: PUBLISHER }],
    errors: ["app.not_found", "publisher.not_found"],
    handle: ({ store, actor, params }) =>
      json(publisherJson(removePublisher(store, actor, params.appId, params.publisherId))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/apps/:appId/trusted-only",
    access: "publisher.manage",
    name: "setTrustedOnly",
    summary: "Say whether only trusted publishers may upload versions",
    description:
      "While they alone may, every API key and every person is refused. Switched off, it ends the tokens that they have.",
    tag: TAG,
    params: PARAMS,
    body: jsonBody(record({ trustedOnly: Type.Boolean() })),
    replies: [{ status: 200, description: "As it is now.", schema: TRUSTED_PUBLISHING }],
    errors: ["app.not_found", "publisher.none"],
    handle: ({ store, actor, params, body }) =>
      json(trustedPublishingJson(setTrustedOnly(store, actor, params.appId, body.trustedOnly))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/trusted-publishing/token",
    access: "public",
    // A signature is checked, and a server may be asked for its keys.
    cost: 5,
    countsAsShown: true,
    confidential: true,
    name: "exchangeIdentityToken",
    summary: "Exchange the identity token of a build job",
    description:
      "As RFC 8693 has it, in JSON: without credentials, for a token of 15 minutes with which the job uploads and submits versions of that app, and reads them. The identity token is an OpenID Connect one of a CI server that the store trusts, for the store’s address as its only audience, younger than an hour, and each is taken once. The answer is the same for an app that is not there and for one that trusts others.",
    tag: TAG,
    body: jsonBody(
      record({
        appId: APP_ID,
        identityToken: Type.String({ maxLength: TOKEN_BYTES, description: "As the CI server gave it." }),
      }),
    ),
    replies: [{ status: 200, description: "The token.", schema: EXCHANGED }],
    errors: [
      "trusted.no_publisher",
      "trusted.token_invalid",
      "trusted.token_expired",
      "trusted.audience",
      "trusted.issuer_unknown",
      "trusted.issuer_unreachable",
      "trusted.key_unusable",
      "trusted.no_address",
      "trusted.replayed",
    ],
    handle: async ({ store, actor, body, onShown }) => {
      const { token, expiresInSeconds, expiresAt, publisher, run } = await exchangeIdentity(
        store,
        actor,
        body,
        onShown,
      );
      return json(
        {
          token,
          tokenType: "Bearer",
          expiresIn: expiresInSeconds,
          expiresAt: expiresAt.toISOString(),
          publisherId: publisher.id,
          run,
        },
        { headers: { "Cache-Control": "no-store" } },
      );
    },
  }),
];
