/** The authorities that a package of this store is judged by, as PEM. */
import type { Store } from "../context.ts";
import { listStoreCertificates, type StoreCertificateRow } from "./records.ts";

/** Newest first. */
export function rootCaPems(store: Pick<Store, "db">): readonly string[] {
  return listStoreCertificates(store.db.orm, "root").map(pemOf);
}

/** Newest first. */
export function developerCaPems(store: Pick<Store, "db">): readonly string[] {
  return listStoreCertificates(store.db.orm, "developer-ca").map(pemOf);
}

export function pemOf(row: Pick<StoreCertificateRow, "der">): string {
  return pemBlock("CERTIFICATE", row.der);
}

/** RFC 7468: base64 in lines of 64 characters. */
export function pemBlock(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
