/**
 * A source of known size that can be read at an offset. What does the reading (a file, a blob store, memory) is made
 * elsewhere: nothing in `format/` or `signing/` does I/O of its own.
 */
export type Source = {
  readonly sizeBytes: number;
  /** Gives exactly `length` bytes from `offset`; rejects when the source does not have them. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Fills these bytes, for who reads much and would rather not leave as much behind for the collector. */
  readInto?(offset: number, bytes: Uint8Array): Promise<void>;
};

/** Fills `bytes` from `offset` on, by `readInto` where the source has it. */
export async function fillFrom(source: Source, offset: number, bytes: Uint8Array): Promise<void> {
  if (source.readInto !== undefined) await source.readInto(offset, bytes);
  else bytes.set(await source.read(offset, bytes.length));
}

/** Bytes that are in memory already, as a source. The bytes are not copied and must not change. */
export function bytesSource(bytes: Uint8Array): Source {
  return {
    sizeBytes: bytes.length,
    read: async (offset, length) => {
      if (offset < 0 || length < 0 || offset + length > bytes.length) {
        throw new RangeError(`bytes ${offset}–${offset + length} are not within 0–${bytes.length}`);
      }
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** The first `prefixBytes` of a source followed by bytes in memory: what appending an envelope gives. */
export function spliceSource(source: Source, prefixBytes: number, tail: Uint8Array): Source {
  const sizeBytes = prefixBytes + tail.length;
  return {
    sizeBytes,
    read: async (offset, length) => {
      if (offset < 0 || length < 0 || offset + length > sizeBytes) {
        throw new RangeError(`bytes ${offset}–${offset + length} are not within 0–${sizeBytes}`);
      }
      if (offset + length <= prefixBytes) return source.read(offset, length);
      if (offset >= prefixBytes) return tail.subarray(offset - prefixBytes, offset - prefixBytes + length);
      const joined = new Uint8Array(length);
      const fromSource = prefixBytes - offset;
      joined.set(await source.read(offset, fromSource));
      joined.set(tail.subarray(0, length - fromSource), fromSource);
      return joined;
    },
  };
}

const WINDOW_BYTES = 256 * 1024;

export type WindowedSource = Source & {
  /** What `read` would give, if it is at hand: a promise for each of very many small reads leaves much to the collector. */
  held(offset: number, length: number): Uint8Array | null;
};

/**
 * The same source, read in windows: small reads that follow one another cost one read of the source beneath. Reads
 * larger than a window go straight through. For one reader at a time, and one that is done with what it was given
 * before it reads again: there is one window, which is filled anew, so that a long source leaves nothing to collect.
 */
export function windowedSource(source: Source): WindowedSource {
  let buffer = new Uint8Array(0);
  let start = 0;
  let filled = 0;
  const held = (offset: number, length: number) =>
    offset < start || offset + length > start + filled
      ? null
      : buffer.subarray(offset - start, offset - start + length);
  return {
    sizeBytes: source.sizeBytes,
    held,
    read: async (offset, length) => {
      if (length >= WINDOW_BYTES) return source.read(offset, length);
      const bytes = held(offset, length);
      if (bytes !== null) return bytes;
      if (buffer.length === 0) buffer = new Uint8Array(Math.min(WINDOW_BYTES, source.sizeBytes));
      // What goes past the end is for the source to refuse.
      const wanted = Math.max(length, Math.min(WINDOW_BYTES, source.sizeBytes - offset));
      if (wanted > buffer.length) return source.read(offset, length);
      filled = 0;
      await fillFrom(source, offset, buffer.subarray(0, wanted));
      start = offset;
      filled = wanted;
      return buffer.subarray(0, length);
    },
  };
}
