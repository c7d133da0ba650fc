/** `/admin/outbox`, the link of a message of it, and putting one's own messages away. */

import { Type } from "@sinclair/typebox";
import { handOverPage, type MessageRow, outboxPage } from "../../../views/pages/outbox.tsx";
import { handOver } from "../../accounts/messages/hand-over.ts";
import { withLink } from "../../accounts/messages/letter.ts";
import { beforeMessages, listMessages, type MessageView, putAway } from "../../accounts/messages/outbox.ts";
import { isMailed } from "../../accounts/messages/send.ts";
import { mailTrouble } from "../../accounts/messages/trouble.ts";
import { allows } from "../../accounts/rights.ts";
import { isolatedText, runsOf } from "../../bidi.ts";
import { directionOf } from "../../languages.ts";
import { say } from "../../say.ts";
import { sayerOf } from "../../sentences.ts";
import { pageRequest } from "../cursor.ts";
import { defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { MESSAGE_ID } from "../schemas-keys.ts";
import { goOn, pagerOf, show } from "./page.ts";

const PATH = "/admin/outbox";
const PARAMS = Type.Object({ messageId: MESSAGE_ID });
const PER_PAGE = 25;

/** What stands in the place of a link that is made when the message is sent, and kept by nobody. */
const OF_LINK = say`(Here the message has a link that works once.)`;

export const outboxRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "outbox.read",
    name: "outboxPage",
    summary: "Messages that the store has written to people",
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: (call) => {
      const { store, actor } = call;
      const wanted = pageRequest("outbox", { ...call.query, limit: PER_PAGE });
      const listed = listMessages(store, actor, wanted);
      const mayHandOver = allows(actor, "outbox.hand_over");
      const mailed = isMailed(store);
      return show(call, (ctx) =>
        outboxPage(ctx, {
          messages: listed.items.map((message) => messageRow(message, mailed, mayHandOver)),
          isMailed: mailed,
          trouble: mailTrouble(store),
          pager: pagerOf("outbox", PATH, { ...wanted, nextCursor: listed.nextCursor }, (after) =>
            beforeMessages(store, after, PER_PAGE),
          ),
        }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/:messageId/link`,
    access: "outbox.hand_over",
    name: "makeMessageLinkForm",
    summary: "The link of a message, to hand it over",
    confidential: true,
    params: PARAMS,
    handle: (call) => {
      const letter = handOver(call.store, call.actor, call.params.messageId, call.info.origin);
      const { to: address, url, expiresAt } = letter;
      const subject = isolatedText(letter.subject, letter.language);
      // It is in this answer alone.
      const headers = { "Cache-Control": "no-store" };
      return show(call, (ctx) => handOverPage(ctx, { address, subject, url, expiresAt }), { headers });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/messages/:messageId/seen",
    access: "self.change",
    name: "putAwayForm",
    summary: "Put a message away",
    params: PARAMS,
    handle: (call) => {
      putAway(call.store, call.actor, call.params.messageId);
      return goOn(call, "/dashboard");
    },
  }),
];

function messageRow(message: MessageView, mailed: boolean, mayHandOver: boolean): MessageRow {
  const { id, address, subject, body, language, createdAt, sentAt, failure, ended, handedOverAt, link } =
    message;
  return {
    id,
    address,
    subject: isolatedText(subject, language),
    body: runsOf(withLink(body, sayerOf(language)(OF_LINK)), language),
    writtenIn: { lang: language, dir: directionOf(language) },
    at: createdAt,
    fate: fateOf(message, mailed),
    sentAt,
    failure,
    handedOverAt,
    hasLink: link !== null && mayHandOver && ended !== "needless",
  };
}

function fateOf({ sentAt, ended, failure }: MessageView, mailed: boolean): MessageRow["fate"] {
  if (sentAt !== null) return "sent";
  if (ended !== null) return ended;
  if (!mailed) return "unsent";
  return failure === null ? "waiting" : "failing";
}
