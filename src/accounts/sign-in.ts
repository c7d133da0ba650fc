/** Signing in with address and password, at a pace that makes guessing pointless and keeps no owner out. */
import type { Store } from "../context.ts";
import { perDb } from "../db/per-db.ts";
import { emailKeyOf } from "./emails.ts";
import {
  isGuessedAt,
  isKnown,
  newAskCounts,
  newSignInCounts,
  sharedOf,
  sharedOfAsk,
} from "./guess-limits.ts";
import { noteGuesses } from "./guessed.ts";
import { laneOf, paced, type Trier } from "./pace.ts";
import { type ShownPassword, verifyPassword } from "./people.ts";

/** For a turn at the comparison; half of what browsers and proxies wait for an answer, or less. */
const LONGEST_WAIT_MS = 5000;

const countsOf = perDb(() => ({ signingIn: newSignInCounts(), asking: newAskCounts() }));

/**
 * The account when address and password belong together; else null, after the same work and in the same words, whether
 * or not the address is an account's.
 * @param attempt.gone Aborted when who tries is there no more: what waits for its turn then is not compared.
 * @throws Problem `auth.too_many_attempts`, `auth.busy`
 */
export async function signIn(
  store: Store,
  attempt: Trier & { readonly email: string; readonly password: string; readonly gone?: AbortSignal },
): Promise<ShownPassword | null> {
  const { email, password, address, gone } = attempt;
  const asker = { place: laneOf(attempt), ahead: isKnown(attempt), waitsMs: LONGEST_WAIT_MS, gone };
  const counts = countsOf(store).signingIn;
  const emailKey = emailKeyOf(email);
  const found = await paced(
    counts.pace,
    { ...attempt, accountKey: emailKey },
    () => store.clock.now(),
    () => verifyPassword(store, email, password, asker),
    sharedOf(counts, { ...attempt, emailKey }, store.clock.now()),
  );
  if (found !== null || isKnown(attempt)) return found;
  if (isGuessedAt(counts, emailKey, store.clock.now())) noteGuesses(store, email, address);
  return null;
}

/**
 * Asking for an account, which has a mail sent to whichever address is asked for: each time counts, for one address of mail from
 * one place, and all of one place together. Asking for a password is not counted: it has few mails sent, and to those alone
 * who have an account, and one person's asking must not keep another from theirs.
 * @throws Problem `auth.too_many_attempts`
 */
export async function askedAtPace(
  store: Store,
  asker: { readonly address: string; readonly email: string },
  ask: () => void,
): Promise<void> {
  const counts = countsOf(store).asking;
  await paced(
    counts.pace,
    { ...asker, accountKey: emailKeyOf(asker.email) },
    () => store.clock.now(),
    async () => {
      ask();
      return null;
    },
    sharedOfAsk(counts, asker),
  );
}
