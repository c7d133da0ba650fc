/** What every acting function is given first. */
import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Db } from "./db/database.ts";
import type { PlatformApi } from "./format/api/platform-api.ts";
import type { Vault } from "./keys/vault.ts";
import type { Log } from "./log.ts";
import type { Blobs } from "./storage/blobs.ts";

export type Store = {
  readonly db: Db;
  readonly blobs: Blobs;
  /** The store's own private keys: opens what the master key sealed. */
  readonly vault: Vault;
  /** What apps can call and ask for: the executable's manifest, with the administrator's laid over it. */
  readonly api: () => PlatformApi;
  readonly clock: Clock;
  readonly log: Log;
  /** As it is by now: what the page of settings says changes it while the store runs. */
  readonly config: Config;
  /** Tells the scheduler, when one runs, that a job was committed. */
  readonly wakeJobs: () => void;
};
