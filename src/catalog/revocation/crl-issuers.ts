/** Whose lists of revoked certificates there are, where each lies, and what it says. */
import { createHash } from "node:crypto";
import type { Store } from "../../context.ts";
import type { KeyId, Sha256 } from "../../ids.ts";
import { listStoreCertificates, type StoreCertificateRow } from "../../keys/records.ts";
import type { CrlEntry } from "../../signing/crl.ts";
import { formatTime } from "../../signing/times.ts";
import { X509Certificate } from "../../signing/x509.ts";

/** Where the list of an authority's key lies. */
export function crlKey(issuerKeyid: KeyId): string {
  return `store/v1/crls/${issuerKeyid}/ca.crl`;
}

export type IssuingAuthority = {
  readonly row: StoreCertificateRow;
  readonly keyid: KeyId;
  readonly certificate: X509Certificate;
};

/** Each key that certificates were issued with, with its newest certificate. */
export function issuingAuthorities(store: Pick<Store, "db">): IssuingAuthority[] {
  const found = new Map<KeyId, IssuingAuthority>();
  for (const kind of ["root", "developer-ca"] as const) {
    for (const row of listStoreCertificates(store.db.orm, kind)) {
      const certificate = new X509Certificate(new Uint8Array(row.der));
      const spki = new Uint8Array(certificate.publicKey.rawData);
      const keyid = createHash("sha256").update(spki).digest("hex") as KeyId;
      if (!found.has(keyid)) found.set(keyid, { row, keyid, certificate });
    }
  }
  return [...found.values()];
}

/** What tells whether two lists say the same: which certificates, and why. */
export function contentOfList(entries: readonly CrlEntry[]): Sha256 {
  const said = entries.map(({ serialNumber, reason, invalidFrom }) =>
    [serialNumber, reason, invalidFrom === null ? "" : formatTime(invalidFrom)].join(" "),
  );
  return createHash("sha256").update(JSON.stringify(said.sort())).digest("hex") as Sha256;
}
