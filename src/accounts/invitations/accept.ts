/** Taking up an invitation: with the account that has the address, or by making it. */

import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import { Problem } from "../../errors.ts";
import type { AccountId, AppId, OrganisationId } from "../../ids.ts";
import type { OrganisationRole, StoreRole } from "../../roles.ts";
import { say } from "../../say.ts";
import { type Actor, accountLabel, auditAuthor } from "../actor.ts";
import { emailKeyOf } from "../emails.ts";
import { endLinks, type FoundLink, findLink, linkInvalid, spendLink } from "../links/links.ts";
import { findMembership, wasMember } from "../memberships.records.ts";
import { stillOwn } from "../narrowed-roles.ts";
import { actorInForce } from "../on-record.ts";
import { organisationById } from "../organisations.records.ts";
import { putMember } from "../organisations.ts";
import { hashPassword } from "../passwords.ts";
import { accountFaults, addAccount, changeStoreRole, refuseAccountFaults } from "../people.ts";
import { type AccountRow, accountByEmail, updateAccount } from "../records.ts";
import { refuseEndedSession } from "../sessions.ts";
import { storeName } from "../store-name.ts";
import { subjectOf } from "./invite.ts";
import { mayStand } from "./may-stand.ts";
import * as records from "./records.ts";
import { revokeInvitationsTo } from "./sent-to.ts";

export type Offer = {
  readonly email: string;
  readonly organisation: { readonly id: OrganisationId; readonly name: string } | null;
  readonly role: OrganisationRole | null;
  readonly storeRole: StoreRole | null;
  /** The apps that the role is narrowed to; null: the whole organisation. */
  readonly apps: readonly AppId[] | null;
  readonly expiresAt: Date;
  /** Label of who invited. */
  readonly createdBy: string;
  /** What there is to do: make an account, sign in with the one that has the address, or just agree. */
  readonly step: "make" | "sign_in" | "agree";
};

type Found = {
  /** null: the address was proven in another way than by the link. */
  readonly link: FoundLink | null;
  readonly row: records.InvitationRow;
};
type FoundByLink = Found & { readonly link: FoundLink };

/** What the link offers, before anything happens. @throws Problem `link.invalid` */
export function readOffer(store: Store, actor: Actor, token: string): Offer {
  const tx = store.db.orm;
  const { row } = find(store, tx, token);
  const account = accountByEmail(tx, row.emailKey);
  const organisation = row.organisationId === null ? null : organisationById(tx, row.organisationId);
  const { email, role, storeRole, apps, expiresAt, createdBy } = row;
  return {
    email,
    organisation: organisation ?? null,
    role,
    storeRole,
    apps,
    expiresAt,
    createdBy,
    step: account === undefined ? "make" : isOf(actor, account) ? "agree" : "sign_in",
  };
}

function isOf(actor: Actor, account: AccountRow): boolean {
  return actor.kind === "account" && actor.accountId === account.id && actor.via.type === "session";
}

/** @throws Problem `link.invalid` also when who invited may not do so any more, or the role was taken away since. */
function find(store: Store, tx: Tx, token: string): FoundByLink {
  const now = store.clock.now();
  const link = findLink(tx, "invitation", token, now);
  const row = link.invitationId === null ? undefined : records.invitationById(tx, link.invitationId);
  const isOpen =
    row !== undefined && row.acceptedAt === null && row.revokedAt === null && row.expiresAt > now;
  if (!isOpen || !stillMay(store, tx, row)) throw linkInvalid();
  return { link, row };
}

function stillMay(store: Store, tx: Tx, row: records.InvitationRow): boolean {
  return mayStand(row, (begun) => actorInForce(store, tx, begun)) && !isOvertaken(tx, row);
}

/** Their role was changed or taken away since, perhaps while their account had another address. */
function isOvertaken(tx: Tx, { organisationId, emailKey, createdAt }: records.InvitationRow): boolean {
  const account = organisationId === null ? undefined : accountByEmail(tx, emailKey);
  if (organisationId === null || account === undefined) return false;
  // Who left in the same moment was invited back.
  return wasMember(tx, organisationId, account.id, new Date(createdAt.getTime() + 1));
}

export type Accepted = { readonly accountId: AccountId; readonly organisationId: OrganisationId | null };

