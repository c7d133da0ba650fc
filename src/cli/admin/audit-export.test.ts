/** An export of a log that is longer than a step: whole, in its order, the same in a file and on standard output, and killed. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, statSync } from "node:fs";
import { BEGINNING, entryHash } from "../../audit/entry.ts";
import type { AuditLine } from "../../audit/line.ts";
import { recordChange, SYSTEM_AUTHOR } from "../../audit/record.ts";
import { entriesFrom } from "../../audit/records.ts";
import { systemClock } from "../../clock.ts";
import { closeDatabase, openDatabase, write } from "../../db/database.ts";
import { MOSIS } from "../../testing/mosis.ts";
import { ON_DISK, type Scratch, scratch } from "../../testing/scratch.ts";
import { startServe } from "../../testing/scratch-server.ts";

const MANY = 8000;
let here: Scratch;
let hashes: readonly string[];

beforeAll(async () => {
  // In memory a file is written too quickly for anything to be killed meanwhile.
  here = scratch({}, ON_DISK);
  await (await startServe(here, ["--data", here.path("store"), "--port", "0"])).stop();
  const db = openDatabase(here.path("store/mosis.db"));
  write(db, (tx) => {
    for (let n = 0; n < MANY; n += 1) {
      const change = { action: "account.enabled", subject: { type: "account", id: `acc-${n}` } } as const;
      const person = { after: { name: `Ährenfeld; "${n}"\r\n=x` } };
      recordChange(tx, SYSTEM_AUTHOR, { ...change, person }, systemClock.now());
    }
  });
  const rows = entriesFrom(db.orm, 0, 2 * MANY);
  hashes = rows.map(({ hash }) => hash);
  expect(rows[0] && entryHash(BEGINNING, rows[0])).toBe(rows[0]?.hash);
  closeDatabase(db);
}, 60_000);
afterAll(() => here.remove());

const exported = (...argv: readonly string[]) =>
  here.run(["admin", "audit", "export", "--data", here.path("store"), ...argv]);

test("every entry, in order, to be read by its owner alone, and the same on standard output", async () => {
  here.write("audit.jsonl", "old", 0o600);
  const { exitCode, stdout } = await exported("--out", "audit.jsonl");
  expect([exitCode, stdout]).toEqual([0, `${hashes.length} entries in ${here.path("audit.jsonl")}\n`]);
  const text = Buffer.from(here.bytes("audit.jsonl")).toString("utf8");
  const lines = text.trimEnd().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as AuditLine).hash)).toEqual([...hashes]);
  const printed = await exported();
  expect(printed.stdout === text).toBe(true);
  expect(printed.stderr).toBe(`${hashes.length} entries\n`);
  await exported("--format", "csv", "--out", "new.csv", "--since", "2001-01-01");
  expect(statSync(here.path("new.csv")).mode & 0o777).toBe(0o600);
  const csv = Buffer.from(here.bytes("new.csv")).toString("utf8");
  expect(csv.split("\r\n").length).toBeGreaterThan(MANY);
  expect(csv).toContain('"acc-7999"');
  expect(await exported("--subject", "acc-77")).toMatchObject({ stderr: "1 entry\n" });
}, 60_000);

test("killed while it writes, it leaves the file that was there", async () => {
  const temporary = /^\.audit\.jsonl\.[0-9a-f]{12}\.tmp$/;
  let met = 0;
  for (let round = 0; met === 0 && round < 5; round += 1) {
    here.write("out/audit.jsonl", "old", 0o600);
    const argv = ["admin", "audit", "export", "--out", "out/audit.jsonl", "--data", here.path("store")];
    const child = Bun.spawn([...MOSIS, ...argv], {
      cwd: here.folder,
      stdout: "ignore",
      stderr: "ignore",
      env: { ...process.env, HOME: here.folder },
    });
    const until = Bun.nanoseconds() + 20e9;
    while (child.exitCode === null && Bun.nanoseconds() < until) {
      if (readdirSync(here.path("out")).some((name) => temporary.test(name))) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (child.exitCode === null) met += 1;
    child.kill("SIGKILL");
    await child.exited;
    const text = Buffer.from(here.bytes("out/audit.jsonl")).toString("utf8");
    if (text !== "old") expect(text.trimEnd().split("\n").length).toBe(hashes.length);
  }
  expect(met).toBeGreaterThan(0);
  expect((await exported("--out", "out/audit.jsonl")).exitCode).toBe(0);
}, 60_000);

test("what cannot be a search writes no file", async () => {
  for (const argv of [
    ["--actor", "A B"],
    ["--organisation", "Nobody"],
    ["--request", "%"],
  ]) {
    const { exitCode } = await exported("--out", "none.jsonl", ...argv);
    expect([argv, exitCode]).toEqual([argv, 1]);
  }
  expect(here.list().filter((name) => name.includes("none.jsonl"))).toEqual([]);
});
