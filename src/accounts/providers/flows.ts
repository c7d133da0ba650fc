/**
 * What is between a click on a provider's button and an account: bound to one browser by a cookie, used once, short.
 *
 * Who is sent out is kept nowhere, so that no crowd of clicks pushes anybody out: the cookie says what it is about, with a MAC
 * under a key of this process. It holds a 256-bit secret too, from which state, nonce and PKCE verifier are made. Who has come
 * back is kept in memory, under the secret's SHA-256: strangers can write nothing to the disk, and a restart costs whoever is
 * on their way a second click.
 */

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Store } from "../../context.ts";
import { perDb } from "../../db/per-db.ts";
import type { Sha256 } from "../../ids.ts";
import { hostCookie } from "../host-cookie.ts";
import { isSecret, newSecret, secretHash } from "../secrets.ts";
import type { Shown } from "./claims.ts";
import type { Proof } from "./protocol.ts";

/** `__Host-`: Secure, for this host alone. Lax, since the provider sends the browser back from elsewhere. */
export const PROVIDER_COOKIE = "__Host-mosis_provider";

const MINUTES = 15;
/** More than these are forgotten, the oldest first. */
const MOST_KEPT = 20_000;
/** Browsers drop a cookie of more than 4 KiB: who would go on to a longer address comes to the dashboard instead. */
const NEXT_BYTES = 1500;

/** The browser was sent to the provider. */
export type Asked = {
  readonly provider: string;
  readonly redirectUri: string;
  /** Where to go afterwards. */
  readonly next: string | null;
};

/** It came back, and whoever sits there must say to which account this belongs. */
export type Offered = {
  readonly provider: string;
  readonly shown: Shown;
  /** What the store can ask with later. */
  readonly token: string | null;
  /** When the provider was asked. */
  readonly askedAt: Date;
  readonly next: string | null;
};

type Until = { readonly until: number };

type Flows = {
  readonly macKey: Buffer;
  /** Until when a cookie would be good that was used already. Where one is forgotten, the provider's code is spent all the same. */
  readonly used: Map<Sha256, number>;
  readonly offers: Map<Sha256, Offered & Until>;
  /** By whom the provider spoke of: each has one offer at a time, so that nobody pushes out others'. */
  readonly offerOf: Map<string, Sha256>;
};

const flowsOf = perDb<Flows>(() => ({
  macKey: randomBytes(32),
  used: new Map(),
  offers: new Map(),
  offerOf: new Map(),
}));

/** Gives the cookie's value, and the secret in it. */
export function beginFlow(store: Store, asked: Asked): { readonly cookie: string; readonly secret: string } {
  const secret = newSecret();
  const { next } = asked;
  const kept = next !== null && Buffer.byteLength(next) > NEXT_BYTES ? null : next;
  const about = Buffer.from(JSON.stringify({ ...asked, next: kept, until: endOf(store) })).toString(
    "base64url",
  );
  return { secret, cookie: `${secret}.${about}.${macOf(store, secret, about)}` };
}

/**
 * What the cookie is about, and its secret, once: null when the state is not its own, which uses nothing up, when it was used
 * or has ended, and when this process did not give it.
 */
export function endFlow(
  store: Store,
  cookie: string,
  state: string,
): (Asked & { readonly secret: string }) | null {
  const [secret = "", about = "", mac = "", ...more] = cookie.split(".");
  if (more.length > 0 || !isSecret(secret) || !isSame(macOf(store, secret, about), mac)) return null;
  if (!isSame(proofOf(secret).state, state)) return null;
  const { until, ...asked }: Asked & Until = JSON.parse(Buffer.from(about, "base64url").toString());
  const { used } = flowsOf(store);
  const hash = secretHash(secret);
  if (until <= store.clock.now().getTime() || used.has(hash)) return null;
  for (const oldest of used.keys()) {
    if (used.size < MOST_KEPT) break;
    used.delete(oldest);
  }
  used.set(hash, until);
  return { ...asked, secret };
}

/** Gives the cookie's value. An offer from before about the same person ends. */
export function keepOffer(store: Store, offered: Offered): string {
  const { offers, offerOf } = flowsOf(store);
  const now = store.clock.now().getTime();
  const before = offerOf.get(subjectOf(offered));
  if (before !== undefined) forget(store, before);
  // They are in the order in which they end.
  for (const [hash, { until }] of offers) {
    if (until > now && offers.size < MOST_KEPT) break;
    forget(store, hash);
  }
  const secret = newSecret();
  offers.set(secretHash(secret), { ...offered, until: endOf(store) });
  offerOf.set(subjectOf(offered), secretHash(secret));
  return secret;
}

/** Without using it up; null when it has ended, or never was. */
export function seeOffer(store: Store, secret: string): Offered | null {
  const found = isSecret(secret) ? flowsOf(store).offers.get(secretHash(secret)) : undefined;
  return found === undefined || found.until <= store.clock.now().getTime() ? null : found;
}

/** It is there no more. */
export function endOffer(store: Store, secret: string): void {
  forget(store, secretHash(secret));
}

function forget(store: Store, hash: Sha256): void {
  const { offers, offerOf } = flowsOf(store);
  const found = offers.get(hash);
  if (found === undefined) return;
  offers.delete(hash);
  offerOf.delete(subjectOf(found));
}

function subjectOf({ provider, shown }: Offered): string {
  return JSON.stringify([provider, shown.subject]);
}

function endOf(store: Store): number {
  return store.clock.now().getTime() + MINUTES * 60_000;
}

function macOf(store: Store, secret: string, about: string): string {
  return createHmac("sha256", flowsOf(store).macKey).update(`${secret}.${about}`).digest("base64url");
}

export function proofOf(secret: string): Proof {
  const made = (purpose: string) =>
    createHmac("sha256", secret).update(`mosis ${purpose}`).digest("base64url");
  return { state: made("state"), nonce: made("nonce"), verifier: made("verifier") };
}

/** In a time that does not depend on where they differ. */
function isSame(own: string, given: string): boolean {
  const [a, b] = [Buffer.from(own), Buffer.from(given)];
  return a.byteLength === b.byteLength && timingSafeEqual(a, b);
}

export function providerCookie(value: string): string {
  return hostCookie(PROVIDER_COOKIE, value, MINUTES * 60);
}

export function spentProviderCookie(): string {
  return hostCookie(PROVIDER_COOKIE, "", 0);
}
