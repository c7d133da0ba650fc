/** A start of the server on a real folder: the whole log is computed again, after the store is there. */
import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkLog } from "../catalog/log/hold.ts";
import { findCheck } from "../catalog/log/records.ts";
import { loadConfig } from "../config.ts";
import { isProblem } from "../errors.ts";
import { silentLog, testClock } from "../testing/store.ts";
import { openStore } from "./open-store.ts";

setDefaultTimeout(60_000);

test("a start has the whole log computed again, and a damaged one is told and signs nothing", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "mosis-start-"));
  const { config } = loadConfig({ dataDir }, {});
  const start = (runJobs: boolean) =>
    openStore({ config, clock: testClock(), log: silentLog, mayCreate: true, runJobs });
  try {
    const first = await start(true);
    await first.scheduler.drain();
    const size = checkLog(first.store).size;
    expect(findCheck(first.store.db.orm)).toMatchObject({ size, damage: null });
    // No head depends on it, so only reading every row finds it.
    first.store.db.raw.run("DROP TRIGGER log_leaves_fixed");
    first.store.db.raw.run("UPDATE log_leaves SET subject = 'another' WHERE position = 1");
    await first.close(10_000);

    const second = await start(true);
    await second.scheduler.drain();
    expect(findCheck(second.store.db.orm)?.damage).toStartWith("leaf 1 ");
    await second.close(10_000);

    // It stays known over a start that computes nothing.
    const third = await start(false);
    let code = "";
    try {
      checkLog(third.store);
    } catch (error) {
      code = isProblem(error) ? error.code : String(error);
    }
    await third.close(10_000);
    expect(code).toBe("log.damaged");
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
