/** QR codes as drawings: what a view needs to draw one without a style or a picture. */
import { encodeQR } from "qr";
import { rememberLast } from "./recent.ts";

/** Modules to a side, with the quiet zone of four around them (ISO/IEC 18004), and the dark ones as an SVG path. */
export type QrDrawing = { readonly size: number; readonly path: string };

const QUIET = 4;

/** Each view of an app's page draws the same: the last ones are kept. */
export const drawQr = rememberLast(128, draw);

function draw(text: string): QrDrawing {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: QUIET });
  let path = "";
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (!row[x]) continue;
      const from = x;
      while (row[x + 1]) x += 1;
      path += `M${from} ${y}h${x - from + 1}v1H${from}z`;
    }
  });
  return { size: rows.length, path };
}
