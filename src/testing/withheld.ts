/** For tests: that nothing is kept from devices which a catalogue tells them to read. */
import { allTargetFacts, currentRoles, listCatalogues } from "../catalog/tuf/records.ts";
import { metadataKey, targetKey } from "../catalog/tuf/roles.ts";
import { isWithheld } from "../catalog/withheld.records.ts";
import type { Store } from "../context.ts";

/** Keys of present metadata and targets, of every catalogue, that are not served. */
export function withheldOfCurrent({ db }: Pick<Store, "db">): readonly string[] {
  const keys = [
    ...allTargetFacts(db.orm).map((fact) => targetKey(fact, fact.sha256)),
    ...listCatalogues(db.orm).flatMap((audience) =>
      [...currentRoles(db.orm, audience).values()].map((fact) => metadataKey(fact, fact.version)),
    ),
  ];
  return keys.filter((key) => isWithheld(db.orm, key));
}
