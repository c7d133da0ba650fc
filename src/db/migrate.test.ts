import { describe, expect, test } from "bun:test";
import { codeOfSync } from "../testing/problems.ts";
import { type Db, openDatabase, type Tx, write } from "./database.ts";
import { type Migration, migrate } from "./migrate.ts";

const NOW = new Date("2026-01-02T03:04:05Z");
const FIRST: Migration = {
  name: "0001_first.sql",
  sql: "CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER) STRICT;",
};
const SECOND: Migration = {
  name: "0002_second.sql",
  sql: "CREATE TABLE b (a_id INTEGER REFERENCES a (id) ON DELETE CASCADE); INSERT INTO a VALUES (1, 10); INSERT INTO b VALUES (1);",
};

const names = (db: Db) =>
  db.raw
    .query<{ name: string }, []>("SELECT name FROM migrations ORDER BY name")
    .all()
    .map((row) => row.name);

describe("migrate", () => {
  test("applies what is missing, in order, once", () => {
    const db = openDatabase(":memory:");
    expect(migrate(db, [SECOND, FIRST], NOW)).toEqual([FIRST.name, SECOND.name]);
    expect(migrate(db, [SECOND, FIRST], NOW)).toEqual([]);
    expect(names(db)).toEqual([FIRST.name, SECOND.name]);
  });

  test("rebuilding a parent keeps its children", () => {
    const db = openDatabase(":memory:");
    const rebuild = {
      name: "0003_rebuild.sql",
      sql: "CREATE TABLE a2 (id INTEGER PRIMARY KEY, n TEXT); INSERT INTO a2 SELECT id, n FROM a; DROP TABLE a; ALTER TABLE a2 RENAME TO a;",
    };
    migrate(db, [FIRST, SECOND, rebuild], NOW);
    expect(db.raw.query("SELECT * FROM b").all()).toEqual([{ a_id: 1 }]);
    expect(db.raw.query<{ foreign_keys: number }, []>("PRAGMA foreign_keys").get()?.foreign_keys).toBe(1);
  });

  test("a file that fails leaves nothing of itself", () => {
    const db = openDatabase(":memory:");
    const broken = {
      name: "0003_broken.sql",
      sql: "INSERT INTO a VALUES (7, 7); INSERT INTO nowhere VALUES (1);",
    };
    expect(() => migrate(db, [FIRST, SECOND, broken], NOW)).toThrow();
    expect(db.raw.query("SELECT id FROM a").all()).toEqual([{ id: 1 }]);
    expect(names(db)).toEqual([FIRST.name, SECOND.name]);
  });

  test("what no SQL can do is done in the same transaction, once", () => {
    const db = openDatabase(":memory:");
    let isThere = false;
    let runs = 0;
    const steps = {
      "second.sql": (tx: Tx) => {
        tx.run("UPDATE a SET n = 77");
        runs += 1;
        if (!isThere) throw new Error("not yet");
      },
    };
    const names = [FIRST.name, SECOND.name];
    expect(SECOND.name).toEndWith("_second.sql");
    expect(() => migrate(db, [FIRST, SECOND], NOW, steps)).toThrow("not yet");
    expect(db.raw.query("SELECT n FROM a").all()).not.toContainEqual({ n: 77 });
    isThere = true;
    expect(migrate(db, [FIRST, SECOND], NOW, steps)).toEqual(names.slice(1));
    expect(db.raw.query("SELECT n FROM a").all()).toEqual([{ n: 77 }]);
    expect(migrate(db, [FIRST, SECOND], NOW, steps)).toEqual([]);
    expect(runs).toBe(2);
  });

  test("a file that orphans rows is refused and undone", () => {
    const db = openDatabase(":memory:");
    const orphaning = { name: "0003_orphans.sql", sql: "DELETE FROM a;" };
    expect(codeOfSync(() => migrate(db, [FIRST, SECOND, orphaning], NOW))).toBe("database.migration_failed");
    expect(db.raw.query("SELECT id FROM a").all()).toEqual([{ id: 1 }]);
  });

  test("a changed file and a newer database are refused", () => {
    const db = openDatabase(":memory:");
    migrate(db, [FIRST, SECOND], NOW);
    expect(codeOfSync(() => migrate(db, [{ ...FIRST, sql: `${FIRST.sql} ` }, SECOND], NOW))).toBe(
      "database.migration_changed",
    );
    expect(codeOfSync(() => migrate(db, [FIRST], NOW))).toBe("database.newer");
  });
});

describe("write", () => {
  test("what it throws rolls everything back, and only a commit is reported as durable", () => {
    const steps: string[] = [];
    const db = openDatabase(":memory:", (step) => steps.push(step));
    migrate(db, [FIRST], NOW);
    steps.length = 0;
    expect(() =>
      write(db, (tx) => {
        tx.run("INSERT INTO a VALUES (1, 1)");
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(db.raw.query("SELECT count(*) AS n FROM a").get()).toEqual({ n: 0 });
    expect(steps).toEqual([]);
    write(db, (tx) => void tx.run("INSERT INTO a VALUES (1, 1)"));
    expect(steps).toEqual(["database"]);
  });

  test("an asynchronous function is refused by type", () => {
    const db = openDatabase(":memory:");
    // @ts-expect-error a promise would commit at its first await
    write(db, async () => 1);
  });
});
