import type { KeyObject } from "node:crypto";
import type { X509Certificate } from "@peculiar/x509";
import type { KeyPair } from "./keys.ts";

export type Validity = { readonly notBefore: Date; readonly notAfter: Date };
/** A CA that can issue: its certificate and private key. */
export type Authority = { readonly certificate: X509Certificate; readonly keys: KeyPair };
export type CertificateRequest = {
  readonly publicKey: KeyObject;
  readonly spki: Uint8Array;
  readonly keyid: string;
};

export declare function createRootCa(
  keys: KeyPair,
  options: Validity & { commonName: string },
): Promise<X509Certificate>;
export declare function createDeveloperCa(
  root: Authority,
  publicKey: KeyObject,
  options: Validity & { commonName: string },
): Promise<X509Certificate>;
export declare function issueReleaseCertificate(
  root: Authority,
  publicKey: KeyObject,
  options: Validity & { storeId: string },
): Promise<X509Certificate>;
/** Checks form, algorithm and proof of possession; nothing else of the request is ever used. */
export declare function readCertificateRequest(request: string | Uint8Array): Promise<CertificateRequest>;
export declare function issueDeveloperCertificate(
  developerCa: Authority,
  request: CertificateRequest,
  options: Validity & { developerId: string; commonName: string },
): Promise<X509Certificate>;
export declare function certificateFromPem(pem: string): X509Certificate;
export declare function certificatesFromPem(pem: string): X509Certificate[];
export declare function certificateToPem(certificate: X509Certificate): string;
