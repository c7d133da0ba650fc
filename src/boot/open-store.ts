/** From a folder to a Store: lock, keys, database, first start, and the copy of the catalogue that devices read. */
import { join } from "node:path";
import { keepTokenKeys } from "../accounts/access-tokens/keys.ts";
import { applyErased } from "../accounts/deletion/erase.ts";
import { keyDeviceNames } from "../accounts/devices/records.ts";
import { keepIssuers } from "../accounts/identities/issuers.ts";
import { beginMail } from "../accounts/messages/send.ts";
import { keyOrganisationNames } from "../accounts/organisations.records.ts";
import { liveConfig } from "../accounts/store-settings/live.ts";
import { migrations } from "../assets.ts";
import { tellAuditDamage } from "../audit/check.ts";
import { beginIdKeys } from "../catalog/app-ids/check.ts";
import { sealOldApprovals } from "../catalog/approval-seal.ts";
import { mendTrust } from "../catalog/check-catalogue.ts";
import { sealOldChecks, sealOldSaid } from "../catalog/check-seal.ts";
import { enqueueLogCheck, holdIfBehind } from "../catalog/log/audit.ts";
import { checkLog } from "../catalog/log/hold.ts";
import { sealOldLeaves } from "../catalog/log/seal.ts";
import { beginCrls } from "../catalog/revocation/crls.ts";
import { sealOldRevocations } from "../catalog/revocation/sealed.ts";
import { sealOldDays } from "../catalog/running-days.ts";
import { beginSearch } from "../catalog/search/keep.ts";
import { beginPictures } from "../catalog/shown-pictures/job.ts";
import { watchQueue } from "../catalog/store-troubles/standing-queue.ts";
import { reconcile } from "../catalog/tuf/compare.ts";
import { exportCatalogue } from "../catalog/tuf/export.ts";
import { initialiseTrust } from "../catalog/tuf/repository.ts";
import { upgradeStore } from "../catalog/upgrade/upgrade.ts";
import { sealOldAudiences } from "../catalog/visibility/sealed-audiences.ts";
import type { Clock } from "../clock.ts";
import { type Config, requireDataDir } from "../config.ts";
import type { Store } from "../context.ts";
import { abandonDatabase, closeDatabase, openDatabase } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { diskProblem, isDatabaseError, isProblem, Problem } from "../errors.ts";
import { type Handlers, type Scheduler, startScheduler } from "../jobs/scheduler.ts";
import { isInitialised, storeId } from "../keys/authority.ts";
import { noteForeign } from "../keys/foreign-vault.ts";
import { unusableKeys } from "../keys/unusable.ts";
import { openVault, type Vault } from "../keys/vault.ts";
import type { Log } from "../log.ts";
import { openDiskBlobs } from "../storage/disk.ts";
import { CRON, HANDLERS } from "./handlers.ts";
import { type FolderLock, lockWhenFree, refuseOthersStore } from "./lock.ts";
import { openApi } from "./platform-api.ts";

export type OpenStoreOptions = {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  /** A command on an empty folder is a mistake; `serve` on one is the first start. */
  readonly mayCreate: boolean;
  /** With false jobs run only while `scheduler.drain()` does. */
  readonly runJobs: boolean;
  /** In place of the store's own. */
  readonly handlers?: Handlers;
  /** How long another command may go on holding the folder; a server is never waited for. */
  readonly waitMs?: number;
  /** Called after each step that survives a kill; tests end the process there. */
  readonly onDurableWrite?: (step: string) => void;
};

export type OpenedStore = {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly lock: FolderLock;
  readonly firstStart: boolean;
  close(timeoutMs: number): Promise<void>;
};

