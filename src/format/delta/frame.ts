/** One Zstandard frame (RFC 8878): its form is judged before a decoder sees it, and it is made in that form. */
import { constants, type ZstdOptions, zstdCompress, zstdDecompress } from "node:zlib";
import { DICTIONARY_PREFIX, refuseDelta } from "./layout.ts";

const MAGIC = 0xfd2fb528;
const SINGLE_SEGMENT = 0x20;
const BLOCK_MAX_BYTES = 128 * 1024;
/** Frame_Content_Size_flag → bytes of the field, in a frame of a single segment (RFC 8878 §3.1.1.1.1). */
const SIZE_FIELD_BYTES = [1, 2, 4, 8] as const;

/**
 * Walks the frame's headers: a single segment of exactly `sizeBytes`, without checksum, dictionary id, reserved bits or
 * block types, whose last block ends with the last byte. What is inside of the blocks is for the decoder.
 * @throws FormatError MPK-B006
 */
export function checkFrame(frame: Uint8Array, sizeBytes: number, offset: number): void {
  const fail = (at: number, found: string, expected: string) =>
    refuseDelta("MPK-B006", "A group's frame is of a form that is not allowed.", {
      offset: offset + at,
      found,
      expected,
    });
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 6 || view.getUint32(0, true) !== MAGIC)
    throw fail(0, "another beginning", "28 b5 2f fd");
  const descriptor = view.getUint8(4);
  if ((descriptor & 0x3f) !== SINGLE_SEGMENT) {
    throw fail(
      4,
      `0x${descriptor.toString(16)}`,
      "a single segment; no checksum, dictionary id or reserved bit",
    );
  }
  const fieldBytes = SIZE_FIELD_BYTES[(descriptor >> 6) as 0 | 1 | 2 | 3];
  let at = 5 + fieldBytes;
  if (frame.length < at) throw fail(5, "the end of the frame", "the content size");
  const said = contentSize(view, fieldBytes);
  if (said !== BigInt(sizeBytes)) throw fail(5, `${said} bytes`, `${sizeBytes} bytes`);
  const blockMost = Math.min(sizeBytes, BLOCK_MAX_BYTES);
  for (;;) {
    if (frame.length < at + 3) throw fail(at, "the end of the frame", "a block header");
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    const [isLast, type, blockBytes] = [(header & 1) === 1, (header >> 1) & 3, header >> 3];
    if (type === 3) throw fail(at, "block type 3", "a raw, run-length or compressed block");
    if (blockBytes > blockMost) throw fail(at, `a block of ${blockBytes} bytes`, `at most ${blockMost}`);
    at += 3 + (type === 1 ? 1 : blockBytes);
    // A block that goes beyond the frame leaves no room for the header of a next one.
    if (!isLast) continue;
    if (at === frame.length) return;
    throw at > frame.length
      ? fail(frame.length, "the end of the frame", "the rest of a block")
      : fail(at, `${frame.length - at} bytes after the last block`, "nothing");
  }
}

function contentSize(view: DataView, fieldBytes: 1 | 2 | 4 | 8): bigint {
  switch (fieldBytes) {
    case 1:
      return BigInt(view.getUint8(5));
    case 2:
      return BigInt(view.getUint16(5, true) + 256);
    case 4:
      return BigInt(view.getUint32(5, true));
    case 8:
      return view.getBigUint64(5, true);
  }
}

/** The least that the decoder writes at once. */
const LEAST_PIECE_BYTES = 64;

/**
 * Decodes a frame that a check passed, at once and into one buffer: then Zstandard needs no window of its own, and
 * memory is the frame, the dictionary twice, and what comes out. `dictionary` is as `newDictionary` made it.
 * @throws FormatError MPK-B007
 */
