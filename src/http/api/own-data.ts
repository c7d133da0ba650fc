/** /api/v1/me/export and /api/v1/me/delete: all that the store holds about who asks, and the end of it. */
import { Type } from "@sinclair/typebox";
import { askToDelete, askToDeletePerson, keepPerson } from "../../accounts/deletion/ask.ts";
import { exportOwn } from "../../accounts/own-data/export.ts";
import type { Account } from "../../accounts/people.ts";
import { personOf } from "../../accounts/rights.ts";
import { jsonBody } from "../body.ts";
import { ownDataReply } from "../own-data-reply.ts";
import { json, noContent } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { record } from "../schemas.ts";
import { ACCOUNT_ID, DELETION, EMAIL } from "../schemas-accounts.ts";

const TAG = "Accounts";
const PARAMS = Type.Object({ accountId: ACCOUNT_ID });

const deletionJson = ({ id, deletionAt }: Account) => ({
  accountId: id,
  deletionAt: deletionAt?.toISOString() ?? null,
});

const CONFIRM = jsonBody(
  record({ confirm: { ...EMAIL, description: "The address of the account, typed once more." } }),
);
const REFUSED = ["account.not_found", "account.deletion_unconfirmed", "account.deletion_hindered"];

export const ownDataRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/me/delete",
    access: "self.delete",
    name: "deleteOwnAccount",
    summary: "Ask that one's own account is deleted",
    description:
      "The account is disabled at once. Until the time that is answered it can be kept, by the link in the message that is written to its address, or by an administrator; then it is deleted. Refused while others would be left without an owner or an administrator; the details say what to do.",
    tag: TAG,
    body: CONFIRM,
    replies: [{ status: 200, description: "When it will be deleted.", schema: DELETION }],
    errors: REFUSED,
    handle: ({ store, actor, body }) => {
      const asked = askToDelete(store, personOf(actor), body);
      store.wakeJobs();
      return json(deletionJson(asked));
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/accounts/:accountId/delete",
    access: "user.manage",
    name: "deleteAccount",
    summary: "Delete an account that is disabled",
    description:
      "As its person can do it by themselves; no link takes it back, but an administrator does. Where its person had asked already, the earlier time counts.",
    tag: TAG,
    params: PARAMS,
    body: CONFIRM,
    replies: [{ status: 200, description: "When it will be deleted.", schema: DELETION }],
    errors: [...REFUSED, "account.not_disabled"],
    handle: ({ store, actor, params, body }) => {
      const asked = askToDeletePerson(store, actor, params.accountId, body);
      store.wakeJobs();
      return json(deletionJson(asked));
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: "/api/v1/accounts/:accountId/keep",
    access: "user.manage",
    name: "keepAccountOf",
    summary: "Keep an account that was to be deleted",
    description: "It stays disabled until it is enabled. Again is no error.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 204, description: "It stays." }],
    errors: ["account.not_found"],
    handle: ({ store, actor, params }) => {
      keepPerson(store, actor, params.accountId);
      return noContent();
    },
  }),
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
