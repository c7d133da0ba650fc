import { isCertificateSignature } from "./algorithms.ts";
import { type CertificateForm, readCertificateForm } from "./certificate-form.ts";
import { isAuthority, type Leaf } from "./leaf.ts";
import { excerpt, refusal } from "./refuse.ts";
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
 * error is about the one that came nearest. Throws MPK-X001, X005…X009.
 */
export async function judgeChain(leaf: Leaf, anchors: TrustAnchors, time: Date): Promise<void> {
  const at = judgeLeafTime(leaf, time);
  if (leaf.kind === "release") {
    await anyIssuer(leaf.certificate, anchors.roots, (root) => judgeRoot(root, at, 0));
    return;
  }
  await anyIssuer(leaf.certificate, anchors.developerCas, async (developerCa) => {
    judgeDeveloperCa(developerCa, at);
    await anyIssuer(developerCa, anchors.roots, (root) => judgeRoot(root, at, 1));
  });
}

/** What can be said of a leaf without any authority: whether it was valid at that time. Throws MPK-X007. */
export function judgeLeafTime(leaf: Leaf, time: Date): Date {
  // Bounds are whole seconds and inclusive: the last second lasts until the next one begins.
  const at = wholeSeconds(time);
  checkValidity(leaf.certificate, at);
  return at;
}

async function anyIssuer(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
  judge: (issuer: X509Certificate) => void | Promise<void>,
): Promise<void> {
  let failure: unknown = refusal(
    "MPK-X006",
    "The certificate was not issued by an authority of this store.",
    {
      found: excerpt(certificate.issuer),
      expected: candidates.map((candidate) => candidate.subject).join("; ") || "an authority; none was given",
    },
  );
  for (const issuer of candidates) {
    if (!sameBytes(formOf(certificate).issuer, formOf(issuer).subject)) continue;
    try {
      checkIssued(certificate, issuer);
      await judge(issuer);
      return;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** `below`: how many CAs stand between the root and the leaf. */
function judgeRoot(root: X509Certificate, at: Date, below: 0 | 1): void {
  judgeAuthority(root, "root", at);
  const { extensions } = formOf(root);
  const pathLength = extensions.basicConstraints?.pathLength ?? null;
  if (pathLength !== null && pathLength < below)
    throw notAuthority(root, `a root of path length ${pathLength}, with ${below} CA below it`);
  // It names itself as its issuer: so a root is known.
  checkIssued(root, root);
}

function judgeDeveloperCa(certificate: X509Certificate, at: Date): void {
  judgeAuthority(certificate, "developer-ca", at);
  const pathLength = formOf(certificate).extensions.basicConstraints?.pathLength ?? null;
  if (pathLength !== 0) throw notAuthority(certificate, `path length ${pathLength ?? "missing"}`);
}

function judgeAuthority(certificate: X509Certificate, kind: "root" | "developer-ca", at: Date): void {
  if (!isAuthority(formOf(certificate).extensions, kind))
    throw notAuthority(certificate, "no cA, or no keyCertSign");
  checkValidity(certificate, at);
}

function notAuthority(certificate: X509Certificate, found: string) {
  return refusal("MPK-X008", `“${excerpt(certificate.subject)}” may not issue this certificate.`, {
    found,
    expected: "cA true and keyCertSign; a Developer CA with path length 0; a root that is self-signed",
  });
}

function checkValidity(certificate: X509Certificate, at: Date): void {
  const { notBefore, notAfter } = formOf(certificate);
  if (notBefore <= at && at <= notAfter) return;
  throw refusal("MPK-X007", `“${excerpt(certificate.subject)}” was not valid at ${at.toISOString()}.`, {
    found: at.toISOString(),
    expected: `${notBefore.toISOString()} to ${notAfter.toISOString()}`,
  });
}

function checkIssued(certificate: X509Certificate, issuer: X509Certificate): void {
  if (isCertificateSignature(formOf(issuer).spki, formOf(certificate))) return;
  throw refusal("MPK-X009", `“${excerpt(issuer.subject)}” did not sign “${excerpt(certificate.subject)}”.`, {
    found: "a signature that does not match",
    expected: "the issuer's signature: ECDSA P-256 or P-384 with SHA-256, -384 or -512, or Ed25519",
  });
}

/** What a certificate says, read by our own rules: what the library makes of it is only shown. */
function formOf(certificate: X509Certificate): CertificateForm {
  return readCertificateForm(new Uint8Array(certificate.rawData));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
