/** The shapes of API keys. */
import { type Static, Type } from "@sinclair/typebox";
import { MOST_KEY_DAYS } from "../accounts/api-keys/make.ts";
import type { ApiKey } from "../accounts/api-keys/owner.ts";
import { APP_ID, idOf, ORGANISATION_ID, orNull, record, TIME } from "./schemas.ts";
import { ACCOUNT_ID } from "./schemas-accounts.ts";

export const API_KEY_ID = idOf("key", "an API key's");

const ACTIONS = orNull(
  Type.Array(Type.String({ maxLength: 60 }), {
    description: "The actions of the page of rights that it may; null: all that its owner may.",
    maxItems: 200,
  }),
);

const API_KEY_MEMBERS = {
  id: API_KEY_ID,
  name: Type.String(),
  organisationId: orNull({ ...ORGANISATION_ID, description: "Of an organisation's key, which acts for it." }),
  accountId: orNull({ ...ACCOUNT_ID, description: "Of a person's key, which acts as they." }),
  actions: ACTIONS,
  apps: orNull(
    Type.Array(APP_ID, { description: "The apps that it is for; null: all that its owner reaches." }),
  ),
  createdBy: Type.String({ description: "The label of who made it." }),
  createdAt: TIME,
  expiresAt: TIME,
  madeWith: orNull({ ...API_KEY_ID, description: "The key that made it, with which it ends." }),
  previousUntil: orNull({ ...TIME, description: "Until when the token before the last rotation works too." }),
  lastUsedAt: orNull({ ...TIME, description: "Not to the minute." }),
  lastUsedAddress: orNull(Type.String()),
  revokedAt: orNull(TIME),
  leakedAt: orNull({ ...TIME, description: "When its token was reported as leaked." }),
  leftBehind: Type.Boolean({
    description:
      "Of an organisation’s key: whether somebody made it or rotated it last who may make no keys there any more, such as who has left. They may have kept its token: rotate it with 0 hours for the old token, or revoke it.",
  }),
};

export const API_KEY = record(API_KEY_MEMBERS, "ApiKey");

export const NEW_API_KEY = record(
  {
    ...API_KEY_MEMBERS,
    token: orNull(
      Type.String({
        description: "Shown this once. null in the answer to a repeated call, since it is not kept.",
      }),
    ),
  },
  "NewApiKey",
);

export const DAYS = Type.Integer({
  description: `Whole days until it ends, 1 to ${MOST_KEY_DAYS}; 90 without it.`,
});

export const API_KEY_FIELDS = record({
  name: Type.String({ maxLength: 400 }),
  days: Type.Optional(DAYS),
  actions: ACTIONS,
  apps: orNull(
    Type.Array(Type.String({ maxLength: 128 }), {
      description: "The apps that it is for; null: all that its owner reaches.",
      maxItems: 200,
    }),
  ),
});

export function apiKeyJson(key: ApiKey): Static<typeof API_KEY> {
  const { createdAt, expiresAt, previousUntil, lastUsedAt, revokedAt, leakedAt, ...rest } = key;
  const { actions, apps } = rest;
  return {
    ...rest,
    actions: actions === null ? null : [...actions],
    apps: apps === null ? null : [...apps],
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    previousUntil: previousUntil?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
    leakedAt: leakedAt?.toISOString() ?? null,
  };
}
