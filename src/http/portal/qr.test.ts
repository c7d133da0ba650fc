/** A drawn QR code says what it was drawn of, as a camera's program reads it. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import decodeQR from "qr/decode.js";
import { drawQr } from "./qr.ts";

const PIXELS = 4;

/** The path as a picture: its commands alone, so that nothing but what a browser draws counts. */
function picture({ size, path }: { size: number; path: string }) {
  const side = size * PIXELS;
  const data = new Uint8Array(side * side * 4).fill(255);
  const drawn = path.replaceAll(/M(\d+) (\d+)h(\d+)v1H(\d+)z/g, (_, x, y, width, back) => {
    expect(back).toBe(x);
    for (let row = 0; row < PIXELS; row += 1) {
      const from = ((Number(y) * PIXELS + row) * side + Number(x) * PIXELS) * 4;
      for (let at = from; at < from + Number(width) * PIXELS * 4; at += 4) data.fill(0, at, at + 3);
    }
    return "";
  });
  expect(drawn).toBe("");
  return { width: side, height: side, data };
}

test("whatever an authenticator app is told", () => {
  const word = fc.string({ minLength: 1, maxLength: 40 }).map(encodeURIComponent);
  fc.assert(
    fc.property(word, word, (store, email) => {
      const uri = `otpauth://totp/${store}:${email}?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=${store}`;
      expect(decodeQR(picture(drawQr(uri)))).toBe(uri);
    }),
    { numRuns: 15 },
  );
});

test("four modules around it are light, as cameras need them", () => {
  const { size, path } = drawQr("x");
  const starts = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, width]) =>
    [x, y, width].map(Number),
  );
  for (const [x = 0, y = 0, width = 0] of starts) {
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(4);
    expect(Math.max(x + width, y + 1)).toBeLessThanOrEqual(size - 4);
  }
});
