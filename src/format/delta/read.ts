/** Reading a delta container: what it rebuilds comes out file by file, each checked against the target's digests.json. */
import { createHash } from "node:crypto";
import { contentDigest, type Digests, type FileDigest, parseDigests } from "../digests.ts";
import { checkFileList } from "../file-list.ts";
import { findingsOf } from "../findings.ts";
import { giveBack } from "../give-back.ts";
import { DIGESTS_NAME, FORMAT_LIMITS, type Sha256 } from "../names.ts";
import { fillFrom, type Source } from "../source.ts";
import { checkEffort, effortWith, NO_EFFORT } from "./effort.ts";
import { checkFrame, decodeFrame, newDictionary } from "./frame.ts";
import {
  type BaseRange,
  DELTA_MAGIC,
  type DeltaHeader,
  DICTIONARY_PREFIX,
  GROUP_HEADER_MAX_BYTES,
  type GroupHeader,
  HEADER_MAX_BYTES,
  parseGroupHeader,
  parseHeader,
  refuseDelta,
} from "./layout.ts";

const PIECE_BYTES = 256 * 1024;

/** The files of an installed version, as its digests.json lists them. */
export type FileSet = {
  readonly contentDigest: Sha256;
  readonly files: readonly FileDigest[];
  /** Its digests.json itself: in dictionaries it stands for one file more, after those that it lists. */
  readonly digests: Uint8Array;
  /** Gives exactly these bytes of the file at that place in the list. */
  read(file: number, offset: number, length: number): Promise<Uint8Array>;
  /** The same into bytes that are there, as a source's. */
  readInto?(file: number, offset: number, bytes: Uint8Array): Promise<void>;
};

export type RebuiltFile = {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: Sha256;
  /** To be read to its end, once: at the end the digest is judged. A piece is gone when the next one is asked for. */
  readonly bytes: AsyncIterable<Uint8Array>;
};

export type OpenedDelta = {
  readonly header: DeltaHeader;
  readonly digests: Uint8Array;
  readonly developerEnvelope: Uint8Array;
  readonly storeEnvelope: Uint8Array;
  /** Of all files, what comes out of the container; the rest are files of the base. */
  readonly decodedBytes: number;
  /** In the order of digests.json. The container's end is judged after the last one. */
  readonly files: AsyncIterable<RebuiltFile>;
};

/**
 * Opens a container and reads the target's documents. Memory is bounded by one group, its dictionary and its frame.
 * Names and sizes are judged here, as of any package; envelopes and manifest are for the caller.
 *
 * @throws FormatError MPK-C001, B001 … B009, B012, J… and D001 of digests.json, C004, C013 … C019, C023, C024 and C032 of its list here;
 *   MPK-B001, B004 … B008, B010 … B012 while files are read
 */
export async function openDelta(source: Source, base: FileSet | null): Promise<OpenedDelta> {
  const { header, end } = await readHeader(source);
  if (header.base !== (base?.contentDigest ?? null)) {
    throw refuseDelta("MPK-B003", "The container was made for another version than the installed one.", {
      pointer: "/base",
      found: header.base ?? "no base",
      expected: base?.contentDigest ?? "no base",
    });
  }
  const stream = groupStream(source, end, base);
  const [digestsBytes, developerBytes, storeBytes] = header.meta;
  const digests = await stream.take(digestsBytes);
  if (contentDigest(digests) !== header.content) {
    throw refuseDelta("MPK-B009", `${DIGESTS_NAME} is not the one that the header announces.`, {
      entry: DIGESTS_NAME,
      found: contentDigest(digests),
      expected: header.content,
    });
  }
  const listed = readList(digests, [developerBytes, storeBytes]);
  const placed = placeFiles(listed, base);
  return {
    header,
    digests,
    developerEnvelope: await stream.take(developerBytes),
    storeEnvelope: await stream.take(storeBytes),
    decodedBytes: placed.reduce((sum, { from, sizeBytes }) => sum + (from === null ? sizeBytes : 0), 0),
    files: rebuild(placed, base, stream),
  };
}

async function readHeader(source: Source): Promise<{ header: DeltaHeader; end: number }> {
  if (source.sizeBytes > FORMAT_LIMITS.fileBytes) {
    throw refuseDelta("MPK-C001", "The container is too large.", {
      offset: FORMAT_LIMITS.fileBytes,
      found: `${source.sizeBytes} bytes`,
      expected: `at most ${FORMAT_LIMITS.fileBytes} bytes`,
    });
  }
  const fixed = DELTA_MAGIC.length + 4;
  if (source.sizeBytes < fixed) throw cutOff(source.sizeBytes, `at least ${fixed} bytes`);
  const start = await source.read(0, fixed);
  if (!DELTA_MAGIC.every((byte, at) => start[at] === byte)) {
    throw refuseDelta("MPK-B001", "This is no delta container.", {
      offset: 0,
      found: Buffer.from(start.subarray(0, DELTA_MAGIC.length)).toString("hex"),
      expected: Buffer.from(DELTA_MAGIC).toString("hex"),
    });
  }
  const bytes = await readSized(source, DELTA_MAGIC.length, HEADER_MAX_BYTES, "MPK-B002");
  return { header: parseHeader(bytes), end: fixed + bytes.length };
}

