import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "../log.ts";
import { closeDatabase, openDatabase } from "./database.ts";
import { emptyLeftLog, forgetOverwritten, isLogLeft } from "./wal.ts";

test("what could not be emptied while another process read is emptied later", () => {
  const folder = mkdtempSync(join(tmpdir(), "mosis-wal-"));
  const path = join(folder, "mosis.db");
  const db = openDatabase(path);
  const reader = openDatabase(path);
  const events: string[] = [];
  const note = (event: string) => void events.push(event);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const store = { db, log };
  const logBytes = () => statSync(`${path}-wal`).size;
  try {
    db.raw.run("PRAGMA busy_timeout = 0");
    db.raw.run("CREATE TABLE secrets (body TEXT)");
    db.raw.run("INSERT INTO secrets VALUES ('of before')");
    forgetOverwritten(store, "keys.log_not_emptied");
    expect([isLogLeft(store), logBytes(), events]).toEqual([false, 0, []]);

    db.raw.run("UPDATE secrets SET body = 'of now'");
    reader.raw.run("BEGIN");
    reader.raw.query("SELECT body FROM secrets").get();
    db.raw.run("UPDATE secrets SET body = 'of later'");
    forgetOverwritten(store, "keys.log_not_emptied");
    expect(events).toEqual(["keys.log_not_emptied"]);
    expect(isLogLeft(store)).toBe(true);
    expect(logBytes()).toBeGreaterThan(0);

    emptyLeftLog(store);
    expect(events.at(-1)).toBe("database.log_not_emptied");
    reader.raw.run("COMMIT");
    emptyLeftLog(store);
    expect(events.at(-1)).toBe("database.log_emptied");
    expect([isLogLeft(store), logBytes()]).toEqual([false, 0]);
    // Where nothing is left, nothing is done and said.
    emptyLeftLog(store);
    expect(events).toHaveLength(3);
  } finally {
    closeDatabase(reader);
    closeDatabase(db);
    rmSync(folder, { recursive: true });
  }
});
