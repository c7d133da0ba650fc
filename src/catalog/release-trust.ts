/** Whether the store may sign with the release key that it has: with one that is revoked it signs nothing more. */
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import { findSigningKey, listStoreCertificates } from "../keys/records.ts";
import { findRevocations, type RevocationRow } from "./revocation/records.ts";
import { sha256 } from "./tuf/metadata.ts";

/** The release key in use and the revocation of it or of its certificate, whatever approvals it leaves; null: there is none. */
export function revokedRelease(
  tx: Tx,
): { readonly keyName: string; readonly revocation: RevocationRow } | null {
  const [row] = listStoreCertificates(tx, "release");
  if (!row) return null;
  const keyid = findSigningKey(tx, row.keyName)?.keyid;
  const [revocation] = findRevocations(tx, [
    { subject: "certificate", id: sha256(row.der) },
    ...(keyid === undefined ? [] : [{ subject: "key" as const, id: keyid }]),
  ]);
  return revocation === undefined ? null : { keyName: row.keyName, revocation };
}

/** @throws Problem `review.release_key_revoked` (conflict) */
export function refuseRevokedRelease(tx: Tx): void {
  const found = revokedRelease(tx);
  if (found === null) return;
  throw new Problem(
    "conflict",
    "review.release_key_revoked",
    `The store's release key ${found.keyName} is revoked, so that nothing can be approved until an administrator replaces it. The page Keys and certificates says how; nothing was decided.`,
  );
}
