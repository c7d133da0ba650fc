/**
 * Browsers that an account knows, since its person has signed in there (“device cookies”, OWASP): what others guess at the
 * account, or from the same address, makes them wait for nothing. A stolen cookie is worth a count of its own and no more: it
 * signs nobody in.
 *
 * The cookie holds 256 random bits, of which the store keeps the SHA-256, and is another one after each sign-in: so one that
 * somebody has put into a browser, or has taken out of it, is of no use from then on.
 */
import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { asideRow } from "../../db/watch.ts";
import { type AccountId, type BrowserId, newId } from "../../ids.ts";
import { DAY_MS } from "../../time.ts";
import { type AccountActor, auditAuthor, type Origin } from "../actor.ts";
import { emailKeyOf } from "../emails.ts";
import { hostCookie } from "../host-cookie.ts";
import { accountSubject } from "../people.ts";
import { authorise } from "../rights.ts";
import { isSecret, newSecret, secretHash } from "../secrets.ts";
import * as records from "./records.ts";

export const BROWSER_COOKIE = "__Host-mosis_browser";
/** After so long without a sign-in it is unknown. */
export const BROWSER_DAYS = 180;
/** Of one account, and accounts of one browser: the longest unused are forgotten. */
export const MOST_BROWSERS = 20;

export type KnownBrowser = {
  readonly id: BrowserId;
  readonly createdAt: Date;
  /** When the person last signed in there. */
  readonly seenAt: Date;
  readonly expiresAt: Date;
  readonly address: string;
  readonly userAgent: string;
  /** The one that asks. */
  readonly current: boolean;
};

/** Where tries are counted that come from a browser which the account knows; null: it does not know it, or there is no such account. */
export function browserLane(
  store: Store,
  of: { readonly email: string } | { readonly accountId: AccountId },
  cookie: string,
): string | null {
  if (!isSecret(cookie)) return null;
  const tx = store.db.orm;
  const now = store.clock.now();
  const hash = secretHash(cookie);
  const id =
    "email" in of
      ? records.browserOfEmail(tx, hash, emailKeyOf(of.email), now)
      : records.browserOfAccount(tx, hash, of.accountId, now);
  return id === undefined ? null : `browser ${id}`;
}

/**
 * Where its requests without a session are counted; null: no account knows it. All browsers of an account together, so that
 * nobody has more of it for signing in more often.
 */
export function strangerLane(store: Store, cookie: string): string | null {
  if (!isSecret(cookie)) return null;
  const accountId = records.oneAccountOf(store.db.orm, secretHash(cookie), store.clock.now());
  return accountId === undefined ? null : `browsers of ${accountId}`;
}

/**
 * After a sign-in, or a new password by the link that went to the person.
 * @param cookie What the browser has of before; the accounts that knew it know it as before.
 * @returns the secret for its cookie
 */
export function rememberBrowser(
  store: Store,
  accountId: AccountId,
  cookie: string,
  from: Pick<Origin, "address" | "userAgent">,
): string {
  const secret = newSecret();
  const hash = secretHash(secret);
  write(store.db, (tx) => {
    const now = store.clock.now();
    const before = isSecret(cookie) ? records.browserRows(tx, secretHash(cookie), now) : [];
    const seen = {
      secretHash: hash,
      seenAt: now,
      expiresAt: new Date(now.getTime() + BROWSER_DAYS * DAY_MS),
      address: from.address.slice(0, 64),
      userAgent: from.userAgent.slice(0, 256),
    };
    const own = before.find((row) => row.accountId === accountId);
    if (own === undefined)
      records.insertBrowser(tx, { ...seen, id: newId("brw"), accountId, createdAt: now });
    else records.updateBrowser(tx, own.id, seen);
    const others = before
      .filter((row) => row !== own)
      .sort((a, b) => b.seenAt.getTime() - a.seenAt.getTime());
    for (const [place, row] of others.entries()) {
      if (place < MOST_BROWSERS - 1) records.updateBrowser(tx, row.id, { secretHash: hash });
      else records.removeBrowser(tx, row.accountId, row.id);
      asideRow();
    }
    for (const row of records.browsersOf(tx, accountId).slice(MOST_BROWSERS)) {
      records.removeBrowser(tx, accountId, row.id);
      asideRow();
    }
    // The audit log tells of the session.
    asideRow();
  });
  return secret;
}

/** Whose the browser with this cookie is; null: nobody's, or several people sign in there, and what it sends may be anybody's of them. */
export function onlyAccountOf(store: Store, cookie: string): AccountId | null {
  if (!isSecret(cookie)) return null;
  const [only, another] = records.browserRows(store.db.orm, secretHash(cookie), store.clock.now());
  return only === undefined || another !== undefined ? null : only.accountId;
}

/** The Set-Cookie line. */
export function browserCookie(secret: string): string {
  return hostCookie(BROWSER_COOKIE, secret, (BROWSER_DAYS * DAY_MS) / 1000);
}

/** Those that the account knows, the last use first. @param cookie Of the browser that asks; "" when it is none. */
export function ownBrowsers(store: Store, actor: AccountActor, cookie: string): KnownBrowser[] {
  authorise(actor, "session.read");
  const current = isSecret(cookie) ? secretHash(cookie) : null;
  return listBrowsers(store, actor.accountId).map(({ secretHash: hash, ...rest }) => ({
    ...rest,
    current: hash === current,
  }));
}

export function listBrowsers(store: Store, accountId: AccountId) {
  const now = store.clock.now();
  return records
    .browsersOf(store.db.orm, accountId)
    .filter((row) => row.expiresAt > now)
    .map(({ accountId: _, ...rest }) => rest);
}

/** Nothing happens when it is unknown already, or is somebody else's. */
export function forgetOwnBrowser(store: Store, actor: AccountActor, id: BrowserId): void {
  authorise(actor, "self.change");
  write(store.db, (tx) => {
    if (!records.removeBrowser(tx, actor.accountId, id)) return;
    const subject = accountSubject(actor.accountId);
    const change = { action: "account.browser_forgotten", subject, after: { browser: id } } as const;
    recordChange(tx, auditAuthor(actor), change, store.clock.now());
  });
}

/** For a cron entry. */
export function forgetExpiredBrowsers(store: Store): void {
  write(store.db, (tx) => records.removeExpiredBrowsers(tx, store.clock.now()));
}
