/**
 * Facts that are sealed under the master key, beside the columns that repeat them: whoever writes into the database beside the
 * store can change those, but make no seal, nor use one under another name.
 */
import { isProblem } from "../errors.ts";
import { canonicalize } from "../signing/json.ts";
import { refuseForeign } from "./foreign-vault.ts";
import type { Vault } from "./vault.ts";

/** @throws Problem `keys.unsealable` while the master key is not the store's */
export function sealFacts(vault: Vault, name: string, facts: object): Buffer {
  refuseForeign(vault);
  return Buffer.from(vault.seal(name, canonicalize(facts)));
}

/** As they were sealed. Null when nothing is, or not by this master key under this name. */
export function openFacts(vault: Vault, name: string, sealed: Buffer | null): object | null {
  if (sealed === null) return null;
  try {
    return JSON.parse(Buffer.from(vault.unseal(name, sealed)).toString("utf8")) as object;
  } catch (error) {
    if (isProblem(error)) return null;
    throw error;
  }
}

/** Each under another master key, where it opens: what does not has no use, and stays. Gives how many were. */
export function resealRows<Row>(
  rows: readonly Row[],
  reseal: (row: Row) => Buffer | null,
  replace: (row: Row, next: Buffer) => void,
): number {
  let count = 0;
  for (const row of rows) {
    const next = reseal(row);
    if (next === null) continue;
    replace(row, next);
    count += 1;
  }
  return count;
}

/** Under another master key; null for what does not open, and has no use. */
export function resealFacts(from: Vault, to: Vault, name: string, sealed: Buffer | null): Buffer | null {
  const facts = openFacts(from, name, sealed);
  return facts === null ? null : sealFacts(to, name, facts);
}
