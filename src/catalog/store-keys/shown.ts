/** What the signatures of a request make count: keys, thresholds and authorities, each in its place. Pure. */
import { isProblem } from "../../errors.ts";
import type { KeyId, Sha256 } from "../../ids.ts";
import type { CertificateKind } from "../../keys/authority.ts";
import type { TufRole } from "../../keys/key-sets.ts";
import { keyidOf } from "../../signing/algorithms.ts";
import { sortAnchors } from "../../signing/chain.ts";
import { parseCertificate } from "../../signing/leaf.ts";
import { payloadOf, sha256 } from "../tuf/metadata.ts";
import { assembled, type RequestDocuments } from "./documents.ts";
import type { Places, SignedState } from "./known.ts";
import { type RequestRole, refuseRequest, type SigningRequest } from "./request.ts";

/** Whose keys the metadata of a role names. */
const NAMES_KEYS_OF: Readonly<Record<RequestRole, readonly TufRole[]>> = {
  root: ["root", "targets", "snapshot", "timestamp"],
  targets: ["revocations", "apps"],
  apps: ["bins"],
};

export const rolePlace = (role: TufRole): string => `role ${role}`;
export const thresholdPlace = (role: TufRole): string => `threshold ${role}`;
export const certificatePlace = (kind: CertificateKind): string => `certificate ${kind}`;
/** Certificates, by the SHA-256 of each, and apart from them their keys: one may have several. */
export const AUTHORITIES_PLACE = "trust/ca.pem";
export const AUTHORITY_KEYS_PLACE = "keys of trust/ca.pem";

/** Roles whose keys are signed by this request; the key sets of others in it are signed by nobody. */
export function signedRoles(request: SigningRequest): readonly TufRole[] {
  return request.metadata.flatMap(({ role }) => NAMES_KEYS_OF[role]);
}

export type Authority = {
  readonly kind: "root" | "developer-ca";
  /** Null for a certificate that this request has signed, before it is. */
  readonly sha256: Sha256 | null;
  readonly serial: string;
  /** SHA-256 of its public key. */
  readonly keyid: string;
  readonly notAfter: Date;
  readonly isDistrusted: boolean;
};

/**
 * The authorities that `trust/ca.pem` holds when this request has it signed, those that come in by it, and those that
 * leave it.
 * @throws Problem `keys.request_refused` for bytes that are no such certificate
 */
export function authoritiesOf(request: SigningRequest, documents: RequestDocuments): readonly Authority[] {
  return namesAuthorities(request) ? heldAuthorities(request, documents) : [];
}

const namesAuthorities = (request: SigningRequest): boolean =>
  request.metadata.some(({ role }) => role === "targets");

/**
 * The same, whether or not the request has the file that names them signed.
 * @throws Problem `keys.request_refused` for bytes that are no such certificate
 */
export function heldAuthorities(request: SigningRequest, documents: RequestDocuments): readonly Authority[] {
  const read =
    (kind: Authority["kind"]) =>
    (der: Uint8Array): Authority => {
      const certificate = certificateOf(der);
      const { roots } = sortAnchors([certificate]);
      if ((roots.length === 1) !== (kind === "root")) refuseRequest(`a ${kind} in trust/ca.pem that is none`);
      const digest = sha256(der);
      return {
        kind,
        sha256: digest,
        serial: certificate.serialNumber,
        keyid: keyidOf(new Uint8Array(certificate.publicKey.rawData)),
        notAfter: certificate.notAfter,
        isDistrusted: request.distrusted.includes(digest),
      };
    };
  const fresh = (kind: Authority["kind"]) =>
    documents.certificates.flatMap((certificate): Authority[] => {
      const { asked } = certificate;
      if (asked.kind !== kind) return [];
      if (asked.signature !== null) return [read(kind)(new Uint8Array(assembled(certificate).der))];
      const keyid = documents.rows.get(asked.key)?.keyid ?? "";
      const { serial, notAfter } = asked;
      return [{ kind, sha256: null, serial, keyid, notAfter, isDistrusted: false }];
    });
  return [
    ...fresh("root"),
    ...request.roots.map(read("root")),
    ...fresh("developer-ca"),
    ...request.developerCas.map(read("developer-ca")),
  ];
}

