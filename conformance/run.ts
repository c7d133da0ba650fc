/**
 * Runs the conformance kit against a program:
 *
 *     node run.ts [--kit DIR] [--only TEXT] [--codes] [--jobs N] [--seconds S] [--megabytes M] [--report FILE] -- CMD...
 *
 * Needs nothing but Node.js 22.18, Deno or Bun: one file without imports of its own. README.md says what CMD has to do.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

type Case = {
  readonly id: string;
  readonly verdict: "accepted" | "refused";
  readonly code: string | null;
  readonly why: string;
  readonly at?: string;
};
type PackageCase = Case & { readonly file: string; readonly ca: string; readonly sparseBytes?: number };
type DeltaCase = Case & {
  readonly base: string | null;
  readonly file: string;
  readonly result: string | null;
};
type CatalogueCase = Case & { readonly folder: string; readonly root: string };
type Index = {
  readonly packages: readonly PackageCase[];
  readonly deltas: readonly DeltaCase[];
  readonly deltaResult: Readonly<Record<string, string>>;
  readonly catalogues: readonly CatalogueCase[];
};

type Options = {
  readonly kit: string;
  readonly only: string;
  /** Findings' codes count too. */
  readonly codes: boolean;
  readonly jobs: number;
  readonly timeLimitMs: number;
  readonly memoryLimitBytes: number;
  readonly report: string | null;
  readonly command: readonly string[];
};

const USAGE =
  "usage: run.ts [--kit DIR] [--only TEXT] [--codes] [--jobs N] [--seconds S] [--megabytes M] [--report FILE] -- CMD...";

function readOptions(words: readonly string[]): Options {
  const end = words.indexOf("--");
  const command = end === -1 ? [] : words.slice(end + 1);
  if (command.length === 0) throw new Error(USAGE);
  const given = new Map<string, string>();
  const own = words.slice(0, end);
  for (let at = 0; at < own.length; at++) {
    const word = own[at] ?? "";
    if (word === "--codes") given.set(word, "yes");
    else if (["--kit", "--only", "--jobs", "--seconds", "--megabytes", "--report"].includes(word)) {
      at += 1;
      given.set(word, own[at] ?? "");
    } else throw new Error(`${word} is not known; ${USAGE}`);
  }
  const number = (name: string, otherwise: number) => {
    const value = Number(given.get(name) ?? otherwise);
    if (!(value > 0)) throw new Error(`${name} is a number above 0`);
    return value;
  };
  const here = import.meta.dirname;
  return {
    kit: given.get("--kit") ?? (existsSync(join(here, "packages")) ? here : join(here, "built")),
    only: given.get("--only") ?? "",
    codes: given.has("--codes"),
    jobs: number("--jobs", Math.min(4, availableParallelism())),
    timeLimitMs: number("--seconds", 2) * 1000,
    memoryLimitBytes: number("--megabytes", 200) * 1_000_000,
    report: given.get("--report") ?? null,
    command,
  };
}

type Ended = {
  /** null: it was ended by a signal, or for the time limit. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What it computed, where the system tells and that is less than the time that passed: a busy machine makes nobody late. */
  readonly elapsedMs: number;
  readonly isLate: boolean;
  /** The most memory that it was seen to use; 0 where the system does not tell. */
  readonly peakBytes: number;
};

function execute(words: readonly string[], limitMs: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const [program = "", ...rest] = words;
    const child = spawn(program, rest, { stdio: ["ignore", "pipe", "pipe"] });
    const stdout: Uint8Array[] = [];
    const stderr: Uint8Array[] = [];
    let peakBytes = 0;
    let computedMs: number | null = null;
    let isLate = false;
    const measure = () => {
      peakBytes = Math.max(peakBytes, peakOf(child.pid));
      computedMs = computedOf(child.pid) ?? computedMs;
    };
    const watch = setInterval(measure, 10);
    // So much more that the machine can do other things beside: only what hangs comes to it.
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
    }, limitMs * 15);
    child.stdout.on("data", (piece: Uint8Array) => stdout.push(piece));
    child.stderr.on("data", (piece: Uint8Array) => stderr.push(piece));
    child.on("error", reject);
    child.on("close", (exitCode) => {
      clearInterval(watch);
      clearTimeout(timer);
      const passedMs = performance.now() - startedAt;
      const elapsedMs = isLate ? passedMs : Math.min(passedMs, computedMs ?? passedMs);
      resolve({
        exitCode,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
        elapsedMs,
        isLate: isLate || elapsedMs > limitMs,
        peakBytes,
      });
    });
  });
}

