/** `/admin/people`: every account, invitations to the store, and what administrators do about accounts. */

import { Type } from "@sinclair/typebox";
import { narrowedHref } from "../../../views/components/filter-form.tsx";
import type { FieldError } from "../../../views/page.ts";
import { type PersonRow, peoplePage } from "../../../views/pages/people.tsx";
import { personPage } from "../../../views/pages/person.tsx";
import type { Actor } from "../../accounts/actor.ts";
import {
  endSessionOf,
  endSessionsOf,
  listPeople,
  listSessionsOf,
  type Person,
  readPerson,
  sendPasswordLink,
} from "../../accounts/administration.ts";
import { askToDeletePerson, keepPerson } from "../../accounts/deletion/ask.ts";
import { resetFactors } from "../../accounts/factors/change.ts";
import { chooseGroups } from "../../accounts/groups/groups.ts";
import { readGroupsOfPerson, setGroupsOfPerson } from "../../accounts/groups/members.ts";
import { invite, listInvitations, revokeInvitation } from "../../accounts/invitations/invite.ts";
import { disableAccount, enableAccount, setStoreRole } from "../../accounts/people.ts";
import { allowsEverywhere } from "../../accounts/rights.ts";
import { isProblem, Problem } from "../../errors.ts";
import type { AccountId } from "../../ids.ts";
import { STORE_ROLES, type StoreRole } from "../../roles.ts";
import { say } from "../../say.ts";
import { formBody, formPairs } from "../body.ts";
import { narrowedList, pageRequest } from "../cursor.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { PAGE_QUERY } from "../schemas.ts";
import { ACCOUNT_ID, INVITATION_ID } from "../schemas-accounts.ts";
import { identityRow, sessionRow } from "./account.ts";
import { attempt, fieldErrors } from "./form.ts";
import { groupsIn } from "./group-choice.ts";
import { invitationRow } from "./members.ts";
import { organisationLink } from "./organisation-link.ts";
import { goOn, pagerOf, show } from "./page.ts";

const PATH = "/admin/people";
const PARAMS = Type.Object({ accountId: ACCOUNT_ID });
const PER_PAGE = 25;
const INVITATIONS_SHOWN = 100;
/** What keeps an account from being deleted is told beside the form that would. */
const BY_CODE = { "account.deletion_hindered": "confirm", "account.not_disabled": "confirm" };

function personRow(
  actor: Actor,
  {
    id,
    name,
    email,
    emailProvenAt,
    storeRole,
    organisations,
    createdAt,
    disabledAt,
    deletionAt,
    staysDisabled,
  }: Person,
): PersonRow {
  return {
    id,
    name,
    email,
    proven: emailProvenAt !== null,
    storeRole,
    organisations: organisations.map((of) => organisationLink(actor, of)),
    since: createdAt,
    disabled: disabledAt !== null,
    deletionAt,
    staysDisabled,
  };
}

type Again = {
  readonly values: { readonly email: string; readonly storeRole: StoreRole | "" };
  readonly errors: readonly FieldError[];
  readonly status: number;
};

function showPeople(
  call: CallBase,
  asked: { readonly search?: string; readonly cursor?: string } = {},
  again: Again | null = null,
): Promise<Response> {
  const { store, actor } = call;
  const search = asked.search ?? "";
  const list = narrowedList("people", { search });
  const wanted = pageRequest(list, { ...asked, limit: PER_PAGE });
  const page = listPeople(store, actor, { search, ...wanted });
  const manages = allowsEverywhere(actor, "user.manage");
  const invited = allowsEverywhere(actor, "user.invited")
    ? listInvitations(store, actor, null, { limit: INVITATIONS_SHOWN }).items
    : null;
  const path = narrowedHref(PATH, { search });
  return show(
    call,
    (ctx) =>
      peoplePage(ctx, {
        people: page.items.map((person) => personRow(actor, person)),
        search,
        pager: pagerOf(list, path, { ...wanted, nextCursor: page.nextCursor }, () => null),
        manages,
        opens: allowsEverywhere(actor, "user.read"),
        invitations: invited?.map((row) => invitationRow(ctx, store, row)) ?? null,
        values: again?.values ?? { email: "", storeRole: "" },
        errors: again?.errors ?? [],
        strangersToo: store.config.signUp !== "closed",
      }),
    again === null ? {} : { status: again.status },
  );
}

function showPerson(call: CallBase, id: AccountId, problem?: Problem, typed = ""): Promise<Response> {
  const { store, actor } = call;
  const person = readPerson(store, actor, id);
  const own = new Set(readGroupsOfPerson(store, actor, id));
  return show(
    call,
    (ctx) =>
      personPage(ctx, {
        person: personRow(actor, person),
        identities: person.identities.map(identityRow),
        groups: chooseGroups(store, actor).map((group) => ({ ...group, in: own.has(group.id) })),
        sessions: listSessionsOf(store, actor, id).map((session) =>
          sessionRow({ ...session, current: session.id === call.session?.sessionId }),
        ),
        secondFactors: person.secondFactors,
        manages: allowsEverywhere(actor, "user.manage"),
        managesGroups: allowsEverywhere(actor, "group.manage"),
        typed,
        errors: problem === undefined ? [] : fieldErrors(problem, ["storeRole", "confirm"], BY_CODE),
        self: actor.kind === "account" && actor.accountId === id,
      }),
    problem === undefined ? {} : { status: statusOf(problem) },
  );
}

