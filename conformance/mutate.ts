/**
 * Switches off each check of packages, deltas and catalogues, one at a time, and asks whether any case of the kit notices:
 *
 *     bun conformance/mutate.ts [--cases PATTERN] [--sources PATTERN] [--write]
 *
 *     --cases, --sources    regular expressions: only these cases, and the checks of these files
 *     --write               keeps in mutants.witnesses.json which case notices each check, beside what is there
 *
 * A copy of the sources is changed, below dist; the product has no hooks. What counts as a check stands in mutation/places.ts;
 * keywords of the manifest's JSON Schema are checks too. The case that noticed before is asked first; then every case to which the
 * switch would make a difference. What no case can notice stands in mutants.exceptions.json with the reason; one that is noticed
 * after all is a failure too.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { casesOf } from "./mutation/cases.ts";
import { type Exception, exceptionOf, readExceptions } from "./mutation/exceptions.ts";
import { findNoticed, type Noticing } from "./mutation/find.ts";
import { putHooks } from "./mutation/hooks.ts";
import type { Place } from "./mutation/places.ts";
import { makeCopy } from "./mutation/sources.ts";
import { keyOf, readWitnesses, WITNESSES_FILE, witnessesText } from "./mutation/witnesses.ts";

/** With a number of its own, since several may be at it. */
const copy = join(import.meta.dirname, "../dist", `mutants-${process.pid}`);

const option = (name: string): string => {
  const at = process.argv.indexOf(name);
  return at === -1 ? "" : (process.argv[at + 1] ?? "");
};

async function main(): Promise<number> {
  const sources = new RegExp(option("--sources"));
  const only = new RegExp(option("--cases"));
  putHooks();
  const { places } = makeCopy(copy, (file) => sources.test(file));
  const folder = mkdtempSync(join(tmpdir(), "mosis-mutants-"));
  try {
    const cases = await casesOf(copy, folder, (id) => only.test(id));
    const keeps = process.argv.includes("--write");
    const noticed = await findNoticed(places, cases, (soFar) => {
      // Who ends it early loses little.
      if (keeps && soFar.size % 20 === 0) keep(places, soFar, false);
    });
    if (keeps) keep(places, noticed, option("--sources") === "" && option("--cases") === "");
    return tell(places, noticed);
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(copy, { recursive: true });
  }
}

/** With everything asked, what is not there any more goes. */
function keep(places: readonly Place[], noticed: ReadonlyMap<number, Noticing>, isWhole: boolean): void {
  const witnesses = isWhole ? new Map<string, string>() : new Map(readWitnesses());
  for (const [number, place] of places.entries()) {
    const witness = noticed.get(number);
    // Whoever asks for a few has no time for those without an end.
    if (witness?.isLate === false) witnesses.set(keyOf(place), witness.id);
  }
  writeFileSync(WITNESSES_FILE, witnessesText(witnesses));
}

function tell(places: readonly Place[], noticed: ReadonlyMap<number, Noticing>): number {
  const exceptions = readExceptions();
  const used = new Set<Exception>();
  const left: string[] = [];
  let [passed, excepted] = [0, 0];
  for (const [number, place] of places.entries()) {
    const witness = noticed.get(number);
    const exception = exceptionOf(place, exceptions);
    const where = `${place.file}:${place.line} ${place.kind}: ${place.text}`;
    if (exception !== undefined) used.add(exception);
    if (witness !== undefined && exception === undefined) passed += 1;
    else if (witness !== undefined) left.push(`${where} (an exception, and noticed by ${witness.id})`);
    else if (exception !== undefined) excepted += 1;
    else left.push(where);
  }
  if (option("--sources") === "")
    for (const each of exceptions)
      if (!used.has(each)) left.push(`${each.file}: no place is ${each.texts?.join(", ") ?? each.inside}`);
  if (left.length > 0) console.log(left.join("\n"));
  console.log(`${places.length} checks, ${passed} noticed, ${excepted} exceptions`);
  console.log(`${passed + excepted} passed, ${left.length} failed`);
  return left.length === 0 ? 0 : 1;
}

process.exitCode = await main();
