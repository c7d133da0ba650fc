import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { formatError } from "./findings.ts";
import type { Source } from "./source.ts";
import type { Container, ZipEntry } from "./zip/reader.ts";

export type ExtractedEntry = {
  readonly name: string;
  readonly sizeBytes: number;
  /** Its bytes; size and CRC-32 are checked once more, and the bytes count only when it ends without an error. */
  readonly stream: AsyncIterable<Uint8Array>;
};

const PIECE_BYTES = 256 * 1024;

/**
 * Streams the entries of a package that the gate has passed: `container` comes of `openContainer` and was judged by
 * `verifyPackage`, `source` has the same bytes. The entries come in the container's order; each stream is to be read to its
 * end, or left, before the next is asked for. Throws a FormatError (MPK-C022, C029, C030) when the bytes are not those
 * that were judged, and whatever the source throws.
 */
export async function* extractEntries(source: Source, container: Container): AsyncGenerator<ExtractedEntry> {
  // Loaded late: a start does not pay for it, nor a server that is sent no package.
  const { Open } = await import("unzipper");
  const failures = createFailures();
  const directory = await Open.custom({
    size: async () => source.sizeBytes,
    stream: (offset, length) => sourceStream(source, offset, length, failures.add),
  });
  for (const [index, entry] of container.entries.entries()) {
    const file = directory.files[index];
    if (file?.path !== entry.name || file.offsetToLocalFileHeader !== entry.localHeaderOffset)
      throw notTheSame(entry);
    yield {
      name: entry.name,
      sizeBytes: entry.sizeBytes,
      stream: checkedStream(entry, () => failures.raise(file.stream())),
    };
  }
}

/** The library does not pass a source's failure on to who reads an entry, who would wait for ever. */
function createFailures() {
  let reading: Readable | undefined;
  return {
    add: (error: Error) => reading?.destroy(error),
    raise(stream: Readable): Readable {
      reading = stream;
      return stream;
    },
  };
}

function sourceStream(
  source: Source,
  offset: number,
  length: number | undefined,
  onError: (error: Error) => void,
) {
  const end = length === undefined ? source.sizeBytes : Math.min(source.sizeBytes, offset + length);
  async function* pieces() {
    for (let at = offset; at < end; at += PIECE_BYTES)
      yield await source.read(at, Math.min(PIECE_BYTES, end - at));
  }
  return Readable.from(pieces(), { objectMode: false }).on("error", onError);
}

async function* checkedStream(entry: ZipEntry, open: () => Readable): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  let checksum = 0;
  for await (const chunk of open()) {
    if (!(chunk instanceof Uint8Array))
      throw new TypeError("an entry's stream gave something else than bytes");
    sizeBytes += chunk.length;
    checksum = crc32(chunk, checksum);
    if (sizeBytes > entry.sizeBytes) break;
    yield chunk;
  }
  if (sizeBytes !== entry.sizeBytes || checksum !== entry.crc32) throw notTheSame(entry);
}

function notTheSame(entry: ZipEntry) {
  return formatError(
    "container",
    "MPK-C030",
    `“${entry.name}” is not what it was when the package was judged.`,
    {
      entry: entry.name,
      found: "other bytes",
      expected: "the bytes that were judged",
    },
  );
}
