/** The certificates that packages are judged by, newest first. */
import type { Store } from "../context.ts";
import { listStoreCertificates, type StoreCertificateRow } from "./records.ts";

export function rootCaPems(store: Pick<Store, "db">): string[] {
  return pems(store, "root");
}

export function developerCaPems(store: Pick<Store, "db">): string[] {
  return pems(store, "developer-ca");
}

function pems(store: Pick<Store, "db">, kind: StoreCertificateRow["kind"]): string[] {
  return listStoreCertificates(store.db.orm, kind).map((row) => derToPem(row.der));
}

/** RFC 7468: 64 characters a line. */
export function derToPem(der: Uint8Array): string {
  const body = Buffer.from(der).toString("base64").replace(/(.{64})(?=.)/g, "$1\n");
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}
