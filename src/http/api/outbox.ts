/** /api/v1/outbox */
import { Type } from "@sinclair/typebox";
import { handOver } from "../../accounts/messages/hand-over.ts";
import { listMessages } from "../../accounts/messages/outbox.ts";
import { pageFor } from "../cursor.ts";
import { json } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY, pageSchema } from "../schemas.ts";
import { HANDED_OVER, MESSAGE, MESSAGE_ID } from "../schemas-keys.ts";

const PATH = "/api/v1/outbox";
const TAG = "Store";

export const outboxRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "outbox.read",
    name: "listMessages",
    summary: "List messages to people",
    description:
      "What the store has written to people, newest first, and what became of sending it: `sentAt` when the mail server took it, `failure` what it said when it did not, `ended` why it will not be sent any more (`refused` for good, `needless` since what it is about is over, `late` after three days, `unanswered` when the mail server was given it several times and never said that it took it, so that it may have arrived, `unwanted` since its reader wants no letters of such things).",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of messages.", schema: pageSchema(MESSAGE) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) =>
      json(pageFor("outbox", query, (page) => listMessages(store, actor, page))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:messageId/link`,
    access: "outbox.hand_over",
    name: "makeMessageLink",
    summary: "Make the link of a message",
    description:
      "To hand it over where there is no mail. It works once, and is in this answer alone; each call makes another one. Whoever opens it is taken for the person that the message was written to, and their address does not count as proven.",
    tag: TAG,
    params: Type.Object({ messageId: MESSAGE_ID }),
    replies: [{ status: 200, description: "The link.", schema: HANDED_OVER }],
    errors: ["message.no_link", "message.not_found", "message.over"],
    handle: ({ store, actor, params, info }) => {
      const { to, subject, url, expiresAt } = handOver(store, actor, params.messageId, info.origin);
      return json({ to, subject, url, expiresAt }, { headers: { "Cache-Control": "no-store" } });
    },
  }),
];
