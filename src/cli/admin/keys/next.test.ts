import { expect, test } from "bun:test";
import { wordsOf } from "./next.ts";

/** What has ended is the most pressing of all: its line says what to type. */
const ENDED = [
  [{ renewedBy: "request", inRequest: false }, "“mosis admin keys export-request”"],
  [{ renewedBy: "request", inRequest: true }, "have it signed, and import it"],
  [{ renewedBy: "job", inRequest: false }, "“mosis admin jobs”"],
] as const;

test.each(ENDED)("what has ended and is renewed by %j", (how, words) => {
  for (const step of [
    { do: "expired", what: "apps" },
    { do: "list_expired", what: "crl-root" },
  ] as const)
    expect(wordsOf({ ...step, at: "2027-06-03T00:00:00Z", ...how })).toMatch(
      new RegExp(`^${step.what}.* has ended on 2027-06-03: .*${words}`),
    );
});

/** The neighbour is what devices do need. */
test.each([
  ["list_expired", "crl-root", "those programs go on", "devices go on"],
  ["expired", "apps", "devices go on", "those programs"],
] as const)("an ended %s (%s) says who waits for it, and nobody else", (step, what, says, not) => {
  const at = "2028-01-02T00:00:00Z";
  const words = wordsOf({ do: step, what, at, renewedBy: "request", inRequest: false });
  expect(words).toContain(says);
  expect(words).not.toContain(not);
});
