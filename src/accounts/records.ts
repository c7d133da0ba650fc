/** The SQL of people, organisations, sessions and keys. Nothing here decides. */

import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, ne, or, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { hot } from "../db/hot.ts";
import {
  accounts,
  apiKeys,
  memberships,
  oneTimeTokens,
  organisations,
  pastMemberships,
  pendingSignIns,
  sessions,
  settings,
} from "../db/schema.ts";
import type { AccountId, ApiKeyId, AppId, OrganisationId, Sha256 } from "../ids.ts";
import { ORGANISATION_ROLES, type OrganisationRole, type StoreRole } from "../roles.ts";
import type { RolesAnywhere } from "./actor.ts";

export type AccountRow = typeof accounts.$inferSelect;
export type OrganisationRow = typeof organisations.$inferSelect;
export type SessionRow = typeof sessions.$inferSelect;
export type OneTimeTokenRow = typeof oneTimeTokens.$inferSelect;

export const accountByEmail = (tx: Tx, emailKey: string): AccountRow | undefined =>
  tx.select().from(accounts).where(eq(accounts.emailKey, emailKey)).get();

const accountStatement = hot((tx) =>
  tx
    .select()
    .from(accounts)
    .where(eq(accounts.id, sql.placeholder("id")))
    .prepare(),
);

export const accountById = (tx: Tx, id: AccountId): AccountRow | undefined =>
  accountStatement(tx).get({ id });

export const insertAccount = (tx: Tx, row: typeof accounts.$inferInsert): AccountRow =>
  tx.insert(accounts).values(row).returning().get();

export const updateAccount = (
  tx: Tx,
  id: AccountId,
  change: Partial<Omit<AccountRow, "id" | "createdAt">>,
): AccountRow | undefined => tx.update(accounts).set(change).where(eq(accounts.id, id)).returning().get();

/** In the order in which they were made. */
export const allAccounts = (tx: Tx): AccountRow[] =>
  tx.select().from(accounts).orderBy(asc(accounts.id)).all();

/** Newest first; those whose name or address holds the text, in lower case, where it is not "". */
export const searchAccounts = (
  tx: Tx,
  { search, after, limit }: { readonly search: string; readonly after?: AccountId; readonly limit: number },
): AccountRow[] =>
  tx
    .select()
    .from(accounts)
    .where(
      and(
        search === ""
          ? undefined
          : sql`(instr(${accounts.emailKey}, ${search}) OR instr(lower(${accounts.name}), ${search}))`,
        after === undefined ? undefined : lt(accounts.id, after),
      ),
    )
    .orderBy(desc(accounts.id))
    .limit(limit)
    .all();

/** Administrators who can sign in, other than `except`; not those whose group is gone. */
export const activeAdministrators = (tx: Tx, except?: AccountId): number =>
  tx
    .select({ n: sql<number>`count(*)` })
    .from(accounts)
    .where(
      and(
        eq(accounts.storeRole, "administrator" satisfies StoreRole),
        isNull(accounts.disabledAt),
        or(isNull(accounts.storeRoleProvider), isNotNull(accounts.storeRoleConfirmedAt)),
        except === undefined ? undefined : ne(accounts.id, except),
      ),
    )
    .get()?.n ?? 0;

export const insertOrganisation = (tx: Tx, row: typeof organisations.$inferInsert): OrganisationRow =>
  tx.insert(organisations).values(row).returning().get();

export const organisationById = (tx: Tx, id: OrganisationId): OrganisationRow | undefined =>
  tx.select().from(organisations).where(eq(organisations.id, id)).get();

export const allOrganisations = (tx: Tx): (OrganisationRow & { members: number })[] =>
  tx
    .select({
      id: organisations.id,
      name: organisations.name,
      createdAt: organisations.createdAt,
      members: sql<number>`(SELECT count(*) FROM memberships WHERE organisation_id = ${organisations.id})`,
    })
    .from(organisations)
    .orderBy(asc(organisations.id))
    .all();

/** In the order in which they were made; `among` null: all. */
export const selectOrganisations = (
  tx: Tx,
  page: {
    readonly among: readonly OrganisationId[] | null;
    readonly after?: OrganisationId;
    readonly limit: number;
  },
): OrganisationRow[] =>
  tx
    .select()
    .from(organisations)
    .where(
      and(
        page.among === null ? undefined : inArray(organisations.id, [...page.among]),
        page.after === undefined ? undefined : gt(organisations.id, page.after),
      ),
    )
    .orderBy(asc(organisations.id))
    .limit(page.limit)
    .all();

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
const KINDS = [
  "memberships AS m INDEXED BY memberships_whole WHERE m.apps IS NULL",
  "memberships AS m INDEXED BY memberships_narrowed WHERE m.apps IS NOT NULL AND m.apps <> '[]'",
] as const;