/** The processor time of a process and of those that it waited for, as Linux tells it; null elsewhere. */
function computedOf(pid: number | undefined): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the name, which may hold anything: utime, stime, cutime and cstime are the 12th to 15th, in 1/100 s.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).map(Number);
    return ticks.length === 4 && ticks.every(Number.isFinite)
      ? ticks.reduce((sum, each) => sum + each, 0) * 10
      : null;
  } catch {
    return null;
  }
}

/** The most resident memory of a process so far, as Linux tells it. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

type Outcome = {
  readonly id: string;
  readonly passed: boolean;
  /** What was wrong, in words. */
  readonly faults: readonly string[];
  /** The program gave another code than the kit's; a fault only with --codes. */
  readonly otherCode: boolean;
  readonly elapsedMs: number;
  readonly peakBytes: number;
};

function judge(wanted: Case, ended: Ended, options: Options, more: readonly string[] = []): Outcome {
  const faults = [...more];
  const exit = wanted.verdict === "accepted" ? 0 : 1;
  if (ended.exitCode !== exit)
    faults.push(
      ended.exitCode === 0 || ended.exitCode === 1
        ? `it is to be ${wanted.verdict}`
        : `it ended with ${ended.exitCode ?? "a signal"}: ${ended.stderr.trim().slice(0, 300)}`,
    );
  if (ended.isLate) faults.push(`it took ${(ended.elapsedMs / 1000).toFixed(2)} s`);
  if (ended.peakBytes > options.memoryLimitBytes)
    faults.push(`it used ${Math.round(ended.peakBytes / 1e6)} MB of memory`);
  const said = answerOf(ended.stdout);
  if ("fault" in said) faults.push(said.fault);
  else if (said.ok !== (ended.exitCode === 0))
    faults.push(`ok is ${said.ok} with exit code ${ended.exitCode}`);
  const otherCode = !("fault" in said) && said.code !== wanted.code;
  if (otherCode && options.codes)
    faults.push(`its code is ${"code" in said ? said.code : null}, not ${wanted.code}`);
  return {
    id: wanted.id,
    passed: faults.length === 0,
    faults,
    otherCode,
    elapsedMs: ended.elapsedMs,
    peakBytes: ended.peakBytes,
  };
}

type Answer = { readonly ok: boolean; readonly code: string | null } | { readonly fault: string };

/** One JSON object on standard output, with ok and findings. */
function answerOf(stdout: string): Answer {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    return { fault: `its output is not one JSON document: ${stdout.slice(0, 200)}` };
  }
  if (typeof value !== "object" || value === null) return { fault: "its output is no JSON object" };
  const { ok, findings } = value as { ok?: unknown; findings?: unknown };
  if (typeof ok !== "boolean" || !Array.isArray(findings))
    return { fault: "its output lacks ok or findings" };
  const first: unknown = findings[0];
  if (!ok && first === undefined) return { fault: "it refuses without a finding" };
  const code = typeof first === "object" && first !== null ? (first as { code?: unknown }).code : null;
  return { ok, code: typeof code === "string" ? code : null };
}

type SparseFile = { readonly id: string; readonly file: string; readonly sparseBytes?: number };

/** The case's file, or a longer copy of it for as long as `use` takes. */
async function withCaseFile<Value>(
  wanted: SparseFile,
  options: Options,
  folder: string,
  use: (file: string) => Promise<Value>,
): Promise<Value> {
  const file = join(options.kit, wanted.file);
  if (wanted.sparseBytes === undefined) return use(file);
  const copy = join(folder, `${wanted.id.replaceAll("/", "-")}.copy`);
  copyFileSync(file, copy);
  truncateSync(copy, wanted.sparseBytes);
  try {
    return await use(copy);
  } finally {
    rmSync(copy);
  }
}

async function runPackage(wanted: PackageCase, options: Options, folder: string): Promise<Outcome> {
  const rest = ["--ca", join(options.kit, wanted.ca), "--at", wanted.at ?? "", "--json"];
  const ended = await withCaseFile(wanted, options, folder, (file) =>
    execute([...options.command, "verify", file, ...rest], options.timeLimitMs),
  );
  return judge(wanted, ended, options);
}

