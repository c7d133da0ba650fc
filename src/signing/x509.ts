/**
 * @peculiar/x509 after the polyfill that it needs, and what of it this project uses. Imports alone do not give that
 * order everywhere: Bun may evaluate a CommonJS package before the modules that stand above it. So it is required here,
 * in the body, when the import above has been evaluated.
 */
import "reflect-metadata";
import type * as X509 from "@peculiar/x509";

const x509: typeof X509 = require("@peculiar/x509");

export const {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  Pkcs10CertificateRequest,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
  X509Crl,
} = x509;

export type Extension = X509.Extension;
export type Pkcs10CertificateRequest = X509.Pkcs10CertificateRequest;
export type X509Certificate = X509.X509Certificate;
