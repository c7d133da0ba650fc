/**
 * Developers' certificates that count no more because an authority above them was taken out of `trust/ca.pem`. As when a
 * certificate is revoked by itself, its key signs again once it is enrolled again.
 */
import type { Tx } from "../db/database.ts";
import { Problem } from "../errors.ts";
import { listAllStoreCertificates } from "../keys/records.ts";
import { say } from "../say.ts";
import { anchorsOf, chainCounts } from "./sign-again/trust.ts";

type Dated = { readonly der: Uint8Array; readonly notBefore: Date; readonly notAfter: Date };

/** The last moment at which such a certificate can be used; that it has ended is another matter. */
export function lastUse({ notBefore, notAfter }: Omit<Dated, "der">, now: Date): Date {
  if (now > notAfter) return notAfter;
  return now < notBefore ? notBefore : now;
}

/**
 * Judges developers' certificates: since when one counts no more for that reason; null when it counts, or does not for
 * another reason. Authorities are read once for all of them.
 */
export function distrustOf(tx: Tx, now: Date): (certificate: Dated) => Date | null {
  const authorities = listAllStoreCertificates(tx).filter(({ kind }) => kind !== "release");
  const acts = [
    ...new Set(
      authorities.flatMap(({ distrustedAt }) => (distrustedAt === null ? [] : [distrustedAt.getTime()])),
    ),
  ].sort((a, b) => a - b);
  // Nearly every store.
  if (acts.length === 0) return () => null;
  const all = { anchors: anchorsOf(authorities) };
  const left = acts.map((act) => ({
    at: new Date(act),
    anchors: anchorsOf(
      authorities.filter(({ distrustedAt }) => distrustedAt === null || distrustedAt.getTime() > act),
    ),
  }));
  return (certificate) => {
    const counts = (trust: Parameters<typeof chainCounts>[3]) =>
      chainCounts(certificate.der, "developer", lastUse(certificate, now), trust);
    if (!counts(all)) return null;
    return left.find((trust) => !counts(trust))?.at ?? null;
  };
}

/** What a signature of a key says that has to be enrolled again. */
export function certificateDistrusted(at: Date): Problem {
  return new Problem(
    "unprocessable",
    "key.certificate_distrusted",
    say`The certificate was issued by an authority that this store does not trust any more, since ${at.toISOString()}: enrol the key again with “mosis keys enroll”, then sign again.`,
  );
}
