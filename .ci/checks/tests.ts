/** Runs test files with `bun test` and counts what really ran, from its JUnit report and not from its words. */
import { mkdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { KEPT } from "../../src/testing/kept.ts";
import type { Outcome } from "../lib/outcome.ts";
import { bun, run } from "../lib/run.ts";
import { openWorkplace } from "../lib/workplace.ts";

export type Counts = { readonly tests: number; readonly failures: number; readonly skipped: number };
export type Report = Counts & {
  readonly files: ReadonlySet<string>;
  /** Of each test that failed its file, name and the first line of what it said. */
  readonly failing: readonly string[];
  /** Seconds that each file took. */
  readonly seconds: ReadonlyMap<string, number>;
};

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", "#10": "\n" };

function unescapeXml(text: string): string {
  return text
    .replace(/&(lt|gt|quot|apos|#10);/g, (_, name: string) => ENTITIES[name] ?? "")
    .replaceAll("&amp;", "&");
}

/** The longest word of a failure that is shown, in characters: an expectation may print a whole page. */
const MESSAGE_CHARACTERS = 300;

function readFailing(xml: string): string[] {
  const failing: string[] = [];
  for (const [, attributes = "", inside = ""] of xml.matchAll(/<testcase\b([^>]*[^/])>(.*?)<\/testcase>/gs)) {
    const message = /<(?:failure|error)\b([^>]*)>/.exec(inside)?.[1];
    if (message === undefined) continue;
    const value = (of: string, name: string): string =>
      unescapeXml(new RegExp(`\\b${name}="([^"]*)"`).exec(of)?.[1] ?? "");
    const words = value(message, "message").replace(/\s+/g, " ").trim().slice(0, MESSAGE_CHARACTERS);
    const names = [value(attributes, "classname"), value(attributes, "name")].filter((name) => name !== "");
    failing.push(`${value(attributes, "file")}: ${names.join(" > ")}: ${words}`);
  }
  return failing;
}

/** Reads the totals and the names of the files that ran. @throws Error when it is no report of bun's */
export function readReport(xml: string): Report {
  const totals = /<testsuites\b[^>]*>/.exec(xml)?.[0];
  if (totals === undefined) throw new Error("the test report has no <testsuites>");
  const number = (name: string): number => {
    const value = new RegExp(`\\b${name}="(\\d+)"`).exec(totals)?.[1];
    if (value === undefined) throw new Error(`the test report does not say how many ${name}`);
    return Number(value);
  };
  const suites = [...xml.matchAll(/<testsuite\b[^>]*\bfile="([^"]*)"/g)];
  // A file is a suite by its own name; those in it are its describes.
  const own = xml.matchAll(/<testsuite name="([^"]*)" file="\1"[^>]*\btime="([\d.]+)"/g);
  return {
    tests: number("tests"),
    failures: number("failures"),
    skipped: number("skipped"),
    files: new Set(suites.map((match) => match[1] ?? "")),
    failing: readFailing(xml),
    seconds: new Map([...own].map(([, file = "", time]) => [file, Number(time)])),
  };
}

/**
 * The outcome of one run. A skipped test is no test and counts as failed; so does a file that was asked for and
 * does not appear (it could not be loaded, or holds nothing), and a run that ends badly for any other reason.
 */
export function judge(report: Report, asked: readonly string[], code: number): Outcome {
  const notes: string[] = [];
  const absent = asked.filter((file) => !report.files.has(file));
  if (report.skipped > 0) notes.push(`${report.skipped} skipped, which counts as failed`);
  if (absent.length > 0) notes.push(`no test of these ran: ${absent.join(", ")}`);
  const passed = report.tests - report.failures - report.skipped;
  let failed = report.failures + report.skipped + absent.length;
  if (passed + failed === 0) {
    notes.push("nothing ran");
    failed = 1;
  }
  if (code !== 0 && failed === 0) {
    notes.push(`bun test ended with ${code}`);
    failed = 1;
  }
  return {
    passed,
    failed,
    ...(notes.length === 0 ? {} : { note: notes.join("; ") }),
    ...(report.failing.length === 0 ? {} : { failing: report.failing }),
  };
}

/** Files worth a line, since all of them together have only minutes. */
const SLOW_SECONDS = 10;

function slowest(report: Report): string {
  return [...report.seconds]
    .filter(([, seconds]) => seconds >= SLOW_SECONDS)
    .sort(([, a], [, b]) => b - a)
    .map(([file, seconds]) => `${seconds.toFixed(1).padStart(6)} s  ${file}\n`)
    .join("");
}

/** Runs these files in a random order (the seed is printed). */
export async function runTests(
  files: readonly string[],
  options: {
    readonly timeoutMs: number;
    readonly env?: Readonly<Record<string, string>>;
    /** Their temporary files are in memory, where there is room. */
    readonly inMemory?: true;
  },
): Promise<Outcome> {
  if (files.length === 0) return { passed: 0, failed: 1, note: "there are no such tests" };
  const { folder, remove } = openWorkplace(options.inMemory === true);
  if (options.inMemory) mkdirSync(join(folder, KEPT));
  const reportFile = join(folder, "report.xml");
  try {
    const { code } = await run(
      [
        bun,
        "test",
        // A worker keeps its modules for the next file: to load and warm them again for each took a fifth of the whole time. What
        // a file leaves behind it (a mock of a module, a variable of the environment) would meet the next one, so none may.
        "--no-isolate",
        // Files have folders and ports of their own, so that they do not meet. Two more than there are processors: most wait for
        // a third of their time, for a browser, a process or a clock.
        `--parallel=${Math.min(6, availableParallelism() + 2)}`,
        "--randomize",
        "--no-orphans",
        "--only-failures",
        "--timeout=60000",
        "--reporter=junit",
        `--reporter-outfile=${reportFile}`,
        ...files.map((file) => `./${file}`),
      ],
      {
        timeoutMs: options.timeoutMs,
        env: { ...options.env, ...(options.inMemory ? { TMPDIR: folder } : {}) },
      },
    );
    let xml: string;
    try {
      xml = readFileSync(reportFile, "utf8");
    } catch {
      return { passed: 0, failed: files.length, note: `bun test ended with ${code} and left no report` };
    }
    const report = readReport(xml);
    process.stdout.write(slowest(report));
    return judge(report, files, code);
  } finally {
    remove();
  }
}
