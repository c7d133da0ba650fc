import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase, rehearse, write } from "./database.ts";
import { eachWhileUnchanged, whileUnchanged } from "./unchanged.ts";

function open() {
  const folder = mkdtempSync(join(tmpdir(), "mosis-unchanged-"));
  const path = join(folder, "store.db");
  const db = openDatabase(path);
  db.raw.run("CREATE TABLE things (name TEXT)");
  let asked = 0;
  const count = (also: string | number = 0) =>
    whileUnchanged(db, "count", also, () => {
      asked += 1;
      return db.raw.query<{ n: number }, []>("SELECT count(*) AS n FROM things").get()?.n;
    });
  const close = () => {
    db.raw.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { db, path, count, asked: () => asked, close };
}

test("is worked out once, and again after a change of one's own or of another connection", () => {
  const { db, path, count, asked, close } = open();
  expect([count(), count(), asked()]).toEqual([0, 0, 1]);
  db.raw.run("INSERT INTO things VALUES ('one')");
  expect([count(), count(), asked()]).toEqual([1, 1, 2]);
  db.raw.run("UPDATE things SET name = 'first'");
  expect([count(), asked()]).toEqual([1, 3]);
  const other = new Database(path);
  other.run("INSERT INTO things VALUES ('two')");
  expect([count(), count(), asked()]).toEqual([2, 2, 4]);
  other.run("DELETE FROM things");
  other.close();
  expect([count(), asked()]).toEqual([0, 5]);
  expect([count(1), count(1), count(2), asked()]).toEqual([0, 0, 0, 7]);
  close();
});

test("what a transaction sees is not kept, whether or not it is undone", () => {
  const { db, count, asked, close } = open();
  expect(count()).toBe(0);
  const insert = () => void db.raw.run("INSERT INTO things VALUES ('one')");
  const seen = rehearse(db, () => {
    insert();
    return count() ?? null;
  });
  expect([seen, count()]).toEqual([1, 0]);
  const before = asked();
  write(db, () => {
    expect(count()).toBe(0);
    insert();
    expect(count()).toBe(1);
  });
  expect([count(), count(), asked() - before]).toEqual([1, 1, 3]);
  close();
});

test("one thing of many is read once, again after any change, and is asked for each time while there is none", () => {
  const { db, path, close } = open();
  const each = eachWhileUnchanged<{ readonly n: number }>(2);
  const asked: string[] = [];
  const read = (id: string, also = 0) =>
    each(db, id, also, () => {
      asked.push(id);
      const row = db.raw
        .query<{ n: number }, [string]>("SELECT count(*) AS n FROM things WHERE name = ?")
        .get(id);
      return row !== null && row.n > 0 ? row : undefined;
    })?.n;
  const since = (work: () => unknown) => {
    asked.length = 0;
    return [work(), asked.join(" ")];
  };
  expect(since(() => [read("a"), read("a")])).toEqual([[undefined, undefined], "a a"]);
  db.raw.run("INSERT INTO things VALUES ('a'), ('b'), ('c')");
  expect(since(() => [read("a"), read("a"), read("b"), read("a")])).toEqual([[1, 1, 1, 1], "a b"]);
  expect(since(() => [read("a", 1), read("a", 1)])).toEqual([[1, 1], "a"]);
  const other = new Database(path);
  other.run("DELETE FROM things WHERE name = 'a'");
  other.close();
  expect(since(() => [read("a"), read("b"), read("b")])).toEqual([[undefined, 1, 1], "a b"]);
  const undone = rehearse(db, () => {
    db.raw.run("INSERT INTO things VALUES ('b')");
    return read("b") ?? null;
  });
  expect([undone, read("b")]).toEqual([2, 1]);
  // Two have room: of a third the first is forgotten.
  expect(since(() => [read("b"), read("c"), read("a"), read("c"), read("b")])).toEqual([
    [1, 1, undefined, 1, 1],
    "c a",
  ]);
  db.raw.run("INSERT INTO things VALUES ('a')");
  expect(since(() => [read("a"), read("b"), read("c"), read("a")])).toEqual([[1, 1, 1, 1], "a b c a"]);
  close();
});
