/** How a key's id is shown. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { digitsText } from "./keys.ts";

test("64 hexadecimal digits are shown in groups of four, and nothing else is touched", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-f]{64}$/), (id) => {
      expect(digitsText(id)).toMatch(/^(?:[0-9a-f]{4} ){15}[0-9a-f]{4}$/);
      expect(digitsText(id).replaceAll(" ", "")).toBe(id);
    }),
  );
  for (const other of ["com.example.notes", "", "ab".repeat(31), "AB".repeat(32), "ab".repeat(33)])
    expect(digitsText(other)).toBe(other);
});