async function runCatalogue(wanted: CatalogueCase, options: Options): Promise<Outcome> {
  const words = [
    "verify-catalog",
    join(options.kit, wanted.folder),
    "--root",
    join(options.kit, wanted.root),
  ];
  const ended = await execute(
    [...options.command, ...words, "--at", wanted.at ?? "", "--json"],
    options.timeLimitMs,
  );
  return judge(wanted, ended, options);
}

async function runDelta(wanted: DeltaCase, index: Index, options: Options, folder: string): Promise<Outcome> {
  const out = join(folder, `${wanted.id.replaceAll("/", "-")}.out`);
  const base = wanted.base === null ? "-" : join(options.kit, wanted.base);
  const ended = await withCaseFile(wanted, options, folder, (file) =>
    execute([...options.command, "apply-delta", base, file, out, "--json"], options.timeLimitMs),
  );
  const faults: string[] = [];
  if (wanted.verdict === "refused" && existsSync(out)) faults.push("it left something behind");
  if (wanted.verdict === "accepted" && ended.exitCode === 0) {
    const made = existsSync(out) ? digestsBelow(out, "") : {};
    const names = new Set([...Object.keys(made), ...Object.keys(index.deltaResult)]);
    const other = [...names].sort().filter((name) => made[name] !== index.deltaResult[name]);
    if (other.length > 0) faults.push(`these files are not what they should be: ${other.join(", ")}`);
  }
  rmSync(out, { recursive: true, force: true });
  return judge(wanted, ended, options, faults);
}

/** File → SHA-256, of everything below a folder. */
function digestsBelow(folder: string, prefix: string): Record<string, string> {
  const digests: Record<string, string> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) Object.assign(digests, digestsBelow(path, `${prefix}${entry.name}/`));
    else if (!entry.isFile()) digests[prefix + entry.name] = "no file";
    else digests[prefix + entry.name] = createHash("sha256").update(readFileSync(path)).digest("hex");
  }
  return digests;
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const index: Index = JSON.parse(readFileSync(join(options.kit, "cases.json"), "utf8"));
  const folder = mkdtempSync(join(tmpdir(), "mosis-conformance-"));
  const work = [
    ...index.packages.map((wanted) => ({ wanted, run: () => runPackage(wanted, options, folder) })),
    ...index.deltas.map((wanted) => ({ wanted, run: () => runDelta(wanted, index, options, folder) })),
    ...index.catalogues.map((wanted) => ({ wanted, run: () => runCatalogue(wanted, options) })),
  ].filter(({ wanted }) => wanted.id.includes(options.only));
  const outcomes: Outcome[] = [];
  try {
    let next = 0;
    const worker = async () => {
      for (let job = work[next++]; job !== undefined; job = work[next++]) {
        const outcome = await job.run();
        outcomes.push(outcome);
        if (!outcome.passed)
          console.log(`FAILED ${outcome.id}: ${outcome.faults.join("; ")}\n       ${job.wanted.why}`);
      }
    };
    await Promise.all(Array.from({ length: options.jobs }, worker));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (options.report !== null) writeFileSync(options.report, `${JSON.stringify({ outcomes }, null, 1)}\n`);
  return summary(outcomes, options);
}

function summary(outcomes: readonly Outcome[], options: Options): number {
  const failed = outcomes.filter(({ passed }) => !passed).length;
  const others = outcomes.filter(({ otherCode }) => otherCode).length;
  const slowest = Math.max(0, ...outcomes.map(({ elapsedMs }) => elapsedMs));
  const largest = Math.max(0, ...outcomes.map(({ peakBytes }) => peakBytes));
  console.log(
    [
      `codes: ${outcomes.length - others} of ${outcomes.length} are the kit's${options.codes ? "" : " (they count with --codes)"}`,
      `slowest: ${(slowest / 1000).toFixed(2)} s; most memory: ${largest === 0 ? "not measured on this system" : `${Math.round(largest / 1e6)} MB`}`,
      `${outcomes.length - failed} passed, ${failed} failed`,
    ].join("\n"),
  );
  return failed === 0 && outcomes.length > 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
