/** What comes in, whatever it is: pixels in the sizes that are shown come out, and nothing else. */
import { describe, expect, test } from "bun:test";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { plainPng, plainWebp } from "../../format/pictures/plain.ts";
import { PNG_SIGNATURE, pngChunk, pngHeader, pngOf } from "../../testing/shown-pictures.ts";
import { makeSizes, PICTURE_FAULTS } from "./make.ts";

const SECRET = "GPS 52.5163, 13.3777";

const dimensions = async (bytes: Uint8Array) => {
  const { width, height, format } = await new Bun.Image(bytes).metadata();
  return { width, height, format: String(format) };
};

async function made(bytes: Uint8Array, kind: "icon" | "screenshot") {
  const sizes = await makeSizes(bytes, kind);
  if (typeof sizes === "string") throw new Error(sizes);
  return sizes;
}

describe("the sizes", () => {
  test("of an icon are square PNGs, the largest as it came", async () => {
    const sizes = await made(pngOf(512, 512), "icon");
    expect(sizes.map(({ size, widthPx, heightPx }) => [size, widthPx, heightPx])).toEqual([
      ["48", 48, 48],
      ["96", 96, 96],
      ["192", 192, 192],
      ["512", 512, 512],
    ]);
    for (const { bytes, widthPx } of sizes)
      expect(await dimensions(bytes)).toEqual({ width: widthPx, height: widthPx, format: "png" });
  });

  test.each([
    [
      "wide",
      1920,
      1080,
      [
        [480, 270],
        [960, 540],
        [1920, 1080],
      ],
    ],
    [
      "tall",
      720,
      2880,
      [
        [120, 480],
        [240, 960],
        [480, 1920],
      ],
    ],
    [
      "small",
      320,
      400,
      [
        [320, 400],
        [320, 400],
        [320, 400],
      ],
    ],
  ] as const)("of a %s screenshot keep its shape, and are never larger", async (_, width, height, wanted) => {
    const sizes = await made(pngOf(width, height), "screenshot");
    expect(sizes.map(({ size }) => size)).toEqual(["small", "medium", "large"]);
    expect(sizes.map(({ widthPx, heightPx }) => [widthPx, heightPx])).toEqual(wanted.map((one) => [...one]));
    for (const { bytes, widthPx, heightPx } of sizes)
      expect(await dimensions(bytes)).toEqual({ width: widthPx, height: heightPx, format: "webp" });
  });
});

describe("nothing but pixels comes through:", () => {
  const profile = Buffer.concat([
    Buffer.from("ICC\0\0", "latin1"),
    deflateSync(Buffer.from(SECRET.repeat(20))),
  ]);
  const texts = [
    pngChunk("tEXt", Buffer.from(`Comment\0${SECRET}`)),
    pngChunk("eXIf", Buffer.from(`II*\0${SECRET}`)),
    pngChunk("iTXt", Buffer.from(`XML:com.adobe.xmp\0\0\0\0\0${SECRET}`)),
    pngChunk("prVt", Buffer.from(SECRET)),
  ];
  const png = pngOf(512, 512, pngChunk("iCCP", profile), ...texts);
  const exif = Buffer.from(`Exif\0\0II*\0\x08\0\0\0\0\0${SECRET}`, "latin1");
  const withSegments = (jpeg: Uint8Array) => {
    const segment = (marker: number, data: Buffer) =>
      Buffer.concat([Buffer.of(0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255), data]);
    return Buffer.concat([
      jpeg.subarray(0, 2),
      segment(0xe1, exif),
      segment(0xe2, Buffer.from(`ICC_PROFILE\0\x01\x01${SECRET}`, "latin1")),
      segment(0xfe, Buffer.from(SECRET)),
      jpeg.subarray(2),
      Buffer.from(SECRET),
    ]);
  };

  test.each([
    ["a PNG", "icon", async () => png],
    ["a PNG", "screenshot", async () => png],
    ["a JPEG", "screenshot", async () => withSegments(await new Bun.Image(pngOf(512, 512)).jpeg().bytes())],
    ["a WebP", "screenshot", async () => new Bun.Image(png).webp({ lossless: true }).bytes()],
  ] as const)("%s as %s", async (_, kind, bytesOf) => {
    for (const { bytes } of await made(await bytesOf(), kind)) {
      const text = Buffer.from(bytes).toString("latin1");
      expect(text).not.toContain(SECRET);
      expect(text.match(/iCCP|tEXt|iTXt|zTXt|eXIf|prVt|ICCP|EXIF|XMP |Exif/g)).toBeNull();
    }
  });
});

