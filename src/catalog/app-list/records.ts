/** The SQL of the list of all apps: each order by its index, a search by the table of words. Takes and gives rows; knows no rules. */
import { eq, type SQL, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { each, hot } from "../../db/hot.ts";
import { apps } from "../../db/schema.ts";
import type { AppId, OrganisationId } from "../../ids.ts";
import type { AppOrder, AppPlace, NewestState } from "./filters.ts";

/** Apps of an organisation, or null: of all. */
export type Within = {
  readonly organisationId: OrganisationId | null;
  readonly state?: NewestState | undefined;
};

type Part = "all" | "organisation" | "state" | "both";
type Direction = "on" | "back";

/** null: by the primary key. */
const INDEXES: Readonly<Record<Part, Readonly<Record<AppOrder, string | null>>>> = {
  all: { id: null, name: "apps_by_name", newest: "apps_by_age" },
  organisation: { id: "apps_kept_of", name: "apps_of_by_name", newest: "apps_of_by_age" },
  state: { id: "apps_in_state", name: "apps_in_state_by_name", newest: "apps_in_state_by_age" },
  both: { id: "apps_of_in_state", name: "apps_of_in_state_by_name", newest: "apps_of_in_state_by_age" },
};
const KEYS = {
  id: { column: null, falls: false },
  name: { column: "name COLLATE NOCASE", falls: false },
  newest: { column: "created_at", falls: true },
} as const;

const places = (from: SQL) => sql`(SELECT id, name, created_at AS createdAt FROM ${from})`;
const columns = {
  id: sql<AppId>`id`,
  name: sql<string>`name`,
  createdAt: sql<number>`createdAt`,
};

/**
 * `same`: what has the key of a place and comes after it by its id; `other`: what comes after that. Each begins where it has to: compared
 * at once, SQLite walks a list by names from its start.
 */
type Stretch = "same" | "other";

/** By its index: left to itself, SQLite may read all apps of an organisation and sort them. */
function statement(part: Part, order: AppOrder, direction: Direction, stretch: Stretch, isNone: boolean) {
  const index = INDEXES[part][order];
  const { column, falls } = KEYS[order];
  const way = (direction === "on") === falls ? "DESC" : "ASC";
  const beyond = way === "DESC" ? "<" : ">";
  // Backwards the place itself is the first.
  const idBeyond = sql`id ${sql.raw(direction === "on" ? beyond : `${beyond}=`)} ${sql.placeholder("id")}`;
  const key = sql.placeholder("key");
  const place =
    column === null
      ? idBeyond
      : stretch === "same"
        ? sql`${sql.raw(column)} = ${key} AND ${idBeyond}`
        : sql`${sql.raw(column)} ${sql.raw(beyond)} ${key}`;
  const ordered = sql.raw(
    [...(column === null ? [] : [column]), "id"].map((one) => `${one} ${way}`).join(", "),
  );
  const isOf =
    part === "organisation" || part === "both"
      ? sql`AND organisation_id = ${sql.placeholder("organisationId")}`
      : sql``;
  const isIn =
    part === "state" || part === "both"
      ? isNone
        ? sql`AND newest_state IS NULL`
        : sql`AND newest_state = ${sql.placeholder("state")}`
      : sql``;
  return hot((tx) =>
    tx
      .select(columns)
      .from(
        places(
          sql`"apps" ${index === null ? sql`` : sql.raw(`INDEXED BY ${index}`)} WHERE removed_at IS NULL ${isOf} ${isIn}
            AND ${place} ORDER BY ${ordered} LIMIT ${sql.placeholder("limit")}`,
        ),
      )
      .prepare(),
  );
}

const made = new Map<string, ReturnType<typeof statement>>();
function statementOf(part: Part, order: AppOrder, direction: Direction, stretch: Stretch, isNone: boolean) {
  const name = `${part} ${order} ${direction} ${stretch} ${isNone}`;
  const known = made.get(name) ?? statement(part, order, direction, stretch, isNone);
  made.set(name, known);
  return known;
}

/** Before every place of an order. */
const START = {
  id: { key: 0, id: "" },
  name: { key: "", id: "" },
  newest: { key: Number.MAX_SAFE_INTEGER, id: "" },
} as const;

/** What comes after a place; from the start without one. */
export function selectAfter(
  tx: Tx,
  within: Within,
  order: AppOrder,
  { after, limit }: { readonly after: AppPlace | undefined; readonly limit: number },
): AppPlace[] {
  return ask(tx, within, order, "on", after === undefined ? START[order] : keyOf(order, after), limit);
}

/** The same from a place back, that one first. */
export function selectUpTo(
  tx: Tx,
  within: Within,
  order: AppOrder,
  { upTo, limit }: { readonly upTo: AppPlace; readonly limit: number },
): AppPlace[] {
  return ask(tx, within, order, "back", keyOf(order, upTo), limit);
}

const keyOf = (order: AppOrder, { id, name, createdAt }: AppPlace) => ({
  id,
  key: order === "name" ? name : createdAt,
});

function ask(
  tx: Tx,
  { organisationId, state }: Within,
  order: AppOrder,
  direction: Direction,
  place: { readonly key: string | number; readonly id: string },
  limit: number,
): AppPlace[] {
  const part =
    organisationId === null
      ? state === undefined
        ? "all"
        : "state"
      : state === undefined
        ? "organisation"
        : "both";
  const values = {
    ...place,
    ...(organisationId === null ? {} : { organisationId }),
    ...(state === undefined ? {} : { state }),
  };
  const asked = (stretch: Stretch, most: number) =>
    statementOf(part, order, direction, stretch, state === "none")(tx).all({ ...values, limit: most });
  const same = asked("same", limit);
  // By their ids there are no equals: what is after one is all in it.
  return order === "id" || same.length === limit ? same : [...same, ...asked("other", limit - same.length)];
}

const isWithin = sql`removed_at IS NULL
  AND (${sql.placeholder("organisationId")} IS NULL OR organisation_id = ${sql.placeholder("organisationId")})
  AND (${sql.placeholder("state")} IS NULL OR coalesce(newest_state, 'none') = ${sql.placeholder("state")})`;

const amongStatement = hot((tx) =>
  tx
    .select(columns)
    .from(places(sql`"apps" WHERE id IN ${each("ids")} AND ${isWithin}`))
    .prepare(),
);

/** Those of these apps, in no order. */
export function selectAmong(tx: Tx, ids: readonly AppId[], { organisationId, state }: Within): AppPlace[] {
  return amongStatement(tx).all({ ids: JSON.stringify(ids), organisationId, state: state ?? null });
}

/** The numbers rise as apps are made. */
type Way = "oldest" | "newest";
const ways = <T>(make: (way: SQL) => T): Readonly<Record<Way, T>> => ({
  oldest: make(sql`rowid ASC`),
  newest: make(sql`rowid DESC`),
});

const numbersMatching = (isAmong: SQL) =>
  ways((way) =>
    hot((tx) =>
      tx
        .select({ number: sql<number>`rowid` })
        .from(sql`app_words`)
        .where(sql`app_words MATCH ${sql.placeholder("expression")} AND ${isAmong}`)
        .orderBy(way)
        .limit(sql.placeholder("limit"))
        .prepare(),
    ),
  );
const wordsStatements = numbersMatching(sql`true`);
const wordsAmongStatements = numbersMatching(
  sql`rowid IN (SELECT number FROM app_numbers WHERE app_id IN ${each("ids")})`,
);

const numberedStatement = hot((tx) =>
  tx
    .select({ ...columns, number: sql<number>`number` })
    .from(
      sql`(SELECT id, name, created_at AS createdAt, number FROM app_numbers JOIN apps ON id = app_id
        WHERE number IN ${each("numbers")} AND ${isWithin})`,
    )
    .prepare(),
);

/** What an expression of words matches, so many at most; in no order. @param ids Of these alone; null: of all */
export function selectMatching(
  tx: Tx,
  { expression, ids, first, limit }: Matching,
  { organisationId, state }: Within,
): (AppPlace & { readonly number: number })[] {
  const numbers =
    ids === null
      ? wordsStatements[first](tx).all({ expression, limit })
      : wordsAmongStatements[first](tx).all({ expression, limit, ids: JSON.stringify(ids) });
  return numberedStatement(tx).all({
    numbers: JSON.stringify(numbers.map(({ number }) => number)),
    organisationId,
    state: state ?? null,
  });
}

type Matching = {
  readonly expression: string;
  readonly ids: readonly AppId[] | null;
  /** Which are had where more match. */
  readonly first: Way;
  readonly limit: number;
};

const placeStatement = hot((tx) =>
  tx
    .select({
      id: apps.id,
      name: apps.name,
      createdAt: sql<number>`${apps.createdAt}`,
      organisationId: apps.organisationId,
    })
    .from(apps)
    .where(eq(apps.id, sql.placeholder("id")))
    .prepare(),
);

/** Where an app stands, and whose it is. */
export function findPlace(
  tx: Tx,
  id: AppId,
): (AppPlace & { readonly organisationId: OrganisationId }) | undefined {
  return placeStatement(tx).get({ id });
}
