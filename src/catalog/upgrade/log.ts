/**
 * The first leaves of a store that was there before its log: everything that its trust rests on and every release, as its
 * rows have them. Each has the time of its act, as in the signatures that it is compared with; that it was recorded later
 * shows the first head.
 */
import type { Tx } from "../../db/database.ts";
import type { LogEntry } from "../../format/log/entries.ts";
import type { VersionId } from "../../ids.ts";
import type { Vault } from "../../keys/vault.ts";
import { append, draftLeaf } from "../log/record.ts";
import { findHead, logSize } from "../log/records.ts";
import { sha256 } from "../tuf/metadata.ts";
import { findTargetBody } from "../tuf/records.ts";
import { LOG_PATH } from "../tuf/roles.ts";
import * as records from "./records.ts";

/** Few enough to hold in memory at once. */
const BATCH = 500;

/** Never true of a store whose log was lost: that one signed a head. */
export function isBeforeLog(tx: Tx): boolean {
  return logSize(tx) === 0 && findHead(tx) === null && findTargetBody(tx, LOG_PATH) === null;
}

type Act = readonly [entry: LogEntry, at: Date];

/** Gives how many leaves it wrote. */
export function writeFirstLeaves(tx: Tx, vault: Vault): number {
  const record = ([entry, at]: Act) => append(tx, vault, draftLeaf(tx, entry, at));
  for (const act of trustEntries(tx)) record(act);
  let after: VersionId | null = null;
  for (;;) {
    const batch = records.selectApproved(tx, after, BATCH);
    for (const act of batch.flatMap(releaseEntries)) record(act);
    after = batch.at(-1)?.version.id ?? null;
    if (after === null) return logSize(tx);
  }
}

function trustEntries(tx: Tx): Act[] {
  return [
    ...records
      .selectStoreKeys(tx)
      .map(
        ({ name, keyid, createdAt }): Act => [
          { type: "store-key", change: "added", role: name, keyId: keyid },
          createdAt,
        ],
      ),
    ...records
      .selectStoreCertificates(tx)
      .map(
        ({ kind, der, createdAt }): Act => [
          { type: "certificate", change: "issued", kind, sha256: sha256(der) },
          createdAt,
        ],
      ),
    ...records.selectDeveloperKeys(tx).map(
      ({ keyid, organisationId, createdAt }): Act => [
        {
          type: "developer-key",
          change: "enrolled",
          keyId: keyid,
          developerId: organisationId,
          appId: null,
          // Only a name was kept of who enrolled it.
          authorisedBy: null,
        },
        createdAt,
      ],
    ),
  ];
}

function releaseEntries({ version, reviewId }: records.ApprovedVersion): Act[] {
  const { appId, versionCode, contentDigest, uploadSha256, developerKeyid } = version;
  const { approvedAt, publishedAt, releasedSha256 } = version;
  if (contentDigest === null || developerKeyid === null || approvedAt === null)
    throw new Error(`${version.id} was approved without having been read`);
  const about = { appId, versionCode, contentDigest };
  const approval: LogEntry = {
    ...about,
    type: "approval",
    upload: uploadSha256,
    developerKeyId: developerKeyid,
    reviewId,
  };
  if (publishedAt === null || releasedSha256 === null) return [[approval, approvedAt]];
  const publication: LogEntry = { ...about, type: "publication", package: releasedSha256 };
  return [
    [approval, approvedAt],
    [publication, publishedAt],
  ];
}
