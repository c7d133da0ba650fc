/** From a signing request to the certificates and the metadata that it asks for; signing them, and judging signatures. */
import { createPublicKey } from "node:crypto";
import { Problem } from "../../errors.ts";
import type { KeyId } from "../../ids.ts";
import type { KeySets, TufRole } from "../../keys/key-sets.ts";
import type { SigningKeyRow } from "../../keys/records.ts";
import { publicSigningKey } from "../../keys/signing-keys.ts";
import { pemOf } from "../../keys/trust-anchors.ts";
import { tufKeyOf } from "../../keys/tuf-signers.ts";
import { type KeySigner, keySignatureFault } from "../../signing/key-signer.ts";
import { formatTime } from "../../signing/times.ts";
import { assembleCertificate } from "../../signing/to-be-signed.ts";
import { buildRoot, buildTargets, payloadOf, sha256, type Unsigned } from "../tuf/metadata.ts";
import { CA_PATH, ROLE_LIFETIMES_MS } from "../tuf/roles.ts";
import { authoritiesFit, isAuthorityKind } from "./authority-places.ts";
import {
  type RequestCertificate,
  type RequestKey,
  type RequestList,
  type RequestMetadata,
  type RequestSet,
  refuseRequest,
  type SigningRequest,
} from "./request.ts";
import { daysOf, requestedTbs } from "./requested-certificates.ts";
import { requestedListTbs } from "./requested-lists.ts";

/** What a request is, once what can be built of it is built. */
export type RequestDocuments = {
  readonly rows: ReadonlyMap<string, SigningKeyRow>;
  readonly before: KeySets;
  readonly after: KeySets;
  /** TBSCertificate of each, in the request's order. */
  readonly certificates: readonly { readonly asked: RequestCertificate; readonly tbs: Uint8Array }[];
  /** `trust/ca.pem`; null while one of its certificates is not signed. */
  readonly caPem: string | null;
  readonly metadata: readonly { readonly asked: RequestMetadata; readonly unsigned: Unsigned }[];
  /** TBSCertList of each. */
  readonly lists: readonly { readonly asked: RequestList; readonly tbs: Uint8Array }[];
};

/** @throws Problem `keys.request_refused` for what no honest store asks for */
export async function buildDocuments(request: SigningRequest): Promise<RequestDocuments> {
  const rows = new Map(request.keys.map((key) => [key.name, rowOf(key, request.createdAt)]));
  const rowNamed = (name: string) => rows.get(name) ?? refuseRequest(`it names no key ${name}`);
  const setsOf = (sets: ReadonlyMap<TufRole, RequestSet>): KeySets =>
    new Map([...sets].map(([role, { keys, threshold }]) => [role, { keys: keys.map(rowNamed), threshold }]));
  const after = setsOf(request.after);
  for (const [role, set] of after)
    for (const key of set.keys)
      if (key.algorithm === "ecdsa-p384") refuseRequest(`${key.name} is P-384, which does not sign ${role}`);

  judgeDistrusted(request);
  judgeCount(request);
  const certificates: { asked: RequestCertificate; tbs: Uint8Array }[] = [];
  for (const asked of request.certificates)
    certificates.push({ asked, tbs: await requestedTbs(request, asked, rowNamed) });
  const caPem = caPemOf(request, certificates);
  const metadata = request.metadata.flatMap((asked) => {
    const unsigned = unsignedOf(request, asked, after, caPem);
    return unsigned ? [{ asked, unsigned }] : [];
  });
  const lists = request.lists.map((asked) => ({
    asked,
    tbs: requestedListTbs(request, asked, rowNamed(asked.issuer), certificates),
  }));
  return { rows, before: setsOf(request.before), after, certificates, caPem, metadata, lists };
}

function rowOf(key: RequestKey, at: Date): SigningKeyRow {
  return publicSigningKey(key.name, key, "offline", at);
}

const isDistrusted = (request: SigningRequest, der: Uint8Array): boolean =>
  request.distrusted.includes(sha256(der));

/** Only what is there can leave, and something must stay or come: without an authority no package would count. */
function judgeDistrusted(request: SigningRequest): void {
  const known = [...request.roots, ...request.developerCas].map((der) => sha256(der));
  for (const digest of request.distrusted)
    if (!known.includes(digest)) refuseRequest(`it distrusts ${digest}, which trust/ca.pem does not hold`);
  for (const [kind, ders] of [
    ["root", request.roots],
    ["developer-ca", request.developerCas],
  ] as const) {
    const stays = ders.some((der) => !isDistrusted(request, der));
    if (!stays && !request.certificates.some((certificate) => certificate.kind === kind))
      refuseRequest(`no ${kind} would be left`);
  }
}