export async function decodeFrame(
  frame: Uint8Array,
  dictionary: Uint8Array,
  sizeBytes: number,
  offset: number,
): Promise<Uint8Array> {
  const options = {
    ...withDictionary(dictionary),
    maxOutputLength: sizeBytes,
    chunkSize: Math.max(LEAST_PIECE_BYTES, sizeBytes),
  };
  const decoded = await new Promise<Uint8Array | undefined>((done) => {
    // Of what does not decode there is none.
    zstdDecompress(frame, options, (_error, output) => done(output));
  });
  if (decoded?.length === sizeBytes) return decoded;
  throw refuseDelta("MPK-B007", "A group's frame does not decode.", {
    offset,
    found: decoded === undefined ? "damaged data" : `${decoded.length} bytes`,
    expected: `${sizeBytes} bytes`,
  });
}

/** A window that a whole group fits into makes a single segment, in which the dictionary stays in reach to the end. */
const WINDOW_LOG = 24;

type Effort = Readonly<Record<number, number>>;

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * How hard to look for matches: the least bytes that take less time than bsdiff does, by `bench delta-…`. That sorts
 * all suffixes, which costs little for a few hundred kilobytes and much for many megabytes; an optimal parser costs the
 * same for each byte. The table of the largest is held small, since the store makes them beside its other work: it has
 * room for a dictionary of two megabytes, and of a larger one forgets places.
 */
function effortFor(sizeBytes: number): Effort {
  const { ZSTD_c_compressionLevel, ZSTD_c_enableLongDistanceMatching, ZSTD_c_hashLog } = constants;
  if (sizeBytes <= 256 * KIB) return { [ZSTD_c_compressionLevel]: 9 };
  if (sizeBytes <= MIB) return { [ZSTD_c_compressionLevel]: 18, [ZSTD_c_enableLongDistanceMatching]: 1 };
  return { [ZSTD_c_compressionLevel]: 12, [ZSTD_c_hashLog]: 21 };
}

/** Makes a frame in the form that `checkFrame` asks for, with a dictionary of `newDictionary`. Runs beside the event loop. */
export async function encodeFrame(
  content: Uint8Array,
  dictionary: Uint8Array,
  level?: number,
): Promise<Uint8Array> {
  const options: ZstdOptions = {
    ...withDictionary(dictionary),
    pledgedSrcSize: content.length,
    params: {
      ...(level === undefined ? effortFor(content.length) : { [constants.ZSTD_c_compressionLevel]: level }),
      [constants.ZSTD_c_windowLog]: WINDOW_LOG,
      [constants.ZSTD_c_contentSizeFlag]: 1,
      [constants.ZSTD_c_checksumFlag]: 0,
      [constants.ZSTD_c_dictIDFlag]: 0,
    },
  };
  const frame = await new Promise<Uint8Array>((done, fail) => {
    zstdCompress(content, options, (error, output) => (error ? fail(error) : done(output)));
  });
  checkFrame(frame, content.length, 0);
  return frame;
}

/** The content as it is, in raw blocks. */
export function rawFrame(content: Uint8Array): Uint8Array {
  const head = Buffer.alloc(9);
  head.writeUInt32LE(MAGIC);
  head.writeUInt8((2 << 6) | SINGLE_SEGMENT, 4);
  head.writeUInt32LE(content.length, 5);
  const parts: Uint8Array[] = [head];
  for (let at = 0; at < content.length; at += BLOCK_MAX_BYTES) {
    const block = content.subarray(at, at + BLOCK_MAX_BYTES);
    const blockHead = Buffer.alloc(3);
    const isLast = at + block.length === content.length;
    blockHead.writeUIntLE((block.length << 3) | (isLast ? 1 : 0), 0, 3);
    parts.push(blockHead, block);
  }
  const frame = new Uint8Array(Buffer.concat(parts));
  checkFrame(frame, content.length, 0);
  return frame;
}

/** The prefix, and room for so many bytes of the base after it; `room` gives it where it is made already. */
export function newDictionary(
  sizeBytes: number,
  room: (sizeBytes: number) => Uint8Array = (length) => new Uint8Array(length),
): Uint8Array {
  const whole = room(DICTIONARY_PREFIX.length + sizeBytes);
  whole.set(DICTIONARY_PREFIX);
  return whole;
}

function withDictionary(dictionary: Uint8Array): Pick<ZstdOptions, "dictionary"> {
  return dictionary.length <= DICTIONARY_PREFIX.length ? {} : { dictionary };
}
