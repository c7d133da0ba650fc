/** Reading a list of revoked certificates that one of the store's own authorities signed (`crl.ts`). */
import { certificateVerifier } from "./algorithms.ts";
import { CRL_REASONS, type CrlEntry, type CrlFields, type CrlReason } from "./crl.ts";
import { readChildren, readDer } from "./der.ts";
import { type X509Certificate, X509Crl } from "./x509.ts";

const CRL_NUMBER = "2.5.29.20";
/** Before the number itself: its tag and length. */
const HEADER_BYTES = 2;

const REASONS = new Map<number, CrlReason>(
  Object.entries(CRL_REASONS).map(([name, code]) => [code, name as CrlReason]),
);

/** Null for anything else than a list that this authority signed. */
export function readCrl(der: Uint8Array, issuer: X509Certificate): CrlFields | null {
  if (!isSignedBy(der, new Uint8Array(issuer.publicKey.rawData))) return null;
  // What the authority signed was written by crl.ts: it can be read.
  const crl = new X509Crl(Uint8Array.from(der));
  const number = crl.getExtension(CRL_NUMBER)?.value;
  if (number === undefined || crl.nextUpdate === undefined) return null;
  return {
    issuer,
    number: Number.parseInt(Buffer.from(number).subarray(HEADER_BYTES).toString("hex"), 16),
    thisUpdate: crl.thisUpdate,
    nextUpdate: crl.nextUpdate,
    entries: crl.entries.flatMap((entry): CrlEntry[] => {
      const { serialNumber, revocationDate: revokedAt, invalidity: invalidFrom = null } = entry;
      const reason = REASONS.get(entry.reason ?? 0);
      return reason === undefined ? [] : [{ serialNumber, revokedAt, reason, invalidFrom }];
    }),
  };
}

function isSignedBy(der: Uint8Array, spki: Uint8Array): boolean {
  const list = readDer(der, 0, der.length);
  const [tbs, algorithm, signature] = (list && readChildren(der, list)) ?? [];
  if (list?.end !== der.length || tbs === undefined || algorithm === undefined || signature === undefined)
    return false;
  return certificateVerifier(spki)({
    tbs: der.subarray(tbs.start, tbs.end),
    algorithm: Buffer.from(der.subarray(algorithm.start, algorithm.end)).toString("hex"),
    // After the count of unused bits, which is none.
    signature: der.subarray(signature.contentStart + 1, signature.end),
  });
}