/** A longer file is one that no device takes. */
function judgeCount(request: SigningRequest): void {
  const staying = [...request.roots, ...request.developerCas].filter((der) => !isDistrusted(request, der));
  const fresh = request.certificates.filter(({ kind }) => isAuthorityKind(kind));
  if (!authoritiesFit(staying.length, fresh.length))
    refuseRequest(`trust/ca.pem would hold ${staying.length + fresh.length} authorities`);
}

/** Section 3: roots, then Developer CAs, newest first. */
function caPemOf(
  request: SigningRequest,
  certificates: readonly { asked: RequestCertificate; tbs: Uint8Array }[],
): string | null {
  const fresh = (kind: "root" | "developer-ca") => certificates.filter(({ asked }) => asked.kind === kind);
  const asked = [...fresh("root"), ...fresh("developer-ca")];
  if (asked.some((certificate) => certificate.asked.signature === null)) return null;
  const pems = (kind: "root" | "developer-ca") =>
    fresh(kind).map((certificate) => pemOf(assembled(certificate)));
  const known = (ders: readonly Uint8Array[]) =>
    ders.filter((der) => !isDistrusted(request, der)).map((der) => pemOf({ der: Buffer.from(der) }));
  return [
    ...pems("root"),
    ...known(request.roots),
    ...pems("developer-ca"),
    ...known(request.developerCas),
  ].join("");
}

/** The finished certificate (DER). @throws Problem for one that is not signed yet */
export function assembled(certificate: { readonly asked: RequestCertificate; readonly tbs: Uint8Array }): {
  readonly der: Buffer;
} {
  const { signature, kind } = certificate.asked;
  if (signature === null) return refuseRequest(`the ${kind} certificate is not signed`);
  return { der: Buffer.from(assembleCertificate(certificate.tbs, signature).rawData) };
}

function unsignedOf(
  request: SigningRequest,
  { role, version, expiresAt }: RequestMetadata,
  after: KeySets,
  caPem: string | null,
): Unsigned | null {
  const termMs = expiresAt.getTime() - request.createdAt.getTime();
  if (termMs <= 0 || termMs > ROLE_LIFETIMES_MS[role] + 1000)
    refuseRequest(
      termMs <= 0
        ? `${role} would end on ${formatTime(expiresAt)}, before the request was made (${formatTime(request.createdAt)})`
        : `${role} would count until ${formatTime(expiresAt)}, ${daysOf(termMs)} after the request was made, and ${daysOf(ROLE_LIFETIMES_MS[role])} are the most`,
    );
  if (role === "root") return buildRoot(version, expiresAt, after);
  const context = { sets: after, storeId: request.storeId };
  if (role === "apps") return buildTargets("apps", version, expiresAt, [], context);
  if (caPem === null) return null;
  const body = Buffer.from(caPem);
  const file = { path: CA_PATH, role: "targets", sha256: sha256(body), sizeBytes: body.byteLength };
  return buildTargets("targets", version, expiresAt, [file], context);
}

/** Which keys count for a role's metadata: its own, and for the root those before it. */
function signersOf(documents: RequestDocuments, role: TufRole): readonly SigningKeyRow[] {
  const after = documents.after.get(role)?.keys ?? [];
  if (role !== "root") return after;
  const old = documents.before.get("root")?.keys ?? [];
  return [...after, ...old.filter((key) => !after.some((other) => other.keyid === key.keyid))];
}

/** What `signRequest` signed, in words that name what. */
export type SignedPart = { readonly what: string; readonly keyid: KeyId };

/**
 * Signs what these keys may sign. Certificates come first, since the metadata lists them.
 * @throws what a signer throws
 */
