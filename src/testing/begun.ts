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
 * Stores that are open in this process and may be the one that was begun: two that are open side by side are two stores, with ids
 * and keys of their own.
 */
const open = new Set<symbol>();

export type Place = {
  /** Of a store with its trust, its catalogue written and no job left, to be copied; null for one that begins by itself. */
  readonly begun: string | null;
  /** Once the store is closed. */
  readonly leave: () => void;
};

/** For each store that is opened. @param isEmpty False for one that comes from a folder with something in it. */
export async function takePlace(clock: Clock, isEmpty = true): Promise<Place> {
  const place = Symbol("store");
  const isAlone = open.size === 0;
  open.add(place);
  const begun = isAlone && isEmpty ? await begunStore(clock) : null;
  return { begun, leave: () => void open.delete(place) };
}

/** Null when the clock is none of now. */
async function begunStore(clock: Clock): Promise<string | null> {
  begun ??= keptStore("begun", begin);
  const { folder, facts } = await begun;
  const ageMs = clock.now().getTime() - facts.at.getTime();
  return ageMs < 0 || ageMs > MOST_MS ? null : folder;
}

/** A test store after its first start. */
export async function openTrusted(options: TestStoreOptions = {}): Promise<TestStore> {
  const clock = options.clock ?? testClock();
  const place = await takePlace(clock, options.dataDir === undefined && options.copyOf === undefined);
  const copyOf = place.begun === null ? {} : { copyOf: place.begun };
  const store = await openTestStore({ ...options, clock, ...copyOf });
  await initialiseTrust(store);
  return {
    ...store,
    // Not as it is now: settings of the store change it.
    get config() {
      return store.config;
    },
    close() {
      place.leave();
      store.close();
    },
  };
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
