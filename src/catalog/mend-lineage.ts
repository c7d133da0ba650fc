/** The rows of an app's key lineage as its signed index has it, before anything is judged by them or signed over them. */
import type { Store } from "../context.ts";
import { type Db, type Tx, write } from "../db/database.ts";
import { isProblem } from "../errors.ts";
import type { AppId } from "../ids.ts";
import { LINEAGE } from "./goes-on.ts";
import { signedIndex } from "./held-index.ts";
import { findDeveloperKey } from "./keys.records.ts";
import { deleteLineage, insertLineage, type LineageRow, selectLineage } from "./lineage.records.ts";
import { areSame, rowsOf } from "./lineage-rows.ts";
import { findNewestLeaf } from "./log/records.ts";
import { findApp, selectContentDigests } from "./records.ts";
import { releaseCertificates } from "./release-trust.ts";
import { indexPath } from "./tuf/app-index.ts";
import { listedTarget, signedTarget } from "./tuf/as-signed.ts";
import { type Difference, damaged, tellMended } from "./tuf/differences.ts";
import { parseAppIndex } from "./tuf/documents.ts";
import { mendSigned } from "./tuf/mend.ts";
import type { MendStore } from "./tuf/mend-files.ts";
import { listCatalogues } from "./tuf/records.ts";

type LineageStore = Pick<Store, "db" | "log">;

/** `left`: what is signed of it cannot be told, or a key of it is no row any more. */
export type LineageOutcome = "same" | "mended" | "left";

export function mendLineage(store: LineageStore, appId: AppId): LineageOutcome {
  const { orm } = store.db;
  const rows = selectLineage(orm, appId);
  const body = signedIndex(orm, appId);
  if (body === null && rows.length === 0) return "same";
  const kept = body instanceof Uint8Array ? rightRows(orm, appId, rows, body) : null;
  if (kept !== null && areSame(rows, kept)) return "same";
  const right = provedRows(store.db, appId, rows);
  if (right === null) return "left";
  if (areSame(rows, right)) return "same";
  if (!right.every(({ keyid }) => findDeveloperKey(orm, keyid) !== undefined)) return "left";
  write(store.db, (tx) => {
    deleteLineage(tx, appId);
    for (const row of right) insertLineage(tx, row);
  });
  tellMended(store, lineageOf(appId));
  return "mended";
}

/** @throws Problem `catalog.damaged` */
export async function mustHaveLineage(store: MendStore, appId: AppId): Promise<void> {
  if (mendLineage(store, appId) !== "left") return;
  const path = indexPath(appId);
  const listing = listCatalogues(store.db.orm).filter((audience) =>
    listedTarget(store.db, { audience, path }),
  );
  // The index that would tell it may have been changed too.
  await mendSigned(store, { roles: [], bodies: listing.map((audience) => ({ audience, path })) });
  if (mendLineage(store, appId) === "left") throw damaged(lineageOf(appId));
}

const lineageOf = (appId: AppId): Difference => ({ of: "app", appId, what: LINEAGE });

/** By the signatures; none for an app that was never published. Null when it cannot be told. */
function provedRows(db: Db, appId: AppId, rows: readonly LineageRow[]): readonly LineageRow[] | null {
  let isKnown = true;
  for (const audience of listCatalogues(db.orm)) {
    const at = { audience, path: indexPath(appId) };
    const listed = listedTarget(db, at);
    if (listed === null) continue;
    const signed = listed && signedTarget(db, at);
    if (signed) return rightRows(db.orm, appId, rows, signed.body);
    isKnown = false;
  }
  return isKnown && !isPublished(db.orm, appId) ? [] : null;
}

function rightRows(
  tx: Tx,
  appId: AppId,
  rows: readonly LineageRow[],
  index: Uint8Array,
): readonly LineageRow[] | null {
  try {
    const publishedAt = findApp(tx, appId)?.publishedAt ?? new Date(0);
    return rowsOf(parseAppIndex(index).lineage, {
      appId,
      rows,
      publishedAt,
      isOurs: releaseCertificates(tx),
    });
  } catch (error) {
    if (!isProblem(error)) throw error;
    return null;
  }
}

function isPublished(tx: Tx, appId: AppId): boolean {
  if (findApp(tx, appId)?.publishedAt != null) return true;
  return selectContentDigests(tx, appId).some(
    (contentDigest) => findNewestLeaf(tx, contentDigest, "publication") !== null,
  );
}
