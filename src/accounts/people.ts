/** Accounts of people: made, given roles, disabled. An account never owns an app; organisations do. */

import type { AuditAuthor, AuditChange } from "../audit/entry.ts";
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { type Fault, Problem } from "../errors.ts";
import { type AccountId, newId } from "../ids.ts";
import type { StoreRole } from "../roles.ts";
import { say, sayAll } from "../say.ts";
import { type Actor, auditAuthor } from "./actor.ts";
import { endKeysOfPerson } from "./api-keys/end-by.ts";
import { removeBrowsersOf } from "./browsers/records.ts";
import { endBegunBy } from "./departed.ts";
import { emailFaults, emailKeyOf, plainEmail } from "./emails.ts";
import type { Asker } from "./fair-queue.ts";
import { revokeInvitationsTo } from "./invitations/sent-to.ts";
import { tellOfLeftBy } from "./left-by.ts";
import { endWaysIn } from "./links/links.ts";
import { membershipsOf } from "./memberships.records.ts";
import { nameFault, plainName } from "./name-rule.ts";
import { checkPassword, hashPassword, passwordFault } from "./passwords.ts";
import {
  type AccountRow,
  accountByEmail,
  accountById,
  activeAdministrators,
  allAccounts,
  insertAccount,
  updateAccount,
} from "./records.ts";
import { authorise } from "./rights.ts";
import { removeSessionsOf } from "./sessions.records.ts";
import { storeName } from "./store-name.ts";

/** What may be shown of an account: never the password's hash. */
export type Account = {
  readonly id: AccountId;
  readonly email: string;
  readonly name: string;
  /** Of its pages; null: as the browser asks for. */
  readonly language: string | null;
  /** In which times are told to them (IANA); null: the store's. */
  readonly timeZone: string | null;
  readonly storeRole: StoreRole | null;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
  /** When the person last showed that they read mail at the address. */
  readonly emailProvenAt: Date | null;
  /** When it will be deleted; null: nobody asked for that. */
  readonly deletionAt: Date | null;
  /** Somebody disabled it, so that it works no more when its person takes their deletion back. */
  readonly staysDisabled: boolean;
};

export type NewAccount = {
  readonly email: string;
  readonly name: string;
  /** Without one the account can be used with API keys only, until a password is set. */
  readonly password?: string;
  readonly storeRole?: StoreRole | null;
};

export function accountOf(row: AccountRow): Account {
  const { id, email, name, language, timeZone, storeRole, createdAt, disabledAt, emailProvenAt, deletionAt } =
    row;
  const staysDisabled = disabledAt !== null && !row.disabledForDeletion;
  const times = { createdAt, disabledAt, emailProvenAt, deletionAt };
  return { id, email, name, language, timeZone, storeRole, ...times, staysDisabled };
}

export const NAME_MOST_CHARACTERS = 80;

/**
 * What is wrong with an account's fields, each with the pointer of its field.
 * @param known What a guesser knows beside the person: how the store is called.
 */
export async function accountFaults(
  fields: { email: string; name: string; password?: string | undefined },
  known: readonly string[] = [],
): Promise<Fault[]> {
  const faults = [...emailFaults(fields.email), ...nameFaults(plainName(fields.name))];
  const fault =
    fields.password === undefined
      ? null
      : await passwordFault(fields.password, [fields.email, fields.name, ...known]);
  if (fault) faults.push({ code: "account.password", pointer: "/password", message: fault });
  return faults;
}

/** What is wrong with it: one detail, or none. */
export function nameFaults(name: string): Fault[] {
  const fault = nameFault(name, NAME_MOST_CHARACTERS, say`A name`);
  return fault === null ? [] : [{ code: "account.name", pointer: "/name", ...fault }];
}

/** @throws Problem `account.invalid` with one detail a field. */
export function refuseAccountFaults(faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  throw new Problem("unprocessable", "account.invalid", sayAll(faults.map(({ message }) => message)), faults);
}

/** Adds the account inside a transaction that does more. @throws Problem `account.exists` */
export function addAccount(
  tx: Tx,
  actor: Actor,
  account: {
    email: string;
    name: string;
    passwordHash: string | null;
    storeRole: StoreRole | null;
    /** By a link that went there by mail. */
    isProven?: boolean;
  },
  now: Date,
): Account {
  const emailKey = emailKeyOf(account.email);
  if (accountByEmail(tx, emailKey)) {
    const message = say`There is an account with this address already.`;
    throw new Problem("conflict", "account.exists", message, [
      { code: "account.exists", pointer: "/email", message },
    ]);
  }
  const row = insertAccount(tx, {
    id: newId("acc"),
    email: plainEmail(account.email),
    emailKey,
    name: plainName(account.name),
    passwordHash: account.passwordHash,
    storeRole: account.storeRole,
    createdAt: now,
    disabledAt: null,
    emailProvenAt: account.isProven === true ? now : null,
  });
  const { email, name, storeRole } = row;
  recordChange(
    tx,
    auditAuthor(actor),
    {
      action: "account.created",
      subject: accountSubject(row.id),
      after: { storeRole, hasPassword: row.passwordHash !== null },
      person: { after: { email, name } },
    },
    now,
  );
  return accountOf(row);
}

