/** What people were told of, for tests and the preview. */
import { TOPIC_WORDS, TOPICS } from "../../src/accounts/notifications/kinds.ts";
import { say } from "../../src/say.ts";
import { notificationSettingsPage } from "../pages/notification-settings.tsx";
import { type NotificationsProps, notificationsPage } from "../pages/notifications.tsx";
import { before, DEVELOPER } from "./context.ts";
import { HOSTILE, NO_PAGER } from "./data.ts";
import type { Sample } from "./samples.ts";

const idOf = (n: number) => `ntf-${n.toString(16).padStart(32, "0")}`;
const row = (n: number, said: NotificationsProps["notifications"][number]["said"], isRead = false) => ({
  ...{ id: idOf(n), said, isRead, at: before(n, "hours") },
  path: "/apps/com.northwind.notes",
});

const PROPS: NotificationsProps = {
  show: "all",
  cursor: "",
  unread: 3,
  newest: idOf(1),
  notifications: [
    row(1, say`${"Route Planner"} ${"2.4.0"} is yanked`),
    row(5, say`You are invited into ${"Contoso Verwaltungsgesellschaft für Außendienst"}`),
    { ...row(9, say`Something happened to what you may not see any more`), path: null },
    row(30, say`A second factor was added to your account`, true),
    row(80, say`${"Field Notes"} is offered to another organisation`, true),
  ],
  pager: { previousHref: null, nextHref: "/notifications?cursor=x" },
};

const SETTINGS = {
  isMailed: true,
  topics: TOPICS.map((topic) => ({ topic, mail: topic !== "apps", ...TOPIC_WORDS[topic] })),
};

const path = "/notifications";
const viewer = { ...DEVELOPER, unread: 3 };

export const NOTIFICATION_SAMPLES: readonly Sample[] = [
  { name: "notifications", path, viewer, render: (ctx) => notificationsPage(ctx, PROPS) },
  {
    name: "notifications-many",
    path,
    viewer: { ...DEVELOPER, unread: 100 },
    render: (ctx) => notificationsPage(ctx, { ...PROPS, cursor: "x", show: "unread", unread: 100 }),
  },
  {
    name: "notifications-none",
    path,
    viewer: DEVELOPER,
    render: (ctx) =>
      notificationsPage(ctx, { ...PROPS, unread: 0, newest: null, notifications: [], pager: NO_PAGER }),
  },
  {
    name: "notifications-none-unread",
    path,
    viewer: DEVELOPER,
    render: (ctx) =>
      notificationsPage(ctx, {
        ...PROPS,
        show: "unread",
        unread: 0,
        newest: null,
        notifications: [],
        pager: NO_PAGER,
      }),
  },
  {
    name: "notification-settings",
    path: "/account/notifications",
    viewer: DEVELOPER,
    render: (ctx) => notificationSettingsPage(ctx, SETTINGS),
  },
  {
    name: "notification-settings-no-mail",
    path: "/account/notifications",
    viewer: DEVELOPER,
    render: (ctx) => notificationSettingsPage(ctx, { ...SETTINGS, isMailed: false }),
  },
];

export const HOSTILE_NOTIFICATION_SAMPLES: readonly Sample[] = [
  {
    name: "notifications-hostile",
    path,
    viewer: DEVELOPER,
    render: (ctx) =>
      notificationsPage(ctx, {
        ...PROPS,
        cursor: HOSTILE,
        notifications: [row(1, say`${HOSTILE} is deprecated`), row(2, say`${HOSTILE} has a new name`, true)],
      }),
  },
];
