/** A release of the signed index, fetched and judged and written to its place among the versions. */
import type { AppIndex, IndexedRelease } from "../catalog/tuf/documents.ts";
import type { LineageKey } from "../format/lineage.ts";
import type { Catalogue, CataloguePart } from "./catalogue.ts";
import type { Device } from "./context.ts";
import { missingInLog, refuseUnlogged } from "./log.ts";
import { type Download, obtainRelease } from "./obtain.ts";
import type { ReleaseRow } from "./records.ts";
import { judgePackage, subjectsOf } from "./trust.ts";

/** What the store says of one app, and the keys that this device pins for it. */
export type Offer = {
  readonly catalogue: Catalogue;
  readonly index: AppIndex;
  /** The catalogue that has the index, and below whose address its files are. */
  readonly part: CataloguePart;
  readonly lineage: readonly LineageKey[];
};

/** Download, judge, write: nothing that runs is touched yet. */
export async function fetchAndPlace(
  device: Device,
  { catalogue, index, part, lineage }: Offer,
  release: IndexedRelease,
): Promise<{ readonly release: ReleaseRow; readonly download: Download }> {
  const { judged, download } = await obtainRelease(device, {
    appId: index.appId,
    release,
    base: part.base,
    authorities: catalogue,
    async judge(verdict) {
      const { storeId } = device;
      const { revocations } = catalogue;
      const judged = judgePackage(verdict, { index, release, storeId, lineage, revocations });
      const { contentDigest, package: file } = release;
      const facts = { store: judged.store, contentDigest, packageSha256: file.sha256 };
      refuseUnlogged(index.appId, await missingInLog(catalogue.log, facts, release));
      return judged;
    },
  });
  const { manifest, developer, store } = judged;
  return {
    download,
    release: {
      ...subjectsOf(index.appId, release.contentDigest, developer, store),
      versionCode: release.versionCode,
      version: release.version,
      name: manifest.name[manifest.defaultLocale] ?? index.appId,
      dataVersion: release.dataVersion,
      installedAt: device.clock.now(),
    },
  };
}
