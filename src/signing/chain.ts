import type { Problem } from "../errors.ts";
import { type CertificateVerifier, certificateVerifier } from "./algorithms.ts";
import type { SigningCode } from "./codes.ts";
import { formOf, isAuthority, type Leaf } from "./leaf.ts";
import { excerpt, type Place, refusal } from "./refuse.ts";
import { wholeSeconds } from "./times.ts";
import type { X509Certificate } from "./x509.ts";

/** The store's authorities that a reader trusts. */
export type TrustAnchors = {
  readonly roots: readonly X509Certificate[];
  readonly developerCas: readonly X509Certificate[];
};

/** Sorts certificates into roots (issued to themselves) and Developer CAs (the others), as `trust/ca.pem` holds them. */
export function sortAnchors(certificates: readonly X509Certificate[]): TrustAnchors {
  const isRoot = (certificate: X509Certificate) => {
    const { subject, issuer } = formOf(certificate);
    return sameBytes(subject, issuer);
  };
  return {
    roots: certificates.filter(isRoot),
    developerCas: certificates.filter((certificate) => !isRoot(certificate)),
  };
}

/**
 * Judges a leaf's chain at a time (package format §3): a developer's is leaf → Developer CA → root, a release
 * certificate's leaf → root. Any of the authorities may fit, since a name can be shared by successive keys; when none does, the
 * error is about the last one of that name. Throws MPK-X001, X005…X009.
 */
export function judgeChain(leaf: Leaf, anchors: TrustAnchors, time: Date): void {
  const at = judgeLeafTime(leaf, time);
  const { roots, developerCas } = anchors;
  const isIssuedBy = signaturesBy(anchors);
  const underRoot = (certificate: X509Certificate, below: 0 | 1) =>
    issuerFault(certificate, roots, isIssuedBy, (root) => rootFault(root, at, below, isIssuedBy));
  const found =
    leaf.kind === "release"
      ? underRoot(leaf.certificate, 0)
      : issuerFault(
          leaf.certificate,
          developerCas,
          isIssuedBy,
          (developerCa) => developerCaFault(developerCa, at) ?? underRoot(developerCa, 1),
        );
  if (found !== undefined) throw found();
}

/** What can be said of a leaf without any authority: whether it was valid at that time. Throws MPK-X007. */
export function judgeLeafTime(leaf: Leaf, time: Date): Date {
  // Bounds are whole seconds and inclusive: the last second lasts until the next one begins.
  const at = wholeSeconds(time);
  const found = validityFault(leaf.certificate, at);
  if (found !== undefined) throw found();
  return at;
}

/** Why a chain does not hold. It is put into words for the one that is told: of many authorities most do not fit. */
type Fault = () => Problem;

type Words = Place & { readonly message: string };

function fault(code: SigningCode, words: () => Words): Fault {
  return () => {
    const { message, ...place } = words();
    return refusal(code, message, place);
  };
}

type IsIssuedBy = (certificate: X509Certificate, issuer: X509Certificate) => boolean;

/** A key that issues, and what it was found to have signed, by the certificate's fingerprint. */
type IssuerKey = { readonly verifies: CertificateVerifier; readonly found: Map<string, boolean> };

/** Keys that were met, by their id. They go with the authorities, and so end with the run that those were read for. */
const MET = new WeakMap<TrustAnchors, Map<string, IssuerKey>>();

/**
 * Says whether an issuer signed a certificate. That is judged once for each key and each certificate, however often the two are
 * met: otherwise each statement of each app would have all authorities of one name tried anew.
 */
function signaturesBy(anchors: TrustAnchors): IsIssuedBy {
  const met = MET.get(anchors) ?? new Map<string, IssuerKey>();
  MET.set(anchors, met);
  return (certificate, issuer) => {
    const { keyid, spki } = formOf(issuer);
    const key = met.get(keyid) ?? { verifies: certificateVerifier(spki), found: new Map() };
    met.set(keyid, key);
    const form = formOf(certificate);
    const isSigned = key.found.get(form.fingerprint) ?? key.verifies(form);
    key.found.set(form.fingerprint, isSigned);
    return isSigned;
  };
}

