/** Whether a signature that the store gave counts still: as a new device judges it, which has nothing pinned. */
import type { Store } from "../../context.ts";
import type { Tx } from "../../db/database.ts";
import { isProblem } from "../../errors.ts";
import { judgeStoreSigner, type LineageRevocation } from "../../format/lineage.ts";
import { fingerprint } from "../../format/verify-signatures.ts";
import { listStoreCertificates, type StoreCertificateRow } from "../../keys/records.ts";
import { judgeChain, type TrustAnchors } from "../../signing/chain.ts";
import { type Leaf, type LeafKind, readLeaf } from "../../signing/leaf.ts";
import { X509Certificate } from "../../signing/x509.ts";
import { inForce } from "../revocation/in-force.ts";

/** What signatures are judged by: now, or as it would be after an act. */
export type Trust = {
  readonly anchors: TrustAnchors;
  readonly revocations: readonly LineageRevocation[];
};

export function presentTrust({ db }: Pick<Store, "db">): Trust {
  return { anchors: anchorsOf(trustedAuthorities(db.orm)), revocations: inForce(db.orm).entries };
}

/** What `trust/ca.pem` holds. */
export function trustedAuthorities(tx: Tx): readonly StoreCertificateRow[] {
  return [...listStoreCertificates(tx, "root"), ...listStoreCertificates(tx, "developer-ca")];
}

export function anchorsOf(rows: readonly StoreCertificateRow[]): TrustAnchors {
  const of = (kind: StoreCertificateRow["kind"]) =>
    rows.filter((row) => row.kind === kind).map((row) => new X509Certificate(new Uint8Array(row.der)));
  return { roots: of("root"), developerCas: of("developer-ca") };
}

/** What a release certificate signed at that time. */
export function storeSignatureCounts(leaf: Leaf, at: Date, trust: Trust): boolean {
  return holds(() => judgeStoreSigner(leaf, at, trust));
}

/** Whether a certificate's chain holds at that time. */
export function chainCounts(
  der: Uint8Array,
  kind: LeafKind,
  at: Date,
  { anchors }: Pick<Trust, "anchors">,
): boolean {
  return holds(() => judgeChain(readLeaf(new Uint8Array(der), kind), anchors, at));
}

function holds(judge: () => void): boolean {
  try {
    judge();
    return true;
  } catch (error) {
    if (isProblem(error)) return false;
    throw error;
  }
}

/** The release certificate that the store signs with; null while it or its key is revoked: that one signs nothing more. */
export function usableRelease(tx: Tx, trust: Trust): Leaf | null {
  const [row] = listStoreCertificates(tx, "release");
  if (!row) return null;
  const leaf = readLeaf(new Uint8Array(row.der), "release");
  const names: readonly string[] = [leaf.key.keyid, fingerprint(leaf)];
  return trust.revocations.some(({ id }) => names.includes(id)) ? null : leaf;
}
