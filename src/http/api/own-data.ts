/** /api/v1/me/export: all that the store holds about who asks. */
import { exportOwn } from "../../accounts/own-data/export.ts";
import { personOf } from "../../accounts/rights.ts";
import { ownDataReply } from "../own-data-reply.ts";
import { defineRoute, type Route } from "../route.ts";

const TAG = "Accounts";

export const ownDataRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/me/export",
    access: "self.export",
    name: "exportOwnData",
    summary: "All that the store holds about oneself, as a file",
    description:
      "One JSON document, sent while it is made: the account, sessions, second factors without their secrets, linked accounts, organisations, groups, invitations, API keys without their secrets, messages, uploads, reviews, and what of the audit log the person did or that concerns them.",
    tag: TAG,
    replies: [{ status: 200, description: "The document.", mediaType: "application/json", streamed: true }],
    errors: ["account.not_found"],
    handle: ({ store, actor }) => ownDataReply(exportOwn(store, personOf(actor)), store.clock.now()),
  }),
];
