/** Whether a file of a package is text that can be shown, and how it is laid out for that. Pure. */

/** Larger files are not shown as text: nobody reads them, and their lines would be looked for for long. */
export const SHOWN_TEXT_BYTES = 512 * 1024;

/** Nor are those of more lines: what is made of each would be more than the file. */
const SHOWN_TEXT_LINES = 20_000;

export function hasManyLines(bytes: Uint8Array): boolean {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1))
    if (++count > SHOWN_TEXT_LINES) return true;
  return false;
}
const LINE_FEED = 0x0a;

/** Null for what is no text: not UTF-8, or with a zero in it. A byte order mark stays, since it can be seen. */
export function shownText(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * JSON that stands on one line, as a package's canonical documents do, in many: nobody sees what changed in it else. Null for
 * any other text, for JSON of which that would hide something (a key that is there twice, or a number's spelling), and for what would
 * not be shown when it is laid out, which is reckoned first: what stands deep becomes many times as long.
 */
export function laidOutJson(text: string): string | null {
  if (!isShownLaidOut(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? `${JSON.stringify(value, null, 2)}\n` : null;
  } catch {
    return null;
  }
}

/** Deeper JSON is for nobody to read. */
const SHOWN_DEPTH = 100;

/** By its brackets and commas alone: JSON or not, it takes one look at each character. */
function isShownLaidOut(text: string): boolean {
  let [depth, lines, characters] = [0, 1, text.length];
  let isInText = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isInText) {
      if (code === 0x5c) at++;
      else if (code === 0x22) isInText = false;
    } else if (code === 0x22) isInText = true;
    else {
      const opens = code === 0x5b || code === 0x7b;
      const closes = code === 0x5d || code === 0x7d;
      if (opens) depth++;
      if (closes) depth--;
      if (!opens && !closes && code !== 0x2c) continue;
      lines++;
      characters += 1 + 2 * Math.max(0, depth);
      if (depth > SHOWN_DEPTH || lines > SHOWN_TEXT_LINES || characters > SHOWN_TEXT_BYTES) return false;
    }
  }
  return true;
}
