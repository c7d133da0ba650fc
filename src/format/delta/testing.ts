/** File sets in memory, for tests of the delta container. */
import { buildDigests, contentDigest, parseDigests, sha256Hex } from "../digests.ts";
import { MANIFEST_NAME } from "../names.ts";
import { compareNames } from "../zip/names.ts";
import type { FileSet } from "./read.ts";
import type { DeltaTarget } from "./write.ts";

export const MANIFEST = new TextEncoder().encode('{"id":"org.example.sample"}');

export type TestFiles = Readonly<Record<string, Uint8Array>>;

/** The files, and a manifest unless there is one, as an installed version and as a release at once. */
export function fileSet(files: TestFiles): FileSet & DeltaTarget {
  const entries = Object.entries({ [MANIFEST_NAME]: MANIFEST, ...files }).sort(([a], [b]) =>
    compareNames(a, b),
  );
  const digests = buildDigests(
    entries.map(([path, bytes]) => ({ path, sizeBytes: bytes.length, sha256: sha256Hex(bytes) })),
  );
  return {
    digests,
    contentDigest: contentDigest(digests),
    files: parseDigests(digests).files,
    developerEnvelope: new TextEncoder().encode("the developer's envelope"),
    storeEnvelope: new TextEncoder().encode("the store's envelope"),
    read: async (file, offset, length) => {
      const bytes = entries[file]?.[1];
      if (bytes === undefined || offset + length > bytes.length) throw new RangeError("not within the file");
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** Bytes that do not compress, the same for the same seed. */
export function noise(sizeBytes: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let state = seed >>> 0 || 1;
  for (let at = 0; at < sizeBytes; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state & 0xff;
  }
  return bytes;
}
