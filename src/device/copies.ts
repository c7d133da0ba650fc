/** Whether a copy that is on the device can stay, or be started again, by the catalogue of now. */
import type { IndexedRelease } from "../catalog/tuf/documents.ts";
import type { AppId } from "../ids.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Device } from "./context.ts";
import { type AppRow, changeState, findRelease, getFact, type ReleaseRow, setFact } from "./records.ts";
import { judgeCopy } from "./signatures.ts";
import { findRevocation } from "./trust.ts";

/** Revoked by nothing but the store's own key: the store may have signed it again, and then that copy is a good one. */
function lostSignature({ revocations }: Catalogue, installed: ReleaseRow): boolean {
  const others = { ...installed, releaseKeyid: "", releaseCertificate: "" };
  return findRevocation(revocations, installed) !== null && findRevocation(revocations, others) === null;
}

/**
 * Why the installed version is fetched once more: it is not what was signed, or the store's signature of it is revoked, or
 * rests on an authority that is not trusted any more. Null when it is good, and when fetching it again mends nothing, as
 * where it is the developer's signature that counts no more.
 */
export async function whatToMend(
  device: Device,
  catalogue: Catalogue,
  app: AppRow,
  installed: ReleaseRow,
): Promise<"damaged" | "revoked" | "distrusted" | null> {
  const { fault } = await judgeCopy(device, app, installed);
  if (fault === "files" || fault === "envelopes") return "damaged";
  if (fault === "developer") return null;
  if (fault === "store") return "distrusted";
  return lostSignature(catalogue, installed) ? "revoked" : null;
}

/** Whether this very file was fetched for another signature of the store before, and had none that counts. */
export function isRefused(device: Device, appId: AppId, release: IndexedRelease): boolean {
  return getFact(device.state, refusedFact(appId)) === release.package.sha256;
}

/** The store has not signed it again, or cannot: the copy is as good as it was, and is not fetched in vain each time. */
export function rememberRefused(device: Device, appId: AppId, release: IndexedRelease): void {
  changeState(device.state, () => setFact(device.state, refusedFact(appId), release.package.sha256));
}

/** Holds the SHA-256 of the package. */
function refusedFact(appId: AppId): string {
  return `notSignedAgain:${appId}`;
}

/** The kept version, when it is what the index names, and by all that is known now as good as when it came. */
export async function keptRelease(
  device: Device,
  catalogue: Catalogue,
  release: IndexedRelease,
  app: AppRow | null,
): Promise<ReleaseRow | null> {
  if (app === null || app.previous !== release.versionCode) return null;
  const kept = findRelease(device.state, app.appId, app.previous);
  if (!kept || kept.contentDigest !== release.contentDigest) return null;
  if (findRevocation(catalogue.revocations, kept) !== null) return null;
  return (await judgeCopy(device, app, kept)).fault === null ? kept : null;
}
