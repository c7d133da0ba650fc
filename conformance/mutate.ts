/**
 * Switches off each check of packages, deltas and catalogues, one at a time, and asks whether any case of the kit notices:
 *
 *     bun conformance/mutate.ts [--cases TEXT] [--sources TEXT]
 *
 * A copy of the sources is changed, in dist/mutants; the product has no hooks. A check is a refusal, an operand of what decides, or a
 * keyword of the manifest's JSON Schema. Only cases in which the switch would change something are judged again. What no case can
 * notice stands in mutants.exceptions.json with the reason; one that is noticed after all is a failure too.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { authorities } from "./make/authorities.ts";
import { CATALOGUE_CASES } from "./make/cases/catalogues.ts";
import { basePackage, DELTA_CASES, makeDelta } from "./make/cases/deltas.ts";
import { makeCatalogue } from "./make/catalogue.ts";
import { PACKAGE_CASES } from "./make/package-cases.ts";
import { makePackage } from "./make/packages.ts";
import { addSwitches, type Place } from "./mutation/places.ts";
import { SCHEMA_FILE, schemaPlaces, switchSchema } from "./mutation/schema.ts";
import type * as JudgeModule from "./testing/judge.ts";
import type * as JudgeCatalogueModule from "./testing/judge-catalogue.ts";
import type * as JudgeDeltaModule from "./testing/judge-delta.ts";

const root = join(import.meta.dirname, "..");
const copy = join(root, "dist/mutants");

/** What judging by the kit's contract does not come to: making, signing, private keys, an installed folder. */
const ELSEWHERE =
  /\/(?:writer|compress|append|sign|signer|key-signer|keys|crl|to-be-signed|extract|verify-installed|inspect|compare|json-changes|permissions|pace|write|plan|crc)\.ts$|\/api\//;
const BESIDE =
  /^src\/(?:catalog\/tuf\/(?:documents|revocations|developer-leaves)|device\/verify-catalogue[a-z-]*|ids)\.ts$/;

