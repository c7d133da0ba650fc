/** Marking read what one was told of. It changes what one sees oneself, and nothing of the store: it is not audited. */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { asideRow } from "../../db/watch.ts";
import type { NotificationId } from "../../ids.ts";
import type { AccountActor } from "../actor.ts";
import { authorise } from "../rights.ts";
import { notificationNotFound, readNotification } from "./list.ts";
import * as records from "./records.ts";

/** Also puts away the message that tells the same. Again is no error. @throws Problem `notification.not_found` */
export function markRead(store: Store, actor: AccountActor, id: NotificationId): void {
  authorise(actor, "self.change");
  write(store.db, (tx) => {
    if (records.notificationOf(tx, actor.accountId, id) === undefined) throw notificationNotFound();
    aside(records.markRead(tx, actor.accountId, { id }, store.clock.now()));
  });
}

/**
 * The same, on the way to its page.
 * @returns Its address; null: it is not for the person any more.
 * @throws Problem `notification.not_found`
 */
export function openNotification(store: Store, actor: AccountActor, id: NotificationId): string | null {
  markRead(store, actor, id);
  return readNotification(store, actor, id).path;
}

/**
 * All that are unread.
 * @param until The newest that the person has seen: what came after it stays unread.
 * @throws Problem `notification.not_found`
 */
export function markAllRead(store: Store, actor: AccountActor, until?: NotificationId): void {
  authorise(actor, "self.change");
  write(store.db, (tx) => {
    if (until !== undefined && records.notificationOf(tx, actor.accountId, until) === undefined)
      throw notificationNotFound();
    aside(records.markRead(tx, actor.accountId, { until }, store.clock.now()));
  });
}

function aside(rows: number): void {
  for (let left = rows; left > 0; left -= 1) asideRow();
}
