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

  /** A stored block of one black pixel's bytes, after so many empty ones that the stream has this length. */
  const ofLength = (length: number) => {
    const empty = (length - 2 - 5 - 2 - 4) / 5;
    const block = Uint8Array.of(1, 2, 0, 0xfd, 0xff, 0, 0);
    return Buffer.concat([
      Uint8Array.of(0x78, 1),
      Buffer.alloc(empty * 5, Uint8Array.of(0, 0, 0, 0xff, 0xff)),
      block,
      Uint8Array.of(0, 2, 0, 1),
    ]);
  };
  // Two bytes of pixels, no quarter of them, and 65,536.
  const MOST = 65_538;
  const stream = ofLength(MOST);
  const cut = (...bytes: readonly Uint8Array[]) =>
    Buffer.concat([PNG_START, pngHeader(1, 1), ...bytes.map((part) => pngChunk("IDAT", part)), END]);
  const tooLong = (bytes: number) =>
    `MPK-P004 ${bytes} bytes of image data, or more, for 2 bytes of pixels, at most ${MOST} bytes`;
  test.each([
    ["at most", cut(stream), "ok"],
    [
      "at most, in three chunks",
      cut(stream.subarray(0, 1), stream.subarray(1, 40_000), stream.subarray(40_000)),
      "ok",
    ],
    ["five bytes more", cut(ofLength(MOST + 5)), tooLong(MOST + 5)],
    ["a byte more, behind the end", cut(stream, Uint8Array.of(0)), tooLong(MOST + 1)],
  ])("image data: %s", async (_, bytes, expected) => {
    expect(await verdict(() => checkPng(once(bytes), () => {}))).toBe(expected);
  });

  test("image data that is too long is refused at the head of its chunk, and nothing of it is read", async () => {
    const head = Buffer.from(pngChunk("IDAT", new Uint8Array(0)).subarray(0, 8));
    head.writeUInt32BE(2 ** 31 - 1);
    async function* source() {
      yield Buffer.concat([PNG_START, pngHeader(1, 1), head]);
      throw new RangeError("more was read");
    }
    expect(await verdict(() => checkPng(source(), () => {}))).toBe(tooLong(2 ** 31 - 1));
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
