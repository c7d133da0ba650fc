import type { PictureSize } from "./bytes.ts";

/** Adam7's passes: first column, first row, column step, row step (PNG §8.2). */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** What says how the rows of a PNG lie. */
export type Pixels = PictureSize & { readonly bitsPerPixel: number; readonly interlaced: boolean };

/** A run of rows of one length; each row starts with a filter byte. */
type Rows = { readonly count: number; readonly rowBytes: number };

/** Of all rows, filter bytes counted. */
export function pixelBytesOf(pixels: Pixels): number {
  return rowsOf(pixels).reduce((sum, { count, rowBytes }) => sum + count * rowBytes, 0);
}

function rowsOf({ width, height, bitsPerPixel, interlaced }: Pixels): Rows[] {
  const rowBytes = (pixels: number) => 1 + Math.ceil((pixels * bitsPerPixel) / 8);
  if (!interlaced) return [{ count: height, rowBytes: rowBytes(width) }];
  return ADAM7.flatMap(([x, y, stepX, stepY]) => {
    const columns = Math.ceil((width - x) / stepX);
    const count = Math.ceil((height - y) / stepY);
    return columns > 0 && count > 0 ? [{ count, rowBytes: rowBytes(columns) }] : [];
  });
}

/** Counts pixels row by row and looks at each row's filter byte, 0…4 (PNG §9.2). */
export function createRowCounter(pixels: Pixels) {
  const runs = rowsOf(pixels);
  let run = 0;
  let row = 0;
  let column = 0;
  const isComplete = () => run === runs.length;
  return {
    isComplete,
    add(bytes: Uint8Array): string | undefined {
      for (let at = 0; at < bytes.length; ) {
        const current = runs[run];
        if (current === undefined) return "too many pixels";
        if (column === 0 && (bytes[at] ?? 0) > 4) return `filter type ${bytes[at]}`;
        const step = Math.min(current.rowBytes - column, bytes.length - at);
        at += step;
        column += step;
        if (column < current.rowBytes) continue;
        column = 0;
        row++;
        if (row < current.count) continue;
        row = 0;
        run++;
      }
      return undefined;
    },
  };
}
