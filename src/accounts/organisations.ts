/** Organisations own apps and keys; people are members of them with a role. */

import type { AuditAuthor } from "../audit/entry.ts";
import { recordChange } from "../audit/record.ts";
import type { Store } from "../context.ts";
import { type Tx, write } from "../db/database.ts";
import {
  findIdempotent,
  type Idempotency,
  idempotentResourceGone,
  rememberIdempotent,
} from "../db/idempotency.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../db/pages.ts";
import { Problem } from "../errors.ts";
import {
  type AccountId,
  type AppId,
  newId,
  ORGANISATION_NAME_CHARACTERS,
  type OrganisationId,
} from "../ids.ts";
import type { OrganisationRole } from "../roles.ts";
import { say } from "../say.ts";
import { DAY_MS } from "../time.ts";
import { type Actor, accountLabel, auditAuthor } from "./actor.ts";
import { mixedFault } from "./alike.ts";
import { endBegunBy } from "./departed.ts";
import { markForRenewal } from "./factors/records.ts";
import { isInForce } from "./identities/plan-roles.ts";
import { revokeInvitationsTo } from "./invitations/sent-to.ts";
import { tellOfLeftBy } from "./left-by.ts";
import { mayMakeOwners } from "./makes-owners.ts";
import {
  activeOwners,
  findMembership,
  insertPastMembership,
  membershipsOf,
  upsertMembership,
  wasMember,
} from "./memberships.records.ts";
import { nameFault, plainName } from "./name-rule.ts";
import { ofName, refuseTaken, refuseTakenTo } from "./name-tries.ts";
import { checkRoleApps, ofApps } from "./narrowed-roles.ts";
import type { NotificationKind } from "./notifications/kinds.ts";
import { notify } from "./notifications/letters.ts";
import { refuseFounding } from "./organisation-makers.ts";
import {
  allOrganisations,
  countsOf,
  insertOrganisation,
  type OrganisationRow,
  organisationById,
  organisationsWithId,
  searchOrganisations,
  selectOrganisations,
} from "./organisations.records.ts";
import { accountById } from "./records.ts";
import { allowsEverywhere, authorise, forbidden, personOf, reachOf } from "./rights.ts";

export type Organisation = OrganisationRow;

/** As below, also where another one is called so. @throws Problem `organisation.invalid` */
export function createOrganisation(store: Store, actor: Actor, fields: { name: string }): Organisation {
  const name = checkedName(fields.name);
  return write(store.db, (tx) => addOrganisation(tx, actor, name, store.clock.now()));
}

/** For others. @throws Problem `organisation.invalid`, `organisation.name_taken` */
export function registerOrganisation(store: Store, actor: Actor, fields: { name: string }): Organisation {
  const name = checkedName(fields.name);
  return write(store.db, (tx) => {
    refuseTaken(tx, name);
    return addOrganisation(tx, actor, name, store.clock.now());
  });
}

/** The caller has checked the name, and who may. */
export function addOrganisation(tx: Tx, actor: Actor, name: string, createdAt: Date): Organisation {
  const organisation = insertOrganisation(tx, { id: newId("org"), name, createdAt });
  const { id } = organisation;
  recordChange(
    tx,
    auditAuthor(actor),
    {
      action: "organisation.created",
      subject: { type: "organisation", id },
      organisationId: id,
      after: { name },
    },
    createdAt,
  );
  return organisation;
}

/**
 * Gives a person a role in an organisation, and keeps which one they had. With a provider it rests on a group there; with
 * apps, which the caller has checked, it is narrowed to them.
 */
export function putMember(
  tx: Tx,
  author: AuditAuthor,
  member: {
    readonly organisationId: OrganisationId;
    readonly accountId: AccountId;
    readonly role: OrganisationRole;
    readonly provider?: string;
    readonly apps?: readonly AppId[] | null;
    /** What they are told of it, where that is something else than that they are in it now. */
    readonly told?: NotificationKind;
  },
  now: Date,
): void {
  const { told, ...membership } = member;
  const { organisationId, accountId, role, provider, apps = null } = membership;
  const before = findMembership(tx, organisationId, accountId);
  const isSame = before?.role === role && JSON.stringify(before.apps) === JSON.stringify(apps);
  if (isSame && before.provider === (provider ?? null)) return;
  if (before !== undefined && before.role !== role)
    insertPastMembership(tx, { organisationId, accountId, role: before.role, until: now });
  upsertMembership(tx, { ...membership, confirmedAt: provider === undefined ? null : now, createdAt: now });
  markForRenewal(tx, accountId, author.via);
  recordChange(
    tx,
    author,
    {
      action: "member.role",
      subject: { type: "account", id: accountId },
      organisationId,
      before:
        before === undefined
          ? null
          : { role: before.role, ...ofGroup(before.provider), ...ofApps(before.apps) },
      after: { role, ...ofGroup(provider), ...ofApps(apps) },
    },
    now,
  );
  if (before !== undefined) {
    endBegunBy(tx, author, accountId, now);
    tellOfLeftBy(tx, accountId, { organisations: [{ organisationId, role: before.role }] }, now);
  }
  endInvitationsInto(tx, author, { organisationId, accountId }, now);
  if (author.actor === accountLabel(accountId)) return;
  const kind = told ?? (before === undefined ? "organisation.joined" : "organisation.role");
  notify(tx, [accountId], { kind, organisationId, path: `/organisations/${organisationId}/members` }, now);
}

