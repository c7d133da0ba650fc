/**
 * Showing a second factor: a code of an app, a recovery code, or a passkey. Codes are tried at the pace of passwords, by
 * account and place, so that nobody is held up by another. Beyond that the codes of apps, which have six digits, are tried
 * at a pace by account alone, or somebody with a password and many addresses would hit one in the end. Only who knows
 * the password gets so far; browsers that the account knows are not held up by it, whom it holds up has the passkey and the
 * recovery codes still, and the person is told.
 */

import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { perDb } from "../../db/per-db.ts";
import { asideRow } from "../../db/watch.ts";
import type { AccountId } from "../../ids.ts";
import { type Actor, accountLabel, auditAuthor } from "../actor.ts";
import { failuresOf, newPace, paced, type Trier } from "../pace.ts";
import { accountSubject } from "../people.ts";
import { accountById } from "../records.ts";
import { secretName } from "./change.ts";
import { tellOfFactors } from "./letters.ts";
import * as records from "./records.ts";
import { recoveryCodeOf, recoveryHash } from "./recovery-codes.ts";
import { matchingStep, plainCode } from "./totp.ts";

export type SecondFactor = "authenticator app" | "passkey" | "recovery code";

/** Codes of apps that are wrong in a row, from anywhere, before the next one waits. */
const FREE_FROM_ANYWHERE = 20;
/** After so many the person is told. */
const TOLD_AFTER = 10;

const pacesOf = perDb(() => ({ byPlace: newPace(), byAccount: newPace(FREE_FROM_ANYWHERE) }));

export type CodeAttempt = Trier & {
  readonly accountId: AccountId;
  /** What was typed: a code of an app, or a recovery code. */
  readonly code: string;
};

/**
 * What the code is of; null when it is none. It is of no use afterwards.
 * @throws Problem `auth.too_many_attempts`
 */
export function checkCode(store: Store, actor: Actor, attempt: CodeAttempt): Promise<SecondFactor | null> {
  const { accountId } = attempt;
  const { byPlace, byAccount } = pacesOf(store);
  const now = () => store.clock.now();
  return paced(byPlace, { ...attempt, accountKey: accountId }, now, async () => {
    const recovery = recoveryCodeOf(attempt.code);
    if (recovery !== null) return useRecoveryCode(store, actor, accountId, recovery);
    const byApp = async () => useAppCode(store, accountId, plainCode(attempt.code));
    if ((attempt.known ?? null) !== null) return byApp();
    const anywhere = { accountKey: accountId, address: "" };
    const right = await paced(byAccount, anywhere, now, byApp);
    if (right === null && failuresOf(byAccount, anywhere) === TOLD_AFTER) tell(store, actor, accountId);
    return right;
  });
}

function useAppCode(store: Store, accountId: AccountId, code: string): SecondFactor | null {
  const now = store.clock.now();
  for (const { id, sealedSecret, lastStep } of records.factorsOf(store.db.orm, accountId)) {
    if (sealedSecret === null) continue;
    const secret = store.vault.unseal(secretName(id), sealedSecret);
    const step = matchingStep(secret, code, now, lastStep);
    secret.fill(0);
    if (step === null) continue;
    const isTaken = write(store.db, (tx) => {
      const taken = records.takeStep(tx, id, step, now);
      if (taken) asideRow();
      return taken;
    });
    return isTaken ? "authenticator app" : null;
  }
  return null;
}

function useRecoveryCode(
  store: Store,
  actor: Actor,
  accountId: AccountId,
  code: string,
): SecondFactor | null {
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const account = accountById(tx, accountId);
    if (account === undefined) return null;
    if (!records.takeRecoveryCode(tx, accountId, recoveryHash(accountId, code), now)) return null;
    const left = records.recoveryCodesLeft(tx, accountId);
    note(tx, actor, accountId, { action: "account.recovery_code_used", after: { left } }, now);
    tellOfFactors(store, tx, account, { kind: "code_used", left }, now);
    return "recovery code";
  });
}

function tell(store: Store, actor: Actor, accountId: AccountId): void {
  write(store.db, (tx) => {
    const now = store.clock.now();
    const account = accountById(tx, accountId);
    if (account === undefined) return;
    note(tx, actor, accountId, { action: "account.codes_guessed", after: { codes: TOLD_AFTER } }, now);
    tellOfFactors(store, tx, account, { kind: "guessed" }, now);
  });
}

function note(
  tx: Tx,
  actor: Actor,
  accountId: AccountId,
  change: {
    readonly action: "account.recovery_code_used" | "account.codes_guessed";
    readonly after: Readonly<Record<string, number>>;
  },
  now: Date,
): void {
  const author = { ...auditAuthor(actor), actor: accountLabel(accountId) };
  recordChange(tx, author, { ...change, subject: accountSubject(accountId) }, now);
}
