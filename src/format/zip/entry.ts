import { crc32, inflateRawSync } from "node:zlib";
import { type FindingCode, type FormatError, formatError } from "../findings.ts";
import { giveBack } from "../give-back.ts";
import { asInflateError, giveBackPiece, InflateError, inflateExactly } from "../inflate.ts";
import type { Source, WindowedSource } from "../source.ts";
import type { Container, ZipEntry } from "./reader.ts";

/** Entries up to this size, before and after, are inflated in one go: a few milliseconds at most. */
const WHOLE_BYTES = 512 * 1024;
const PIECE_BYTES = 128 * 1024;

function refuse(
  code: FindingCode,
  entry: ZipEntry,
  message: string,
  found: string,
  expected: string,
): FormatError {
  return formatError("container", code, message, { entry: entry.name, found, expected });
}

/**
 * Streams what an entry inflates to. The deflate stream must end in the entry's last byte, and size and CRC-32 must be
 * those of the header; it stops as soon as there is more than declared. What was given so far counts only when the
 * iteration ends without an error. Throws a FormatError, MPK-C027…C030. Memory does not depend on the entry's size.
 * `windowed`: a view of the container's source to read by. What is given is then only lent, until the next piece is
 * asked for: its memory is used again.
 */
export async function* readEntry(
  container: Pick<Container, "source">,
  entry: ZipEntry,
  windowed?: Source,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = windowed ?? container.source;
  if (isSmall(entry)) {
    const whole = wholeOf(await readCompressed(source, entry), entry);
    if (whole.length > 0) yield whole;
    if (windowed !== undefined) giveBackWhole(whole, entry);
    return;
  }
  let sizeBytes = 0;
  let checksum = 0;
  try {
    const stored = pieces(source, entry);
    for await (const chunk of entry.method === 0 ? stored : inflateExactly(stored, "raw")) {
      sizeBytes += chunk.length;
      if (sizeBytes > entry.sizeBytes) throw tooMuch(entry);
      checksum = crc32(chunk, checksum);
      yield chunk;
      if (windowed !== undefined && entry.method !== 0) giveBackPiece(chunk);
    }
  } catch (error) {
    throw error instanceof InflateError ? inflateRefusal(error, entry) : error;
  }
  checkWhole(entry, sizeBytes, checksum);
}

type Take = (piece: Uint8Array) => Promise<void> | undefined;

/**
 * The same for very many entries: `take` is given each piece, lent for the call. There is nothing to wait for where an entry
 * is small and at hand: what waiting for each of 20,000 leaves to the collector is more than all of them hold.
 */
export function readPieces(
  container: Pick<Container, "source">,
  entry: ZipEntry,
  windowed: WindowedSource,
  take: Take,
): Promise<void> | undefined {
  if (!isSmall(entry)) return takeEach(readEntry(container, entry, windowed), take);
  const compressed = windowed.held(entry.dataOffset, entry.compressedSizeBytes);
  if (compressed !== null) return takeWhole(compressed, entry, take);
  return readCompressed(windowed, entry).then((read) => takeWhole(read, entry, take));
}

async function takeEach(pieces: AsyncIterable<Uint8Array>, take: Take): Promise<void> {
  for await (const piece of pieces) await take(piece);
}

function takeWhole(compressed: Uint8Array, entry: ZipEntry, take: Take): Promise<void> | undefined {
  const whole = wholeOf(compressed, entry);
  const turn = take(whole);
  giveBackWhole(whole, entry);
  return turn;
}

function checkWhole(entry: ZipEntry, sizeBytes: number, checksum: number): void {
  if (sizeBytes !== entry.sizeBytes) {
    const message = `“${entry.name}” inflates to fewer bytes than its header says.`;
    throw refuse("MPK-C029", entry, message, `${sizeBytes} bytes`, `${entry.sizeBytes} bytes`);
  }
  if (checksum !== entry.crc32) {
    const message = `The CRC-32 of “${entry.name}” does not match: the file was damaged or changed.`;
    throw refuse("MPK-C030", entry, message, checksum.toString(16), entry.crc32.toString(16));
  }
}

