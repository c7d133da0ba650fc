import { type ByteReader, type PictureSize, refusePicture, withReader } from "./bytes.ts";

function brokenHeader(format: string, offset: number, found: string, expected: string) {
  return refusePicture("MPK-P008", `The ${format} file has no readable header.`, { offset, found, expected });
}

const END = "the end of the file";

async function takeAll(reader: ByteReader, length: number, format: string): Promise<Buffer> {
  if (!(await reader.fill(length))) throw brokenHeader(format, reader.offset(), END, `${length} bytes`);
  return Buffer.from(reader.take(length));
}

/** The bytes that every file of a format starts with, or fewer at the end. */
async function takeStart(reader: ByteReader, length: number): Promise<Buffer> {
  await reader.fill(length);
  return Buffer.from(reader.take(length));
}

function wrongFormat(format: string, found: Buffer, expected: string) {
  const message = `The file is not ${format}.`;
  const start = found.length === 0 ? "an empty file" : found.toString("hex");
  return refusePicture("MPK-P001", message, { offset: 0, found: start, expected });
}

/** Of segments' markers: frame headers SOF0…SOF15 without DHT (C4), JPG (C8) and DAC (CC) (ITU-T T.81, table B.1). */
function isFrameHeader(marker: number): boolean {
  return marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Markers of segments that may stand before a frame header: none without a length (RSTn, SOI, EOI), no scan. */
function isSegment(marker: number): boolean {
  return marker >= 0xc0 && (marker < 0xd0 || marker > 0xda);
}

/** Cameras write some dozens before the frame header; more are no picture's, but work. */
export const MAX_SEGMENTS = 1024;
/** Before one marker. */
export const MAX_FILL_BYTES = 1024;

/** The size that a JPEG's frame header gives (ITU-T T.81 §B.2.2). Throws MPK-P001 or P008. */
export function readJpegSize(source: AsyncIterable<Uint8Array>): Promise<PictureSize> {
  return withReader(source, jpegSize);
}

async function jpegSize(reader: ByteReader): Promise<PictureSize> {
  const start = await takeStart(reader, 2);
  if (start.toString("hex") !== "ffd8") throw wrongFormat("a JPEG", start, "ffd8");
  for (;;) {
    const offset = reader.offset();
    if (reader.countPart() > MAX_SEGMENTS)
      throw brokenHeader("JPEG", offset, "one more segment", `a frame header in the first ${MAX_SEGMENTS}`);
    const marker = await takeMarker(reader);
    if (!isSegment(marker)) {
      const found = marker === NO_MARKER ? "no marker" : `marker ${marker.toString(16)}`;
      throw brokenHeader("JPEG", offset, found, "a segment before the frame header");
    }
    // Of a file that ends here the length is too short, or nothing is left of the segment.
    if (reader.atHand() < 2) await reader.fill(2);
    const length = reader.byte() * 256 + reader.byte();
    if (length < 2) throw brokenHeader("JPEG", offset, `length ${length}`, "at least 2");
    if (isFrameHeader(marker)) {
      // Precision, height, width, how many components, and three bytes for each: all of it is there.
      const frame = await takeAll(reader, length - 2, "JPEG");
      const components = frame[5] ?? 0;
      if (components === 0 || length !== 8 + 3 * components)
        throw brokenHeader("JPEG", offset, `length ${length}, ${components} components`, "a frame header");
      return nonZero("JPEG", offset, { width: frame.readUInt16BE(3), height: frame.readUInt16BE(1) });
    }
    // A segment that is cut off has no marker after it.
    if (reader.atHand() >= length - 2) reader.take(length - 2);
    else await reader.skip(length - 2);
  }
}

/** No marker has the code 0: after FF it stands for FF in a scan's data. */
const NO_MARKER = 0;

/** The next marker's code. Fill bytes may stand before it (§B.1.1.2). */
async function takeMarker(reader: ByteReader): Promise<number> {
  for (let taken = 0; taken <= MAX_FILL_BYTES + 1; taken++) {
    if (reader.atHand() < 1) await reader.fill(1);
    // 0 at the end of the file.
    const byte = reader.byte();
    if (byte !== 0xff) return taken === 0 ? NO_MARKER : byte;
  }
  return NO_MARKER;
}

/** The size that a WebP's first chunk gives (RFC 9649 §2.4–2.7). Throws MPK-P001 or P008. */
export function readWebpSize(source: AsyncIterable<Uint8Array>, fileBytes: number): Promise<PictureSize> {
  return withReader(source, (reader) => webpSize(reader, fileBytes));
}

async function webpSize(reader: ByteReader, fileBytes: number): Promise<PictureSize> {
  const riff = await takeStart(reader, 12);
  const isWebp = riff.toString("latin1", 0, 4) === "RIFF" && riff.toString("latin1", 8) === "WEBP";
  if (!isWebp) throw wrongFormat("a WebP", riff, "RIFF….WEBP");
  if (riff.readUInt32LE(4) !== fileBytes - 8) {
    throw brokenHeader("WebP", 4, `size ${riff.readUInt32LE(4)}`, `size ${fileBytes - 8}`);
  }
  const chunk = await takeAll(reader, 8, "WebP");
  const type = chunk.toString("latin1", 0, 4);
  const chunkBytes = chunk.readUInt32LE(4);
  const headerBytes = type === "VP8L" ? 5 : 10;
  // A chunk of an odd size is followed by one more byte.
  if (chunkBytes < headerBytes || reader.offset() + chunkBytes + (chunkBytes % 2) > fileBytes)
    throw brokenHeader("WebP", 16, `size ${chunkBytes}`, "a whole first chunk with its header");
  const data = await takeAll(reader, headerBytes, "WebP");
  const size = webpChunkSize(type, data);
  if (size === undefined) throw brokenHeader("WebP", 12, type, "VP8, VP8L or VP8X with its header");
  return nonZero("WebP", 12, size);
}

function webpChunkSize(type: string, data: Buffer): PictureSize | undefined {
  if (type === "VP8X") return { width: 1 + data.readUIntLE(4, 3), height: 1 + data.readUIntLE(7, 3) };
  if (type === "VP8 ") {
    const isKeyFrame = ((data[0] ?? 1) & 1) === 0 && data.toString("hex", 3, 6) === "9d012a";
    return isKeyFrame
      ? { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff }
      : undefined;
  }
  if (type === "VP8L" && data[0] === 0x2f) {
    const bits = data.readUInt32LE(1);
    const isKnownVersion = bits >>> 29 === 0;
    return isKnownVersion ? { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) } : undefined;
  }
  return undefined;
}

function nonZero(format: string, offset: number, size: PictureSize): PictureSize {
  if (size.width > 0 && size.height > 0) return size;
  throw brokenHeader(format, offset, `${size.width} × ${size.height}`, "a width and a height");
}
