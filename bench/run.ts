/**
 * `bun run bench [NAME…]` (`NAME*`: all whose names begin so): builds the executable, installs the peers, and prints a line for each measure,
 * `NAME ours=… peer=… ratio=…` (less is better, so a ratio below 1 means that ours is ahead). What each measures and
 * how far its figures lie apart goes to stderr. Ends with 1 when a measure could not be taken or is above its limit.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePackages, parsePackages } from "../.ci/checks/packages.ts";
import { bun, root, run } from "../.ci/lib/run.ts";
import { aboveLimit, chosen, type Measure, resultLine, spreadLine, takeTurns } from "./harness.ts";
import { access } from "./measures/access.ts";
import { dashboard } from "./measures/dashboard.ts";
import { deltas } from "./measures/delta.ts";
import { lists } from "./measures/lists.ts";
import { upload500Rss } from "./measures/memory.ts";
import { pack100 } from "./measures/pack.ts";
import { pages } from "./measures/pages.ts";
import { serveLarge, serveReady, version } from "./measures/start.ts";
import { upload200 } from "./measures/upload.ts";
import { verify300, verify300Rss } from "./measures/verify.ts";

const MEASURES: readonly Measure[] = [
  version,
  serveReady,
  serveLarge,
  upload200,
  upload500Rss,
  dashboard,
  ...access,
  verify300,
  verify300Rss,
  pack100,
  ...deltas,
  ...pages,
  ...lists,
];

async function take(measure: Measure, binary: string): Promise<boolean> {
  console.error(`\n${measure.name}: ${measure.about}`);
  const folder = mkdtempSync(join(tmpdir(), `mosis-bench-${measure.name}-`));
  try {
    const sides = await measure.open({ folder, binary });
    try {
      const figures = await takeTurns(sides, measure.rounds);
      console.log(resultLine(measure, figures));
      console.error(`  ${spreadLine(measure, figures)}`);
      const fault = aboveLimit(measure, figures);
      if (fault !== null) console.error(`  ${fault}`);
      return fault === null;
    } finally {
      await sides.close();
    }
  } catch (error) {
    console.error(`${measure.name} could not be taken:`, error);
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const measures = chosen(MEASURES, process.argv.slice(2));
  const needed = parsePackages(readFileSync(join(root, "bench/packages.txt"), "utf8"));
  const packages = await ensurePackages(needed);
  if (packages.failed > 0) throw new Error(packages.note);
  const binary = join(root, "dist/mosis");
  const built = await run([bun, ".ci/build.ts", "--outfile", binary], { quiet: true });
  if (built.code !== 0) throw new Error(`the build failed:\n${built.output}`);
  let whole = true;
  for (const measure of measures) whole = (await take(measure, binary)) && whole;
  for (const measure of measures) await measure.end?.();
  return whole ? 0 : 1;
}

process.exitCode = await main();
