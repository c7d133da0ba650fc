/**
 * Refusals that come before the body was read, or in the middle of it. To close a connection on which bytes still arrive resets it (RFC 9112 §9.6), and
 * what the client, or the proxy between, has not read by then is lost: an answer becomes "bad gateway". So what still comes
 * is read and thrown away for a while, after the answer and before its end.
 */
import { giveBack } from "../format/give-back.ts";
import { type BodyReader, declaredLength, unfinishedReader } from "./body-bytes.ts";

/** Less is in the buffers of the connection already. */
const LEAST_BYTES = 64 * 1024;
/** Who sees the answer stops sending; who does not is cut off. */
const QUIET_MS = 300;
const LONGEST_MS = 5000;

/** The same answer, which ends when the client has stopped sending. @param moved As of the handler. */
export function lingering(request: Request, response: Response, moved: () => void): Response {
  const { body, bodyUsed } = request;
  const begun = unfinishedReader(request);
  if (body === null || (begun === null && (bodyUsed || body.locked))) return response;
  const declared = declaredLength(request);
  if (response.status < 400 || (declared !== null && declared < LEAST_BYTES)) {
    void begun?.cancel().catch(() => {});
    return response;
  }
  const rest = begun ?? body.getReader();
  const headers = new Headers(response.headers);
  headers.delete("Content-Length");
  headers.set("Connection", "close");
  const answer = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(await response.bytes());
      await throwAway(rest, moved);
      controller.close();
    },
  });
  return new Response(answer, { status: response.status, headers });
}

async function throwAway(reader: BodyReader, moved: () => void): Promise<void> {
  const startedAt = Bun.nanoseconds();
  try {
    while (Bun.nanoseconds() - startedAt < LONGEST_MS * 1e6) {
      const next = await Promise.race([reader.read(), Bun.sleep(QUIET_MS)]);
      if (next === undefined || next.done) return;
      moved();
      giveBack(next.value);
    }
  } catch {
    // The client has gone.
  } finally {
    await reader.cancel().catch(() => {});
  }
}
