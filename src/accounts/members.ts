/** Who is in an organisation: listed, given another role, put out, leaving. */

import type { AuditAuthor } from "../audit/entry.ts";
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import { Problem } from "../errors.ts";
import type { AccountId, AppId, OrganisationId } from "../ids.ts";
import type { OrganisationRole } from "../roles.ts";
import { say } from "../say.ts";
import { type AccountActor, type Actor, accountLabel, auditAuthor } from "./actor.ts";
import { endBegunBy } from "./departed.ts";
import { markForRenewal } from "./factors/records.ts";
import { tellOfLeftBy } from "./left-by.ts";
import {
  findMembership,
  insertPastMembership,
  type MemberRow,
  membersOf,
  membersOfApp,
  removeMembership,
} from "./memberships.records.ts";
import { checkRoleApps, ofApps } from "./narrowed-roles.ts";
import { notify } from "./notifications/letters.ts";
import { organisationById } from "./organisations.records.ts";
import {
  endInvitationsInto,
  keepAnOwner,
  ofGroup,
  organisationNotFound,
  putMember,
  readOrganisationAs,
  refuseOwner,
} from "./organisations.ts";
import { authorise } from "./rights.ts";

export type Member = MemberRow;

/** By name. @throws Problem `organisation.not_found` */
export function listMembers(store: Store, actor: Actor, organisationId: OrganisationId): Member[] {
  readOrganisationAs(store, actor, organisationId);
  return membersOf(store.db.orm, organisationId);
}

/**
 * Those whose role is of this app, who may do most first and then by name.
 * @param most So many of them; whether there are more is said beside them
 * @throws Problem `organisation.not_found`
 */
export function listAppMembers(
  store: Store,
  actor: Actor,
  of: { readonly organisationId: OrganisationId; readonly appId: AppId },
  most: number,
): { readonly members: readonly Member[]; readonly hasMore: boolean } {
  readOrganisationAs(store, actor, of.organisationId);
  const rows = membersOfApp(store.db.orm, of, most + 1);
  return { members: rows.slice(0, most), hasMore: rows.length > most };
}

/** @throws Problem `organisation.not_found`, `member.not_found` */
export function readMember(
  store: Store,
  actor: Actor,
  { organisationId, accountId }: { organisationId: OrganisationId; accountId: AccountId },
): Member {
  readOrganisationAs(store, actor, organisationId);
  const [member] = membersOf(store.db.orm, organisationId, accountId);
  if (member === undefined) throw memberNotFound();
  return member;
}

export type NewRole = {
  readonly role: OrganisationRole;
  /** Narrows it to these; null: the whole organisation. Left out, it stays as narrow as it was, but for a new owner. */
  readonly apps?: readonly string[] | null;
};

/**
 * @throws Problem `organisation.not_found`, `member.not_found`, `organisation.last_owner`, `organisation.owners_only`,
 *   `member.apps`, `rights.forbidden`
 */
export function changeRole(
  store: Store,
  actor: Actor,
  { organisationId, accountId }: { organisationId: OrganisationId; accountId: AccountId },
  { role, apps: asked }: NewRole,
): void {
  authorise(actor, "organisation.manage", { organisationId }, organisationNotFound);
  write(store.db, (tx) => {
    const member = memberOf(tx, organisationId, accountId);
    const now = store.clock.now();
    if (role !== "owner") keepAnOwner(tx, organisationId, member, now);
    else if (member.role !== "owner") refuseOwner(actor, organisationId, role);
    const kept = role === "owner" ? null : member.apps;
    const apps = asked === undefined ? kept : checkRoleApps(tx, organisationId, role, asked);
    putMember(tx, auditAuthor(actor), { organisationId, accountId, role, apps }, now);
  });
}

/** @throws Problem `organisation.not_found`, `member.not_found`, `organisation.last_owner`, `rights.forbidden` */
export function removeMember(
  store: Store,
  actor: Actor,
  { organisationId, accountId }: { organisationId: OrganisationId; accountId: AccountId },
): void {
  authorise(actor, "organisation.manage", { organisationId }, organisationNotFound);
  putOut(store, actor, organisationId, accountId);
}

/** One's own part in an organisation, also where the role shows no more of it than some apps. @throws Problem `organisation.not_found` */
export function readOwnMember(store: Store, actor: AccountActor, organisationId: OrganisationId): Member {
  authorise(actor, "self.read");
  const [member] = membersOf(store.db.orm, organisationId, actor.accountId);
  if (member === undefined) throw organisationNotFound();
  return member;
}

/** @throws Problem `organisation.not_found`, `organisation.last_owner` */
export function leaveOrganisation(store: Store, actor: AccountActor, organisationId: OrganisationId): void {
  authorise(actor, "self.change");
  if (!actor.organisations.has(organisationId)) throw organisationNotFound();
  putOut(store, actor, organisationId, actor.accountId);
}

function putOut(store: Store, actor: Actor, organisationId: OrganisationId, accountId: AccountId): void {
  write(store.db, (tx) => {
    const member = memberOf(tx, organisationId, accountId);
    const now = store.clock.now();
    keepAnOwner(tx, organisationId, member, now);
    takeOut(tx, auditAuthor(actor), member, now);
  });
}

/** Inside a transaction that does more: the caller has seen to it that an owner is left. */
export function takeOut(
  tx: Tx,
  author: AuditAuthor,
  member: {
    readonly organisationId: OrganisationId;
    readonly accountId: AccountId;
    readonly role: OrganisationRole;
    readonly provider: string | null;
    readonly apps?: readonly AppId[] | null;
  },
  now: Date,
): void {
  const { organisationId, accountId, role, provider, apps } = member;
  // Kept, so that nobody decides on what they worked on before they left.
  insertPastMembership(tx, { organisationId, accountId, role, until: now });
  removeMembership(tx, organisationId, accountId);
  markForRenewal(tx, accountId, author.via);
  recordChange(
    tx,
    author,
    {
      action: "member.removed",
      subject: { type: "account", id: accountId },
      organisationId,
      before: { role, ...ofGroup(provider), ...ofApps(apps) },
    },
    now,
  );
  endBegunBy(tx, author, accountId, now);
  endInvitationsInto(tx, author, { organisationId, accountId }, now);
  tellOfLeftBy(tx, accountId, { organisations: [member] }, now);
  // What it is called is not for them any more.
  if (author.actor !== accountLabel(accountId))
    notify(tx, [accountId], { kind: "organisation.left", path: "/account" }, now);
}

function memberOf(tx: Tx, organisationId: OrganisationId, accountId: AccountId) {
  if (!organisationById(tx, organisationId)) throw organisationNotFound();
  const member = findMembership(tx, organisationId, accountId);
  if (member) return member;
  throw memberNotFound();
}

function memberNotFound(): Problem {
  return new Problem("not_found", "member.not_found", say`There is no such member.`);
}
