/** Inviting people: into an organisation, into the store with a role of its own, or just to have an account. */

import { recordChange } from "../../audit/record.ts";
import type { Store } from "../../context.ts";
import { type Tx, write } from "../../db/database.ts";
import {
  findIdempotent,
  type Idempotency,
  idempotentResourceGone,
  rememberIdempotent,
} from "../../db/idempotency.ts";
import { oneMore, type Page, type PageRequest, pageOf } from "../../db/pages.ts";
import { Problem } from "../../errors.ts";
import { type ApiKeyId, type AppId, type InvitationId, newId, type OrganisationId } from "../../ids.ts";
import type { OrganisationRole, StoreRole } from "../../roles.ts";
import { say, type Words } from "../../say.ts";
import { DAY_MS } from "../../time.ts";
import { type Actor, actorLabel, auditAuthor, byOf, ownKeyOf, readsOf } from "../actor.ts";
import { emailFaults, emailKeyOf, plainEmail } from "../emails.ts";
import { endLinks } from "../links/links.ts";
import { findMembership } from "../memberships.records.ts";
import { tellAddress } from "../messages/outbox.ts";
import { appsInvalid, checkRoleApps, ofApps } from "../narrowed-roles.ts";
import { organisationById } from "../organisations.records.ts";
import { organisationNotFound, refuseOwner } from "../organisations.ts";
import { accountByEmail } from "../records.ts";
import { authorise } from "../rights.ts";
import { localStoreName } from "../store-name.ts";
import { invitationNotice } from "./letters.ts";
import * as records from "./records.ts";

const INVITATION_DAYS = 14;

export type NewInvitation = {
  readonly email: string;
  /** Into this organisation, with that role. */
  readonly member?: {
    readonly organisationId: OrganisationId;
    readonly role: OrganisationRole;
    /** Narrows the role to these; null, and left out: the whole organisation. */
    readonly apps?: readonly string[] | null;
  };
  readonly storeRole?: StoreRole;
};

export type Invitation = Omit<records.InvitationRow, "emailKey" | "createdWith">;

function invitationOf({ emailKey: _, createdWith: __, ...row }: records.InvitationRow): Invitation {
  return row;
}

/**
 * Writes an invitation, and the message with its link; one for the same address and organisation that is open takes its
 * end. The account need not exist: it is made when the invitation is taken up.
 * @throws Problem `rights.forbidden`, `organisation.not_found`, `organisation.owners_only`, `invitation.invalid`,
 *   `invitation.member`, `member.apps`, `signup.closed`, `idempotency.key_reused`, `idempotency.resource_gone`
 */
export function invite(
  store: Store,
  actor: Actor,
  fields: NewInvitation,
  idempotency?: Idempotency,
): Invitation {
  const { member, storeRole = null } = fields;
  const organisationId = member?.organisationId ?? null;
  authoriseInviting(actor, organisationId, storeRole);
  if (member !== undefined) refuseOwner(actor, member.organisationId, member.role);
  const [fault] = emailFaults(fields.email);
  if (fault) throw new Problem("unprocessable", "invitation.invalid", fault.message, [fault]);
  const emailKey = emailKeyOf(fields.email);
  const asked = member?.apps ?? null;
  const body = JSON.stringify([
    emailKey,
    organisationId,
    member?.role ?? null,
    storeRole,
    ...(asked === null ? [] : [asked]),
  ]);
  return write(store.db, (tx) => {
    const now = store.clock.now();
    const earlier = findIdempotent(tx, idempotency, body);
    if (earlier) {
      const made = records.invitationById(tx, earlier.resourceId as InvitationId);
      if (made === undefined) throw idempotentResourceGone();
      return invitationOf(made);
    }
    const organisation = organisationId === null ? null : organisationById(tx, organisationId);
    if (organisation === undefined) throw organisationNotFound();
    refuseNeedless(store, tx, emailKey, organisationId);
    for (const open of records.openInvitationsOf(tx, emailKey, organisationId, now))
      revoke(tx, actor, open, now);
    const role = member?.role ?? null;
    const apps = member === undefined ? null : checkInvitedApps(tx, member, asked);
    const createdBy = actorLabel(actor);
    const by = { createdBy, createdWith: ownKeyOf(actor) };
    const offer = { email: fields.email, organisationId, role, storeRole, ...by, apps };
    const row = addInvitation(tx, offer, now);
    rememberIdempotent(tx, idempotency, body, row.id, now);
    recordChange(
      tx,
      auditAuthor(actor),
      {
        action: "invitation.sent",
        subject: subjectOf(row.id),
        organisationId,
        after: { role: row.role, storeRole, ...ofApps(apps) },
        person: { after: { email: row.email } },
      },
      now,
    );
    const reads = readsOf(actor);
    send(
      store,
      tx,
      row,
      { by: byOf(actor).start, organisationName: organisation?.name ?? null, asked: reads },
      now,
    );
    return invitationOf(row);
  });
}

function checkInvitedApps(
  tx: Tx,
  { organisationId, role }: NonNullable<NewInvitation["member"]>,
  asked: readonly string[] | null,
): readonly AppId[] | null {
  const apps = checkRoleApps(tx, organisationId, role, asked);
  if (apps?.length === 0) throw appsInvalid("Name an app that they are invited for.");
  return apps;
}

