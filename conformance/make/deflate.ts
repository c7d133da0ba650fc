/** Deflate streams by hand (RFC 1951). */

/** The bytes in stored blocks: valid, and larger than what they hold. */
export function storedBlocks(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  do {
    const piece = bytes.subarray(at, at + 0xffff);
    at += piece.length;
    const head = Buffer.alloc(5);
    head[0] = at >= bytes.length ? 1 : 0;
    head.writeUInt16LE(piece.length, 1);
    head.writeUInt16LE(piece.length ^ 0xffff, 3);
    parts.push(head, piece);
  } while (at < bytes.length);
  return Buffer.concat(parts);
}
