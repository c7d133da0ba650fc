/** What a signing request asks for, told to the person who is to sign it; from the documents themselves, never from words in the file. */
import type { KeyId } from "../../ids.ts";
import type { RequestDocuments } from "./documents.ts";
import { buildDocuments } from "./documents.ts";
import { requestDigest, type SigningRequest } from "./request.ts";

export type RequestSummary = {
  readonly id: string;
  readonly storeId: string;
  readonly lines: readonly string[];
  /** What should make the person stop and ask. */
  readonly warnings: readonly string[];
};

const day = (date: Date) => date.toISOString().slice(0, 10);

/** @throws Problem `keys.request_refused` */
export async function summarise(request: SigningRequest, own: ReadonlySet<KeyId>): Promise<RequestSummary> {
  const documents = await buildDocuments(request);
  return {
    id: requestDigest(request),
    storeId: request.storeId,
    lines: [
      ...request.metadata.map(
        ({ role, version, expiresAt }) => `metadata ${role}, version ${version}, until ${day(expiresAt)}`,
      ),
      ...request.certificates.map(
        ({ kind, key, issuer, notBefore, notAfter }) =>
          `certificate ${kind} for ${key}, issued by ${issuer}, from ${day(notBefore)} until ${day(notAfter)}`,
      ),
      ...request.distrusted.map((digest) => `certificate ${digest} leaves trust/ca.pem`),
      ...[...documents.after].flatMap(([role, { keys, threshold }]) => [
        `role ${role}: ${threshold} of ${keys.length} must sign`,
        ...keys.map((key) => {
          const before = documents.before.get(role)?.keys.some((other) => other.keyid === key.keyid);
          const marks = [before ? "" : " NEW", own.has(key.keyid) ? " (here)" : ""].join("");
          return `  ${key.keyid}  ${key.name}, ${key.algorithm}${marks}`;
        }),
      ]),
    ],
    warnings: [
      ...(request.distrusted.length > 0
        ? ["packages that rest on a certificate which leaves trust/ca.pem are refused from then on"]
        : []),
      ...warningsOf(documents, own),
    ],
  };
}

function warningsOf(documents: RequestDocuments, own: ReadonlySet<KeyId>): string[] {
  const warnings: string[] = [];
  for (const [role, after] of documents.after) {
    const before = documents.before.get(role);
    if (!before) continue;
    if (after.threshold < before.threshold)
      warnings.push(`${role}: fewer keys must sign than before (${before.threshold} → ${after.threshold})`);
    for (const key of before.keys)
      if (own.has(key.keyid) && !after.keys.some((other) => other.keyid === key.keyid))
        warnings.push(`${role}: the key ${key.name}, which is here, would not count any more`);
  }
  return warnings;
}
