/**
 * The text of an enrolment code: three groups of five symbols, such as `K7QF3-M2X9W-DP4TB`. Fourteen symbols are random,
 * 70 bits; the last one makes a wrong symbol, and two that were swapped, known before anybody asks the store. Pure.
 */

/** Base 32 without the letters that look like others (Crockford's). */
const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const RANDOM_SYMBOLS = 14;
const GROUP = 5;
const CODE_PATTERN = /^[0-9A-HJKMNP-TV-Z]{15}$/;
/** x⁵ + x² + 1, by which symbols are multiplied as elements of GF(32). */
const POLYNOMIAL = 0b100101;

/**
 * Evaluates the symbols as a polynomial at x, by Horner's rule. 0 for every whole code: a wrong symbol changes the sum,
 * and so do two different ones that were swapped, since no two of the 15 places have the same power of x.
 */
function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => timesX(sum) ^ value, 0);
}

function timesX(value: number): number {
  const doubled = value << 1;
  return doubled & 32 ? doubled ^ POLYNOMIAL : doubled;
}

/** @param bytes 14 random ones, of each of which five bits are taken. */
export function makeCode(bytes: Uint8Array): string {
  if (bytes.length !== RANDOM_SYMBOLS) throw new RangeError(`a code is made from ${RANDOM_SYMBOLS} bytes`);
  const values = [...bytes].map((byte) => byte & 31);
  return written([...values, timesX(sumOf(values))].map((value) => SYMBOLS[value]).join(""));
}

/** As it is shown. */
function written(symbols: string): string {
  return symbols.replace(new RegExp(`.{${GROUP}}(?=.)`, "g"), "$&-");
}

/**
 * What somebody typed, as it is shown: in any case, with or without hyphens and spaces, with I and L for 1 and O for 0.
 * null: no code looks so, or a symbol of it is wrong.
 */
export function parseCode(text: string): string | null {
  if (text.length > 100) return null;
  const typed = text.replace(/[\s-]/g, "");
  // Letters of other scripts have capitals of ours: a dotless i would become an I, here and not everywhere.
  if (/[^0-9A-Za-z]/.test(typed)) return null;
  const symbols = typed.toUpperCase().replace(/[IL]/g, "1").replace(/O/g, "0");
  if (!CODE_PATTERN.test(symbols)) return null;
  return sumOf([...symbols].map((symbol) => SYMBOLS.indexOf(symbol))) === 0 ? written(symbols) : null;
}
