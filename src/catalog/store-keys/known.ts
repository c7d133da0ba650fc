/**
 * What a machine that signs has shown and signed before, as a file beside its keys: NEW is what does not stand here, whatever
 * a request says of itself. Canonical JSON. Pure.
 */
import { isSha256, type KeyId, type Sha256 } from "../../ids.ts";
import type { CertificateKind } from "../../keys/authority.ts";
import type { CrlEntry } from "../../signing/crl.ts";
import { canonicalize } from "../../signing/json.ts";
import { formatTime, isTime } from "../../signing/times.ts";
import { document, type Reader } from "../tuf/reader.ts";
import {
  asRequestProblem,
  entryToJson,
  isListed,
  parseBase64,
  parseEntries,
  REQUEST_ROLES,
  type RequestRole,
  SIGNATURE_MAX_BYTES,
} from "./request.ts";

/** It keeps the entries of a list for each root; a request, which brings them, has at most one MiB. */
export const KNOWN_MAX_BYTES = 8 * 1024 * 1024;

/** A place, such as `role root`, and what stands in it: fingerprints with the names that they were shown by. */
export type Places = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A document of a role that was signed; without its digest where it was not whole yet. */
export type SignedDocument = { readonly version: number; readonly sha256: Sha256 };

/** A list of revoked certificates that was signed. */
export type SignedList = {
  readonly number: number;
  /** Of the part that is signed. */
  readonly sha256: Sha256;
  readonly entries: readonly CrlEntry[];
};

/** A certificate that was signed. */
export type SignedCertificate = {
  /** Of the part that is signed. */
  readonly sha256: Sha256;
  /** Given again for the same part: of one serial number there is never a second certificate. */
  readonly signature: Uint8Array;
};

export type KnownStore = {
  /** What was signed last, in each place. */
  readonly places: Places;
  /** Fingerprints that stood in a place and left it, or were distrusted, with the names that they had. */
  readonly earlier: ReadonlyMap<string, string>;
  /** The newest document of each role. */
  readonly documents: ReadonlyMap<RequestRole, SignedDocument>;
  /** The list that was signed last with each root's key; none in a file of a version that did not note it. */
  readonly lists: ReadonlyMap<KeyId, SignedList>;
  /** Serial numbers of the certificates that count by what was signed last: a list should revoke none of them. */
  readonly serials: ReadonlyMap<CertificateKind, ReadonlySet<string>>;
  /** By serial number; none in a file of a version that did not keep them. */
  readonly certificates: ReadonlyMap<string, SignedCertificate>;
  /** When the youngest request that was signed was made; null in a file of a version that did not note it. */
  readonly createdAt: Date | null;
};

/** By the store's id. */
export type Known = ReadonlyMap<string, KnownStore>;

/** What signing a request makes known. */
export type SignedState = Pick<KnownStore, "places" | "documents" | "lists" | "serials" | "certificates"> & {
  readonly createdAt: Date;
  /** What the request itself takes out: fingerprints with names. */
  readonly distrusted: ReadonlyMap<string, string>;
};

export const NOTHING_KNOWN: KnownStore = {
  places: new Map(),
  earlier: new Map(),
  documents: new Map(),
  lists: new Map(),
  serials: new Map(),
  certificates: new Map(),
  createdAt: null,
};

export function buildKnown(known: Known): Uint8Array {
  return canonicalize({
    stores: Object.fromEntries(
      [...known].map(([storeId, { places, earlier, documents, lists, serials, certificates, createdAt }]) => [
        storeId,
        {
          certificates: Object.fromEntries(
            [...certificates].map(([serial, { sha256, signature }]) => [
              serial,
              { sha256, signature: Buffer.from(signature).toString("base64") },
            ]),
          ),
          createdAt: createdAt && formatTime(createdAt),
          documents: Object.fromEntries(documents),
          earlier: Object.fromEntries(earlier),
          lists: Object.fromEntries(
            [...lists].map(([id, list]) => [id, { ...list, entries: list.entries.map(entryToJson) }]),
          ),
          places: Object.fromEntries([...places].map(([place, items]) => [place, Object.fromEntries(items)])),
          serials: Object.fromEntries([...serials].map(([kind, of]) => [kind, [...of]])),
        },
      ]),
    ),
    type: "mosis-signed-before",
    v: 4,
  });
}

/** @throws Problem `keys.request_malformed` */
export function parseKnown(bytes: Uint8Array): Known {
  return asRequestProblem("file of what was signed before", () => {
    const root = document(bytes, KNOWN_MAX_BYTES, "file of what was signed before");
    root.exactly("stores", "type", "v");
    root.get("type").literal("mosis-signed-before");
    const version = root.get("v").integer(1, 4);
    const read = FORMS[version as keyof typeof FORMS];
    return new Map(
      root
        .get("stores")
        .entries(/^[a-z0-9-]{1,64}$/)
        .map(([storeId, store]) => [storeId, read(store)]),
    );
  });
}

function parseStore(at: Reader): KnownStore {
  at.exactly("certificates", "createdAt", "documents", "earlier", "lists", "places", "serials");
  const certificates = at
    .get("certificates")
    .entries((key) => (isListed(key) ? undefined : "a serial number in lower-case hex"));
  return {
    ...parseWithLists(at),
    certificates: new Map(certificates.map(([serial, one]) => [serial, parseSignedCertificate(one)])),
  };
}

