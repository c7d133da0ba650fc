/** What says how far the log has come beside its own tables: the catalogue that is signed, and the files that devices read. */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { type LogHead, parseLogHead } from "../../format/log/head.ts";
import { type Audience, EVERYBODY } from "../../ids.ts";
import { sha256 } from "../tuf/metadata.ts";
import { METADATA_MAX_BYTES } from "../tuf/metadata-form.ts";
import { findTarget, listCatalogues, newestVersion } from "../tuf/records.ts";
import { LOG_PATH, timestampKey } from "../tuf/roles.ts";
import type * as records from "./records.ts";
import type { LogDiscrepancy } from "./stretch.ts";

/** The head in the catalogue is the newest one that was recorded as signed: else leaves went, and their head with them. */
export function differsFromSigned(tx: Tx, newest: records.HeadRow | null): LogDiscrepancy | null {
  const signed = signedHead(tx);
  if (signed?.size === newest?.size && signed?.rootHash === newest?.rootHash) return null;
  const words = (head: { size: number; rootHash: string } | null) =>
    head ? `${head.size} leaves with the root hash ${head.rootHash}` : "none";
  return {
    subject: LOG_PATH,
    detail: `says ${words(signed)}, and the newest recorded head is ${words(newest)}`,
  };
}

function signedHead(tx: Tx): LogHead | null {
  const row = findTarget(tx, { audience: EVERYBODY, path: LOG_PATH });
  try {
    return row === undefined || sha256(row.body) !== row.sha256 ? null : parseLogHead(row.body);
  } catch {
    return null;
  }
}

/**
 * Whether devices may have read what this database does not know: an older one stands beside the files, of a backup that
 * was put back without them. What it signs next would be another catalogue, and another log, under the same numbers.
 */
export async function behindFiles(store: Pick<Store, "db" | "blobs">): Promise<LogDiscrepancy | null> {
  for (const audience of listCatalogues(store.db.orm)) {
    const served = await servedTimestamp(store, audience);
    const version = newestVersion(store.db.orm, "timestamp", audience);
    if (served <= version) continue;
    return {
      subject: audience === EVERYBODY ? "metadata/timestamp.json" : timestampKey(audience),
      detail: `is version ${served} where devices read it, and the database has signed ${version}: it is older than the files beside it`,
    };
  }
  return null;
}

/**
 * The version of the timestamp that devices read; 0 when there is none that can be read: what else is wrong with it, a
 * comparison of all files says.
 */
export async function servedTimestamp(
  { blobs }: Pick<Store, "blobs">,
  audience: Audience = EVERYBODY,
): Promise<number> {
  const key = timestampKey(audience);
  const info = await blobs.head(key);
  if (!info || info.sizeBytes === 0 || info.sizeBytes > METADATA_MAX_BYTES.timestamp) return 0;
  const source = await blobs.open(key);
  try {
    const text = new TextDecoder().decode(await source.read(0, source.sizeBytes));
    const version: unknown = JSON.parse(text)?.signed?.version;
    return typeof version === "number" && Number.isSafeInteger(version) ? version : 0;
  } catch (error) {
    if (error instanceof SyntaxError) return 0;
    throw error;
  } finally {
    await source.close();
  }
}
