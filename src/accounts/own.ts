/** What people do about their own account: change its name, language and password, see and end their sessions. */
import type { AuditChange } from "../audit/entry.ts";
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import type { Fault } from "../errors.ts";
import type { AccountId } from "../ids.ts";
import { knownLanguages } from "../languages.ts";
import { say, sayList } from "../say.ts";
import { zoneOf } from "../zones.ts";
import { type AccountActor, auditAuthor } from "./actor.ts";
import { endWaysIn } from "./links/links.ts";
import { plainName } from "./name-rule.ts";
import { passwordFault } from "./passwords.ts";
import {
  type Account,
  accountNotFound,
  accountOf,
  accountSubject,
  nameFaults,
  refuseAccountFaults,
  storePassword,
} from "./people.ts";
import { accountById, updateAccount } from "./records.ts";
import { authorise } from "./rights.ts";
import { sessionsOf } from "./sessions.records.ts";
import { endSessionIn, listSessions, refuseEndedSession, type Session } from "./sessions.ts";
import { signIn } from "./sign-in.ts";
import { storeName } from "./store-name.ts";

const sessionOf = (actor: AccountActor): string | undefined =>
  actor.via.type === "session" ? actor.via.sessionId : undefined;

/** Where tries of the password and of codes are counted that come from within a session: nobody else makes it wait. */
export function sessionLane(actor: AccountActor): string | null {
  const sessionId = sessionOf(actor);
  return sessionId === undefined ? null : `session ${sessionId}`;
}

/** Whether one signs in with a password at all. */
export function hasPassword(store: Store, accountId: AccountId): boolean {
  return (accountById(store.db.orm, accountId)?.passwordHash ?? null) !== null;
}

/** What came of the present password that somebody gave with a change. */
export type PresentPassword = {
  /** One detail where it is another. */
  readonly faults: readonly Fault[];
  /**
   * For the transaction of the change, which comes after the comparing: another change may have been faster, and ended this session.
   * @throws Problem `auth.required`, `account.invalid`
   */
  readonly still: (tx: Tx) => void;
};

/**
 * The present password is tried at the pace of signing in, and counted for this session: who found it open has no more guesses
 * than who comes from a browser that the account knows.
 * @throws Problem `auth.required`, `auth.too_many_attempts`, `auth.busy`
 */
export async function givePresentPassword(
  store: Store,
  actor: AccountActor,
  { current, address }: { readonly current: string; readonly address: string },
): Promise<PresentPassword> {
  const { accountId, email } = actor;
  const of = (faults: readonly Fault[], holds: (tx: Tx) => boolean): PresentPassword => ({
    faults,
    still: (tx) => {
      refuseEndedSession(tx, actor);
      if (!holds(tx)) refuseAccountFaults([notPresent()]);
    },
  });
  // Who has none, and signs in by something else, has shown who they are before they came here: see `http/portal/admit.ts`.
  if (!hasPassword(store, accountId))
    return of([], (tx) => accountById(tx, accountId)?.passwordHash === null);
  const shown = await signIn(store, { email, password: current, address, known: sessionLane(actor) });
  // Whose session another change has ended is told that, and not that the password is wrong.
  refuseEndedSession(store.db.orm, actor);
  return shown?.account.id === accountId ? of([], shown.holds) : of([notPresent()], () => false);
}

function notPresent(): Fault {
  const message = say`This is not your present password.`;
  return { code: "account.current_password", pointer: "/current", message };
}

/**
 * Every other session of the account ends, and every link to another password or address.
 * @throws Problem `account.invalid` with one detail a field, `auth.required`, `auth.too_many_attempts`, `auth.busy`
 */
export async function changePassword(
  store: Store,
  actor: AccountActor,
  change: { readonly current: string; readonly password: string; readonly address: string },
): Promise<void> {
  authorise(actor, "self.secure");
  const { password } = change;
  const { faults: known, still } = await givePresentPassword(store, actor, change);
  const faults = [...known];
  const fault = await passwordFault(password, [actor.email, actor.name, storeName(store)]);
  if (fault) faults.push({ code: "account.password", pointer: "/password", message: fault });
  refuseAccountFaults(faults);
  await storePassword(store, actor, actor.accountId, password, { keepSessionId: sessionOf(actor), still });
}

