/** The shapes of the organisations that people ask for. */
import { type Static, Type } from "@sinclair/typebox";
import type { OwnRequest } from "../accounts/organisation-requests/ask.ts";
import type { OrganisationRequest } from "../accounts/organisation-requests/decide.ts";
import { idOf, ORGANISATION_ID, oneOf, orNull, REVISION, record, TIME } from "./schemas.ts";
import { ACCOUNT_ID, EMAIL } from "./schemas-accounts.ts";

export const ORGANISATION_REQUEST_ID = idOf("orq", "a request's");

const COMMON = {
  id: ORGANISATION_REQUEST_ID,
  name: Type.String({ description: "What the organisation is to be called." }),
  reason: Type.String({ description: "Why, in the words of who asks." }),
  state: {
    ...oneOf("open", "accepted", "refused", "withdrawn"),
    description: "open: it waits; withdrawn: who asked took it back.",
  },
  createdAt: TIME,
  answer: orNull(Type.String({ description: "Why it was refused; null: it was not." })),
  organisationId: orNull({ ...ORGANISATION_ID, description: "What was made; null: nothing, or it is gone." }),
  revision: REVISION,
};

export const OWN_ORGANISATION_REQUEST = record(
  { ...COMMON, closedAt: orNull({ ...TIME, description: "When it was decided or taken back." }) },
  "OwnOrganisationRequest",
);

export function ownRequestJson({
  createdAt,
  closedAt,
  ...rest
}: OwnRequest): Static<typeof OWN_ORGANISATION_REQUEST> {
  return { ...rest, createdAt: createdAt.toISOString(), closedAt: closedAt?.toISOString() ?? null };
}

export const ORGANISATION_REQUEST = record(
  {
    ...COMMON,
    by: record({
      ...{ accountId: ACCOUNT_ID, name: Type.String(), email: EMAIL },
      isEmailProven: Type.Boolean({
        description: "Whether they have shown that they read mail at this address.",
      }),
    }),
    closed: orNull(record({ at: TIME, by: Type.String({ description: "The label of who did." }) })),
  },
  "OrganisationRequest",
);

export function requestJson({
  createdAt,
  closed,
  mayDecide: _,
  ...rest
}: OrganisationRequest): Static<typeof ORGANISATION_REQUEST> {
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    closed: closed && { by: closed.by, at: closed.at.toISOString() },
  };
}
