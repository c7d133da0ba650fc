import { expect, test } from "bun:test";
import fc from "fast-check";
import { multipartBoundary, readMultipart } from "../http/multipart.ts";
import { formStream } from "./form.ts";

const collect = async (bytes: AsyncIterable<Uint8Array>): Promise<Buffer> =>
  Buffer.concat(await Array.fromAsync(bytes));

test("what is sent is what our own reader of forms finds, and has the length that was said, each time", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme", maxLength: 300 }),
      fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 6 }),
      async (notes, pieces) => {
        const file = Buffer.concat(pieces);
        const body = formStream(
          { notes, hold: false, organisationId: undefined },
          { field: "package", name: "a.mosis", mediaType: "application/octet-stream" },
          {
            sizeBytes: file.length,
            async *chunks() {
              yield* pieces;
            },
          },
        );
        for (let sent = 0; sent < 2; sent += 1) {
          const whole = await collect(body.open() as unknown as AsyncIterable<Uint8Array>);
          expect(whole.length).toBe(body.sizeBytes);
          const found: [string, string | null, string][] = [];
          const parts = readMultipart(
            new Blob([whole as Uint8Array<ArrayBuffer>]).stream() as never,
            multipartBoundary(body.mediaType),
          );
          for await (const part of parts)
            found.push([part.name, part.fileName, (await collect(part.bytes)).toString("latin1")]);
          expect(found).toEqual([
            ["notes", null, Buffer.from(notes).toString("latin1")],
            ["hold", null, "false"],
            ["package", "a.mosis", file.toString("latin1")],
          ]);
        }
      },
    ),
    { numRuns: 60 },
  );
});
