/**
 * That the mail server refuses every message for good, as one does that does not know the store. What it refuses is not tried
 * again, so it shows at nothing that waits: it is written down, until the server has taken a message or other settings are tried.
 *
 * A refusal alone says nothing about the server, since anybody can have the store write to an address that is none. So only
 * messages to accounts at their own addresses count, each account once.
 */
import type { Tx } from "../../db/database.ts";
import type { AccountId } from "../../ids.ts";
import { codeOf } from "../../mail/smtp.ts";
import { DAY_MS, MINUTE_MS } from "../../time.ts";
import { emailKeyOf } from "../emails.ts";
import { accountById, firstActiveAccounts } from "../records.ts";
import { readSetting, removeSetting, writeSetting } from "../settings.records.ts";
import type { MessageRow } from "./records.ts";

/** One dead mailbox is no matter of the mail server; so many, and none that works, are. */
export const MANY_REFUSED = 3;
/** Further apart they are taken for so many dead mailboxes of a store that writes little. */
const REFUSED_MS = 7 * DAY_MS;
/** A message to several people goes to one after another: the next may be taken. */
const TOLD_MS = 10 * MINUTE_MS;
const REFUSALS = "mail.refusals";

export type Refusals = {
  /** Those that count, each with its first and its newest refusal (milliseconds since 1970). */
  readonly accounts: readonly { readonly id: AccountId; readonly since: number; readonly newest: number }[];
  /** The numbers of the newest answer: `550 5.7.1`. */
  readonly answer: string;
  /** That they are enough to tell of it; it stays so. */
  readonly isEnough: boolean;
};

export type RefusingServer = { readonly since: Date; readonly answer: string };

/**
 * What is known after one more refusal.
 * @param active At most `MANY_REFUSED` accounts that can sign in: where there are fewer, all of them are enough.
 */
export function decideRefusals(
  before: Refusals | null,
  refused: { readonly accountId: AccountId; readonly answer: string; readonly at: number },
  active: readonly AccountId[],
): Refusals {
  const { accountId: id, answer, at } = refused;
  if (before?.isEnough) return { ...before, answer };
  const recent = (before?.accounts ?? []).filter(({ newest }) => newest > at - REFUSED_MS);
  const since = recent.find((known) => known.id === id)?.since ?? at;
  const accounts = [...recent.filter((known) => known.id !== id), { id, since, newest: at }];
  const areAll = active.length > 0 && active.every((one) => accounts.some((known) => known.id === one));
  return {
    accounts,
    answer,
    isEnough: accounts.length >= MANY_REFUSED || (active.length < MANY_REFUSED && areAll),
  };
}

/** The mail server will never take the message. @param answer Its words */
export function noteRefused(
  tx: Tx,
  row: Pick<MessageRow, "accountId" | "address">,
  answer: string,
  now: Date,
): void {
  const account = row.accountId === null ? undefined : accountById(tx, row.accountId);
  // Who asks for another address of theirs can name one that is none.
  if (account === undefined || account.emailKey !== emailKeyOf(row.address)) return;
  const code = codeOf(answer);
  // Without one it was not the server that said it.
  if (code === "") return;
  const refused = { accountId: account.id, answer: code, at: now.getTime() };
  const active = firstActiveAccounts(tx, MANY_REFUSED);
  writeSetting(tx, REFUSALS, decideRefusals(known(tx), refused, active), now);
}

/** Gives how many rows that changed. */
export function forgetRefusals(tx: Tx): number {
  return readSetting(tx, REFUSALS) === undefined ? 0 : removeSetting(tx, REFUSALS);
}

/** Since when the mail server refuses everything for good; null: it does not, or not for long. */
export function refusingServer(tx: Tx, now: Date): RefusingServer | null {
  const refusals = known(tx);
  if (!refusals?.isEnough) return null;
  const since = Math.min(...refusals.accounts.map((account) => account.since));
  return since > now.getTime() - TOLD_MS ? null : { since: new Date(since), answer: refusals.answer };
}

function known(tx: Tx): Refusals | null {
  return (readSetting(tx, REFUSALS) as Refusals | undefined) ?? null;
}