/**
 * The roles that an account has in one organisation or another, as a sum: 1 of an owner, 2 of a maintainer, 4, 8, and from 16
 * on of those that are narrowed to apps. Of those that rest on a group, the ones that were confirmed later than the
 * placeholder `since`.
 * @param account The column with its id, with the table's name: without, it would be that of the memberships.
 */
export const anywhereOf = (account: "accounts.id" | "api_keys.account_id") =>
  sql<number>`${sql.join(
    KINDS.flatMap((kind, of) =>
      ORGANISATION_ROLES.map(
        (role, bit) =>
          sql`(EXISTS (SELECT 1 FROM ${sql.raw(kind)} AND m.account_id = ${sql.raw(account)} AND m.role = ${sql.raw(`'${role}'`)} AND (m.provider IS NULL OR m.confirmed_at > ${sql.placeholder("since")})) << ${sql.raw(String(of * ORGANISATION_ROLES.length + bit))})`,
      ),
    ),
    sql.raw(" | "),
  )}`;

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

export const removeMembership = (tx: Tx, organisationId: OrganisationId, accountId: AccountId): void => {
  tx.delete(memberships)
    .where(and(eq(memberships.organisationId, organisationId), eq(memberships.accountId, accountId)))
    .run();
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

/** By name; of one person, where that is said. */
export const membersOf = (tx: Tx, organisationId: OrganisationId, accountId?: AccountId): MemberRow[] =>
  tx
    .select({
      accountId: accounts.id,
      email: accounts.email,
      name: accounts.name,
      disabledAt: accounts.disabledAt,
      role: memberships.role,
      since: memberships.createdAt,
      provider: memberships.provider,
      confirmedAt: memberships.confirmedAt,
      apps: memberships.apps,
    })
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
const isActiveOwner = (since: Date) =>
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

export type SteppedOrganisation = OrganisationRow & {
  readonly members: number;
  /** Whether an owner of it can sign in. */
  readonly owned: boolean;
};

/** So many organisations in the order in which they were made, each with whether somebody answers for it. */
export const stepThroughOrganisations = (
  tx: Tx,
  step: { readonly after: OrganisationId | undefined; readonly limit: number; readonly since: Date },
): SteppedOrganisation[] => {
  const owner = tx
    .select({ one: sql`1` })
    .from(memberships)
    .innerJoin(accounts, eq(accounts.id, memberships.accountId))
    .where(and(eq(memberships.organisationId, organisations.id), isActiveOwner(step.since)));
  return tx
    .select({
      id: organisations.id,
      name: organisations.name,
      createdAt: organisations.createdAt,
      members: sql<number>`(SELECT count(*) FROM memberships AS m WHERE m.organisation_id = ${organisations.id})`,
      owned: sql<number>`EXISTS ${owner}`,
    })
    .from(organisations)
    .where(gt(organisations.id, step.after ?? ("" as OrganisationId)))
    .orderBy(asc(organisations.id))
    .limit(step.limit)
    .all()
    .map((row) => ({ ...row, owned: row.owned === 1 }));
};

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
  tx.update(memberships)
    .set({ apps })
    .where(and(eq(memberships.organisationId, organisationId), eq(memberships.accountId, accountId)))
    .run();
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
  tx.update(memberships)
    .set({ confirmedAt })
    .where(and(eq(memberships.organisationId, organisationId), eq(memberships.accountId, accountId)))
    .run();
};

export const insertSession = (tx: Tx, row: typeof sessions.$inferInsert): void => {
  tx.insert(sessions).values(row).run();
};

const sessionStatement = hot((tx) =>
  tx
    .select({ session: sessions, account: accounts })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(eq(sessions.id, sql.placeholder("id")))
    .prepare(),
);

export const sessionWithAccount = (
  tx: Tx,
  id: string,
): { session: SessionRow; account: AccountRow } | undefined => sessionStatement(tx).get({ id });

/** Newest first. */
export const sessionsOf = (tx: Tx, accountId: AccountId): SessionRow[] =>
  tx
    .select()
    .from(sessions)
    .where(eq(sessions.accountId, accountId))
    .orderBy(desc(sessions.createdAt), asc(sessions.id))
    .all();

