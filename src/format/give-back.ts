/**
 * Frees the memory of bytes that nobody will look at again: the runtime's collector sees the small object and not the
 * memory behind it. Bytes that are a part of a larger buffer are left alone.
 */
export function giveBack(bytes: Uint8Array): void {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength) buffer.transfer(0);
}
