/** Every package of the kit, judged in this process, and the kit itself: whole, told apart, the same each time it is made. */
import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FINDING_CODES } from "../src/format/findings.ts";
import { authorities } from "./make/authorities.ts";
import { type Index, indexPackage } from "./make/kit.ts";
import { PACKAGE_CASES } from "./make/package-cases.ts";
import { makePackage } from "./make/packages.ts";
import { judgeInProcess } from "./testing/judge.ts";

const committed: Index = JSON.parse(readFileSync(join(import.meta.dirname, "cases.json"), "utf8"));
const groups = Map.groupBy(PACKAGE_CASES, ({ id }) => id.split("/")[0] ?? "");
const pems = authorities();

describe.each([...groups])("packages: %s", (_group, cases) => {
  test("each has its verdict and code, and the bytes that cases.json names", async () => {
    const wrong: unknown[] = [];
    for (const made of cases) {
      const bytes = makePackage(made.plan);
      const row = committed.packages.find(({ id }) => id === made.id);
      if (JSON.stringify(row) !== JSON.stringify(indexPackage(made, bytes)))
        wrong.push(`${made.id}: cases.json is stale: run bun conformance/generate.ts`);
      const { code } = await judgeInProcess(made, bytes, pems.get(made.ca) ?? "");
      if (code !== made.code) wrong.push({ id: made.id, expected: made.code, found: code });
    }
    expect(wrong).toEqual([]);
  }, 240_000);
});

describe("the cases of packages", () => {
  test("are at least 150, each with a name of its own, and all in cases.json", () => {
    expect(PACKAGE_CASES.length).toBeGreaterThanOrEqual(150);
    expect(new Set(PACKAGE_CASES.map(({ id }) => id)).size).toBe(PACKAGE_CASES.length);
    expect(committed.packages.map(({ id }) => id)).toEqual(PACKAGE_CASES.map(({ id }) => id));
  });

  test("have an accepted neighbour when they are hostile", () => {
    const accepted = new Set(PACKAGE_CASES.filter(({ code }) => code === null).map(({ id }) => id));
    expect(
      PACKAGE_CASES.filter(({ code, neighbour }) => code !== null && !accepted.has(neighbour ?? "")),
    ).toEqual([]);
    expect(PACKAGE_CASES.filter(({ code, neighbour }) => code === null && neighbour !== null)).toEqual([]);
  });

  test("meet every code that a package can be refused with", () => {
    const met = new Set(PACKAGE_CASES.map(({ code }) => code));
    const left = Object.keys(FINDING_CODES).filter((code) => !met.has(code as never));
    expect(left.filter((code) => !(code in ELSEWHERE) && !/^MPK-[BL]/.test(code))).toEqual([]);
    expect(Object.keys(ELSEWHERE).filter((code) => met.has(code as never))).toEqual([]);
  });
});

/** B… are those of deltas, L… those of an app's key lineage. Codes that reading a package by the kit's contract cannot give, and why: */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "MPK-M021": "needs an API manifest, which the contract does not give",
  "MPK-M022": "needs an API manifest, which the contract does not give",
  "MPK-M026": "needs an API manifest, which the contract does not give",
  "MPK-X010": "is about certificate requests",
  "MPK-X011": "needs revocations, which are the catalogue's",
  "MPK-K001": "is about private keys",
  "MPK-K002": "is about private keys",
  "MPK-K003": "is about private keys",
};
