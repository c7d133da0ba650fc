/**
 * Links that work once and open a way that needs no session: a new password, the proof of an address, an invitation.
 * Whoever has one is believed, so it is made in the moment in which it goes to its reader, kept as a hash, and ends soon.
 */
import type { Tx } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { AccountId, InvitationId } from "../../ids.ts";
import { say } from "../../say.ts";
import { HOUR_MS } from "../../time.ts";
import {
  insertOneTimeToken,
  markTokenUsed,
  type OneTimeTokenRow,
  usableToken,
} from "../one-time-tokens.records.ts";
import { type AccountRow, accountById } from "../records.ts";
import { isSecret, newSecret, secretHash } from "../secrets.ts";
import { endMessagesOf, endTokensOf } from "./records.ts";

export const LINK_PURPOSES = ["password", "address", "invitation", "keep"] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/** What a link opens. An invitation's has no account, and the others no invitation. */
export type LinkSubject = {
  readonly purpose: LinkPurpose;
  readonly email: string;
  readonly accountId: AccountId | null;
  readonly invitationId: InvitationId | null;
};

export type Link = {
  /** Below the store's address, with the secret in it. */
  readonly path: string;
  readonly expiresAt: Date;
};

export type FoundLink = Pick<OneTimeTokenRow, "hash" | "accountId" | "invitationId" | "mailed"> & {
  readonly email: string;
};

const PAGES: Readonly<Record<LinkPurpose, string>> = {
  password: "/new-password",
  address: "/confirm-address",
  invitation: "/invitation",
  keep: "/keep-account",
};
/** OWASP's cheat sheet on forgotten passwords asks for a short life; what is read in an hour need not live for a day. */
const MAILED_HOURS: Readonly<Record<LinkPurpose, number>> = {
  password: 2,
  address: 48,
  invitation: 14 * 24,
  keep: 30 * 24,
};
/** What one person tells another takes its time. */
const HANDED_OVER_HOURS: Readonly<Record<LinkPurpose, number>> = {
  password: 24,
  address: 48,
  invitation: 14 * 24,
  keep: 30 * 24,
};

/**
 * Makes a link. Those that were made before for the same stay: a mail that is late still opens something.
 * @param mailed Whether it goes to the address alone, so that using it proves the address.
 */
export function makeLink(
  tx: Tx,
  subject: LinkSubject,
  { mailed, until }: { readonly mailed: boolean; readonly until?: Date },
  now: Date,
): Link {
  const secret = newSecret();
  const hours = (mailed ? MAILED_HOURS : HANDED_OVER_HOURS)[subject.purpose];
  const own = now.getTime() + hours * HOUR_MS;
  const expiresAt = new Date(until === undefined ? own : Math.min(own, until.getTime()));
  insertOneTimeToken(tx, {
    ...subject,
    hash: secretHash(secret),
    mailed,
    createdAt: now,
    expiresAt,
    usedAt: null,
  });
  return { path: `${PAGES[subject.purpose]}?token=${secret}`, expiresAt };
}

/** @throws Problem `link.invalid` when it was used, has ended, or never was. */
export function findLink(tx: Tx, purpose: LinkPurpose, token: string, now: Date): FoundLink {
  const row = isSecret(token) ? usableToken(tx, secretHash(token), purpose, now) : undefined;
  if (row === undefined || row.email === null) throw linkInvalid();
  return { ...row, email: row.email };
}

/** A link about an account that can sign in. @throws Problem `link.invalid` */
export function findAccountLink(
  tx: Tx,
  purpose: LinkPurpose,
  token: string,
  now: Date,
): { readonly link: FoundLink; readonly account: AccountRow } {
  const link = findLink(tx, purpose, token, now);
  const account = link.accountId === null ? undefined : accountById(tx, link.accountId);
  if (account === undefined || account.disabledAt !== null) throw linkInvalid();
  return { link, account };
}

/** Spends the link, and ends every other one for the same. */
export function spendLink(tx: Tx, purpose: LinkPurpose, link: FoundLink, now: Date): void {
  markTokenUsed(tx, link.hash, now);
  const { accountId, invitationId } = link;
  if (invitationId !== null) endLinks(tx, { invitationId });
  else if (accountId !== null) endLinks(tx, { accountId, purpose });
}

/** Links that were not used yet open nothing from now on, nor do those that a message written before would get. Gives how many. */
export function endLinks(
  tx: Tx,
  of:
    | { readonly invitationId: InvitationId }
    | { readonly accountId: AccountId; readonly purpose?: LinkPurpose },
): number {
  return endTokensOf(tx, of) + endMessagesOf(tx, of);
}

/**
 * When somebody makes sure of their account, or it is taken from them: a link that was asked for before may have been asked
 * for by somebody else. What takes a deletion back stays: only its person has it, and it opens no way into the account.
 * Gives how many there were.
 */
export function endWaysIn(tx: Tx, accountId: AccountId): number {
  return endLinks(tx, { accountId, purpose: "password" }) + endLinks(tx, { accountId, purpose: "address" });
}

export function linkInvalid(): Problem {
  return new Problem(
    "forbidden",
    "link.invalid",
    say`This link was used, has expired, or was replaced. Ask for a new one.`,
  );
}
