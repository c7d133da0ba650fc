/**
 * Signing in in two steps: who has shown the first factor, and has a second one, waits for it with a secret in a cookie
 * that is of use for ten minutes and once. No session is there until then.
 */
import type { Store } from "../../context.ts";
import { write } from "../../db/database.ts";
import { asideRow } from "../../db/watch.ts";
import { Problem } from "../../errors.ts";
import type { AccountId, IdentityId } from "../../ids.ts";
import { say } from "../../say.ts";
import { hostCookie } from "../host-cookie.ts";
import { type Account, accountOf } from "../people.ts";
import { accountById } from "../records.ts";
import { isSecret, newSecret, secretHash } from "../secrets.ts";
import type { Still } from "../sessions.ts";
import * as records from "./records.ts";

const MINUTES = 10;

/** `__Host-`, as the session's. */
export const PENDING_COOKIE = "__Host-mosis_sign_in";

/** How somebody has shown who they are, before any second factor. */
export type FirstFactor = "password" | "set-up link" | "invitation" | "provider";

export type PendingSignIn = {
  readonly account: Account;
  readonly by: FirstFactor;
  readonly next: string | null;
  readonly flash: string | null;
  /** The linked account that was shown, where it was one. */
  readonly identityId: IdentityId | null;
};

/** Whether this account is asked for a second factor: whenever it has one. */
export function needsSecondFactor(store: Store, accountId: AccountId): boolean {
  return records.hasFactor(store.db.orm, accountId);
}

/** Gives the secret for the cookie. @throws what `still` throws, which is asked in the transaction */
export function beginSecondStep(
  store: Store,
  pending: {
    readonly accountId: AccountId;
    readonly by: FirstFactor;
    readonly next: string | null;
    readonly flash: string | null;
    readonly identityId?: IdentityId | undefined;
  },
  still: Still = () => {},
): string {
  const secret = newSecret();
  const now = store.clock.now();
  const { by, identityId = null, ...rest } = pending;
  write(store.db, (tx) => {
    still(tx);
    records.insertPending(tx, {
      ...rest,
      identityId,
      firstFactor: by,
      hash: secretHash(secret),
      createdAt: now,
      expiresAt: new Date(now.getTime() + MINUTES * 60_000),
    });
    // Nobody is in yet: the audit log tells of the session that this leads to.
    asideRow();
  });
  return secret;
}

/** Whose second factor is waited for. @throws Problem `factor.sign_in_over` */
export function findPendingSignIn(store: Store, secret: string): PendingSignIn {
  const tx = store.db.orm;
  const row = isSecret(secret) ? records.findPending(tx, secretHash(secret), store.clock.now()) : undefined;
  const account = row === undefined ? undefined : accountById(tx, row.accountId);
  if (row === undefined || account === undefined || account.disabledAt !== null) throw signInOver();
  const { firstFactor, next, flash, identityId } = row;
  return { account: accountOf(account), by: firstFactor as FirstFactor, next, flash, identityId };
}

/**
 * Spends the secret, in the transaction that makes the session: whatever ended the account's sessions meanwhile ended this too.
 * @throws Problem `factor.sign_in_over` also when another request was first
 */
export function endSecondStep(secret: string): Still {
  return (tx) => {
    if (!records.takePending(tx, secretHash(secret))) throw signInOver();
  };
}

/** For a cron entry. */
export function forgetPendingSignIns(store: Store): void {
  write(store.db, (tx) => records.removeExpiredPending(tx, store.clock.now()));
}

/** The Set-Cookie line; of "" it takes the cookie away. */
export function pendingCookie(secret: string): string {
  return hostCookie(PENDING_COOKIE, secret, secret === "" ? 0 : MINUTES * 60);
}

function signInOver(): Problem {
  return new Problem(
    "unauthenticated",
    "factor.sign_in_over",
    say`The second step of signing in took too long, or is done. Begin again with your password.`,
  );
}
