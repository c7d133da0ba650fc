/**
 * Letters of what people were told of in the portal first: a job writes them some minutes later, so that who publishes or decides
 * does not wait for as many letters as there are people, and what is read by then needs none. A letter is written in the
 * transaction that says so at the notification: once.
 */
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { describeError, isProblem } from "../../errors.ts";
import type { AccountId } from "../../ids.ts";
import { DAY_MS, MINUTE_MS } from "../../time.ts";
import { actorOfAccount } from "../account-actor.ts";
import { writeLetter } from "../messages/outbox.ts";
import { accountById } from "../records.ts";
import { addNotifications, type NewNotification } from "./add.ts";
import { isKind, topicOf } from "./kinds.ts";
import { viewsFor } from "./list.ts";
import * as records from "./records.ts";
import { wantsLetters } from "./wanted.ts";

/** Written in one transaction. */
const AT_ONCE = 50;
/** What is older is no news: the store had no mail server then, or was down. */
const LETTER_MS = DAY_MS;
/** What is read within that needs no letter. */
const LETTER_WAIT_MS = 5 * MINUTE_MS;

/** Tells each of these people, in the transaction of what happened, and has the letters written afterwards. */
export function notify(
  tx: Tx,
  people: readonly AccountId[],
  notification: Omit<NewNotification, "messageId">,
  now: Date,
): void {
  const letterDueAt = new Date(now.getTime() + LETTER_WAIT_MS);
  addNotifications(tx, people, { ...notification, letterDueAt }, now);
}

/** For a job, where the store sends mail: of each notification that is due a letter, or that it needs none. */
export async function writeLetters(store: Store): Promise<void> {
  for (;;) {
    const due = records.selectDueLetters(store.db.orm, store.clock.now(), AT_ONCE);
    if (due.length > 0) writeLettersOf(store, due);
    if (due.length < AT_ONCE) return;
    await Bun.sleep(0);
  }
}

/** All in one transaction; where one of them cannot be written, each in its own, so that it keeps no other from its reader. */
function writeLettersOf(store: Store, due: readonly records.NotificationRow[]): void {
  try {
    write(store.db, (tx) => {
      for (const row of due) settle(store, tx, row);
    });
  } catch (error) {
    if (isOfDisk(error)) throw error;
    for (const row of due) writeAlone(store, row);
  }
}

/** What cannot be written now will not be either when it is tried again: it has its place in the portal. */
function writeAlone(store: Store, row: records.NotificationRow): void {
  const { id, kind } = row;
  try {
    write(store.db, (tx) => settle(store, tx, row));
  } catch (error) {
    if (isOfDisk(error)) throw error;
    store.log.error("notification.letter_failed", { notification: id, kind, error: describeError(error) });
    write(store.db, (tx) => records.endDueLetter(tx, id, null));
  }
}

/** On such a disk nothing can be written: all of them wait. */
function isOfDisk(error: unknown): boolean {
  return isProblem(error) && error.code.startsWith("storage.");
}

function settle(store: Store, tx: Tx, row: records.NotificationRow): void {
  records.endDueLetter(tx, row.id, writeLetterOf(store, tx, row));
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
