/**
 * What a recovery was asked for, sealed under the master key and bound to its id: what is judged and signed is that. Whoever
 * writes into the database beside the store can change the columns that repeat it, but make no seal, nor use another's.
 */
import type { AppId, KeyId, OrganisationId, RecoveryId } from "../ids.ts";
import { openFacts, resealFacts, sealFacts } from "../keys/sealed-facts.ts";
import type { Vault } from "../keys/vault.ts";
import type { RecoveryAppRow, RecoveryRow } from "./recovery.records.ts";

export type RecoveryFacts = Pick<
  RecoveryRow,
  "organisationId" | "keyid" | "reason" | "requestedBy" | "requestedAt" | "waitingUntil" | "ownersTold"
> & {
  /** By their ids. */
  readonly apps: readonly Pick<RecoveryAppRow, "appId" | "lineageKeys">[];
};

type Sealed = {
  readonly apps: readonly (readonly [AppId, number])[];
  readonly keyid: KeyId;
  readonly organisationId: OrganisationId;
  readonly ownersTold: number;
  readonly reason: string;
  readonly requestedAt: number;
  readonly requestedBy: string;
  readonly waitingUntil: number;
};

const sealName = (id: RecoveryId): string => `recovery ${id}`;

export function sealRecovery(vault: Vault, id: RecoveryId, facts: RecoveryFacts): Buffer {
  return sealFacts(vault, sealName(id), saidOf(facts));
}

/** Null when nothing is sealed, or not by this master key and for this recovery. */
export function openRecovery(vault: Vault, id: RecoveryId, sealed: Buffer | null): RecoveryFacts | null {
  const said = openFacts(vault, sealName(id), sealed) as Sealed | null;
  return (
    said && {
      ...said,
      requestedAt: new Date(said.requestedAt),
      waitingUntil: new Date(said.waitingUntil),
      apps: said.apps.map(([appId, lineageKeys]) => ({ appId, lineageKeys })),
    }
  );
}

/** Under another master key; null for what does not open. */
export function resealedRecovery(
  from: Vault,
  to: Vault,
  id: RecoveryId,
  sealed: Buffer | null,
): Buffer | null {
  return resealFacts(from, to, sealName(id), sealed);
}

export function areSameFacts(one: RecoveryFacts, other: RecoveryFacts): boolean {
  return Bun.deepEquals(saidOf(one), saidOf(other));
}

function saidOf(facts: RecoveryFacts): Sealed {
  const { organisationId, keyid, reason, requestedBy, requestedAt, waitingUntil, ownersTold } = facts;
  const apps = facts.apps
    .map(({ appId, lineageKeys }) => [appId, lineageKeys] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...{ apps, keyid, organisationId, ownersTold, reason, requestedBy },
    requestedAt: requestedAt.getTime(),
    waitingUntil: waitingUntil.getTime(),
  };
}
