/**
 * The keys with which a CI server signs its identity tokens: found by discovery, kept for some minutes, and asked for again
 * when a token names one that is not there, which is how its keys are rotated. Anybody can send such a token: what is known
 * stays known until the new answer is there, or whoever does so while the server is slow or down would stop every build.
 */

import type { JSONWebKeySet } from "jose";
import type { TrustedIssuer } from "../../config.issuers.ts";
import type { Store } from "../../context.ts";
import { perDb } from "../../db/per-db.ts";
import { describeError, isProblem, Problem } from "../../errors.ts";
import { isThisMachine } from "../../loopback.ts";
import { say } from "../../say.ts";
import { holds, isYoung, type Kept, keep } from "../providers/kept.ts";
import { askProvider, PATIENCE } from "../providers/outward.ts";

const KEPT_MS = 10 * 60_000;
/** Tokens that name keys of nobody must not make the store ask again and again. */
const AGAIN_MS = 60_000;
const MOST_KEYS = 100;

type Known = {
  readonly issuer: string;
  /** What it was asked last, which may be under way, or have failed. */
  readonly asked: Kept<JSONWebKeySet>;
  /** The newest set that came, and when it was asked for; null: none did. */
  good: { readonly set: JSONWebKeySet; readonly askedAt: number } | null;
};

const setsOf = perDb(() => new Map<string, Known>());

type Asking = Pick<Store, "db" | "clock" | "log">;

/** Whether it was asked before that time for the keys that are known of it. In milliseconds since 1970, by the store's clock. */
export function wasAskedBefore(store: Asking, issuer: TrustedIssuer, time: number): boolean {
  const known = setsOf(store).get(issuer.id);
  return known?.issuer === issuer.issuer && known.asked.askedAt < time;
}

/** A token names a key that came after the issuer was asked for them, or one of nobody: it cannot be asked again at once. */
export function notAskedAgain({ name }: TrustedIssuer): Problem {
  return new Problem(
    "unavailable",
    "trusted.issuer_unreachable",
    say`The identity token names a key that ${name} did not have when it was asked for its keys a moment ago. Try again in a minute.`,
    [{ code: "retry.after", message: "1 minute", expected: String(AGAIN_MS / 1000) }],
  );
}

/**
 * @param isMissing Says that a token names a key which the set of before does not have.
 * @throws Problem `trusted.issuer_unreachable`
 */
export function keySetOf(store: Asking, issuer: TrustedIssuer, isMissing = false): Promise<JSONWebKeySet> {
  const sets = setsOf(store);
  const found = sets.get(issuer.id);
  const before = found?.issuer === issuer.issuer ? found : undefined;
  const now = store.clock.now().getTime();
  const good = before?.good ?? null;
  if (!isMissing && good !== null && isYoung(good.askedAt, now, KEPT_MS)) return Promise.resolve(good.set);
  if (before && holds(before.asked, now, isMissing ? AGAIN_MS : KEPT_MS)) return before.asked.answer;
  const asked = keep(ask(store, issuer), now);
  const known: Known = { issuer: issuer.issuer, asked, good };
  sets.set(issuer.id, known);
  return asked.answer.then((set) => {
    known.good = { set, askedAt: now };
    return set;
  });
}

async function ask(store: Asking, issuer: TrustedIssuer): Promise<JSONWebKeySet> {
  try {
    const metadata = await jsonOf(
      issuer,
      `${issuer.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
    );
    // OpenID Connect Discovery §4.3: what calls itself otherwise is another.
    if (metadata.issuer !== issuer.issuer)
      throw wrong(issuer, "it calls itself otherwise than the configuration does");
    if (typeof metadata.jwks_uri !== "string") throw wrong(issuer, "it does not say where its keys are");
    if (!mayHoldKeys(issuer, metadata.jwks_uri))
      throw wrong(issuer, "its keys are at an address that is not https, or is of the store's own machine");
    const { keys } = await jsonOf(issuer, metadata.jwks_uri);
    if (!Array.isArray(keys) || keys.length === 0 || keys.length > MOST_KEYS)
      throw wrong(issuer, `it publishes no keys, or more than ${MOST_KEYS}`);
    return { keys: keys.filter((key) => typeof key === "object" && key !== null && !Array.isArray(key)) };
  } catch (error) {
    if (!isProblem(error)) throw error;
    store.log.warn("trusted.issuer_unreachable", { issuer: issuer.id, error: describeError(error) });
    throw unreachable(issuer, error);
  }
}

/**
 * An issuer names the address of its keys itself, and one that is trusted for the jobs of an app is not to reach what listens
 * on this machine alone. Other https addresses are taken, since large issuers keep their keys on a host of their own: who
 * answers there has a certificate, and so is there to be asked.
 */
function mayHoldKeys({ issuer }: TrustedIssuer, address: string): boolean {
  const own = new URL(issuer);
  const other = URL.parse(address);
  if (other === null) return false;
  if (other.origin === own.origin || isOurs(own.hostname)) return true;
  return other.protocol === "https:" && !isOurs(other.hostname);
}

/** Also as "any address" and as IPv4 in the dress of IPv6, which lead to this machine, too. */
function isOurs(hostname: string): boolean {
  const name = hostname.replace(/\.$/, "");
  return (
    isThisMachine(name) ||
    name === "0.0.0.0" ||
    /^\[::(?:ffff:(?:7f[0-9a-f]{2}:[0-9a-f]{1,4}|0:0))?\]$/.test(name)
  );
}

async function jsonOf(issuer: TrustedIssuer, url: string): Promise<Readonly<Record<string, unknown>>> {
  const ask = { headers: { accept: "application/json" } };
  const answer = await askProvider(issuer, url, ask, { ...PATIENCE, advice: "" });
  const found: unknown = answer.status === 200 ? await answer.json().catch(() => null) : null;
  if (typeof found !== "object" || found === null) throw wrong(issuer, `it answers with ${answer.status}`);
  return found as Readonly<Record<string, unknown>>;
}

function wrong(issuer: TrustedIssuer, why: string): Problem {
  return new Problem("unreachable", "provider.answer", say`${issuer.name}: ${why}.`);
}

function unreachable({ name, issuer }: TrustedIssuer, cause: Problem): Problem {
  return new Problem(
    "unavailable",
    "trusted.issuer_unreachable",
    say`The keys of ${name} (${issuer}) cannot be had, so no identity token of it can be checked: ${cause.message} Try again in a moment.`,
    [],
    { cause },
  );
}
