/** The patterns of delegations, beside the matcher of the library that devices go by. */
import { expect, test } from "bun:test";
import { Targets } from "@tufjs/models";
import fc from "fast-check";
import { isPattern, matcherOf } from "./delegated-paths.ts";

const text = (alphabet: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), maxLength });

test("match as the library's do, whatever the path", () => {
  const pattern = fc
    .array(fc.tuple(text("ab.-", 2), fc.constantFrom("", "*"), text("ab.-", 2)), {
      minLength: 1,
      maxLength: 3,
    })
    .map((segments) => segments.map((parts) => parts.join("")).join("/"))
    .filter(isPattern);
  const path = fc.oneof(text("ab.-/", 8), text("ab[]!{},?\\é/", 8));
  let matched = 0;
  fc.assert(
    fc.property(pattern, path, fc.string({ unit: "grapheme", maxLength: 6 }), (made, given, filler) => {
      const near = made.replaceAll("*", filler);
      const role = {
        name: "a",
        keyids: [],
        threshold: 1,
        terminating: false,
        paths: [made],
      };
      const { delegations } = Targets.fromJSON({
        _type: "targets",
        spec_version: "1.0.31",
        version: 1,
        expires: "2030-01-01T00:00:00Z",
        targets: {},
        delegations: { keys: {}, roles: [role] },
      });
      const matches = matcherOf(made);
      for (const one of [given, near]) {
        const own = matches(one.split("/"));
        if (own) matched += 1;
        expect([made, one, own]).toEqual([
          made,
          one,
          [...(delegations?.rolesForTarget(one) ?? [])].length === 1,
        ]);
      }
    }),
    { numRuns: 3000 },
  );
  expect(matched).toBeGreaterThan(100);
});