/**
 * Makes the account and what was offered with it, in one transaction.
 * @throws Problem `link.invalid`, `invitation.account_exists`, `account.invalid`, `auth.busy`
 */
export async function acceptWithNewAccount(
  store: Store,
  actor: Actor,
  fields: { readonly token: string; readonly name: string; readonly password: string },
): Promise<Accepted> {
  const { token, name, password } = fields;
  const { email } = find(store, store.db.orm, token).row;
  refuseAccountFaults(await accountFaults({ email, name, password }, [storeName(store)]));
  const passwordHash = await hashPassword(password);
  return write(store.db, (tx) => {
    const now = store.clock.now();
    // Again, since another browser may have used it while the password was hashed.
    const found = find(store, tx, token);
    if (accountByEmail(tx, found.row.emailKey) !== undefined) throw accountExists();
    const account = addAccount(
      tx,
      actor,
      { email, name, passwordHash, storeRole: found.row.storeRole, isProven: found.link.mailed },
      now,
    );
    return take(tx, actor, found, account.id, now);
  });
}

/**
 * With the account that has the address, whose session asks.
 * @throws Problem `link.invalid`, `invitation.other_account`, `auth.required`
 */
export function accept(store: Store, actor: Actor, token: string): Accepted {
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const found = find(store, tx, token);
    const account = accountByEmail(tx, found.row.emailKey);
    if (account === undefined || actor.kind !== "account" || !isOf(actor, account))
      throw otherAccount(found.row.email);
    refuseEndedSession(tx, actor);
    if (found.link.mailed && account.emailKey === emailKeyOf(found.link.email))
      updateAccount(tx, account.id, { emailProvenAt: now });
    // Taken first: a change of the role ends what else is open for the address.
    const accepted = take(tx, actor, found, account.id, now);
    if (found.row.storeRole !== null)
      changeStoreRole(tx, auditAuthor(actor), account, found.row.storeRole, now);
    return accepted;
  });
}

/**
 * Every invitation that is open for an address, for whoever has proven that they read mail there in another way than by its
 * link. Gives the account, which `make` makes when there is one to take up; null: there is none, and nothing happened.
 */
export function takeUpOpen(
  store: Store,
  tx: Tx,
  actor: Actor,
  emailKey: string,
  make: () => AccountRow,
  now: Date,
): AccountId | null {
  const open = records.openInvitationsFor(tx, emailKey, now).filter((row) => stillMay(store, tx, row));
  if (open.length === 0) return null;
  let account = make();
  for (const row of open) {
    // What a provider's groups gave in `make` counts, and so does what the one before gave.
    if (records.invitationById(tx, row.id)?.revokedAt !== null) continue;
    take(tx, actor, { link: null, row }, account.id, now);
    if (row.storeRole !== null && account.storeRole === null)
      account = changeStoreRole(tx, auditAuthor(actor), account, row.storeRole, now);
  }
  return account.id;
}

function take(tx: Tx, actor: Actor, { link, row }: Found, accountId: AccountId, now: Date): Accepted {
  const { id, organisationId, role } = row;
  // Who made their account a moment ago acts as that, though no session says so yet.
  const author = { ...auditAuthor(actor), actor: accountLabel(accountId) };
  if (link === null) endLinks(tx, { invitationId: id });
  else spendLink(tx, "invitation", link, now);
  records.markInvitation(tx, id, { acceptedAt: now, accountId });
  if (row.storeRole !== null) revokeInvitationsTo(tx, author, row.emailKey, "store", now);
  recordChange(
    tx,
    author,
    { action: "invitation.accepted", subject: subjectOf(id), organisationId, after: { accountId } },
    now,
  );
  // Who is a member by now has the role that somebody gave them since.
  if (organisationId !== null && role !== null && findMembership(tx, organisationId, accountId) === undefined)
    putMember(
      tx,
      author,
      { organisationId, accountId, role, apps: stillOwn(tx, organisationId, row.apps) },
      now,
    );
  return { accountId, organisationId };
}

function accountExists(): Problem {
  return new Problem(
    "conflict",
    "invitation.account_exists",
    say`There is an account with this address by now. Sign in with it, and open the link again.`,
  );
}

function otherAccount(email: string): Problem {
  return new Problem(
    "forbidden",
    "invitation.other_account",
    say`This invitation is for ${email}. Sign in with the account of that address, and open the link again.`,
  );
}
