/** What an owner could ask a recovery for: the keys that could take the place of others, and the apps that have such. */
import type { Actor } from "../accounts/actor.ts";
import { allows } from "../accounts/rights.ts";
import type { Store } from "../context.ts";
import type { AppId, KeyId, OrganisationId } from "../ids.ts";
import { fingerprintText } from "../signing/keys.ts";
import * as keyRecords from "./keys.records.ts";
import * as lineageRecords from "./lineage.records.ts";
import { revokedKeys } from "./lineage.ts";

export type RecoveryChoice = {
  readonly keyid: KeyId;
  readonly fingerprint: string;
  readonly organisationId: OrganisationId;
  /** Apps that the key may not sign. */
  readonly apps: readonly AppId[];
};

/** Newest enrolments that are offered, and apps of each organisation; more is for the command, which takes any. */
const MOST_KEYS = 50;
const MOST_APPS = 1000;

/** Newest key first, which is the one that was made for this. Empty where there is nothing to recover, or no right to. */
export function recoveryChoices(store: Store, actor: Actor): readonly RecoveryChoice[] {
  if (actor.kind !== "account") return [];
  const tx = store.db.orm;
  const organisationIds = [...actor.organisations.keys()].filter((organisationId) =>
    allows(actor, "key.recover", { organisationId }),
  );
  return organisationIds.flatMap((organisationId) => {
    const apps = lineageRecords.selectAppsWithLineage(tx, organisationId, MOST_APPS);
    if (apps.length === 0) return [];
    const keyids = keyRecords.selectNewestKeyIds(tx, organisationId, MOST_KEYS);
    const revoked = revokedKeys(tx, keyids);
    const places = Map.groupBy(lineageRecords.selectPlaces(tx, keyids), (place) => place.keyid);
    return keyids.flatMap((keyid) => {
      const own = places.get(keyid) ?? [];
      const signs = new Set(own.map(({ appId }) => appId));
      const others = apps.filter((appId) => !signs.has(appId));
      // Of a key that was named as lost wherever it signed, nobody can say that it is there.
      const isLost = own.length > 0 && own.every(({ lostAt }) => lostAt !== null);
      if (others.length === 0 || revoked.has(keyid) || isLost) return [];
      return [{ keyid, fingerprint: fingerprintText(keyid), organisationId, apps: others }];
    });
  });
}
