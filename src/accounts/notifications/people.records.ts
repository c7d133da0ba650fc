/** The SQL of whom an event is told to. Nothing here decides. */
import { and, asc, eq, gt, inArray, isNotNull, isNull, or } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { accounts, memberships } from "../../db/schema.ts";
import type { AccountId, AppId, OrganisationId } from "../../ids.ts";
import type { OrganisationRole, StoreRole } from "../../roles.ts";

export type MemberRow = {
  readonly accountId: AccountId;
  readonly role: OrganisationRole;
  readonly apps: readonly AppId[] | null;
  readonly createdAt: Date;
  readonly provider: string | null;
  readonly confirmedAt: Date | null;
  readonly disabledAt: Date | null;
};

/** Whatever their roles, in the order of their ids: how many are looked at does not depend on how many are found. */
export const membersAfter = (
  tx: Tx,
  organisationId: OrganisationId,
  after: AccountId | "",
  limit: number,
): MemberRow[] =>
  tx
    .select({
      accountId: memberships.accountId,
      role: memberships.role,
      apps: memberships.apps,
      createdAt: memberships.createdAt,
      provider: memberships.provider,
      confirmedAt: memberships.confirmedAt,
      disabledAt: accounts.disabledAt,
    })
    .from(memberships)
    .innerJoin(accounts, eq(accounts.id, memberships.accountId))
    .where(and(eq(memberships.organisationId, organisationId), gt(memberships.accountId, after as AccountId)))
    .orderBy(asc(memberships.accountId))
    .limit(limit)
    .all();

/** Who can sign in; not who has the role on record alone, since no group of theirs says so any more. */
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