function isJudging(file: string): boolean {
  if (!/\.ts$/.test(file) || /\.test\.ts$|codes|testing/.test(file)) return false;
  return BESIDE.test(file) || (/^src\/(?:format|signing)\//.test(file) && !ELSEWHERE.test(file));
}

const option = (name: string): string => {
  const at = process.argv.indexOf(name);
  return at === -1 ? "" : (process.argv[at + 1] ?? "");
};

const state = { off: -1, hits: new Set<number>() };
Object.assign(globalThis, {
  mutantIsOn: (place: number) => {
    state.hits.add(place);
    return state.off !== place;
  },
  mutantOr: (place: number, value: unknown) => {
    if (state.off === place) return false;
    if (value) state.hits.add(place);
    return value;
  },
  mutantAnd: (place: number, value: unknown) => {
    if (state.off === place) return true;
    if (!value) state.hits.add(place);
    return value;
  },
  mutantOff: () => state.off,
});

type Judged = { readonly id: string; readonly judge: () => Promise<string> };

async function told(judge: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await judge());
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : ""}`;
  }
}

async function* allCases(folder: string): AsyncGenerator<Judged> {
  const { judgeInProcess }: typeof JudgeModule = await import(join(copy, "conformance/testing/judge.ts"));
  const { applyInProcess }: typeof JudgeDeltaModule = await import(
    join(copy, "conformance/testing/judge-delta.ts")
  );
  const { judgeCatalogue, writeCatalogue }: typeof JudgeCatalogueModule = await import(
    join(copy, "conformance/testing/judge-catalogue.ts")
  );
  const only = option("--cases");
  const pems = authorities();
  for (const made of PACKAGE_CASES) {
    if (!made.id.includes(only)) continue;
    const bytes = makePackage(made.plan);
    yield { id: made.id, judge: () => told(() => judgeInProcess(made, bytes, pems.get(made.ca) ?? "")) };
  }
  for (const made of DELTA_CASES) {
    if (!made.id.includes(only)) continue;
    const bytes = await makeDelta(made.plan);
    const base = made.base === null ? null : basePackage(made.base);
    yield { id: made.id, judge: () => told(() => applyInProcess(base, bytes, made.sparseBytes)) };
  }
  for (const made of CATALOGUE_CASES) {
    if (!made.id.includes(only)) continue;
    const own = join(folder, made.id);
    writeCatalogue(own, makeCatalogue(made.plan));
    yield { id: made.id, judge: () => told(() => judgeCatalogue(own, made.at)) };
  }
}

type Exception = { readonly file: string; readonly text: string; readonly why: string };

async function main(): Promise<number> {
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const name of ["src", "assets", "conformance/testing", "conformance/make"])
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      // Whoever runs tests finds them by their names, wherever they lie.
      filter: (path) => !/\.(?:test|e2e|measure)\.tsx?$/.test(path),
    });
  const places: Place[] = [];
  for (const file of readdirSync(join(copy, "src"), { recursive: true, encoding: "utf8" }).sort()) {
    const name = join("src", file);
    if (!isJudging(name) || !name.includes(option("--sources"))) continue;
    const path = join(copy, name);
    writeFileSync(path, addSwitches(name, readFileSync(path, "utf8"), places));
  }
  const schemaFrom = places.length;
  if (SCHEMA_FILE.includes(option("--sources"))) places.push(...schemaPlaces(root));
  switchSchema(copy, schemaFrom);

  const folder = mkdtempSync(join(tmpdir(), "mosis-mutants-"));
  try {
    const reached = new Map<number, { case: Judged; usual: string }[]>();
    const atSchema: { case: Judged; usual: string }[] = [];
    for await (const made of allCases(folder)) {
      state.hits = new Set();
      const usual = await made.judge();
      for (const place of state.hits)
        reached.set(place, [...(reached.get(place) ?? []), { case: made, usual }]);
      if (/^manifest\/|^valid\/released$/.test(made.id) && /MPK-M00/.test(usual))
        atSchema.push({ case: made, usual });
    }
    for (let place = schemaFrom; place < places.length; place++) reached.set(place, atSchema);
    return await tell(places, reached);
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(copy, { recursive: true });
  }
}

async function tell(
  places: readonly Place[],
  reached: ReadonlyMap<number, readonly { case: Judged; usual: string }[]>,
): Promise<number> {
  const exceptions: readonly Exception[] = JSON.parse(
    readFileSync(join(import.meta.dirname, "mutants.exceptions.json"), "utf8"),
  );
  const isOf = (place: Place) => (each: Exception) => each.file === place.file && each.text === place.text;
  const left: string[] = [];
  let [noticed, excepted] = [0, 0];
  for (const [number, place] of places.entries()) {
    state.off = number;
    let isNoticed = false;
    for (const { case: made, usual } of reached.get(number) ?? []) {
      isNoticed = (await made.judge()) !== usual;
      if (isNoticed) break;
    }
    const exception = exceptions.find(isOf(place));
    const where = `${place.file}:${place.line} ${place.kind}: ${place.text}`;
    if (isNoticed && exception === undefined) noticed += 1;
    else if (isNoticed) left.push(`${where} (an exception, and noticed)`);
    else if (exception !== undefined) excepted += 1;
    else left.push(`${where}${reached.has(number) ? "" : " (no case comes to it)"}`);
  }
  state.off = -1;
  if (option("--sources") === "")
    for (const each of exceptions)
      if (!places.some((place) => isOf(place)(each))) left.push(`${each.file}: no place is ${each.text}`);
  if (left.length > 0) console.log(left.join("\n"));
  console.log(`${places.length} checks, ${noticed} noticed, ${excepted} exceptions`);
  console.log(`${noticed + excepted} passed, ${left.length} failed`);
  return left.length === 0 ? 0 : 1;
}

process.exitCode = await main();
