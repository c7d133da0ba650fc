import { expect, test } from "bun:test";
import { Metadata, MetadataKind } from "@tufjs/models";
import fc from "fast-check";
import { snapshotMetadata } from "./listed-snapshot.ts";

type Json = Parameters<typeof snapshotMetadata>[0];

const anything = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json[string]>;
/** Mostly as it should be, so that what is refused is so for one thing. */
const mostly = (right: fc.Arbitrary<unknown>, wrong: fc.Arbitrary<unknown> = anything) =>
  fc.oneof({ weight: 15, arbitrary: right }, wrong);
const number = mostly(fc.integer({ min: 1 }));
const file = fc.record({ version: number, length: number, more: anything }, { requiredKeys: ["version"] });
const meta = fc.dictionary(
  mostly(fc.string(), fc.constant("__proto__")) as fc.Arbitrary<string>,
  mostly(file),
  {
    maxKeys: 4,
  },
);
const signed = fc.record({
  _type: mostly(fc.constant("snapshot"), fc.constant("targets")),
  spec_version: mostly(fc.constant("1.0.31"), fc.constant("2.0")),
  version: number,
  expires: mostly(fc.constant("2026-11-28T19:00:00Z"), fc.constant("never")),
  meta: mostly(meta),
  more: anything,
});
const signature = fc.record({ keyid: fc.constantFrom("a", "b"), sig: fc.string() });
const document = fc.record({
  signed: mostly(signed),
  signatures: mostly(fc.array(signature, { maxLength: 2 })),
  more: anything,
});

/** What becomes of it, or that it is refused. */
function outcome(read: () => { toJSON(): unknown }): string {
  try {
    return JSON.stringify(read().toJSON());
  } catch {
    return "refused";
  }
}

test("it is read and written as by the classes of the library, and refused where they refuse it", () => {
  let taken = 0;
  fc.assert(
    fc.property(document, (json) => {
      const own = outcome(() => snapshotMetadata(json as Json));
      expect(own).toBe(outcome(() => Metadata.fromJSON(MetadataKind.Snapshot, json as Json)));
      if (own !== "refused") taken += 1;
    }),
    { numRuns: 500 },
  );
  expect(taken).toBeGreaterThan(20);
});