export function accountSubject(id: AccountId) {
  return { type: "account", id };
}

/** @throws Problem `account.invalid`, `account.exists`, `auth.busy` */
export async function createAccount(store: Store, actor: Actor, fields: NewAccount): Promise<Account> {
  refuseAccountFaults(await accountFaults(fields, [storeName(store)]));
  const passwordHash = fields.password === undefined ? null : await hashPassword(fields.password);
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const { email, name, storeRole = null } = fields;
    // Whoever makes it by hand decides on its role, whatever an invitation said before.
    revokeInvitationsTo(tx, auditAuthor(actor), emailKeyOf(email), "store", now);
    return addAccount(tx, actor, { email, name, passwordHash, storeRole }, now);
  });
}

/** Whose password was given. Comparing takes its time, so whoever acts on it asks once more, in the transaction that acts. */
export type ShownPassword = {
  readonly account: Account;
  /** Whether it is the account's password still, and the account is in use. */
  readonly holds: (tx: Tx) => boolean;
};

/**
 * The account when address and password belong together; else null, after the same work, whether the address is
 * unknown, has no password, is disabled, or the password is wrong, or was changed while it was compared.
 * @param asker Whose turn it takes
 * @throws Problem `auth.busy`
 */
export async function verifyPassword(
  store: Store,
  email: string,
  password: string,
  asker?: Asker,
): Promise<ShownPassword | null> {
  const row = accountByEmail(store.db.orm, emailKeyOf(email));
  const matches = await checkPassword(password, row?.passwordHash ?? null, asker);
  // Nothing more is done for a wrong one, or its time would tell of the address.
  if (!matches || row === undefined) return null;
  const holds = (tx: Tx): boolean => {
    const present = accountById(tx, row.id);
    return present?.disabledAt === null && present.passwordHash === row.passwordHash;
  };
  return holds(store.db.orm) ? { account: accountOf({ ...row, disabledAt: null }), holds } : null;
}

/**
 * Ends every session of the account but the one given, and every link to another password or address.
 * @throws Problem `account.invalid`, `account.not_found`, `auth.busy`
 */
export async function setPassword(
  store: Store,
  actor: Actor,
  accountId: AccountId,
  password: string,
  keepSessionId?: string,
): Promise<Account> {
  const known = accountById(store.db.orm, accountId);
  if (!known) throw accountNotFound();
  const fault = await passwordFault(password, [known.email, known.name, storeName(store)]);
  if (fault) refuseAccountFaults([{ code: "account.password", pointer: "/password", message: fault }]);
  return storePassword(store, actor, accountId, password, { keepSessionId });
}

/**
 * The same of a password that was judged.
 * @param given.still Throws where what let the actor do it is not so any more: hashing takes its time.
 * @throws Problem `account.not_found`, `auth.busy`
 */
export async function storePassword(
  store: Store,
  actor: Actor,
  accountId: AccountId,
  password: string,
  given: { readonly keepSessionId?: string | undefined; readonly still?: (tx: Tx) => void },
): Promise<Account> {
  const { keepSessionId, still } = given;
  const passwordHash = await hashPassword(password);
  return write(store.db, (tx) => {
    still?.(tx);
    const row = updateAccount(tx, accountId, { passwordHash });
    if (!row) throw accountNotFound();
    removeSessionsOf(tx, accountId, keepSessionId);
    removeBrowsersOf(tx, accountId);
    // Whoever knew the old one may have asked for another address, to which the account would go by a link.
    endWaysIn(tx, accountId);
    note(store, tx, actor, { action: "account.password", subject: accountSubject(accountId) });
    return accountOf(row);
  });
}

export function listAccounts(store: Store): Account[] {
  return allAccounts(store.db.orm).map(accountOf);
}

/** By id, or by address in any case. @throws Problem `account.not_found` */
export function readAccount(store: Store, idOrEmail: string): Account {
  const row = idOrEmail.includes("@")
    ? accountByEmail(store.db.orm, emailKeyOf(idOrEmail))
    : accountById(store.db.orm, idOrEmail as AccountId);
  if (!row) throw accountNotFound();
  return accountOf(row);
}

/** Rights changed, so every session of the account ends. @throws Problem `account.not_found`, `account.last_administrator` */
export function setStoreRole(
  store: Store,
  actor: Actor,
  accountId: AccountId,
  role: StoreRole | null,
): Account {
  authorise(actor, "user.manage");
  return write(store.db, (tx) => {
    const row = accountById(tx, accountId);
    if (!row) throw accountNotFound();
    return accountOf(changeStoreRole(tx, auditAuthor(actor), row, role, store.clock.now()));
  });
}

