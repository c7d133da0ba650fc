/** Where a release's approval and publication stand in the log: what its entry in the app's index names. */
import type { Tx } from "../../db/database.ts";
import type { Sha256 } from "../../ids.ts";
import type { LogReference } from "./record.ts";
import * as records from "./records.ts";

export type ReleaseLog = { readonly approval: LogReference; readonly publication: LogReference };

/** When the file that is offered was published: a release that was signed again is published again. */
export function lastPublishedAt(tx: Tx, contentDigest: Sha256): Date | null {
  return records.findNewestLeaf(tx, contentDigest, "publication")?.recordedAt ?? null;
}

/** @throws Error when one of them was not recorded: a release is not listed without */
export function releaseLog(
  tx: Tx,
  contentDigest: Sha256,
  planned: { readonly publication?: LogReference } = {},
): ReleaseLog {
  return {
    approval: mustFind(tx, contentDigest, "approval"),
    publication: planned.publication ?? mustFind(tx, contentDigest, "publication"),
  };
}

function mustFind(tx: Tx, contentDigest: Sha256, type: "approval" | "publication"): LogReference {
  const row = records.findNewestLeaf(tx, contentDigest, type);
  if (row === null) throw new Error(`the log has no ${type} of ${contentDigest}`);
  return { position: row.position, salt: row.salt };
}
