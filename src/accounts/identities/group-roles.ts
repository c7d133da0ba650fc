/**
 * Roles that rest on groups at a provider: given, changed and taken away as the provider tells the groups, in the
 * transaction in which that is written down. What somebody gave by hand is left as it is.
 */

import type { AuditAuthor } from "../../audit/entry.ts";
import { recordChange } from "../../audit/record.ts";
import type { Provider } from "../../config.providers.ts";
import type { Tx } from "../../db/database.ts";
import type { AccountId, OrganisationId } from "../../ids.ts";
import type { OrganisationRole } from "../../roles.ts";
import { endBegunBy } from "../departed.ts";
import { markForRenewal } from "../factors/records.ts";
import { revokeInvitationsTo } from "../invitations/sent-to.ts";
import { tellOfLeftBy } from "../left-by.ts";
import { takeOut } from "../members.ts";
import { activeOwners, confirmMembership, type Membership, membershipsOf } from "../memberships.records.ts";
import { organisationById } from "../organisations.records.ts";
import { endInvitationsInto, ofGroup, ownersSince, putMember } from "../organisations.ts";
import { accountSubject, changeStoreRole } from "../people.ts";
import { type AccountRow, accountById, activeAdministrators, updateAccount } from "../records.ts";
import { removeSessionsOf } from "../sessions.records.ts";
import { NO_ROLES, type PlannedRoles, planRoles } from "./plan-roles.ts";
import { type IdentityRow, updateIdentity } from "./records.ts";

/**
 * @param groups null: the provider could not say; then nothing changes, and nothing is confirmed.
 * @param askedAt When the provider was asked for them. The caller has seen to it that nothing newer was heard.
 */
export function applyGroups(
  tx: Tx,
  author: AuditAuthor,
  provider: Provider,
  identity: Pick<IdentityRow, "id" | "accountId">,
  groups: readonly string[] | null,
  askedAt: Date,
  now: Date,
): void {
  if (groups === null) return;
  applyRoles(tx, author, provider.id, identity.accountId, planRoles(provider, groups), now);
  updateIdentity(tx, identity.id, { confirmedAt: askedAt });
}

/** When an identity is unlinked: nothing rests on it any more. */
export function endGroupRoles(
  tx: Tx,
  author: AuditAuthor,
  provider: string,
  accountId: AccountId,
  now: Date,
): void {
  applyRoles(tx, author, provider, accountId, NO_ROLES, now);
}

function applyRoles(
  tx: Tx,
  author: AuditAuthor,
  provider: string,
  accountId: AccountId,
  planned: PlannedRoles,
  now: Date,
): void {
  const account = accountById(tx, accountId);
  if (account === undefined) return;
  applyStoreRole(tx, author, provider, account, planned, now);
  const present = membershipsOf(tx, accountId);
  for (const [organisationId, role] of planned.organisations) {
    const member = present.find(({ id }) => id === organisationId);
    if (member === undefined) {
      // The configuration may name one that is not there any more.
      if (organisationById(tx, organisationId) === undefined) continue;
      putMember(tx, author, { organisationId, accountId, role, provider }, now);
    } else if (member.provider === provider) {
      applyMembership(tx, author, accountId, member, role, now);
    }
  }
  for (const member of present)
    if (member.provider === provider && !planned.organisations.has(member.id))
      applyMembership(tx, author, accountId, member, null, now);
}

function applyStoreRole(
  tx: Tx,
  author: AuditAuthor,
  provider: string,
  account: AccountRow,
  { storeRole: role }: PlannedRoles,
  now: Date,
): void {
  const isOurs = account.storeRoleProvider === provider;
  if (account.storeRole !== null && !isOurs) return;
  if (account.storeRole === role) {
    if (role === null) return;
    if (account.storeRoleConfirmedAt === null) removeSessionsOf(tx, account.id);
    updateAccount(tx, account.id, { storeRoleConfirmedAt: now });
    return;
  }
  const isLast = account.storeRole === "administrator" && activeAdministrators(tx, account.id) === 0;
  if (!isLast) {
    changeStoreRole(tx, author, account, role, now, role === null ? null : provider);
    return;
  }
  // For the record the store keeps an administrator, who may do nothing as one: the operator makes another.
  if (account.storeRoleConfirmedAt === null) return;
  updateAccount(tx, account.id, { storeRoleConfirmedAt: null });
  removeSessionsOf(tx, account.id);
  const facts = { storeRole: account.storeRole, ...ofGroup(provider) };
  const subject = accountSubject(account.id);
  recordChange(tx, author, { action: "account.role_withdrawn", subject, before: facts }, now);
  endBegunBy(tx, author, account.id, now);
  tellOfLeftBy(tx, account.id, { storeRole: account.storeRole }, now);
  revokeInvitationsTo(tx, author, account.emailKey, "store", now);
}

/** @param role null: no group gives one any more. */
function applyMembership(
  tx: Tx,
  author: AuditAuthor,
  accountId: AccountId,
  { id: organisationId, role: before, provider, confirmedAt }: Membership,
  role: OrganisationRole | null,
  now: Date,
): void {
  if (before === role) {
    if (confirmedAt === null) markForRenewal(tx, accountId, author.via);
    confirmMembership(tx, organisationId, accountId, now);
    return;
  }
  if (before === "owner" && activeOwners(tx, organisationId, ownersSince(now), accountId) === 0) {
    withdraw(tx, author, { organisationId, accountId, provider, confirmedAt }, now);
  } else if (role === null) {
    takeOut(tx, author, { organisationId, accountId, role: before, provider }, now);
  } else {
    putMember(tx, author, { organisationId, accountId, role, ...ofGroup(provider) }, now);
  }
}

/** The last owner stays on record, so that the organisation has one, and may do nothing as such. */
function withdraw(
  tx: Tx,
  author: AuditAuthor,
  member: {
    readonly organisationId: OrganisationId;
    readonly accountId: AccountId;
    readonly provider: string | null;
    readonly confirmedAt: Date | null;
  },
  now: Date,
): void {
  const { organisationId, accountId, provider, confirmedAt } = member;
  if (confirmedAt === null) return;
  confirmMembership(tx, organisationId, accountId, null);
  markForRenewal(tx, accountId, author.via);
  recordChange(
    tx,
    author,
    {
      action: "member.role_withdrawn",
      subject: accountSubject(accountId),
      organisationId,
      before: { role: "owner", ...ofGroup(provider) },
    },
    now,
  );
  endBegunBy(tx, author, accountId, now);
  tellOfLeftBy(tx, accountId, { organisations: [{ organisationId, role: "owner" }] }, now);
  endInvitationsInto(tx, author, { organisationId, accountId }, now);
}