/** A u32 and as many bytes as it says. */
async function readSized(
  source: Source,
  at: number,
  mostBytes: number,
  code: "MPK-B002" | "MPK-B004",
): Promise<Uint8Array> {
  if (source.sizeBytes - at < 4) throw cutOff(source.sizeBytes, "the length of a header");
  const head = await source.read(at, 4);
  const length = new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true);
  if (length > mostBytes) {
    throw refuseDelta(code, "A header is too long.", {
      offset: at,
      found: `${length} bytes`,
      expected: `at most ${mostBytes} bytes`,
    });
  }
  if (source.sizeBytes - at - 4 < length) throw cutOff(source.sizeBytes, `${length} bytes of a header`);
  return source.read(at + 4, length);
}

function cutOff(offset: number, expected: string) {
  return refuseDelta("MPK-B001", "The container was cut off.", {
    offset,
    found: "the end of the file",
    expected,
  });
}

function readList(digests: Uint8Array, envelopes: readonly [developer: number, store: number]): Digests {
  let list: Digests;
  try {
    list = parseDigests(digests);
  } catch (error) {
    const [first] = findingsOf(error, "delta", DIGESTS_NAME);
    const { code, message, section: _, severity: __, ...place } = first;
    throw refuseDelta(code, message, place);
  }
  checkFileList(list.files, digests.length, envelopes);
  return list;
}

type GroupStream = {
  /** The next bytes, all of them. */
  take(length: number): Promise<Uint8Array>;
  /** The next bytes in pieces. */
  pieces(length: number): AsyncIterable<Uint8Array>;
  /** @throws FormatError MPK-B008 when anything is left. */
  end(): void;
};

