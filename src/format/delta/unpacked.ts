/**
 * A release outside of its package: the app's files one after the other in one source, so that any stretch of any of
 * them can be read. That is what a base and a target of a delta container have to offer, and a ZIP has not.
 */
import { createHash } from "node:crypto";
import { contentDigest, type FileDigest, parseDigests } from "../digests.ts";
import { checkFileList } from "../file-list.ts";
import { findingsOf } from "../findings.ts";
import { DEVELOPER_NAME, DIGESTS_NAME, META_FOLDER, STORE_NAME } from "../names.ts";
import { createPace } from "../pace.ts";
import { fillFrom, type Source, windowedSource } from "../source.ts";
import { readEntry, readEntryBytes } from "../zip/entry.ts";
import type { Container } from "../zip/reader.ts";
import { refuseDelta } from "./layout.ts";
import { type FileSet, fillFromBase } from "./read.ts";
import type { DeltaTarget } from "./write.ts";

/** The app's files of a package that was judged, in its order, without anything between them. */
export async function* unpackedFiles(container: Container): AsyncGenerator<Uint8Array> {
  const pace = createPace();
  const source = windowedSource(container.source);
  for (const entry of container.entries) {
    if (entry.name.startsWith(`${META_FOLDER}/`)) continue;
    for await (const piece of readEntry(container, entry, source)) {
      yield piece;
      await pace(piece.length);
    }
  }
}

/** A document of META-MOSIS; no bytes when the package does not have it. */
async function documentOf(container: Container, name: string): Promise<Uint8Array> {
  const entry = container.byName.get(name);
  return entry === undefined ? new Uint8Array(0) : readEntryBytes(container, entry);
}

/** A package that was judged, and what `unpackedFiles` gave of it. */
export async function unpackedRelease(
  container: Container,
  unpacked: Source,
): Promise<FileSet & DeltaTarget> {
  const digests = await documentOf(container, DIGESTS_NAME);
  const { files } = parseDigests(digests);
  const starts = startsOf(files);
  return {
    digests,
    contentDigest: contentDigest(digests),
    files,
    developerEnvelope: await documentOf(container, DEVELOPER_NAME),
    storeEnvelope: await documentOf(container, STORE_NAME),
    read: (file, offset, length) => unpacked.read((starts[file] ?? Number.NaN) + offset, length),
    readInto: (file, offset, bytes) => fillFrom(unpacked, (starts[file] ?? Number.NaN) + offset, bytes),
  };
}

function startsOf(files: readonly FileDigest[]): number[] {
  let at = 0;
  return files.map(({ n }) => {
    const start = at;
    at += n;
    return start;
  });
}

/**
 * The list of a base that lies unpacked somewhere: its digests.json, with names that may be looked for.
 * @throws FormatError MPK-J…, D001, C004, C013 … C019, C023, C024
 */
export function listOfBase(digests: Uint8Array): readonly FileDigest[] {
  try {
    const { files } = parseDigests(digests);
    checkFileList(files, digests.length, [0, 0]);
    return files;
  } catch (error) {
    const [{ code, message, section: _, severity: __, ...place }] = findingsOf(error, "delta", DIGESTS_NAME);
    throw refuseDelta(code, message, place);
  }
}

const PIECE_BYTES = 256 * 1024;

/** Reads every file of a base and compares it with its list. @throws FormatError MPK-B011, and what its `read` throws */
export async function checkBase(base: FileSet): Promise<void> {
  const pace = createPace();
  const buffer = new Uint8Array(PIECE_BYTES);
  for (const [place, { p: path, n: sizeBytes, h: expected }] of base.files.entries()) {
    const hash = createHash("sha256");
    // One without bytes has to be there too.
    if (sizeBytes === 0) await base.read(place, 0, 0);
    for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
      const piece = buffer.subarray(0, sizeBytes - at);
      await fillFromBase(base, place, at, piece);
      hash.update(piece);
      await pace(PIECE_BYTES);
    }
    const found = hash.digest("hex");
    if (found !== expected) throw damagedBase(path, found, expected);
  }
}

export function damagedBase(path: string, found: string, expected: string) {
  return refuseDelta("MPK-B011", `“${path}” of the base is not what its digests.json says.`, {
    entry: path,
    found,
    expected,
  });
}
