/** The forms of what people are told of in the portal, and of what they choose about letters. */
import { type Static, Type } from "@sinclair/typebox";
import type { AccountActor } from "../accounts/actor.ts";
import { TOPICS } from "../accounts/notifications/kinds.ts";
import type { NotificationView } from "../accounts/notifications/list.ts";
import type { TopicSetting } from "../accounts/notifications/settings.ts";
import { REFERENCE_LANGUAGE } from "../languages.ts";
import { sayerOf } from "../sentences.ts";
import { APP_ID, idOf, ORGANISATION_ID, oneOf, orNull, record, TIME } from "./schemas.ts";

export const NOTIFICATION_ID = idOf("ntf", "a notification's");

export const NOTIFICATION = record(
  {
    id: NOTIFICATION_ID,
    kind: Type.String({ description: "What happened, such as app.deprecated." }),
    topic: orNull({
      ...oneOf(...TOPICS),
      description: "What it belongs to among the settings. Null: another version of the store wrote it.",
    }),
    text: Type.String({
      description:
        "What happened, in the language that the person chose, with the names that things have by now. What is not for them any more is not named.",
    }),
    path: orNull(
      Type.String({ description: "The page that it is about. Null: it is not for them any more." }),
    ),
    organisationId: orNull(ORGANISATION_ID),
    appId: orNull(APP_ID),
    createdAt: TIME,
    readAt: orNull({ ...TIME, description: "When it was marked read; null: it is unread." }),
  },
  "Notification",
);

export function notificationJson(
  actor: AccountActor,
): (view: NotificationView) => Static<typeof NOTIFICATION> {
  const sayIn = sayerOf(actor.language ?? REFERENCE_LANGUAGE);
  return ({ said, createdAt, readAt, ...of }) => ({
    ...of,
    text: sayIn(said),
    createdAt: createdAt.toISOString(),
    readAt: readAt?.toISOString() ?? null,
  });
}

const TOPIC_SETTING = record({
  topic: oneOf(...TOPICS),
  meaning: Type.String({ description: "What belongs to it." }),
  mail: Type.Boolean({ description: "Whether letters of it are written." }),
  always: orNull(Type.String({ description: "Why letters of it cannot be turned off; null: they can." })),
});

export const NOTIFICATION_SETTINGS = record({ topics: Type.Array(TOPIC_SETTING) }, "NotificationSettings");

export const settingsJson = (settings: readonly TopicSetting[]): Static<typeof NOTIFICATION_SETTINGS> => ({
  topics: settings.map(({ meaning, always, ...of }) => ({
    ...of,
    meaning: String(meaning),
    always: always === null ? null : String(always),
  })),
});

export const MAIL_CHOICES = record({
  mail: record({
    security: Type.Optional(Type.Boolean()),
    signing: Type.Optional(Type.Boolean()),
    access: Type.Optional(Type.Boolean()),
    versions: Type.Optional(Type.Boolean()),
    apps: Type.Optional(Type.Boolean()),
    organisations: Type.Optional(Type.Boolean()),
    review: Type.Optional(Type.Boolean()),
  }),
});