/** The decoded groups as one stream. One group is in memory at a time. */
function groupStream(source: Source, start: number, base: FileSet | null): GroupStream {
  let at = start;
  let group: Uint8Array = new Uint8Array(0);
  let rest = group;
  let effort = NO_EFFORT;
  const scratch = newScratch();

  const next = async (): Promise<void> => {
    // Who asks for more is done with what came before.
    giveBack(group);
    if (at === source.sizeBytes) {
      throw refuseDelta("MPK-B008", "The container ends before its files do.", {
        offset: at,
        found: "the end of the file",
        expected: "another group",
      });
    }
    const headerBytes = await readSized(source, at, GROUP_HEADER_MAX_BYTES, "MPK-B004");
    const header = parseGroupHeader(headerBytes, at + 4);
    effort = effortWith(effort, header);
    checkEffort(effort, at + 4);
    const frameAt = at + 4 + headerBytes.length;
    if (source.sizeBytes - frameAt < header.frameBytes)
      throw cutOff(source.sizeBytes, `a frame of ${header.frameBytes} bytes`);
    group = await decodeGroup(source, frameAt, header, base, scratch);
    rest = group;
    at = frameAt + header.frameBytes;
  };

  async function* pieces(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      if (rest.length === 0) await next();
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  return {
    pieces,
    async take(length) {
      const whole = new Uint8Array(length);
      let filled = 0;
      for await (const piece of pieces(length)) {
        whole.set(piece, filled);
        filled += piece.length;
      }
      return whole;
    },
    end() {
      scratch.giveBack();
      if (rest.length === 0 && at === source.sizeBytes) return;
      throw refuseDelta("MPK-B008", "The container holds more than its files.", {
        offset: at,
        found: `${rest.length} bytes of a group, ${source.sizeBytes - at} bytes of the file`,
        expected: "the end of both",
      });
    },
  };
}

/**
 * Room for what one group needs while it is decoded, for one group after the other: the allocator keeps what was freed
 * a moment ago, and does not always find it again for the next group.
 */
type Scratch = {
  frame(sizeBytes: number): Uint8Array;
  dictionary(sizeBytes: number): Uint8Array;
  giveBack(): void;
};

function newScratch(): Scratch {
  const kept = { frame: new Uint8Array(0), dictionary: new Uint8Array(0) };
  const room = (of: keyof typeof kept, sizeBytes: number) => {
    if (kept[of].length < sizeBytes) {
      giveBack(kept[of]);
      kept[of] = new Uint8Array(sizeBytes);
    }
    return kept[of].subarray(0, sizeBytes);
  };
  return {
    frame: (sizeBytes) => room("frame", sizeBytes),
    dictionary: (sizeBytes) => room("dictionary", sizeBytes),
    giveBack() {
      giveBack(kept.frame);
      giveBack(kept.dictionary);
    },
  };
}

async function decodeGroup(
  source: Source,
  at: number,
  group: GroupHeader,
  base: FileSet | null,
  scratch: Scratch,
): Promise<Uint8Array> {
  checkWithin(group.dictionary, base, at);
  const frame = scratch.frame(group.frameBytes);
  await fillFrom(source, at, frame);
  checkFrame(frame, group.sizeBytes, at);
  const dictionary = await fillDictionary(group.dictionary, base, scratch.dictionary);
  return decodeFrame(frame, dictionary, group.sizeBytes, at);
}

function checkWithin(ranges: readonly BaseRange[], base: FileSet | null, offset: number): void {
  for (const [index, [file, start, length]] of ranges.entries()) {
    const sizeBytes = base === null ? -1 : sizeInBase(base, file);
    if (start + length > sizeBytes) {
      throw refuseDelta("MPK-B005", "A group's dictionary is not within the base.", {
        offset,
        pointer: `/d/${index}`,
        found: `[${file},${start},${length}]`,
        expected: sizeBytes < 0 ? "a file of the base" : `at most ${sizeBytes} bytes of file ${file}`,
      });
    }
  }
}

/** The ranges, which lie within the base, one after the other. */
export async function fillDictionary(
  ranges: readonly BaseRange[],
  base: FileSet | null,
  room?: (sizeBytes: number) => Uint8Array,
): Promise<Uint8Array> {
  const whole = newDictionary(
    ranges.reduce((sum, [, , length]) => sum + length, 0),
    room,
  );
  let filled = DICTIONARY_PREFIX.length;
  for (const [file, start, length] of ranges) {
    if (base) await fillFromBase(base, file, start, whole.subarray(filled, filled + length));
    filled += length;
  }
  return whole;
}

/** −1 for a file that the base does not have. */
function sizeInBase(base: FileSet, file: number): number {
  return file === base.files.length ? base.digests.length : (base.files[file]?.n ?? -1);
}

/** A stretch of a file of the base, or of its digests.json; it lies within it. */
export async function fillFromBase(
  base: FileSet,
  file: number,
  offset: number,
  bytes: Uint8Array,
): Promise<void> {
  if (file === base.files.length) bytes.set(base.digests.subarray(offset, offset + bytes.length));
  else if (base.readInto !== undefined) await base.readInto(file, offset, bytes);
  else bytes.set(await base.read(file, offset, bytes.length));
}

type PlacedFile = Omit<RebuiltFile, "bytes"> & {
  /** Which file of the base it is; null for one that comes out of the container. */
  readonly from: number | null;
};

function placeFiles(target: Digests, base: FileSet | null): PlacedFile[] {
  const held = filesByDigest(base);
  return target.files.map(({ p: path, n: sizeBytes, h: sha256 }) => {
    const same = held.get(sha256) ?? -1;
    return { path, sizeBytes, sha256, from: base?.files[same]?.n === sizeBytes ? same : null };
  });
}

async function* rebuild(
  target: readonly PlacedFile[],
  base: FileSet | null,
  stream: GroupStream,
): AsyncGenerator<RebuiltFile> {
  for (const { from, ...file } of target) {
    const bytes = from === null ? stream.pieces(file.sizeBytes) : baseFile(base, from, file.sizeBytes);
    yield { ...file, bytes: judged(bytes, file.path, file.sha256, from !== null) };
  }
  stream.end();
}

/** SHA-256 → place of the first file of the base that has it. */
export function filesByDigest(base: Pick<FileSet, "files"> | null): ReadonlyMap<Sha256, number> {
  const places = new Map<Sha256, number>();
  for (const [place, { h }] of (base?.files ?? []).entries()) if (!places.has(h)) places.set(h, place);
  return places;
}

async function* baseFile(base: FileSet | null, file: number, sizeBytes: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(Math.min(PIECE_BYTES, sizeBytes));
  for (let at = 0; at < sizeBytes; at += buffer.length) {
    const piece = buffer.subarray(0, Math.min(buffer.length, sizeBytes - at));
    if (base) await fillFromBase(base, file, at, piece);
    yield piece;
  }
  giveBack(buffer);
}

async function* judged(
  bytes: AsyncIterable<Uint8Array>,
  path: string,
  expected: Sha256,
  isTaken: boolean,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const piece of bytes) {
    hash.update(piece);
    yield piece;
  }
  const found = hash.digest("hex");
  if (found === expected) return;
  throw isTaken
    ? refuseDelta("MPK-B011", `“${path}” of the installed version is damaged.`, {
        entry: path,
        found,
        expected,
      })
    : refuseDelta("MPK-B010", `“${path}” is not what ${DIGESTS_NAME} says.`, {
        entry: path,
        found,
        expected,
      });
}
