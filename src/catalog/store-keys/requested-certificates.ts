/** The certificates that a request asks for: what is signed of each, by the store's rules and no others. Pure. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { isProblem } from "../../errors.ts";
import { authorityName, CERTIFICATE_LIFETIMES_MS } from "../../keys/authority.ts";
import type { SigningKeyRow } from "../../keys/records.ts";
import { readCertificateForm } from "../../signing/certificate-form.ts";
import { formatTime } from "../../signing/times.ts";
import { developerCaTbs, releaseTbs, rootCaTbs } from "../../signing/to-be-signed.ts";
import { DAY_MS } from "../../time.ts";
import { sha256 } from "../tuf/metadata.ts";
import { type RequestCertificate, refuseRequest, type SigningRequest } from "./request.ts";

/**
 * TBSCertificate. The lifetimes are ours: a request cannot ask for longer ones, nor for one that ends after its issuer.
 * @throws Problem `keys.request_refused`
 */
export async function requestedTbs(
  request: SigningRequest,
  asked: RequestCertificate,
  rowNamed: (name: string) => SigningKeyRow,
): Promise<Uint8Array> {
  const { kind, serial, notBefore, notAfter } = asked;
  const longest = CERTIFICATE_LIFETIMES_MS[kind === "developer-ca" ? "developerCa" : kind];
  const lifetimeMs = notAfter.getTime() - request.createdAt.getTime();
  if (lifetimeMs <= 0 || lifetimeMs > longest)
    refuseRequest(
      lifetimeMs <= 0
        ? `the ${kind} certificate would end on ${formatTime(notAfter)}, before the request was made (${formatTime(request.createdAt)})`
        : `the ${kind} certificate would be valid until ${formatTime(notAfter)}, ${daysOf(lifetimeMs)} after the request was made, and ${daysOf(longest)} are the most`,
    );
  // What is signed again is of the store's own past, which began with its first root.
  if (notBefore < beginningOf(request) || notBefore > request.createdAt)
    refuseRequest(`the ${kind} certificate would count from ${formatTime(notBefore)} on`);
  const fields = { serialNumber: serial, notBefore, notAfter };
  const subject = keyOf(rowNamed(asked.key));
  const by = rowNamed(asked.issuer);
  const issuer = { name: [{ CN: [authorityName("root", request.storeId)] }], publicKey: keyOf(by) };
  if (kind === "root") {
    if (asked.key !== asked.issuer) refuseRequest("a root certificate that another key issues");
    return rootCaTbs(
      { publicKey: subject },
      { ...fields, commonName: authorityName("root", request.storeId) },
    );
  }
  // A reader refuses whatever outlives its issuer.
  const end = endOfIssuer(request, asked.issuer, by);
  if (end === null)
    refuseRequest(`${asked.issuer}, which is no root of trust/ca.pem, issues the ${kind} certificate`);
  else if (notAfter > end)
    refuseRequest(
      `the ${kind} certificate would end after that of ${asked.issuer}, on ${formatTime(notAfter)}`,
    );
  if (kind === "release") return releaseTbs(issuer, subject, { ...fields, storeId: request.storeId });
  return developerCaTbs(issuer, subject, {
    ...fields,
    commonName: authorityName("developer-ca", request.storeId),
  });
}

/** Rounded up: what is too long must not look like the most. */
export function daysOf(ms: number): string {
  const days = Math.ceil(ms / DAY_MS);
  return days === 1 ? "1 day" : `${days} days`;
}

function keyOf(row: SigningKeyRow): KeyObject {
  return createPublicKey({ key: row.publicKey, format: "der", type: "spki" });
}

/** Of the first root that the store still trusts. */
function beginningOf(request: SigningRequest): Date {
  return new Date(Math.min(...request.roots.map((der) => rootForm(der).notBefore.getTime())));
}

/** The latest end of an issuer's certificates: those that stay trusted, and one that comes with the request. */
function endOfIssuer(request: SigningRequest, name: string, row: SigningKeyRow): Date | null {
  const ends = [
    ...request.certificates.flatMap(({ kind, key, notAfter }) =>
      kind === "root" && key === name ? [notAfter] : [],
    ),
    ...request.roots.flatMap((der) => {
      const { spki, notAfter } = rootForm(der);
      return Buffer.from(spki).equals(row.publicKey) && !request.distrusted.includes(sha256(der))
        ? [notAfter]
        : [];
    }),
  ];
  return ends.length === 0 ? null : new Date(Math.max(...ends.map((end) => end.getTime())));
}

/** @throws Problem `keys.request_refused` */
export function rootForm(der: Uint8Array): { notBefore: Date; notAfter: Date; spki: Uint8Array } {
  try {
    return readCertificateForm(der);
  } catch (error) {
    if (!isProblem(error)) throw error;
    return refuseRequest(`an authority in trust/ca.pem that is no certificate (${error.message})`);
  }
}
