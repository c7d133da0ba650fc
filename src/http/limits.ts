/**
 * How many requests are answered in a minute: for each key of a machine, person or device, for each account or organisation, and for each address of
 * those who have neither. Whoever has shown who they are is counted as that, so that nobody is kept out by strangers who
 * share their address; who could not show it is counted with the strangers. A browser in which somebody was signed in before
 * is counted apart from its address.
 *
 * One number is kept for each of them: when their quota will be full again (the generic cell rate algorithm, GCRA). So a
 * request costs the same however many there were, a whole minute's quota may come at once, and it comes back evenly.
 *
 * Kept in memory: a restart forgives, and strangers can write nothing to the disk.
 */

import type { Actor, Shown } from "../accounts/actor.ts";
import { fullFrom } from "../accounts/allowance.ts";
import { placeOf } from "../accounts/pace.ts";
import { retryAfter, saidSeconds, waitWords } from "../accounts/wait.ts";
import type { Settings } from "../config.settings.ts";
import type { Store } from "../context.ts";
import { Problem } from "../errors.ts";
import { keepNewest } from "../newest.ts";
import { say, type Words } from "../say.ts";

const WINDOW_MS = 60_000;
/** Of each kind; more are forgotten, the longest unused first, whose quota is the fullest: about 10 MB each. */
const MOST_KEPT = 50_000;
/** Steps of a third of a second add up to a little more or less than a minute. */
const ROUNDING_MS = 0.001;

export type PolicyName = "address" | "account" | "key";
type Policy = {
  readonly name: PolicyName;
  readonly quota: number;
  /** One request. */
  readonly stepMs: number;
  /** When the quota will be full again, in the order of use. */
  readonly fullAt: Map<string, number>;
  readonly header: string;
};

export type Limiter = ReadonlyMap<PolicyName, Policy>;

/** @param quotas Requests a minute; 0: as many as come. */
export function newLimiter(
  quotas: Pick<Settings, "addressRequests" | "accountRequests" | "keyRequests">,
): Limiter {
  const all = [
    ["address", quotas.addressRequests],
    ["account", quotas.accountRequests],
    ["key", quotas.keyRequests],
  ] as const;
  return new Map(
    all
      .filter(([, quota]) => quota > 0)
      .map(([name, quota]): [PolicyName, Policy] => [
        name,
        {
          name,
          quota,
          stepMs: WINDOW_MS / quota,
          fullAt: new Map(),
          header: `"${name}";q=${quota};w=${WINDOW_MS / 1000}`,
        },
      ]),
  );
}

/** Of a running store: other numbers on the page of settings begin anew, as a start would. */
export function keptLimiter(store: Pick<Store, "config">): () => Limiter {
  const quotasOf = () => {
    const { addressRequests, accountRequests, keyRequests } = store.config;
    return { addressRequests, accountRequests, keyRequests };
  };
  let config = store.config;
  let quotas = quotasOf();
  let limiter = newLimiter(quotas);
  return () => {
    if (store.config === config) return limiter;
    config = store.config;
    const found = quotasOf();
    if (JSON.stringify(found) !== JSON.stringify(quotas)) limiter = newLimiter(found);
    quotas = found;
    return limiter;
  };
}

/** Who is counted: one of them, or a key and whose it is. */
export type Counted = readonly (readonly [PolicyName, string])[];

/** @param browser Of who has shown nothing else: where browsers are counted that an account knows, apart from their address. */
export function countedAs(actor: Actor | Shown, address: string, browser: string | null = null): Counted {
  switch (actor.kind) {
    case "anonymous":
      return [["address", browser ?? placeOf(address)]];
    // Its files are not counted at all; its questions for tokens are.
    case "device":
      return [["key", actor.deviceId]];
    case "account": {
      const account = ["account", actor.accountId] as const;
      return actor.via.type === "api-key" ? [["key", actor.via.keyId], account] : [account];
    }
    case "organisation-key":
      return [
        ["key", actor.keyId],
        ["account", actor.organisationId],
      ];
    case "publisher":
      return [
        ["key", actor.publisherId],
        ["account", actor.organisationId],
      ];
    case "operator":
      return [];
  }
}

