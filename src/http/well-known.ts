/** /.well-known/jwks.json: the public keys that access tokens are verified with, for whoever takes them beside the store. */
import { publishedKeys } from "../accounts/access-tokens/keys.ts";
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
];
