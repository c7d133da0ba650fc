import { describe, expect, test } from "bun:test";
import { knownZones, localText, momentIn, wallText, zoneOf } from "./zones.ts";

describe("a time on the wall is a moment", () => {
  test.each([
    ["UTC", "2026-03-29T02:30", "2026-03-29T02:30:00.000Z"],
    ["Europe/Berlin", "2026-01-15T00:00", "2026-01-14T23:00:00.000Z"],
    ["Europe/Berlin", "2026-07-15T00:00", "2026-07-14T22:00:00.000Z"],
    ["Asia/Kolkata", "2026-07-15T00:00:30", "2026-07-14T18:30:30.000Z"],
    ["Asia/Kolkata", "2026-07-15T00:00:30.25", "2026-07-14T18:30:30.250Z"],
    ["Pacific/Kiritimati", "2026-07-15T00:00", "2026-07-14T10:00:00.000Z"],
    ["Pacific/Pago_Pago", "2026-07-15T00:00", "2026-07-15T11:00:00.000Z"],
    ["UTC", "0050-01-01T00:00", "0050-01-01T00:00:00.000Z"],
    ["UTC", "1969-07-20T20:17:40.5", "1969-07-20T20:17:40.500Z"],
    // Before and after the hour that is not there, and in it.
    ["Europe/Berlin", "2026-03-29T01:59", "2026-03-29T00:59:00.000Z"],
    ["Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30:00.000Z"],
    ["Europe/Berlin", "2026-03-29T03:00", "2026-03-29T01:00:00.000Z"],
    ["America/New_York", "2026-03-08T02:30", "2026-03-08T07:30:00.000Z"],
    // The hour that is there twice is meant as it comes first.
    ["Europe/Berlin", "2026-10-25T01:59", "2026-10-24T23:59:00.000Z"],
    ["Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30:00.000Z"],
    ["Europe/Berlin", "2026-10-25T03:00", "2026-10-25T02:00:00.000Z"],
    ["America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00.000Z"],
    // Half an hour there, and a midnight that is not.
    ["Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45:00.000Z"],
    ["Africa/Cairo", "2026-04-24T00:30", "2026-04-23T22:30:00.000Z"],
  ])("%s %s", (zone, text, at) => {
    expect(momentIn(zone, text).toISOString()).toBe(at);
  });

  test.each(["", "x", "2026-13-01T00:00", "2026-11-29", "2026-11-29T24:01", "2026-11-29T09:30Z"])(
    "“%s” is none",
    (text) => {
      expect(momentIn("Europe/Berlin", text).getTime()).toBeNaN();
    },
  );
});

test.each([
  ["Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T02:30"],
  ["Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25T02:30"],
  ["Europe/Berlin", "2026-12-31T23:00:00Z", "2027-01-01T00:00"],
  ["UTC", "2026-12-31T23:00:59Z", "2026-12-31T23:00"],
])("a clock in %s shows of %s %s", (zone, at, text) => {
  expect(localText(zone, new Date(at))).toBe(text);
});

test("what a clock shows to the millisecond is that moment again", () => {
  const at = new Date("2026-07-14T18:30:30.257Z");
  expect(wallText("Asia/Kolkata", at)).toBe("2026-07-15T00:00:30.257");
  expect(momentIn("Asia/Kolkata", wallText("Asia/Kolkata", at))).toEqual(at);
});

test("of a moment whose year has no four digits it shows the moment itself", () => {
  for (const at of ["+275760-09-13T00:00:00.000Z", "-271821-04-20T00:00:00.000Z"])
    for (const zone of ["Pacific/Kiritimati", "America/Adak", "UTC"])
      expect([wallText(zone, new Date(at)), localText(zone, new Date(at))]).toEqual([at, at]);
});

test("what a clock shows to the millisecond before 1970 is that moment again", () => {
  const at = new Date("1969-07-20T20:17:40.257Z");
  expect(momentIn("Europe/Berlin", wallText("Europe/Berlin", at))).toEqual(at);
});

test("a zone is what the database names, however it is written, and no offset", () => {
  expect(["europe/berlin", "UTC", "utc", "America/Argentina/Buenos_Aires"].map(zoneOf)).toEqual([
    "Europe/Berlin",
    "UTC",
    "UTC",
    "America/Argentina/Buenos_Aires",
  ]);
  for (const text of ["", "+01:00", "Europe/Atlantis", "Mars", `E${"x".repeat(100)}`, " UTC"])
    expect(zoneOf(text)).toBeNull();
  expect(knownZones().every((zone) => zoneOf(zone) !== null)).toBe(true);
});
