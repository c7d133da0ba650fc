/**
 * /.well-known/jwks.json: the public keys that access tokens are verified with, for whoever takes them beside the store.
 * /.well-known/oauth-authorization-server: where programs are signed in (RFC 8414).
 */
import { publishedKeys } from "../accounts/access-tokens/keys.ts";
import { DEVICE_AUTHORIZATION, DEVICE_CODE_GRANT, TOKEN } from "./api/oauth.ts";
import { json } from "./reply.ts";
import { defineRoute, type Route } from "./route.ts";

/** A key is published a day before it signs, so that no copy is too old; after a leak the old ones should not last. */
const CACHING = "public, max-age=300";

export const wellKnownRoutes: readonly Route[] = [
  defineRoute({
    area: "file",
    method: "GET",
    path: "/.well-known/jwks.json",
    access: "public",
    name: "readTokenKeySet",
    summary: "The public keys of access tokens (RFC 7517)",
    handle: ({ store }) =>
      json(
        { keys: publishedKeys(store) },
        { headers: { "Cache-Control": CACHING, "Content-Type": "application/jwk-set+json" } },
      ),
  }),
  defineRoute({
    area: "file",
    method: "GET",
    path: "/.well-known/oauth-authorization-server",
    access: "public",
    name: "readAuthorizationServer",
    summary: "Where and how programs are signed in (RFC 8414)",
    handle: ({ info: { origin } }) =>
      json(
        {
          issuer: origin,
          device_authorization_endpoint: `${origin}${DEVICE_AUTHORIZATION}`,
          token_endpoint: `${origin}${TOKEN}`,
          jwks_uri: `${origin}/.well-known/jwks.json`,
          grant_types_supported: [DEVICE_CODE_GRANT],
          // No client has a secret: a person lets each one in.
          token_endpoint_auth_methods_supported: ["none"],
          response_types_supported: [],
          service_documentation: `${origin}/docs`,
        },
        { headers: { "Cache-Control": CACHING } },
      ),
  }),
];
