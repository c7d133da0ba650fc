/**
 * Which version runs: the `current` link is the truth, swapped by one rename. What is about to be and what was are
 * written before and after it, so that whatever is cut off, `recoverApps` knows which of the two holds.
 */
import { join } from "node:path";
import type { AppId, VersionCode } from "../ids.ts";
import { syncFolder } from "../storage/durable.ts";
import type { Device } from "./context.ts";
import { isRealFolder, makeFolder, namesIn, readLink, removeTree, swapLink } from "./files.ts";
import {
  appFolder,
  codeOfTarget,
  currentLink,
  currentTarget,
  dataFolder,
  versionFolder,
  versionsFolder,
} from "./home.ts";
import { settleMended } from "./mending.ts";
import { forgetNoticed } from "./notices.ts";
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
  await makeFolder(device.home.disk, dataFolder(device.home, app.appId));
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
  await swapLink(device.home.disk, currentLink(device.home, app.appId), currentTarget(release.versionCode));
  changeState(device.state, () => {
    saveApp(device.state, { ...settled(app, release), skipped, changedAt });
  });
  await sweepVersions(device, app.appId);
}

function settled(app: AppRow, release: ReleaseRow): AppRow {
  const current = release.versionCode;
  const previous = app.current === current ? app.previous : app.current;
  const dataVersion = Math.max(app.dataVersion, release.dataVersion);
  return { ...app, current, previous, dataVersion, pending: null, disabledReason: null };
}

/** Gives up the version that is kept for a rollback. */
export async function dropPrevious(device: Device, appId: AppId): Promise<void> {
  changeState(device.state, () => {
    const app = findApp(device.state, appId);
    if (app) saveApp(device.state, { ...app, previous: null });
  });
  await sweepVersions(device, appId);
}

/** Takes an app's versions away; its data and what is pinned about it stay. */
export async function deactivate(device: Device, appId: AppId): Promise<void> {
  await removeTree(device.home.disk, appFolder(device.home, appId));
  forget(device, appId);
}

/** Deletes the data of an app that is not installed, and everything that is known about it. */
export async function purgeApp(device: Device, appId: AppId): Promise<void> {
  await removeTree(device.home.disk, dataFolder(device.home, appId));
  changeState(device.state, () => deleteApp(device.state, appId));
}

function forget(device: Device, appId: AppId): void {
  changeState(device.state, () => {
    forgetNoticed(device.state, appId);
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
    else await removeTree(device.home.disk, appFolder(device.home, name as AppId));
  }
  for (const app of known.values())
    if (app.current !== null || app.pending !== null) forget(device, app.appId);
}

async function recoverApp(device: Device, app: AppRow): Promise<void> {
  const { home } = device;
  const own = [appFolder(home, app.appId), versionsFolder(home, app.appId)];
  if ((await Promise.all(own.map(isRealFolder))).includes(false)) {
    // Nothing was placed yet, or a link leads elsewhere: what it leads to is none of ours.
    await removeTree(home.disk, appFolder(home, app.appId));
    forget(device, app.appId);
    return;
  }
  const linked = await linkedRelease(device, app);
  if (!linked) {
    await removeTree(home.disk, appFolder(home, app.appId));
    forget(device, app.appId);
    return;
  }
  await settleMended(home, app.appId);
  if (app.pending !== null || app.current !== linked.versionCode) {
    changeState(device.state, () => {
      const kept = { ...app, pending: null };
      saveApp(device.state, linked.versionCode === app.current ? kept : settled(kept, linked));
    });
  }
  await sweepVersions(device, app.appId);
}

/** What the link says, and should the link be lost, what the rows say, linked again. */
async function linkedRelease(device: Device, app: AppRow): Promise<ReleaseRow | null> {
  const { home } = device;
  const link = currentLink(home, app.appId);
  const linked = codeOfTarget(await readLink(link));
  const release = linked === null ? null : findRelease(device.state, app.appId, linked);
  if (release) return release;
  for (const code of [app.current, app.previous]) {
    const known = code === null ? null : findRelease(device.state, app.appId, code);
    if (!known || !(await isRealFolder(versionFolder(home, app.appId, known.versionCode)))) continue;
    await removeTree(home.disk, link);
    await swapLink(home.disk, link, currentTarget(known.versionCode));
    return known;
  }
  return null;
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
    if (!kept.has(name)) await removeTree(device.home.disk, join(versionsFolder(device.home, appId), name));
  }
}