describe("hostile or broken, and said so:", () => {
  const rows = (width: number, height: number) => deflateSync(Buffer.alloc((width * 4 + 1) * height));
  const file = (...chunks: readonly Buffer[]) =>
    Buffer.concat([PNG_SIGNATURE, ...chunks, pngChunk("IEND", Buffer.of())]);
  const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`);
  const gif = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
  const bmp = Buffer.concat([Buffer.from("BM"), Buffer.alloc(60)]);
  const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0heicmif1", "latin1");
  const whole = pngOf(64, 64);
  const flipped = Buffer.from(whole);
  flipped[60] = (flipped[60] ?? 0) ^ 0xff;
  const zeros = Buffer.alloc(300 * 2 ** 20);

  test.each([
    ["nothing", Buffer.alloc(0), "format"],
    ["a text", Buffer.from("hello"), "format"],
    ["an SVG", svg, "format"],
    ["a GIF", gif, "format"],
    ["a BMP", bmp, "format"],
    ["a HEIC", heic, "format"],
    ["a PNG of 3.6 thousand million pixels", file(pngHeader(60_000, 60_000)), "too_large"],
    ["one pixel column too many", file(pngHeader(3841, 3840), pngChunk("IDAT", rows(1, 1))), "too_large"],
    ["a PNG without pixels", file(pngHeader(64, 64)), "undecodable"],
    ["too few rows", file(pngHeader(64, 128), pngChunk("IDAT", rows(64, 64))), "undecodable"],
    ["a wrong checksum", flipped, "undecodable"],
    ["cut in the middle", whole.subarray(0, whole.length / 2), "undecodable"],
    ["only a signature", PNG_SIGNATURE, "undecodable"],
    ["no width", file(pngHeader(0, 64), pngChunk("IDAT", rows(1, 1))), "undecodable"],
    [
      "a colour type that is none",
      file(pngHeader(64, 64, 8, 5), pngChunk("IDAT", rows(64, 64))),
      "undecodable",
    ],
    [
      "a profile that inflates to 300 MiB",
      pngOf(64, 64, pngChunk("iCCP", Buffer.concat([Buffer.from("a\0\0"), deflateSync(zeros)]))),
      "undecodable",
    ],
    ["a JPEG of three bytes", Buffer.of(0xff, 0xd8, 0xff), "undecodable"],
    ["a WebP of twelve bytes", Buffer.from("RIFF\x04\0\0\0WEBP", "latin1"), "undecodable"],
  ] as const)("%s", async (_, bytes, fault) => {
    expect(await makeSizes(bytes, "screenshot")).toBe(fault);
  });

  test("pixels that inflate to more than there are of them take no more memory than they", async () => {
    const bomb = file(pngHeader(64, 64), pngChunk("IDAT", deflateSync(zeros)));
    Bun.gc(true);
    const before = process.memoryUsage.rss();
    await makeSizes(bomb, "screenshot");
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 2 ** 20);
  });

  test("an icon has to be square", async () => {
    expect(await makeSizes(pngOf(512, 511), "icon")).toBe("not_square");
  });

  test("whatever bytes are changed, what comes out is a picture or the name of a fault", async () => {
    const seeds = [
      Buffer.from(pngOf(40, 40)),
      Buffer.from(await new Bun.Image(pngOf(40, 40)).jpeg().bytes()),
      Buffer.from(await new Bun.Image(pngOf(40, 40)).webp().bytes()),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.option(fc.nat(), { nil: null }),
        async (seed, changes, cut) => {
          const bytes = Buffer.from(seed);
          for (const [at, value] of changes) bytes[at % bytes.length] = value;
          const result = await makeSizes(
            cut === null ? bytes : bytes.subarray(0, cut % bytes.length),
            "screenshot",
          );
          if (typeof result === "string") expect(PICTURE_FAULTS).toContain(result);
          else
            for (const one of result)
              expect(await dimensions(one.bytes)).toMatchObject({ width: one.widthPx });
        },
      ),
      { numRuns: 150 },
    );
  });
});

test("what an encoder made and is cut off is an error, never half a picture", async () => {
  const png = await new Bun.Image(pngOf(32, 32)).png().bytes();
  const webp = await new Bun.Image(pngOf(32, 32)).webp().bytes();
  for (const [bytes, plain] of [
    [png, plainPng],
    [webp, plainWebp],
  ] as const) {
    expect(() => plain(bytes.subarray(0, bytes.length - 3))).toThrow();
    expect(() => plain(bytes.subarray(0, 15))).toThrow();
  }
});