/** Never past the absolute end of the session. */
export const extendSession = (tx: Tx, id: string, expiresAt: Date): void => {
  tx.update(sessions)
    .set({ expiresAt: sql`min(${sessions.endsAt}, ${expiresAt.getTime()})` })
    .where(eq(sessions.id, id))
    .run();
};

/** Whether it was there. */
export const removeSession = (tx: Tx, id: string): boolean =>
  tx.delete(sessions).where(eq(sessions.id, id)).returning({ id: sessions.id }).get() !== undefined;

/** With those that wait for a second factor: whatever ends the one ends the other. */
export const removeSessionsOf = (tx: Tx, accountId: AccountId, except?: string): void => {
  tx.delete(pendingSignIns).where(eq(pendingSignIns.accountId, accountId)).run();
  tx.delete(sessions)
    .where(and(eq(sessions.accountId, accountId), except === undefined ? undefined : ne(sessions.id, except)))
    .run();
};

export const removeExpiredSessions = (tx: Tx, now: Date): void => {
  tx.delete(sessions).where(lte(sessions.expiresAt, now)).run();
};

export const insertOneTimeToken = (tx: Tx, row: typeof oneTimeTokens.$inferInsert): void => {
  tx.insert(oneTimeTokens).values(row).run();
};

/** A token that was neither used nor has expired. */
export const usableToken = (
  tx: Tx,
  hash: Sha256,
  purpose: OneTimeTokenRow["purpose"],
  now: Date,
): OneTimeTokenRow | undefined =>
  tx
    .select()
    .from(oneTimeTokens)
    .where(
      and(
        eq(oneTimeTokens.hash, hash),
        eq(oneTimeTokens.purpose, purpose),
        isNull(oneTimeTokens.usedAt),
        gt(oneTimeTokens.expiresAt, now),
      ),
    )
    .get();

export const markTokenUsed = (tx: Tx, hash: Sha256, at: Date): void => {
  tx.update(oneTimeTokens).set({ usedAt: at }).where(eq(oneTimeTokens.hash, hash)).run();
};

export const removeTokens = (tx: Tx, purpose: OneTimeTokenRow["purpose"]): void => {
  tx.delete(oneTimeTokens).where(eq(oneTimeTokens.purpose, purpose)).run();
};

/** Tokens that can never be used again, kept a while so that a used link is told from an unknown one. */
export const removeSpentTokens = (tx: Tx, before: Date): void => {
  tx.delete(oneTimeTokens)
    .where(or(lt(oneTimeTokens.usedAt, before), lt(oneTimeTokens.expiresAt, before)))
    .run();
};

const settingStatement = hot((tx) =>
  tx
    .select({ value: settings.value })
    .from(settings)
    .where(eq(settings.name, sql.placeholder("name")))
    .prepare(),
);

export const readSetting = (tx: Tx, name: string): unknown => settingStatement(tx).get({ name })?.value;

export const writeSetting = (tx: Tx, name: string, value: unknown, at: Date): void => {
  tx.insert(settings)
    .values({ name, value, updatedAt: at })
    .onConflictDoUpdate({ target: settings.name, set: { value, updatedAt: at } })
    .run();
};

/**
 * Ids of whom or what has the words in its name, in any case of ASCII letters; at most so many of each.
 * @param also `addresses`: or in the address that somebody signs in with
 */
export function namesLike(
  tx: Tx,
  words: string,
  most: number,
  also: { readonly addresses: boolean },
): { accounts: AccountId[]; organisations: OrganisationId[]; keys: ApiKeyId[] } {
  const pattern = `%${words.replace(/[\\%_]/g, "\\$&")}%`;
  const like = (
    column: typeof accounts.name | typeof accounts.email | typeof organisations.name | typeof apiKeys.name,
  ) => sql`${column} LIKE ${pattern} ESCAPE '\\'`;
  const idsOf = <Id>(rows: readonly { id: Id }[]): Id[] => rows.map(({ id }) => id);
  return {
    accounts: idsOf(
      tx
        .select({ id: accounts.id })
        .from(accounts)
        .where(or(like(accounts.name), also.addresses ? like(accounts.email) : undefined))
        .limit(most)
        .all(),
    ),
    organisations: idsOf(
      tx
        .select({ id: organisations.id })
        .from(organisations)
        .where(like(organisations.name))
        .limit(most)
        .all(),
    ),
    keys: idsOf(tx.select({ id: apiKeys.id }).from(apiKeys).where(like(apiKeys.name)).limit(most).all()),
  };
}
