import { noteRunning } from "../catalog/running-days.ts";
import { DAY_MS } from "../time.ts";
import type { TestStore } from "./store.ts";

/** Days go by while the store runs, as its hourly job notes them. */
export function liveThrough(store: Pick<TestStore, "db" | "clock" | "vault">, days: number): void {
  noteRunning(store);
  for (let day = 0; day < days; day += 1) {
    store.clock.advance(DAY_MS);
    noteRunning(store);
  }
}
