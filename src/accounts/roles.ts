/**
 * A person's roles, read from the database no further than they are asked for: with each request only one or two of them
 * matter, and somebody may be in ten thousand organisations.
 */

import type { Tx } from "../db/database.ts";
import type { AccountId, AppId, OrganisationId } from "../ids.ts";
import type { OrganisationRole } from "../roles.ts";
import type { Roles, RolesAnywhere } from "./actor.ts";
import { findMembership, type Membership, membershipsOf, rolesAnywhere } from "./memberships.records.ts";

type Held = { readonly role: OrganisationRole; readonly apps: ReadonlySet<AppId> | null };

/**
 * @param since Roles that rest on a group count when it was confirmed later than that.
 * @param known The roles that they have anywhere, where that was read already.
 */
export function rolesOf(tx: Tx, accountId: AccountId, since: Date, known?: RolesAnywhere): Roles {
  const asked = new Map<OrganisationId, Held | undefined>();
  let all: ReadonlyMap<OrganisationId, OrganisationRole> | undefined;
  let anywhere = known;
  const heldOf = (
    member: Pick<Membership, "role" | "provider" | "confirmedAt" | "apps">,
  ): Held | undefined =>
    member.provider === null || (member.confirmedAt !== null && member.confirmedAt > since)
      ? { role: member.role, apps: member.apps === null ? null : new Set(member.apps) }
      : undefined;
  const whole = () => {
    if (all !== undefined) return all;
    const roles = new Map<OrganisationId, OrganisationRole>();
    for (const member of membershipsOf(tx, accountId)) {
      const held = heldOf(member);
      asked.set(member.id, held);
      if (held !== undefined) roles.set(member.id, held.role);
    }
    all = roles;
    return all;
  };
  const find = (id: OrganisationId): Held | undefined => {
    if (all === undefined && !asked.has(id)) {
      const found = findMembership(tx, id, accountId);
      asked.set(id, found === undefined ? undefined : heldOf(found));
    }
    return asked.get(id);
  };
  const get = (id: OrganisationId): OrganisationRole | undefined => find(id)?.role;
  return {
    get,
    has: (id) => get(id) !== undefined,
    get size() {
      return whole().size;
    },
    keys: () => whole().keys(),
    values: () => whole().values(),
    entries: () => whole().entries(),
    forEach: (each) => whole().forEach(each),
    [Symbol.iterator]: () => whole()[Symbol.iterator](),
    appsOf: (id) => find(id)?.apps ?? null,
    hasAny(roles, how) {
      anywhere ??= rolesAnywhere(tx, accountId, since);
      const own = anywhere;
      return roles.some((role) => own.whole.has(role) || (how === "any" && own.narrowed.has(role)));
    },
  };
}
