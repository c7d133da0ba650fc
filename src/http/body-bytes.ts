/** The bytes of a request as they come: counted, held to a pace, and told apart when they were cut off. */
import { Problem } from "../errors.ts";
import { giveBack } from "../format/give-back.ts";
import { say } from "../say.ts";

export type Pace = {
  /** Milliseconds of waiting for the client after which it is judged, again and again. */
  readonly windowMs: number;
  /** What must have come in each window. */
  readonly leastBytes: number;
};

/** How long a server waits for its clients. */
export type Patience = {
  /** A connection on which nothing moves for so long is closed. */
  readonly idleSeconds: number;
  /** The slowest line that is of any use to an upload. One that is silent altogether is idle. */
  readonly pace: Pace;
  /** A body of little comes at once; one that drips is an attack, or a connection of no use. */
  readonly smallBodyMs: number;
  /** So often an event stream says at least something, and asks again whether its client may read what it tells. */
  readonly aliveMs: number;
  /** An event stream ends after so long, and its client opens another one: one that died in silence is not kept. */
  readonly streamMs: number;
};

export const PATIENCE: Patience = {
  idleSeconds: 60,
  pace: { windowMs: 30_000, leastBytes: 30 * 1024 },
  smallBodyMs: 20_000,
  aliveMs: 15_000,
  streamMs: 600_000,
};

/** How the body of one request comes. */
export type Arrival = {
  readonly patience: Patience;
  /** To be called when some of it came: the connection is not idle. */
  readonly moved: () => void;
};

export type BodyLimits = {
  /** Content-Length; null when it was not sent. */
  readonly declared: number | null;
  readonly maxBytes: number;
  /** What is thrown when there are more. */
  readonly tooMany: () => Problem;
  readonly arrival: Arrival;
  /** Each piece is void when the next is asked for, and its memory is free again: for bodies that are streamed on. */
  readonly oneAtATime?: boolean;
};

export function declaredLength(request: Request): number | null {
  const header = request.headers.get("content-length");
  return header !== null && /^\d{1,15}$/.test(header) ? Number(header) : null;
}

export type BodyReader = ReadableStreamDefaultReader<Uint8Array>;

const unfinished = new WeakMap<ReadableStream, BodyReader>();

/** Who reads a body and has not come to its end; null: nobody has begun, or there is nothing more to come. */
export function unfinishedReader({ body }: Request): BodyReader | null {
  return body === null ? null : (unfinished.get(body) ?? null);
}

/**
 * The body. One that ends before its declared length was cut off, and is an error. Who stops in the middle leaves the rest of it
 * where it is: what becomes of that is seen to after the answer was made.
 * @throws Problem `request.cut_off`, `request.too_slow`, and `tooMany()`
 */
export async function* bodyBytes(request: Request, limits: BodyLimits): AsyncGenerator<Uint8Array> {
  const { declared, maxBytes, tooMany } = limits;
  const judge = paceJudge(limits.arrival.patience.pace);
  let received = 0;
  const { body } = request;
  const reader = body?.getReader();
  if (body && reader) unfinished.set(body, reader);
  while (body && reader) {
    const askedAt = Bun.nanoseconds();
    const { done, value } = await reader.read().catch((error: unknown) => {
      unfinished.delete(body);
      throw cutOff(error);
    });
    if (done) {
      unfinished.delete(body);
      break;
    }
    received += value.byteLength;
    limits.arrival.moved();
    if (received > maxBytes) throw tooMany();
    // Only what was spent on waiting for the client counts, not what our disk took.
    judge(value.byteLength, (Bun.nanoseconds() - askedAt) / 1e6);
    yield value;
    if (limits.oneAtATime) giveBack(value);
  }
  if (request.signal.aborted || (declared !== null && received !== declared)) throw cutOff(undefined);
}

function paceJudge({ windowMs, leastBytes }: Pace): (bytes: number, waitedMs: number) => void {
  let bytesInWindow = 0;
  let waitedInWindow = 0;
  return (bytes, waitedMs) => {
    bytesInWindow += bytes;
    waitedInWindow += waitedMs;
    if (waitedInWindow < windowMs) return;
    if (bytesInWindow < leastBytes) {
      throw new Problem(
        "invalid",
        "request.too_slow",
        say`The body comes too slowly: fewer than ${leastBytes} bytes in ${windowMs / 1000} seconds.`,
      );
    }
    bytesInWindow = 0;
    waitedInWindow = 0;
  };
}

function cutOff(cause: unknown): Problem {
  const message = say`The connection ended before the whole body was sent.`;
  return new Problem("invalid", "request.cut_off", message, [], { cause });
}
