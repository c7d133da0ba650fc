/** Reads a QR code that a page drew, as a camera's program does. */
import decodeQR from "qr/decode.js";

const PIXELS = 4;

/** The path as a picture: its commands alone, so that nothing but what a browser draws counts. */
function picture({ size, path }: { readonly size: number; readonly path: string }) {
  const side = size * PIXELS;
  const data = new Uint8Array(side * side * 4).fill(255);
  const drawn = path.replaceAll(/M(\d+) (\d+)h(\d+)v1H(\d+)z/g, (_, x, y, width, back) => {
    if (back !== x) throw new Error("a row does not come back to where it began");
    for (let row = 0; row < PIXELS; row += 1) {
      const from = ((Number(y) * PIXELS + row) * side + Number(x) * PIXELS) * 4;
      for (let at = from; at < from + Number(width) * PIXELS * 4; at += 4) data.fill(0, at, at + 3);
    }
    return "";
  });
  if (drawn !== "") throw new Error(`the path has more than rows: ${drawn.slice(0, 40)}`);
  return { width: side, height: side, data };
}

export function readQr(drawing: { readonly size: number; readonly path: string }): string {
  return decodeQR(picture(drawing));
}