/**
 * The same inside a transaction that does more.
 * @param provider On whose groups the role rests; null: it is given by hand.
 * @throws Problem `account.last_administrator`
 */
export function changeStoreRole(
  tx: Tx,
  author: AuditAuthor,
  row: AccountRow,
  role: StoreRole | null,
  now: Date,
  provider: string | null = null,
): AccountRow {
  const before = row.storeRoleProvider;
  if (row.storeRole === role && before === provider) return row;
  if (role !== "administrator") keepAnAdministrator(tx, row);
  removeSessionsOf(tx, row.id);
  recordChange(
    tx,
    author,
    {
      action: "account.store_role",
      subject: accountSubject(row.id),
      before: { storeRole: row.storeRole, ...(before === null ? {} : { provider: before }) },
      after: { storeRole: role, ...(provider === null ? {} : { provider }) },
    },
    now,
  );
  const change = {
    storeRole: role,
    storeRoleProvider: role === null ? null : provider,
    storeRoleConfirmedAt: role === null || provider === null ? null : now,
  };
  const changed = updateAccount(tx, row.id, change) ?? row;
  endBegunBy(tx, author, row.id, now);
  tellOfLeftBy(tx, row.id, { storeRole: row.storeRole }, now);
  revokeInvitationsTo(tx, author, row.emailKey, "store", now);
  return changed;
}

/**
 * Ends sessions, links, invitations to it, its API keys, and what they began and nobody has answered, at once and for good.
 * One that is disabled because its person asked for its deletion stays disabled when they take that back.
 * @throws Problem `account.not_found`, `account.last_administrator`
 */
export function disableAccount(store: Store, actor: Actor, accountId: AccountId): Account {
  authorise(actor, "user.manage");
  return write(store.db, (tx) => {
    const row = accountById(tx, accountId);
    if (!row) throw accountNotFound();
    if (accountOf(row).staysDisabled) return accountOf(row);
    keepAnAdministrator(tx, row);
    removeSessionsOf(tx, accountId);
    removeBrowsersOf(tx, accountId);
    // Or they would work again once it is enabled.
    endWaysIn(tx, accountId);
    note(store, tx, actor, { action: "account.disabled", subject: accountSubject(accountId) });
    const now = store.clock.now();
    const change = { disabledAt: row.disabledAt ?? now, disabledForDeletion: false };
    const disabled = updateAccount(tx, accountId, change) ?? row;
    endKeysOfPerson(tx, auditAuthor(actor), accountId, now);
    endBegunBy(tx, auditAuthor(actor), accountId, now);
    revokeInvitationsTo(tx, auditAuthor(actor), row.emailKey, "all", now);
    const organisations = membershipsOf(tx, accountId).map(({ id, role }) => ({ organisationId: id, role }));
    const { storeRole } = row;
    if (row.disabledAt === null) tellOfLeftBy(tx, accountId, { organisations, storeRole }, now);
    return accountOf(disabled);
  });
}

/**
 * One that was to be deleted stays. No key comes back with it, also none of an account that was disabled before keys ended
 * with that; but those stay of who asked for the deletion by themselves.
 * @throws Problem `account.not_found`
 */
export function enableAccount(store: Store, actor: Actor, accountId: AccountId): Account {
  authorise(actor, "user.manage");
  return write(store.db, (tx) => {
    const row = accountById(tx, accountId);
    if (!row) throw accountNotFound();
    if (row.disabledAt === null) return accountOf(row);
    const subject = accountSubject(accountId);
    if (row.deletionAt !== null) note(store, tx, actor, { action: "account.deletion_taken_back", subject });
    note(store, tx, actor, { action: "account.enabled", subject });
    if (!row.disabledForDeletion) endKeysOfPerson(tx, auditAuthor(actor), accountId, store.clock.now());
    const change = { disabledAt: null, disabledForDeletion: false, deletionAt: null, deletionAskedBy: null };
    return accountOf(updateAccount(tx, accountId, change) ?? row);
  });
}

function note(store: Store, tx: Tx, actor: Actor, change: AuditChange): void {
  recordChange(tx, auditAuthor(actor), change, store.clock.now());
}

function keepAnAdministrator(tx: Tx, row: AccountRow): void {
  if (row.storeRole !== "administrator" || row.disabledAt !== null) return;
  if (activeAdministrators(tx, row.id) > 0) return;
  throw new Problem(
    "conflict",
    "account.last_administrator",
    say`This is the store's only administrator. Make another one first.`,
  );
}

export function accountNotFound(): Problem {
  return new Problem("not_found", "account.not_found", say`There is no such account.`);
}
