/**
 * What a machine that signs has shown and signed before, as a file beside its keys: NEW is what does not stand here, whatever
 * a request says of itself. Canonical JSON. Pure.
 */
import type { Sha256 } from "../../ids.ts";
import { canonicalize } from "../../signing/json.ts";
import { formatTime, isTime } from "../../signing/times.ts";
import { document, type Reader } from "../tuf/reader.ts";
import { asRequestProblem, REQUEST_ROLES, type RequestRole } from "./request.ts";

export const KNOWN_MAX_BYTES = 1024 * 1024;

/** A place, such as `role root`, and what stands in it: fingerprints with the names that they were shown by. */
export type Places = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A document of a role that was signed; without its digest where it was not whole yet. */
export type SignedDocument = { readonly version: number; readonly sha256: Sha256 };

export type KnownStore = {
  /** What was signed last, in each place. */
  readonly places: Places;
  /** Fingerprints that stood in a place and left it, or were distrusted, with the names that they had. */
  readonly earlier: ReadonlyMap<string, string>;
  /** The newest document of each role. */
  readonly documents: ReadonlyMap<RequestRole, SignedDocument>;
  /** When the youngest request that was signed was made; null in a file of a version that did not note it. */
  readonly createdAt: Date | null;
};

/** By the store's id. */
export type Known = ReadonlyMap<string, KnownStore>;

/** What signing a request makes known. */
export type SignedState = Pick<KnownStore, "places" | "documents"> & {
  readonly createdAt: Date;
  /** What the request itself takes out: fingerprints with names. */
  readonly distrusted: ReadonlyMap<string, string>;
};

export const NOTHING_KNOWN: KnownStore = {
  places: new Map(),
  earlier: new Map(),
  documents: new Map(),
  createdAt: null,
};

export function buildKnown(known: Known): Uint8Array {
  return canonicalize({
    stores: Object.fromEntries(
      [...known].map(([storeId, { places, earlier, documents, createdAt }]) => [
        storeId,
        {
          createdAt: createdAt && formatTime(createdAt),
          documents: Object.fromEntries(documents),
          earlier: Object.fromEntries(earlier),
          places: Object.fromEntries([...places].map(([place, items]) => [place, Object.fromEntries(items)])),
        },
      ]),
    ),
    type: "mosis-signed-before",
    v: 2,
  });
}

/** @throws Problem `keys.request_malformed` */
export function parseKnown(bytes: Uint8Array): Known {
  return asRequestProblem("file of what was signed before", () => {
    const root = document(bytes, KNOWN_MAX_BYTES, "file of what was signed before");
    root.exactly("stores", "type", "v");
    root.get("type").literal("mosis-signed-before");
    const version = root.get("v").integer(1, 2);
    const read = version === 1 ? parseFirstForm : parseStore;
    return new Map(
      root
        .get("stores")
        .entries(/^[a-z0-9-]{1,64}$/)
        .map(([storeId, store]) => [storeId, read(store)]),
    );
  });
}

function parseStore(at: Reader): KnownStore {
  at.exactly("createdAt", "documents", "earlier", "places");
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
 * The form of before kept every key that ever had a certificate in one place. Which of several signs now it does not
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
    createdAt: createdAt !== null && createdAt > signed.createdAt ? createdAt : signed.createdAt,
  });
}
