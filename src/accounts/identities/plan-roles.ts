/** Which roles groups give. Pure. */

import type { GroupGrant, Provider } from "../../config.providers.ts";
import type { OrganisationId } from "../../ids.ts";
import { ORGANISATION_ROLES, type OrganisationRole, STORE_ROLES, type StoreRole } from "../../roles.ts";
import { HOUR_MS } from "../../time.ts";

export type PlannedRoles = {
  readonly storeRole: StoreRole | null;
  readonly organisations: ReadonlyMap<OrganisationId, OrganisationRole>;
};

export const NO_ROLES: PlannedRoles = { storeRole: null, organisations: new Map() };

/** Of several groups the one counts whose role may most. */
export function planRoles(
  { groups: grants }: Pick<Provider, "groups">,
  groups: readonly string[],
): PlannedRoles {
  const held = grants.filter(({ group }) => groups.includes(group));
  const organisations = new Map<OrganisationId, OrganisationRole>();
  for (const grant of held) {
    if ("storeRole" in grant) continue;
    const id = grant.organisation as OrganisationId;
    organisations.set(id, more(ORGANISATION_ROLES, organisations.get(id) ?? grant.role, grant.role));
  }
  const storeRoles = held.flatMap((grant: GroupGrant) => ("storeRole" in grant ? [grant.storeRole] : []));
  return {
    storeRole: STORE_ROLES.find((role) => storeRoles.includes(role)) ?? null,
    organisations,
  };
}

function more<Role>(order: readonly Role[], one: Role, other: Role): Role {
  return order.indexOf(one) < order.indexOf(other) ? one : other;
}

/** Whether a role that rests on a group counts at this moment. One by hand has no provider, and always does. */
export function isInForce(
  { provider, confirmedAt }: { readonly provider: string | null; readonly confirmedAt: Date | null },
  pauseHours: number,
  now: Date,
): boolean {
  return provider === null || (confirmedAt !== null && confirmedAt > inForceSince(pauseHours, now));
}

/** What was confirmed then or before counts for nothing. */
export function inForceSince(pauseHours: number, now: Date): Date {
  return new Date(now.getTime() - pauseHours * HOUR_MS);
}