/** All of it, to compare with what was signed before. */
export function placesOfRequest(request: SigningRequest, documents: RequestDocuments): Places {
  const places = new Map<string, Map<string, string>>();
  const put = (place: string, id: string, name: string) =>
    void places.set(place, (places.get(place) ?? new Map<string, string>()).set(id, name));
  for (const role of signedRoles(request)) {
    const { keys = [], threshold = 0 } = documents.after.get(role) ?? {};
    for (const key of keys) put(rolePlace(role), key.keyid, key.name);
    put(thresholdPlace(role), String(threshold), `of ${keys.length}`);
  }
  for (const { kind, key } of request.certificates)
    put(certificatePlace(kind), documents.rows.get(key)?.keyid ?? "", key);
  for (const { kind, sha256: digest, keyid, isDistrusted } of authoritiesOf(request, documents)) {
    if (isDistrusted) continue;
    if (digest !== null) put(AUTHORITIES_PLACE, digest, kind);
    put(AUTHORITY_KEYS_PLACE, keyid, kind);
  }
  return places;
}

/** What a machine that signed the request with its `own` keys is to remember of it. */
export function signedStateOf(
  request: SigningRequest,
  documents: RequestDocuments,
  own: ReadonlySet<KeyId>,
): SignedState {
  const places = placesOfRequest(request, documents);
  const leaving = authoritiesOf(request, documents).filter(({ isDistrusted }) => isDistrusted);
  return {
    places,
    createdAt: request.createdAt,
    documents: new Map(
      documents.metadata.map(({ asked, unsigned }) => [
        asked.role,
        { version: asked.version, sha256: sha256(payloadOf(unsigned)) },
      ]),
    ),
    lists: new Map(
      documents.lists.flatMap(({ asked, tbs }) => {
        const id = documents.rows.get(asked.issuer)?.keyid;
        if (id === undefined || !own.has(id)) return [];
        return [[id, { number: asked.number, sha256: sha256(tbs), entries: asked.entries }] as const];
      }),
    ),
    serials: serialsOf(request, documents),
    certificates: new Map(
      documents.certificates.flatMap(({ asked, tbs }) => {
        const id = documents.rows.get(asked.issuer)?.keyid;
        if (id === undefined || !own.has(id) || asked.signature === null) return [];
        return [[asked.serial, { sha256: sha256(tbs), signature: asked.signature }] as const];
      }),
    ),
    distrusted: new Map(
      leaving.flatMap(({ kind, sha256: digest, keyid }) => [
        ...(digest === null ? [] : [[digest, kind] as const]),
        // Another certificate of the same key may stay.
        ...(places.get(AUTHORITY_KEYS_PLACE)?.has(keyid) ? [] : [[keyid, kind] as const]),
      ]),
    ),
  };
}

/** Of the certificates that count once the request is signed, as far as it tells of them. */
function serialsOf(request: SigningRequest, documents: RequestDocuments): SignedState["serials"] {
  const staying = authoritiesOf(request, documents).filter(({ isDistrusted }) => !isDistrusted);
  const of = (kind: Authority["kind"]) =>
    new Set(staying.filter((one) => one.kind === kind).map(({ serial }) => serial));
  const release = request.certificates.find(({ kind }) => kind === "release");
  return new Map([
    ...(namesAuthorities(request)
      ? ([
          ["root", of("root")],
          ["developer-ca", of("developer-ca")],
        ] as const)
      : []),
    ...(release ? ([["release", new Set([release.serial])]] as const) : []),
  ]);
}

function certificateOf(der: Uint8Array) {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (!isProblem(error)) throw error;
    return refuseRequest(`an authority in trust/ca.pem that is no certificate (${error.message})`);
  }
}