/** "" is no role. @throws Problem `invitation.invalid` for what is none. */
function storeRoleOf(text: string): StoreRole | null {
  if (text === "") return null;
  const role = STORE_ROLES.find((each) => each === text);
  if (role !== undefined) return role;
  const message = say`A role in the store is one of ${STORE_ROLES.join(", ")}, or none.`;
  throw new Problem("unprocessable", "invitation.invalid", message, [
    { code: "field.invalid", pointer: "/storeRole", message },
  ]);
}

const ACTS = [
  {
    verb: "sessions/end",
    name: "endPersonsSessionsForm",
    summary: "End every session of an account",
    act: endSessionsOf,
  },
  {
    verb: "second-factors/reset",
    name: "resetSecondFactorsForm",
    summary: "Remove every second factor of an account",
    act: resetFactors,
  },
  { verb: "disable", name: "disableAccountForm", summary: "Disable an account", act: disableAccount },
  { verb: "enable", name: "enableAccountForm", summary: "Enable an account", act: enableAccount },
  {
    verb: "keep",
    name: "keepPersonForm",
    summary: "Keep an account that was to be deleted",
    act: keepPerson,
  },
] as const;

export const peopleRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "user.read",
    name: "peoplePage",
    summary: "Every account of the store",
    query: Type.Object({
      search: Type.Optional(Type.String({ maxLength: 200 })),
      cursor: PAGE_QUERY.cursor,
    }),
    handle: (call) => showPeople(call, call.query),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/invite`,
    access: "user.manage",
    name: "invitePersonForm",
    summary: "Invite somebody to the store",
    body: formBody(["email", "storeRole"]),
    handle: async (call) => {
      const { store, actor, body } = call;
      const outcome = await attempt(() => {
        const storeRole = storeRoleOf(body.storeRole);
        return invite(store, actor, { email: body.email, ...(storeRole === null ? {} : { storeRole }) });
      });
      if (!isProblem(outcome)) return goOn(call, PATH, "invited");
      return showPeople(
        call,
        {},
        {
          values: { email: body.email, storeRole: STORE_ROLES.find((each) => each === body.storeRole) ?? "" },
          errors: fieldErrors(outcome, ["email", "storeRole"]),
          status: statusOf(outcome),
        },
      );
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/invitations/:invitationId/revoke`,
    access: "user.manage",
    name: "revokePersonsInvitationForm",
    summary: "Take back an invitation to the store",
    params: Type.Object({ invitationId: INVITATION_ID }),
    handle: (call) => {
      revokeInvitation(call.store, call.actor, call.params.invitationId, null);
      return goOn(call, PATH, "invitation_revoked");
    },
  }),
  defineRoute({
    area: "page",
    method: "GET",
    path: `${PATH}/:accountId`,
    access: "user.read",
    name: "personPage",
    summary: "An account, and what can be done about it",
    params: PARAMS,
    handle: (call) => showPerson(call, call.params.accountId),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/:accountId/groups`,
    access: "group.manage",
    name: "setPersonGroupsForm",
    summary: "Say which groups a person is in",
    params: PARAMS,
    body: formPairs(),
    handle: (call) => {
      const { accountId } = call.params;
      setGroupsOfPerson(call.store, call.actor, accountId, groupsIn(call.body));
      return goOn(call, `${PATH}/${accountId}`, "person_changed");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/:accountId/role`,
    access: "user.manage",
    name: "storeRoleForm",
    summary: "Give an account a role in the store",
    params: PARAMS,
    body: formBody(["storeRole"]),
    handle: async (call) => {
      const { accountId } = call.params;
      const outcome = await attempt(() =>
        setStoreRole(call.store, call.actor, accountId, storeRoleOf(call.body.storeRole)),
      );
      return isProblem(outcome)
        ? showPerson(call, accountId, outcome)
        : goOn(call, `${PATH}/${accountId}`, "person_changed");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/:accountId/password-link`,
    access: "user.manage",
    name: "passwordLinkForm",
    summary: "Write a person the message with a link to a new password",
    params: PARAMS,
    handle: async (call) => {
      const { accountId } = call.params;
      const outcome = await attempt(() => sendPasswordLink(call.store, call.actor, accountId));
      return isProblem(outcome)
        ? showPerson(call, accountId, outcome)
        : goOn(call, `${PATH}/${accountId}`, "letter_written");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/:accountId/delete`,
    access: "user.manage",
    name: "deletePersonForm",
    summary: "Delete an account that is disabled",
    params: PARAMS,
    body: formBody(["confirm"]),
    handle: async (call) => {
      const { store, actor, body, params } = call;
      const outcome = await attempt(() => askToDeletePerson(store, actor, params.accountId, body));
      if (isProblem(outcome)) return showPerson(call, params.accountId, outcome, body.confirm);
      store.wakeJobs();
      return goOn(call, `${PATH}/${params.accountId}`, "person_changed");
    },
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: `${PATH}/:accountId/sessions/end-one`,
    access: "user.manage",
    name: "endPersonsSessionForm",
    summary: "End one session of an account",
    params: PARAMS,
    body: formBody(["session"]),
    handle: (call) => {
      const { accountId } = call.params;
      endSessionOf(call.store, call.actor, accountId, call.body.session);
      return goOn(call, `${PATH}/${accountId}`, "session_ended");
    },
  }),
  ...ACTS.map(({ verb, name, summary, act }) =>
    defineRoute({
      area: "page",
      method: "POST",
      path: `${PATH}/:accountId/${verb}`,
      access: "user.manage",
      name,
      summary,
      params: PARAMS,
      handle: async (call) => {
        const { accountId } = call.params;
        const outcome = await attempt(() => void act(call.store, call.actor, accountId));
        return isProblem(outcome)
          ? showPerson(call, accountId, outcome)
          : goOn(call, `${PATH}/${accountId}`, "person_changed");
      },
    }),
  ),
];
