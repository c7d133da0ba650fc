/** The one form of a time in everything that is signed (package format, section 2): UTC in whole seconds. Pure. */

/** `YYYY-MM-DDTHH:MM:SSZ`; fractions of a second are dropped. */
export function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** A text that is a real moment in that form: 30 February is none, nor is second 60. */
export function isTime(value: unknown): value is string {
  // An object may have a toString that is no function: it is not asked for one.
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return false;
  const time = new Date(value);
  return !Number.isNaN(time.getTime()) && formatTime(time) === value;
}

/** What is left of a time when it is signed: its fraction of a second dropped. */
export function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}
