import { readSigningKey, type SigningPublicKey } from "./algorithms.ts";
import { certificateFault } from "./certificate-form.ts";
import { sliceSpki } from "./der.ts";
import { excerpt, refusal } from "./refuse.ts";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
} from "./x509.ts";

export type LeafKind = "developer" | "release";

/** A leaf certificate whose form is that of its kind; who issued it is judged by `chain.ts`. */
export type Leaf = {
  readonly kind: LeafKind;
  /** developerId or storeId. */
  readonly id: string;
  readonly certificate: X509Certificate;
  readonly key: SigningPublicKey;
};

export const SAN_PREFIXES: Readonly<Record<LeafKind, string>> = {
  developer: "mosis:dev:",
  release: "mosis:store:",
};

const OID_CODE_SIGNING = "1.3.6.1.5.5.7.3.3";

/** Basic constraints, key usage, extended key usage, subject alternative name: what is judged here when critical. */
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set(["2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.17"]);

/**
 * Parses one certificate: strict DER, version 3, a positive serial number of at most 20 bytes, times in their one form, no extension twice, no unknown critical extension. Throws MPK-X001 or
 * MPK-X005.
 */
export function parseCertificate(der: Uint8Array): X509Certificate {
  const unreadable = (found: string) =>
    refusal("MPK-X001", "The certificate cannot be read.", {
      found,
      expected: "one X.509 v3 certificate in DER",
    });
  const fault = certificateFault(der);
  if (fault !== undefined) throw unreadable(fault);
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(new Uint8Array(der));
    // The library parses extensions when they are asked for; a malformed one must fail here.
    checkExtensions(certificate);
  } catch (error) {
    if (error instanceof Error && error.name === "Problem") throw error;
    throw unreadable("a structure that is not a certificate's");
  }
  return certificate;
}

function checkExtensions(certificate: X509Certificate): void {
  const seen = new Set<string>();
  for (const extension of certificate.extensions) {
    if (seen.has(extension.type)) {
      throw refusal("MPK-X001", "The certificate has an extension twice.", {
        found: extension.type,
        expected: "each extension once",
      });
    }
    seen.add(extension.type);
    if (extension.critical && !KNOWN_EXTENSIONS.has(extension.type)) {
      throw refusal("MPK-X005", "The certificate has a critical extension that is not known.", {
        found: extension.type,
        expected: [...KNOWN_EXTENSIONS].join(", "),
      });
    }
  }
}

/**
 * Whether the certificate says that it may issue others. A root is trusted by itself: where it names no key usages, all are
 * meant (RFC 5280 §4.2.1.3); a CA below it must say keyCertSign.
 */
export function isAuthority(certificate: X509Certificate, kind: "root" | "developer-ca"): boolean {
  const usages = certificate.getExtension(KeyUsagesExtension)?.usages;
  const maySign = usages === undefined ? kind === "root" : (usages & KeyUsageFlags.keyCertSign) !== 0;
  return certificate.getExtension(BasicConstraintsExtension)?.ca === true && maySign;
}

/**
 * Reads a leaf certificate and checks that it has the form of its kind (package format §3, “Certificates”). Throws
 * MPK-X001…X005 and MPK-S008.
 */
export function readLeaf(der: Uint8Array, kind: LeafKind): Leaf {
  const certificate = parseCertificate(der);
  const id = readIdentity(certificate, kind);
  const fault = leafFault(certificate);
  if (fault !== undefined) {
    throw refusal("MPK-X004", "The certificate may not sign packages.", {
      found: fault,
      expected: "cA false, key usage digitalSignature, extended key usage codeSigning",
    });
  }
  return { kind, id, certificate, key: readSigningKey(sliceSpki(der) ?? new Uint8Array(0)) };
}

function readIdentity(certificate: X509Certificate, kind: LeafKind): string {
  const names = certificate.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
  const [name] = names;
  const expected = `exactly one URI ${SAN_PREFIXES[kind]}<id>, id of 1–64 a–z 0–9 -`;
  const shown = names.map((item) => `${item.type}:${item.value}`).join(", ");
  if (names.length === 1 && name?.type === "url") {
    for (const [found, prefix] of Object.entries(SAN_PREFIXES)) {
      const id = name.value.startsWith(prefix) ? name.value.slice(prefix.length) : "";
      if (!/^[a-z0-9-]{1,64}$/.test(id)) continue;
      if (found === kind) return id;
      throw refusal("MPK-X002", `A ${kind} certificate is expected here, not a ${found} one.`, {
        found: excerpt(name.value),
        expected,
      });
    }
  }
  throw refusal("MPK-X003", "The certificate does not name exactly one signer.", {
    found: shown === "" ? "no subject alternative name" : excerpt(shown),
    expected,
  });
}

function leafFault(certificate: X509Certificate): string | undefined {
  const constraints = certificate.getExtension(BasicConstraintsExtension);
  if (constraints?.ca === true) return "cA true";
  if (constraints?.pathLength !== undefined) return "a path length";
  const usages = certificate.getExtension(KeyUsagesExtension)?.usages ?? 0;
  if ((usages & KeyUsageFlags.digitalSignature) === 0) return "no key usage digitalSignature";
  // RFC 5280 §4.2.1.3: keyCertSign without cA contradicts itself.
  if ((usages & KeyUsageFlags.keyCertSign) !== 0) return "key usage keyCertSign";
  const extended = certificate.getExtension(ExtendedKeyUsageExtension)?.usages ?? [];
  if (!extended.some((usage) => usage === OID_CODE_SIGNING))
    return `extended key usage ${extended.join(", ") || "missing"}`;
  return undefined;
}
