/**
 * How many guesses there are in all, beside the growing delays of `pace.ts`: for one account from all browsers that it does not
 * know, and from one place at whichever accounts. What a day of guessing comes to is in the guide “Sign-ins and guessing”.
 */
import { MINUTE_MS } from "../time.ts";
import { type Allowance, newAllowance, usedOf, waitOf } from "./allowance.ts";
import {
  digestOf,
  hasTried,
  networkOf,
  newPace,
  type Pace,
  placeOf,
  type Shared,
  type Trier,
} from "./pace.ts";

/** Wrong passwords for one account from all browsers that it does not know, wherever they are. */
export const ACCOUNT_FAILURES = 50;
export const ACCOUNT_FAILURE_MINUTES = 10;
/**
 * The first try in an hour that each place has at an account is counted apart: who guesses from a few dozen places uses up what
 * all of them have together, and must not use up what its person needs in a browser or a network that is new.
 */
export const FIRST_TRIES = 200;
export const FIRST_TRY_MINUTES = 2;
/** Wrong passwords from one place, for whichever accounts: an office has room. */
export const PLACE_FAILURES = 300;
export const PLACE_FAILURE_SECONDS = 60;
/** The same from one /48 of IPv6, which is as many as four places. */
export const NETWORK_FAILURES = 1200;
export const NETWORK_FAILURE_SECONDS = 15;
/** Forms for an account, from one place: two hundred people may fill in theirs in one morning. */
export const PLACE_ASKS = 250;
export const PLACE_ASK_SECONDS = 60;
/** The same from one /48 of IPv6: less than the store writes to all who ask, so that no one site takes it all. */
export const NETWORK_ASKS = 250;
export const NETWORK_ASK_SECONDS = 30;

export type SignInCounts = {
  readonly pace: Pace;
  readonly ofAccount: Allowance;
  readonly ofFirst: Allowance;
  readonly ofPlace: Allowance;
  readonly ofNetwork: Allowance;
};

export function newSignInCounts(): SignInCounts {
  return {
    pace: newPace(),
    ofAccount: newAllowance("attempts-account", ACCOUNT_FAILURES, ACCOUNT_FAILURE_MINUTES * MINUTE_MS),
    ofFirst: newAllowance("attempts-first", FIRST_TRIES, FIRST_TRY_MINUTES * MINUTE_MS),
    ofPlace: newAllowance("attempts-address", PLACE_FAILURES, PLACE_FAILURE_SECONDS * 1000),
    ofNetwork: newAllowance("attempts-network", NETWORK_FAILURES, NETWORK_FAILURE_SECONDS * 1000),
  };
}

export type AskCounts = {
  readonly pace: Pace;
  readonly ofPlace: Allowance;
  readonly ofNetwork: Allowance;
};

export function newAskCounts(): AskCounts {
  return {
    pace: newPace(),
    ofPlace: newAllowance("asks-address", PLACE_ASKS, PLACE_ASK_SECONDS * 1000),
    ofNetwork: newAllowance("asks-network", NETWORK_ASKS, NETWORK_ASK_SECONDS * 1000),
  };
}

/** True for a browser that the account knows, and for a session. */
export function isKnown({ known }: Trier): boolean {
  return (known ?? null) !== null;
}

/**
 * Whether the person is to know of the guesses, of which this was one more: when they have become so many, and each time that
 * nothing is left. In between it says no, so that a message is asked for a few times and not with every guess.
 */
export function isGuessedAt(counts: SignInCounts, emailKey: string, now: Date): boolean {
  const key = digestOf(emailKey);
  const both = [counts.ofAccount, counts.ofFirst];
  if (both.some((allowance) => waitOf(allowance, key, now.getTime()) > 0)) return true;
  const used = both.reduce((sum, allowance) => sum + usedOf(allowance, key, now.getTime()), 0);
  return used > ACCOUNT_FAILURES - 1 && used <= ACCOUNT_FAILURES;
}

/** What a guess takes from; nothing for who is known. */
export function sharedOf(
  counts: SignInCounts,
  trier: Trier & { readonly emailKey: string },
  now: Date,
): Shared[] {
  if (isKnown(trier)) return [];
  const network = networkOf(trier.address);
  const isFirst = !hasTried(counts.pace, { ...trier, accountKey: trier.emailKey }, now);
  return [
    { allowance: isFirst ? counts.ofFirst : counts.ofAccount, key: digestOf(trier.emailKey) },
    { allowance: counts.ofPlace, key: placeOf(trier.address) },
    ...(network === null ? [] : [{ allowance: counts.ofNetwork, key: network }]),
  ];
}

export function sharedOfAsk(counts: AskCounts, { address }: { readonly address: string }): Shared[] {
  const network = networkOf(address);
  return [
    { allowance: counts.ofPlace, key: placeOf(address) },
    ...(network === null ? [] : [{ allowance: counts.ofNetwork, key: network }]),
  ];
}
