/**
 * What a recovery was asked for, sealed under the master key and bound to its id: what is judged and signed is that. Whoever
 * writes into the database beside the store can change the columns that repeat it, but make no seal, nor use another's.
 */
import { isProblem } from "../errors.ts";
import type { AppId, KeyId, OrganisationId, RecoveryId } from "../ids.ts";
import type { Vault } from "../keys/vault.ts";
import { canonicalize } from "../signing/json.ts";
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
  return Buffer.from(vault.seal(sealName(id), textOf(facts)));
}

/** Null when nothing is sealed, or not by this master key and for this recovery. */
export function openRecovery(vault: Vault, id: RecoveryId, sealed: Buffer | null): RecoveryFacts | null {
  if (sealed === null) return null;
  try {
    const plain = JSON.parse(Buffer.from(vault.unseal(sealName(id), sealed)).toString("utf8")) as Sealed;
    return {
      ...plain,
      requestedAt: new Date(plain.requestedAt),
      waitingUntil: new Date(plain.waitingUntil),
      apps: plain.apps.map(([appId, lineageKeys]) => ({ appId, lineageKeys })),
    };
  } catch (error) {
    if (isProblem(error)) return null;
    throw error;
  }
}

/** Under another master key. @throws Problem `keys.unsealable` */
export function resealed(from: Vault, to: Vault, id: RecoveryId, sealed: Buffer): Buffer {
  return Buffer.from(to.seal(sealName(id), from.unseal(sealName(id), sealed)));
}

export function areSameFacts(one: RecoveryFacts, other: RecoveryFacts): boolean {
  return textOf(one).equals(textOf(other));
}

function textOf(facts: RecoveryFacts): Buffer {
  const { organisationId, keyid, reason, requestedBy, requestedAt, waitingUntil, ownersTold } = facts;
  const apps = facts.apps
    .map(({ appId, lineageKeys }) => [appId, lineageKeys] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const said: Sealed = {
    ...{ apps, keyid, organisationId, ownersTold, reason, requestedBy },
    requestedAt: requestedAt.getTime(),
    waitingUntil: waitingUntil.getTime(),
  };
  return Buffer.from(canonicalize(said));
}
