import { type ByteReader, createByteReader, type PictureSize, refusePicture } from "./bytes.ts";

function brokenHeader(format: string, offset: number, found: string, expected: string) {
  return refusePicture("MPK-P008", `The ${format} file has no readable header.`, { offset, found, expected });
}

async function takeAll(reader: ByteReader, length: number, format: string): Promise<Buffer> {
  const offset = reader.offset();
  const bytes = Buffer.from(await reader.take(length));
  if (bytes.length < length) throw brokenHeader(format, offset, "the end of the file", `${length} bytes`);
  return bytes;
}

function wrongFormat(format: string, found: Buffer, expected: string) {
  const message = `The file is not ${format}.`;
  return refusePicture("MPK-P001", message, { offset: 0, found: found.toString("hex"), expected });
}

/** Frame headers SOF0…SOF15 without DHT (C4), JPG (C8) and DAC (CC) (ITU-T T.81, table B.1). */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** The size that a JPEG's frame header gives (ITU-T T.81 §B.2.2). Throws MPK-P001 or P008. */
export async function readJpegSize(source: AsyncIterable<Uint8Array>): Promise<PictureSize> {
  const reader = createByteReader(source);
  const start = Buffer.from(await reader.take(2));
  if (start.toString("hex") !== "ffd8") throw wrongFormat("a JPEG", start, "ffd8");
  for (;;) {
    const offset = reader.offset();
    const [lead, code] = await takeAll(reader, 2, "JPEG");
    let marker = code ?? 0;
    // Any number of fill bytes may stand before a marker (§B.1.1.2).
    while (marker === 0xff) marker = (await takeAll(reader, 1, "JPEG"))[0] ?? 0;
    const isSegment =
      marker >= 0xc0 && marker !== 0xd8 && marker !== 0xd9 && marker !== 0xda && (marker & 0xf8) !== 0xd0;
    if (lead !== 0xff || !isSegment) {
      throw brokenHeader(
        "JPEG",
        offset,
        `marker ${marker.toString(16)}`,
        "a segment before the frame header",
      );
    }
    const length = (await takeAll(reader, 2, "JPEG")).readUInt16BE(0);
    if (length < 2) throw brokenHeader("JPEG", offset, `length ${length}`, "at least 2");
    if (!isFrameHeader(marker)) {
      let passed = 0;
      for await (const piece of reader.pieces(length - 2)) passed += piece.length;
      if (passed < length - 2) throw brokenHeader("JPEG", offset, "the end of the file", "a frame header");
      continue;
    }
    if (length < 8) throw brokenHeader("JPEG", offset, `length ${length}`, "a frame header");
    const frame = await takeAll(reader, 5, "JPEG");
    return nonZero("JPEG", offset, { width: frame.readUInt16BE(3), height: frame.readUInt16BE(1) });
  }
}

/** The size that a WebP's first chunk gives (RFC 9649 §2.4–2.7). Throws MPK-P001 or P008. */
export async function readWebpSize(
  source: AsyncIterable<Uint8Array>,
  fileBytes: number,
): Promise<PictureSize> {
  const reader = createByteReader(source);
  const riff = Buffer.from(await reader.take(12));
  const isWebp =
    riff.length === 12 && riff.toString("latin1", 0, 4) === "RIFF" && riff.toString("latin1", 8) === "WEBP";
  if (!isWebp) throw wrongFormat("a WebP", riff, "RIFF….WEBP");
  if (riff.readUInt32LE(4) !== fileBytes - 8) {
    throw brokenHeader("WebP", 4, `size ${riff.readUInt32LE(4)}`, `size ${fileBytes - 8}`);
  }
  const type = (await takeAll(reader, 8, "WebP")).toString("latin1", 0, 4);
  const data = await takeAll(reader, type === "VP8L" ? 5 : 10, "WebP");
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
    return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  return undefined;
}

function nonZero(format: string, offset: number, size: PictureSize): PictureSize {
  if (size.width > 0 && size.height > 0) return size;
  throw brokenHeader(format, offset, `${size.width} × ${size.height}`, "a width and a height");
}
