/** What the rows say of each app beside its signed index and the log, once a day: whose it is comes back, the rest is told. */
import type { Store } from "../context.ts";
import { write } from "../db/database.ts";
import { isProblem } from "../errors.ts";
import type { AppId, OrganisationId } from "../ids.ts";
import { DEVELOPER } from "./goes-on.ts";
import { developersInSigned, faultOfIndex } from "./held-index.ts";
import { buildIndex } from "./offer.ts";
import * as records from "./records.ts";
import { replaceFormerOwners } from "./transfer/records.ts";
import { type Difference, nameOf } from "./tuf/differences.ts";
import { selectPublishedIds } from "./visibility/records.ts";

const STEP = 100;

export async function mendApps(
  store: Pick<Store, "db" | "clock" | "log">,
  signal?: AbortSignal,
): Promise<{ readonly mended: readonly Difference[]; readonly left: readonly Difference[] }> {
  const mended: Difference[] = [];
  const left: Difference[] = [];
  for (let after = ""; !signal?.aborted; ) {
    const ids = selectPublishedIds(store.db.orm, after, STEP);
    for (const appId of ids) {
      const fault = faultOf(store, appId);
      if (fault !== null) {
        const difference = { of: "app", appId, what: fault } as const;
        const isBack = fault === DEVELOPER && giveBack(store, appId);
        (isBack ? mended : left).push(difference);
        if (isBack) store.log.error("catalog.rows_mended", { what: nameOf(difference) });
      }
      // Requests come first: between two apps they have their turn.
      await Bun.sleep(0);
    }
    after = ids.at(-1) ?? "";
    if (ids.length < STEP) break;
  }
  return { mended, left };
}

function faultOf(store: Pick<Store, "db" | "clock">, appId: AppId): string | null {
  const app = records.findApp(store.db.orm, appId);
  if (!app) return "row";
  try {
    return faultOfIndex(store.db.orm, appId, buildIndex(store, app), {});
  } catch (error) {
    // Rows that somebody changed need not go together.
    if (isProblem(error) || error instanceof Error) return "rows";
    throw error;
  }
}

/** To the organisation that devices know as its developer, after those that they know it was of before. */
function giveBack({ db, clock }: Pick<Store, "db" | "clock">, appId: AppId): boolean {
  const known = developersInSigned(db.orm, appId);
  if (known === null) return false;
  const { developerId, formerDevelopers } = known;
  const isThere = (id: OrganisationId) => records.findOrganisationName(db.orm, id) !== undefined;
  if (![developerId, ...formerDevelopers].every(isThere)) return false;
  const now = clock.now();
  write(db, (tx) => {
    records.updateApp(tx, appId, { organisationId: developerId }, now);
    replaceFormerOwners(tx, appId, formerDevelopers, now);
  });
  return true;
}
