/** Whether a copy that is on the device can stay, or be started again, by the catalogue of now. */
import type { IndexedRelease } from "../catalog/tuf/documents.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Device } from "./context.ts";
import { type AppRow, findRelease, type ReleaseRow } from "./records.ts";
import { judgeCopy } from "./signatures.ts";
import { findRevocation } from "./trust.ts";

/** Revoked by nothing but the store's own key: the store may have signed it again, and then that copy is a good one. */
function lostSignature({ revocations }: Catalogue, installed: ReleaseRow): boolean {
  const others = { ...installed, releaseKeyid: "", releaseCertificate: "" };
  return findRevocation(revocations, installed) !== null && findRevocation(revocations, others) === null;
}

/**
 * Why a version that is on the device is fetched once more: it is not what was signed, or the store's signature of it is revoked, or
 * rests on an authority that is not trusted any more. Null when it is good, and when fetching it again mends nothing, as
 * where it is the developer's signature that counts no more.
 */
export async function whatToMend(
  device: Device,
  catalogue: Catalogue,
  app: AppRow,
  copy: ReleaseRow,
): Promise<"damaged" | "revoked" | "distrusted" | null> {
  const { fault } = await judgeCopy(device, app, copy);
  if (fault === "files" || fault === "envelopes") return "damaged";
  if (fault === "developer") return null;
  if (fault === "store") return "distrusted";
  return lostSignature(catalogue, copy) ? "revoked" : null;
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
