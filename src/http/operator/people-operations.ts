/** What `mosis admin invitation` and `mosis admin session` do, as operations. */
import { Type as t } from "@sinclair/typebox";
import { OPERATOR } from "../../accounts/actor.ts";
import { endSessionOf, endSessionsOf, listSessionsOf } from "../../accounts/administration.ts";
import { handOverInvitation } from "../../accounts/invitations/hand-over.ts";
import {
  type Invitation,
  invitationNotFound,
  invite,
  listInvitations,
  readInvitation,
  revokeInvitation,
} from "../../accounts/invitations/invite.ts";
import { isMailed } from "../../accounts/messages/send.ts";
import { readAccount } from "../../accounts/people.ts";
import type { Store } from "../../context.ts";
import { isId } from "../../ids.ts";
import { ORGANISATION_ROLE, STORE_ROLE } from "../schemas-accounts.ts";
import { findOrganisation } from "./find.ts";
import { type Operation, ORIGIN, operation, PAGE } from "./operation.ts";

const INVITED = {
  email: t.String(),
  organisation: t.Optional(t.String()),
  role: t.Optional(ORGANISATION_ROLE),
  apps: t.Optional(t.Array(t.String())),
  storeRole: t.Optional(STORE_ROLE),
  /** Make its link also where mail brings one. */
  link: t.Optional(t.Boolean()),
  origin: ORIGIN,
};

function findInvitation(store: Store, id: string): Invitation {
  if (!isId("inv", id)) throw invitationNotFound();
  return readInvitation(store, OPERATOR, id);
}

function linkOf(store: Store, { id }: Invitation, origin: string) {
  const { url, expiresAt } = handOverInvitation(store, OPERATOR, id, origin);
  return { url, until: expiresAt };
}

export const PEOPLE_OPERATIONS: readonly (readonly [string, Operation])[] = [
  [
    "invitation.list",
    operation(
      t.Object({ ...PAGE, organisation: t.Optional(t.String()) }),
      (store, { organisation, ...page }) =>
        listInvitations(
          store,
          OPERATOR,
          organisation === undefined ? null : findOrganisation(store, organisation),
          page,
        ),
    ),
  ],
  [
    "invitation.add",
    operation(t.Object(INVITED), (store, { email, organisation, role, apps, storeRole, link, origin }) => {
      const made = invite(store, OPERATOR, {
        email,
        ...(organisation === undefined || role === undefined
          ? {}
          : { member: { organisationId: findOrganisation(store, organisation), role, apps: apps ?? null } }),
        ...(storeRole === undefined ? {} : { storeRole }),
      });
      const mailed = isMailed(store);
      return { ...made, mailed, link: mailed && link !== true ? null : linkOf(store, made, origin) };
    }),
  ],
  [
    "invitation.link",
    operation(t.Object({ id: t.String(), origin: ORIGIN }), (store, { id, origin }) => {
      const invitation = findInvitation(store, id);
      return { ...invitation, link: linkOf(store, invitation, origin) };
    }),
  ],
  [
    "invitation.revoke",
    operation(t.Object({ id: t.String() }), (store, { id }) => {
      const { id: known, organisationId } = findInvitation(store, id);
      return revokeInvitation(store, OPERATOR, known, organisationId);
    }),
  ],
  [
    "session.list",
    operation(t.Object({ user: t.String() }), (store, { user }) => ({
      items: listSessionsOf(store, OPERATOR, readAccount(store, user).id),
    })),
  ],
  [
    "session.end",
    operation(t.Object({ user: t.String(), id: t.String() }), (store, { user, id }) => ({
      ended: endSessionOf(store, OPERATOR, readAccount(store, user).id, id),
    })),
  ],
  [
    "session.end-all",
    operation(t.Object({ user: t.String() }), (store, { user }) => {
      const { id } = readAccount(store, user);
      const ended = listSessionsOf(store, OPERATOR, id).length;
      endSessionsOf(store, OPERATOR, id);
      return { ended };
    }),
  ],
];
