/** The SQL of organisations. Nothing here decides. */
import { and, asc, eq, gt, gte, inArray, isNotNull, lt, ne, or, type SQL, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { accounts, apps, memberships, organisationNames, organisations } from "../db/schema.ts";
import type { AccountId, OrganisationId } from "../ids.ts";
import { lookKeys } from "./alike.ts";
import { isActiveOwner } from "./memberships.records.ts";

export type OrganisationRow = typeof organisations.$inferSelect;

export const insertOrganisation = (tx: Tx, row: typeof organisations.$inferInsert): OrganisationRow =>
  keptName(tx, tx.insert(organisations).values(row).returning().get());

/** With how its name is compared. */
const keptName = (tx: Tx, row: OrganisationRow): OrganisationRow => {
  const [plainKey, drawnKey] = lookKeys(row.name);
  tx.insert(organisationNames)
    .values({ organisationId: row.id, plainKey, drawnKey })
    .onConflictDoUpdate({ target: organisationNames.organisationId, set: { plainKey, drawnKey } })
    .run();
  return row;
};

/** Those that were named before that was kept. For a migration. */
export const keyOrganisationNames = (tx: Tx): void => {
  for (const row of tx.select().from(organisations).all()) keptName(tx, row);
};

/** Whether another one's name looks like this. @param own Not compared; undefined: there is none yet */
export const isNameAlike = (tx: Tx, name: string, own: OrganisationId | undefined): boolean => {
  const [plainKey, drawnKey] = lookKeys(name);
  const { organisationId } = organisationNames;
  const alike = or(eq(organisationNames.plainKey, plainKey), eq(organisationNames.drawnKey, drawnKey));
  return (
    tx
      .select({ id: organisationId })
      .from(organisationNames)
      .where(and(alike, own === undefined ? undefined : ne(organisationId, own)))
      .limit(1)
      .get() !== undefined
  );
};

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

export const updateOrganisationName = (tx: Tx, id: OrganisationId, name: string): void => {
  const row = tx.update(organisations).set({ name }).where(eq(organisations.id, id)).returning().get();
  if (row) keptName(tx, row);
};

/** Whether an app of it is, or was, in the catalogue. */
export const hasPublished = (tx: Tx, id: OrganisationId): boolean =>
  tx
    .select({ id: apps.id })
    .from(apps)
    .where(and(eq(apps.organisationId, id), isNotNull(apps.publishedAt)))
    .limit(1)
    .get() !== undefined;

const isWithin = (
  tx: Tx,
  { among, ownedBy }: { readonly among: readonly OrganisationId[] | null; readonly ownedBy?: AccountId },
): SQL | undefined =>
  and(
    among === null ? undefined : inArray(organisations.id, [...among]),
    ownedBy === undefined
      ? undefined
      : inArray(
          organisations.id,
          tx
            .select({ id: memberships.organisationId })
            .from(memberships)
            .where(and(eq(memberships.accountId, ownedBy), eq(memberships.role, "owner"))),
        ),
  );

/** In the order in which they were made; `among` null: all. With `ownedBy`, here and below, those of this owner. */
export const selectOrganisations = (
  tx: Tx,
  page: {
    readonly among: readonly OrganisationId[] | null;
    readonly ownedBy?: AccountId;
    readonly after?: OrganisationId;
    readonly limit: number;
  },
): OrganisationRow[] =>
  tx
    .select()
    .from(organisations)
    .where(and(isWithin(tx, page), page.after === undefined ? undefined : gt(organisations.id, page.after)))
    .orderBy(asc(organisations.id))
    .limit(page.limit)
    .all();

/** Those whose names begin so, in any case of ASCII letters, by name; from the one with that id on. `among` null: all. */
export const searchOrganisations = (
  tx: Tx,
  page: {
    readonly among: readonly OrganisationId[] | null;
    readonly ownedBy?: AccountId;
    readonly beginning: string;
    readonly after?: OrganisationId;
    readonly limit: number;
  },
): OrganisationRow[] => {
  const name = sql`${organisations.name} COLLATE NOCASE`;
  const last = page.after === undefined ? undefined : organisationById(tx, page.after);
  return tx
    .select()
    .from(organisations)
    .where(
      and(
        isWithin(tx, page),
        sql`${name} >= ${page.beginning}`,
        sql`${name} < ${`${page.beginning}\u{10FFFF}`}`,
        last === undefined ? undefined : sql`(${name}, ${organisations.id}) > (${last.name}, ${last.id})`,
      ),
    )
    .orderBy(sql`${name}`, asc(organisations.id))
    .limit(page.limit)
    .all();
};

/** Those whose ids begin so, in the order in which they were made. */
export const organisationsWithId = (
  tx: Tx,
  page: {
    readonly among: readonly OrganisationId[] | null;
    readonly ownedBy?: AccountId;
    readonly beginning: string;
    readonly after?: OrganisationId;
    readonly limit: number;
  },
): OrganisationRow[] =>
  tx
    .select()
    .from(organisations)
    .where(
      and(
        isWithin(tx, page),
        gte(organisations.id, page.beginning as OrganisationId),
        lt(organisations.id, `${page.beginning}~` as OrganisationId),
        page.after === undefined ? undefined : gt(organisations.id, page.after),
      ),
    )
    .orderBy(asc(organisations.id))
    .limit(page.limit)
    .all();

/** How many members and apps it has, each up to so many; an app that was deleted for good is none. */
export const countsOf = (
  tx: Tx,
  id: OrganisationId,
  most: number,
): { readonly members: number; readonly apps: number } => {
  const some = (of: SQL) => sql<number>`(SELECT count(*) FROM (SELECT 1 FROM ${of} LIMIT ${most}))`;
  const row = tx
    .select({
      members: some(sql`memberships AS m WHERE m.organisation_id = ${id}`),
      apps: some(sql`apps AS a WHERE a.organisation_id = ${id} AND a.removed_at IS NULL`),
    })
    .from(organisations)
    .where(eq(organisations.id, id))
    .get();
  return row ?? { members: 0, apps: 0 };
};

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
