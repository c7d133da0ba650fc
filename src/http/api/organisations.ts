/** /api/v1/organisations: organisations, who is in them, and who is invited into them. */
import { Type } from "@sinclair/typebox";
import { invite, listInvitations, revokeInvitation } from "../../accounts/invitations/invite.ts";
import {
  changeRole,
  leaveOrganisation,
  listMembers,
  readMember,
  removeMember,
} from "../../accounts/members.ts";
import { renameOrganisation } from "../../accounts/organisation-name.ts";
import {
  foundOrganisation,
  type Organisation,
  organisationNotFound,
  pageOrganisations,
  readOrganisationAs,
} from "../../accounts/organisations.ts";
import { listOwnerless, takeOver } from "../../accounts/ownerless.ts";
import { REASON_CHARACTERS } from "../../accounts/reason.ts";
import { authorise, personOf } from "../../accounts/rights.ts";
import { ORGANISATION_NAME_CHARACTERS } from "../../ids.ts";
import { jsonBody } from "../body.ts";
import { narrowedList, pageFor } from "../cursor.ts";
import { json, noContent } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { ORGANISATION_ID, PAGE_QUERY, pageSchema, record } from "../schemas.ts";
import {
  ACCOUNT_ID,
  ASKED_APPS,
  COUNTED_ORGANISATION,
  EMAIL,
  INVITATION,
  INVITATION_ID,
  invitationJson,
  MEMBER,
  memberJson,
  ORGANISATION,
  ORGANISATION_ROLE,
} from "../schemas-accounts.ts";

const PATH = "/api/v1/organisations";
const TAG = "Organisations";
const PARAMS = Type.Object({ organisationId: ORGANISATION_ID });
const MEMBER_PARAMS = Type.Object({ organisationId: ORGANISATION_ID, accountId: ACCOUNT_ID });

const organisationJson = ({ id, name, createdAt }: Pick<Organisation, "id" | "name" | "createdAt">) => ({
  id,
  name,
  createdAt: createdAt.toISOString(),
});

