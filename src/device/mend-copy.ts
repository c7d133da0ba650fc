/**
 * Versions that stay on the device, the one that runs and the one that is kept, are fetched once more when they are not
 * what was signed, or the store's signature of them counts no more and there is another.
 */
import type { AppIndex, IndexedRelease } from "../catalog/tuf/documents.ts";
import { isProblem } from "../errors.ts";
import type { AppId, VersionCode } from "../ids.ts";
import type { Device } from "./context.ts";
import { whatToMend } from "./copies.ts";
import { fetchAndPlace, type Offer } from "./fetch-release.ts";
import type { Download } from "./obtain.ts";
import {
  changeState,
  findApp,
  findRelease,
  getFact,
  type ReleaseRow,
  saveApp,
  saveRelease,
  setFact,
} from "./records.ts";
import { reasonToDisable } from "./revocations.ts";

export type Mended = {
  readonly action: "repaired" | "signed-again";
  readonly release: ReleaseRow;
  readonly download: Download;
};

export type KeptOutcome = {
  readonly versionCode: VersionCode;
  readonly version: string;
  readonly action: "repaired" | "signed-again" | "refused";
  readonly download: Download | null;
  /** Why it was refused. */
  readonly problem: { readonly code: string; readonly message: string } | null;
};

/**
 * Which version runs, and from which one a person went back, stays as it is. Null when nothing is to be mended, and when
 * nothing can be: the store lists the version no more, or has not signed it again yet.
 * @throws Problem as `fetchAndPlace`
 */
export async function mendCopy(device: Device, offer: Offer, copy: ReleaseRow): Promise<Mended | null> {
  const { appId } = copy;
  const app = findApp(device.state, appId);
  const listed = listedRelease(offer.index, copy);
  if (app === null || listed === null) return null;
  const mend = await whatToMend(device, offer.catalogue, app, copy);
  if (mend === null || (mend === "distrusted" && isRefused(device, appId, listed))) return null;
  const fetched = await fetchAndPlace(device, offer, listed).catch((error) => {
    if (mend === "distrusted" && isProblem(error) && error.code === "device.package_refused") return null;
    throw error;
  });
  if (fetched === null) {
    rememberRefused(device, appId, listed);
    return null;
  }
  const { release, download } = fetched;
  changeState(device.state, () => {
    saveRelease(device.state, release);
    // What is signed with a key that is not revoked may be started again.
    const disabledReason = reasonToDisable(release, offer.catalogue.revocations);
    if (app.current === release.versionCode) saveApp(device.state, { ...app, disabledReason });
  });
  return { action: mend === "damaged" ? "repaired" : "signed-again", release, download };
}

/** As `mendCopy`, of the version that is kept to go back to: that it is refused changes nothing about the one that runs. */
export async function mendKept(device: Device, offer: Offer): Promise<KeptOutcome | null> {
  const { appId } = offer.index;
  const code = findApp(device.state, appId)?.previous ?? null;
  const copy = code === null ? null : findRelease(device.state, appId, code);
  if (copy === null) return null;
  const { versionCode, version } = copy;
  try {
    const mended = await mendCopy(device, offer, copy);
    return (
      mended && { versionCode, version, action: mended.action, download: mended.download, problem: null }
    );
  } catch (error) {
    if (!isProblem(error) || error.code === "interrupted") throw error;
    const { code, message } = error;
    return { versionCode, version, action: "refused", download: null, problem: { code, message } };
  }
}

/** In whatever channel lists it. */
function listedRelease(index: AppIndex, copy: ReleaseRow): IndexedRelease | null {
  const releases = [...index.channels.values()].flat();
  const isCopy = (one: IndexedRelease) =>
    one.versionCode === copy.versionCode && one.contentDigest === copy.contentDigest;
  return releases.find(isCopy) ?? null;
}

/** Whether this very file was fetched for another signature of the store before, and had none that counts. */
function isRefused(device: Device, appId: AppId, release: IndexedRelease): boolean {
  return refusedFiles(device, appId).includes(release.package.sha256);
}

/** The store has not signed it again, or cannot: the copy is as good as it was, and is not fetched in vain each time. */
function rememberRefused(device: Device, appId: AppId, release: IndexedRelease): void {
  // As many as an app has copies here.
  const files = [release.package.sha256, ...refusedFiles(device, appId)].slice(0, 2);
  changeState(device.state, () => setFact(device.state, refusedFact(appId), files.join(" ")));
}

function refusedFiles(device: Device, appId: AppId): readonly string[] {
  return getFact(device.state, refusedFact(appId))?.split(" ") ?? [];
}

/** Holds the SHA-256 of packages. */
function refusedFact(appId: AppId): string {
  return `notSignedAgain:${appId}`;
}
