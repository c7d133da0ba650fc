/** The SQL of who has which role in which organisation, and had. Nothing here decides. */
import { and, asc, eq, gt, gte, isNotNull, isNull, lte, ne, or, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { hot } from "../db/hot.ts";
import { accounts, memberships, organisations, pastMemberships } from "../db/schema.ts";
import type { AccountId, AppId, OrganisationId } from "../ids.ts";
import { ORGANISATION_ROLES, type OrganisationRole } from "../roles.ts";
import type { RolesAnywhere } from "./actor.ts";
import type { AccountRow } from "./records.ts";

const membershipStatement = hot((tx) =>
  tx
    .select()
    .from(memberships)
    .where(
      and(
        eq(memberships.organisationId, sql.placeholder("organisationId")),
        eq(memberships.accountId, sql.placeholder("accountId")),
      ),
    )
    .prepare(),
);

export const findMembership = (
  tx: Tx,
  organisationId: OrganisationId,
  accountId: AccountId,
): typeof memberships.$inferSelect | undefined => membershipStatement(tx).get({ organisationId, accountId });

/** Each by an index of its own: who has ten thousand roles of one kind may have none of the other. */
const WHOLE = "memberships AS m INDEXED BY memberships_whole WHERE m.apps IS NULL";
const NARROWED =
  "memberships AS m INDEXED BY memberships_narrowed WHERE m.apps IS NOT NULL AND m.apps <> '[]'";

/**
 * The roles that an account has in one organisation or another, as a sum: 1 of an owner, 2 of a maintainer, 4, 8, and from 16
 * on of those that are narrowed to apps. Of those that rest on a group, the ones that were confirmed later than the
 * placeholder `since`. Who has none that is narrowed, as most, is not looked for once for each role.
 * @param account The column with its id, with the table's name: without, it would be that of the memberships.
 */
export const anywhereOf = (account: "accounts.id" | "api_keys.account_id") => {
  const rolesOfKind = (kind: string, shift: number) =>
    sql.join(
      ORGANISATION_ROLES.map(
        (role, bit) =>
          sql`(EXISTS (SELECT 1 FROM ${sql.raw(kind)} AND m.account_id = ${sql.raw(account)} AND m.role = ${sql.raw(`'${role}'`)} AND (m.provider IS NULL OR m.confirmed_at > ${sql.placeholder("since")})) << ${sql.raw(String(shift + bit))})`,
      ),
      sql.raw(" | "),
    );
  const narrowed = rolesOfKind(NARROWED, ORGANISATION_ROLES.length);
  return sql<number>`(${rolesOfKind(WHOLE, 0)} | CASE WHEN EXISTS (SELECT 1 FROM ${sql.raw(NARROWED)} AND m.account_id = ${sql.raw(account)}) THEN ${narrowed} ELSE 0 END)`;
};

export const rolesIn = (sum: number): RolesAnywhere => {
  const from = (shift: number) =>
    new Set(ORGANISATION_ROLES.filter((_, bit) => (sum & (1 << (shift + bit))) !== 0));
  return { whole: from(0), narrowed: from(ORGANISATION_ROLES.length) };
};

const rolesStatement = hot((tx) =>
  tx
    .select({ anywhere: anywhereOf("accounts.id") })
    .from(accounts)
    .where(eq(accounts.id, sql.placeholder("accountId")))
    .prepare(),
);

export const rolesAnywhere = (tx: Tx, accountId: AccountId, since: Date): RolesAnywhere =>
  rolesIn(rolesStatement(tx).get({ accountId, since: since.getTime() })?.anywhere ?? 0);

/** Providers whose groups gave a role in an organisation that was not confirmed later than that. */
export const pausedMemberships = (tx: Tx, accountId: AccountId, since: Date): string[] =>
  tx
    .selectDistinct({ provider: memberships.provider })
    .from(memberships)
    .where(
      and(
        eq(memberships.accountId, accountId),
        isNotNull(memberships.provider),
        or(isNull(memberships.confirmedAt), lte(memberships.confirmedAt, since)),
      ),
    )
    .all()
    .flatMap(({ provider }) => (provider === null ? [] : [provider]));

const isOf = (organisationId: OrganisationId, accountId: AccountId) =>
  and(eq(memberships.organisationId, organisationId), eq(memberships.accountId, accountId));

export const removeMembership = (tx: Tx, organisationId: OrganisationId, accountId: AccountId): void => {
  tx.delete(memberships).where(isOf(organisationId, accountId)).run();
};

export type MemberRow = Pick<AccountRow, "email" | "name" | "disabledAt"> & {
  readonly accountId: AccountId;
  readonly role: OrganisationRole;
  readonly since: Date;
  readonly provider: string | null;
  readonly confirmedAt: Date | null;
  /** The apps that the role is narrowed to; null: the whole organisation. */
  readonly apps: readonly AppId[] | null;
};

const memberColumns = {
  accountId: accounts.id,
  email: accounts.email,
  name: accounts.name,
  disabledAt: accounts.disabledAt,
  role: memberships.role,
  since: memberships.createdAt,
  provider: memberships.provider,
  confirmedAt: memberships.confirmedAt,
  apps: memberships.apps,
};

/** Those whose role is of this app, who may do most first and then by name. */
export const membersOfApp = (
  tx: Tx,
  { organisationId, appId }: { readonly organisationId: OrganisationId; readonly appId: AppId },
  limit: number,
): MemberRow[] =>
  tx
    .select(memberColumns)
    .from(memberships)
    .innerJoin(accounts, eq(accounts.id, memberships.accountId))
    .where(
      and(
        eq(memberships.organisationId, organisationId),
        or(
          isNull(memberships.apps),
          sql`EXISTS (SELECT 1 FROM json_each(${memberships.apps}) WHERE value = ${appId})`,
        ),
      ),
    )
    .orderBy(
      sql`instr(${ORGANISATION_ROLES.join(" ")}, ${memberships.role})`,
      sql`${accounts.name} COLLATE NOCASE`,
      asc(accounts.id),
    )
    .limit(limit)
    .all();

/** By name; of one person, where that is said. */
export const membersOf = (tx: Tx, organisationId: OrganisationId, accountId?: AccountId): MemberRow[] =>
  tx
    .select(memberColumns)
    .from(memberships)
    .innerJoin(accounts, eq(accounts.id, memberships.accountId))
    .where(
      and(
        eq(memberships.organisationId, organisationId),
        accountId === undefined ? undefined : eq(memberships.accountId, accountId),
      ),
    )
    .orderBy(sql`${accounts.name} COLLATE NOCASE`, asc(accounts.id))
    .all();

/** Who is an owner and can sign in; those of groups, where a provider has named the group since. */
export const isActiveOwner = (since: Date) =>
  and(
    eq(memberships.role, "owner" satisfies OrganisationRole),
    isNull(accounts.disabledAt),
    or(isNull(memberships.provider), gt(memberships.confirmedAt, since)),
  );

/**
 * Owners who can sign in, other than `except`; not those whose group is gone.
 * @param since As `ownersSince` gives it.
 */
export const activeOwners = (
  tx: Tx,
  organisationId: OrganisationId,
  since: Date,
  except?: AccountId,
): number =>
  tx
    .select({ n: sql<number>`count(*)` })
    .from(memberships)
    .innerJoin(accounts, eq(accounts.id, memberships.accountId))
    .where(
      and(
        eq(memberships.organisationId, organisationId),
        isActiveOwner(since),
        except === undefined ? undefined : ne(accounts.id, except),
      ),
    )
    .get()?.n ?? 0;

export const insertPastMembership = (tx: Tx, row: typeof pastMemberships.$inferInsert): void => {
  tx.insert(pastMemberships).values(row).run();
};

/** Whether a role of theirs ended at that time or later: any, or only one that is more than a viewer's. */
export const wasMember = (
  tx: Tx,
  organisationId: OrganisationId,
  accountId: AccountId,
  since: Date,
  as: "any" | "more than a viewer" = "any",
): boolean =>
  tx
    .select({ role: pastMemberships.role })
    .from(pastMemberships)
    .where(
      and(
        eq(pastMemberships.accountId, accountId),
        eq(pastMemberships.organisationId, organisationId),
        gte(pastMemberships.until, since),
        as === "any" ? undefined : ne(pastMemberships.role, "viewer"),
      ),
    )
    .limit(1)
    .get() !== undefined;

export const upsertMembership = (tx: Tx, row: typeof memberships.$inferInsert): void => {
  tx.insert(memberships)
    .values(row)
    .onConflictDoUpdate({
      target: [memberships.organisationId, memberships.accountId],
      // Who gives a role by hand takes it over from a group.
      set: {
        role: row.role,
        provider: row.provider ?? null,
        confirmedAt: row.confirmedAt ?? null,
        apps: row.apps ?? null,
      },
    })
    .run();
};

/** Of the organisation's members those whose role is narrowed to this app, maybe among others. */
export const narrowedTo = (
  tx: Tx,
  organisationId: OrganisationId,
  appId: AppId,
): (typeof memberships.$inferSelect)[] =>
  tx
    .select()
    .from(memberships)
    .where(
      and(
        eq(memberships.organisationId, organisationId),
        isNotNull(memberships.apps),
        sql`EXISTS (SELECT 1 FROM json_each(${memberships.apps}) WHERE value = ${appId})`,
      ),
    )
    .all();

export const setMembershipApps = (
  tx: Tx,
  organisationId: OrganisationId,
  accountId: AccountId,
  apps: readonly AppId[],
): void => {
  tx.update(memberships).set({ apps }).where(isOf(organisationId, accountId)).run();
};

const membershipsStatement = hot((tx) =>
  tx
    .select({
      id: organisations.id,
      name: organisations.name,
      role: memberships.role,
      provider: memberships.provider,
      confirmedAt: memberships.confirmedAt,
      apps: memberships.apps,
    })
    .from(memberships)
    .innerJoin(organisations, eq(organisations.id, memberships.organisationId))
    .where(eq(memberships.accountId, sql.placeholder("accountId")))
    .orderBy(asc(organisations.name), asc(organisations.id))
    .prepare(),
);

/** The organisations of a person, by name. */
export const membershipsOf = (tx: Tx, accountId: AccountId): Membership[] =>
  membershipsStatement(tx).all({ accountId });

export type Membership = {
  readonly id: OrganisationId;
  readonly name: string;
  readonly role: OrganisationRole;
  /** null: it rests on no group. */
  readonly provider: string | null;
  readonly confirmedAt: Date | null;
  /** The apps that it is narrowed to; null: the whole organisation. */
  readonly apps: readonly AppId[] | null;
};

/** A group said so again, or with null not any more though the role must stand for the record. */
export const confirmMembership = (
  tx: Tx,
  organisationId: OrganisationId,
  accountId: AccountId,
  confirmedAt: Date | null,
): void => {
  tx.update(memberships).set({ confirmedAt }).where(isOf(organisationId, accountId)).run();
};
