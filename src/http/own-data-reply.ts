/** One's own data as a file: sent while it is made, as fast as the other side takes it. */
import { dayText } from "../time.ts";

/** @param day Stands in the file's name. */
export function ownDataReply(pieces: AsyncGenerator<string, void>, day: Date): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await pieces.return();
      },
    },
    // Nothing is read before somebody takes it.
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      "Content-Type": "application/json",
      "Content-Disposition": `attachment; filename="account-${dayText(day)}.json"`,
      "Cache-Control": "no-store",
    },
  });
}
