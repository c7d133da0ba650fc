/** /api/v1/token-keys: the keys that access tokens are signed with. */
import { Type } from "@sinclair/typebox";
import { listTokenKeys, rotateTokenKeys, type TokenKey } from "../../accounts/access-tokens/keys.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { oneOf, orNull, record, TIME } from "../schemas.ts";

const TOKEN_KEY = record(
  {
    kid: Type.String({ description: "The thumbprint of the public key (RFC 7638)." }),
    state: oneOf("signs", "next", "retired", "ended"),
    createdAt: TIME,
    signsFrom: TIME,
    signedUntil: orNull({ ...TIME, description: "When another took its place." }),
    endedAt: orNull({ ...TIME, description: "When it was ended by hand, with every token of it." }),
  },
  "TokenKey",
);
const TOKEN_KEYS = record({ items: Type.Array(TOKEN_KEY, { description: "The newest first." }) });

const answer = (keys: readonly TokenKey[]): Response =>
  json({
    items: keys.map(({ createdAt, signsFrom, signedUntil, endedAt, ...key }) => ({
      ...key,
      createdAt: createdAt.toISOString(),
      signsFrom: signsFrom.toISOString(),
      signedUntil: signedUntil?.toISOString() ?? null,
      endedAt: endedAt?.toISOString() ?? null,
    })),
  });

export const tokenKeyRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/token-keys",
    access: "storekeys.read",
    name: "listTokenKeys",
    summary: "List the keys that access tokens are signed with",
    description:
      "Without their private halves. Each signs for 30 days, is published at /.well-known/jwks.json a day before that, and until the last token that it signed has ended.",
    tag: "Store",
    replies: [{ status: 200, description: "Every key of the last months.", schema: TOKEN_KEYS }],
    handle: ({ store, actor }) => answer(listTokenKeys(store, actor)),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/token-keys/rotate",
    access: "tokenkeys.rotate",
    name: "rotateTokenKeys",
    summary: "End every access token, with the keys that signed them",
    description:
      "For a key that somebody else may know. Another key signs at once; devices and build servers ask for new tokens by themselves.",
    tag: "Store",
    replies: [{ status: 200, description: "The keys, as they are now.", schema: TOKEN_KEYS }],
    handle: ({ store, actor }) => answer(rotateTokenKeys(store, actor)),
  }),
];
