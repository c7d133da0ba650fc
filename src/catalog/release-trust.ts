/** The release keys and certificates that the store has: with one that is revoked it signs nothing more. */
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import type { Sha256 } from "../ids.ts";
import { findSigningKey, listAllStoreCertificates, listStoreCertificates } from "../keys/records.ts";
import { say } from "../say.ts";
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
    say`The store's release key ${found.keyName} is revoked, so that nothing can be approved until an administrator replaces it. The page Keys and certificates says how; nothing was decided.`,
  );
}

/** Whether a certificate with this digest is one that the store signs with, or did; read when it is first asked. */
export function releaseCertificates(tx: Tx): (certificate: Sha256) => boolean {
  let known: ReadonlySet<Sha256> | undefined;
  return (certificate) => {
    known ??= new Set(
      listAllStoreCertificates(tx)
        .filter(({ kind }) => kind === "release")
        .map(({ der }) => sha256(der)),
    );
    return known.has(certificate);
  };
}
