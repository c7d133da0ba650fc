import { expect, test } from "bun:test";
import schema from "../../assets/schema/manifest.schema.json" with { type: "json" };
import { canonicalize } from "../signing/json.ts";
import { parseManifest } from "./manifest.ts";
import { sampleManifest } from "./testing.ts";

/** A manifest with this many names, each in a locale that is written wrongly and with a text of wrong characters. */
function withFaults(count: number) {
  const names = Array.from({ length: count }, (_, index) => [`AAA-x-${10_000 + index}`, " \u0327\u0085"]);
  return canonicalize({ ...sampleManifest(), name: { en: "Sample", ...Object.fromEntries(names) } });
}

test.each([
  [3, 6],
  [24_000, 50],
])("of faults at %p names %p are told", (count, told) => {
  const result = parseManifest(withFaults(count));
  if (result.ok) throw new Error("it was taken");
  expect(result.findings.length).toBe(told);
  expect(result.findings[0].code).toBe("MPK-M014");
});

/** All parts of a JSON document. */
function* partsOf(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof value !== "object" || value === null) return;
  yield { ...value };
  for (const part of Object.values(value)) yield* partsOf(part);
}

test("what has to be different are texts, as the schema says where it says so: others would be compared pair by pair", () => {
  const lists = [...partsOf(schema)].filter(({ uniqueItems }) => uniqueItems === true);
  expect(lists.length).toBeGreaterThan(3);
  for (const { items } of lists) expect(items).toMatchObject({ type: "string" });
});
