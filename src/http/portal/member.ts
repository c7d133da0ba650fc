/** `/organisations/:organisationId/members/:accountId`: what one member may do, and to which apps. */

import { Type } from "@sinclair/typebox";
import type { RoleApps } from "../../../views/components/role-apps.tsx";
import type { FieldError } from "../../../views/page.ts";
import { memberPage } from "../../../views/pages/member.tsx";
import { changeRole, readMember } from "../../accounts/members.ts";
import { organisationNotFound, readOrganisation } from "../../accounts/organisations.ts";
import { findProvider } from "../../accounts/providers/ask.ts";
import { authorise } from "../../accounts/rights.ts";
import { isProblem } from "../../errors.ts";
import type { AccountId, OrganisationId } from "../../ids.ts";
import type { OrganisationRole } from "../../roles.ts";
import { formPairs } from "../body.ts";
import { statusOf } from "../errors.ts";
import { type CallBase, defineRoute, type Route } from "../route.ts";
import { ORGANISATION_ID } from "../schemas.ts";
import { ACCOUNT_ID } from "../schemas-accounts.ts";
import { attempt } from "./form.ts";
import { roleOf } from "./members.ts";
import { goOn, show } from "./page.ts";
import { appsErrors, offeredApps, readRoleApps, roleAppsOf } from "./role-apps.ts";

const PATH = "/organisations/:organisationId/members/:accountId";
const PARAMS = Type.Object({ organisationId: ORGANISATION_ID, accountId: ACCOUNT_ID });

type Of = { readonly organisationId: OrganisationId; readonly accountId: AccountId };
type Again = {
  readonly role: OrganisationRole | null;
  readonly apps: RoleApps;
  readonly errors: readonly FieldError[];
  readonly status: number;
};

function showMember(call: CallBase, of: Of, again: Again | null = null): Promise<Response> {
  const { store, actor } = call;
  const { organisationId } = of;
  authorise(actor, "organisation.manage", { organisationId }, organisationNotFound);
  const { accountId, name, email, disabledAt, role, provider, apps } = readMember(store, actor, of);
  const offered = offeredApps(store, actor, organisationId);
  return show(
    call,
    (ctx) =>
      memberPage(ctx, {
        organisation: readOrganisation(store, organisationId),
        member: { accountId, name, email, disabled: disabledAt !== null },
        group: provider === null ? null : (findProvider(store, provider)?.name ?? provider),
        role: again?.role ?? role,
        apps: again?.apps ?? roleAppsOf(apps, offered),
        offered,
        errors: again?.errors ?? [],
      }),
    again === null ? {} : { status: again.status },
  );
}

export const memberPageRoutes: readonly Route[] = [
  defineRoute({
    area: "page",
    method: "GET",
    path: PATH,
    access: "organisation.manage",
    name: "memberPage",
    summary: "What a member may do, and to which apps",
    params: PARAMS,
    handle: (call) => showMember(call, call.params),
  }),
  defineRoute({
    area: "page",
    method: "POST",
    path: PATH,
    access: "organisation.manage",
    name: "changeMemberForm",
    summary: "Give a member another role, or narrow it to apps",
    params: PARAMS,
    body: formPairs(),
    handle: async (call) => {
      const { store, actor, params, body } = call;
      const text = body.find(([name]) => name === "role")?.[1] ?? "";
      const { apps, shown } = readRoleApps(body);
      const outcome = await attempt(() => changeRole(store, actor, params, { role: roleOf(text), apps }));
      if (!isProblem(outcome)) {
        return goOn(call, `/organisations/${params.organisationId}/members`, "member_changed");
      }
      const errors = appsErrors(outcome, ["role"]);
      return showMember(call, params, { role: null, apps: shown, errors, status: statusOf(outcome) });
    },
  }),
];
