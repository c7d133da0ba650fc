/**
 * Leaves that no signed head has yet: the master key seals each with its place when the store writes it. Somebody who writes into
 * the database beside the store could add one otherwise, with its hashes, and the next head would be signed over it.
 */
import { createHash } from "node:crypto";
import type { Tx } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import { refuseForeign } from "../../keys/foreign-vault.ts";
import { openHolder } from "../../keys/holders.ts";
import { listRoles, listSigningKeys } from "../../keys/records.ts";
import type { Vault } from "../../keys/vault.ts";
import { judgeRow } from "./judge.ts";
import * as records from "./records.ts";

const NOTHING = new Uint8Array(0);
/** As many leaves as are read in one go. */
const STEP = 500;

const sealName = (position: number, leaf: Uint8Array): string =>
  `log leaf ${position} ${createHash("sha256").update(leaf).digest("hex")}`;

/** @throws Problem `keys.unsealable` while the master key is not the store's */
export function sealLeaf(vault: Vault, position: number, leaf: Uint8Array): Buffer {
  refuseForeign(vault);
  return Buffer.from(vault.seal(sealName(position, leaf), NOTHING));
}

export function isSealed(vault: Vault, { position, leaf, seal }: records.LeafRow): boolean {
  if (seal === null) return false;
  try {
    return vault.unseal(sealName(position, leaf), seal).byteLength === 0;
  } catch (error) {
    if (isProblem(error)) return false;
    throw error;
  }
}

function* leavesFrom(tx: Tx, from: number): Generator<records.LeafRow> {
  for (let next = from; ; ) {
    const rows = records.selectLeaves(tx, next, STEP);
    yield* rows;
    next = (rows.at(-1)?.position ?? 0) + 1;
    if (rows.length < STEP) return;
  }
}

/**
 * The first that the store has not written so, of those that no signed head has; null: there is none, or the master key is not
 * the one of this store. After a loss of that the keys have to be replaced, and the head that is signed then has those leaves.
 */
export function findForged(tx: Tx, vault: Vault): number | null {
  for (const row of leavesFrom(tx, records.findHead(tx)?.size ?? 0))
    if (!isSealed(vault, row) || judgeRow(row).length > 0) return opensAny(tx, vault) ? row.position : null;
  return null;
}

/** Of the keys that sign the catalogue: those that wait for another machine to take their places are the new master key's. */
function opensAny(tx: Tx, vault: Vault): boolean {
  const signing = new Set(listRoles(tx).flatMap(({ keyNames }) => keyNames));
  return listSigningKeys(tx).some(
    (row) => signing.has(row.name) && ["here", "command"].includes(openHolder(vault, row).holder ?? ""),
  );
}

export const forgedWords = (position: number) => ({
  subject: `leaf ${position}`,
  detail: "was not written by this store: its master key has not sealed it",
});

/** Those that an older program wrote and no head has yet, in the transaction of the migration that brings the column. */
export function sealOldLeaves(tx: Tx, vault: () => Vault): void {
  for (const { position, leaf, seal } of leavesFrom(tx, records.findHead(tx)?.size ?? 0))
    if (seal === null) records.replaceLeafSeal(tx, position, sealLeaf(vault(), position, leaf));
}

/** Under another master key. Gives how many there are. */
export function resealLeaves(tx: Tx, from: Vault, to: Vault): number {
  const rows = [...leavesFrom(tx, records.findHead(tx)?.size ?? 0)].filter((row) => isSealed(from, row));
  for (const { position, leaf } of rows) records.replaceLeafSeal(tx, position, sealLeaf(to, position, leaf));
  return rows.length;
}
