/**
 * A few checks, drawn anew each time, that are switched off and must be noticed by the case that noticed them when all were tried
 * (`bun conformance/mutate.ts --write`; all of them again in mutants.measure.ts). The seed is printed; MOSIS_MUTANTS_SEED draws the same.
 */
import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomAt } from "./fuzz/random.ts";
import { casesOf, isVerdict } from "./mutation/cases.ts";
import { putHooks, state } from "./mutation/hooks.ts";
import { SCHEMA_FILE } from "./mutation/schema.ts";
import { isJudging, makeCopy } from "./mutation/sources.ts";
import { keyOf, readWitnesses } from "./mutation/witnesses.ts";

const root = join(import.meta.dirname, "..");
const seed = Number(process.env.MOSIS_MUTANTS_SEED ?? crypto.getRandomValues(new Uint32Array(1))[0]);
const FILES = 3;
const CHECKS = 12;
/** The largest files of the kit, which take their time. */
const LARGE = /20000|512-mib|largest|too-large|larger/;

test("checks that are switched off are noticed", async () => {
  const random = randomAt(seed, 0, "mutants");
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .map((file) => join("src", file))
    .filter(isJudging)
    .sort();
  const drawn = new Set<string>([SCHEMA_FILE]);
  for (let file = 0; file < FILES; file++) drawn.add(random.some(sources) ?? "");
  const copy = join(root, "dist", `mutants-${process.pid}`);
  const folder = mkdtempSync(join(tmpdir(), "mosis-mutants-"));
  try {
    putHooks();
    const { places } = makeCopy(copy, (file) => drawn.has(file));
    const witnesses = readWitnesses();
    const known = [...places.entries()].flatMap(([number, place]) => {
      const witness = witnesses.get(keyOf(place));
      return witness === undefined || LARGE.test(witness) ? [] : [{ number, place, witness }];
    });
    const chosen = Array.from({ length: CHECKS }, () => random.some(known)).filter(
      (one) => one !== undefined,
    );
    const wanted = new Set(chosen.map(({ witness }) => witness));
    const cases = await casesOf(copy, folder, (id) => wanted.has(id));
    const unnoticed: string[] = [];
    for (const { number, place, witness } of chosen) {
      const made = cases.find(({ id }) => id === witness);
      const judge = await made?.open();
      if (made === undefined || judge === undefined) {
        unnoticed.push(`${witness}: there is no such case`);
        continue;
      }
      state.off = -1;
      if (!isVerdict(await judge(), made.code)) unnoticed.push(`${witness}: another verdict than the kit's`);
      state.off = number;
      if (isVerdict(await judge(), made.code))
        unnoticed.push(`${place.file}:${place.line} ${place.kind}: ${place.text}, by ${witness}`);
      state.off = -1;
    }
    console.log(
      `${chosen.length} of ${places.length} checks in ${drawn.size} files; MOSIS_MUTANTS_SEED=${seed}`,
    );
    expect(chosen.length).toBeGreaterThan(0);
    expect(unnoticed).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(copy, { recursive: true, force: true });
  }
}, 120_000);