/** draft-ietf-httpapi-ratelimit-headers, the form of 08 to 11: lists of items (RFC 9651 §3.1), a policy each. */
export type LimitHeaders = { readonly policy: string; readonly limit: string };

export type Taken = {
  /** null: nothing limits it. */
  readonly headers: LimitHeaders | null;
  /** `rate.limited`, and nothing was taken. */
  readonly refused: Problem | null;
};

/** Takes a request's cost from every quota that it counts against, or from none of them. */
export function take(limiter: Limiter, counted: Counted, cost: number, now: number): Taken {
  const states = counted.flatMap(([name, id]) => {
    const policy = limiter.get(name);
    return policy === undefined ? [] : [stateOf(policy, id, cost, now)];
  });
  if (states.length === 0) return { headers: null, refused: null };
  const longest = states.reduce((a, b) => (b.waitMs > a.waitMs ? b : a));
  if (longest.waitMs > 0)
    return { headers: headersOf(states, now, false), refused: tooMany(states, longest) };
  for (const { policy, id, after } of states) keepNewest(policy.fullAt, id, after, MOST_KEPT);
  return { headers: headersOf(states, now, true), refused: null };
}

type State = {
  readonly policy: Policy;
  readonly id: string;
  /** When the quota is full again without and with this request. */
  readonly before: number;
  readonly after: number;
  /** Until this request would be answered. */
  readonly waitMs: number;
};

function stateOf(policy: Policy, id: string, cost: number, now: number): State {
  const before = fullFrom(policy.fullAt.get(id), now, WINDOW_MS + ROUNDING_MS);
  const after = before + Math.min(cost, policy.quota) * policy.stepMs;
  return { policy, id, before, after, waitMs: Math.max(0, after - now - WINDOW_MS - ROUNDING_MS) };
}

function headersOf(states: readonly State[], now: number, isTaken: boolean): LimitHeaders {
  const items = states.map(({ policy, before, after, waitMs }) => {
    const missingMs = (isTaken ? after : before) - now;
    const left = Math.max(0, Math.floor((WINDOW_MS - missingMs + ROUNDING_MS) / policy.stepMs));
    const untilMoreMs = waitMs > 0 ? waitMs : missingMs % policy.stepMs || policy.stepMs;
    return `"${policy.name}";r=${left};t=${secondsOf(untilMoreMs)}`;
  });
  return { policy: states.map(({ policy }) => policy.header).join(", "), limit: items.join(", ") };
}

const secondsOf = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

const FROM: Readonly<Record<PolicyName, Words>> = {
  address: say`without an account from here`,
  account: say`for this account or organisation`,
  key: say`with this key`,
};

function tooMany(states: readonly State[], { policy, waitMs }: State): Problem {
  const seconds = saidSeconds(waitMs);
  const names = states.filter((state) => state.waitMs > 0).map((state) => state.policy.name);
  return new Problem(
    "too_many_requests",
    "rate.limited",
    say`Too many requests came ${FROM[policy.name]}: ${policy.quota} a minute are answered. Try again in ${waitWords(seconds)}.`,
    [retryAfter(seconds), ...names.map((name) => ({ code: "rate.policy", message: name }))],
  );
}

/** Of the delays after failed sign-ins (`pace.ts`), in the same form; null for other problems. */
export function limitOfAttempts(problem: Problem, retryAfterSeconds: number): LimitHeaders | null {
  if (problem.code !== "auth.too_many_attempts") return null;
  const [policy] = problem.details.filter(({ code }) => code === "rate.policy");
  if (policy === undefined) return null;
  const name = `"${policy.message}"`;
  return { policy: `${name};${policy.expected}`, limit: `${name};r=0;t=${retryAfterSeconds}` };
}
