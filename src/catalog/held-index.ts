/** Holding what is planned of an app's index to the signed one and the log. */
import type { Db, Tx } from "../db/database.ts";
import { isProblem } from "../errors.ts";
import type { LineageEntry } from "../format/lineage.ts";
import type { ApprovalEntry, PublicationEntry } from "../format/log/entries.ts";
import type { AppId, OrganisationId, Sha256, VersionCode } from "../ids.ts";
import { faultOfNext } from "./goes-on.ts";
import { isProved } from "./log/proved.ts";
import { findNewestLeaf, selectLeafRows } from "./log/records.ts";
import { findLiveCode } from "./records.ts";
import { releaseCertificates } from "./release-trust.ts";
import { loggedLowest } from "./revocation/lowest.ts";
import { type CatalogueFile, indexPath } from "./tuf/app-index.ts";
import { damaged } from "./tuf/differences.ts";
import { type AppIndex, parseAppIndex } from "./tuf/documents.ts";
import { sha256 } from "./tuf/metadata.ts";
import { findTargetAnywhere, type TargetRow } from "./tuf/records.ts";

/** What comes with the index. */
export type Coming = {
  /** A key that comes into the lineage with the very plan. */
  readonly added?: LineageEntry | undefined;
  readonly incoming?: VersionCode | undefined;
  /** A version that is yanked with it, or offered again. */
  readonly turned?: VersionCode | undefined;
  /** Of an app that goes to another organisation with it: whose it was. */
  readonly movedFrom?: OrganisationId | undefined;
  /** What was signed of it is nowhere any more, and a person asks to sign what the rows and the log say. */
  readonly isLost?: boolean | undefined;
};

/** @throws Problem `catalog.damaged` */
export function mustGoOn(db: Db, appId: AppId, file: CatalogueFile, coming: Coming = {}): void {
  const tx = db.orm;
  const row = findTargetAnywhere(tx, file.path);
  if (row !== undefined && !isWhole(row) && coming.isLost !== true)
    throw damaged({ of: "body", audience: row.audience, path: row.path });
  // What is signed already was held to it before; that the row is what was signed is looked at with the revision.
  if (row !== undefined && Buffer.compare(row.body, file.body) === 0) return;
  const fault = faultOfIndex(db, appId, file, coming);
  if (fault !== null) throw damaged({ of: "app", appId, what: fault });
}

/** What the rows say otherwise than the signed index and the log; null when nothing. */
export function faultOfIndex(db: Db, appId: AppId, { body }: CatalogueFile, coming: Coming): string | null {
  const tx = db.orm;
  const before = signedIndex(tx, appId);
  const next = parsed(body);
  // Such as rows of a lineage that no statement made.
  if (next === null) return "rows";
  const signed = before instanceof Uint8Array ? parsed(before) : null;
  const known = new Set(
    [...(signed?.channels.values() ?? [])].flat().map(({ contentDigest }) => contentDigest),
  );
  return faultOfNext(signed, next, {
    ...(coming.added ? { added: coming.added } : {}),
    ...(coming.incoming === undefined ? {} : { incoming: coming.incoming }),
    ...(coming.turned === undefined ? {} : { turned: coming.turned }),
    ...(coming.movedFrom === undefined ? {} : { movedFrom: coming.movedFrom }),
    isOurs: releaseCertificates(tx),
    lowest: loggedLowest(db, appId),
    isAdded: (keyId) =>
      selectLeafRows(tx, [keyId], "developer-key").some(
        (row) => row.entry.type === "developer-key" && row.entry.appId === appId && isProved(db, row),
      ),
    logged: (contentDigest) => loggedRelease(db, contentDigest, known.has(contentDigest)),
    isPublished: ({ versionCode, contentDigest }) => {
      const row = findLiveCode(tx, appId, versionCode);
      // It is offered from its publication on, and only then copied to where devices read.
      const isOut = row?.state === "published" || (row?.state === "publishing" && row.publishedAt !== null);
      return isOut && row.contentDigest === contentDigest;
    },
  });
}

function parsed(body: Uint8Array): AppIndex | null {
  try {
    return parseAppIndex(body);
  } catch (error) {
    if (!isProblem(error)) throw error;
    return null;
  }
}

/**
 * Of any catalogue, since all have the same; whichever the rows say the app is in. That the row is what was signed is looked
 * at by whoever signs over it. `lost`: its content is not what the row says; null when there is none.
 */
export function signedIndex(tx: Tx, appId: AppId): Uint8Array | "lost" | null {
  const row = findTargetAnywhere(tx, indexPath(appId));
  if (row === undefined) return null;
  return isWhole(row) ? row.body : "lost";
}

const isWhole = ({ body, sha256: digest }: TargetRow): boolean => sha256(body) === digest;

/** What the signed index has was held to the log when it came into it. */
function loggedRelease(db: Db, contentDigest: Sha256, isSigned: boolean) {
  const entryOf = (type: "approval" | "publication") => {
    const row = findNewestLeaf(db.orm, contentDigest, type);
    return row !== null && (isSigned || isProved(db, row)) ? row.entry : null;
  };
  return {
    approval: entryOf("approval") as ApprovalEntry | null,
    publication: entryOf("publication") as PublicationEntry | null,
  };
}

/** Whose the app is and whose it was before, as devices know it. */
export function developersInSigned(
  tx: Tx,
  appId: AppId,
): Pick<AppIndex, "developerId" | "formerDevelopers"> | null {
  const body = signedIndex(tx, appId);
  return body instanceof Uint8Array ? parseAppIndex(body) : null;
}
