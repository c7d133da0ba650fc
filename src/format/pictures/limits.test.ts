import { describe, expect, test } from "bun:test";
import { deflateSync } from "node:zlib";
import { isProblem } from "../../errors.ts";
import { PNG_START, pngChunk, pngHeader } from "../testing.ts";
import { readJpegSize } from "./headers.ts";
import { checkPng } from "./png.ts";

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** "ok", or the code with what was found and expected. */
async function verdict(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return "ok";
  } catch (error) {
    if (!isProblem(error)) throw error;
    return `${error.code} ${error.details[0]?.found}, ${error.details[0]?.expected}`;
  }
}

const END = pngChunk("IEND", new Uint8Array(0));

describe("a PNG's", () => {
  const image = pngChunk("IDAT", deflateSync(new Uint8Array(64 * 65)));
  const withChunks = (count: number) => {
    const extra = Array<Uint8Array>(count - 3).fill(pngChunk("teXt", new Uint8Array(0)));
    return Buffer.concat([PNG_START, pngHeader(64, 64), ...extra, image, END]);
  };
  test.each([
    [16_384, "ok"],
    [16_385, "MPK-P002 one more chunk, at most 16384 chunks"],
  ])("chunks, all counted: %d", async (count, expected) => {
    expect(await verdict(() => checkPng(once(withChunks(count)), () => {}))).toBe(expected);
  });

  const ofWidth = (width: number, height: number) => {
    const pixels = deflateSync(new Uint8Array(height * (width + 1)), { level: 1 });
    return Buffer.concat([PNG_START, pngHeader(width, height), pngChunk("IDAT", pixels), END]);
  };
  // A row has a filter byte beside its pixels.
  test.each([
    [8191, 8192, "ok"],
    [8192, 8192, "MPK-P004 8192 × 8192 pixels of 8 bits, 67117056 bytes, at most 67108864 bytes"],
  ])("pixels: %d × %d", async (width, height, expected) => {
    expect(await verdict(() => checkPng(once(ofWidth(width, height)), () => {}))).toBe(expected);
  });

  test("size is judged before how much it inflates to", async () => {
    const judge = () => {
      throw new RangeError("its size is not wanted");
    };
    expect(checkPng(once(ofWidth(8192, 8192)), judge)).rejects.toThrow("its size is not wanted");
  });
});

describe("a JPEG's", () => {
  const FRAME = Buffer.from("ffc0000b080200020001011100", "hex");
  const START = Uint8Array.of(0xff, 0xd8);
  const SEGMENT = Uint8Array.of(0xff, 0xe0, 0, 2);
  test.each([
    [1023, "ok"],
    [1024, "MPK-P008 one more segment, a frame header in the first 1024"],
  ])("segments before the frame header: %d", async (count, expected) => {
    const bytes = Buffer.concat([START, ...Array<Uint8Array>(count).fill(SEGMENT), FRAME]);
    expect(await verdict(() => readJpegSize(once(bytes)))).toBe(expected);
  });
  test.each([
    [1024, "ok"],
    [1025, "MPK-P008 no marker, a segment before the frame header"],
  ])("fill bytes before a marker: %d", async (count, expected) => {
    const bytes = Buffer.concat([START, Buffer.alloc(count, 0xff), FRAME]);
    expect(await verdict(() => readJpegSize(once(bytes)))).toBe(expected);
  });
});
