/** /api/v1/me/name, …/language, …/time-zone, …/address/prove and …/messages: one's own name, language and address, and what the store wrote to one. */
import { Type } from "@sinclair/typebox";
import { askToProveAddress } from "../../accounts/address.ts";
import { listOwnMessages, type MessageView, putAway } from "../../accounts/messages/outbox.ts";
import { changeOwnLanguage, changeOwnName, changeOwnTimeZone } from "../../accounts/own.ts";
import { NAME_MOST_CHARACTERS, readAccount } from "../../accounts/people.ts";
import { personOf } from "../../accounts/rights.ts";
import { jsonBody } from "../body.ts";
import { pageFor } from "../cursor.ts";
import { json, noContent } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { orNull, PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import { ACCOUNT_ID } from "../schemas-accounts.ts";
import { MESSAGE_ID, OWN_MESSAGE } from "../schemas-keys.ts";

const PATH = "/api/v1/me";
const TAG = "Accounts";

const OWN_LANGUAGE = record({
  accountId: ACCOUNT_ID,
  language: orNull(
    Type.String({
      maxLength: 40,
      description: "A language tag (BCP 47) of those that the store has pages in.",
    }),
  ),
});

const OWN_TIME_ZONE = record({
  accountId: ACCOUNT_ID,
  timeZone: orNull(
    Type.String({
      maxLength: 60,
      description: "The name of a zone in the IANA database, such as Europe/Berlin.",
    }),
  ),
});

const messageJson = ({ id, kind, subject, body, language, path, createdAt, seenAt }: MessageView) => ({
  ...{ id, kind, subject, body, language, path },
  createdAt: createdAt.toISOString(),
  seenAt: seenAt?.toISOString() ?? null,
});

export const meRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "PUT",
    path: `${PATH}/name`,
    access: "self.change",
    name: "changeOwnName",
    summary: "Say how one is called",
    description:
      "Others see the name from now on, also with what was done before. The same again is no change.",
    tag: TAG,
    body: jsonBody(record({ name: Type.String({ maxLength: 4 * NAME_MOST_CHARACTERS }) })),
    replies: [
      {
        status: 200,
        description: "The account and its name.",
        schema: record({ accountId: ACCOUNT_ID, name: Type.String() }),
      },
    ],
    errors: ["account.invalid"],
    handle: ({ store, actor, body }) => {
      const { id, name } = changeOwnName(store, personOf(actor), body.name);
      return json({ accountId: id, name });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/language`,
    access: "self.change",
    name: "readOwnLanguage",
    summary: "Read the language of one's pages",
    tag: TAG,
    replies: [{ status: 200, description: "The account and its language.", schema: OWN_LANGUAGE }],
    handle: ({ store, actor }) => {
      const { id, language } = readAccount(store, personOf(actor).accountId);
      return json({ accountId: id, language });
    },
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: `${PATH}/language`,
    access: "self.change",
    name: "changeOwnLanguage",
    summary: "Choose the language of one's pages",
    description: "null: as the browser asks for. The same again is no change.",
    tag: TAG,
    body: jsonBody(record({ language: OWN_LANGUAGE.properties.language })),
    replies: [{ status: 200, description: "The account and its language.", schema: OWN_LANGUAGE }],
    errors: ["account.invalid"],
    handle: ({ store, actor, body }) => {
      const { id, language } = changeOwnLanguage(store, personOf(actor), body.language);
      return json({ accountId: id, language });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/time-zone`,
    access: "self.change",
    name: "readOwnTimeZone",
    summary: "Read the time zone in which times are told to one",
    description: "On pages and in letters. The API itself has every time in UTC.",
    tag: TAG,
    replies: [{ status: 200, description: "The account and its time zone.", schema: OWN_TIME_ZONE }],
    handle: ({ store, actor }) => {
      const { id, timeZone } = readAccount(store, personOf(actor).accountId);
      return json({ accountId: id, timeZone });
    },
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: `${PATH}/time-zone`,
    access: "self.change",
    name: "changeOwnTimeZone",
    summary: "Choose the time zone in which times are told to one",
    description: "null: that of the store's setting time_zone. The same again is no change.",
    tag: TAG,
    body: jsonBody(record({ timeZone: OWN_TIME_ZONE.properties.timeZone })),
    replies: [{ status: 200, description: "The account and its time zone.", schema: OWN_TIME_ZONE }],
    errors: ["account.invalid"],
    handle: ({ store, actor, body }) => {
      const { id, timeZone } = changeOwnTimeZone(store, personOf(actor), body.timeZone);
      return json({ accountId: id, timeZone });
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/address/prove`,
    access: "self.change",
    name: "proveOwnAddress",
    summary: "Ask for the link that proves one's own address",
    description: "A message with it goes to the address. Three in an hour are written at most.",
    tag: TAG,
    replies: [{ status: 204, description: "The message is written." }],
    errors: ["auth.too_many_letters"],
    handle: ({ store, actor }) => {
      askToProveAddress(store, personOf(actor));
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/messages`,
    access: "message.read",
    name: "listOwnMessages",
    summary: "List what the store has written to oneself",
    description:
      "The newest first, also what was put away. Links that work once are in the messages alone that were sent.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of messages.", schema: pageSchema(OWN_MESSAGE) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) =>
      json(
        pageFor("own-messages", query, (page) => listOwnMessages(store, personOf(actor), page), messageJson),
      ),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/messages/:messageId/seen`,
    access: "self.change",
    name: "putAwayMessage",
    summary: "Put a message away",
    description: "It is on one's dashboard no more. Again is no error.",
    tag: TAG,
    params: Type.Object({ messageId: MESSAGE_ID }),
    replies: [{ status: 204, description: "It is put away." }],
    errors: ["message.not_found"],
    handle: ({ store, actor, params }) => {
      putAway(store, actor, params.messageId);
      return noContent();
    },
  }),
];
