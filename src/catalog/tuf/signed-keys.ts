/**
 * Which keys sign the catalogue, by what is signed: the newest root says it of the roles that it names, `targets` and `apps`
 * of those to which they delegate. Rows that say otherwise were changed beside the store, and what they say would be signed
 * with the next root.
 */
import { Targets } from "@tufjs/models";
import type { Db, Tx } from "../../db/database.ts";
import { whileUnchanged } from "../../db/unchanged.ts";
import { EVERYBODY } from "../../ids.ts";
import { type RoleKeys, readKeySets, TUF_ROLES, type TufRole } from "../../keys/key-sets.ts";
import { newestStoreKeyLeaves, newestThresholds } from "../log/records.ts";
import type { Difference } from "./differences.ts";
import * as records from "./records.ts";
import { type MetadataAt, TOP_ROLES } from "./roles.ts";
import { keysIn, ROOT, rootChain } from "./root-chain.ts";
import { signedRow } from "./signed-rows.ts";
import { delegatedKeys, keysOfRows, type TrustedKey, type TrustedKeys } from "./verified.ts";

export type SignedKeys = {
  /** Of the roles of which it can be told. */
  readonly signed: ReadonlyMap<TufRole, TrustedKeys>;
  /** By which metadata is judged: what is signed, and the rows where that cannot be told. */
  readonly trusted: ReadonlyMap<TufRole, TrustedKeys>;
  readonly found: readonly Difference[];
};

const NO_KEYS: TrustedKeys = { keys: [], threshold: 1 };

export function signedKeys(db: Db): SignedKeys {
  return whileUnchanged(db, "signed keys", 0, () => read(db));
}

/** @throws Error for a role that has no keys, in what is signed and in the rows */
export function trustedKeysOf({ trusted }: SignedKeys, role: TufRole): TrustedKeys {
  return trusted.get(role) ?? NO_KEYS;
}

function read(db: Db): SignedKeys {
  const tx = db.orm;
  const { newest, broken } = rootChain(db);
  const rows = readKeySets(tx);
  const signed = new Map<TufRole, TrustedKeys>();
  const found: Difference[] = broken === null ? [] : [{ ...ROOT, of: "metadata", version: broken }];
  // With a broken chain the newest root that counts need not be the newest that was signed.
  if (newest !== null && broken === null) {
    for (const role of TOP_ROLES) note(signed, role, keysIn(newest.root, role));
    for (const [role, to] of [
      ["targets", ["revocations", "apps"]],
      ["apps", ["bins"]],
    ] as const) {
      const delegating = newestTargets(db, role, signed.get(role));
      if (delegating instanceof Targets)
        for (const one of to) note(signed, one, delegatedKeys(delegating, one));
      else if (delegating !== null) found.push(delegating);
    }
  }
  const logged = logOf(tx, [...signed.values()]);
  for (const [role, keys] of signed)
    if (!isSame(keys, rows.get(role)) || !isBorneOut(role, keys, logged)) found.push({ of: "keys", role });
  const trusted = new Map(
    TUF_ROLES.map((role) => {
      const set = rows.get(role);
      return [role, signed.get(role) ?? (set && keysOfRows(set)) ?? NO_KEYS] as const;
    }),
  );
  return { signed, trusted, found };
}

function note(into: Map<TufRole, TrustedKeys>, role: TufRole, keys: TrustedKeys | null): void {
  if (keys !== null) into.set(role, keys);
}

/** The newest that there is a row of; what is wrong with it; null when the one that delegates to it is wrong itself. */
function newestTargets(
  db: Db,
  role: "targets" | "apps",
  keys: TrustedKeys | undefined,
): Targets | Difference | null {
  if (keys === undefined) return null;
  const version = records.newestVersion(db.orm, role);
  const at: MetadataAt = { audience: EVERYBODY, role, version };
  const signed = signedRow(db, at, keys);
  return signed instanceof Targets ? signed : { ...at, of: "metadata" };
}

/** The same keys, in their order, and as many that must sign. */
function isSame({ keys, threshold }: TrustedKeys, rows: RoleKeys | undefined): boolean {
  return (
    rows?.threshold === threshold &&
    rows.keys.length === keys.length &&
    keys.every(({ row }, at) => isRow(row, rows.keys[at]) && rows.keys[at]?.retiredAt === null)
  );
}

function isRow(
  { keyid, algorithm, publicKey }: TrustedKey["row"],
  row: TrustedKey["row"] | undefined,
): boolean {
  return row?.keyid === keyid && row.algorithm === algorithm && publicKey.equals(row.publicKey);
}

type Logged = {
  readonly keys: ReturnType<typeof newestStoreKeyLeaves>;
  readonly thresholds: ReadonlyMap<string, number>;
};

function logOf(tx: Tx, sets: readonly TrustedKeys[]): Logged {
  return {
    keys: newestStoreKeyLeaves(
      tx,
      sets.flatMap(({ keys }) => keys.map(({ row }) => row.keyid)),
    ),
    thresholds: newestThresholds(tx, TUF_ROLES),
  };
}

/** The log says that each key came, that none of them left, and how many must sign: one, until it is said. */
function isBorneOut(
  role: TufRole,
  { keys, threshold }: TrustedKeys,
  { keys: leaves, thresholds }: Logged,
): boolean {
  return (
    keys.every(({ row }) => leaves.get(row.keyid)?.change === "added") &&
    (thresholds.get(role) ?? 1) === threshold
  );
}

/** Whether what is signed of a role's keys is the newest that there was: the log tells of each that came and left. */
export function isNewestOfKeys(tx: Tx, { signed }: SignedKeys, role: TufRole): boolean {
  const keys = signed.get(role);
  if (keys === undefined || !isBorneOut(role, keys, logOf(tx, [keys]))) return false;
  const known = new Set([...signed.values()].flatMap((set) => set.keys.map(({ row }) => row.keyid)));
  const others = [...readKeySets(tx).values()]
    .flatMap((set) => set.keys.map(({ keyid }) => keyid))
    .filter((keyid) => !known.has(keyid));
  const leaves = newestStoreKeyLeaves(tx, others);
  // With a key that came and stands in nothing that is signed, what told of it was lost.
  return others.every((keyid) => leaves.get(keyid)?.change !== "added");
}
