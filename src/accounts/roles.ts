/**
 * A person's roles, read from the database no further than they are asked for: with each request only one or two of them
 * matter, and somebody may be in ten thousand organisations.
 */
import type { Tx } from "../db/database.ts";
import type { AccountId, OrganisationId } from "../ids.ts";
import type { OrganisationRole, Roles } from "./actor.ts";
import { findMembership, type Membership, membershipsOf, rolesAnywhere } from "./records.ts";

/**
 * @param since Roles that rest on a group count when it was confirmed later than that.
 * @param known The roles that they have anywhere, where that was read already.
 */
export function rolesOf(
  tx: Tx,
  accountId: AccountId,
  since: Date,
  known?: ReadonlySet<OrganisationRole>,
): Roles {
  const asked = new Map<OrganisationId, OrganisationRole | undefined>();
  let all: ReadonlyMap<OrganisationId, OrganisationRole> | undefined;
  let anywhere = known;
  const counts = ({ provider, confirmedAt }: Pick<Membership, "provider" | "confirmedAt">): boolean =>
    provider === null || (confirmedAt !== null && confirmedAt > since);
  const whole = () => {
    all ??= new Map(
      membershipsOf(tx, accountId)
        .filter(counts)
        .map(({ id, role }) => [id, role]),
    );
    return all;
  };
  const get = (id: OrganisationId): OrganisationRole | undefined => {
    if (all !== undefined) return all.get(id);
    if (!asked.has(id)) {
      const found = findMembership(tx, id, accountId);
      asked.set(id, found !== undefined && counts(found) ? found.role : undefined);
    }
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
      anywhere ??= rolesAnywhere(tx, accountId, since);
      const own = anywhere;
      return roles.some((role) => own.has(role));
    },
  };
}