/** Why no issuer of the certificate fits; undefined when one does. */
function issuerFault(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
  isIssuedBy: IsIssuedBy,
  faultOf: (issuer: X509Certificate) => Fault | undefined,
): Fault | undefined {
  let nearest = fault("MPK-X006", () => ({
    message: "The certificate was not issued by an authority of this store.",
    found: excerpt(certificate.issuer),
    expected: subjectsOf(candidates),
  }));
  for (const issuer of candidates) {
    if (!sameBytes(formOf(certificate).issuer, formOf(issuer).subject)) continue;
    const found = signatureFault(certificate, issuer, isIssuedBy) ?? faultOf(issuer);
    if (found === undefined) return undefined;
    nearest = found;
  }
  return nearest;
}

const SUBJECTS_SHOWN = 3;

function subjectsOf(candidates: readonly X509Certificate[]): string {
  const shown = candidates.slice(0, SUBJECTS_SHOWN).map((candidate) => excerpt(candidate.subject));
  const more = candidates.length - shown.length;
  if (more > 0) shown.push(`${more} more`);
  return shown.length === 0 ? "an authority; none was given" : shown.join("; ");
}

/** `below`: how many CAs stand between the root and the leaf. */
function rootFault(root: X509Certificate, at: Date, below: 0 | 1, isIssuedBy: IsIssuedBy): Fault | undefined {
  const found = authorityFault(root, "root", at);
  if (found !== undefined) return found;
  const pathLength = formOf(root).extensions.basicConstraints?.pathLength ?? null;
  if (pathLength !== null && pathLength < below)
    return fault(
      "MPK-X008",
      notAuthority(root, `a root of path length ${pathLength}, with ${below} CA below it`),
    );
  // It names itself as its issuer: so a root is known.
  return signatureFault(root, root, isIssuedBy);
}

function developerCaFault(certificate: X509Certificate, at: Date): Fault | undefined {
  const found = authorityFault(certificate, "developer-ca", at);
  if (found !== undefined) return found;
  const pathLength = formOf(certificate).extensions.basicConstraints?.pathLength ?? null;
  if (pathLength === 0) return undefined;
  return fault("MPK-X008", notAuthority(certificate, `path length ${pathLength ?? "missing"}`));
}

function authorityFault(
  certificate: X509Certificate,
  kind: "root" | "developer-ca",
  at: Date,
): Fault | undefined {
  if (!isAuthority(formOf(certificate).extensions, kind))
    return fault("MPK-X008", notAuthority(certificate, "no cA, or no keyCertSign"));
  return validityFault(certificate, at);
}

function notAuthority(certificate: X509Certificate, found: string): () => Words {
  return () => ({
    message: `“${excerpt(certificate.subject)}” may not issue this certificate.`,
    found,
    expected: "cA true and keyCertSign; a Developer CA with path length 0; a root that is self-signed",
  });
}

function validityFault(certificate: X509Certificate, at: Date): Fault | undefined {
  const { notBefore, notAfter } = formOf(certificate);
  if (notBefore <= at && at <= notAfter) return undefined;
  return fault("MPK-X007", () => ({
    message: `“${excerpt(certificate.subject)}” was not valid at ${at.toISOString()}.`,
    found: at.toISOString(),
    expected: `${notBefore.toISOString()} to ${notAfter.toISOString()}`,
  }));
}

function signatureFault(
  certificate: X509Certificate,
  issuer: X509Certificate,
  isIssuedBy: IsIssuedBy,
): Fault | undefined {
  if (isIssuedBy(certificate, issuer)) return undefined;
  return fault("MPK-X009", () => ({
    message: `“${excerpt(issuer.subject)}” did not sign “${excerpt(certificate.subject)}”.`,
    found: "a signature that does not match",
    expected: "the issuer's signature: ECDSA P-256 or P-384 with SHA-256, -384 or -512, or Ed25519",
  }));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
