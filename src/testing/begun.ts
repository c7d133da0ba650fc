/** A store after its first start, made once in a check: 262 signed roles and their keys cost more than most tests. */
import { mkdirSync } from "node:fs";
import { CRON, HANDLERS_HERE } from "../boot/handlers.ts";
import { initialiseTrust } from "../catalog/tuf/repository.ts";
import type { Clock } from "../clock.ts";
import { startScheduler } from "../jobs/scheduler.ts";
import { type Kept, keptStore } from "./kept.ts";
import { openTestStore, type TestStore, type TestStoreOptions, testClock } from "./store.ts";

/** A clock that is further from the start than this has a store of its own: its catalogue would be near its end, or of tomorrow. */
const MOST_MS = 3_600_000;

let begun: Promise<Kept<{ readonly at: Date }>> | null = null;

/**
 * The folder of a store with its trust, its catalogue written and no job left, to be copied; null when the clock is none of now.
 * All copies are one store, of the same id and keys: a test of two stores makes the other by itself.
 */
export async function begunStore(clock: Clock): Promise<string | null> {
  begun ??= keptStore("begun", begin);
  const { folder, facts } = await begun;
  const ageMs = clock.now().getTime() - facts.at.getTime();
  return ageMs < 0 || ageMs > MOST_MS ? null : folder;
}

/** A test store after its first start. */
export async function openTrusted(options: TestStoreOptions = {}): Promise<TestStore> {
  const clock = options.clock ?? testClock();
  const isEmpty = options.dataDir === undefined && options.copyOf === undefined;
  const copyOf = isEmpty ? await begunStore(clock) : null;
  const store = await openTestStore({ ...options, clock, ...(copyOf === null ? {} : { copyOf }) });
  await initialiseTrust(store);
  return store;
}

async function begin(folder: string): Promise<{ at: Date }> {
  mkdirSync(folder, { mode: 0o700 });
  const store = await openTestStore({ dataDir: folder });
  await initialiseTrust(store);
  const scheduler = startScheduler(store, { handlers: HANDLERS_HERE, cron: CRON, ticking: false });
  await scheduler.drain();
  await scheduler.stop(1000);
  store.close();
  return { at: store.clock.now() };
}
