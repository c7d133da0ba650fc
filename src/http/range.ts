/** Range requests (RFC 9110 §14): one range of bytes; what a client may not rely on is answered with the whole. */

export type Range = { readonly start: number; readonly endExclusive: number };

/**
 * The asked range; null for the whole, `unsatisfiable` for one that begins past the end. Several ranges, other units
 * and malformed ones are ignored, as §14.2 allows. Blanks are passed over, as the listener does with files by itself.
 */
export function parseRange(header: string | null, sizeBytes: number): Range | null | "unsatisfiable" {
  const match =
    header === null ? null : /^bytes=[ \t]*(\d{0,15})[ \t]*-[ \t]*(\d{0,15})$/i.exec(header.trim());
  if (!match) return null;
  const [, first = "", last = ""] = match;
  if (first === "") {
    if (last === "") return null;
    const suffix = Number(last);
    if (suffix === 0 || sizeBytes === 0) return "unsatisfiable";
    return { start: Math.max(0, sizeBytes - suffix), endExclusive: sizeBytes };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return null;
  if (start >= sizeBytes) return "unsatisfiable";
  return { start, endExclusive: last === "" ? sizeBytes : Math.min(sizeBytes, Number(last) + 1) };
}

/** True when If-Range allows a part: without one, or when it names the present ETag (a date never does here). */
export function rangeAllowed(ifRange: string | null, etag: string): boolean {
  return ifRange === null || (!etag.startsWith("W/") && ifRange.trim() === etag);
}
