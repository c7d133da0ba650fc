import { afterAll, describe, expect, test } from "bun:test";
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { migrations } from "../assets.ts";
import { closeDatabase, openDatabase } from "./database.ts";
import { migrate } from "./migrate.ts";
import * as schema from "./schema.ts";

type ColumnInfo = { name: string; type: string; notnull: number; pk: number };

const tables = Object.values(schema).filter((value) => is(value, SQLiteTable)) as SQLiteTable[];

describe("schema and migrations say the same", () => {
  const db = openDatabase(":memory:");
  migrate(db, migrations(), new Date(0));
  afterAll(() => closeDatabase(db));

  test("about which tables there are", () => {
    const made = db.raw
      .query<{ name: string }, []>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
      )
      .all()
      .map((row) => row.name)
      .filter((name) => name !== "migrations")
      // Full-text tables, which drizzle does not know, with those that SQLite keeps for them.
      .filter((name) => !/^(?:search_(?:text|everything)|app_words|account_words)(?:_|$)/.test(name));
    expect(made.sort()).toEqual(tables.map((table) => getTableConfig(table).name).sort());
  });

  for (const table of tables) {
    const config = getTableConfig(table);
    test(`about the columns, keys and indexes of ${config.name}`, () => {
      const made = db.raw.query<ColumnInfo, []>(`PRAGMA table_info(${config.name})`).all();
      const described = made.map((column) => ({
        name: column.name,
        type: column.type.toLowerCase(),
        notNull: column.notnull === 1,
      }));
      expect(described).toEqual(
        config.columns.map((column) => ({
          name: column.name,
          type: column.getSQLType(),
          notNull: column.notNull,
        })),
      );
      const primary = made.filter((column) => column.pk > 0).map((column) => column.name);
      const own = config.columns.filter((column) => column.primary).map((column) => column.name);
      const composed = config.primaryKeys.flatMap((key) => key.columns.map((column) => column.name));
      expect(primary.sort()).toEqual([...own, ...composed].sort());

      const keys = db.raw
        .query<{ from: string; table: string; to: string; on_delete: string }, []>(
          `PRAGMA foreign_key_list(${config.name})`,
        )
        .all()
        .map((key) => `${key.from} → ${key.table}.${key.to} ${key.on_delete.toLowerCase()}`);
      const wanted = config.foreignKeys.map((key) => {
        const reference = key.reference();
        const to = getTableConfig(reference.foreignTable as SQLiteTable).name;
        return `${reference.columns[0]?.name} → ${to}.${reference.foreignColumns[0]?.name} ${key.onDelete ?? "no action"}`;
      });
      expect(keys.sort()).toEqual(wanted.sort());

      const indexes = db.raw
        .query<{ name: string; unique: number; origin: string }, []>(`PRAGMA index_list(${config.name})`)
        .all()
        .filter((index) => index.origin === "c")
        .map((index) => `${index.unique ? "unique " : ""}${index.name}`);
      expect(indexes.sort()).toEqual(
        config.indexes.map((index) => `${index.config.unique ? "unique " : ""}${index.config.name}`).sort(),
      );
    });
  }
});
