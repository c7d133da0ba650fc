/** What was told is kept for as long as it is of use. */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import type { AccountId } from "../../ids.ts";
import { DAY_MS } from "../../time.ts";
import * as records from "./records.ts";

export const NOTIFICATION_DAYS = 90;
/** Of each person, at the end of each day. */
export const MOST_NOTIFICATIONS = 500;

const OLD_AT_ONCE = 1000;
const PEOPLE_AT_ONCE = 20;

/** In steps, so that others have their turn. */
export async function forgetOldNotifications(store: Store): Promise<void> {
  const before = new Date(store.clock.now().getTime() - NOTIFICATION_DAYS * DAY_MS);
  while (write(store.db, (tx) => records.removeOlder(tx, before, OLD_AT_ONCE)) === OLD_AT_ONCE)
    await Bun.sleep(0);
  let last: AccountId | "" = "";
  for (;;) {
    const people = records.peopleWithMoreThan(store.db.orm, MOST_NOTIFICATIONS, last, PEOPLE_AT_ONCE);
    if (people.length > 0)
      write(store.db, (tx) => {
        for (const id of people) records.keepNewest(tx, id, MOST_NOTIFICATIONS);
      });
    last = people.at(-1) ?? last;
    if (people.length < PEOPLE_AT_ONCE) return;
    await Bun.sleep(0);
  }
}
