/** `/organisations/:organisationId/members`: who is in it, who is invited, and changing that. */

import { Type } from "@sinclair/typebox";
import { ALL_APPS, type RoleApps } from "../../../views/components/role-apps.tsx";
import type { FieldError } from "../../../views/page.ts";
import { leavingPage, membersPage } from "../../../views/pages/members.tsx";
import { isInForce } from "../../accounts/identities/plan-roles.ts";
import {
  type Invitation,
  invite,
  listInvitations,
  revokeInvitation,
} from "../../accounts/invitations/invite.ts";
import {
  leaveOrganisation,
  listMembers,
  readMember,
  readOwnMember,
  removeMember,
} from "../../accounts/members.ts";
import { renameOrganisation } from "../../accounts/organisation-name.ts";
import { organisationNotFound, readOrganisation } from "../../accounts/organisations.ts";
import { findProvider } from "../../accounts/providers/ask.ts";
import { allows, authorise, personOf } from "../../accounts/rights.ts";
import { isProblem, Problem } from "../../errors.ts";
import type { AccountId, OrganisationId } from "../../ids.ts";
import { ORGANISATION_ROLES, type OrganisationRole } from "../../roles.ts";
import { say } from "../../say.ts";
import { formBody, formPairs } from "../body.ts";
import { pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { ORGANISATION_ID, PAGE_QUERY } from "../schemas.ts";
import { ACCOUNT_ID, INVITATION_ID } from "../schemas-accounts.ts";
import { authorName } from "./authors.ts";
import { attempt, fieldErrors } from "./form.ts";
import { goOn, pagerOf, show } from "./page.ts";
import { appsErrors, offeredApps, readRoleApps } from "./role-apps.ts";

const PATH = "/organisations/:organisationId/members";
const PARAMS = Type.Object({ organisationId: ORGANISATION_ID });
const MEMBER_PARAMS = Type.Object({ organisationId: ORGANISATION_ID, accountId: ACCOUNT_ID });
const PER_PAGE = 25;

type Again = {
  readonly values?: { readonly email: string; readonly role: OrganisationRole; readonly apps: RoleApps };
  /** What was typed as the organisation's name. */
  readonly name?: string;
  readonly errors: readonly FieldError[];
  readonly status: number;
};

const pathOf = (organisationId: OrganisationId) => `/organisations/${organisationId}/members`;

function showMembers(
  call: CallBase,
  organisationId: OrganisationId,
  cursor: { readonly cursor?: string } = {},
  again: Again | null = null,
): Promise<Response> {
  const { store, actor } = call;
  const members = listMembers(store, actor, organisationId);
  const organisation = readOrganisation(store, organisationId);
  const wanted = pageRequest("invitations", { ...cursor, limit: PER_PAGE });
  const manages = allows(actor, "organisation.manage", { organisationId });
  const invited = allows(actor, "organisation.invited", { organisationId })
    ? listInvitations(store, actor, organisationId, wanted)
    : null;
  return show(
    call,
    (ctx) =>
      membersPage(ctx, {
        organisation,
        name: again?.name ?? organisation.name,
        members: members.map(
          ({ accountId, name, email, role, since, disabledAt, provider, confirmedAt, apps }) => ({
            accountId,
            name,
            email,
            role,
            since,
            disabled: disabledAt !== null,
            apps: apps?.length ?? null,
            group:
              provider === null
                ? null
                : {
                    provider: findProvider(store, provider)?.name ?? provider,
                    paused: !isInForce(
                      { provider, confirmedAt },
                      store.config.groupPauseHours,
                      store.clock.now(),
                    ),
                  },
            self: actor.kind === "account" && actor.accountId === accountId,
          }),
        ),
        manages,
        invitations: invited?.items.map((row) => invitationRow(ctx, store, row)) ?? null,
        pager: pagerOf(
          "invitations",
          pathOf(organisationId),
          { ...wanted, nextCursor: invited?.nextCursor ?? null },
          () => null,
        ),
        values: again?.values ?? { email: "", role: "developer", apps: ALL_APPS },
        offered: manages ? offeredApps(store, actor, organisationId) : { apps: [], hasMore: false },
        errors: again?.errors ?? [],
        strangersToo: store.config.signUp !== "closed",
        seesKeys: allows(actor, "apikey.read", { organisationId }),
        seesTransfers: allows(actor, "transfer.read", { organisationId }),
      }),
    again === null ? {} : { status: again.status },
  );
}

/** As the pages list it. */
export function invitationRow(
  ctx: Parameters<typeof authorName>[0],
  store: CallBase["store"],
  { id, email, role, storeRole, apps, createdBy, expiresAt }: Invitation,
) {
  const of = role === null ? null : ctx.t(`role.${role}`);
  const offered = [
    ...(of === null
      ? []
      : [apps === null ? of : ctx.t("role_apps.role_for", { role: of, count: apps.length })]),
    ...(storeRole === null ? [] : [ctx.t(`store_role.${storeRole}`)]),
  ];
  const words = offered.length === 0 ? ctx.t("store_role.none") : offered.join(", ");
  return { id, email, role: words, by: authorName(ctx, store, createdBy), expiresAt };
}

/** @throws Problem `field.invalid` for what is none. */
export function roleOf(text: string): OrganisationRole {
  const role = ORGANISATION_ROLES.find((each) => each === text);
  if (role !== undefined) return role;
  const message = say`A role is one of ${ORGANISATION_ROLES.join(", ")}.`;
  throw new Problem("unprocessable", "invitation.invalid", message, [
    { code: "field.invalid", pointer: "/role", message },
  ]);
}

export const memberRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "organisation.read",
    name: "membersPage",
    summary: "Who is in an organisation",
    params: PARAMS,
    query: Type.Object({ cursor: PAGE_QUERY.cursor }),
    handle: (call) => showMembers(call, call.params.organisationId, call.query),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: "/organisations/:organisationId/name",
    access: "organisation.manage",
    name: "renameOrganisationForm",
    summary: "Give an organisation another name",
    params: PARAMS,
    body: formBody(["name"]),
    handle: async (call) => {
      const { store, actor, body } = call;
      const { organisationId } = call.params;
      const outcome = await attempt(
        () => renameOrganisation(store, actor, organisationId, body.name),
        ["unprocessable", "conflict", "too_many_requests"],
      );
      if (!isProblem(outcome)) return goOn(call, pathOf(organisationId), "organisation_renamed");
      const errors = fieldErrors(outcome, ["name"]);
      return showMembers(call, organisationId, {}, { name: body.name, errors, status: statusOf(outcome) });
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/invite`,
    access: "organisation.manage",
    name: "inviteMemberForm",
    summary: "Invite somebody into an organisation",
    params: PARAMS,
    body: formPairs(),
    handle: async (call) => {
      const { store, actor } = call;
      const { organisationId } = call.params;
      const field = (name: string) => call.body.find(([each]) => each === name)?.[1] ?? "";
      const email = field("email");
      const { apps, shown } = readRoleApps(call.body);
      const outcome = await attempt(() =>
        invite(store, actor, { email, member: { organisationId, role: roleOf(field("role")), apps } }),
      );
      if (!isProblem(outcome)) return goOn(call, pathOf(organisationId), "invited");
      const role = ORGANISATION_ROLES.find((each) => each === field("role")) ?? "developer";
      return showMembers(
        call,
        organisationId,
        {},
        {
          values: { email, role, apps: shown },
          errors: appsErrors(outcome, ["email", "role"]),
          status: statusOf(outcome),
        },
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/invitations/:invitationId/revoke`,
    access: "organisation.manage",
    name: "revokeInvitationForm",
    summary: "Take back an invitation into an organisation",
    params: Type.Object({ organisationId: ORGANISATION_ID, invitationId: INVITATION_ID }),
    handle: (call) => {
      const { organisationId, invitationId } = call.params;
      authorise(call.actor, "organisation.manage", { organisationId }, organisationNotFound);
      revokeInvitation(call.store, call.actor, invitationId, organisationId);
      return goOn(call, pathOf(organisationId), "invitation_revoked");
    },
  }),
  ...(["remove", "leave"] as const).flatMap((act) => [
    defineRoute({
      area: "page",
      method: "GET",
      path: act === "leave" ? `${PATH}/leave` : `${PATH}/:accountId/remove`,
      // Also whose role shows them no more than some apps may leave.
      access: act === "leave" ? "self.change" : "organisation.manage",
      name: `${act}MemberPage`,
      summary: act === "leave" ? "The question before leaving" : "The question before a member is removed",
      params: act === "leave" ? PARAMS : MEMBER_PARAMS,
      handle: (call) => {
        const { store, actor } = call;
        const { organisationId } = call.params;
        if (act === "remove")
          authorise(actor, "organisation.manage", { organisationId }, organisationNotFound);
        const member =
          act === "leave"
            ? readOwnMember(store, personOf(actor), organisationId)
            : readMember(store, actor, { organisationId, accountId: accountOf(call.params) });
        const mayLook = allows(actor, "organisation.read", { organisationId });
        const organisation = readOrganisation(store, organisationId).name;
        return show(call, (ctx) =>
          leavingPage(ctx, {
            act,
            organisation,
            name: member.name,
            action: call.url.pathname,
            cancelHref: mayLook ? pathOf(organisationId) : "/account",
          }),
        );
      },
    }),
    defineRoute({
      area: "page",
      method: "POST",
      path: act === "leave" ? `${PATH}/leave` : `${PATH}/:accountId/remove`,
      access: act === "leave" ? "self.change" : "organisation.manage",
      name: `${act}MemberForm`,
      summary: act === "leave" ? "Leave an organisation" : "Remove a member",
      params: act === "leave" ? PARAMS : MEMBER_PARAMS,
      handle: async (call) => {
        const { store, actor } = call;
        const { organisationId } = call.params;
        const outcome = await attempt(() =>
          act === "leave"
            ? leaveOrganisation(store, personOf(actor), organisationId)
            : removeMember(store, actor, { organisationId, accountId: accountOf(call.params) }),
        );
        if (isProblem(outcome)) {
          return showMembers(
            call,
            organisationId,
            {},
            {
              errors: [{ field: "", message: outcome.words }],
              status: statusOf(outcome),
            },
          );
        }
        return act === "leave"
          ? goOn(call, "/dashboard", "member_left")
          : goOn(call, pathOf(organisationId), "member_removed");
      },
    }),
  ]),
];

function accountOf(params: object): AccountId {
  return ("accountId" in params ? params.accountId : "") as AccountId;
}
