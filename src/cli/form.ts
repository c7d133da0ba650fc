/** A form with a file (RFC 7578) as a body that is sent as it is read, and whose length is known before. */
import { randomBytes } from "node:crypto";
import type { Query, StreamBody } from "./client.ts";

export type FilePart = { readonly field: string; readonly name: string; readonly mediaType: string };
export type FileBytes = {
  readonly sizeBytes: number;
  /** From the start, each time that the body is sent. */
  readonly chunks: () => AsyncGenerator<Uint8Array>;
};

/** The fields that have a value, in their order, and the file last: so the store knows all of them before its bytes. */
export function formStream(fields: Query, file: FilePart, bytes: FileBytes): StreamBody {
  // No file can have been made to hold it.
  const boundary = `mosis-${randomBytes(24).toString("hex")}`;
  const head = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    .join("");
  const before = Buffer.from(
    `${head}--${boundary}\r\nContent-Disposition: form-data; name="${file.field}"; filename="${file.name}"\r\nContent-Type: ${file.mediaType}\r\n\r\n`,
  );
  const after = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    mediaType: `multipart/form-data; boundary=${boundary}`,
    sizeBytes: before.length + bytes.sizeBytes + after.length,
    open: () => streamOf(around(before, bytes.chunks(), after)),
  };
}

async function* around(
  before: Uint8Array,
  chunks: AsyncGenerator<Uint8Array>,
  after: Uint8Array,
): AsyncGenerator<Uint8Array> {
  yield before;
  yield* chunks;
  yield after;
}

/** Read as the connection takes it: what was pulled has been sent, but for a buffer's worth. */
export function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { value, done } = await chunks.next();
        if (done === true || value === undefined) return controller.close();
        controller.enqueue(value);
      },
      cancel: async () => {
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
