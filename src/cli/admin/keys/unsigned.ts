/** What a request lacks still once a machine has signed it, and whose turn it is. Pure. */
import type { MissingSignature } from "../../../catalog/store-keys/documents.ts";

export function missingLine({ what, keys, count }: MissingSignature): string {
  return `not signed yet: ${what}, which lacks ${count} of ${keys.join(", ")}`;
}

/**
 * Keys of the store's own machine sign at the import.
 * @param here Names of the keys on this machine.
 */
export function nextAfter(missing: readonly MissingSignature[], here: ReadonlySet<string>): string {
  const comesBack = missing.some(
    ({ what, keys }) => !what.startsWith("certificate ") && keys.some((key) => here.has(key)),
  );
  if (comesBack)
    return "Next, the machine that has the keys of the certificates signs this file: the rest rests on those. Then sign it here once more.";
  return missing.length === 0
    ? "Next, on the store's machine: mosis admin keys import FILE"
    : "Next, machines with the keys that lack sign this file; those of the store's own machine sign at the import: mosis admin keys import FILE";
}
