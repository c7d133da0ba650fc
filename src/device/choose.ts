/** Which release a device takes (package format, section 9, steps 2 and 4). Pure. */
import { createHash } from "node:crypto";
import type { AppIndex, IndexedRelease } from "../catalog/tuf/documents.ts";
import { Problem } from "../errors.ts";
import type { AppId, VersionCode } from "../ids.ts";

export type Terms = {
  readonly channel: string;
  /** What this device offers. */
  readonly runtimeApi: string;
  readonly deviceId: string;
  /** Of the revocations; the index has one of its own. */
  readonly lowestVersionCode: VersionCode | null;
  /** Nothing but this one; null for the highest. */
  readonly wanted: VersionCode | null;
};

/** What is on the device now. */
export type Present = {
  /** The version code that is installed; null when none is. */
  readonly versionCode: VersionCode | null;
  /** What the app's data may be of: it outlives a removal. */
  readonly dataVersion: number;
};

export type Change = "install" | "update" | "rollback" | "none";

/**
 * The highest version code that is offered on the channel, to this device's share of the rollout, for its platform API,
 * and that is not too low, or just the one that is wanted; null when there is none.
 */
export function chooseRelease(index: AppIndex, terms: Terms): IndexedRelease | null {
  const lowest = Math.max(index.lowestVersionCode, terms.lowestVersionCode ?? 1);
  const offered = (index.channels.get(terms.channel) ?? []).filter(
    (release) =>
      release.versionCode >= lowest &&
      (terms.wanted === null || release.versionCode === terms.wanted) &&
      meetsApi(terms.runtimeApi, release.runtimeApi) &&
      rolloutPosition(terms.deviceId, index.appId, release.versionCode) < release.rolloutPercent * 100,
  );
  return offered.reduce<IndexedRelease | null>(
    (best, release) => (best === null || release.versionCode > best.versionCode ? release : best),
    null,
  );
}

/** Same major version, and at least the minor one. */
export function meetsApi(offered: string, needed: string): boolean {
  const [offeredMajor, offeredMinor] = offered.split(".").map(Number);
  const [neededMajor, neededMinor] = needed.split(".").map(Number);
  return offeredMajor === neededMajor && (offeredMinor ?? 0) >= (neededMinor ?? 0);
}

/**
 * Where a device stands in a rollout, 0 to 9,999: the first four bytes, big-endian, of SHA-256 over
 * `<deviceId>/<appId>/<versionCode>`, modulo 10,000. Drawn anew for each version, so that no device is always first.
 */
export function rolloutPosition(deviceId: string, appId: AppId, versionCode: VersionCode): number {
  const digest = createHash("sha256").update(`${deviceId}/${appId}/${versionCode}`).digest();
  return digest.readUInt32BE(0) % 10_000;
}

/**
 * What taking the release would be. A lower version code is only ever taken when the release names the installed one
 * under `replaces`, and never when the app's data would be of a newer form than its program.
 * @throws Problem `device.version_not_above`, `device.data_version`
 */
export function decideChange(release: IndexedRelease, present: Present): Change {
  const installed = present.versionCode;
  if (release.versionCode === installed) return "none";
  const falls = installed !== null && release.versionCode < installed;
  if (falls && !release.replaces.includes(installed)) {
    throw new Problem(
      "unprocessable",
      "device.version_not_above",
      `Version code ${installed} is installed and the store offers ${release.versionCode}, which is not above it and does not say that it replaces it: it was refused.`,
    );
  }
  if (release.dataVersion < present.dataVersion)
    throw dataWouldFall(release.dataVersion, present.dataVersion);
  if (installed === null) return "install";
  return falls ? "rollback" : "update";
}

export function dataWouldFall(to: number, from: number): Problem {
  return new Problem(
    "unprocessable",
    "device.data_version",
    `The version has data version ${to} and the app's data is of version ${from}: it could not read its own data, so it was refused. To give the data up: mosis device remove APP --purge`,
  );
}
