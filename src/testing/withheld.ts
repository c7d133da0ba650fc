/** For tests: that nothing is kept from devices which a catalogue tells them to read. */
import { allTargetFacts, currentRoles, listCatalogues } from "../catalog/tuf/records.ts";
import { metadataKey, targetKey } from "../catalog/tuf/roles.ts";
import { isKeptBack } from "../catalog/visibility/hidden-names.ts";
import type { Store } from "../context.ts";

/** Keys of present metadata and targets, of every catalogue, that are not served. */
export async function withheldOfCurrent(store: Pick<Store, "db" | "blobs">): Promise<readonly string[]> {
  const { db } = store;
  const keys = [
    ...allTargetFacts(db.orm).map((fact) => targetKey(fact, fact.sha256)),
    ...listCatalogues(db.orm).flatMap((audience) =>
      [...currentRoles(db.orm, audience).values()].map((fact) => metadataKey(fact, fact.version)),
    ),
  ];
  const kept = await Promise.all(keys.map((key) => isKeptBack(store, key)));
  return keys.filter((_, at) => kept[at]);
}
