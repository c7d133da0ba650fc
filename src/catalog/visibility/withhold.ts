/**
 * What those who may not see an app any more find at the addresses that its files had: nothing, from the moment of the
 * change on. The files themselves stay until they are swept, for devices in the middle of something and for other names of
 * the same bytes.
 */
import type { Tx } from "../../db/database.ts";
import { type AppId, type Audience, EVERYBODY } from "../../ids.ts";
import { selectLeavesAbout } from "../log/records.ts";
import { publicKeyOf } from "../public-files.ts";
import { releaseKey } from "../release-keys.ts";
import { indexPath, shardOf, shardPath } from "../tuf/app-index.ts";
import { noticesPath } from "../tuf/app-notices.ts";
import { newestVersion, supersededOfPath, versionsOfRole } from "../tuf/records.ts";
import { CATALOGUE_PREFIX, metadataKey, roleForTarget, targetKey } from "../tuf/roles.ts";
import { insertWithheld, serveApp } from "../withheld.records.ts";
import { findOfferedFile } from "./files.records.ts";
import { selectDigests } from "./records.ts";

type Seen = {
  /** Who may see it since this moment, and who may not any more. */
  readonly joined: readonly Audience[];
  readonly left: readonly Audience[];
  /** Packages, containers and icons of the app, as they lie where only the store reads. */
  readonly files: readonly string[];
  readonly now: Date;
};

/** In the transaction of the change, once the catalogues and the tables say who may see the app now. */
export function withholdFiles(tx: Tx, appId: AppId, { joined, left, files, now }: Seen): void {
  serveApp(tx, appId, joined);
  for (const audience of left) {
    const hold = (keys: readonly string[], fromTimestamp: number | null) =>
      insertWithheld(
        tx,
        keys.map((key) => ({ key, appId, audience, fromTimestamp, createdAt: now })),
      );
    const former = (path: string) =>
      supersededOfPath(tx, { audience, path }).map((sha256) => targetKey({ audience, path }, sha256));
    const own = [indexPath(appId), noticesPath(appId)];
    hold(own.flatMap(former), null);
    if (audience === EVERYBODY) hold(onlyOf(tx, [...files, ...formerPackages(tx, appId)]), null);
    // Of other apps, too: devices read these until the catalogue that goes without them is where they read.
    const from = newestVersion(tx, "timestamp", audience);
    hold(former(shardPath(shardOf(appId))), from);
    for (const role of new Set(own.map(roleForTarget))) {
      const [, ...older] = versionsOfRole(tx, { audience, role });
      hold(
        older.map((version) => metadataKey({ audience, role }, version)),
        from,
      );
    }
  }
}

/** The public names, without what another app has that everybody sees: an icon, mostly. */
function onlyOf(tx: Tx, keys: readonly string[]): readonly string[] {
  return [...new Set(keys.map(publicKeyOf))].filter(
    (key) => findOfferedFile(tx, EVERYBODY, key.slice(CATALOGUE_PREFIX.length)) === null,
  );
}

/** Also those that the store has signed again since: their files are there until the next sweep. */
function formerPackages(tx: Tx, appId: AppId): readonly string[] {
  const digests = selectDigests(tx, appId).map(({ contentDigest }) => contentDigest);
  return selectLeavesAbout(tx, digests, "publication").flatMap(({ entry }) =>
    entry.type === "publication" ? [releaseKey(entry.package)] : [],
  );
}
