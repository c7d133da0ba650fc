/** The lists of revoked certificates that a request asks for: what is signed of each, and what it becomes. Pure. */
import { isProblem } from "../../errors.ts";
import type { SigningKeyRow } from "../../keys/records.ts";
import { crlTbs } from "../../signing/crl.ts";
import { formatTime } from "../../signing/times.ts";
import { assembleCertificate } from "../../signing/to-be-signed.ts";
import { X509Certificate } from "../../signing/x509.ts";
import { DAY_MS } from "../../time.ts";
import { type RequestCertificate, type RequestList, refuseRequest, type SigningRequest } from "./request.ts";

/** Until after the next root of the catalogue, which counts for a year and is signed on such a machine, too. */
export const ROOT_LIST_LIFETIME_MS = 400 * DAY_MS;

/**
 * TBSCertList. The root that stays signs the next one in time; the last one of a root that leaves counts as long as its
 * own certificate.
 * @throws Problem `keys.request_refused`
 */
export function requestedListTbs(
  request: SigningRequest,
  asked: RequestList,
  row: SigningKeyRow,
  certificates: readonly { readonly asked: RequestCertificate; readonly tbs: Uint8Array }[],
): Uint8Array {
  const { number, nextUpdate, entries } = asked;
  const fresh = certificates.filter((certificate) => certificate.asked.kind === "root");
  const own = fresh.find((certificate) => certificate.asked.key === asked.issuer);
  // The name and the key's identifier are in the part that is signed, which is there before its signature.
  const issuer = own
    ? new X509Certificate(assembleCertificate(own.tbs, new Uint8Array(64)).rawData)
    : request.roots
        .map(certificateOf)
        .find((root) => row.publicKey.equals(Buffer.from(root.publicKey.rawData)));
  if (!issuer) return refuseRequest(`a list of revoked certificates of ${asked.issuer}, which is no root`);
  const isLast = fresh.length > 0 && own === undefined;
  const end = isLast ? issuer.notAfter.getTime() : request.createdAt.getTime() + ROOT_LIST_LIFETIME_MS;
  if (nextUpdate <= request.createdAt || nextUpdate.getTime() > end)
    refuseRequest(`a list of revoked certificates that counts until ${formatTime(nextUpdate)}`);
  if (entries.some(({ revokedAt }) => revokedAt > request.createdAt))
    refuseRequest("a list of certificates that are revoked later than now");
  return crlTbs({ issuer, number, thisUpdate: request.createdAt, nextUpdate, entries }, row.algorithm);
}

function certificateOf(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(Uint8Array.from(der));
  } catch (error) {
    if (isProblem(error)) throw error;
    return refuseRequest("an authority in trust/ca.pem that is no certificate");
  }
}
