/** Which keys sign which role of the catalogue, and how many of them must (package format, section 6). */
import type { Tx } from "../db/database.ts";
import type { KeyAlgorithm } from "../signing/algorithms.ts";
import { listRoles, listSigningKeys, replaceRole, type SigningKeyRow } from "./records.ts";

/** The roles, the bins as one. */
export const TUF_ROLES = ["root", "targets", "revocations", "apps", "bins", "snapshot", "timestamp"] as const;
export type TufRole = (typeof TUF_ROLES)[number];

export type RoleKeys = { readonly keys: readonly SigningKeyRow[]; readonly threshold: number };
export type KeySets = ReadonlyMap<TufRole, RoleKeys>;

/** How many keys each role of a new store has. A single box starts with one of two root keys, so either may be lost. */
export const FIRST_ROLE_KEYS: Readonly<Record<TufRole, number>> = {
  root: 2,
  targets: 1,
  revocations: 1,
  apps: 1,
  bins: 1,
  snapshot: 1,
  timestamp: 1,
};

/** What a role's keys are unless told: any TUF client reads Ed25519. */
export const TUF_KEY_ALGORITHM: KeyAlgorithm = "ed25519";

/** The name of a role's first keys, before any was replaced. */
export function firstKeyName(role: TufRole, index: number): string {
  return FIRST_ROLE_KEYS[role] === 1 ? `tuf-${role}` : `tuf-${role}-${index + 1}`;
}

export function isTufRole(text: string): text is TufRole {
  return TUF_ROLES.some((role) => role === text);
}

/** @throws Error for a role that has no keys: not the database of an initialised store */
export function keysOf(sets: KeySets, role: TufRole): RoleKeys {
  const found = sets.get(role);
  if (!found) throw new Error(`the role ${role} has no keys`);
  return found;
}

/** Those in force. */
export function readKeySets(db: Tx): KeySets {
  const rows = new Map(listSigningKeys(db).map((row) => [row.name, row]));
  return new Map(
    listRoles(db).flatMap(({ role, threshold, keyNames }) => {
      if (!isTufRole(role)) return [];
      const keys = keyNames.flatMap((name) => rows.get(name) ?? []);
      return [[role, { keys, threshold }] as const];
    }),
  );
}

export function writeKeySets(tx: Tx, sets: KeySets): void {
  for (const [role, { keys, threshold }] of sets)
    replaceRole(tx, { role, threshold, keyNames: keys.map((key) => key.name) });
}
