/** /api/v1/accounts and /api/v1/invitations: people of the store, for its administrators; /api/v1/me/sessions: one's own. */
import { Type } from "@sinclair/typebox";
import {
  endSessionOf,
  endSessionsOf,
  listPeople,
  listSessionsOf,
  readPerson,
  sendPasswordLink,
} from "../../accounts/administration.ts";
import { forgetOwnBrowser, ownBrowsers } from "../../accounts/browsers/browsers.ts";
import { resetFactors } from "../../accounts/factors/change.ts";
import { ownFactors } from "../../accounts/factors/views.ts";
import { invite, listInvitations, revokeInvitation } from "../../accounts/invitations/invite.ts";
import { endOtherSessions, endOwnSession, ownSessions } from "../../accounts/own.ts";
import { disableAccount, enableAccount, setStoreRole } from "../../accounts/people.ts";
import { personOf } from "../../accounts/rights.ts";
import { jsonBody } from "../body.ts";
import { narrowedList, pageFor } from "../cursor.ts";
import { json, noContent } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { orNull, PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import {
  ACCOUNT,
  ACCOUNT_ID,
  accountJson,
  BROWSER_ID,
  browserJson,
  EMAIL,
  FACTOR,
  factorJson,
  INVITATION,
  INVITATION_ID,
  invitationJson,
  KNOWN_BROWSER,
  SESSION,
  SESSION_ID,
  STORE_ROLE,
  sessionJson,
} from "../schemas-accounts.ts";

const PATH = "/api/v1/accounts";
const INVITATIONS = "/api/v1/invitations";
const TAG = "Accounts";
const PARAMS = Type.Object({ accountId: ACCOUNT_ID });

export const accountRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "user.read",
    name: "listAccounts",
    summary: "Search accounts",
    description:
      "The newest first; with search, those of whom each word of it begins a word of the name or the address, such as that of a domain. A cursor goes on in what was looked for when it was given, and in nothing else.",
    tag: TAG,
    query: Type.Object({ ...PAGE_QUERY, search: Type.Optional(Type.String({ maxLength: 200 })) }),
    replies: [{ status: 200, description: "A page of accounts.", schema: pageSchema(ACCOUNT) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) =>
      json(
        pageFor(
          narrowedList("accounts", { search: query.search }),
          query,
          (page) => listPeople(store, actor, { ...page, search: query.search ?? "" }),
          accountJson,
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:accountId`,
    access: "user.read",
    name: "readAccount",
    summary: "Read an account",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The account.", schema: ACCOUNT }],
    errors: ["account.not_found"],
    handle: ({ store, actor, params }) => json(accountJson(readPerson(store, actor, params.accountId))),
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: `${PATH}/:accountId/store-role`,
    access: "user.manage",
    name: "setStoreRole",
    summary: "Give an account a role in the store, or none",
    description: "Every session of the account ends with a change. The same role again is none.",
    tag: TAG,
    params: PARAMS,
    body: jsonBody(record({ storeRole: orNull(STORE_ROLE) })),
    replies: [{ status: 200, description: "The account as it is now.", schema: ACCOUNT }],
    errors: ["account.not_found", "account.last_administrator"],
    handle: ({ store, actor, params, body }) => {
      setStoreRole(store, actor, params.accountId, body.storeRole);
      return json(accountJson(readPerson(store, actor, params.accountId)));
    },
  }),
  ...(
    [
      [
        "disable",
        disableAccount,
        "Disable an account",
        "Its sessions end, and its API keys are revoked: none comes back when it is enabled. One whose person asked for its deletion stays disabled when they take that back.",
      ],
      ["enable", enableAccount, "Enable an account", "Its API keys work again; it signs in anew."],
    ] as const
  ).map(([verb, act, summary, description]) =>
    defineRoute({
      area: "api",
      method: "POST",
      path: `${PATH}/:accountId/${verb}`,
      access: "user.manage",
      name: `${verb}Account`,
      summary,
      description: `${description} Again is no error.`,
      tag: TAG,
      params: PARAMS,
      replies: [{ status: 200, description: "The account as it is now.", schema: ACCOUNT }],
      errors: ["account.not_found", "account.last_administrator"],
      handle: ({ store, actor, params }) => {
        act(store, actor, params.accountId);
        return json(accountJson(readPerson(store, actor, params.accountId)));
      },
    }),
  ),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:accountId/password-link`,
    access: "user.manage",
    name: "sendPasswordLink",
    summary: "Write a person the message with a link to a new password",
    description: "Sent by mail, or handed over from the list of messages.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 204, description: "The message is written." }],
    errors: ["account.not_found", "account.disabled"],
    handle: ({ store, actor, params }) => {
      sendPasswordLink(store, actor, params.accountId);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:accountId/sessions`,
    access: "user.read",
    name: "listSessionsOfAccount",
    summary: "List where a person is signed in",
    description: "In browsers, the newest first.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The sessions.", schema: record({ items: Type.Array(SESSION) }) }],
    errors: ["account.not_found"],
    handle: ({ store, actor, params }) =>
      json({ items: listSessionsOf(store, actor, params.accountId).map(sessionJson) }),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:accountId/sessions/:sessionId/end`,
    access: "user.manage",
    name: "endSessionOfAccount",
    summary: "End one session of an account",
    description: "Nothing happens when it is over already, or is another person's.",
    tag: TAG,
    params: Type.Object({ accountId: ACCOUNT_ID, sessionId: SESSION_ID }),
    replies: [{ status: 204, description: "They have no such session any more." }],
    errors: ["account.not_found"],
    handle: ({ store, actor, params }) => {
      endSessionOf(store, actor, params.accountId, params.sessionId);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:accountId/sessions/end`,
    access: "user.manage",
    name: "endSessionsOfAccount",
    summary: "End every session of an account",
    description: "Again is no error.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 204, description: "None is left." }],
    errors: ["account.not_found"],
    handle: ({ store, actor, params }) => {
      endSessionsOf(store, actor, params.accountId);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:accountId/second-factors/reset`,
    access: "user.manage",
    name: "resetSecondFactors",
    summary: "Remove every second factor of a person who has lost theirs",
    description:
      "Authenticator apps, passkeys and recovery codes go, every session ends, and the person is told. Nothing happens where there is none.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 204, description: "None is left." }],
    errors: ["account.not_found"],
    handle: ({ store, actor, params }) => {
      resetFactors(store, actor, params.accountId);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: INVITATIONS,
    access: "user.invited",
    name: "listStoreInvitations",
    summary: "List the open invitations to the store",
    description: "Those into no organisation, the newest first.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of invitations.", schema: pageSchema(INVITATION) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) =>
      json(
        pageFor(
          "store-invitations",
          query,
          (page) => listInvitations(store, actor, null, page),
          invitationJson,
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: INVITATIONS,
    access: "user.manage",
    name: "invitePerson",
    summary: "Invite somebody to the store",
    description:
      "Writes them a message with a link. An open invitation of the same address takes its end, so that the call may be repeated.",
    tag: TAG,
    creates: true,
    body: jsonBody(record({ email: EMAIL, storeRole: Type.Optional(STORE_ROLE) })),
    replies: [{ status: 201, description: "The invitation.", schema: INVITATION }],
    errors: ["invitation.invalid", "invitation.member", "signup.closed", "idempotency.resource_gone"],
    handle: ({ store, actor, body, idempotency }) => {
      const { email, storeRole } = body;
      const asked = { email, ...(storeRole === undefined ? {} : { storeRole }) };
      const made = invite(store, actor, asked, idempotency);
      return json(invitationJson(made), { status: 201 });
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${INVITATIONS}/:invitationId/revoke`,
    access: "user.manage",
    name: "revokeStoreInvitation",
    summary: "Take back an invitation to the store",
    description: "Its link opens nothing any more. Again is no error.",
    tag: TAG,
    params: Type.Object({ invitationId: INVITATION_ID }),
    replies: [{ status: 204, description: "It is taken back." }],
    errors: ["invitation.not_found", "invitation.accepted"],
    handle: ({ store, actor, params }) => {
      revokeInvitation(store, actor, params.invitationId, null);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/me/sessions",
    access: "session.read",
    name: "listOwnSessions",
    summary: "List one's own sessions",
    description: "In browsers, the newest first.",
    tag: TAG,
    replies: [{ status: 200, description: "The sessions.", schema: record({ items: Type.Array(SESSION) }) }],
    handle: ({ store, actor }) => json({ items: ownSessions(store, personOf(actor)).map(sessionJson) }),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/me/sessions/end",
    access: "self.change",
    name: "endOwnSessions",
    summary: "End all of one's own sessions",
    description: "In every browser: a key is none. Again is no error.",
    tag: TAG,
    replies: [{ status: 204, description: "None is left." }],
    handle: ({ store, actor }) => {
      endOtherSessions(store, personOf(actor));
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/me/browsers",
    access: "session.read",
    name: "listOwnBrowsers",
    summary: "List the browsers that one's own account knows",
    description:
      "Those in which one has signed in, the last use first. What others guess at the account makes no sign-in there wait.",
    tag: TAG,
    replies: [
      { status: 200, description: "The browsers.", schema: record({ items: Type.Array(KNOWN_BROWSER) }) },
    ],
    handle: ({ store, actor }) => json({ items: ownBrowsers(store, personOf(actor), "").map(browserJson) }),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/me/browsers/:browserId/forget",
    access: "self.change",
    name: "forgetOwnBrowser",
    summary: "Let one's own account forget a browser",
    description: "Sessions in it go on. Nothing happens when it is unknown already, or is somebody else's.",
    tag: TAG,
    params: Type.Object({ browserId: BROWSER_ID }),
    replies: [{ status: 204, description: "Your account knows no such browser any more." }],
    handle: ({ store, actor, params }) => {
      forgetOwnBrowser(store, personOf(actor), params.browserId);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/me/second-factors",
    access: "session.read",
    name: "listOwnSecondFactors",
    summary: "List one's own second factors",
    description:
      "Authenticator apps and passkeys, the oldest first, and how many recovery codes are left. They are added and removed on the page alone, by who shows that they are there: a key is no such proof.",
    tag: TAG,
    replies: [
      {
        status: 200,
        description: "The second factors.",
        schema: record({ items: Type.Array(FACTOR), recoveryCodesLeft: Type.Integer() }),
      },
    ],
    handle: ({ store, actor }) => {
      const { items, recoveryCodesLeft } = ownFactors(store, personOf(actor));
      return json({ items: items.map(factorJson), recoveryCodesLeft });
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/me/sessions/:sessionId/end",
    access: "self.change",
    name: "endOwnSession",
    summary: "End one of one's own sessions",
    description: "Nothing happens when it is over already, or is somebody else's.",
    tag: TAG,
    params: Type.Object({ sessionId: SESSION_ID }),
    replies: [{ status: 204, description: "There is no such session of yours any more." }],
    handle: ({ store, actor, params }) => {
      endOwnSession(store, personOf(actor), params.sessionId);
      return noContent();
    },
  }),
];
