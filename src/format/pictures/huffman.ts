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
/** After so many that were found bit by bit. A block of fewer symbols is not worth the table, and there may be millions of them. */
const QUICK_AFTER = 32;
/** Of literals and lengths; the distances have fewer. */
const MOST_SYMBOLS = 288;

export function createCode(): HuffmanCode {
  const quick = new Int16Array(QUICK);
  let isQuick = false;
  let foundSlowly = 0;
  const counts = new Uint16Array(MOST_BITS + 1);
  /** Where the symbols of each length begin. */
  const starts = new Uint16Array(MOST_BITS + 2);
  const ends = new Uint16Array(MOST_BITS + 2);
  const symbols = new Uint16Array(MOST_SYMBOLS);

  return {
    set(lengths) {
      if (isQuick) quick.fill(0);
      isQuick = false;
      foundSlowly = 0;
      counts.fill(0);
      for (let symbol = 0; symbol < lengths.length; symbol++) {
        const length = lengths[symbol] ?? 0;
        counts[length] = (counts[length] ?? 0) + 1;
      }
      counts[0] = 0;
      for (let bits = 1; bits <= MOST_BITS; bits++)
        starts[bits + 1] = (starts[bits] ?? 0) + (counts[bits] ?? 0);
      ends.set(starts);
      for (let symbol = 0; symbol < lengths.length; symbol++) {
        const length = lengths[symbol] ?? 0;
        if (length === 0) continue;
        const place = ends[length] ?? 0;
        symbols[place] = symbol;
        ends[length] = place + 1;
      }
    },
    find(bits) {
      const found = quick[bits & (QUICK - 1)] ?? 0;
      if (found !== 0) return found;
      if (++foundSlowly === QUICK_AFTER) fillQuick();
      return findLong(bits);
    },
  };

  /** Each code of up to QUICK_BITS at every place that begins with it. */
  function fillQuick(): void {
    isQuick = true;
    let code = 0;
    for (let length = 1; length <= QUICK_BITS; length++) {
      code <<= 1;
      const first = starts[length] ?? 0;
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
      if (code - first < count) return (symbols[(starts[length] ?? 0) + code - first] ?? 0) * 16 + length;
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
