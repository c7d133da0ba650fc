/**
 * A person's roles, read from the database no further than they are asked for: with each request only one or two of them
 * matter, and somebody may be in ten thousand organisations.
 */
import type { Tx } from "../db/database.ts";
import type { AccountId, OrganisationId } from "../ids.ts";
import type { OrganisationRole, Roles } from "./actor.ts";
import { findMembership, membershipsOf, rolesAnywhere } from "./records.ts";

/** @param known The roles that they have anywhere, where that was read already. */
export function rolesOf(tx: Tx, accountId: AccountId, known?: ReadonlySet<OrganisationRole>): Roles {
  const asked = new Map<OrganisationId, OrganisationRole | undefined>();
  let all: ReadonlyMap<OrganisationId, OrganisationRole> | undefined;
  let anywhere = known;
  const whole = () => {
    all ??= new Map(membershipsOf(tx, accountId).map(({ id, role }) => [id, role]));
    return all;
  };
  const get = (id: OrganisationId): OrganisationRole | undefined => {
    if (all !== undefined) return all.get(id);
    if (!asked.has(id)) asked.set(id, findMembership(tx, id, accountId)?.role);
    return asked.get(id);
  };
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
    hasAny(roles) {
      anywhere ??= rolesAnywhere(tx, accountId);
      const own = anywhere;
      return roles.some((role) => own.has(role));
    },
  };
}
