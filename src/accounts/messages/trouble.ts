/**
 * That no mail goes: told until the server has taken some, or other settings are tried. It stays true when the messages that
 * show it are given up, so it is written down at them.
 */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import type { MessageId } from "../../ids.ts";
import { mailSettings } from "../../mail/settings.ts";
import { DAY_MS, HOUR_MS } from "../../time.ts";
import * as records from "./records.ts";
import { forgetRefusals, refusingServer } from "./refusals.ts";

/** What was not taken for so long is of no use by mail. */
const MAIL_DAYS = 3;
/** One reader whose mailbox is full is no matter of the mail server; so many at once are. */
const MANY_PUT_OFF = 3;

export type MailTrouble = {
  readonly since: Date;
  /** How many messages wait; those that were given up, or refused, do not. */
  readonly count: number;
  /** The numbers of the answer with which the server refuses every message for good; null: it takes none for now. */
  readonly refusal: string | null;
};

/** Since when nothing can be sent, once that lasts for a while; null when mail goes, or there is none. */
export function mailTrouble(store: Store): MailTrouble | null {
  if (mailSettings(store.config) === null) return null;
  const { orm } = store.db;
  const now = store.clock.now();
  const count = () => records.countUnsent(orm, oldestSent(now));
  const since = troubleSince(orm, now);
  if (since !== null) return { since, count: count(), refusal: null };
  const refusing = refusingServer(orm, now);
  return refusing && { since: refusing.since, count: count(), refusal: refusing.answer };
}

/** What was written earlier is not sent any more. */
export function oldestSent(now: Date): Date {
  return new Date(now.getTime() - MAIL_DAYS * DAY_MS);
}

function troubleSince(tx: Tx, now: Date): Date | null {
  const hourAgo = new Date(now.getTime() - HOUR_MS);
  const down = records.failingSince(tx);
  const putOff = records.countPutOff(tx, hourAgo);
  const isDown = down !== null && down <= hourAgo;
  const since = isDown ? down : putOff.n < MANY_PUT_OFF ? null : putOff.first;
  return since === null || records.hasSentSince(tx, hourAgo) ? null : since;
}

/** A message was given to the server so often without an answer that it is not given again. */
export function giveUpUnanswered(tx: Tx, id: MessageId): void {
  const row = records.messageById(tx, id);
  if (row === undefined) return;
  // For more than an hour it had the server to itself, or the others met with the same.
  const isAlone = !records.hasSentSince(tx, row.createdAt);
  const failingSince = row.failingSince ?? (isAlone ? row.createdAt : null);
  records.updateMessage(tx, id, { ended: "unanswered", failingSince });
}

/** Those that are too old to be sent. */
export function giveUpLate(tx: Tx, now: Date): void {
  records.endLate(tx, oldestSent(now), troubleSince(tx, now));
}

/** The mail server has taken one. Gives how many rows that changed. */
export function noteTaken(tx: Tx): number {
  return records.endFailing(tx) + forgetRefusals(tx);
}

/** That messages were given up, or refused, says nothing of the server that there is now. */
export function forgetTrouble(tx: Tx): void {
  records.forgetGivenUp(tx);
  forgetRefusals(tx);
}
