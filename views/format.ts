/** Numbers, sizes and dates in the page's locale. Formatters are costly to make, so they are kept per locale. */

function perLocale<T>(make: (locale: string) => T): (locale: string) => T {
  const made = new Map<string, T>();
  return (locale) => {
    let formatter = made.get(locale);
    if (formatter === undefined) {
      formatter = make(locale);
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
const exact = perLocale(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "long", timeZone: "UTC" }),
);
/** The month in letters: the medium style of some languages has numbers alone, whose order nobody can know. */
const day = perLocale(
  (locale) =>
    new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }),
);
const minute = perLocale(
  (locale) =>
    new Intl.DateTimeFormat(locale, {
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "numeric",
      minute: "2-digit",
      timeZone: "UTC",
      timeZoneName: "short",
    }),
);
const NEAR_MS = 48 * 3600 * 1000;
const size = (unit: string) =>
  perLocale(
    (locale) =>
      new Intl.NumberFormat(locale, {
        style: "unit",
        unit,
        unitDisplay: unit === "byte" ? "long" : "short",
        maximumSignificantDigits: 3,
      }),
  );

const SIZE_STEPS = [
  { below: 1e3, divisor: 1, format: size("byte") },
  { below: 999.5e3, divisor: 1e3, format: size("kilobyte") },
  { below: 999.5e6, divisor: 1e6, format: size("megabyte") },
  { below: Number.POSITIVE_INFINITY, divisor: 1e9, format: size("gigabyte") },
] as const;

const TIME_STEPS: readonly { belowSeconds: number; divisor: number; unit: Intl.RelativeTimeFormatUnit }[] = [
  { belowSeconds: 60, divisor: 1, unit: "second" },
  { belowSeconds: 3600, divisor: 60, unit: "minute" },
  { belowSeconds: 86_400, divisor: 3600, unit: "hour" },
  { belowSeconds: 30 * 86_400, divisor: 86_400, unit: "day" },
];

const languages = perLocale(
  (locale) => new Intl.DisplayNames(locale, { type: "language", languageDisplay: "standard" }),
);

/** A language's name in that language, as it begins a line: "Deutsch". */
export function languageName(tag: string): string {
  const name = languages(tag).of(tag) ?? tag;
  const [first = "", ...rest] = name;
  return first.toLocaleUpperCase(tag) + rest.join("");
}

/** A language's name in another one, as it stands in a sentence: "German". */
export function languageNameIn(locale: string, tag: string): string {
  return languages(locale).of(tag) ?? tag;
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

/** A size given in bytes, in decimal units and three significant digits: "1.25 MB". */
export function formatBytes(locale: string, sizeBytes: number): string {
  const step = SIZE_STEPS.find(({ below }) => sizeBytes < below) ?? SIZE_STEPS[3];
  return step.format(locale).format(sizeBytes / step.divisor);
}

/** How long something took: "38 ms", "1.2 sec". */
export function formatDuration(locale: string, durationMs: number): string {
  const [value, unit] = durationMs < 1000 ? [durationMs, "millisecond"] : [durationMs / 1000, "second"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}

/** The exact time in UTC, for a title: "November 3, 2026 at 2:05:00 PM UTC". */
export function formatExact(locale: string, at: Date): string {
  return exact(locale).format(at);
}

/** What "until" and "since" can stand before: "Nov 3, 2026"; where it is within two days, with the time in UTC. */
export function formatDate(locale: string, at: Date, now: Date): string {
  const isNear = Math.abs(at.getTime() - now.getTime()) < NEAR_MS;
  return (isNear ? minute : day)(locale).format(at);
}

/** "3 minutes ago", "in 2 days"; the date once it is more than 30 days away. */
export function formatRelative(locale: string, at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  const step = TIME_STEPS.find(({ belowSeconds }) => Math.abs(seconds) < belowSeconds);
  if (!step) return day(locale).format(at);
  return relative(locale).format(Math.trunc(seconds / step.divisor), step.unit);
}
