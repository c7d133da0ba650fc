/** `/notifications`, and `/account/notifications`: of what letters are written as well. */
import { Type } from "@sinclair/typebox";
import { narrowedHref } from "../../../views/components/filter-form.tsx";
import type { PageContext } from "../../../views/page.ts";
import { notificationSettingsPage } from "../../../views/pages/notification-settings.tsx";
import { notificationsPage } from "../../../views/pages/notifications.tsx";
import type { Actor } from "../../accounts/actor.ts";
import { isMailed } from "../../accounts/messages/send.ts";
import { ALWAYS_MAILED, TOPICS, type Topic } from "../../accounts/notifications/kinds.ts";
import {
  beforeNotifications,
  countUnread,
  listNotifications,
  type NotificationView,
  newestNotification,
  notificationNotFound,
  STORE_RIGHT,
} from "../../accounts/notifications/list.ts";
import { markAllRead, markRead, openNotification } from "../../accounts/notifications/read.ts";
import {
  changeNotificationSettings,
  ownNotificationSettings,
} from "../../accounts/notifications/settings.ts";
import { type Action, allows, personOf } from "../../accounts/rights.ts";
import { isolatedText } from "../../bidi.ts";
import { isId } from "../../ids.ts";
import { formBody } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { defineRoute, type Route } from "../route.ts";
import { oneOf, PAGE_QUERY } from "../schemas.ts";
import { NOTIFICATION_ID } from "../schemas-notifications.ts";
import { goOn, pagerOf, show } from "./page.ts";

const PATH = "/notifications";
const SETTINGS = "/account/notifications";
const PER_PAGE = 25;
const PARAMS = Type.Object({ notificationId: NOTIFICATION_ID });
const SHOW = ["all", "unread"] as const;

const addressOf = (which: string, cursor = "") =>
  narrowedHref(PATH, { show: which === "unread" ? which : "", cursor });

/** What a topic is about is for who may do this. */
const NEEDED: Partial<Record<Topic, Action>> = { review: "review.decide", store: STORE_RIGHT };

/** Those that somebody without the role is never told of are not offered. */
const topicsFor = (actor: Actor): readonly Topic[] =>
  TOPICS.filter((topic) => {
    const needed = NEEDED[topic];
    return needed === undefined || allows(actor, needed);
  });

export const notificationRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "message.read",
    name: "notificationsPage",
    summary: "What one was told of",
    query: Type.Object({ cursor: PAGE_QUERY.cursor, show: Type.Optional(oneOf(...SHOW)) }),
    handle: (call) => {
      const { store, query } = call;
      const person = personOf(call.actor);
      const which = query.show ?? "all";
      const unread = which === "unread";
      const list = unread ? "unread-notifications" : "notifications";
      const wanted = pageRequest(list, { ...query, limit: PER_PAGE });
      const page = listNotifications(store, person, { ...wanted, unread });
      const pager = pagerOf(list, addressOf(which), { ...wanted, nextCursor: page.nextCursor }, (after) =>
        beforeNotifications(store, person, { after, limit: PER_PAGE, unread }),
      );
      const props = {
        show: which,
        cursor: query.cursor ?? "",
        unread: countUnread(store, person),
        newest: newestNotification(store, person),
        pager,
      };
      return show(call, (ctx) =>
        notificationsPage(ctx, { ...props, notifications: page.items.map(rowIn(ctx)) }),
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/read`,
    access: "self.change",
    name: "readNotificationsForm",
    summary: "Mark all that one was told of as read",
    body: formBody(["until"]),
    handle: (call) => {
      const { until } = call.body;
      if (until !== "" && !isId("ntf", until)) throw notificationNotFound();
      markAllRead(call.store, personOf(call.actor), until === "" ? undefined : until);
      return goOn(call, PATH, "notifications_read");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/:notificationId/read`,
    access: "self.change",
    name: "readNotificationForm",
    summary: "Mark something that one was told of as read",
    params: PARAMS,
    body: formBody(["show", "cursor"]),
    handle: (call) => {
      markRead(call.store, personOf(call.actor), call.params.notificationId);
      return goOn(call, addressOf(call.body.show, call.body.cursor));
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/:notificationId/open`,
    access: "self.change",
    name: "openNotificationForm",
    summary: "Mark something that one was told of as read, and go to its page",
    params: PARAMS,
    handle: (call) => {
      const path = openNotification(call.store, personOf(call.actor), call.params.notificationId);
      return goOn(call, path ?? PATH);
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: SETTINGS,
    access: "message.read",
    name: "notificationSettingsPage",
    summary: "Of what letters are written to oneself",
    handle: (call) => {
      const { store, actor } = call;
      const shown = topicsFor(actor);
      const topics = ownNotificationSettings(store, personOf(actor)).filter(({ topic }) =>
        shown.includes(topic),
      );
      return show(call, (ctx) => notificationSettingsPage(ctx, { topics, isMailed: isMailed(store) }));
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: SETTINGS,
    access: "self.change",
    name: "changeNotificationSettingsForm",
    summary: "Choose of what letters are written to oneself",
    body: formBody(TOPICS),
    handle: (call) => {
      const { store, actor, body } = call;
      const open = topicsFor(actor).filter((topic) => !ALWAYS_MAILED.has(topic));
      const choices = Object.fromEntries(open.map((topic) => [topic, body[topic] !== ""]));
      changeNotificationSettings(store, personOf(actor), choices);
      return goOn(call, SETTINGS, "notifications_chosen");
    },
  }),
];

/** In a text from right to left names that are Latin keep their own order. */
function rowIn({ say, locale }: PageContext) {
  return ({ id, said, path, createdAt, readAt }: NotificationView) => ({
    ...{ id, path, at: createdAt, isRead: readAt !== null },
    said: isolatedText(say(said), locale),
  });
}
