/** Time zones by their names in the IANA database, as the runtime knows them, and what a clock on the wall in one says. Pure. */
import { keepNewest } from "./newest.ts";

/** Of a store that says nothing else. */
export const UTC = "UTC";

/** Longer than any zone's name. */
const MOST_CHARACTERS = 60;
const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/;
const DAY_MS = 86_400_000;

/** All that can be chosen, in the order of their names. */
export function knownZones(): readonly string[] {
  zones ??= [...new Set([UTC, ...Intl.supportedValuesOf("timeZone")])].sort();
  return zones;
}
let zones: readonly string[] | undefined;

/** A zone's own spelling; null: there is none of that name. An offset such as +01:00 is none: it knows no summer. */
export function zoneOf(text: string): string | null {
  const before = spelt.get(text);
  if (before !== undefined) return before;
  if (!/^[A-Za-z]/.test(text) || text.length > MOST_CHARACTERS) return null;
  try {
    const zone = new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
    // As many as there are zones, and no spelling of somebody's own.
    if (zone === text) spelt.set(text, zone);
    return zone;
  } catch {
    return null;
  }
}

const spelt = new Map<string, string>();

/** The zone that somebody chose; where none is, or one that this runtime does not have, the other one. */
export function chosenZone(chosen: string | null | undefined, otherwise: string): string {
  return (chosen == null ? null : zoneOf(chosen)) ?? otherwise;
}

const walls = new Map<string, Intl.DateTimeFormat>();
/** Fewer than there are zones for somebody to choose one after the other. */
const MOST_KEPT = 100;

/** What the clock on the wall there shows, read as if it stood in UTC: milliseconds. */
function wallOf(zone: string, at: number): number {
  let format = walls.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-GB", {
      ...{ timeZone: zone, calendar: "iso8601", numberingSystem: "latn", hourCycle: "h23" },
      ...{ year: "numeric", month: "2-digit", day: "2-digit" },
      ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
    });
    keepNewest(walls, zone, format, MOST_KEPT);
  }
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  // Years below 100 are none of the last century, as `Date.UTC` has them.
  const day = new Date(0).setUTCFullYear(part("year"), part("month") - 1, part("day"));
  return day + ((part("hour") * 60 + part("minute")) * 60 + part("second")) * 1000;
}

/** Of a moment the milliseconds that no wall shows; before 1970 as well. */
const fractionOf = (at: number): number => ((at % 1000) + 1000) % 1000;

/**
 * The moment when a clock on the wall shows a day and a time, `2026-03-29T02:30` with or without seconds, as RFC 5545 §3.3.5 has it: of
 * two, where clocks were put back, the first; where they were put forward and never showed it, as much later as they skipped. What
 * is no such text is an invalid date, as with `new Date`.
 */
export function momentIn(zone: string, text: string): Date {
  // Texts that are no time at all `Date.parse` may read all the same.
  const wall = LOCAL_TIME.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
  if (Number.isNaN(wall)) return new Date(Number.NaN);
  // What the wall shows has whole seconds.
  const fraction = fractionOf(wall);
  const offsetAt = (at: number) => wallOf(zone, at) - (at - fraction);
  // No zone changes its clocks twice within two days.
  const [before, after] = [offsetAt(wall - DAY_MS), offsetAt(wall + DAY_MS)];
  const fitting = [wall - before, wall - after].filter((at) => wallOf(zone, at) + fraction === wall);
  return new Date(fitting.length > 0 ? Math.min(...fitting) : wall - before);
}

/** What a clock on the wall there shows to the millisecond, as `momentIn` reads it; of a year without four digits the moment itself. */
export function wallText(zone: string, at: Date): string {
  const text = new Date(wallOf(zone, at.getTime()) + fractionOf(at.getTime()));
  return hasFourDigits(text) ? text.toISOString().slice(0, -1) : at.toISOString();
}

/** What a clock on the wall there shows to the minute, as fields of forms take it: `2026-11-29T07:52`. */
export function localText(zone: string, at: Date): string {
  const text = new Date(wallOf(zone, at.getTime()));
  return hasFourDigits(text) ? text.toISOString().slice(0, 16) : at.toISOString();
}

/** The last day that there is may be over elsewhere, which is no date any more. */
function hasFourDigits(at: Date): boolean {
  const year = at.getUTCFullYear();
  return year >= 0 && year <= 9999;
}