export async function signRequest(
  request: SigningRequest,
  keys: ReadonlyMap<KeyId, KeySigner>,
): Promise<{ request: SigningRequest; signed: readonly SignedPart[] }> {
  const signed: SignedPart[] = [];
  const first = await buildDocuments(request);
  const certificates: RequestCertificate[] = [];
  for (const { asked, tbs } of first.certificates) {
    const keyid = first.rows.get(asked.issuer)?.keyid;
    const signer = keyid && keys.get(keyid);
    if (asked.signature !== null || !keyid || !signer) {
      certificates.push(asked);
      continue;
    }
    certificates.push({ ...asked, signature: await signer.sign(tbs) });
    signed.push({ what: `certificate ${asked.kind}`, keyid });
  }
  const second = await buildDocuments({ ...request, certificates });
  const metadata: RequestMetadata[] = [];
  for (const asked of request.metadata) {
    const built = second.metadata.find((role) => role.asked.role === asked.role);
    const signatures = new Map(asked.signatures);
    for (const row of built ? signersOf(second, asked.role) : []) {
      const signer = keys.get(row.keyid);
      const { keyId } = tufKeyOf(row);
      if (!built || !signer || signatures.has(keyId)) continue;
      signatures.set(keyId, await signer.sign(payloadOf(built.unsigned)));
      signed.push({ what: `${asked.role} version ${asked.version}`, keyid: row.keyid });
    }
    metadata.push({ ...asked, signatures });
  }
  const lists: RequestList[] = [];
  for (const { asked, tbs } of second.lists) {
    const keyid = second.rows.get(asked.issuer)?.keyid;
    const signer = keyid && keys.get(keyid);
    const isOpen = asked.signature === null && signer !== undefined && keyid !== undefined;
    lists.push(isOpen ? { ...asked, signature: await signer.sign(tbs) } : asked);
    if (isOpen) signed.push({ what: `list of revoked certificates of ${asked.issuer}`, keyid });
  }
  return { request: { ...request, certificates, metadata, lists }, signed };
}

/**
 * Holds every signature in a request to the key that it must be of.
 * @throws Problem `keys.signature_invalid`
 */
export function judgeSignatures(documents: RequestDocuments): void {
  const invalid = (what: string, found: string): never => {
    throw new Problem(
      "unprocessable",
      "keys.signature_invalid",
      `The file's signature of ${what} does not count: ${found}. Nothing was changed.`,
    );
  };
  for (const { asked, tbs } of documents.certificates) {
    const issuer = documents.rows.get(asked.issuer);
    if (asked.signature === null || !issuer) continue;
    const fault = keySignatureFault(verifierOf(issuer), tbs, asked.signature);
    if (fault !== undefined) invalid(`the ${asked.kind} certificate`, fault);
  }
  for (const { asked, tbs } of documents.lists) {
    const issuer = documents.rows.get(asked.issuer);
    if (asked.signature === null || !issuer) continue;
    const fault = keySignatureFault(verifierOf(issuer), tbs, asked.signature);
    if (fault !== undefined) invalid(`the list of revoked certificates of ${asked.issuer}`, fault);
  }
  for (const { asked, unsigned } of documents.metadata) {
    const payload = payloadOf(unsigned);
    for (const [keyId, signature] of asked.signatures) {
      const row = signersOf(documents, asked.role).find((key) => tufKeyOf(key).keyId === keyId);
      const fault = row
        ? keySignatureFault(verifierOf(row), payload, signature)
        : `${keyId} is none of the role's keys`;
      if (fault !== undefined) invalid(`${asked.role} version ${asked.version}`, fault);
    }
  }
}

function verifierOf(row: SigningKeyRow): Pick<KeySigner, "algorithm" | "publicKey"> {
  return {
    algorithm: row.algorithm,
    publicKey: createPublicKey({ key: row.publicKey, format: "der", type: "spki" }),
  };
}

/** What still lacks signatures: what, by whom, and how many. */
export type MissingSignature = {
  readonly what: string;
  readonly keys: readonly string[];
  readonly count: number;
};

export function missingSignatures(documents: RequestDocuments, request: SigningRequest): MissingSignature[] {
  const certificates = documents.certificates.flatMap(({ asked }) =>
    asked.signature === null ? [{ what: `certificate ${asked.kind}`, keys: [asked.issuer], count: 1 }] : [],
  );
  const metadata = request.metadata.flatMap((asked) => {
    const sets = [
      { set: documents.after.get(asked.role), whose: asked.role === "root" ? " (its own keys)" : "" },
      ...(asked.role === "root"
        ? [{ set: documents.before.get("root"), whose: " (keys of the root before it)" }]
        : []),
    ];
    return sets.flatMap(({ set, whose }) => {
      const open = set?.keys.filter((key) => !asked.signatures.has(tufKeyOf(key).keyId)) ?? [];
      const count = (set?.threshold ?? 0) - ((set?.keys.length ?? 0) - open.length);
      return count > 0
        ? [
            {
              what: `${asked.role} version ${asked.version}${whose}`,
              keys: open.map((key) => key.name),
              count,
            },
          ]
        : [];
    });
  });
  return [...certificates, ...metadata];
}
