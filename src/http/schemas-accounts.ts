/** The shapes of people, members, invitations and sessions. */

import { type Static, Type } from "@sinclair/typebox";
import type { Person } from "../accounts/administration.ts";
import type { KnownBrowser } from "../accounts/browsers/browsers.ts";
import type { Factor } from "../accounts/factors/views.ts";
import type { Identity } from "../accounts/identities/list.ts";
import type { Invitation } from "../accounts/invitations/invite.ts";
import type { Member } from "../accounts/members.ts";
import { MOST_COUNTED } from "../accounts/organisations.ts";
import type { Session } from "../accounts/sessions.ts";
import { ORGANISATION_ROLES, STORE_ROLES } from "../roles.ts";
import { APP_ID, idOf, ORGANISATION_ID, oneOf, orNull, record, SHA256, TIME } from "./schemas.ts";

export const ACCOUNT_ID = idOf("acc", "an account's");

export const INVITATION_ID = idOf("inv", "an invitation's");

export const FACTOR_ID = idOf("fac", "a second factor's");

export const EMAIL = Type.String({ maxLength: 254, description: "An address, such as name@example.org." });
export const ORGANISATION_ROLE = oneOf(...ORGANISATION_ROLES);
export const STORE_ROLE = oneOf(...STORE_ROLES);
const ROLE_APPS = orNull(
  Type.Array(APP_ID, {
    description:
      "The apps that the role is narrowed to, none where it is empty; null: the whole organisation.",
  }),
);
/** As it is asked for: what is no app of the organisation is refused with the other faults. */
export const ASKED_APPS = Type.Optional(
  orNull(
    Type.Array(Type.String({ maxLength: 200 }), {
      maxItems: 1000,
      description: "Ids of the apps that the role is for; null: the whole organisation.",
    }),
  ),
);

export const ORGANISATION = record(
  { id: ORGANISATION_ID, name: Type.String(), createdAt: TIME },
  "Organisation",
);

/** As lists have it. */
export const COUNTED_ORGANISATION = record(
  {
    ...ORGANISATION.properties,
    members: Type.Integer({ minimum: 0, maximum: MOST_COUNTED, description: `Up to ${MOST_COUNTED}.` }),
    apps: Type.Integer({
      minimum: 0,
      maximum: MOST_COUNTED,
      description: `Up to ${MOST_COUNTED}, whatever their state; those deleted for good are none.`,
    }),
  },
  "OrganisationInList",
);

export const MEMBER = record(
  {
    accountId: ACCOUNT_ID,
    email: EMAIL,
    name: Type.String(),
    role: ORGANISATION_ROLE,
    since: TIME,
    disabledAt: orNull(TIME),
    provider: orNull(
      Type.String({
        description: "The outside provider whose groups gave the role; null: it was given by hand.",
      }),
    ),
    apps: ROLE_APPS,
  },
  "Member",
);

export const INVITATION = record(
  {
    id: INVITATION_ID,
    email: EMAIL,
    organisationId: orNull(ORGANISATION_ID),
    role: orNull(ORGANISATION_ROLE),
    apps: ROLE_APPS,
    storeRole: orNull(STORE_ROLE),
    createdBy: Type.String({ description: "The label of who invited." }),
    createdAt: TIME,
    expiresAt: TIME,
    revokedAt: orNull(TIME),
  },
  "Invitation",
);

export const IDENTITY_ID = idOf("idn", "a linked account's");

export const IDENTITY = record(
  {
    id: IDENTITY_ID,
    provider: Type.String({ description: "The provider's id in the store's configuration." }),
    providerName: orNull(
      Type.String({ description: "null: it is not set up any more, and signs nobody in." }),
    ),
    email: EMAIL,
    createdAt: TIME,
    lastUsedAt: TIME,
    groupsConfirmedAt: orNull({ ...TIME, description: "When the provider last told the person's groups." }),
  },
  "Identity",
);

export function identityJson(identity: Identity): Static<typeof IDENTITY> {
  const { createdAt, seenAt, confirmedAt, ...rest } = identity;
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    lastUsedAt: seenAt.toISOString(),
    groupsConfirmedAt: confirmedAt?.toISOString() ?? null,
  };
}

