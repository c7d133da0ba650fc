import { createInflate, createInflateRaw, type Inflate, type InflateRaw } from "node:zlib";
import { giveBack } from "./give-back.ts";

/** Why compressed data was refused: not a whole stream, or bytes follow its end. */
export type InflateFault = "broken" | "ends-early";

/** Thrown by `inflateExactly`; callers turn it into a finding with a code and a place of their own. */
export class InflateError extends Error {
  constructor(
    readonly fault: InflateFault,
    readonly reason: string,
  ) {
    super(`${fault}: ${reason}`);
  }
}

const PIECE_BYTES = 256 * 1024;

/**
 * Inflates one deflate stream ("raw", RFC 1951) or zlib stream ("zlib", RFC 1950) that ends exactly with the last byte
 * of `compressed`; gives its output in pieces of at most 256 KiB. Throws InflateError.
 *
 * The streaming inflater does not say how much of its input it has used, but it ends by itself as soon as input is left
 * over. The last byte is therefore given alone: if the stream has ended by itself, it did so before that byte; if it
 * can be ended after it, it ends exactly there.
 */
export async function* inflateExactly(
  compressed: AsyncIterable<Uint8Array>,
  format: "raw" | "zlib",
): AsyncGenerator<Uint8Array, void, undefined> {
  const inflater = (format === "raw" ? createInflateRaw : createInflate)({ chunkSize: PIECE_BYTES });
  const driver = drive(inflater);
  try {
    for await (const piece of lastByteAlone(compressed)) {
      yield* driver.outputOf((done) => inflater.write(piece, done));
      if (await driver.hasEnded()) throw new InflateError("ends-early", "bytes after the end of the stream");
    }
    yield* driver.rest();
  } catch (error) {
    throw asInflateError(error);
  } finally {
    inflater.destroy();
  }
}

/**
 * Frees the memory of a piece that `inflateExactly` gave and that nobody will look at again, nor at any before it: they
 * fill one memory after another, so the piece that ends one is the last in it.
 */
export function giveBackPiece(piece: Uint8Array): void {
  if (piece.byteOffset + piece.byteLength === PIECE_BYTES) giveBack(piece, PIECE_BYTES);
}

/** The failure of `node:zlib` as an InflateError; any other error as it is. */
export function asInflateError(error: unknown): unknown {
  const code = String(Object(error).code);
  return code.startsWith("Z_") ? new InflateError("broken", code) : error;
}

async function* lastByteAlone(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array | undefined;
  for await (const piece of pieces) {
    if (piece.length === 0) continue;
    if (held !== undefined) yield held;
    if (piece.length > 1) yield piece.subarray(0, -1);
    // A copy: the piece's memory may be used again by whoever gave it.
    held = piece.slice(-1);
  }
  if (held !== undefined) yield held;
}

type Driver = {
  /** Starts one write and gives all output that comes of it. */
  outputOf(start: (done: (error?: Error | null) => void) => void): AsyncGenerator<Uint8Array>;
  /** Ends the input and gives what is left. */
  rest(): AsyncGenerator<Uint8Array>;
  /** Whether the inflater has ended by itself; to be asked when its output is drained. */
  hasEnded(): Promise<boolean>;
};

function drive(inflater: InflateRaw | Inflate): Driver {
  let failure: Error | undefined;
  let ended = false;
  let wake = () => {};
  inflater.on("readable", () => wake());
  inflater.on("end", () => {
    ended = true;
    wake();
  });
  inflater.on("error", (error) => {
    failure = error;
    wake();
  });

  async function* until(isDone: () => boolean): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk: unknown = inflater.read();
      if (failure !== undefined) throw failure;
      if (chunk instanceof Uint8Array) {
        yield chunk;
      } else if (ended || isDone()) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }

  return {
    async *outputOf(start) {
      let done = false;
      start((error) => {
        if (error instanceof Error) failure ??= error;
        done = true;
        wake();
      });
      yield* until(() => done);
    },
    async *rest() {
      inflater.end();
      yield* until(() => false);
    },
    async hasEnded() {
      // 'end' is emitted in a later tick than the one in which the last output was read.
      await new Promise((resolve) => setImmediate(resolve));
      if (failure !== undefined) throw failure;
      return ended;
    },
  };
}
