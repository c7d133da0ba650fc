/** Sizes for people, the same everywhere: in messages, in the commands, and as `views/format.ts` says them on pages. Pure. */

import { LocalName } from "./say.ts";

/** By the signs of IEC 80000-13, which are the same in every language; `Intl` has no names for them. */
const UNITS = ["KiB", "MiB", "GiB", "TiB"] as const;

/** A size in the largest unit of which there is one, from 1024 bytes; with the decimals that give about three digits. */
export function sizeInUnit(sizeBytes: number): {
  readonly value: number;
  readonly decimals: number;
  readonly unit: string;
} {
  let value = sizeBytes / 1024;
  let power = 0;
  // What would be rounded to 1024 of a unit is one of the next.
  for (; value >= 1023.5 && power < UNITS.length - 1; power++) value /= 1024;
  return { value, decimals: value < 9.995 ? 2 : value < 99.95 ? 1 : 0, unit: UNITS[power] ?? "TiB" };
}

/**
 * In binary units: limits are powers of two, are set in MiB and stand so in the format; in decimal units they would be other,
 * crooked numbers. With a no-break space: "1.5 MiB".
 */
export function sizeIn(locale: string, sizeBytes: number): string {
  if (sizeBytes < 1024)
    return new Intl.NumberFormat(locale, { style: "unit", unit: "byte", unitDisplay: "long" }).format(
      sizeBytes,
    );
  const { value, decimals, unit } = sizeInUnit(sizeBytes);
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: decimals }).format(value)}\u00a0${unit}`;
}

/** As a value of a sentence. */
export function saidSize(sizeBytes: number): LocalName {
  return new LocalName((locale) => sizeIn(locale, sizeBytes));
}
