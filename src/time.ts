/** Lengths of time, and how a moment is said in plain text: on pages the browser's language says it. What the time is, a clock tells. */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** To the minute: `2026-11-27 15:04 UTC`. */
export function minuteText(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** The day in UTC: `2026-11-27`. */
export function dayText(at: Date): string {
  return at.toISOString().slice(0, 10);
}
