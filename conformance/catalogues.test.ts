/**
 * Catalogues of the kit, judged in this process: as many as a check has time for, drawn by a seed that is printed, or all with
 * MOSIS_KIT=all; `bun run measure` has the executable judge each. And the kit's index.
 */
import { describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import { ERROR_CODES } from "../src/errors.codes.ts";
import { CATALOGUE_CASES } from "./make/cases/catalogues.ts";
import { type Files, makeCatalogue } from "./make/catalogue.ts";
import type { CatalogueCase } from "./make/catalogue-case.ts";
import { type Index, indexCatalogue } from "./make/kit.ts";
import { judgeCatalogue, writeCatalogue } from "./testing/judge-catalogue.ts";

const committed: Index = JSON.parse(readFileSync(join(import.meta.dirname, "cases.json"), "utf8"));

const seed = process.env.MOSIS_KIT_SEED ?? crypto.randomUUID().slice(0, 8);
const IN_A_CHECK = 200;

function drawn<T extends { readonly id: string }>(cases: readonly T[]): readonly T[] {
  if (process.env.MOSIS_KIT === "all") return cases;
  console.log(`${IN_A_CHECK} of ${cases.length} catalogues; MOSIS_KIT_SEED=${seed}`);
  const place = ({ id }: T) => new Bun.CryptoHasher("sha256").update(`${seed} ${id}`).digest("hex");
  return cases
    .map((each) => ({ each, at: place(each) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .slice(0, IN_A_CHECK)
    .map(({ each }) => each);
}

async function judge(files: Files, { at, audience }: CatalogueCase): Promise<string | null> {
  const folder = mkdtempSync(join(tmpdir(), "mosis-catalogue-"));
  try {
    writeCatalogue(folder, files);
    return await judgeCatalogue(folder, at, audience);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the cases of catalogues", () => {
  test("each has its verdict and code, and the bytes that cases.json names", async () => {
    const wrong: unknown[] = [];
    for (const made of drawn(CATALOGUE_CASES)) {
      const files = makeCatalogue(made.plan);
      const row = committed.catalogues.find(({ id }) => id === made.id);
      if (JSON.stringify(row) !== JSON.stringify(indexCatalogue(made, files)))
        wrong.push(`${made.id}: cases.json is stale: run bun conformance/generate.ts`);
      const code = await judge(files, made);
      if (code !== made.code) wrong.push({ id: made.id, expected: made.code, found: code });
    }
    expect(wrong).toEqual([]);
  }, 240_000);

  test("are all in cases.json, and have an accepted neighbour when they are hostile", () => {
    expect(committed.catalogues.map(({ id }) => id)).toEqual(CATALOGUE_CASES.map(({ id }) => id));
    expect(new Set(CATALOGUE_CASES.map(({ id }) => id)).size).toBe(CATALOGUE_CASES.length);
    const accepted = new Set(CATALOGUE_CASES.filter(({ code }) => code === null).map(({ id }) => id));
    expect(
      CATALOGUE_CASES.filter(({ code, neighbour }) => code !== null && !accepted.has(neighbour ?? "")),
    ).toEqual([]);
  });

  test("meet every code that a catalogue can be refused with", () => {
    const met = new Set<string | null>(CATALOGUE_CASES.map(({ code }) => code));
    const documented = Object.keys(ERROR_CODES).filter((code) => code.startsWith("catalogue."));
    expect(documented.filter((code) => !met.has(code))).toEqual([]);
  });
});

test("cases.json is of the published schema", () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, "cases.schema.json"), "utf8"));
  const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(schema);
  validate(committed);
  expect(validate.errors).toBeNull();
});
