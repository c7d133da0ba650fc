/**
 * Asking for an account with nothing but an address. What it leads to is an invitation, sent to that address: no account
 * exists before its address is proven, and who asks does not learn whether there is one.
 */
import type { AuditChange } from "../audit/entry.ts";
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { Problem } from "../errors.ts";
import type { JobId } from "../ids.ts";
import { enqueue, finishUnkept, isQueued } from "../jobs/queue.ts";
import { say } from "../say.ts";
import { ANONYMOUS, auditAuthor, SYSTEM_LABEL } from "./actor.ts";
import { domainOf, emailFaults, emailKeyOf } from "./emails.ts";
import { type Asked, askedOf, jobKeyOf, putDown } from "./forgotten.ts";
import { addInvitation, send, subjectOf } from "./invitations/invite.ts";
import { existingNotice } from "./invitations/letters.ts";
import { countInvitationsOf } from "./invitations/records.ts";
import { hasLettersEnough, LETTERS_MS, MOST_LETTERS_AN_HOUR, tellAddress } from "./messages/outbox.ts";
import { refuseAccountFaults } from "./people.ts";
import { accountByEmail } from "./records.ts";
import { nextTurn, noteTurn } from "./sign-up-turns.ts";
import { localStoreName } from "./store-name.ts";

export const SIGN_UP_ASKED_JOB = "account.sign_up_asked";

/** Whether anybody may ask, and from which domains; null: nobody may. */
export function signUpOf(store: Store): { readonly domains: readonly string[] | null } | null {
  const { signUp } = store.config;
  if (signUp === "open") return { domains: null };
  return typeof signUp === "string" ? null : { domains: signUp };
}

/** @throws Problem `signup.closed`, `signup.domain`, `account.invalid` for what is no address */
export function askForAccount(store: Store, asked: Asked): void {
  refuseOthers(store, asked.email);
  refuseAccountFaults(emailFaults(asked.email));
  putDown(store, SIGN_UP_ASKED_JOB, asked);
}

function refuseOthers(store: Store, email: string): void {
  const open = signUpOf(store);
  if (open === null) {
    throw new Problem(
      "forbidden",
      "signup.closed",
      say`Accounts of this store are made by invitation. Ask its administrator for one.`,
    );
  }
  if (open.domains === null || !email.includes("@") || open.domains.includes(domainOf(email))) return;
  const message = say`Accounts here are for addresses at ${open.domains.join(", ")}. Ask the store's administrator for another one.`;
  throw new Problem("unprocessable", "signup.domain", message, [
    { code: "signup.domain", pointer: "/email", message },
  ]);
}

/** Of the job: a turn was kept for it, and has come. */
export type SignUpAsked = Asked & { readonly hasWaited?: boolean };

/** The job: an invitation to make the account, or the word that there is one. */
export function tellOfSignUp(store: Store, asked: SignUpAsked, jobId: JobId): void {
  const { email, from } = asked;
  write(store.db, (tx) => {
    finishUnkept(tx, jobId);
    const now = store.clock.now();
    const emailKey = emailKeyOf(email);
    // Before it is looked whose address it is: that turns are taken, others can see by what becomes of their own.
    if (!isItsTurn(store, tx, asked, now)) return;
    const account = accountByEmail(tx, emailKey);
    if (account !== undefined) {
      if (account.disabledAt !== null || hasLettersEnough(tx, account.id, "account.exists", now)) return;
      tellAddress(
        tx,
        { address: account.email, accountId: account.id, asked: from.language },
        existingNotice(localStoreName(store)),
        now,
      );
      return;
    }
    const since = new Date(now.getTime() - LETTERS_MS);
    if (countInvitationsOf(tx, emailKey, since) >= MOST_LETTERS_AN_HOUR) return;
    const offered = { organisationId: null, role: null, storeRole: null, apps: null };
    const row = addInvitation(tx, { email, ...offered, createdBy: SYSTEM_LABEL }, now);
    const change: AuditChange = {
      action: "account.signup_asked",
      subject: subjectOf(row.id),
      person: { after: { email } },
    };
    recordChange(tx, auditAuthor({ ...ANONYMOUS, from }), change, now);
    send(store, tx, row, { by: null, organisationName: null, asked: from.language }, now);
  });
}

/** Where too many ask, it is put off until its turn comes, or not kept. Who asks learns nothing of it. */
function isItsTurn(
  store: Store,
  tx: Tx,
  { email, from, hasWaited = false }: SignUpAsked,
  now: Date,
): boolean {
  if (hasWaited) {
    noteTurn(store, tx, now);
    // The store may have started anew, and others may ask now.
    return isOpenTo(store, email);
  }
  const { turn, take } = nextTurn(store, tx, now);
  const job = { kind: SIGN_UP_ASKED_JOB, key: jobKeyOf(emailKeyOf(email)) };
  // Asking again takes no turn of somebody else.
  if (turn.when !== "now" && isQueued(tx, job)) return false;
  take();
  if (turn.when === "now") return true;
  if (turn.when === "never") {
    store.log.warn("signup.not_kept");
    return false;
  }
  const runAt = new Date(turn.at);
  enqueue(tx, { ...job, payload: { email, from, hasWaited: true }, runAt }, now);
  store.log.warn("signup.put_off", { until: runAt.toISOString() });
  return false;
}

function isOpenTo(store: Store, email: string): boolean {
  const open = signUpOf(store);
  return open !== null && (open.domains === null || open.domains.includes(domainOf(email)));
}

/** What the job's payload says. @throws Error when it is none of ours */
export function signUpAskedOf(payload: Readonly<Record<string, unknown>>): SignUpAsked {
  return { ...askedOf(payload), hasWaited: payload.hasWaited === true };
}
