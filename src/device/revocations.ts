/** What the store's revocations mean for what is installed already (package format, section 5). */
import type { Revocations } from "../catalog/tuf/revocations.ts";
import type { AppId } from "../ids.ts";
import { deactivate, dropPrevious } from "./activate.ts";
import { lastRevocations } from "./catalogue.ts";
import type { Device } from "./context.ts";
import { changeState, findApp, findRelease, listApps, type ReleaseRow, saveApp } from "./records.ts";
import { findRevocation } from "./trust.ts";

export type Enforced = {
  readonly appId: AppId;
  readonly action: "disabled" | "removed" | "enabled";
  readonly reason: string | null;
};

/**
 * Removes and disables what is revoked, and enables again what no longer is. A version below the lowest that is allowed
 * is disabled too. Installed copies of what is only blocked stay as they are. Gives what changed.
 */
export async function enforceRevocations(device: Device, revocations: Revocations): Promise<Enforced[]> {
  const changes: Enforced[] = [];
  const tell = (change: Enforced) => {
    changes.push(change);
    device.onEnforced(change);
  };
  for (const app of listApps(device.state)) {
    const release = app.current === null ? null : findRelease(device.state, app.appId, app.current);
    if (!release) continue;
    const revocation = findRevocation(revocations, release);
    if (revocation?.action === "remove") {
      await deactivate(device, app.appId);
      tell({ appId: app.appId, action: "removed", reason: revocation.reason });
      continue;
    }
    const kept = app.previous === null ? null : findRelease(device.state, app.appId, app.previous);
    if (kept && findRevocation(revocations, kept)?.action === "remove") await dropPrevious(device, app.appId);

    const now = findApp(device.state, app.appId);
    const reason = reasonToDisable(release, revocations);
    if (!now || reason === now.disabledReason) continue;
    changeState(device.state, () =>
      saveApp(device.state, { ...now, disabledReason: reason, changedAt: device.clock.now() }),
    );
    tell({ appId: app.appId, action: reason === null ? "enabled" : "disabled", reason });
  }
  return changes;
}

/** Why a version must not be started; null when it may be. */
export function reasonToDisable(release: ReleaseRow, revocations: Revocations): string | null {
  const revocation = findRevocation(revocations, release);
  if (revocation?.action === "disable") return revocation.reason;
  const lowest = revocations.lowestVersionCodes.get(release.appId) ?? 1;
  return release.versionCode >= lowest
    ? null
    : `Version code ${release.versionCode} is not allowed any more: ${lowest} is the lowest that is. Update it.`;
}

/** The revocations of the last refresh, for what is done without a network. */
export function knownRevocations(device: Device): Revocations {
  return lastRevocations(device.state);
}

/** Whether a kept version is revoked in any way. */
export function revocationOf(device: Device, release: ReleaseRow) {
  return findRevocation(knownRevocations(device), release);
}
