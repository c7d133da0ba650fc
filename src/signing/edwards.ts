/** Ed25519's public keys as points of edwards25519 (RFC 8032 §5.1): which are points at all, and which are of small order. */

const P = 2n ** 255n - 19n;
const D = modulo(-121665n * power(121666n, P - 2n));

/**
 * Whether a key, of 32 bytes, decodes to a point (§5.1.3): y is below p, there is an x for it, and the sign bit is not set where x is 0.
 * What libraries accept here differs, so it is not left to them.
 */
export function isDecodable(key: Uint8Array): boolean {
  const { y, sign } = coordinates(key);
  if (y >= P) return false;
  const square = modulo((y * y - 1n) * power(modulo(D * y * y + 1n), P - 2n));
  if (square === 0n) return sign === 0;
  return power(square, (P - 1n) / 2n) === 1n;
}

/** A y of the points of order 8; the other one is its negative. */
const ORDER_8_Y = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
const SMALL_ORDER: ReadonlySet<bigint> = new Set([0n, 1n, P - 1n, ORDER_8_Y, P - ORDER_8_Y]);

/** Whether a point has an order of 1, 2, 4 or 8: its signatures say nothing, since many verify for every message. */
export function isSmallOrder(key: Uint8Array): boolean {
  return SMALL_ORDER.has(modulo(coordinates(key).y));
}

function coordinates(key: Uint8Array): { y: bigint; sign: number } {
  const bytes = Buffer.from(key).reverse();
  const sign = (bytes[0] ?? 0) >> 7;
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return { y: BigInt(`0x${bytes.toString("hex") || "0"}`), sign };
}

function modulo(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = modulo(base);
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
