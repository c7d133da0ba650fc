/**
 * The file that carries what another machine has to sign, and carries the signatures back. It says what is to be signed
 * in parameters, never in finished bytes: both sides build certificates and metadata from them by the same code, so
 * nothing can hide in what is signed. It is canonical JSON, and a reader takes nothing from it unchecked. Pure.
 */
import { createHash } from "node:crypto";
import { isProblem, Problem } from "../../errors.ts";
import { isSha256, type KeyId, type Sha256 } from "../../ids.ts";
import type { CertificateKind } from "../../keys/authority.ts";
import { isTufRole, TUF_ROLES, type TufRole } from "../../keys/key-sets.ts";
import { algorithmOf, type KeyAlgorithm, keyidOf } from "../../signing/algorithms.ts";
import { CRL_REASONS, type CrlEntry, type CrlReason } from "../../signing/crl.ts";
import { canonicalize } from "../../signing/json.ts";
import { formatTime, isTime } from "../../signing/times.ts";
import { document, type Reader } from "../tuf/reader.ts";

export const REQUEST_MAX_BYTES = 1024 * 1024;

/** What other machines sign of the catalogue: the online roles follow by themselves. */
export const REQUEST_ROLES = ["root", "targets", "apps"] as const;
export type RequestRole = (typeof REQUEST_ROLES)[number];

export type RequestKey = {
  readonly name: string;
  readonly algorithm: KeyAlgorithm;
  readonly spki: Uint8Array;
  readonly keyid: KeyId;
  /** `added` has no place before. */
  readonly holder: "here" | "command" | "offline";
};

export type RequestSet = { readonly keys: readonly string[]; readonly threshold: number };

export type RequestCertificate = {
  readonly kind: CertificateKind;
  readonly key: string;
  readonly issuer: string;
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly signature: Uint8Array | null;
};

export type RequestMetadata = {
  readonly role: RequestRole;
  readonly version: number;
  readonly expiresAt: Date;
  /** By TUF key id. */
  readonly signatures: ReadonlyMap<string, Uint8Array>;
};

/** A list of certificates that the root has revoked (X.509 CRL), from the request's time on. */
export type RequestList = {
  /** The name of the root's key. */
  readonly issuer: string;
  readonly number: number;
  readonly nextUpdate: Date;
  readonly entries: readonly CrlEntry[];
  readonly signature: Uint8Array | null;
};

export type SigningRequest = {
  readonly storeId: string;
  readonly createdAt: Date;
  readonly keys: readonly RequestKey[];
  /** Key sets in force, and those that follow. */
  readonly before: ReadonlyMap<TufRole, RequestSet>;
  readonly after: ReadonlyMap<TufRole, RequestSet>;
  readonly certificates: readonly RequestCertificate[];
  /** What `trust/ca.pem` holds at present (DER), newest first; new authorities come before them. */
  readonly roots: readonly Uint8Array[];
  readonly developerCas: readonly Uint8Array[];
  /** SHA-256 of those among them that leave it. */
  readonly distrusted: readonly Sha256[];
  readonly metadata: readonly RequestMetadata[];
  /** No metadata waits for them: a request is imported without their signatures, too. */
  readonly lists: readonly RequestList[];
};

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");

export function buildRequest(request: SigningRequest): Uint8Array {
  return canonicalize(toJson(request));
}

/** What a request is known by: the SHA-256 of all but the signatures in it. */
export function requestDigest(request: SigningRequest): Sha256 {
  const unsigned = {
    ...request,
    certificates: request.certificates.map((certificate) => ({ ...certificate, signature: null })),
    metadata: request.metadata.map((role) => ({ ...role, signatures: new Map() })),
    lists: request.lists.map((list) => ({ ...list, signature: null })),
  };
  return createHash("sha256").update(buildRequest(unsigned)).digest("hex") as Sha256;
}

function toJson(request: SigningRequest) {
  const sets = (of: ReadonlyMap<TufRole, RequestSet>) => Object.fromEntries(of);
  return {
    after: sets(request.after),
    before: sets(request.before),
    certificates: request.certificates.map((certificate) => ({
      ...certificate,
      notAfter: formatTime(certificate.notAfter),
      notBefore: formatTime(certificate.notBefore),
      signature: certificate.signature && base64(certificate.signature),
    })),
    createdAt: formatTime(request.createdAt),
    developerCas: request.developerCas.map(base64),
    distrusted: request.distrusted,
    keys: request.keys.map(({ name, spki, holder }) => ({ name, spki: base64(spki), holder })),
    // Requests of before have no such key.
    ...(request.lists.length === 0 ? {} : { lists: request.lists.map(listToJson) }),
    metadata: request.metadata.map(({ role, version, expiresAt, signatures }) => ({
      role,
      version,
      expires: formatTime(expiresAt),
      signatures: Object.fromEntries(
        [...signatures].map(([keyId, bytes]) => [keyId, Buffer.from(bytes).toString("hex")]),
      ),
    })),
    roots: request.roots.map(base64),
    storeId: request.storeId,
    type: "mosis-signing-request",
    v: 1,
  };
}