/**
 * Opens the data folder for this process alone.
 * @throws Problem `config.data_missing`, `store.locked`, `store.unwritable`, `store.wrong_user`, `store.not_initialised`,
 *   `storage.…`, `keys.master_…`, `api.…`, `database.…`
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  try {
    return await openFolder(options);
  } catch (error) {
    const problem = diskProblem(error);
    // What names a file that nobody may read says more as it is.
    const isTold = isDatabaseError(error) || (isProblem(problem) && problem.code === "storage.full");
    throw isTold ? problem : error;
  }
}

async function openFolder(options: OpenStoreOptions): Promise<OpenedStore> {
  const { config, clock, log, onDurableWrite } = options;
  const dataDir = requireDataDir(config);
  if (!options.mayCreate && !(await Bun.file(join(dataDir, "mosis.db")).exists())) {
    throw new Problem(
      "unreachable",
      "store.not_initialised",
      `There is no store in ${dataDir}: “mosis serve --data ${dataDir}” makes one.`,
    );
  }
  refuseOthersStore(dataDir);
  const api = openApi(dataDir);
  const lock = await lockWhenFree(dataDir, options.waitMs ?? 0);
  try {
    const db = openDatabase(join(dataDir, "mosis.db"), onDurableWrite);
    try {
      let opened: Vault | undefined;
      const openedVault = (): Vault => {
        opened ??= openVault({ file: config.masterKeyFile, dataDir, mayCreate: !isInitialised({ db }), log });
        return opened;
      };
      const applied = migrate(db, migrations(), clock.now(), {
        "sealed_leaves.sql": (old) => sealOldLeaves(old, openedVault),
        "sealed_audiences.sql": (old) => sealOldAudiences(old, openedVault),
        "sealed_revocations.sql": (old) => sealOldRevocations(old, openedVault),
        "sealed_checks.sql": (old) => {
          sealOldChecks(old, openedVault);
          sealOldApprovals(old, openedVault);
        },
        "sealed_days.sql": (old) => {
          sealOldDays(old, openedVault);
          sealOldSaid(old, openedVault);
          sealOldApprovals(old, openedVault);
        },
        "device_name_keys.sql": keyDeviceNames,
        "organisation_names.sql": keyOrganisationNames,
      });
      if (applied.length > 0) log.info("database.migrated", { migrations: applied.join(",") });
      const firstStart = !isInitialised({ db });
      const vault = openedVault();
      const blobs = await openDiskBlobs(dataDir, onDurableWrite);
      await blobs.clearStaging();
      let scheduler: Scheduler | undefined;
      const current = liveConfig(db, config, clock, log);
      const store: Store = {
        ...{ db, blobs, vault, api, clock, log, wakeJobs: () => scheduler?.wake() },
        get config() {
          return current();
        },
      };
      noteForeign(db.orm, vault);
      const isNew = await initialiseTrust(store);
      if (isNew) log.info("store.initialised", { storeId: storeId(store) });
      await upgradeStore(store);
      await applyErased(store);
      beginCrls(store);
      tellUnusableKeys(store);
      tellAuditDamage(store);
      const isBehind = await holdIfBehind(store);
      if (!isBehind) {
        await mendTrust(store);
        await unlessDamaged(store, () => exportCatalogue(store));
      }
      if (options.runJobs) await reconcile(store, { repair: !isBehind });
      await unlessDamaged(store, async () => void checkLog(store));
      if (options.runJobs) enqueueLogCheck(store);
      if (options.runJobs) keepIssuers(store);
      if (options.runJobs) beginMail(store);
      if (options.runJobs) beginSearch(store);
      if (options.runJobs) beginPictures(store);
      if (options.runJobs) beginIdKeys(store);
      if (options.runJobs) keepTokenKeys(store);
      scheduler = startScheduler(store, {
        handlers: options.handlers ?? HANDLERS,
        cron: CRON,
        ticking: options.runJobs,
      });
      const running = scheduler;
      const watch = options.runJobs ? watchQueue(store) : undefined;
      return {
        store,
        scheduler,
        lock,
        firstStart,
        async close(timeoutMs) {
          watch?.stop();
          await running.stop(timeoutMs);
          // Nobody writes any more: what a cut off upload left is of no use.
          await blobs.clearStaging();
          closeDatabase(db);
          lock.release();
        },
      };
    } catch (error) {
      abandonDatabase(db);
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Such a store still serves what it has signed; who looks after it has time until the catalogue ends. */
function tellUnusableKeys(store: Store): void {
  for (const { name, code, detail } of unusableKeys(store)) {
    store.log.error("keys.unusable", { key: name, code, detail });
  }
}

const DAMAGES = ["log.damaged", "catalog.damaged"];

/** Such a store still serves what it has signed; it signs nothing over the damage, and says why. */
async function unlessDamaged(store: Store, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isProblem(error) || !DAMAGES.some((code) => code === error.code)) throw error;
    store.log.error(error.code, { detail: error.message });
  }
}
