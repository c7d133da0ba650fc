/**
 * Whether the rows of the store's certificates are those that it issued and trusts: the signed `trust/ca.pem` names the
 * authorities, and the log has each certificate by its digest. Decides only.
 */
import type { KeyId, Sha256 } from "../../ids.ts";
import type { CertificateKind } from "../../keys/authority.ts";
import type { StoreCertificateRow } from "../../keys/records.ts";
import { formOf } from "../../signing/leaf.ts";
import { X509Certificate } from "../../signing/x509.ts";
import { sha256 } from "../tuf/metadata.ts";

/** What the log says of a certificate. */
export type LoggedCertificate = {
  readonly kind: CertificateKind;
  readonly issuedAt: Date;
  readonly distrustedAt: Date | null;
};

export type CertificateState = {
  readonly rows: readonly StoreCertificateRow[];
  /** The authorities in the signed `trust/ca.pem`; null when the store has not got it as it was signed. */
  readonly signed: readonly Buffer[] | null;
  readonly logged: ReadonlyMap<Sha256, LoggedCertificate>;
  /** The key of each certificate, by its fingerprint. */
  readonly keyNames: ReadonlyMap<KeyId, string>;
};

export type CertificateName = { readonly kind: CertificateKind | "unknown"; readonly sha256: Sha256 };

export type CertificatePlan = {
  /** Rows as the store issued them, in place of others or of none. */
  readonly save: readonly StoreCertificateRow[];
  /** Serial numbers of rows that nobody of this store issued. */
  readonly drop: readonly string[];
  /** What was changed, by name. */
  readonly mended: readonly CertificateName[];
  /** What cannot be told from what is signed and logged. */
  readonly left: readonly CertificateName[];
};

export function planCertificates(state: CertificateState): CertificatePlan {
  const { rows, signed, logged } = state;
  const inFile = new Set(signed?.map((der) => sha256(der)));
  const plan = { save: [] as StoreCertificateRow[], drop: [] as string[] };
  const mended: CertificateName[] = [];
  const left: CertificateName[] = [];
  for (const row of rows) {
    const digest = sha256(row.der);
    const entry = logged.get(digest);
    const name = { kind: entry?.kind ?? "unknown", sha256: digest } as const;
    if (entry === undefined) {
      // Signed and not logged: what signed it is to be looked at.
      if (inFile.has(digest)) left.push(name);
      else {
        plan.drop.push(row.serial);
        mended.push({ ...name, kind: row.kind });
      }
      continue;
    }
    const right = rightRow(state, row.der, entry, row);
    if (right === null) left.push(name);
    else if (!isSame(right, row)) {
      if (right.serial !== row.serial) plan.drop.push(row.serial);
      plan.save.push(right);
      mended.push(name);
    }
  }
  const present = new Set(rows.map((row) => sha256(row.der)));
  for (const der of signed ?? []) {
    const digest = sha256(der);
    if (present.has(digest)) continue;
    const entry = logged.get(digest);
    const right = entry === undefined ? null : rightRow(state, der, entry, null);
    const name = { kind: entry?.kind ?? "unknown", sha256: digest } as const;
    if (right === null) left.push(name);
    else {
      plan.save.push(right);
      mended.push(name);
    }
  }
  return { ...plan, mended, left };
}

/** Null when its key is not in the database, or what is signed and what is logged say different things of it. */
export function rightRow(
  { signed, keyNames }: CertificateState,
  der: Buffer,
  { kind, issuedAt, distrustedAt }: LoggedCertificate,
  row: StoreCertificateRow | null,
): StoreCertificateRow | null {
  const certificate = factsOf(der);
  const keyName = keyNames.get(certificate.keyid);
  if (keyName === undefined) return null;
  const isTrusted =
    kind === "release" ||
    (signed === null ? distrustedAt === null : signed.some((other) => other.equals(der)));
  const since = row?.distrustedAt ?? distrustedAt;
  // Not in the file, and never taken out of it.
  if (!isTrusted && distrustedAt === null) return null;
  return {
    serial: certificate.serial,
    kind,
    keyName,
    der,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    createdAt: issuedAt,
    distrustedAt: isTrusted ? null : since,
  };
}

type Facts = Pick<StoreCertificateRow, "serial" | "notBefore" | "notAfter"> & { readonly keyid: KeyId };

/** Reading one takes longer than all the rest, and the same few are read again and again. */
const known = new Map<Sha256, Facts>();
const MOST_KNOWN = 256;

function factsOf(der: Buffer): Facts {
  const digest = sha256(der);
  const before = known.get(digest);
  if (before !== undefined) return before;
  const certificate = new X509Certificate(new Uint8Array(der));
  const { serialNumber: serial, notBefore, notAfter } = certificate;
  const facts = { serial, notBefore, notAfter, keyid: formOf(certificate).keyid as KeyId };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(digest, facts);
  return facts;
}

function isSame(one: StoreCertificateRow, other: StoreCertificateRow): boolean {
  const facts = ({ der, notBefore, notAfter, createdAt, distrustedAt, ...rest }: StoreCertificateRow) =>
    JSON.stringify([
      rest.serial,
      rest.kind,
      rest.keyName,
      ...[notBefore, notAfter, createdAt, distrustedAt].map((at) => at?.getTime() ?? null),
      der.toString("base64"),
    ]);
  return facts(one) === facts(other);
}
