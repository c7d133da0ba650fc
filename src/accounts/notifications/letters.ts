/**
 * Letters of what people were told of in the portal first: a job writes them some minutes later, so that who publishes or decides
 * does not wait for as many letters as there are people, and what is read by then needs none. A letter is written in the
 * transaction that says so at the notification: once.
 */
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import type { AccountId } from "../../ids.ts";
import { DAY_MS } from "../../time.ts";
import { actorOfAccount } from "../account-actor.ts";
import { writeLetter } from "../messages/outbox.ts";
import { accountById } from "../records.ts";
import { addNotification, type NewNotification } from "./add.ts";
import { isKind, topicOf } from "./kinds.ts";
import { viewsFor } from "./list.ts";
import * as records from "./records.ts";
import { wantsLetters } from "./wanted.ts";

/** Written in one transaction. */
const AT_ONCE = 50;
/** What is older is no news: the store had no mail server then, or was down. */
const LETTER_MS = DAY_MS;

/** Tells each of these people, in the transaction of what happened, and has the letters written afterwards. */
export function notify(tx: Tx, people: readonly AccountId[], notification: NewNotification, now: Date): void {
  for (const id of people) addNotification(tx, id, { ...notification, letterDueAt: now }, now);
}

/** For a job, where the store sends mail: of each notification that has none a letter, or that it needs none. */
export async function writeLetters(store: Store): Promise<void> {
  for (;;) {
    const count = write(store.db, (tx) => {
      const due = records.selectDueLetters(tx, AT_ONCE);
      for (const row of due) records.endDueLetter(tx, row.id, writeLetterOf(store, tx, row));
      return due.length;
    });
    if (count < AT_ONCE) return;
    await Bun.sleep(0);
  }
}

/** null: none is needed. Not of what was read already, or is not for the person any more. */
function writeLetterOf(store: Store, tx: Tx, row: records.NotificationRow) {
  const now = store.clock.now();
  const { kind, readAt, createdAt } = row;
  if (readAt !== null || !isKind(kind) || createdAt.getTime() < now.getTime() - LETTER_MS) return null;
  const account = accountById(tx, row.accountId);
  if (account === undefined || account.disabledAt !== null) return null;
  if (!wantsLetters(tx, account.id, topicOf(kind))) return null;
  const actor = actorOfAccount(store, tx, account, { type: "session", sessionId: "" });
  const { said, path } = viewsFor(tx, actor, [row])(row);
  if (path === null) return null;
  return writeLetter(tx, { address: account.email, accountId: account.id }, { kind, said, path }, now);
}