function listToJson({ issuer, number, nextUpdate, entries, signature }: RequestList) {
  return {
    entries: entries.map(entryToJson),
    issuer,
    nextUpdate: formatTime(nextUpdate),
    number,
    signature: signature && base64(signature),
  };
}

export function entryToJson({ serialNumber, revokedAt, reason, invalidFrom }: CrlEntry) {
  return {
    invalidFrom: invalidFrom && formatTime(invalidFrom),
    reason,
    revokedAt: formatTime(revokedAt),
    serial: serialNumber,
  };
}

/** @throws Problem `keys.request_malformed`, with the pointer of what is wrong */
export function parseRequest(bytes: Uint8Array): SigningRequest {
  return asRequestProblem("signing request", () => {
    const root = document(bytes, REQUEST_MAX_BYTES, "signing request");
    root.exactly(
      "after",
      "before",
      "certificates",
      "createdAt",
      "developerCas",
      "distrusted",
      "keys",
      ...(root.has("lists") ? ["lists"] : []),
      "metadata",
      "roots",
      "storeId",
      "type",
      "v",
    );
    root.get("type").literal("mosis-signing-request");
    root.get("v").literal(1);
    const keys = root.get("keys").list(parseKey, 1);
    const names = new Set(keys.map((key) => key.name));
    if (names.size !== keys.length || new Set(keys.map((key) => key.keyid)).size !== keys.length)
      root.get("keys").match(never, "each name and each key once");
    const isKnown = (text: string): text is string => names.has(text);
    return {
      storeId: root.get("storeId").match(isStoreId, "a store id"),
      createdAt: parseTime(root.get("createdAt")),
      keys,
      before: parseSets(root.get("before"), isKnown),
      after: parseSets(root.get("after"), isKnown),
      certificates: distinct(
        root.get("certificates"),
        root.get("certificates").list((item) => parseCertificate(item, isKnown)),
        ({ kind }) => kind,
      ),
      roots: root.get("roots").list((item) => parseBase64(item, 8192), 1),
      developerCas: root.get("developerCas").list((item) => parseBase64(item, 8192), 1),
      distrusted: distinct(
        root.get("distrusted"),
        root.get("distrusted").list((item) => item.match(isSha256, "a SHA-256")),
        (digest) => digest,
      ),
      metadata: distinct(root.get("metadata"), root.get("metadata").list(parseMetadata), ({ role }) => role),
      lists: root.has("lists")
        ? distinct(
            root.get("lists"),
            root.get("lists").list((item) => parseList(item, isKnown), 1),
            ({ issuer }) => issuer,
          )
        : [],
    };
  });
}

/** The readers of the catalogue's documents say `catalogue.malformed`; this is a file of a person. */
export function asRequestProblem<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isProblem(error) || error.code !== "catalogue.malformed") throw error;
    const message = error.message.replace(`The catalogue's ${what}`, `The ${what}`);
    throw new Problem(
      "invalid",
      "keys.request_malformed",
      message,
      error.details.map((detail) => ({ ...detail, code: "keys.request_malformed", message })),
      { cause: error },
    );
  }
}

/** For what can be read, and what no honest store asks for. @throws Problem `keys.request_refused` */
export function refuseRequest(words: string): never {
  throw new Problem(
    "unprocessable",
    "keys.request_refused",
    `The signing request asks for something that no store asks for: ${words}. Nothing was signed.`,
  );
}

function distinct<T>(at: Reader, items: T[], id: (item: T) => string): T[] {
  if (new Set(items.map(id)).size !== items.length) at.match(never, "each of them once");
  return items;
}

const never = (_text: string): _text is never => false;
const isStoreId = (text: string): text is string => /^[a-z0-9-]{1,64}$/.test(text);
const isName = (text: string): text is string => /^[a-z0-9-]{1,64}$/.test(text);
const isHolder = (text: string): text is RequestKey["holder"] =>
  ["here", "command", "offline"].includes(text);
const isKind = (text: string): text is CertificateKind => ["root", "developer-ca", "release"].includes(text);
const isRequestRole = (text: string): text is RequestRole => REQUEST_ROLES.some((role) => role === text);
/** 127 random bits; see `newSerialNumber`. */
const isSerial = (text: string): text is string => /^[4-7][0-9a-f]{31}$/.test(text);
/** In one form: the same number with zeros before it would be taken for another certificate. */
export const isListed = (text: string): text is string => /^(?!00)(?:[0-9a-f]{2}){1,20}$/.test(text);
export const SIGNATURE_MAX_BYTES = 128;

