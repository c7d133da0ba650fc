/** Numbers, sizes and dates in the page's locale. Formatters are costly to make, so they are kept per locale. */

/** Of each kind; more than one store's people read by at a time, and fewer than there are zones and tags to ask for. */
const MOST_KEPT = 100;

function perLocale<T>(make: (locale: string) => T): (locale: string) => T {
  const made = new Map<string, T>();
  return (locale) => {
    let formatter = made.get(locale);
    if (formatter === undefined) {
      formatter = make(locale);
      const [oldest] = made.keys();
      if (oldest !== undefined && made.size >= MOST_KEPT) made.delete(oldest);
      made.set(locale, formatter);
    }
    return formatter;
  };
}

const integers = perLocale((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }));
const averages = perLocale(
  (locale) => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
);
const compact = perLocale(
  (locale) => new Intl.NumberFormat(locale, { notation: "compact", maximumSignificantDigits: 3 }),
);
const relative = perLocale((locale) => new Intl.RelativeTimeFormat(locale, { numeric: "auto" }));

/** Whom a moment is told to. */
export type Reader = { readonly locale: string; readonly timeZone: string };

/** English as most who read it write dates: with the day before the month, which nobody takes for another day, and 24 hours. */
const datesIn = (locale: string): string => (locale === "en" ? "en-GB" : locale);

function perReader(options: Intl.DateTimeFormatOptions): (reader: Reader) => Intl.DateTimeFormat {
  const made = perLocale((key) => {
    const [locale = "", timeZone = ""] = key.split(" ");
    return new Intl.DateTimeFormat(datesIn(locale), { ...options, timeZone });
  });
  return ({ locale, timeZone }) => made(`${locale} ${timeZone}`);
}

const exact = perReader({ dateStyle: "long", timeStyle: "long" });
/** The month in letters: the medium style of some languages has numbers alone, whose order nobody can know. */
const DAY = { day: "numeric", month: "short", year: "numeric" } as const;
const day = perReader(DAY);
const minute = perReader({ ...DAY, hour: "numeric", minute: "2-digit", timeZoneName: "short" });
const zone = perReader({ timeZoneName: "longGeneric" });
const NEAR_MS = 48 * 3600 * 1000;
const byteCounts = perLocale(
  (locale) => new Intl.NumberFormat(locale, { style: "unit", unit: "byte", unitDisplay: "long" }),
);
const sizes = [0, 1, 2].map((digits) =>
  perLocale((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits })),
);
/** By the signs of IEC 80000-13, which are the same in every language; `Intl` has no names for them. */
const SIZE_UNITS = ["KiB", "MiB", "GiB", "TiB"] as const;

const TIME_STEPS: readonly { belowSeconds: number; divisor: number; unit: Intl.RelativeTimeFormatUnit }[] = [
  { belowSeconds: 60, divisor: 1, unit: "second" },
  { belowSeconds: 3600, divisor: 60, unit: "minute" },
  { belowSeconds: 86_400, divisor: 3600, unit: "hour" },
  { belowSeconds: 30 * 86_400, divisor: 86_400, unit: "day" },
];

const languages = perLocale(
  (locale) => new Intl.DisplayNames(locale, { type: "language", languageDisplay: "standard" }),
);

/**
 * A language's name. Tags are RFC 5646's, of which the runtime names those alone that are language ids (UTS 35): what comes
 * after one, such as private use, stands beside it as it is, and a tag that begins with none is its own name.
 */
function nameOf(names: Intl.DisplayNames, tag: string): string {
  const parts = tag.split("-");
  for (let length = parts.length; length > 0; length -= 1) {
    try {
      const name = names.of(parts.slice(0, length).join("-")) ?? tag;
      return length === parts.length ? name : `${name} (${parts.slice(length).join("-")})`;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return tag;
}

/** A language's name in that language, as it begins a line: "Deutsch". */
export function languageName(tag: string): string {
  try {
    const [first = "", ...rest] = nameOf(languages(tag), tag);
    return first.toLocaleUpperCase(tag) + rest.join("");
  } catch (error) {
    // Nor does it speak each language that has a tag.
    if (!(error instanceof RangeError)) throw error;
    return nameOf(languages("en"), tag);
  }
}

/** A language's name in another one, as it stands in a sentence: "German". */
export function languageNameIn(locale: string, tag: string): string {
  return nameOf(languages(locale), tag);
}

/** A whole number with the locale's grouping. */
export function formatNumber(locale: string, value: number): string {
  return integers(locale).format(value);
}

/** A figure to be read at a glance: whole below a million, "12.3M" from there. */
export function formatFigure(locale: string, value: number): string {
  return value < 1e6 ? formatNumber(locale, value) : compact(locale).format(value);
}

/** With one decimal, always: an average of stars. */
export function formatAverage(locale: string, value: number): string {
  return averages(locale).format(value);
}

/**
 * A size given in bytes, in binary units and about three digits, as the program's commands say it: "1.25 MiB". Limits are
 * powers of two, are set in MiB and stand so in the format: in decimal units they would be other, crooked numbers.
 */
export function formatBytes(locale: string, sizeBytes: number): string {
  if (sizeBytes < 1024) return byteCounts(locale).format(sizeBytes);
  let value = sizeBytes / 1024;
  let power = 0;
  // What would be rounded to 1024 of a unit is one of the next.
  for (; value >= 1023.5 && power < SIZE_UNITS.length - 1; power++) value /= 1024;
  const format = sizes[value < 9.995 ? 2 : value < 99.95 ? 1 : 0] ?? integers;
  return `${format(locale).format(value)}\u00a0${SIZE_UNITS[power]}`;
}

/** How long something took: "38 ms", "1.2 sec". */
export function formatDuration(locale: string, durationMs: number): string {
  const [value, unit] = durationMs < 1000 ? [durationMs, "millisecond"] : [durationMs / 1000, "second"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}

/** The exact time in the reader's zone, for a title: "3 November 2026 at 14:05:00 CET". */
export function formatExact(reader: Reader, at: Date): string {
  return exact(reader).format(at);
}

/** What "until" and "since" can stand before: "3 Nov 2026"; where it is within two days, with the time. */
export function formatDate(reader: Reader, at: Date, now: Date): string {
  const isNear = Math.abs(at.getTime() - now.getTime()) < NEAR_MS;
  return (isNear ? minute : day)(reader).format(at);
}

/** A moment by itself, with the zone that it is told in: "29 Nov 2026, 07:52 CET". */
export function formatTime(reader: Reader, at: Date): string {
  return minute(reader).format(at);
}

/** "3 minutes ago", "in 2 days"; the date once it is more than 30 days away. */
export function formatRelative(reader: Reader, at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const step = TIME_STEPS.find(({ belowSeconds }) => Math.abs(seconds) < belowSeconds);
  if (!step) return day(reader).format(at);
  return relative(reader.locale).format(Math.trunc(seconds / step.divisor), step.unit);
}

/** A zone in words, whichever season it is: "Central European Time". */
export function zoneName({ locale, timeZone }: Reader, now: Date): string {
  const named = zone({ locale, timeZone })
    .formatToParts(now)
    .find(({ type }) => type === "timeZoneName")?.value;
  // Of UTC, and of zones that have no name, it is an offset.
  return named === undefined || /\d/.test(named) ? timeZone : named;
}
