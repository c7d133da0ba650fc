/** A drawn QR code says what it was drawn of, as a camera's program reads it. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { readQr } from "../../testing/read-qr.ts";
import { drawQr } from "./qr.ts";

test("whatever an authenticator app is told", () => {
  const word = fc.string({ minLength: 1, maxLength: 40 }).map(encodeURIComponent);
  fc.assert(
    fc.property(word, word, (store, email) => {
      const uri = `otpauth://totp/${store}:${email}?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=${store}`;
      expect(readQr(drawQr(uri))).toBe(uri);
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
