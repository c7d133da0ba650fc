/** What the store judges lineages by: as a device of it would, with everything that is in force now. */
import type { Store } from "../context.ts";
import type { Tx } from "../db/database.ts";
import { judgeLineage, type LineageEntry, type LineageKey, type LineagePolicy } from "../format/lineage.ts";
import type { AppId, OrganisationId } from "../ids.ts";
import { storeId } from "../keys/authority.ts";
import { developerCaPems, rootCaPems } from "../keys/trust-anchors.ts";
import { certificatesFromPem } from "../signing/certificates.ts";
import { entryOf, type LineageRow } from "./lineage.records.ts";
import { inForce } from "./revocation/in-force.ts";
import { formerDevelopers } from "./transfer/former.ts";

/**
 * Judges one more entry as a device will that has pinned the others. What no device would take must never be published.
 * @throws Problem MPK-… of the first rule that it breaks
 */
export async function judgeNext(
  store: Store,
  app: { readonly id: AppId; readonly organisationId: OrganisationId },
  rows: readonly LineageRow[],
  entry: LineageEntry,
): Promise<void> {
  await judgeLineage([...rows.map(entryOf), entry], {
    ...policyOf(store, store.db.orm, app),
    pinned: rows.map(pinOf),
  });
}

function policyOf(
  store: Store,
  tx: Tx,
  app: { readonly id: AppId; readonly organisationId: OrganisationId },
): Omit<LineagePolicy, "pinned"> {
  const parse = (pems: readonly string[]) => pems.flatMap(certificatesFromPem);
  return {
    appId: app.id,
    developerId: app.organisationId,
    formerDevelopers: formerDevelopers(tx, app),
    storeId: storeId(store),
    now: store.clock.now(),
    anchors: { roots: parse(rootCaPems(store)), developerCas: parse(developerCaPems(store)) },
    revocations: inForce(tx).entries,
  };
}

function pinOf(row: LineageRow): LineageKey {
  return { keyId: row.keyid, lostAt: row.lostAt };
}