function parseKey(item: Reader): RequestKey {
  item.exactly("holder", "name", "spki");
  const { spki, algorithm, keyid } = parseSpki(item.get("spki"));
  return {
    name: item.get("name").match(isName, "a key's name"),
    spki,
    algorithm,
    keyid,
    holder: item.get("holder").match(isHolder, "here, command or offline"),
  };
}

export function parseSpki(at: Reader): { spki: Uint8Array; algorithm: KeyAlgorithm; keyid: KeyId } {
  const spki = parseBase64(at, 256);
  const algorithm = algorithmOf(spki);
  if (algorithm === undefined) return at.match(never, "the SubjectPublicKeyInfo of P-256, P-384 or Ed25519");
  return { spki, algorithm, keyid: keyidOf(spki) as KeyId };
}

function parseSets(at: Reader, isKnown: (text: string) => text is string): ReadonlyMap<TufRole, RequestSet> {
  at.exactly(...TUF_ROLES);
  return new Map(
    at.entries(/^[a-z]+$/).map(([role, set]) => {
      set.exactly("keys", "threshold");
      const keys = distinct(
        set.get("keys"),
        set.get("keys").list((key) => key.match(isKnown, "the name of a key of this request"), 1),
        (name) => name,
      );
      const threshold = set.get("threshold").integer(1, keys.length);
      if (!isTufRole(role)) return at.match(never, "a role");
      return [role, { keys, threshold }] as const;
    }),
  );
}

function parseCertificate(item: Reader, isKnown: (text: string) => text is string): RequestCertificate {
  item.exactly("issuer", "key", "kind", "notAfter", "notBefore", "serial", "signature");
  const signature = item.get("signature");
  return {
    kind: item.get("kind").match(isKind, "root, developer-ca or release"),
    key: item.get("key").match(isKnown, "the name of a key of this request"),
    issuer: item.get("issuer").match(isKnown, "the name of a key of this request"),
    serial: item.get("serial").match(isSerial, "32 hexadecimal digits, the first of 4 to 7"),
    notBefore: parseTime(item.get("notBefore")),
    notAfter: parseTime(item.get("notAfter")),
    signature: signature.isNull() ? null : parseBase64(signature, SIGNATURE_MAX_BYTES),
  };
}

function parseMetadata(item: Reader): RequestMetadata {
  item.exactly("expires", "role", "signatures", "version");
  const isHex = (text: string): text is string => /^(?:[0-9a-f]{2}){1,128}$/.test(text);
  return {
    role: item.get("role").match(isRequestRole, REQUEST_ROLES.join(", ")),
    version: item.get("version").integer(1, 2 ** 31 - 1),
    expiresAt: parseTime(item.get("expires")),
    signatures: new Map(
      item
        .get("signatures")
        .entries(/^[0-9a-f]{64}$/)
        .map(([keyId, at]) => [keyId, new Uint8Array(Buffer.from(at.match(isHex, "hexadecimal"), "hex"))]),
    ),
  };
}

function parseList(item: Reader, isKnown: (text: string) => text is string): RequestList {
  item.exactly("entries", "issuer", "nextUpdate", "number", "signature");
  const signature = item.get("signature");
  return {
    issuer: item.get("issuer").match(isKnown, "the name of a key of this request"),
    number: item.get("number").integer(1, 2 ** 31 - 1),
    nextUpdate: parseTime(item.get("nextUpdate")),
    entries: parseEntries(item.get("entries")),
    signature: signature.isNull() ? null : parseBase64(signature, SIGNATURE_MAX_BYTES),
  };
}

/** Entries of a list of revoked certificates, each certificate once. */
export function parseEntries(at: Reader): CrlEntry[] {
  const isReason = (text: string): text is CrlReason => Object.hasOwn(CRL_REASONS, text);
  const entries = at.list((entry): CrlEntry => {
    entry.exactly("invalidFrom", "reason", "revokedAt", "serial");
    const from = entry.get("invalidFrom");
    return {
      serialNumber: entry
        .get("serial")
        .match(isListed, "a serial number in lower-case hex, without a zero byte before it"),
      revokedAt: parseTime(entry.get("revokedAt")),
      reason: entry.get("reason").match(isReason, Object.keys(CRL_REASONS).join(", ")),
      invalidFrom: from.isNull() ? null : parseTime(from),
    };
  });
  return distinct(at, entries, ({ serialNumber }) => serialNumber);
}

function parseTime(at: Reader): Date {
  return new Date(at.match(isTime, "YYYY-MM-DDTHH:MM:SSZ"));
}

/** RFC 4648 §4 in its one form: padded, unused bits zero. */
export function parseBase64(at: Reader, maxBytes: number): Uint8Array {
  const isBase64 = (text: string): text is string =>
    text.length > 0 &&
    text.length <= Math.ceil(maxBytes / 3) * 4 &&
    Buffer.from(text, "base64").toString("base64") === text;
  return new Uint8Array(Buffer.from(at.match(isBase64, `base64 of at most ${maxBytes} bytes`), "base64"));
}
