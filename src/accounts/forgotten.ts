/**
 * A new password for who has forgotten theirs: asked for with an address, which is answered with the same words and the
 * same work whether or not an account has it; what follows is a job's.
 */
import { createHash, randomInt } from "node:crypto";
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { asideRow } from "../db/watch.ts";
import type { AccountId, JobId } from "../ids.ts";
import { enqueue, finishUnkept } from "../jobs/queue.ts";
import { say } from "../say.ts";
import { type Actor, ANONYMOUS, accountLabel, auditAuthor, type Origin, readsOf } from "./actor.ts";
import { removeBrowsersOf } from "./browsers/records.ts";
import { emailKeyOf, knownEmailFaults, plainEmail } from "./emails.ts";
import { endLinks, findAccountLink, spendLink } from "./links/links.ts";
import { hasLettersEnough, LINK_PLACE, tellAddress } from "./messages/outbox.ts";
import { hashPassword, passwordFault } from "./passwords.ts";
import { accountSubject, refuseAccountFaults } from "./people.ts";
import { type AccountRow, accountByEmail, updateAccount } from "./records.ts";
import { removeSessionsOf } from "./sessions.records.ts";
import { localStoreName, storeName } from "./store-name.ts";

export const PASSWORD_ASKED_JOB = "account.password_asked";

/** Of a job that acts on what somebody asked for without a session. */
export type Asked = { readonly email: string; readonly from: Origin };

/** Puts down that it was asked; who asks learns nothing. @throws Problem `account.invalid` for what is no address. */
export function askForPassword(store: Store, fields: Asked): void {
  // Not as of a new one: an administrator can hand the link over where no mail server takes the account's address.
  refuseAccountFaults(knownEmailFaults(fields.email));
  putDown(store, PASSWORD_ASKED_JOB, fields);
}

/** Not at once, or what follows for an address that has an account would slow down whatever the asker asks next. */
export const MOST_WAIT_MS = 2000;

/** The same work for every address: one row, and what it means is found out later. */
export function putDown(store: Store, kind: string, { email, from }: Asked): void {
  const payload = { email: plainEmail(email), from };
  write(store.db, (tx) => {
    const now = store.clock.now();
    const runAt = new Date(now.getTime() + randomInt(MOST_WAIT_MS / 8, MOST_WAIT_MS));
    enqueue(tx, { kind, key: jobKeyOf(emailKeyOf(email)), payload, runAt }, now);
    asideRow();
  });
  store.wakeJobs();
}

/** Not the address itself: the keys of jobs are in the program's log. */
export function jobKeyOf(emailKey: string): string {
  return createHash("sha256").update(emailKey).digest("hex");
}

/** The job: writes the message with the link, if there is an account that can sign in. */
export function tellOfPassword(store: Store, { email, from }: Asked, jobId: JobId): void {
  write(store.db, (tx) => {
    finishUnkept(tx, jobId);
    const now = store.clock.now();
    const account = accountByEmail(tx, emailKeyOf(email));
    if (account === undefined || account.disabledAt !== null) return;
    if (hasLettersEnough(tx, account.id, "account.password", now)) return;
    writePasswordLetter(store, tx, account, { ...ANONYMOUS, from }, now);
  });
}

/** The message with the link, and the word of it in the audit log. */
export function writePasswordLetter(
  store: Store,
  tx: Tx,
  account: AccountRow,
  actor: Actor,
  now: Date,
): void {
  const { email } = account;
  const name = localStoreName(store);
  tellAddress(
    tx,
    { address: email, accountId: account.id, link: "password", asked: readsOf(actor) },
    {
      kind: "account.password",
      subject: say`A new password for ${name}`,
      body: [
        actor.kind === "anonymous"
          ? say`Somebody, probably you, asked for a new password for the account ${email} at ${name}.`
          : say`An administrator asked for a new password for the account ${email} at ${name}.`,
        say`Choose it here, within the next hours:`,
        LINK_PLACE,
        say`If it was not you, do nothing: your password stays as it is.`,
      ],
      path: "/sign-in",
    },
    now,
  );
  const change = { action: "account.password_asked", subject: accountSubject(account.id) } as const;
  recordChange(tx, auditAuthor(actor), change, now);
}

/** Whose password the link sets. @throws Problem `link.invalid` */
export function readPasswordLink(store: Store, token: string): { readonly email: string } {
  const { account } = findAccountLink(store.db.orm, "password", token, store.clock.now());
  return { email: account.email };
}

/**
 * Sets it, ends every session and every other link of the account, and tells the person. It signs nobody in.
 * @throws Problem `link.invalid`, `account.invalid`, `auth.busy`
 */
export async function resetPassword(
  store: Store,
  actor: Actor,
  { token, password }: { readonly token: string; readonly password: string },
): Promise<AccountId> {
  const { email, name } = findAccountLink(store.db.orm, "password", token, store.clock.now()).account;
  const fault = await passwordFault(password, [email, name, storeName(store)]);
  if (fault) refuseAccountFaults([{ code: "account.password", pointer: "/password", message: fault }]);
  const passwordHash = await hashPassword(password);
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const { link, account } = findAccountLink(tx, "password", token, now);
    spendLink(tx, "password", link, now);
    // Also those that would give the account another address.
    endLinks(tx, { accountId: account.id });
    const isProven = link.mailed && emailKeyOf(link.email) === account.emailKey;
    updateAccount(tx, account.id, { passwordHash, ...(isProven ? { emailProvenAt: now } : {}) });
    removeSessionsOf(tx, account.id);
    removeBrowsersOf(tx, account.id);
    const author = { ...auditAuthor(actor), actor: accountLabel(account.id) };
    const change = { action: "account.password", subject: accountSubject(account.id) } as const;
    recordChange(tx, author, { ...change, after: { by: "link" } }, now);
    tellAddress(
      tx,
      { address: account.email, accountId: account.id, asked: readsOf(actor) },
      {
        kind: "account.password_changed",
        subject: say`Your password for ${localStoreName(store)} was changed`,
        body: [
          say`The password of the account ${account.email} was changed by a link, and every session of it has ended. If that was not you, ask the store's administrator for help.`,
        ],
        path: "/account",
      },
      now,
    );
    return account.id;
  });
}

/** What a job's payload says. @throws Error when it is not what `putDown` wrote. */
export function askedOf(payload: Readonly<Record<string, unknown>>): Asked {
  const { email, from } = payload as Partial<Asked>;
  if (typeof email !== "string" || typeof from !== "object" || from === null)
    throw new Error("the job names no address");
  return { email, from };
}
