/** What the store's catalogues say of one app, together: each of them may have it. */
import { indexPath } from "../catalog/tuf/app-index.ts";
import {
  type AppIndex,
  INDEX_MAX_BYTES,
  type IndexedRelease,
  parseAppIndex,
} from "../catalog/tuf/documents.ts";
import { Problem } from "../errors.ts";
import { type AppId, isAppId, type VersionCode } from "../ids.ts";
import type { Catalogue, CataloguePart } from "./catalogue.ts";
import { chooseRelease, type Terms } from "./choose.ts";

/** What one of them says. */
export type IndexIn = { readonly index: AppIndex; readonly part: CataloguePart };

/**
 * In the order in which the catalogues are read: the public one first.
 * @throws Problem `device.unreachable`, `device.catalogue_…`, `catalogue.malformed`, `device.index_mismatch`
 */
export async function readIndexes({ parts }: Pick<Catalogue, "parts">, appId: AppId): Promise<IndexIn[]> {
  const found: IndexIn[] = [];
  for (const part of parts) {
    const bytes = await part.read(indexPath(appId), INDEX_MAX_BYTES);
    if (bytes === null) continue;
    const index = parseAppIndex(bytes);
    if (index.appId !== appId) {
      throw new Problem(
        "unprocessable",
        "device.index_mismatch",
        `The index of ${appId} is about ${index.appId}.`,
      );
    }
    found.push({ index, part });
  }
  return found;
}

/**
 * The highest release that any of them offers under these terms, and none below the lowest that any of them or the
 * revocations allow; of equals that of the first. Without a release it is the first index, if there is one.
 */
export function chooseOffer(
  found: readonly IndexIn[],
  terms: Terms,
): (IndexIn & { readonly release: IndexedRelease | null }) | null {
  const lowest = Math.max(
    terms.lowestVersionCode ?? 1,
    ...found.map(({ index }) => index.lowestVersionCode),
  ) as VersionCode;
  const offers = found.map((one) => ({
    ...one,
    release: chooseRelease(one.index, { ...terms, lowestVersionCode: lowest }),
  }));
  return offers.reduce<(typeof offers)[number] | null>((best, one) => {
    const isHigher = (one.release?.versionCode ?? 0) > (best?.release?.versionCode ?? 0);
    return best === null || isHigher ? one : best;
  }, null);
}

/** The release of this content, in whatever catalogue and channel lists it. */
export async function findListed(
  { parts }: Pick<Catalogue, "parts">,
  appId: string,
  contentDigest: string,
): Promise<IndexedRelease | null> {
  if (!isAppId(appId)) return null;
  for (const part of parts) {
    const bytes = await part.read(indexPath(appId), INDEX_MAX_BYTES);
    if (bytes === null) continue;
    const releases = [...parseAppIndex(bytes).channels.values()].flat();
    const listed = releases.find((release) => release.contentDigest === contentDigest);
    if (listed !== undefined) return listed;
  }
  return null;
}
