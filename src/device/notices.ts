/**
 * What the store's catalogues tell people of an app that they have: that it is deprecated, that a version of it is yanked. It
 * decides nothing, so that nothing is refused for it.
 */

import { YANKED_CHANNEL } from "../catalog/tuf/app-index.ts";
import { type AppNotices, NOTICES_MAX_BYTES, noticesPath, parseNotices } from "../catalog/tuf/app-notices.ts";
import type { AppIndex, IndexedRelease } from "../catalog/tuf/documents.ts";
import { isProblem } from "../errors.ts";
import type { AppId, Sha256, VersionCode } from "../ids.ts";
import type { Catalogue } from "./catalogue.ts";
import { changeState, deleteFact, getFact, type StateDb, setFact } from "./records.ts";

/** Of one version of an app. */
export type Noticed = {
  readonly deprecated: AppNotices["deprecated"];
  /** Why the version is offered to nobody any more; null: nothing is said of that. */
  readonly yanked: string | null;
};

export const NO_NOTICES: Noticed = { deprecated: null, yanked: null };

/** The release of this content where those are that are offered to nobody any more; null: it is none of them. */
export function yankedRelease(
  index: AppIndex,
  of: { readonly contentDigest?: Sha256; readonly versionCode: VersionCode },
): IndexedRelease | null {
  const isIt = ({ contentDigest, versionCode }: IndexedRelease) =>
    versionCode === of.versionCode && (of.contentDigest ?? contentDigest) === contentDigest;
  return index.channels.get(YANKED_CHANNEL)?.find(isIt) ?? null;
}

/** Of all catalogues together, the first one first. What cannot be read tells nothing. */
export async function readNotices({ parts }: Pick<Catalogue, "parts">, appId: AppId): Promise<AppNotices[]> {
  const found: AppNotices[] = [];
  for (const part of parts) {
    try {
      const bytes = await part.read(noticesPath(appId), NOTICES_MAX_BYTES);
      const notices = bytes && parseNotices(bytes);
      if (notices?.appId === appId) found.push(notices);
    } catch (error) {
      if (!isProblem(error) || error.code === "interrupted") throw error;
    }
  }
  return found;
}

/** What they say of one version. */
export function noticedOf(notices: readonly AppNotices[], versionCode: VersionCode): Noticed {
  const yanks = notices.flatMap(({ yanked }) => yanked);
  return {
    deprecated: notices.find(({ deprecated }) => deprecated !== null)?.deprecated ?? null,
    yanked: yanks.find((yank) => yank.versionCode === versionCode)?.reason ?? null,
  };
}

const factOf = (appId: AppId): string => `notices:${appId}`;

/** For what is done without a network: of the version that is installed. */
export function keepNoticed(state: StateDb, appId: AppId, noticed: Noticed): void {
  const text = JSON.stringify(noticed);
  const isNothing = noticed.deprecated === null && noticed.yanked === null;
  if (getFact(state, factOf(appId)) === (isNothing ? null : text)) return;
  changeState(state, () => {
    if (isNothing) deleteFact(state, factOf(appId));
    else setFact(state, factOf(appId), text);
  });
}

/** As of the last install or update of the app. */
export function knownNoticed(state: StateDb, appId: AppId): Noticed {
  const text = getFact(state, factOf(appId));
  return text === null ? NO_NOTICES : (JSON.parse(text) as Noticed);
}

export function forgetNoticed(state: StateDb, appId: AppId): void {
  deleteFact(state, factOf(appId));
}