/** What was offered before counts no more once a role was given, changed or taken away. */
export function endInvitationsInto(
  tx: Tx,
  author: AuditAuthor,
  { organisationId, accountId }: { readonly organisationId: OrganisationId; readonly accountId: AccountId },
  now: Date,
): void {
  const account = accountById(tx, accountId);
  if (account) revokeInvitationsTo(tx, author, account.emailKey, { organisationId }, now);
}

/** For the audit log: on whose word a role rests, where that is a group's. */
export function ofGroup(provider: string | null | undefined): { readonly provider?: string } {
  return provider === null || provider === undefined ? {} : { provider };
}

/**
 * Makes an organisation and its maker the owner, in one transaction: nobody else could add them to it.
 * @throws Problem `organisation.makers`, `organisation.unproven`, `organisation.too_many`, `organisation.invalid`,
 *   `organisation.name_taken`, `organisation.names_tried`, `factor.required`, `rights.forbidden`
 */
export function foundOrganisation(
  store: Store,
  actor: Actor,
  fields: { name: string },
  idempotency?: Idempotency,
): Organisation {
  authorise(actor, "organisation.create");
  const { accountId } = personOf(actor);
  const name = checkedName(fields.name);
  return write(store.db, (tx) => {
    const createdAt = store.clock.now();
    const earlier = findIdempotent(tx, idempotency, name);
    if (earlier) {
      const made = organisationById(tx, earlier.resourceId as OrganisationId);
      if (!made) throw idempotentResourceGone();
      return made;
    }
    refuseFounding(store, actor);
    refuseTakenTo(store, tx, actor, name);
    const organisation = addOrganisation(tx, actor, name, createdAt);
    rememberIdempotent(tx, idempotency, name, organisation.id, createdAt);
    putMember(
      tx,
      auditAuthor(actor),
      { organisationId: organisation.id, accountId, role: "owner" },
      createdAt,
    );
    return organisation;
  });
}

/** @throws Problem `organisation.invalid` */
export function checkedName(text: string): string {
  const name = plainName(text);
  const mixed = mixedFault(name);
  const fault =
    nameFault(name, ORGANISATION_NAME_CHARACTERS, say`An organisation's name`) ??
    (mixed === null ? null : { message: mixed });
  if (fault !== null)
    throw new Problem("unprocessable", "organisation.invalid", fault.message, ofName(fault));
  return name;
}

/**
 * Adds the person, or gives a member another role.
 * @throws Problem `organisation.not_found`, `account.not_found`, `organisation.last_owner`, `member.apps`
 */
export function addMember(
  store: Store,
  actor: Actor,
  organisationId: OrganisationId,
  accountId: AccountId,
  role: OrganisationRole,
  asked: readonly string[] | null = null,
): void {
  write(store.db, (tx) => {
    if (!organisationById(tx, organisationId)) throw organisationNotFound();
    if (!accountById(tx, accountId)) {
      throw new Problem("not_found", "account.not_found", say`There is no such account.`);
    }
    const before = findMembership(tx, organisationId, accountId);
    const now = store.clock.now();
    if (before !== undefined && role !== "owner") keepAnOwner(tx, organisationId, before, now);
    const apps = checkRoleApps(tx, organisationId, role, asked);
    putMember(tx, auditAuthor(actor), { organisationId, accountId, role, apps }, now);
  });
}

/** Whether the person is more than a viewer of the organisation, or was at any time since. */
export function hasWorkedFor(
  tx: Tx,
  accountId: AccountId,
  organisationId: OrganisationId,
  since: Date,
): boolean {
  const role = findMembership(tx, organisationId, accountId)?.role;
  if (role !== undefined && role !== "viewer") return true;
  return wasMember(tx, organisationId, accountId, since, "more than a viewer");
}

/** In the order in which they were made. */
export function listOrganisations(store: Store): (Organisation & { readonly members: number })[] {
  return allOrganisations(store.db.orm);
}

/** @throws Problem `organisation.not_found` */
export function readOrganisation(store: Store, organisationId: OrganisationId): Organisation {
  const row = organisationById(store.db.orm, organisationId);
  if (!row) throw organisationNotFound();
  return row;
}

