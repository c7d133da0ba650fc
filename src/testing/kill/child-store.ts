/** What the processes that kill themselves share: a store that counts its steps, and what is found in it at the end. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATOR } from "../../accounts/actor.ts";
import { type OpenStoreOptions, openStore } from "../../boot/open-store.ts";
import { type Discrepancy, reconcileStore } from "../../catalog/reconcile.ts";
import { rootSha256 } from "../../catalog/tuf/repository.ts";
import type { Clock } from "../../clock.ts";
import { type Flags, loadConfig } from "../../config.ts";
import type { Store } from "../../context.ts";
import type { Device } from "../../device/context.ts";
import { initDevice, withDevice } from "../../device/device.ts";
import { listJobs } from "../../jobs/queue.ts";
import { serveCatalogue } from "../catalogue-server.ts";
import { silentLog } from "../store.ts";
import type { Settled } from "./outcome.ts";

/**
 * Opens the folder's store. Each step that survives a kill is called what `kindOf` makes of it, or not counted where that is
 * null; after the one of number `killAt` this process kills itself.
 */
export async function openCounting(
  options: Pick<OpenStoreOptions, "clock" | "mayCreate" | "handlers"> & {
    readonly dataDir: string;
    readonly flags?: Flags;
  },
  killAt: number,
  kindOf: (step: string) => string | null,
) {
  const { dataDir, flags, ...more } = options;
  const steps: string[] = [];
  const opened = await openStore({
    ...more,
    config: loadConfig({ ...flags, dataDir }, {}),
    log: silentLog,
    runJobs: false,
    onDurableWrite: (step) => {
      const kind = kindOf(step);
      if (kind === null) return;
      steps.push(kind);
      if (steps.length === killAt) process.kill(process.pid, "SIGKILL");
    },
  });
  return { ...opened, steps };
}

/** What is not as it should be when all is done; without the kind that is named. */
export async function settledOf(store: Store, but?: Discrepancy["kind"]): Promise<Settled> {
  return {
    discrepancies: (await reconcileStore(store, OPERATOR))
      .filter(({ kind }) => kind !== but)
      .map((item) => `${item.kind} ${item.subject}: ${item.detail}`),
    unfinishedJobs: listJobs(store.db, { limit: 100 })
      .filter((job) => job.state !== "done")
      .map((job) => `${job.kind} ${job.state} ${job.lastError}`),
  };
}

/** A device that is set up now, and gone when `use` ends. */
export async function onNewDevice<Value>(
  store: Store,
  clock: Clock,
  use: (device: Device) => Promise<Value>,
): Promise<Value> {
  const server = serveCatalogue(store.blobs);
  const home = mkdtempSync(join(tmpdir(), "mosis-killed-device-"));
  try {
    await initDevice({ home, url: server.url, rootSha256: rootSha256(store), clock });
    return await withDevice({ home, clock }, use);
  } finally {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
