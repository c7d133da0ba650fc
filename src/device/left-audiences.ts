/**
 * What an audience's catalogue said last was revoked, once this device does not belong to the audience any more: it goes on
 * counting for what is installed, or leaving a group would enable what was disabled. But where a catalogue that the device
 * does read has the app, that one says what is revoked of it, and the old list would keep what was lifted since.
 */
import { indexPath } from "../catalog/tuf/app-index.ts";
import { INDEX_MAX_BYTES } from "../catalog/tuf/documents.ts";
import type { Revocations } from "../catalog/tuf/revocations.ts";
import type { AppId } from "../ids.ts";
import type { CataloguePart } from "./catalogue.ts";
import type { Device } from "./context.ts";
import { findRelease, listApps, type ReleaseRow } from "./records.ts";
import { findRevocation } from "./trust.ts";

/** What of the list still counts. */
export async function remainingOf(
  device: Pick<Device, "state">,
  list: Revocations,
  parts: readonly CataloguePart[],
): Promise<Revocations> {
  const kept = await installedElsewhere(device, list, parts);
  const ids = new Set(kept.map(({ appId }) => appId));
  return {
    entries: list.entries.filter((entry) =>
      kept.some((release) => findRevocation({ ...list, entries: [entry] }, release) !== null),
    ),
    lowestVersionCodes: new Map([...list.lowestVersionCodes].filter(([appId]) => ids.has(appId))),
  };
}

/** Copies that the list is about, of apps that no catalogue has which is read. */
async function installedElsewhere(
  device: Pick<Device, "state">,
  list: Revocations,
  parts: readonly CataloguePart[],
): Promise<ReleaseRow[]> {
  const found: ReleaseRow[] = [];
  for (const { appId, current, previous } of listApps(device.state)) {
    const copies = [current, previous].flatMap((code) =>
      code === null ? [] : (findRelease(device.state, appId, code) ?? []),
    );
    const isNamed = copies.some((copy) => findRevocation(list, copy) !== null);
    if (!isNamed && !list.lowestVersionCodes.has(appId)) continue;
    if (!(await hasIndex(parts, appId))) found.push(...copies);
  }
  return found;
}

async function hasIndex(parts: readonly CataloguePart[], appId: AppId): Promise<boolean> {
  for (const part of parts) if ((await part.read(indexPath(appId), INDEX_MAX_BYTES)) !== null) return true;
  return false;
}
