import type { X509Certificate } from "@peculiar/x509";
import type { StoreApproval } from "../signing/statements.ts";
import type { Finding, Section } from "./findings.ts";
import type { Manifest, PermissionTable } from "./manifest.ts";
import type { Limits, PackageKind, Sha256 } from "./names.ts";
import type { Source } from "./source.ts";

export type Policy = {
  readonly now: Date;
  /** Root certificates, PEM or parsed. With none, chains are not judged. */
  readonly roots?: readonly (X509Certificate | string)[];
  readonly developerCas?: readonly (X509Certificate | string)[];
  /** Refuse any other kind. */
  readonly expect?: PackageKind;
  readonly limits?: Partial<Limits>;
  readonly permissions?: PermissionTable;
};

export type CertificateFacts = {
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly sha256: Sha256;
};

export type ChainVerdict = "ok" | "not checked";

export type DeveloperVerdict = {
  readonly developerId: string;
  readonly keyid: Sha256;
  readonly algorithm: string;
  readonly signedAt: Date;
  readonly certificate: CertificateFacts;
  readonly chain: ChainVerdict;
};

export type StoreVerdict = {
  readonly storeId: string;
  readonly keyid: Sha256;
  readonly algorithm: string;
  readonly approvedAt: Date;
  readonly predicate: StoreApproval;
  readonly certificate: CertificateFacts;
  readonly chain: ChainVerdict;
};

export type SectionVerdict = {
  readonly section: Section;
  readonly verdict: "ok" | "failed" | "not checked" | "absent";
  readonly findings: readonly Finding[];
};

export type Verdict = {
  readonly ok: boolean;
  /** Absent when the container could not be read. */
  readonly kind?: PackageKind;
  readonly sections: readonly SectionVerdict[];
  readonly contentDigest?: Sha256;
  readonly manifest?: Manifest;
  readonly developer?: DeveloperVerdict;
  readonly store?: StoreVerdict;
};

export declare function verifyPackage(source: Source, policy: Policy): Promise<Verdict>;
