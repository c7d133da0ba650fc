/**
 * Passwords of an account were guessed at so often that browsers which it does not know wait. The person has a message and
 * the audit log an entry, once a day, however long it goes on. For an address that no account has the same work is done.
 */
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import type { JobId } from "../ids.ts";
import { finishUnkept } from "../jobs/queue.ts";
import { say } from "../say.ts";
import { DAY_MS } from "../time.ts";
import { ANONYMOUS, auditAuthor } from "./actor.ts";
import { emailKeyOf, looksLikeEmail } from "./emails.ts";
import { type Asked, putDown } from "./forgotten.ts";
import { tellAddress } from "./messages/outbox.ts";
import { countMessages } from "./messages/records.ts";
import { accountSubject } from "./people.ts";
import { accountByEmail } from "./records.ts";
import { localStoreName } from "./store-name.ts";

export const PASSWORDS_GUESSED_JOB = "account.passwords_guessed";

/** @param address From where the last of the guesses came. */
export function noteGuesses(store: Store, email: string, address: string): void {
  if (!looksLikeEmail(email)) return;
  putDown(store, PASSWORDS_GUESSED_JOB, { email, from: { requestId: "", address, userAgent: "" } });
}

/** The job. */
export function tellOfGuesses(store: Store, { email, from }: Asked, jobId: JobId): void {
  write(store.db, (tx) => {
    finishUnkept(tx, jobId);
    const now = store.clock.now();
    const account = accountByEmail(tx, emailKeyOf(email));
    if (account === undefined || account.disabledAt !== null || account.passwordHash === null) return;
    const since = new Date(now.getTime() - DAY_MS);
    if (countMessages(tx, account.id, "account.guessed", since) > 0) return;
    const name = localStoreName(store);
    tellAddress(
      tx,
      { address: account.email, accountId: account.id },
      {
        kind: "account.guessed",
        subject: say`Somebody tries passwords for your account at ${name}`,
        body: [
          say`Many wrong passwords were given for the account ${account.email}, in browsers in which you have not signed in before. Nobody was let in by them.`,
          say`Such browsers wait now before their next try; those that you know do not. If you have to sign in on another one and cannot wait, ask there for a new password.`,
          say`A second factor makes a guessed password worth nothing: you find it on the page of your account.`,
        ],
        path: "/account",
      },
      now,
    );
    const change = { action: "account.passwords_guessed", subject: accountSubject(account.id) } as const;
    // Not the request's id: there were many.
    recordChange(tx, { ...auditAuthor(ANONYMOUS), address: from.address }, change, now);
  });
}
