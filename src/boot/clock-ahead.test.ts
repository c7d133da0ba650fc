import { expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "../config.ts";
import { silentLog, testClock } from "../testing/store.ts";
import { openStore } from "./open-store.ts";

setDefaultTimeout(120_000);

test("jobs that run by the clock, and those that were asked for, do not wait until the time that it showed", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "mosis-ahead-"));
  const config = loadConfig({ dataDir }, {});
  const clock = testClock();
  const start = () => openStore({ config, clock, log: silentLog, mayCreate: true, runJobs: false });
  const soon = clock.now().getTime() + 2 * 86_400_000;
  clock.advance(200 * 86_400_000);
  const late = await start();
  const next = (opened: typeof late) =>
    opened.store.db.raw.query<{ at: number }, []>("SELECT max(next_run_at) AS at FROM cron_entries").get()
      ?.at ?? 0;
  await late.scheduler.drain();
  expect(next(late)).toBeGreaterThan(soon);
  // While it runs, too.
  clock.advance(-200 * 86_400_000);
  await late.scheduler.drain();
  expect(next(late)).toBeLessThan(soon);
  clock.advance(200 * 86_400_000);
  await late.scheduler.drain();
  await late.close(10_000);
  clock.advance(-200 * 86_400_000);
  const right = await start();
  expect(next(right)).toBeLessThan(soon);
  await right.close(10_000);
  rmSync(dataDir, { recursive: true });
});
