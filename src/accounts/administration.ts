/** What administrators and support see of people, and what administrators do about their accounts. */
import type { Store } from "../context.ts";
import { beginningWith, wordsSearched } from "../db/beginnings.ts";
import { write } from "../db/database.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../db/pages.ts";
import { Problem } from "../errors.ts";
import type { AccountId } from "../ids.ts";
import { say } from "../say.ts";
import type { Actor } from "./actor.ts";
import { countFactors } from "./factors/records.ts";
import { writePasswordLetter } from "./forgotten.ts";
import { type Identity, identitiesAt } from "./identities/list.ts";
import { membershipsOf } from "./memberships.records.ts";
import { type Account, accountNotFound, accountOf } from "./people.ts";
import { accountById, searchAccounts, selectAccounts } from "./records.ts";
import { authorise } from "./rights.ts";
import { sessionsOf } from "./sessions.records.ts";
import { endSessionIn, listSessions, type Session } from "./sessions.ts";

export type Person = Account & {
  readonly organisations: ReturnType<typeof membershipsOf>;
  /** Accounts at outside providers that sign in to it. */
  readonly identities: readonly Identity[];
  /** How many there are: nobody but the person sees which. */
  readonly secondFactors: number;
};

/**
 * By the time they were made, newest first.
 * @param search Each word of it has to begin a word of the name or the address; without a letter or digit all are there.
 * @throws Problem `rights.forbidden`
 */
export function listPeople(
  store: Store,
  actor: Actor,
  { search, ...page }: PageRequest & { readonly search: string },
): Page<Person> {
  authorise(actor, "user.read");
  const tx = store.db.orm;
  const words = wordsSearched(search);
  const wanted = oneMore<AccountId>(page);
  const rows =
    words.length === 0 ? selectAccounts(tx, wanted) : searchAccounts(tx, beginningWith(words), wanted);
  return pageOf(
    rows,
    page.limit,
    (row) => row.id,
    (row) => ({
      ...accountOf(row),
      organisations: membershipsOf(tx, row.id),
      identities: identitiesAt(store, row.id),
      secondFactors: countFactors(tx, row.id),
    }),
  );
}

/** @throws Problem `rights.forbidden`, `account.not_found` */
export function readPerson(
  store: Store,
  actor: Actor,
  id: AccountId,
): Person & { readonly sessions: number } {
  authorise(actor, "user.read");
  const tx = store.db.orm;
  const row = accountById(tx, id);
  if (!row) throw accountNotFound();
  return {
    ...accountOf(row),
    organisations: membershipsOf(tx, id),
    identities: identitiesAt(store, id),
    secondFactors: countFactors(tx, id),
    sessions: listSessions(store, id).length,
  };
}

/** @throws Problem `rights.forbidden`, `account.not_found` */
export function endSessionsOf(store: Store, actor: Actor, id: AccountId): void {
  authorise(actor, "user.manage");
  write(store.db, (tx) => {
    if (!accountById(tx, id)) throw accountNotFound();
    const now = store.clock.now();
    for (const session of sessionsOf(tx, id)) endSessionIn(tx, actor, session.id, now);
  });
}

/** Where a person is signed in: those that are not over, newest first. @throws Problem `rights.forbidden`, `account.not_found` */
export function listSessionsOf(store: Store, actor: Actor, id: AccountId): Session[] {
  authorise(actor, "user.read");
  if (!accountById(store.db.orm, id)) throw accountNotFound();
  return listSessions(store, id);
}

/** Whether it was there: over already, or another person's, is no error. @throws Problem `rights.forbidden`, `account.not_found` */
export function endSessionOf(store: Store, actor: Actor, id: AccountId, sessionId: string): boolean {
  authorise(actor, "user.manage");
  return write(store.db, (tx) => {
    if (!accountById(tx, id)) throw accountNotFound();
    const found = sessionsOf(tx, id).some((session) => session.id === sessionId);
    if (found) endSessionIn(tx, actor, sessionId, store.clock.now());
    return found;
  });
}

/**
 * Writes the message with the link to a new password, as if the person had asked for it: sent by mail, or handed over.
 * @throws Problem `rights.forbidden`, `account.not_found`, `account.disabled`
 */
export function sendPasswordLink(store: Store, actor: Actor, id: AccountId): void {
  authorise(actor, "user.manage");
  write(store.db, (tx) => {
    const row = accountById(tx, id);
    if (!row) throw accountNotFound();
    if (row.disabledAt !== null) {
      throw new Problem("conflict", "account.disabled", say`The account is disabled. Enable it first.`);
    }
    writePasswordLetter(store, tx, row, actor, store.clock.now());
  });
}
