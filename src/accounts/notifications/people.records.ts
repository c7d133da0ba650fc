/** The SQL of whom an event is told to. Nothing here decides. */
import { and, asc, eq, inArray, isNotNull, isNull, or } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { accounts, memberships } from "../../db/schema.ts";
import type { AccountId, AppId, OrganisationId } from "../../ids.ts";
import type { OrganisationRole, StoreRole } from "../../roles.ts";

/** Who can sign in; not who has the role on record alone, since no group of theirs says so any more. */
export const membersWithRole = (
  tx: Tx,
  organisationId: OrganisationId,
  roles: readonly OrganisationRole[],
): { accountId: AccountId; apps: readonly AppId[] | null }[] =>
  tx
    .select({ accountId: accounts.id, apps: memberships.apps })
    .from(memberships)
    .innerJoin(accounts, eq(accounts.id, memberships.accountId))
    .where(
      and(
        eq(memberships.organisationId, organisationId),
        inArray(memberships.role, [...roles]),
        isNull(accounts.disabledAt),
        or(isNull(memberships.provider), isNotNull(memberships.confirmedAt)),
      ),
    )
    .orderBy(asc(memberships.accountId))
    .all();

/** As above. */
export const staffWithRole = (tx: Tx, roles: readonly StoreRole[]): AccountId[] =>
  tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(
      and(
        inArray(accounts.storeRole, [...roles]),
        isNull(accounts.disabledAt),
        or(isNull(accounts.storeRoleProvider), isNotNull(accounts.storeRoleConfirmedAt)),
      ),
    )
    .all()
    .map((row) => row.id);
