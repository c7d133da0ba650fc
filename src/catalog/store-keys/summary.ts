/**
 * What a signing request asks for, told to the person who is to sign it: all that becomes signed, from the documents
 * themselves, and what of it this machine has not signed before. What the request says of the state before counts for
 * nothing here. Pure.
 */
import type { KeyId } from "../../ids.ts";
import type { TufRole } from "../../keys/key-sets.ts";
import { buildDocuments, type RequestDocuments } from "./documents.ts";
import type { Known, Places } from "./known.ts";
import { requestDigest, type SigningRequest } from "./request.ts";
import {
  AUTHORITIES_PLACE,
  authoritiesOf,
  certificatePlace,
  placesOfRequest,
  rolePlace,
  signedRoles,
  thresholdPlace,
} from "./shown.ts";

export type RequestSummary = {
  readonly id: string;
  readonly storeId: string;
  readonly lines: readonly string[];
  /** What should make the person stop and ask. */
  readonly warnings: readonly string[];
  /** How many lines are marked NEW, and how many GONE. */
  readonly news: number;
  readonly gone: number;
  /** Nothing was signed for this store here before. */
  readonly isFirst: boolean;
};

const day = (date: Date) => date.toISOString().slice(0, 10);

/** @throws Problem `keys.request_refused` */
export async function summarise(
  request: SigningRequest,
  own: ReadonlySet<KeyId>,
  known: Known,
): Promise<RequestSummary> {
  const documents = await buildDocuments(request);
  const before: Places = known.get(request.storeId) ?? new Map();
  const now = placesOfRequest(request, documents);
  const isNew = (place: string, id: string) => !before.get(place)?.has(id);
  const marks = (place: string, id: string) =>
    `${isNew(place, id) ? " NEW" : ""}${own.has(id as KeyId) ? " (here)" : ""}`;
  const goneFrom = (place: string) =>
    [...(before.get(place) ?? [])]
      .filter(([id]) => !now.get(place)?.has(id))
      .map(([id, name]) => `  ${id}  ${name} GONE`);
  const rowOf = (name: string) => documents.rows.get(name);
  const authorities = authoritiesOf(request, documents);
  const lines = [
    ...request.metadata.map(
      ({ role, version, expiresAt }) => `metadata ${role}, version ${version}, until ${day(expiresAt)}`,
    ),
    ...request.certificates.flatMap(({ kind, key, issuer, notBefore, notAfter }) => {
      const [subject, by] = [rowOf(key), rowOf(issuer)];
      return [
        `certificate ${kind} for ${key}, issued by ${issuer}, from ${day(notBefore)} until ${day(notAfter)}`,
        `  ${subject?.keyid}  ${key}, ${subject?.algorithm}${marks(certificatePlace(kind), subject?.keyid ?? "")}`,
        ...(key === issuer
          ? []
          : [`  ${by?.keyid}  ${issuer} issues it${by && own.has(by.keyid) ? " (here)" : ""}`]),
      ];
    }),
    ...(authorities.length === 0
      ? []
      : [
          `trust/ca.pem: the authorities that devices trust`,
          ...authorities.map(
            ({ kind, sha256, keyid, notAfter, isDistrusted }) =>
              `  ${sha256}  ${kind}, key ${keyid}, until ${day(notAfter)}${isDistrusted ? " DISTRUSTED" : ""}${
                isDistrusted ? " GONE" : marks(AUTHORITIES_PLACE, sha256)
              }`,
          ),
          ...goneFrom(AUTHORITIES_PLACE).filter(
            (line) => !authorities.some(({ sha256, isDistrusted }) => isDistrusted && line.includes(sha256)),
          ),
        ]),
    ...signedRoles(request).flatMap((role) => {
      const { keys = [], threshold = 0 } = documents.after.get(role) ?? {};
      const isOther = isNew(thresholdPlace(role), String(threshold));
      return [
        `role ${role}: ${threshold} of ${keys.length} must sign${isOther ? " NEW" : ""}`,
        ...keys.map(
          (key) => `  ${key.keyid}  ${key.name}, ${key.algorithm}${marks(rolePlace(role), key.keyid)}`,
        ),
        ...goneFrom(rolePlace(role)),
      ];
    }),
  ];
  return {
    id: requestDigest(request),
    storeId: request.storeId,
    lines,
    warnings: [
      ...(request.distrusted.length > 0
        ? ["packages that rest on a certificate which leaves trust/ca.pem are refused from then on"]
        : []),
      ...(known.size > 0 && !known.has(request.storeId)
        ? [`this machine has signed for ${[...known.keys()].join(", ")}, and never for ${request.storeId}`]
        : []),
      ...signedRoles(request).flatMap((role) => warningsOf(documents, role, before, own)),
    ],
    news: lines.filter((line) => / NEW(?: \(here\))?$/.test(line)).length,
    gone: lines.filter((line) => line.endsWith(" GONE")).length,
    isFirst: !known.has(request.storeId),
  };
}

/** By what was signed here before and, where that is nothing, by what the request says that there was. */
function warningsOf(
  documents: RequestDocuments,
  role: TufRole,
  before: Places,
  own: ReadonlySet<KeyId>,
): string[] {
  const { keys = [], threshold = 0 } = documents.after.get(role) ?? {};
  const said = documents.before.get(role);
  const least = Math.max(
    said?.threshold ?? 0,
    ...[...(before.get(thresholdPlace(role))?.keys() ?? [])].map(Number),
  );
  const earlier = new Map([
    ...(said?.keys ?? []).map((key) => [key.keyid as string, key.name] as const),
    ...(before.get(rolePlace(role)) ?? []),
  ]);
  return [
    ...(threshold < least ? [`${role}: fewer keys must sign than before (${least} → ${threshold})`] : []),
    ...[...earlier]
      .filter(([id]) => own.has(id as KeyId) && !keys.some((key) => key.keyid === id))
      .map(([, name]) => `${role}: the key ${name}, which is here, would not count any more`),
  ];
}
