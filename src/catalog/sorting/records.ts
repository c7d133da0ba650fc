/** The SQL of lists of the store in other orders than that of ids. Takes and gives rows; knows no rules. */
import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "../../db/database.ts";
import { each, hot } from "../../db/hot.ts";
import type { AppId, Audience, OrganisationId } from "../../ids.ts";
import { STABLE } from "../visibility/audiences.ts";
import type { Order, Place } from "./orders.ts";

/** Of which apps of an audience a list is. */
export type Part =
  | { readonly of: "all" }
  | { readonly of: "category"; readonly value: string }
  | { readonly of: "publisher"; readonly value: OrganisationId };

/** The column of `app_audiences` by which an order goes. */
export const ORDER_KEYS = { newest: "told_at", updated: "updated_at", installs: "installs" } as const;
const PARTS = { all: null, category: "category", publisher: "listed_of" } as const;
const INDEXES = {
  all: {
    newest: "app_audiences_told",
    updated: "app_audiences_updated",
    installs: "app_audiences_installs",
  },
  category: {
    newest: "app_audiences_category_told",
    updated: "app_audiences_category_updated",
    installs: "app_audiences_category_installs",
  },
  publisher: {
    newest: "app_audiences_publisher_told",
    updated: "app_audiences_publisher_updated",
    installs: "app_audiences_publisher_installs",
  },
} as const;

type Direction = "down" | "up";

/** By its index: left to itself, SQLite may read all apps of an audience and sort them. */
function statement(part: Part["of"], order: Order, direction: Direction) {
  const key = sql.raw(ORDER_KEYS[order]);
  const column = PARTS[part];
  const within: SQL =
    column === null
      ? sql``
      : sql`AND ${sql.raw(column)} = ${sql.placeholder("part")} AND ${sql.raw(column)} IS NOT NULL`;
  const [beyond, way] = direction === "down" ? (["<", "DESC"] as const) : ([">=", "ASC"] as const);
  return hot((tx) =>
    tx
      .select({ id: sql<AppId>`id`, key: sql<number>`key` })
      .from(
        sql`(SELECT app_id AS id, ${key} AS key FROM "app_audiences" INDEXED BY ${sql.raw(INDEXES[part][order])}
          WHERE audience = ${sql.placeholder("audience")} AND channel = ${sql.raw(`'${STABLE}'`)} ${within}
            AND told_at IS NOT NULL AND left_at IS NULL AND ${key} IS NOT NULL
            AND (${key}, app_id) ${sql.raw(beyond)} (${sql.placeholder("key")}, ${sql.placeholder("id")})
          ORDER BY ${key} ${sql.raw(way)}, app_id ${sql.raw(way)} LIMIT ${sql.placeholder("limit")})`,
      )
      .prepare(),
  );
}

const both = (part: Part["of"], order: Order) => ({
  down: statement(part, order, "down"),
  up: statement(part, order, "up"),
});
const allOf = (part: Part["of"]) => ({
  newest: both(part, "newest"),
  updated: both(part, "updated"),
  installs: both(part, "installs"),
});
const STATEMENTS = { all: allOf("all"), category: allOf("category"), publisher: allOf("publisher") };

/** Higher than every place. */
const TOP: Place = { key: Number.MAX_SAFE_INTEGER, id: "" as AppId };

/** An audience's apps after a place, the highest first; from the top without one. */
export function selectAfter(
  tx: Tx,
  audience: Audience,
  part: Part,
  order: Order,
  page: { readonly after: Place | undefined; readonly limit: number },
): Place[] {
  return ask(tx, audience, part, STATEMENTS[part.of][order].down, page.after ?? TOP, page.limit);
}

/** The same from a place back, that one first. */
export function selectUpTo(
  tx: Tx,
  audience: Audience,
  part: Part,
  order: Order,
  page: { readonly upTo: Place; readonly limit: number },
): Place[] {
  return ask(tx, audience, part, STATEMENTS[part.of][order].up, page.upTo, page.limit);
}

function ask(
  tx: Tx,
  audience: Audience,
  part: Part,
  prepared: ReturnType<typeof statement>,
  { key, id }: Place,
  limit: number,
): Place[] {
  const value = part.of === "all" ? {} : { part: part.value };
  return prepared(tx).all({ audience, key, id, limit, ...value });
}

const lastToldStatement = hot((tx) =>
  tx
    .select({ id: sql<AppId>`id`, key: sql<number>`key` })
    .from(
      sql`(SELECT app_id AS id, max(told_at) AS key FROM "app_audiences"
        WHERE app_id IN ${each("ids")} AND channel = ${sql.raw(`'${STABLE}'`)} AND audience IN ${each("audiences")}
          AND told_at IS NOT NULL AND left_at IS NULL
        GROUP BY app_id)`,
    )
    .prepare(),
);

/** When each of these apps came last into a catalogue of one of the audiences. */
export function selectLastTold(
  tx: Tx,
  audiences: readonly Audience[],
  ids: readonly AppId[],
): ReadonlyMap<AppId, number> {
  const rows = lastToldStatement(tx).all({ ids: JSON.stringify(ids), audiences: JSON.stringify(audiences) });
  return new Map(rows.map(({ id, key }) => [id, key]));
}
