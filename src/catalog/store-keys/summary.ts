/**
 * What a signing request asks for, told to the person who is to sign it: all that becomes signed, from the documents
 * themselves, and what of it is not in the state that this machine signed last. What the request says of the state
 * before counts for nothing here. Pure.
 */
import type { KeyId } from "../../ids.ts";
import type { TufRole } from "../../keys/key-sets.ts";
import { fingerprintText } from "../../signing/keys.ts";
import { formatTime } from "../../signing/times.ts";
import { dayText } from "../../time.ts";
import { buildDocuments, type RequestDocuments } from "./documents.ts";
import { type Known, type KnownStore, NOTHING_KNOWN, type Places } from "./known.ts";
import { judgePlausible, judgeTime, type Standing } from "./plausible.ts";
import { requestDigest, type SigningRequest } from "./request.ts";
import {
  AUTHORITIES_PLACE,
  AUTHORITY_KEYS_PLACE,
  type Authority,
  authoritiesOf,
  certificatePlace,
  placesOfRequest,
  rolePlace,
  signedRoles,
  thresholdPlace,
} from "./shown.ts";
import { shownLists } from "./shown-lists.ts";

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

/** The machine that shows a request: its keys, what it signed before, its clock, and what the person said besides. */
export type SigningMachine = Omit<Standing, "known"> & {
  readonly known: Known;
};

/** @throws Problem `keys.request_refused` */
export async function summarise(request: SigningRequest, machine: SigningMachine): Promise<RequestSummary> {
  judgeTime(request, machine.now);
  const documents = await buildDocuments(request);
  const known = machine.known.get(request.storeId) ?? NOTHING_KNOWN;
  const doubts = judgePlausible(request, documents, { ...machine, known });
  const marks = marksOf(known, machine.own);
  const lists = shownLists(request, documents, { known, own: machine.own });
  const now = placesOfRequest(request, documents);
  const lines = [
    `made at ${formatTime(request.createdAt)}`,
    ...request.metadata.map(
      ({ role, version, expiresAt }) => `metadata ${role}, version ${version}, until ${dayText(expiresAt)}`,
    ),
    ...certificateLines(request, documents, marks),
    ...lists.lines,
    ...authorityLines(authoritiesOf(request, documents), now, marks),
    ...signedRoles(request).flatMap((role) => {
      const { keys = [], threshold = 0 } = documents.after.get(role) ?? {};
      const isOther = !known.places.get(thresholdPlace(role))?.has(String(threshold));
      return [
        `role ${role}: ${threshold} of ${keys.length} must sign${isOther ? " NEW" : ""}`,
        ...keys.map(
          ({ keyid, name, algorithm }) =>
            `  ${fingerprintText(keyid)}  ${name}, ${algorithm}${marks.of(rolePlace(role), keyid, name)}`,
        ),
        ...marks.gone(rolePlace(role), now),
      ];
    }),
  ];
  return {
    id: requestDigest(request),
    storeId: request.storeId,
    lines,
    warnings: [
      ...marks.returned(),
      ...lists.warnings,
      ...doubts,
      ...(request.distrusted.length > 0
        ? ["packages that rest on a certificate which leaves trust/ca.pem are refused from then on"]
        : []),
      ...(machine.known.size > 0 && !machine.known.has(request.storeId)
        ? [
            `this machine has signed for ${[...machine.known.keys()].join(", ")}, and never for ${request.storeId}`,
          ]
        : []),
      ...signedRoles(request).flatMap((role) => warningsOf(documents, role, known.places, machine.own)),
    ],
    news: lines.filter((line) => / NEW(?: AGAIN)?(?: \(here\))?$/.test(line)).length,
    gone: lines.filter((line) => line.endsWith(" GONE")).length,
    isFirst: !machine.known.has(request.storeId),
  };
}

type Marks = {
  /** What stands behind a fingerprint in a place; a name that is given must be the one of before, too. */
  of(place: string, id: string, name?: string): string;
  /** Lines of what was signed last in a place and is not there any more. */
  gone(place: string, now: Places): string[];
  /** A line for each fingerprint that was marked AGAIN. */
  returned(): string[];
};

function marksOf(known: KnownStore, own: ReadonlySet<KeyId>): Marks {
  const again = new Map<string, string>();
  return {
    of(place, id, name) {
      const held = known.places.get(place)?.get(id);
      const isSame = held !== undefined && (name === undefined || name === held);
      const earlier = known.earlier.get(id);
      const isAgain = !isSame && earlier !== undefined;
      if (isAgain)
        again.set(
          id,
          `${fingerprintText(id)}${name === undefined ? "" : ` (${name})`} comes AGAIN: it was ${earlier} in what this machine signed, and was replaced or distrusted since, so it may be in other hands. A store asks for it only when the request that took it out was signed here and then cancelled`,
        );
      return `${isSame ? "" : ` NEW${isAgain ? " AGAIN" : ""}`}${own.has(id as KeyId) ? " (here)" : ""}`;
    },
    gone: (place, now) =>
      [...(known.places.get(place) ?? [])]
        .filter(([id]) => !now.get(place)?.has(id))
        .map(([id, name]) => `  ${fingerprintText(id)}  ${name} GONE`),
    returned: () => [...again.values()],
  };
}

function certificateLines(request: SigningRequest, documents: RequestDocuments, marks: Marks): string[] {
  return request.certificates.flatMap(({ kind, key, issuer, notBefore, notAfter }) => {
    const [subject, by] = [documents.rows.get(key), documents.rows.get(issuer)];
    if (!subject || !by) return [];
    return [
      `certificate ${kind} for ${key}, issued by ${issuer}, from ${dayText(notBefore)} until ${dayText(notAfter)}`,
      `  ${fingerprintText(subject.keyid)}  ${key}, ${subject.algorithm}${marks.of(certificatePlace(kind), subject.keyid, key)}`,
      ...(key === issuer
        ? []
        : [`  ${fingerprintText(by.keyid)}  ${issuer} issues it${marks.of(AUTHORITY_KEYS_PLACE, by.keyid)}`]),
    ];
  });
}

function authorityLines(authorities: readonly Authority[], now: Places, marks: Marks): string[] {
  if (authorities.length === 0) return [];
  const leaving = authorities.flatMap(({ isDistrusted, sha256 }) =>
    isDistrusted && sha256 !== null ? [fingerprintText(sha256)] : [],
  );
  return [
    "trust/ca.pem: the authorities that devices trust",
    ...authorities.flatMap(({ kind, sha256, keyid, notAfter, isDistrusted }) => {
      const what = `${kind}, until ${dayText(notAfter)}`;
      const key = `    key ${fingerprintText(keyid)}`;
      if (isDistrusted && sha256 !== null)
        return [`  ${fingerprintText(sha256)}  ${what} DISTRUSTED GONE`, key];
      return [
        sha256 === null
          ? `  (comes in by this request, not signed yet)  ${what} NEW`
          : `  ${fingerprintText(sha256)}  ${what}${marks.of(AUTHORITIES_PLACE, sha256)}`,
        `${key}${marks.of(AUTHORITY_KEYS_PLACE, keyid)}`,
      ];
    }),
    ...marks
      .gone(AUTHORITIES_PLACE, now)
      .filter((line) => !leaving.some((fingerprint) => line.includes(fingerprint))),
  ];
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