export const organisationRoutes: readonly Route[] = [
  defineRoute({
    area: "api",
    method: "GET",
    path: PATH,
    access: "organisation.read",
    name: "listOrganisations",
    summary: "List organisations",
    description:
      "One's own; administrators, support and auditors see all. In the order in which they were made, or by name where one is looked for. A cursor goes on in what was looked for when it was given, and in nothing else.",
    tag: TAG,
    query: Type.Object({
      ...PAGE_QUERY,
      search: Type.Optional(
        Type.String({
          maxLength: 200,
          description: "The beginning of a name, in any case of ASCII letters, or of an id.",
        }),
      ),
      owner: Type.Optional({ ...ACCOUNT_ID, description: "an account's id: those alone that it owns" }),
    }),
    replies: [
      { status: 200, description: "A page of organisations.", schema: pageSchema(COUNTED_ORGANISATION) },
    ],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query: { search = "", owner, ...query } }) =>
      json(
        pageFor(
          narrowedList("organisations", { search, owner }),
          query,
          (page) =>
            pageOrganisations(store, actor, {
              ...page,
              search,
              ...(owner === undefined ? {} : { ownedBy: owner }),
            }),
          (row) => ({ ...organisationJson(row), members: row.members, apps: row.apps }),
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: "/api/v1/ownerless-organisations",
    access: "organisation.read",
    name: "listOwnerless",
    summary: "List the organisations without an owner who can sign in",
    description:
      "For administrators, support and auditors. A page may be empty and still have a next one: so many others stand between.",
    tag: TAG,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of organisations.", schema: pageSchema(ORGANISATION) }],
    errors: ["cursor.invalid"],
    handle: ({ store, actor, query }) =>
      json(pageFor("ownerless", query, (page) => listOwnerless(store, actor, page), organisationJson)),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:organisationId/take-over`,
    access: "organisation.take_over",
    name: "takeOverOrganisation",
    summary: "Name an owner of an organisation that has none any more",
    description: "Who is in it is told, with the reason. Not possible while an owner can sign in.",
    tag: TAG,
    params: PARAMS,
    body: jsonBody(
      record({
        owner: { ...EMAIL, description: "The address of the new owner's account." },
        reason: Type.String({ maxLength: 4 * REASON_CHARACTERS }),
      }),
    ),
    replies: [{ status: 200, description: "The organisation.", schema: ORGANISATION }],
    errors: ["organisation.not_found", "organisation.owned", "organisation.owner_unknown", "reason.invalid"],
    handle: ({ store, actor, params, body }) =>
      json(organisationJson(takeOver(store, actor, params.organisationId, body))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: PATH,
    access: "organisation.create",
    name: "createOrganisation",
    summary: "Create an organisation and become its owner",
    description:
      "For administrators; where the setting organisation_makers says everyone, for each person whose address is proven, until they have made three. Others ask for one.",
    tag: TAG,
    creates: true,
    body: jsonBody(record({ name: Type.String({ maxLength: 4 * ORGANISATION_NAME_CHARACTERS }) })),
    replies: [{ status: 201, description: "The organisation.", schema: ORGANISATION, location: true }],
    errors: [
      "organisation.makers",
      "organisation.unproven",
      "organisation.too_many",
      "organisation.invalid",
      "organisation.name_taken",
      "organisation.names_tried",
      "idempotency.resource_gone",
    ],
    handle: ({ store, actor, body, idempotency }) => {
      const made = foundOrganisation(store, actor, body, idempotency);
      return json(organisationJson(made), { status: 201, headers: { Location: `${PATH}/${made.id}` } });
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:organisationId`,
    access: "organisation.read",
    name: "readOrganisation",
    summary: "Read an organisation",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The organisation.", schema: ORGANISATION }],
    errors: ["organisation.not_found"],
    handle: ({ store, actor, params }) =>
      json(organisationJson(readOrganisationAs(store, actor, params.organisationId))),
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: `${PATH}/:organisationId/name`,
    access: "organisation.manage",
    name: "renameOrganisation",
    summary: "Give an organisation another name",
    description:
      "Its id stays. The catalogue shows its apps with the new name as soon as a job has signed that; certificates that were issued keep the old one. The same again is no change.",
    tag: TAG,
    params: PARAMS,
    body: jsonBody(record({ name: Type.String({ maxLength: 4 * ORGANISATION_NAME_CHARACTERS }) })),
    replies: [{ status: 200, description: "The organisation.", schema: ORGANISATION }],
    errors: [
      "organisation.not_found",
      "organisation.invalid",
      "organisation.name_taken",
      "organisation.names_tried",
      "organisation.renamed_often",
    ],
    handle: ({ store, actor, params, body }) =>
      json(organisationJson(renameOrganisation(store, actor, params.organisationId, body.name))),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:organisationId/leave`,
    access: "self.change",
    name: "leaveOrganisation",
    summary: "Leave an organisation",
    description: "One sees nothing of it any more, at once. What one made stays.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 204, description: "You are no member any more." }],
    errors: ["organisation.not_found", "organisation.last_owner"],
    handle: ({ store, actor, params }) => {
      leaveOrganisation(store, personOf(actor), params.organisationId);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:organisationId/members`,
    access: "organisation.read",
    name: "listMembers",
    summary: "List the members of an organisation",
    description: "By name, all of them.",
    tag: TAG,
    params: PARAMS,
    replies: [{ status: 200, description: "The members.", schema: record({ items: Type.Array(MEMBER) }) }],
    errors: ["organisation.not_found"],
    handle: ({ store, actor, params }) =>
      json({ items: listMembers(store, actor, params.organisationId).map(memberJson) }),
  }),
  defineRoute({
    area: "api",
    method: "PUT",
    path: `${PATH}/:organisationId/members/:accountId`,
    access: "organisation.manage",
    name: "changeMemberRole",
    summary: "Give a member another role",
    description:
      "Of somebody who is a member; others are invited. With apps the role is narrowed to them; left out, it stays as narrow as it was. The same again is no change.",
    tag: TAG,
    params: MEMBER_PARAMS,
    body: jsonBody(record({ role: ORGANISATION_ROLE, apps: ASKED_APPS })),
    replies: [{ status: 200, description: "The member as they are now.", schema: MEMBER }],
    errors: [
      "organisation.not_found",
      "member.not_found",
      "organisation.last_owner",
      "organisation.owners_only",
      "member.apps",
    ],
    handle: ({ store, actor, params, body }) => {
      changeRole(store, actor, params, body);
      return json(memberJson(readMember(store, actor, params)));
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:organisationId/members/:accountId/remove`,
    access: "organisation.manage",
    name: "removeMember",
    summary: "Remove a member",
    description: "They see nothing of the organisation any more, at once. What they made stays.",
    tag: TAG,
    params: MEMBER_PARAMS,
    replies: [{ status: 204, description: "They are removed." }],
    errors: ["organisation.not_found", "member.not_found", "organisation.last_owner"],
    handle: ({ store, actor, params }) => {
      removeMember(store, actor, params);
      return noContent();
    },
  }),
  defineRoute({
    area: "api",
    method: "GET",
    path: `${PATH}/:organisationId/invitations`,
    access: "organisation.invited",
    name: "listInvitations",
    summary: "List the open invitations into an organisation",
    description: "The newest first.",
    tag: TAG,
    params: PARAMS,
    query: Type.Object(PAGE_QUERY),
    replies: [{ status: 200, description: "A page of invitations.", schema: pageSchema(INVITATION) }],
    errors: ["organisation.not_found", "cursor.invalid"],
    handle: ({ store, actor, params, query }) =>
      json(
        pageFor(
          "invitations",
          query,
          (page) => listInvitations(store, actor, params.organisationId, page),
          invitationJson,
        ),
      ),
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:organisationId/invitations`,
    access: "organisation.manage",
    name: "inviteMember",
    summary: "Invite somebody into an organisation",
    description:
      "Writes them a message with a link. An open invitation of the same address takes its end, so that the call may be repeated.",
    tag: TAG,
    creates: true,
    params: PARAMS,
    body: jsonBody(record({ email: EMAIL, role: ORGANISATION_ROLE, apps: ASKED_APPS })),
    replies: [{ status: 201, description: "The invitation.", schema: INVITATION }],
    errors: [
      "organisation.not_found",
      "invitation.invalid",
      "invitation.member",
      "organisation.owners_only",
      "member.apps",
      "signup.closed",
      "idempotency.resource_gone",
    ],
    handle: ({ store, actor, params, body, idempotency }) => {
      const { organisationId } = params;
      const { email, role, apps = null } = body;
      const made = invite(store, actor, { email, member: { organisationId, role, apps } }, idempotency);
      return json(invitationJson(made), { status: 201 });
    },
  }),
  defineRoute({
    area: "api",
    method: "POST",
    path: `${PATH}/:organisationId/invitations/:invitationId/revoke`,
    access: "organisation.manage",
    name: "revokeInvitation",
    summary: "Take back an invitation into an organisation",
    description: "Its link opens nothing any more. Again is no error.",
    tag: TAG,
    params: Type.Object({ organisationId: ORGANISATION_ID, invitationId: INVITATION_ID }),
    replies: [{ status: 204, description: "It is taken back." }],
    errors: ["organisation.not_found", "invitation.not_found", "invitation.accepted"],
    handle: ({ store, actor, params }) => {
      const { organisationId, invitationId } = params;
      authorise(actor, "organisation.manage", { organisationId }, organisationNotFound);
      revokeInvitation(store, actor, invitationId, organisationId);
      return noContent();
    },
  }),
];
