/** Telling somebody of an event, in the transaction in which it happens: nothing goes untold, and nothing is told twice. */
import type { Tx } from "../../db/database.ts";
import {
  type AccountId,
  type AppId,
  type MessageId,
  type NotificationId,
  newId,
  type OrganisationId,
  type VersionId,
} from "../../ids.ts";
import { type NotificationKind, overtakenBy } from "./kinds.ts";
import { insertNotification, insertNotifications, markOvertaken } from "./records.ts";

export type About = {
  /** Whose it is; the person is told as one of it. */
  readonly organisationId?: OrganisationId;
  readonly appId?: AppId;
  readonly versionId?: VersionId;
};

export type NewNotification = About & {
  readonly kind: NotificationKind;
  /** The page that it is about. */
  readonly path: string;
  /** The message that tells the same. */
  readonly messageId?: MessageId;
  /** Of what one did oneself; left out: it is unread. */
  readonly readAt?: Date;
  /** From when on a letter of it may be written. Left out: the message is it. */
  readonly letterDueAt?: Date;
};

/** What is true no more now is read by then. The caller has seen to it that the account is there. */
export function addNotification(
  tx: Tx,
  accountId: AccountId,
  notification: NewNotification,
  now: Date,
): NotificationId {
  const id = newId("ntf");
  const { kind, appId, versionId } = notification;
  const kinds = overtakenBy(kind);
  if (appId !== undefined && kinds.length > 0)
    markOvertaken(tx, accountId, { kinds, appId, versionId: versionId ?? null }, now);
  insertNotification(tx, { ...notification, id, accountId, createdAt: now });
  return id;
}

/** As above, each of these, where no message tells the same. */
export function addNotifications(
  tx: Tx,
  people: readonly AccountId[],
  notification: Omit<NewNotification, "messageId">,
  now: Date,
): void {
  const each = people.map((accountId) => ({ id: newId("ntf"), accountId }));
  insertNotifications(tx, each, { ...notification, createdAt: now });
}
