/**
 * What the rows say of each app beside its signed index and the log, once a day: whose it is and its key lineage come back, the
 * rest is told.
 */
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { isProblem } from "../errors.ts";
import type { AppId, OrganisationId } from "../ids.ts";
import { DEVELOPER, LINEAGE } from "./goes-on.ts";
import { developersInSigned, faultOfIndex, signedIndex } from "./held-index.ts";
import { mendLineage } from "./mend-lineage.ts";
import { mendVersion } from "./mend-manifests.ts";
import { buildIndex } from "./offer.ts";
import * as records from "./records.ts";
import { selectOffered } from "./revocation/records.ts";
import { keepSearchable } from "./search/keep.ts";
import { replaceFormerOwners } from "./transfer/records.ts";
import { appOfIndex, LISTED_RELEASES } from "./tuf/app-index.ts";
import { type Difference, tellMended } from "./tuf/differences.ts";
import { listCatalogues, selectPaths } from "./tuf/records.ts";
import { AUDIENCES, isUntold, mendAudiences } from "./visibility/signed-audiences.ts";

const STEP = 100;

type AppsStore = Pick<Store, "db" | "vault" | "blobs" | "clock" | "log">;

export async function mendApps(
  store: AppsStore,
  signal?: AbortSignal,
): Promise<{ readonly mended: readonly Difference[]; readonly left: readonly Difference[] }> {
  const mended: Difference[] = [];
  const left: Difference[] = [];
  for (let after = ""; !signal?.aborted; ) {
    const ids = records.selectAppIds(store.db.orm, after, STEP);
    for (const appId of ids) {
      const found = await mendApp(store, appId);
      mended.push(...found.mended);
      if (found.left !== null) left.push({ of: "app", appId, what: found.left });
      // Requests come first: between two apps they have their turn.
      await Bun.sleep(0);
    }
    after = ids.at(-1) ?? "";
    if (ids.length < STEP) break;
  }
  left.push(...(await withoutRow(store, signal)));
  return { mended, left };
}

/** Apps that are in a signed catalogue, and no row any more. */
async function withoutRow(store: AppsStore, signal?: AbortSignal): Promise<readonly Difference[]> {
  const found = new Set<AppId>();
  const { orm } = store.db;
  for (const audience of listCatalogues(orm))
    for (let after = ""; !signal?.aborted; ) {
      const paths = selectPaths(orm, { audience, path: "apps/" }, { after, limit: STEP });
      for (const path of paths) {
        const appId = appOfIndex(path);
        if (appId !== null && !records.findApp(orm, appId)) found.add(appId);
      }
      after = paths.at(-1) ?? "";
      if (paths.length < STEP) break;
      await Bun.sleep(0);
    }
  return [...found].map((appId) => ({ of: "app", appId, what: "row" }));
}

async function mendApp(
  store: AppsStore,
  appId: AppId,
): Promise<{ readonly mended: readonly Difference[]; readonly left: string | null }> {
  // Of what was deleted nothing is signed, and nothing will be.
  if (records.findApp(store.db.orm, appId)?.removedAt != null) return { mended: [], left: null };
  const mended: Difference[] = [];
  const lineage = mendLineage(store, appId);
  const audiences = mendAudiences(store, appId);
  if (audiences !== null) mended.push(audiences);
  if (lineage === "mended") mended.push({ of: "app", appId, what: LINEAGE });
  const fault = () => {
    if (lineage === "left") return LINEAGE;
    return isUntold(store, appId) ? AUDIENCES : faultOf(store, appId);
  };
  let left = fault();
  if (left !== null && ![LINEAGE, AUDIENCES, DEVELOPER].includes(left)) {
    for (const { id } of selectOffered(store.db.orm, appId, LISTED_RELEASES))
      mended.push(...(await mendVersion(store, id)).mended);
    left = fault();
  }
  if (left === DEVELOPER && giveBack(store, appId)) {
    mended.push({ of: "app", appId, what: DEVELOPER });
    left = fault();
  }
  return { mended, left };
}

function faultOf(store: AppsStore, appId: AppId): string | null {
  const { orm } = store.db;
  const app = records.findApp(orm, appId);
  if (!app) return "row";
  // It was never published.
  if (app.publishedAt === null && signedIndex(orm, appId) === null) return null;
  try {
    return faultOfIndex(store.db, appId, buildIndex(store, app), {});
  } catch (error) {
    // Rows that somebody changed need not go together.
    if (isProblem(error) || error instanceof Error) return "rows";
    throw error;
  }
}

/** To the organisation that devices know as its developer, after those that they know it was of before. */
function giveBack(store: AppsStore, appId: AppId): boolean {
  const { db, clock } = store;
  const known = developersInSigned(db.orm, appId);
  if (known === null) return false;
  const { developerId, formerDevelopers } = known;
  const isThere = (id: OrganisationId) => records.findOrganisationName(db.orm, id) !== undefined;
  if (![developerId, ...formerDevelopers].every(isThere)) return false;
  const now = clock.now();
  write(db, (tx) => {
    records.updateApp(tx, appId, { organisationId: developerId }, now);
    keepSearchable(tx, appId);
    replaceFormerOwners(tx, appId, formerDevelopers, now);
  });
  tellMended(store, { of: "app", appId, what: DEVELOPER });
  return true;
}
