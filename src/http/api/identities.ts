/** /api/v1/me/identities: the accounts at outside providers that sign in to one's own. */
import { Type } from "@sinclair/typebox";
import { unlinkIdentity } from "../../accounts/identities/link.ts";
import { ownIdentities } from "../../accounts/identities/list.ts";
import { personOf } from "../../accounts/rights.ts";
import { json, noContent } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { record } from "../schemas.ts";
import { IDENTITY, IDENTITY_ID, identityJson } from "../schemas-accounts.ts";

const TAG = "Accounts";

export const identityRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/me/identities",
    access: "session.read",
    name: "listOwnIdentities",
    summary: "List one's own linked accounts",
    description:
      "Accounts at outside providers, in the order in which they were linked. They are linked on the page alone, by who comes from there.",
    tag: TAG,
    replies: [
      {
        status: 200,
        description: "The linked accounts.",
        schema: record({ items: Type.Array(IDENTITY) }),
      },
    ],
    handle: ({ store, actor }) => {
      return json({ items: ownIdentities(store, personOf(actor)).map(identityJson) });
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/me/identities/:identityId/unlink",
    access: "self.secure",
    name: "unlinkOwnIdentity",
    summary: "Unlink an account at a provider from one's own",
    description:
      "It signs nobody in from now on, and gives no roles; the sessions that it began end, but for the one that asks, and so do links that were asked for and not used yet. The last way to sign in stays.",
    tag: TAG,
    params: Type.Object({ identityId: IDENTITY_ID }),
    replies: [{ status: 204, description: "It is unlinked." }],
    errors: ["identity.not_found", "identity.last"],
    handle: ({ store, actor, params }) => {
      unlinkIdentity(store, personOf(actor), params.identityId);
      return noContent();
    },
  }),
];