/** How one is called. The same name is no change. @throws Problem `account.invalid` */
export function changeOwnName(store: Store, actor: AccountActor, asked: string): Account {
  authorise(actor, "self.change");
  return write(store.db, (tx) => {
    const row = accountById(tx, actor.accountId);
    if (row === undefined) throw accountNotFound();
    // What they are called is not judged by what names may be now.
    if (row.name === asked) return accountOf(row);
    const name = plainName(asked);
    refuseAccountFaults(nameFaults(name));
    if (row.name === name) return accountOf(row);
    const { email } = row;
    // With the address, by which what was written with either name is found when the account is deleted.
    const person = { before: { name: row.name, email }, after: { name, email } };
    const change: AuditChange = {
      action: "account.changed",
      subject: accountSubject(row.id),
      person,
    };
    recordChange(tx, auditAuthor(actor), change, store.clock.now());
    return accountOf(updateAccount(tx, row.id, { name }) ?? row);
  });
}

/** What is wrong with a language that somebody chooses for their pages; empty: nothing. */
export function languageFaults(language: string | null): readonly Fault[] {
  if (language === null || knownLanguages().includes(language)) return [];
  const message = say`The store has no pages in that language. It has them in: ${sayList(knownLanguages())}.`;
  return [{ code: "account.language", pointer: "/language", message }];
}

/**
 * The language of one's pages; null: as the browser asks for. The same again is no change.
 * @throws Problem `account.invalid` for one that the store does not have
 */
export function changeOwnLanguage(store: Store, actor: AccountActor, language: string | null): Account {
  authorise(actor, "self.change");
  refuseAccountFaults(languageFaults(language));
  return write(store.db, (tx) => {
    const row = accountById(tx, actor.accountId);
    if (row === undefined) throw accountNotFound();
    if (row.language === language) return accountOf(row);
    const change: AuditChange = {
      action: "account.language_chosen",
      subject: accountSubject(row.id),
      before: { language: row.language },
      after: { language },
    };
    recordChange(tx, auditAuthor(actor), change, store.clock.now());
    return accountOf(updateAccount(tx, row.id, { language }) ?? row);
  });
}

/** What is wrong with a time zone that somebody chooses; empty: nothing. */
function zoneFaults(timeZone: string | null): readonly Fault[] {
  if (timeZone === null || zoneOf(timeZone) !== null) return [];
  const message = say`There is no such time zone: expected a name of the IANA database, such as Europe/Berlin or UTC.`;
  return [{ code: "account.time_zone", pointer: "/timeZone", message }];
}

/**
 * The zone in which times are told to one; null: the store's. The same again is no change.
 * @param asked Its name in the IANA database, which is kept in its own spelling
 * @throws Problem `account.invalid` for one that is none
 */
export function changeOwnTimeZone(store: Store, actor: AccountActor, asked: string | null): Account {
  authorise(actor, "self.change");
  refuseAccountFaults(zoneFaults(asked));
  const timeZone = asked === null ? null : zoneOf(asked);
  return write(store.db, (tx) => {
    const row = accountById(tx, actor.accountId);
    if (row === undefined) throw accountNotFound();
    if (row.timeZone === timeZone) return accountOf(row);
    const change: AuditChange = {
      action: "account.time_zone_chosen",
      subject: accountSubject(row.id),
      // Where somebody is goes with them.
      person: { before: { timeZone: row.timeZone }, after: { timeZone } },
    };
    recordChange(tx, auditAuthor(actor), change, store.clock.now());
    return accountOf(updateAccount(tx, row.id, { timeZone }) ?? row);
  });
}

/** Those that are not over, newest first; `current` is the one that asks. */
export function ownSessions(store: Store, actor: AccountActor): (Session & { readonly current: boolean })[] {
  authorise(actor, "session.read");
  const current = sessionOf(actor);
  return listSessions(store, actor.accountId).map((session) => ({
    ...session,
    current: session.id === current,
  }));
}

/** All but the one that asks, with the links that they may have asked for; a key of the person ends them all. */
export function endOtherSessions(store: Store, actor: AccountActor): void {
  authorise(actor, "self.change");
  const current = sessionOf(actor);
  const now = store.clock.now();
  write(store.db, (tx) => {
    for (const { id } of sessionsOf(tx, actor.accountId))
      if (id !== current) endSessionIn(tx, actor, id, now);
    if (endWaysIn(tx, actor.accountId) === 0) return;
    const change: AuditChange = {
      action: "account.links_ended",
      subject: accountSubject(actor.accountId),
    };
    recordChange(tx, auditAuthor(actor), change, now);
  });
}

/** With the links that it may have asked for. Nothing happens when it is over already, or is somebody else's. */
export function endOwnSession(store: Store, actor: AccountActor, sessionId: string): void {
  authorise(actor, "self.change");
  const own = listSessions(store, actor.accountId).some(({ id }) => id === sessionId);
  if (!own) return;
  write(store.db, (tx) => {
    endSessionIn(tx, actor, sessionId, store.clock.now());
    if (sessionId !== sessionOf(actor)) endWaysIn(tx, actor.accountId);
  });
}
