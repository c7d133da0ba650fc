import { createHash } from "node:crypto";
import { keyidOf, readSigningKey, type SigningPublicKey } from "./algorithms.ts";
import { KEY_USAGE, type KnownExtensions } from "./certificate-extensions.ts";
import { type CertificateForm, readCertificateForm } from "./certificate-form.ts";
import { latin1, malformed } from "./certificate-parts.ts";
import { excerpt, refusal } from "./refuse.ts";
import { X509Certificate } from "./x509.ts";

export type LeafKind = "developer" | "release";

/** A leaf certificate whose form is that of its kind; who issued it is judged by `chain.ts`. */
export type Leaf = {
  readonly kind: LeafKind;
  /** developerId or storeId. */
  readonly id: string;
  /** For whoever shows it; what is judged is its form. */
  readonly certificate: X509Certificate;
  readonly form: CertificateForm;
  readonly key: SigningPublicKey;
};

export const SAN_PREFIXES: Readonly<Record<LeafKind, string>> = {
  developer: "mosis:dev:",
  release: "mosis:store:",
};

/** id-kp-codeSigning, 1.3.6.1.5.5.7.3.3, as its encoding in hex. */
const OID_CODE_SIGNING = "2b06010505070303";
const TAG_URI = 0x86;

/** Parses one certificate (package format §3, “Certificates”). Throws MPK-X001 or MPK-X005. */
export function parseCertificate(der: Uint8Array): X509Certificate {
  const form = readCertificateForm(der);
  const certificate = libraryCertificate(der);
  FORMS.set(certificate, knownForm(der, form));
  return certificate;
}

function libraryCertificate(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(new Uint8Array(der));
  } catch {
    throw malformed("a structure that is not a certificate's");
  }
}

/** What a certificate says, with the SHA-256 (hex) of its DER and of its SubjectPublicKeyInfo. */
export type KnownForm = CertificateForm & { readonly fingerprint: string; readonly keyid: string };

/** Each certificate is read once, however often it is met. */
const FORMS = new WeakMap<X509Certificate, KnownForm>();

function knownForm(der: Uint8Array, form: CertificateForm): KnownForm {
  return { ...form, fingerprint: createHash("sha256").update(der).digest("hex"), keyid: keyidOf(form.spki) };
}

/** What a certificate says, read by our own rules: what the library makes of it is only shown. */
export function formOf(certificate: X509Certificate): KnownForm {
  const known = FORMS.get(certificate);
  if (known !== undefined) return known;
  const der = new Uint8Array(certificate.rawData);
  const form = knownForm(der, readCertificateForm(der));
  FORMS.set(certificate, form);
  return form;
}

/**
 * Whether the certificate says that it may issue others. A root is trusted by itself: where it names no key usages, all are
 * meant (RFC 5280 §4.2.1.3); a CA below it must say keyCertSign.
 */
export function isAuthority(
  { basicConstraints, keyUsage }: KnownExtensions,
  kind: "root" | "developer-ca",
): boolean {
  const maySign = keyUsage === null ? kind === "root" : (keyUsage & KEY_USAGE.keyCertSign) !== 0;
  return basicConstraints?.ca === true && maySign;
}

/**
 * Reads a leaf certificate and checks that it has the form of its kind (package format §3, “Certificates”). Throws
 * MPK-X001…X005 and MPK-S008.
 */
export function readLeaf(der: Uint8Array, kind: LeafKind): Leaf {
  const certificate = parseCertificate(der);
  const form = formOf(certificate);
  const id = readIdentity(form.extensions, kind);
  const fault = leafFault(form.extensions);
  if (fault !== undefined) {
    throw refusal("MPK-X004", "The certificate may not sign packages.", {
      found: fault,
      expected: "cA false, key usage digitalSignature, extended key usage codeSigning",
    });
  }
  return { kind, id, certificate, form, key: readSigningKey(form.spki) };
}

function readIdentity({ subjectAltNames }: KnownExtensions, kind: LeafKind): string {
  const names = subjectAltNames ?? [];
  const [name] = names;
  const expected = `exactly one URI ${SAN_PREFIXES[kind]}<id>, id of 1–64 a–z 0–9 -`;
  const shown = names.map(({ tag, content }) => `[${tag & 0x1f}] ${latin1(content)}`).join(", ");
  if (names.length === 1 && name?.tag === TAG_URI) {
    const uri = latin1(name.content);
    for (const [found, prefix] of Object.entries(SAN_PREFIXES)) {
      const id = uri.startsWith(prefix) ? uri.slice(prefix.length) : "";
      if (!/^[a-z0-9-]{1,64}$/.test(id)) continue;
      if (found === kind) return id;
      throw refusal("MPK-X002", `A ${kind} certificate is expected here, not a ${found} one.`, {
        found: excerpt(uri),
        expected,
      });
    }
  }
  throw refusal("MPK-X003", "The certificate does not name exactly one signer.", {
    found: shown === "" ? "no subject alternative name" : excerpt(shown),
    expected,
  });
}

function leafFault({ basicConstraints, keyUsage, extendedKeyUsage }: KnownExtensions): string | undefined {
  if (basicConstraints?.ca === true) return "cA true";
  if ((basicConstraints?.pathLength ?? null) !== null) return "a path length";
  const usages = keyUsage ?? 0;
  if ((usages & KEY_USAGE.digitalSignature) === 0) return "no key usage digitalSignature";
  // RFC 5280 §4.2.1.3: keyCertSign without cA contradicts itself.
  if ((usages & KEY_USAGE.keyCertSign) !== 0) return "key usage keyCertSign";
  if (extendedKeyUsage?.includes(OID_CODE_SIGNING) !== true) return "no extended key usage codeSigning";
  return undefined;
}
