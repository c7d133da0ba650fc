/** The one form of a time in everything that is signed (package format, section 2): UTC in whole seconds. Pure. */

/** `YYYY-MM-DDTHH:MM:SSZ`; fractions of a second are dropped. */
export function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** A text that is a real moment in that form: 30 February is none, nor is second 60. */
export function isTime(value: unknown): value is string {
  const text = String(value);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return false;
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && formatTime(time) === value;
}

/** What is left of a time when it is signed: its fraction of a second dropped. */
export function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}