/** The row alone: who may, and what goes with it, is the caller's matter. */
export function addInvitation(
  tx: Tx,
  offer: Pick<
    records.InvitationRow,
    "email" | "organisationId" | "role" | "storeRole" | "createdBy" | "apps"
  > & { readonly createdWith?: ApiKeyId | null },
  now: Date,
): records.InvitationRow {
  return records.insertInvitation(tx, {
    ...offer,
    id: newId("inv"),
    email: plainEmail(offer.email),
    emailKey: emailKeyOf(offer.email),
    createdAt: now,
    expiresAt: new Date(now.getTime() + INVITATION_DAYS * DAY_MS),
  });
}

/** @throws Problem `rights.forbidden` */
function authoriseInviting(
  actor: Actor,
  organisationId: OrganisationId | null,
  storeRole: StoreRole | null,
): void {
  if (organisationId !== null)
    authorise(actor, "organisation.manage", { organisationId }, organisationNotFound);
  if (organisationId === null || storeRole !== null) authorise(actor, "user.manage");
}

/** @throws Problem `invitation.member`, `signup.closed` */
function refuseNeedless(store: Store, tx: Tx, emailKey: string, organisationId: OrganisationId | null): void {
  const account = accountByEmail(tx, emailKey);
  if (account === undefined) {
    if (store.config.signUp !== "closed") return;
    throw new Problem(
      "conflict",
      "signup.closed",
      say`There is no account with this address, and in this store only its operator makes accounts.`,
    );
  }
  const isThere = organisationId === null || findMembership(tx, organisationId, account.id) !== undefined;
  if (!isThere) return;
  const message =
    organisationId === null
      ? say`There is an account with this address already.`
      : say`They are a member already. Change their role instead.`;
  throw new Problem("conflict", "invitation.member", message, [
    { code: "invitation.member", pointer: "/email", message },
  ]);
}

/** Writes the message that the invitation comes with. */
export function send(
  store: Store,
  tx: Tx,
  row: records.InvitationRow,
  {
    by,
    organisationName,
    asked,
  }: {
    readonly by: Words | null;
    readonly organisationName: string | null;
    /** What who asked for it reads. */
    readonly asked: string | undefined;
  },
  now: Date,
): void {
  const { id, email, role, storeRole, expiresAt, apps } = row;
  const about = row.organisationId === null ? {} : { about: { organisationId: row.organisationId } };
  const notice = invitationNotice({
    storeName: localStoreName(store),
    by,
    organisationName,
    role,
    apps,
    storeRole,
    expiresAt,
  });
  const accountId = accountByEmail(tx, row.emailKey)?.id ?? null;
  tellAddress(
    tx,
    { address: email, accountId, invitationId: id, link: "invitation", asked },
    { ...notice, ...about },
    now,
  );
}

/**
 * Takes it back: its links open nothing any more. Again is no error.
 * @param organisationId Into which it is, as the caller names it; null: into none.
 * @throws Problem `invitation.not_found`, `invitation.accepted`
 */
export function revokeInvitation(
  store: Store,
  actor: Actor,
  id: InvitationId,
  organisationId: OrganisationId | null,
): Invitation {
  return write(store.db, (tx) => {
    const row = findFor(tx, actor, id, organisationId);
    const now = store.clock.now();
    if (row.acceptedAt !== null) {
      throw new Problem(
        "conflict",
        "invitation.accepted",
        say`The invitation was taken up. Change what the person may do where the members are listed.`,
      );
    }
    if (row.revokedAt !== null) return invitationOf(row);
    revoke(tx, actor, row, now);
    return invitationOf({ ...row, revokedAt: now });
  });
}

function revoke(tx: Tx, actor: Actor, row: records.InvitationRow, now: Date): void {
  const { id, organisationId } = row;
  records.markInvitation(tx, id, { revokedAt: now });
  endLinks(tx, { invitationId: id });
  const change = { action: "invitation.revoked", subject: subjectOf(id), organisationId } as const;
  recordChange(tx, auditAuthor(actor), change, now);
}

function findFor(
  tx: Tx,
  actor: Actor,
  id: InvitationId,
  organisationId: OrganisationId | null,
): records.InvitationRow {
  const row = records.invitationById(tx, id);
  if (row === undefined || row.organisationId !== organisationId) throw invitationNotFound();
  if (organisationId === null) authorise(actor, "user.manage", {}, invitationNotFound);
  else authorise(actor, "organisation.manage", { organisationId }, invitationNotFound);
  return row;
}

/** Also one that is over. @throws Problem `invitation.not_found` */
export function readInvitation(store: Store, actor: Actor, id: InvitationId): Invitation {
  const organisationId = records.invitationById(store.db.orm, id)?.organisationId ?? null;
  return invitationOf(findFor(store.db.orm, actor, id, organisationId));
}

/** Of an organisation, or with null of none: those that can still be taken up, newest first. @throws Problem `rights.forbidden` */
export function listInvitations(
  store: Store,
  actor: Actor,
  organisationId: OrganisationId | null,
  page: PageRequest,
): Page<Invitation> {
  if (organisationId === null) authorise(actor, "user.invited");
  else authorise(actor, "organisation.invited", { organisationId }, organisationNotFound);
  const request = oneMore<InvitationId>(page);
  const rows = records.openInvitations(store.db.orm, organisationId, request, store.clock.now());
  return pageOf(rows, page.limit, (row) => row.id, invitationOf);
}

export function subjectOf(id: InvitationId) {
  return { type: "invitation", id };
}

export function invitationNotFound(): Problem {
  return new Problem("not_found", "invitation.not_found", say`There is no such invitation.`);
}
