/** Which containers a release gets, and which of them are worth their place (package format §8). Pure. */
import type { VersionCode } from "../../ids.ts";

/** How many of the offered versions before a release get a delta to it whatever is known of devices. */
const LAST_VERSIONS = 3;
/** Of an app's installs; above it a version gets a delta too, however old it is. */
const LEAST_SHARE = 0.01;
/** A delta is kept below so much of the compact full container. */
const MOST_OF_COMPACT = 0.6;

/** What is known of how many devices run which version: the share of the app's installs, 0 to 1. */
export type InstallShares = ReadonlyMap<VersionCode, number>;

type Offered = { readonly versionCode: VersionCode };

/** The versions that deltas to the release are made from, the newest first. */
export function basesOf<Version extends Offered>(
  release: Offered,
  offered: readonly Version[],
  shares: InstallShares,
): Version[] {
  return offered
    .filter(({ versionCode }) => versionCode < release.versionCode)
    .sort((a, b) => b.versionCode - a.versionCode)
    .filter(
      ({ versionCode }, index) => index < LAST_VERSIONS || (shares.get(versionCode) ?? 0) > LEAST_SHARE,
    );
}

export function isCompactWorth(sizeBytes: number, packageBytes: number): boolean {
  return sizeBytes < packageBytes;
}

export function isDeltaWorth(sizeBytes: number, compactBytes: number): boolean {
  return sizeBytes < compactBytes * MOST_OF_COMPACT;
}
