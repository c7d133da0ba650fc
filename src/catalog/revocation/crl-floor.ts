/**
 * Nothing leaves a list of revoked certificates but by an act that the log has. The list that was signed last is the least that
 * the next one says: a row that is gone lifts nothing.
 */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { listAllStoreCertificates } from "../../keys/records.ts";
import type { CrlEntry } from "../../signing/crl.ts";
import { readCrl } from "../../signing/crl-reader.ts";
import { formOf } from "../../signing/leaf.ts";
import { X509Certificate } from "../../signing/x509.ts";
import { findCertificateRow } from "../keys.records.ts";
import { findNewestLeaf } from "../log/records.ts";
import { issuedCertificate } from "../mend-developer-keys.ts";
import { sha256 } from "../tuf/metadata.ts";
import type { IssuingAuthority } from "./crl-issuers.ts";
import { findCrl } from "./records.ts";

/** With what the last list of the authority has and was not lifted. */
export function withFloor(
  store: Pick<Store, "db" | "clock">,
  { row, keyid, certificate }: IssuingAuthority,
  entries: readonly CrlEntry[],
): CrlEntry[] {
  const last = findCrl(store.db.orm, keyid);
  const signed = last === undefined ? null : readCrl(new Uint8Array(last.der), certificate);
  const now = new Set(entries.map(({ serialNumber }) => serialNumber));
  const isLifted = row.kind === "root" ? isOwnLifted : isDeveloperLifted;
  const kept = (signed?.entries ?? []).filter(
    ({ serialNumber }) => !now.has(serialNumber) && !isLifted(store, serialNumber),
  );
  return [...entries, ...kept];
}

/** What is known of the certificate, and nothing of it is revoked by the log. */
function isDeveloperLifted({ db, clock }: Pick<Store, "db" | "clock">, serial: string): boolean {
  const row = findCertificateRow(db.orm, serial);
  const issued = row === undefined ? null : issuedCertificate(db, row.der, clock.now());
  if (issued?.serial !== serial) return false;
  return !isRevoked(db.orm, [issued.sha256, issued.keyid, issued.developerId]);
}

/** Of the store's own certificates, whose rows are as they were issued. */
function isOwnLifted({ db }: Pick<Store, "db">, serial: string): boolean {
  const row = listAllStoreCertificates(db.orm).find((one) => one.serial === serial);
  if (row === undefined || row.kind === "root") return false;
  if (row.kind === "developer-ca") return row.distrustedAt === null;
  const { keyid } = formOf(new X509Certificate(new Uint8Array(row.der)));
  return !isRevoked(db.orm, [sha256(row.der), keyid]);
}

/** What the log has last of any of these. */
function isRevoked(tx: Tx, names: readonly string[]): boolean {
  return names.some((name) => {
    const entry = findNewestLeaf(tx, name, "revocation")?.entry;
    return entry?.type === "revocation" && entry.action !== "lift";
  });
}
