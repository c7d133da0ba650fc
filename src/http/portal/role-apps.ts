/** The fields of a form that narrow a role to apps, read and offered. */
import { APP_FIELD, type OfferedApps, type RoleApps } from "../../../views/components/role-apps.tsx";
import type { FieldError } from "../../../views/page.ts";
import type { Actor } from "../../accounts/actor.ts";
import { allows } from "../../accounts/rights.ts";
import { listApps } from "../../catalog/app-list/list.ts";
import type { Store } from "../../context.ts";
import type { Problem } from "../../errors.ts";
import type { OrganisationId } from "../../ids.ts";
import { fieldErrors, tickedIn, typedIds } from "./form.ts";

/** More than these are not ticked but typed. */
const OFFERED = 50;

/** What somebody may narrow a role to; who may not see the apps types their ids. */
export function offeredApps(store: Store, actor: Actor, organisationId: OrganisationId): OfferedApps {
  if (!allows(actor, "app.read", { organisationId, toSomeApp: true })) return { apps: [], hasMore: true };
  const page = listApps(store, actor, { organisationIds: [organisationId], limit: OFFERED });
  return { apps: page.items.map(({ id, name }) => ({ id, name })), hasMore: page.nextCursor !== null };
}

/** What stands in the form for a role that is so. */
export function roleAppsOf(apps: readonly string[] | null, offered: OfferedApps): RoleApps {
  const listed = new Set(offered.apps.map(({ id }) => id));
  const chosen = apps ?? [];
  return {
    reach: apps === null ? "all" : "some",
    chosen: chosen.filter((id) => listed.has(id)),
    more: chosen.filter((id) => !listed.has(id)).join(" "),
  };
}

/** What is wrong with the apps stands beside the choice of which there are any. */
export function appsErrors(problem: Problem, fields: readonly string[]): FieldError[] {
  return fieldErrors(problem, [...fields, "apps"]).map(({ field, message }) => ({
    field: field === "apps" ? "reach" : field,
    message,
  }));
}

/** What was sent: as the acting functions take it, and to be shown again. */
export function readRoleApps(pairs: readonly (readonly [string, string])[]): {
  readonly apps: readonly string[] | null;
  readonly shown: RoleApps;
} {
  const last = (name: string) => pairs.findLast(([each]) => each === name)?.[1] ?? "";
  const more = last("more");
  const chosen = tickedIn(pairs, APP_FIELD);
  const reach = last("reach") === "some" ? "some" : "all";
  return { apps: reach === "all" ? null : [...chosen, ...typedIds(more)], shown: { reach, chosen, more } };
}
