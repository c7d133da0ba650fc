/** What was told is kept for as long as it is of use. */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import type { AccountId, NotificationId } from "../../ids.ts";
import { DAY_MS } from "../../time.ts";
import * as records from "./records.ts";

export const NOTIFICATION_DAYS = 90;
/** Of each person, at the end of each day. */
export const MOST_NOTIFICATIONS = 500;

const OLD_AT_ONCE = 1000;
const PEOPLE_AT_ONCE = 200;

/** In steps, so that others have their turn. */
export async function forgetOldNotifications(store: Store): Promise<void> {
  const before = new Date(store.clock.now().getTime() - NOTIFICATION_DAYS * DAY_MS);
  while (write(store.db, (tx) => records.removeOlder(tx, before, OLD_AT_ONCE)) === OLD_AT_ONCE)
    await Bun.sleep(0);
  let after: AccountId | "" = "";
  for (;;) {
    const people = records.selectTooMany(store.db.orm, MOST_NOTIFICATIONS, after, PEOPLE_AT_ONCE);
    for (const { id, last } of people) if (last !== null) await forgetUpTo(store, id, last);
    after = people.at(-1)?.id ?? after;
    if (people.length < PEOPLE_AT_ONCE) return;
    await Bun.sleep(0);
  }
}

async function forgetUpTo(store: Store, id: AccountId, last: NotificationId): Promise<void> {
  while (write(store.db, (tx) => records.removeUpTo(tx, id, last, OLD_AT_ONCE)) === OLD_AT_ONCE)
    await Bun.sleep(0);
}
