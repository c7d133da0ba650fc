/** Every delta container of the kit, applied in this process. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DELTA_CODES } from "../src/format/codes-delta.ts";
import { basePackage, DELTA_CASES, expectedFiles, makeDelta } from "./make/cases/deltas.ts";
import { type Index, indexDelta } from "./make/kit.ts";
import { applyInProcess } from "./testing/judge-delta.ts";

const committed: Index = JSON.parse(readFileSync(join(import.meta.dirname, "cases.json"), "utf8"));

describe("the cases of deltas", () => {
  test("each has its verdict, code and result, and the bytes that cases.json names", async () => {
    const wrong: unknown[] = [];
    const expected = await expectedFiles();
    for (const made of DELTA_CASES) {
      const bytes = await makeDelta(made.plan);
      const row = committed.deltas.find(({ id }) => id === made.id);
      if (JSON.stringify(row) !== JSON.stringify(indexDelta(made, bytes)))
        wrong.push(`${made.id}: cases.json is stale: run bun conformance/generate.ts`);
      const base = made.base === null ? null : basePackage(made.base);
      const { code, files } = await applyInProcess(base, bytes, made.sparseBytes);
      if (code !== made.code) wrong.push({ id: made.id, expected: made.code, found: code });
      if (code === null) expect(files).toEqual(expected);
    }
    expect(wrong).toEqual([]);
    expect(committed.deltaResult).toEqual(expected);
  }, 240_000);

  test("are all in cases.json, and have an accepted neighbour when they are hostile", () => {
    expect(committed.deltas.map(({ id }) => id)).toEqual(DELTA_CASES.map(({ id }) => id));
    const accepted = new Set(DELTA_CASES.filter(({ code }) => code === null).map(({ id }) => id));
    expect(
      DELTA_CASES.filter(({ code, neighbour }) => code !== null && !accepted.has(neighbour ?? "")),
    ).toEqual([]);
  });

  test("meet every code of containers", () => {
    const met = new Set<string | null>(DELTA_CASES.map(({ code }) => code));
    // Only a base that changes between two reads shows it: the base of the command is judged before.
    expect(Object.keys(DELTA_CODES).filter((code) => !met.has(code))).toEqual(["MPK-B011"]);
  });
});
