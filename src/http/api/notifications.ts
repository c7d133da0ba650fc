/** /api/v1/me/notifications: what one was told of, marking it read, and of what letters are written as well. */
import { Type } from "@sinclair/typebox";
import { countUnread, listNotifications, MOST_COUNTED } from "../../accounts/notifications/list.ts";
import { markAllRead, markRead } from "../../accounts/notifications/read.ts";
import {
  changeNotificationSettings,
  ownNotificationSettings,
} from "../../accounts/notifications/settings.ts";
import { personOf } from "../../accounts/rights.ts";
import { jsonBody, optionalJsonBody } from "../body.ts";
import { pageFor } from "../cursor.ts";
import { json, noContent } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { oneOf, PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import {
  MAIL_CHOICES,
  NOTIFICATION,
  NOTIFICATION_ID,
  NOTIFICATION_SETTINGS,
  notificationJson,
  settingsJson,
} from "../schemas-notifications.ts";

const PATH = "/api/v1/me/notifications";
const SETTINGS = "/api/v1/me/notification-settings";
const TAG = "Accounts";

export const notificationRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "message.read",
    name: "listOwnNotifications",
    summary: "List what one was told of",
    description:
      "The newest first. They are kept for ninety days, and of each person the newest five hundred.",
    tag: TAG,
    query: Type.Object({
      ...PAGE_QUERY,
      show: Type.Optional({ ...oneOf("all", "unread"), description: "`unread` leaves out what was read." }),
    }),
    replies: [{ status: 200, description: "A page of notifications.", schema: pageSchema(NOTIFICATION) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) => {
      const person = personOf(actor);
      const unread = query.show === "unread";
      return json(
        pageFor(
          unread ? "unread-notifications" : "notifications",
          query,
          (page) => listNotifications(store, person, { ...page, unread }),
          notificationJson(person),
        ),
      );
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/unread`,
    access: "message.read",
    name: "countOwnNotifications",
    summary: "Count what one has not read",
    tag: TAG,
    replies: [
      {
        status: 200,
        description: "How many are unread.",
        schema: record({
          unread: Type.Integer({
            minimum: 0,
            maximum: MOST_COUNTED,
            description: `More than ${MOST_COUNTED} are not counted.`,
          }),
        }),
      },
    ],
    handle: ({ store, actor }) => json({ unread: countUnread(store, personOf(actor)) }),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/read`,
    access: "self.change",
    name: "readOwnNotifications",
    summary: "Mark all that one was told of as read",
    description: "Messages on one's dashboard that tell the same are put away with them.",
    tag: TAG,
    body: optionalJsonBody(
      record({
        until: Type.Optional({
          ...NOTIFICATION_ID,
          description: "The newest one that was seen: what came after it stays unread.",
        }),
      }),
    ),
    replies: [{ status: 204, description: "They are read." }],
    errors: ["notification.not_found"],
    handle: ({ store, actor, body }) => {
      markAllRead(store, personOf(actor), body.until);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:notificationId/read`,
    access: "self.change",
    name: "readOwnNotification",
    summary: "Mark something that one was told of as read",
    description: "A message on one's dashboard that tells the same is put away with it. Again is no error.",
    tag: TAG,
    params: Type.Object({ notificationId: NOTIFICATION_ID }),
    replies: [{ status: 204, description: "It is read." }],
    errors: ["notification.not_found"],
    handle: ({ store, actor, params }) => {
      markRead(store, personOf(actor), params.notificationId);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: SETTINGS,
    access: "message.read",
    name: "readOwnNotificationSettings",
    summary: "Read of what letters are written to oneself",
    description: "In the portal there is all of it.",
    tag: TAG,
    replies: [{ status: 200, description: "By topics.", schema: NOTIFICATION_SETTINGS }],
    handle: ({ store, actor }) => json(settingsJson(ownNotificationSettings(store, personOf(actor)))),
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: SETTINGS,
    access: "self.change",
    name: "changeOwnNotificationSettings",
    summary: "Choose of what letters are written to oneself",
    description:
      "Topics that are left out stay as they are; the same again is no change. Letters with a link that one asked for, or was invited with, are written in any case.",
    tag: TAG,
    body: jsonBody(MAIL_CHOICES),
    replies: [{ status: 200, description: "As it is now.", schema: NOTIFICATION_SETTINGS }],
    errors: ["notification.always_mailed"],
    handle: ({ store, actor, body }) =>
      json(settingsJson(changeNotificationSettings(store, personOf(actor), body.mail))),
  }),
];
