/** Binary OpenPGP keys (RFC 9580 §4.2, §5.5), by their packets. */

const SECRET_KEY = 5;
const SECRET_SUBKEY = 7;
/** Signature, secret key, marker, subkey, user id, user attribute, padding: what may follow. */
const FOLLOWING = new Set([2, 5, 7, 10, 12, 13, 14, 17, 21]);
/** 1 January 1990 and 2060, in seconds: a time of creation. */
const TIMES = [631_152_000, 2_840_140_800] as const;

type Packet = { readonly tag: number; readonly bodyStart: number; readonly end: number };

/** Whether a file begins with a secret key, as `gpg --export-secret-keys` writes one. */
export function startsWithSecretKey(bytes: Buffer): boolean {
  const packet = readPacket(bytes, 0);
  if (packet === null || (packet.tag !== SECRET_KEY && packet.tag !== SECRET_SUBKEY)) return false;
  if (packet.bodyStart + 6 > bytes.length || packet.end - packet.bodyStart < 20) return false;
  const version = bytes[packet.bodyStart] ?? 0;
  const created = bytes.readUInt32BE(packet.bodyStart + 1);
  const algorithm = bytes[packet.bodyStart + 5] ?? 0;
  if (version < 3 || version > 6 || created < TIMES[0] || created > TIMES[1]) return false;
  if (algorithm === 0 || algorithm > 36) return false;
  // What these few bytes say may be chance; that a packet follows where this one ends is not.
  if (packet.end === bytes.length) return true;
  const next = readPacket(bytes, packet.end);
  return next !== null && FOLLOWING.has(next.tag);
}

/** In both forms of headers; null for what is none, and for lengths that are not told. */
function readPacket(bytes: Buffer, at: number): Packet | null {
  const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
  if ((first & 0x80) === 0) return null;
  const isOld = (first & 0x40) === 0;
  const tag = isOld ? (first >> 2) & 0x0f : first & 0x3f;
  const packet = (headerBytes: number, length: number) =>
    at + headerBytes > bytes.length
      ? null
      : { tag, bodyStart: at + headerBytes, end: at + headerBytes + length };
  const fourBytes = (from: number) =>
    bytes.length < from + 4 ? null : packet(from + 4 - at, bytes.readUInt32BE(from));
  if (isOld) {
    if ((first & 3) === 0) return packet(2, second);
    if ((first & 3) === 1) return packet(3, second * 256 + third);
    return (first & 3) === 2 ? fourBytes(at + 1) : null;
  }
  if (second < 192) return packet(2, second);
  if (second < 224) return packet(3, (second - 192) * 256 + third + 192);
  return second === 255 ? fourBytes(at + 2) : null;
}