function parseSignedCertificate(at: Reader): SignedCertificate {
  at.exactly("sha256", "signature");
  return {
    sha256: at.get("sha256").sha256(),
    signature: parseBase64(at.get("signature"), SIGNATURE_MAX_BYTES),
  };
}

/** The form of before kept no signatures. */
function parseThirdForm(at: Reader): KnownStore {
  at.exactly("createdAt", "documents", "earlier", "lists", "places", "serials");
  return parseWithLists(at);
}

function parseWithLists(at: Reader): KnownStore {
  const isKeyId = (text: string): text is KeyId => isSha256(text);
  const isKind = (text: string): text is CertificateKind => KINDS.some((kind) => kind === text);
  const lists = at.get("lists").entries((key) => (isKeyId(key) ? undefined : "the fingerprint of a key"));
  const serials = at.get("serials").entries((key) => (isKind(key) ? undefined : KINDS.join(", ")));
  return {
    ...NOTHING_KNOWN,
    ...parseDocuments(at),
    lists: new Map(lists.map(([id, list]) => [id as KeyId, parseSignedList(list)])),
    serials: new Map(
      serials.map(([kind, of]) => [
        kind as CertificateKind,
        new Set(of.list((serial) => serial.match(isListed, "a serial number in lower-case hex"))),
      ]),
    ),
  };
}

const KINDS = ["root", "developer-ca", "release"] as const satisfies readonly CertificateKind[];

function parseSignedList(at: Reader): SignedList {
  at.exactly("entries", "number", "sha256");
  return {
    number: at.get("number").integer(1, 2 ** 31 - 1),
    sha256: at.get("sha256").sha256(),
    entries: parseEntries(at.get("entries")),
  };
}

/** The form before that told nothing of lists of revoked certificates. */
function parseSecondForm(at: Reader): KnownStore {
  at.exactly("createdAt", "documents", "earlier", "places");
  return { ...NOTHING_KNOWN, ...parseDocuments(at) };
}

function parseDocuments(at: Reader): Omit<KnownStore, "lists" | "serials" | "certificates"> {
  const createdAt = at.get("createdAt");
  const isRole = (text: string): text is RequestRole => REQUEST_ROLES.some((role) => role === text);
  return {
    places: parsePlaces(at.get("places")),
    earlier: parseNames(at.get("earlier")),
    documents: new Map(
      at
        .get("documents")
        .entries((key) => (isRole(key) ? undefined : REQUEST_ROLES.join(", ")))
        .map(([role, signed]) => {
          signed.exactly("sha256", "version");
          const known = {
            version: signed.get("version").integer(1, 2 ** 31 - 1),
            sha256: signed.get("sha256").sha256(),
          };
          return [role as RequestRole, known];
        }),
    ),
    createdAt: createdAt.isNull() ? null : new Date(createdAt.match(isTime, "YYYY-MM-DDTHH:MM:SSZ")),
  };
}

/**
 * The first form kept every key that ever had a certificate in one place. Which of several signs now it does not
 * say, so each of them is one of earlier.
 */
function parseFirstForm(at: Reader): KnownStore {
  const all = parsePlaces(at);
  const isMixed = (place: string, items: ReadonlyMap<string, string>) =>
    place.startsWith("certificate ") && items.size > 1;
  return {
    ...NOTHING_KNOWN,
    places: new Map([...all].filter(([place, items]) => !isMixed(place, items))),
    earlier: new Map([...all].flatMap(([place, items]) => (isMixed(place, items) ? [...items] : []))),
  };
}

/** By the version of the form. */
const FORMS = { 1: parseFirstForm, 2: parseSecondForm, 3: parseThirdForm, 4: parseStore };

function parsePlaces(at: Reader): Places {
  return new Map(at.entries(/^[a-z0-9/. -]{1,64}$/).map(([place, items]) => [place, parseNames(items)]));
}

function parseNames(at: Reader): ReadonlyMap<string, string> {
  const isText = (text: string): text is string => text.length <= 128;
  return new Map(at.entries(/^[a-z0-9]{1,64}$/).map(([id, name]) => [id, name.match(isText, "a name")]));
}

/** Of every place what was signed last is what counts; what left it is kept apart, since it may be in other hands. */
export function remembered(known: Known, storeId: string, signed: SignedState): Known {
  const before = known.get(storeId) ?? NOTHING_KNOWN;
  const left = [...signed.places].flatMap(([place, items]) =>
    place.startsWith("threshold ")
      ? []
      : [...(before.places.get(place) ?? [])].filter(([id]) => !items.has(id)),
  );
  const { createdAt } = before;
  return new Map(known).set(storeId, {
    places: new Map([...before.places, ...signed.places]),
    earlier: new Map([...before.earlier, ...left, ...signed.distrusted]),
    documents: new Map([...before.documents, ...signed.documents]),
    lists: new Map([...before.lists, ...signed.lists]),
    serials: new Map([...before.serials, ...signed.serials]),
    certificates: new Map([...before.certificates, ...signed.certificates]),
    createdAt: createdAt !== null && createdAt > signed.createdAt ? createdAt : signed.createdAt,
  });
}
