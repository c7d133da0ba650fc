/**
 * What a machine that signs has shown and signed before, as a file beside its keys: NEW is what does not stand here, whatever
 * a request says of itself. Canonical JSON. Pure.
 */
import { canonicalize } from "../../signing/json.ts";
import { document } from "../tuf/reader.ts";
import { asRequestProblem } from "./request.ts";

export const KNOWN_MAX_BYTES = 1024 * 1024;

/** A place, such as `role root`, and what stands in it: fingerprints with the names that they were shown by. */
export type Places = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** By the store's id. */
export type Known = ReadonlyMap<string, Places>;

export function buildKnown(known: Known): Uint8Array {
  return canonicalize({
    stores: Object.fromEntries(
      [...known].map(([storeId, places]) => [
        storeId,
        Object.fromEntries([...places].map(([place, items]) => [place, Object.fromEntries(items)])),
      ]),
    ),
    type: "mosis-signed-before",
    v: 1,
  });
}

/** @throws Problem `keys.request_malformed` */
export function parseKnown(bytes: Uint8Array): Known {
  return asRequestProblem("file of what was signed before", () => {
    const root = document(bytes, KNOWN_MAX_BYTES, "file of what was signed before");
    root.exactly("stores", "type", "v");
    root.get("type").literal("mosis-signed-before");
    root.get("v").literal(1);
    const isText = (text: string): text is string => text.length <= 128;
    return new Map(
      root
        .get("stores")
        .entries(/^[a-z0-9-]{1,64}$/)
        .map(([storeId, places]) => [
          storeId,
          new Map(
            places
              .entries(/^[a-z0-9/. -]{1,64}$/)
              .map(([place, items]) => [
                place,
                new Map(
                  items.entries(/^[a-z0-9]{1,64}$/).map(([id, name]) => [id, name.match(isText, "a name")]),
                ),
              ]),
          ),
        ]),
    );
  });
}

/** Certificates that were signed stay signed; of every other place what was signed last is what counts. */
export function remembered(known: Known, storeId: string, signed: Places): Known {
  const places = new Map(known.get(storeId));
  for (const [place, items] of signed)
    places.set(
      place,
      place.startsWith("certificate ") ? new Map([...(places.get(place) ?? []), ...items]) : items,
    );
  return new Map(known).set(storeId, places);
}
