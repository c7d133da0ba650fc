/**
 * A damaged version that runs is mended without an instant in which nothing runs: written anew beside itself, linked,
 * and only then moved to its own folder, by a copy and a second swap. A cut leaves the link on the damaged version or on
 * a whole one; what was not moved yet is moved when the device is opened again.
 */
import { copyFile, link, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { AppId, VersionCode } from "../ids.ts";
import { syncFile } from "../storage/durable.ts";
import {
  type Disk,
  isRealFolder,
  moveIntoPlace,
  orTakenAway,
  readLink,
  removeTree,
  swapLink,
  syncTree,
} from "./files.ts";
import {
  codeOfTarget,
  currentLink,
  currentTarget,
  type Home,
  isMendedTarget,
  mendedFolder,
  mendedTarget,
  versionFolder,
} from "./home.ts";

/** Puts `fresh`, a whole copy of the running version in staging, in the running version's place. */
export async function mendRunning(
  home: Home,
  appId: AppId,
  versionCode: VersionCode,
  fresh: string,
): Promise<void> {
  const mended = mendedFolder(home, appId, versionCode);
  // Should the link lead there already, what is to be replaced must not be what runs.
  await settleMended(home, appId);
  await removeTree(home.disk, mended);
  await moveIntoPlace(home.disk, fresh, mended);
  await swapLink(home.disk, currentLink(home, appId), mendedTarget(versionCode));
  await settleMended(home, appId);
}

/** Moves what was mended to its own folder; does nothing when nothing was, or it is there already. */
export async function settleMended(home: Home, appId: AppId): Promise<void> {
  const target = await readLink(currentLink(home, appId));
  const versionCode = codeOfTarget(target);
  if (versionCode === null || !isMendedTarget(target)) return;
  const mended = mendedFolder(home, appId, versionCode);
  if (await isRealFolder(mended)) await copyBack(home, appId, versionCode, mended);
  await swapLink(home.disk, currentLink(home, appId), currentTarget(versionCode));
  await removeTree(home.disk, mended);
}

async function copyBack(home: Home, appId: AppId, versionCode: VersionCode, mended: string): Promise<void> {
  const copy = join(home.disk.staging, crypto.randomUUID());
  await orTakenAway(home.disk, copy, async () => {
    await copyTree(home.disk, mended, copy);
    await syncTree(copy);
    await removeTree(home.disk, versionFolder(home, appId, versionCode));
    await moveIntoPlace(home.disk, copy, versionFolder(home, appId, versionCode));
  });
}

/** The same files under a second name, as nothing writes to them; on a disk without hard links, copies. */
async function copyTree(disk: Disk, from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o755 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      await copyTree(disk, source, copy);
      continue;
    }
    await link(source, copy).catch(async () => {
      await copyFile(source, copy);
      await syncFile(copy);
    });
    disk.onDurableWrite(`second name ${entry.name}`);
  }
}
