/** A Huffman code of deflate (RFC 1951 §3.2.2), for reading symbols one by one. */
export type HuffmanCode = {
  /** Makes it the code of these lengths, 0 to 15 bits for each symbol, 0 for none. */
  set(lengths: Uint8Array): void;
  /**
   * The symbol that 15 bits begin with, the first bit lowest, as symbol × 16 + its bits; negative where none begins so. Lengths that
   * are no code give anything, and never more than that.
   */
  find(bits: number): number;
};

const MOST_BITS = 15;
/** Codes of up to so many bits are found at once. */
const QUICK_BITS = 9;
const QUICK = 1 << QUICK_BITS;

export function createCode(): HuffmanCode {
  const quick = new Int16Array(QUICK);
  const counts = new Uint16Array(MOST_BITS + 1);
  const next = new Uint16Array(MOST_BITS + 2);
  const symbols = new Uint16Array(320);

  return {
    set(lengths) {
      quick.fill(0);
      counts.fill(0);
      for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
      counts[0] = 0;
      for (let bits = 1; bits <= MOST_BITS; bits++) next[bits + 1] = (next[bits] ?? 0) + (counts[bits] ?? 0);
      const offsets = Uint16Array.from(next);
      for (const [symbol, length] of lengths.entries()) {
        if (length === 0) continue;
        symbols[offsets[length] ?? 0] = symbol;
        offsets[length] = (offsets[length] ?? 0) + 1;
      }
      fillQuick();
    },
    find(bits) {
      const found = quick[bits & (QUICK - 1)] ?? 0;
      return found === 0 ? findLong(bits) : found;
    },
  };

  /** Each code of up to QUICK_BITS at every place that begins with it. */
  function fillQuick(): void {
    let code = 0;
    for (let length = 1; length <= QUICK_BITS; length++) {
      code <<= 1;
      const first = next[length] ?? 0;
      const count = counts[length] ?? 0;
      // Lengths may say more codes of a length than there are.
      for (let at = 0; at < count && code < 1 << length; at++, code++) {
        const found = (symbols[first + at] ?? 0) * 16 + length;
        for (let place = reversed(code, length); place < QUICK; place += 1 << length) quick[place] = found;
      }
    }
  }

  /** Bit by bit: of each length the codes are numbers that follow one another. */
  function findLong(bits: number): number {
    let code = 0;
    let first = 0;
    for (let length = 1; length <= MOST_BITS; length++) {
      code |= (bits >> (length - 1)) & 1;
      const count = counts[length] ?? 0;
      if (code - first < count) return (symbols[(next[length] ?? 0) + code - first] ?? 0) * 16 + length;
      first = (first + count) << 1;
      code <<= 1;
    }
    return -1;
  }
}

/** The lowest `length` bits of a code, which is written with its highest bit first. */
function reversed(code: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((code >> bit) & 1) << (length - 1 - bit);
  return result;
}
