/**
 * `bun run fuzz [PARSER…] [--minutes N] [--seed S] [--from PLACE] [--keep] [--json]`: feeds each parser with what was made from the
 * kit's files and what is kept in conformance/fuzz/corpus by changes that a seed decides. Reports a crash (what is thrown and is
 * no refusal with a documented code, or an accepted input that does not come out as it went in), a hang (2 s of the processor), and
 * growth (96 MiB and 16 times the input, by one input; 128 MiB for deltas). Inputs of faults are written to dist/fuzz. A hang is told
 * once its input takes as long alone, in a process of its own.
 *
 * `--keep` puts the smallest input of each outcome that no case of the kit shows into the corpus; `bun conformance/fuzz/run.ts
 * --found PARSER FILE` keeps one for ever. The last line is `N passed, N failed`.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { keepFound, nameOf } from "./corpus.ts";
import { TARGETS } from "./targets.ts";
import { type Report, watch } from "./watch.ts";

const faultsFolder = join(import.meta.dirname, "../../dist/fuzz");

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    from: { type: "string", default: "0" },
    keep: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
    found: { type: "boolean", default: false },
  },
});

function share(counts: Readonly<Record<string, number>>): string {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${((100 * count) / Math.max(1, all)).toFixed(1)}`)
    .join(", ");
}

const MIB = 2 ** 20;

function row(report: Report): string {
  const cells = [
    report.parser,
    report.executions,
    Math.round(report.executions / Math.max(1, report.seconds)),
    share(report.layers),
    share(report.repaired),
    report.novel,
    report.kept,
    Math.round(report.slowestMs),
    Math.round(report.grownBytes / MIB),
    Math.round(report.peakBytes / MIB),
    (report.poolBytes / MIB).toFixed(1),
    report.unconfirmed,
    report.faultCount,
  ];
  return `| ${cells.join(" | ")} |`;
}

const HEAD = [
  "| Parser | Executions | a second | Layer reached, % | Repaired up to, % | New | Kept | Slowest, ms | Grown by one, MiB | Peak, MiB | Pool, MiB | Late, not confirmed | Faults |",
  "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
].join("\n");

async function main(): Promise<number> {
  if (values.list) {
    console.log(TARGETS.map(({ name }) => name).join("\n"));
    return 0;
  }
  if (values.found) {
    const [parser = "", file = ""] = positionals;
    keepFound(parser, new Uint8Array(readFileSync(file)));
    return 0;
  }
  const unknown = positionals.find((name) => !TARGETS.some((target) => target.name === name));
  const seconds = 60 * Number(values.minutes);
  if (unknown !== undefined || !(seconds > 0)) {
    console.error(
      unknown === undefined
        ? `--minutes needs a number above 0, found ${values.minutes}.`
        : `There is no parser ${unknown}; there are ${TARGETS.map(({ name }) => name).join(", ")}.`,
    );
    return 2;
  }
  const reports: Report[] = [];
  if (!values.json) console.log(HEAD);
  for (const { name } of TARGETS.filter(
    (target) => positionals.length === 0 || positionals.includes(target.name),
  )) {
    const report = await watch({
      parser: name,
      seed: Number(values.seed),
      from: Number(values.from),
      seconds,
      keep: values.keep,
    });
    reports.push(report);
    if (!values.json) console.log(row(report));
    for (const fault of report.faults) {
      const file = join(faultsFolder, name, `${fault.kind}-${nameOf(fault.bytes)}`);
      mkdirSync(join(faultsFolder, name), { recursive: true });
      writeFileSync(file, fault.bytes);
      console.error(
        `${name}: ${fault.kind} at seed ${report.seed}, place ${fault.place}: ${fault.words}\n  ${file}`,
      );
    }
  }
  if (values.json) {
    const told = reports.map((report) => ({
      ...report,
      faults: report.faults.map(({ bytes, ...fault }) => ({ ...fault, input: nameOf(bytes) })),
    }));
    console.log(JSON.stringify(told, undefined, 2));
  }
  const failed = reports.filter(({ faultCount }) => faultCount > 0).length;
  if (!values.json) console.log(`${reports.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