/** As above, for who may. @throws Problem `organisation.not_found` */
export function readOrganisationAs(store: Store, actor: Actor, organisationId: OrganisationId): Organisation {
  authorise(actor, "organisation.read", { organisationId }, organisationNotFound);
  return readOrganisation(store, organisationId);
}

export type CountedOrganisation = Organisation & {
  /** Each counted up to MOST_COUNTED. */
  readonly members: number;
  readonly apps: number;
};

/** More is not counted for a list. */
export const MOST_COUNTED = 1000;

/**
 * One's own, or all for who may see all: in the order in which they were made; those that are looked for by the beginning of
 * their name, by name.
 * @param search The beginning of a name, in any case, or of an id; "" for all
 * @param ownedBy Those alone that this person owns
 */
export function pageOrganisations(
  store: Pick<Store, "db">,
  actor: Actor,
  {
    search: text = "",
    ownedBy,
    ...page
  }: PageRequest & { readonly search?: string; readonly ownedBy?: AccountId },
): Page<CountedOrganisation> {
  authorise(actor, "organisation.read");
  const beginning = text.trim().normalize("NFC");
  const wanted = {
    among: reachOf(actor, "organisation.read").organisationIds,
    ...(ownedBy === undefined ? {} : { ownedBy }),
    ...oneMore<OrganisationId>(page),
  };
  const tx = store.db.orm;
  const rows =
    beginning === ""
      ? selectOrganisations(tx, wanted)
      : beginning.startsWith("org-")
        ? organisationsWithId(tx, { ...wanted, beginning })
        : searchOrganisations(tx, { ...wanted, beginning });
  return pageOf(
    rows,
    page.limit,
    (row) => row.id,
    (row) => ({ ...row, ...countsOf(tx, row.id, MOST_COUNTED) }),
  );
}

/** The same of all of them, for who looks after the store. @throws Problem `rights.forbidden` */
export function pageAllOrganisations(
  store: Pick<Store, "db">,
  actor: Actor,
  page: PageRequest & { readonly search: string },
): Page<CountedOrganisation> {
  authorise(actor, "organisation.read");
  if (!allowsEverywhere(actor, "organisation.read"))
    throw forbidden("organisation.read", say`this list is for the store's staff.`);
  return pageOrganisations(store, actor, page);
}

export type OwnOrganisation = {
  readonly id: OrganisationId;
  readonly name: string;
  readonly role: OrganisationRole;
  /** The apps that the role is narrowed to; null: the whole organisation. */
  readonly apps: readonly AppId[] | null;
  /** True while the role counts for nothing, since the group that it rests on was not confirmed for long. */
  readonly paused: boolean;
};

/** The organisations of a person, by name. */
export function organisationsOf(store: Store, accountId: AccountId): OwnOrganisation[] {
  const { groupPauseHours } = store.config;
  const now = store.clock.now();
  return membershipsOf(store.db.orm, accountId).map(({ id, name, role, apps, provider, confirmedAt }) => ({
    id,
    name,
    role,
    apps,
    paused: !isInForce({ provider, confirmedAt }, groupPauseHours, now),
  }));
}

/** So long an owner whose group no provider confirms counts as one who will be back. */
export const OWNER_PAUSE_DAYS = 30;

/** An owner of a group counts as one who answers for the organisation when it was confirmed later than that. */
export function ownersSince(now: Date): Date {
  return new Date(now.getTime() - OWNER_PAUSE_DAYS * DAY_MS);
}

/** @throws Problem `organisation.last_owner` when the member is the last owner who can sign in */
export function keepAnOwner(
  tx: Tx,
  organisationId: OrganisationId,
  member: { readonly accountId: AccountId; readonly role: OrganisationRole },
  now: Date,
): void {
  if (member.role !== "owner" || activeOwners(tx, organisationId, ownersSince(now), member.accountId) > 0)
    return;
  throw new Problem(
    "conflict",
    "organisation.last_owner",
    say`This is the organisation's last owner who can sign in. Make another member an owner first.`,
  );
}

/** @throws Problem `organisation.owners_only` */
export function refuseOwner(actor: Actor, organisationId: OrganisationId, role: OrganisationRole): void {
  if (role !== "owner" || mayMakeOwners(actor, organisationId)) return;
  const message = say`Only an owner makes another one. Where no owner is left who can sign in, an administrator takes the organisation over.`;
  throw new Problem("forbidden", "organisation.owners_only", message, [
    { code: "organisation.owners_only", pointer: "/role", message },
  ]);
}

export function organisationNotFound(): Problem {
  return new Problem("not_found", "organisation.not_found", say`There is no such organisation.`);
}
