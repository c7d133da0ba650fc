/**
 * What is between a click on a provider's button and an account: bound to one browser by a cookie, used once, short.
 *
 * The cookie holds a 256-bit secret, and state, nonce and PKCE verifier are made from it, so that nothing kept here opens
 * anything. Kept in memory under the secret's SHA-256: strangers can write nothing to the disk, and a restart costs whoever
 * is on their way a second click.
 */

import { createHmac, timingSafeEqual } from "node:crypto";
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
/** More than these are forgotten, the oldest first: some 10 MB. */
const MOST_KEPT = 20_000;

/** The browser was sent to the provider. */
export type Asked = {
  readonly step: "asked";
  readonly provider: string;
  readonly redirectUri: string;
  /** Where to go afterwards. */
  readonly next: string | null;
};

/** It came back, and whoever sits there must say to which account this belongs. */
export type Offered = {
  readonly step: "offered";
  readonly provider: string;
  readonly shown: Shown;
  /** What the store can ask with later. */
  readonly token: string | null;
  readonly next: string | null;
};

type Kept = (Asked | Offered) & { readonly until: number };

const flowsOf = perDb(() => new Map<Sha256, Kept>());

/** Gives the secret for the cookie. */
export function keepFlow(store: Store, flow: Asked | Offered): string {
  const flows = flowsOf(store);
  const now = store.clock.now().getTime();
  // They are in the order in which they end.
  for (const [hash, { until }] of flows) {
    if (until > now && flows.size < MOST_KEPT) break;
    flows.delete(hash);
  }
  const secret = newSecret();
  flows.set(secretHash(secret), { ...flow, until: now + MINUTES * 60_000 });
  return secret;
}

/** Without using it up; null when it is another step, has ended, or never was. */
export function seeFlow<Step extends "asked" | "offered">(
  store: Store,
  secret: string,
  step: Step,
): Extract<Kept, { readonly step: Step }> | null {
  const found = isSecret(secret) ? flowsOf(store).get(secretHash(secret)) : undefined;
  if (found === undefined || found.step !== step || found.until <= store.clock.now().getTime()) return null;
  return found as Extract<Kept, { readonly step: Step }>;
}

/** As `seeFlow`, and it is there no more: of two requests with it, one gets it. */
export function takeFlow<Step extends "asked" | "offered">(
  store: Store,
  secret: string,
  step: Step,
): Extract<Kept, { readonly step: Step }> | null {
  const found = seeFlow(store, secret, step);
  if (found !== null) flowsOf(store).delete(secretHash(secret));
  return found;
}

export function proofOf(secret: string): Proof {
  const made = (purpose: string) =>
    createHmac("sha256", secret).update(`mosis ${purpose}`).digest("base64url");
  return { state: made("state"), nonce: made("nonce"), verifier: made("verifier") };
}

/** In a time that does not depend on where they differ. */
export function isStateOf(secret: string, state: string): boolean {
  const [own, given] = [Buffer.from(proofOf(secret).state), Buffer.from(state)];
  return own.byteLength === given.byteLength && timingSafeEqual(own, given);
}

export function providerCookie(secret: string): string {
  return hostCookie(PROVIDER_COOKIE, secret, MINUTES * 60);
}

export function spentProviderCookie(): string {
  return hostCookie(PROVIDER_COOKIE, "", 0);
}
