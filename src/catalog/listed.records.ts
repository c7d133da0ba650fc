/** The SQL of what lists say of each of their rows: for all rows of a page at once, in as many statements as for one. */
import { inArray, sql } from "drizzle-orm";
import type { Tx } from "../db/database.ts";
import { apps, reviews, versions } from "../db/schema.ts";
import type { AppId, VersionId } from "../ids.ts";
import { selectListedIcons } from "./listing-pictures/records.ts";
import type { ReviewRow, VersionRow } from "./records.ts";
import { ICON_SOURCE_PX, LISTED_ICON, shownAddress } from "./shown-pictures/sizes.ts";

/** The decisions about these versions. */
export function selectReviews(tx: Tx, ids: readonly VersionId[]): Map<VersionId, ReviewRow> {
  if (ids.length === 0) return new Map();
  const rows = tx
    .select()
    .from(reviews)
    .where(inArray(reviews.versionId, [...ids]))
    .all();
  return new Map(rows.map((row) => [row.versionId, row]));
}

/** Of those of these versions that wait for a decision, how many wait before each, plus one. */
export function queuePositions(tx: Tx, rows: readonly VersionRow[]): Map<VersionId, number> {
  const waiting = rows.filter(({ state, submittedAt }) => state === "in_review" && submittedAt !== null);
  if (waiting.length === 0) return new Map();
  const ids = waiting.map(({ id }) => id);
  // Apart, since the index alone answers the first, which is the long one.
  const found = tx
    .select({
      id: versions.id,
      earlier: sql<number>`(SELECT count(*) FROM versions AS w WHERE w.state = 'in_review'
        AND w.submitted_at < versions.submitted_at)`,
      together: sql<number>`(SELECT count(*) FROM versions AS w WHERE w.state = 'in_review'
        AND w.submitted_at = versions.submitted_at AND w.id < versions.id)`,
    })
    .from(versions)
    .where(inArray(versions.id, ids))
    .all();
  return new Map(found.map(({ id, earlier, together }) => [id, earlier + together + 1]));
}

/**
 * Addresses of the pictures that stand for apps: the icon of its listing, else of its newest published version, else of its
 * newest checked one. An app without any is not in the map.
 */
export function selectIconKeys(tx: Tx, ids: readonly AppId[]): Map<AppId, string> {
  if (ids.length === 0) return new Map();
  const listed = selectListedIcons(tx, ids);
  const others = ids.filter((id) => !listed.has(id));
  const ofVersions = others.length === 0 ? [] : selectVersionsIcons(tx, others);
  const shown = ofVersions.flatMap(({ id, source }) =>
    source === null ? [] : [[id, shownAddress(source, "icon", LISTED_ICON)] as const],
  );
  return new Map([...listed, ...shown]);
}

function selectVersionsIcons(tx: Tx, ids: readonly AppId[]) {
  const icon = sql`SELECT i.blob_key FROM versions AS v
    INNER JOIN version_pictures AS i ON i.version_id = v.id AND i.kind = 'icon' AND i.width_px = ${ICON_SOURCE_PX}
    INNER JOIN picture_sizes AS s ON s.source_key = i.blob_key AND s.kind = 'icon' AND s.size = ${LISTED_ICON}`;
  const published = sql`(SELECT p.id FROM versions AS p WHERE p.app_id = apps.id AND p.published_at IS NOT NULL
    ORDER BY p.version_code DESC LIMIT 1)`;
  return tx
    .select({
      id: apps.id,
      source: sql<string | null>`CASE WHEN apps.published_at IS NULL OR ${published} IS NULL
        THEN (${icon} WHERE v.app_id = apps.id ORDER BY v.app_id DESC, v.id DESC LIMIT 1)
        ELSE (${icon} WHERE v.id = ${published} LIMIT 1) END`,
    })
    .from(apps)
    .where(inArray(apps.id, [...ids]))
    .all();
}