export const ACCOUNT = record(
  {
    id: ACCOUNT_ID,
    email: EMAIL,
    name: Type.String(),
    storeRole: orNull(STORE_ROLE),
    createdAt: TIME,
    disabledAt: orNull(TIME),
    deletionAt: orNull({ ...TIME, description: "When it will be deleted; null: nobody asked for that." }),
    staysDisabled: Type.Boolean({
      description:
        "Whether it stays disabled when its person takes their deletion back: somebody disabled it. False also of one in use.",
    }),
    emailProvenAt: orNull({
      ...TIME,
      description: "When the person last showed that they read mail at the address.",
    }),
    identities: Type.Array(IDENTITY),
    secondFactors: Type.Integer({ description: "How many authenticator apps and passkeys the person has." }),
    organisations: Type.Array(
      record({ id: ORGANISATION_ID, name: Type.String(), role: ORGANISATION_ROLE, apps: ROLE_APPS }),
    ),
  },
  "Account",
);

export const DELETION = record(
  { accountId: ACCOUNT_ID, deletionAt: orNull({ ...TIME, description: "When it will be deleted." }) },
  "Deletion",
);

export const FACTOR = record(
  {
    id: FACTOR_ID,
    kind: oneOf("totp", "passkey"),
    name: Type.String({ description: "What the person calls it." }),
    createdAt: TIME,
    lastUsedAt: orNull(TIME),
    host: orNull(Type.String({ description: "Of a passkey: the host at which it works." })),
  },
  "SecondFactor",
);

export function factorJson({ createdAt, lastUsedAt, ...rest }: Factor): Static<typeof FACTOR> {
  return { ...rest, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null };
}

export const SESSION_ID = SHA256;
export const BROWSER_ID = idOf("brw", "a browser's");

export const KNOWN_BROWSER = record(
  {
    id: BROWSER_ID,
    createdAt: TIME,
    seenAt: { ...TIME, description: "When the person last signed in there." },
    expiresAt: { ...TIME, description: "When it is forgotten, unless they sign in there before." },
    address: Type.String({ description: "From where they last signed in." }),
    userAgent: Type.String(),
  },
  "KnownBrowser",
);

export function browserJson(browser: KnownBrowser): Static<typeof KNOWN_BROWSER> {
  const { current: _, createdAt, seenAt, expiresAt, ...rest } = browser;
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    seenAt: seenAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

export const SESSION = record(
  {
    id: { ...SESSION_ID, description: "SHA-256 of the secret in the browser's cookie." },
    createdAt: TIME,
    expiresAt: TIME,
    address: Type.String({ description: "From where it was started." }),
    userAgent: Type.String(),
  },
  "Session",
);

export function sessionJson({
  id,
  createdAt,
  expiresAt,
  address,
  userAgent,
}: Session): Static<typeof SESSION> {
  return {
    id,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    address,
    userAgent,
  };
}

export function memberJson({ since, disabledAt, confirmedAt: _, ...rest }: Member): Static<typeof MEMBER> {
  return {
    ...rest,
    apps: rest.apps && [...rest.apps],
    since: since.toISOString(),
    disabledAt: disabledAt?.toISOString() ?? null,
  };
}

export function invitationJson(invitation: Invitation): Static<typeof INVITATION> {
  const { acceptedAt: _, accountId: __, createdAt, expiresAt, revokedAt, apps, ...rest } = invitation;
  return {
    ...rest,
    apps: apps && [...apps],
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}

export function accountJson(person: Person): Static<typeof ACCOUNT> {
  const {
    id,
    email,
    name,
    storeRole,
    createdAt,
    disabledAt,
    deletionAt,
    staysDisabled,
    emailProvenAt,
    organisations,
    identities,
    secondFactors,
  } = person;
  return {
    id,
    email,
    name,
    storeRole,
    createdAt: createdAt.toISOString(),
    disabledAt: disabledAt?.toISOString() ?? null,
    deletionAt: deletionAt?.toISOString() ?? null,
    staysDisabled,
    emailProvenAt: emailProvenAt?.toISOString() ?? null,
    secondFactors,
    identities: identities.map(identityJson),
    organisations: organisations.map(({ id, name, role, apps }) => ({
      id,
      name,
      role,
      apps: apps && [...apps],
    })),
  };
}
