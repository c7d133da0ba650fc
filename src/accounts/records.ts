/** The SQL of people. Nothing here decides. */
import {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  isNotNull,
  isNull,
  lt,
  ne,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { each, hot } from "../db/hot.ts";
import { accounts, apiKeys, organisations } from "../db/schema.ts";
import type { AccountId, ApiKeyId, OrganisationId } from "../ids.ts";
import type { StoreRole } from "../roles.ts";

export type AccountRow = typeof accounts.$inferSelect;

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

/** What is asked of an account with each request of its keys. */
export type ActingAccount = Pick<
  AccountRow,
  "id" | "email" | "name" | "disabledAt" | "storeRole" | "storeRoleProvider" | "storeRoleConfirmedAt"
> &
  // Keys read no pages.
  Partial<Pick<AccountRow, "language" | "timeZone">>;

/**
 * That as one value of a statement that reads whose it is: most of what a second statement takes is what it takes to begin one.
 * null: there is no such account.
 * @param account The column with its id.
 */
export const actingAccountOf = (account: "api_keys.account_id") =>
  sql<ActingAccount | null>`(SELECT json_array(a.id, a.email, a.name, a.disabled_at, a.store_role, a.store_role_provider, a.store_role_confirmed_at) FROM accounts AS a WHERE a.id = ${sql.raw(account)})`.mapWith(
    readActing,
  );

function readActing(json: string): ActingAccount {
  const [id, email, name, disabledAt, storeRole, storeRoleProvider, storeRoleConfirmedAt] = JSON.parse(json);
  return {
    ...{ id, email, name, storeRole, storeRoleProvider },
    disabledAt: timeOf(disabledAt),
    storeRoleConfirmedAt: timeOf(storeRoleConfirmedAt),
  };
}

const timeOf = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));

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

/** At most so many that can sign in; it reads no further than to the last of them. */
export const firstActiveAccounts = (tx: Tx, limit: number): AccountId[] =>
  tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(isNull(accounts.disabledAt))
    .limit(limit)
    .all()
    .map(({ id }) => id);

type AccountsPage = { readonly after?: AccountId; readonly limit: number };

/** Newest first. */
export const selectAccounts = (tx: Tx, { after, limit }: AccountsPage): AccountRow[] =>
  tx
    .select()
    .from(accounts)
    .where(after === undefined ? undefined : lt(accounts.id, after))
    .orderBy(desc(accounts.id))
    .limit(limit)
    .all();

/** Where a page goes on, also after an account that is gone since: by the first that is older. */
const numberAfter = sql`coalesce((SELECT number + (account_id < ${sql.placeholder("after")}) FROM account_numbers
  WHERE account_id <= ${sql.placeholder("after")} ORDER BY account_id DESC LIMIT 1), 0)`;

const numbersFound = (isAfter: SQL) =>
  hot((tx) =>
    tx
      .select({ number: sql<number>`rowid` })
      .from(sql`account_words`)
      .where(sql`account_words MATCH ${sql.placeholder("expression")} AND ${isAfter}`)
      .orderBy(sql`rowid DESC`)
      .limit(sql.placeholder("limit"))
      .prepare(),
  );
const firstFound = numbersFound(sql`true`);
const furtherFound = numbersFound(sql`rowid < ${numberAfter}`);

const numberedStatement = hot((tx) =>
  tx
    .select({
      ...getTableColumns(accounts),
      number: sql<number>`(SELECT number FROM account_numbers WHERE account_id = accounts.id)`,
    })
    .from(accounts)
    .where(sql`${accounts.id} IN (SELECT account_id FROM account_numbers WHERE number IN ${each("numbers")})`)
    .prepare(),
);

/** What an expression of the words of names and addresses finds, newest first. */
export function searchAccounts(tx: Tx, expression: string, { after, limit }: AccountsPage): AccountRow[] {
  const found =
    after === undefined
      ? firstFound(tx).all({ expression, limit })
      : furtherFound(tx).all({ expression, limit, after });
  return numberedStatement(tx)
    .all({ numbers: JSON.stringify(found.map(({ number }) => number)) })
    .sort((a, b) => b.number - a.number)
    .map(({ number: _, ...row }) => row);
}

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