/** The whole of an entry in memory, checked as `readEntry` does. For entries whose size the caller has judged. */
export async function readEntryBytes(
  container: Pick<Container, "source">,
  entry: ZipEntry,
): Promise<Uint8Array> {
  const whole = new Uint8Array(entry.sizeBytes);
  let offset = 0;
  for await (const chunk of readEntry(container, entry)) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return whole;
}

/** What was inflated at once fills its memory, or has one byte more behind it. */
function giveBackWhole(whole: Uint8Array, entry: ZipEntry): void {
  if (entry.method === 0) return;
  giveBack(whole);
  giveBack(whole, entry.sizeBytes + 1);
}

async function* pieces(source: Source, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < entry.compressedSizeBytes; at += PIECE_BYTES) {
    yield await source.read(entry.dataOffset + at, Math.min(PIECE_BYTES, entry.compressedSizeBytes - at));
  }
}

function isSmall({ method, sizeBytes, compressedSizeBytes }: ZipEntry): boolean {
  const most = method === 0 ? PIECE_BYTES : WHOLE_BYTES;
  return sizeBytes <= most && compressedSizeBytes <= most;
}

async function readCompressed(source: Source, entry: ZipEntry): Promise<Uint8Array> {
  if (entry.compressedSizeBytes === 0) return new Uint8Array(0);
  return source.read(entry.dataOffset, entry.compressedSizeBytes);
}

/** What a small entry's data hold; all is checked. */
function wholeOf(compressed: Uint8Array, entry: ZipEntry): Uint8Array {
  const whole = entry.method === 0 ? compressed : inflateWhole(compressed, entry);
  if (whole.length > entry.sizeBytes) throw tooMuch(entry);
  checkWhole(entry, whole.length, crc32(whole));
  return whole;
}

function inflateWhole(compressed: Uint8Array, entry: ZipEntry): Uint8Array {
  try {
    const { bytes, consumedBytes } = inflateAtOnce(compressed, entry);
    if (consumedBytes === compressed.length) return bytes;
  } catch (error) {
    throw error instanceof InflateError ? inflateRefusal(error, entry) : error;
  }
  throw inflateRefusal(new InflateError("ends-early", "bytes after the end of the stream"), entry);
}

function inflateAtOnce(
  compressed: Uint8Array,
  entry: ZipEntry,
): { bytes: Uint8Array; consumedBytes: number } {
  const limit = entry.sizeBytes + 1;
  try {
    // With `info` the answer is {buffer, engine}, which the types do not know; engine.bytesWritten is what was consumed.
    const options = { info: true, maxOutputLength: limit, chunkSize: Math.max(64, limit) };
    const result: unknown = inflateRawSync(compressed, options);
    if (!isInflateInfo(result)) throw new TypeError("inflateRawSync did not answer with {buffer, engine}");
    return { bytes: result.buffer, consumedBytes: result.engine.bytesWritten };
  } catch (error) {
    if (Object(error).code === "ERR_BUFFER_TOO_LARGE") throw tooMuch(entry);
    throw asInflateError(error);
  }
}

function isInflateInfo(value: unknown): value is { buffer: Uint8Array; engine: { bytesWritten: number } } {
  if (typeof value !== "object" || value === null || !("buffer" in value) || !("engine" in value))
    return false;
  const { buffer, engine } = value;
  return (
    buffer instanceof Uint8Array &&
    typeof engine === "object" &&
    engine !== null &&
    "bytesWritten" in engine &&
    typeof engine.bytesWritten === "number"
  );
}

function tooMuch(entry: ZipEntry): FormatError {
  const message = `“${entry.name}” inflates to more than its header says.`;
  return refuse("MPK-C029", entry, message, `more than ${entry.sizeBytes} bytes`, `${entry.sizeBytes} bytes`);
}

function inflateRefusal(error: InflateError, entry: ZipEntry): FormatError {
  if (error.fault === "ends-early") {
    const message = `The compressed data of “${entry.name}” ends before the entry does.`;
    return refuse("MPK-C028", entry, message, error.reason, "none");
  }
  const message = `The compressed data of “${entry.name}” is broken or cut off.`;
  return refuse("MPK-C027", entry, message, error.reason, "one whole deflate stream");
}
