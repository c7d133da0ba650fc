/**
 * Frees the memory of bytes that nobody will look at again: the runtime's collector sees the small object and not the
 * memory behind it. Bytes that are a part of a larger buffer are left alone, unless it is just as large as `ofBytes`.
 */
export function giveBack(bytes: Uint8Array, ofBytes = bytes.byteLength): void {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === ofBytes) buffer.transfer(0);
}
