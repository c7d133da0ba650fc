/** Reading the files that a configuration names, before anything else runs. */
import { closeSync, openSync, readSync, statSync } from "node:fs";

/**
 * A text in UTF-8; null when it has more than `maxBytes`. A device may be named, and one may give bytes without end; a pipe only
 * where it is what the caller hands over, since any other would be waited for.
 * @throws what the system says, and an Error for a pipe
 */
export function readTextAtMost(path: string, maxBytes: number): string | null {
  if (statSync(path).isFIFO() && !isHandedOver(path)) throw new Error(`${path} is a pipe`);
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(maxBytes + 1);
    for (let filled = 0; filled < bytes.length; ) {
      const count = readSync(file, bytes, filled, bytes.length - filled, null);
      if (count === 0) return bytes.toString("utf8", 0, filled);
      filled += count;
    }
    return null;
  } finally {
    closeSync(file);
  }
}

/**
 * Whether a name stands for what the caller has open: standard input, or what a shell puts in the place of `<(…)`. That
 * is a pipe with a writer, which is read until its end.
 */
export function isHandedOver(path: string): boolean {
  return /^\/dev\/(?:stdin|fd\/\d+)$|^\/proc\/(?:self|\d+)\/fd\/\d+$/.test(path);
}
