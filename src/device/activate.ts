/**
 * Which version runs: the `current` link is the truth, swapped by one rename. What is about to be and what was are
 * written before and after it, so that whatever is cut off, `recoverApps` knows which of the two holds.
 */
import type { AppId, VersionCode } from "../ids.ts";
import type { Device } from "./context.ts";
import { makeFolder, namesIn, readLink, removeTree, swapLink, syncFolder } from "./files.ts";
import {
  appFolder,
  codeOfTarget,
  currentLink,
  currentTarget,
  dataFolder,
  versionFolder,
  versionsFolder,
} from "./home.ts";
import {
  type AppRow,
  changeState,
  deleteApp,
  deleteRelease,
  findApp,
  findRelease,
  listApps,
  listReleases,
  type ReleaseRow,
  saveApp,
  saveRelease,
} from "./records.ts";

export type Activation = {
  readonly app: AppRow;
  readonly release: ReleaseRow;
  /** What a person turned away from by going back. */
  readonly skipped: VersionCode | null;
};

/** Makes a version that lies on the disk the one that runs, and keeps the one before it. */
export async function activate(device: Device, activation: Activation): Promise<void> {
  const { app, release, skipped } = activation;
  const changedAt = device.clock.now();
  await makeFolder(dataFolder(device.home, app.appId));
  await syncFolder(device.home.data);
  changeState(device.state, () => {
    // To skip a version that still runs has no effect, so this may stand before the swap as well.
    saveApp(device.state, {
      ...app,
      pending: release.versionCode,
      skipped: skipped ?? app.skipped,
      changedAt,
    });
    saveRelease(device.state, release);
  });
  device.onDurableStep("activate.announced");
  await swapLink(
    device.home.staging,
    currentLink(device.home, app.appId),
    currentTarget(release.versionCode),
  );
  device.onDurableStep("activate.swapped");
  changeState(device.state, () => {
    saveApp(device.state, { ...settled(app, release.versionCode), skipped, changedAt });
  });
  device.onDurableStep("activate.settled");
  await sweepVersions(device, app.appId);
}

function settled(app: AppRow, current: VersionCode): AppRow {
  const previous = app.current === current ? app.previous : app.current;
  return { ...app, current, previous, pending: null, disabledReason: null };
}

/** Takes an app's versions away; its data and what is pinned about it stay. */
export async function deactivate(device: Device, appId: AppId): Promise<void> {
  await removeTree(device.home.staging, appFolder(device.home, appId));
  device.onDurableStep("remove.files");
  forget(device, appId);
  device.onDurableStep("remove.settled");
}

/** Deletes the data of an app that is not installed, and everything that is known about it. */
export async function purgeApp(device: Device, appId: AppId): Promise<void> {
  await removeTree(device.home.staging, dataFolder(device.home, appId));
  device.onDurableStep("purge.data");
  changeState(device.state, () => deleteApp(device.state, appId));
  device.onDurableStep("purge.settled");
}

function forget(device: Device, appId: AppId): void {
  changeState(device.state, () => {
    const app = findApp(device.state, appId);
    if (!app) return;
    for (const release of listReleases(device.state, appId))
      deleteRelease(device.state, appId, release.versionCode);
    saveApp(device.state, {
      ...app,
      current: null,
      previous: null,
      pending: null,
      skipped: null,
      disabledReason: null,
      changedAt: device.clock.now(),
    });
  });
}

/** After a start: brings rows and folders in line with the links, and takes away what a cut left. */
export async function recoverApps(device: Device): Promise<void> {
  const known = new Map(listApps(device.state).map((app) => [app.appId as string, app]));
  for (const name of await namesIn(device.home.apps)) {
    const app = known.get(name);
    known.delete(name);
    if (app) await recoverApp(device, app);
    // Cut off before its first row was written: nothing of it has ever run.
    else await removeTree(device.home.staging, appFolder(device.home, name as AppId));
  }
  for (const app of known.values())
    if (app.current !== null || app.pending !== null) forget(device, app.appId);
}

async function recoverApp(device: Device, app: AppRow): Promise<void> {
  const linked = codeOfTarget(await readLink(currentLink(device.home, app.appId)));
  if (linked === null || !findRelease(device.state, app.appId, linked)) {
    await removeTree(device.home.staging, appFolder(device.home, app.appId));
    forget(device, app.appId);
    return;
  }
  if (app.pending !== null || app.current !== linked) {
    changeState(device.state, () => {
      const kept = { ...app, pending: null };
      saveApp(device.state, linked === app.current ? kept : { ...settled(kept, linked) });
    });
  }
  await sweepVersions(device, app.appId);
}

/** Keeps what runs and what ran before; everything else of the app's versions goes. */
async function sweepVersions(device: Device, appId: AppId): Promise<void> {
  const app = findApp(device.state, appId);
  if (!app) return;
  const present = new Set(await namesIn(versionsFolder(device.home, appId)));
  const previous = app.previous !== null && present.has(String(app.previous)) ? app.previous : null;
  const kept = new Set([app.current, previous].map(String));
  changeState(device.state, () => {
    if (previous !== app.previous) saveApp(device.state, { ...app, previous });
    for (const release of listReleases(device.state, appId)) {
      if (!kept.has(String(release.versionCode))) deleteRelease(device.state, appId, release.versionCode);
    }
  });
  for (const name of present) {
    if (!kept.has(name))
      await removeTree(device.home.staging, versionFolder(device.home, appId, Number(name) as VersionCode));
  }
}
