/** Reading the files that a configuration names, before anything else runs. */
import { closeSync, openSync, readSync } from "node:fs";

/**
 * A text in UTF-8; null when it has more than `maxBytes`. A device or a pipe may be named, and one may give bytes without end.
 * @throws what the system says
 */
export function readTextAtMost(path: string, maxBytes: number): string | null {
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
