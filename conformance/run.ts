/**
 * Runs the conformance kit against a program:
 *
 *     node run.ts [--kit DIR] [--only TEXT] [--codes] [--jobs N] [--seconds S] [--megabytes M] [--report FILE] -- CMD...
 *
 * Needs nothing but Node.js 22.18, Deno or Bun: one file without imports of its own. README.md says what CMD has to do.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
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
type FileCase = Case & { readonly file: string; readonly sha256: string; readonly sparseBytes?: number };
type PackageCase = FileCase & { readonly ca: string };
type DeltaCase = FileCase & { readonly base: string | null };
type CatalogueCase = Case & {
  readonly folder: string;
  readonly root: string;
  readonly audience: string | null;
  readonly sha256: string;
};
type Index = {
  /** Files that several cases use → SHA-256. */
  readonly shared: Readonly<Record<string, string>>;
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
      const value = own[at] ?? "";
      // An empty text stands in every id, and the next option is no value: neither is what somebody means.
      if (value === "" || value.startsWith("--")) throw new Error(`${word} lacks its value; ${USAGE}`);
      given.set(word, value);
    } else throw new Error(`${word} is not known; ${USAGE}`);
  }
  const number = (name: string, otherwise: number) => {
    const value = Number(given.get(name) ?? otherwise);
    if (!(value > 0 && Number.isFinite(value))) throw new Error(`${name} is a number above 0`);
    return value;
  };
  const jobs = number("--jobs", Math.min(4, availableParallelism()));
  if (!Number.isSafeInteger(jobs)) throw new Error("--jobs is a whole number");
  const here = import.meta.dirname;
  return {
    kit: given.get("--kit") ?? (existsSync(join(here, "packages")) ? here : join(here, "built")),
    only: given.get("--only") ?? "",
    codes: given.has("--codes"),
    jobs,
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
  /** The most memory that it and what it started were seen to use; 0 where the system does not tell. */
  readonly peakBytes: number;
};

/** More than any answer needs; what is beyond is not kept. */
const OUTPUT_BYTES = 16 * 2 ** 20;
/** How long what was killed may take to be gone. */
const GONE_MS = 2000;
/** How long after the program's end what it wrote may take to arrive: it has written all of it. */
const GRACE_MS = 1000;
/** Stands in the environment of the program, and with that of all that it starts: so they are found, wherever they went. */
const MARK = "MOSIS_KIT_RUN";

const isWindows = process.platform === "win32";
type Running = { readonly child: ChildProcess; readonly mark: string };
/** What runs now: it has process groups of its own, which a Ctrl-C at the terminal does not reach. */
const running = new Set<Running>();

function execute(words: readonly string[], limitMs: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const [program = "", ...rest] = words;
    const mark = randomUUID();
    const child = spawn(program, rest, {
      stdio: ["ignore", "pipe", "pipe"],
      detached: !isWindows,
      env: { ...process.env, [MARK]: mark },
    });
    const own: Running = { child, mark };
    running.add(own);
    const stdout: Uint8Array[] = [];
    const stderr: Uint8Array[] = [];
    const keepIn = (pieces: Uint8Array[]) => {
      let sizeBytes = 0;
      return (piece: Uint8Array) => {
        sizeBytes += piece.length;
        if (sizeBytes <= OUTPUT_BYTES) pieces.push(piece);
      };
    };
    let peakBytes = 0;
    let computedMs: number | null = null;
    let isLate = false;
    const look = () => {
      const used = usedBy(child.pid);
      peakBytes = Math.max(peakBytes, used.bytes);
      if (used.computedMs !== null) computedMs = Math.max(computedMs ?? 0, used.computedMs);
    };
    look();
    const watch = setInterval(look, 10);
    let gone: ReturnType<typeof setTimeout> | undefined;
    let endedAt: number | null = null;
    // So much more that the machine can do other things beside: only what hangs comes to it.
    const timer = setTimeout(() => {
      isLate = true;
      killAll(own);
      // Whoever was not found and holds the output is not waited for.
      gone = setTimeout(() => end(null), GONE_MS);
    }, limitMs * 15);
    const end = (exitCode: number | null) => {
      clearInterval(watch);
      clearTimeout(timer);
      clearTimeout(gone);
      running.delete(own);
      child.stdout.destroy();
      child.stderr.destroy();
      const passedMs = (endedAt ?? performance.now()) - startedAt;
      const elapsedMs = isLate ? passedMs : Math.min(passedMs, computedMs ?? passedMs);
      resolve({
        exitCode: isLate ? null : exitCode,
        stdout: Buffer.concat(stdout).toString("utf8"),
        stderr: Buffer.concat(stderr).toString("utf8"),
        elapsedMs,
        isLate: isLate || elapsedMs > limitMs,
        peakBytes,
      });
    };
    child.stdout.on("data", keepIn(stdout));
    child.stderr.on("data", keepIn(stderr));
    child.on("error", reject);
    // Its end is what counts. What it left running would take from the next, and may hold the output open.
    child.on("exit", (exitCode) => {
      endedAt = performance.now();
      clearInterval(watch);
      clearTimeout(timer);
      killAll(own);
      gone ??= setTimeout(() => end(exitCode), GRACE_MS);
    });
    child.on("close", end);
  });
}

/** How often what runs is looked for, since what is not killed yet may start more. */
const ROUNDS = 5;

/** A program and what it started: a script that calls another program is one program. */
function killAll({ child: { pid }, mark }: Running): void {
  if (pid === undefined) return;
  if (isWindows) {
    spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"], { stdio: "ignore" });
    return;
  }
  for (let round = 0; round < ROUNDS; round++) {
    const marked = markedProcesses(mark);
    for (const each of [-pid, ...processesOf(pid, 0), ...marked]) {
      try {
        process.kill(each, "SIGKILL");
      } catch {
        // Nothing of it runs any more.
      }
    }
    if (marked.length === 0) return;
  }
}

/** Those who have the mark in their environment, as Linux tells it: also whoever left the group when its parent had ended. */
function markedProcesses(mark: string): readonly number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && readProc(`${name}/environ`).includes(`${MARK}=${mark}`))
    .map(Number);
}

type Used = { readonly bytes: number; readonly computedMs: number | null };

/**
 * What a program and all that it started use, as Linux tells it; nothing elsewhere. The memory is the resident memory of all of
 * them together, or the most that one of them ever had, whichever is more. The processor time is theirs, and that of those they waited for.
 */
function usedBy(pid: number | undefined): Used {
  if (pid === undefined || process.platform !== "linux") return { bytes: 0, computedMs: null };
  let together = 0;
  let highest = 0;
  let computedMs: number | null = null;
  for (const each of new Set([pid, ...processesOf(pid, 50)])) {
    const status = readProc(`${each}/status`);
    const kilobytes = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0);
    together += kilobytes("VmRSS");
    highest = Math.max(highest, kilobytes("VmHWM"));
    // After the state, the parent, the group and so on: utime, stime, cutime and cstime, in 1/100 s.
    const ticks = statOf(each).slice(11, 15).map(Number);
    if (ticks.length === 4 && ticks.every(Number.isFinite))
      computedMs = (computedMs ?? 0) + ticks.reduce((sum, tick) => sum + tick, 0) * 10;
  }
  return { bytes: Math.max(together, highest) * 1024, computedMs };
}

type Seen = { readonly at: number; readonly below: ReadonlyMap<number, readonly number[]> };
let seen: Seen = { at: Number.NEGATIVE_INFINITY, below: new Map() };

/**
 * What a program started, as it was at most `ageMs` ago: children of children, and who is in its group or session. What left these
 * when its parent had ended is not among them. One look is for all that runs.
 */
function processesOf(leader: number, ageMs: number): readonly number[] {
  if (process.platform !== "linux") return [];
  if (performance.now() - seen.at > ageMs) {
    const below = new Map<number, number[]>();
    for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
      const pid = Number(name);
      const [, parent, group, session] = statOf(pid).map(Number);
      for (const above of new Set([parent, group, session]))
        if (above !== undefined && above > 1 && above !== pid)
          below.set(above, [...(below.get(above) ?? []), pid]);
    }
    seen = { at: performance.now(), below };
  }
  const found = new Set([leader]);
  for (const each of found) for (const pid of seen.below.get(each) ?? []) found.add(pid);
  found.delete(leader);
  return [...found];
}

/** The fields of /proc/PID/stat from the state on; the name before it may hold anything. None when it is gone. */
function statOf(pid: number): readonly string[] {
  const stat = readProc(`${pid}/stat`);
  return stat === "" ? [] : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function readProc(name: string): string {
  try {
    return readFileSync(`/proc/${name}`, "utf8");
  } catch {
    return "";
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
  const otherCode = "fault" in said || said.code !== wanted.code;
  if (!("fault" in said) && otherCode && options.codes)
    faults.push(`its code is ${said.code}, not ${wanted.code}`);
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
  if (ok && first !== undefined) return { fault: "it accepts with findings" };
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
    ...(wanted.audience === null ? [] : ["--audience", wanted.audience]),
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
  const made = entriesBelow(out);
  if (wanted.verdict === "refused" && made !== null) faults.push("it left something behind");
  if (wanted.verdict === "accepted" && ended.exitCode === 0) {
    const expected = withFolders(index.deltaResult);
    const names = new Set([...Object.keys(made ?? {}), ...Object.keys(expected)]);
    const other = [...names].sort().filter((name) => made?.[name] !== expected[name]);
    if (other.length > 0) faults.push(`these entries are not what they should be: ${other.join(", ")}`);
  }
  rmSync(out, { recursive: true, force: true });
  return judge(wanted, ended, options, faults);
}

const FOLDER = "a folder";

/** Path → SHA-256 of everything below a folder, folders themselves among them; null when nothing is there. */
function entriesBelow(folder: string, prefix = ""): Record<string, string> | null {
  const facts = lstatSync(folder, { throwIfNoEntry: false });
  if (facts === undefined) return null;
  if (!facts.isDirectory()) return { ".": "no folder" };
  const entries: Record<string, string> = {};
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const name = prefix + entry.name;
    if (entry.isDirectory()) {
      entries[name] = FOLDER;
      Object.assign(entries, entriesBelow(path, `${name}/`));
    } else entries[name] = entry.isFile() ? sha256(readFileSync(path)) : "no file";
  }
  return entries;
}

/** The same of files alone: with the folders that their names need. */
function withFolders(files: Readonly<Record<string, string>>): Record<string, string> {
  const entries: Record<string, string> = { ...files };
  for (const name of Object.keys(files))
    for (let at = name.indexOf("/"); at !== -1; at = name.indexOf("/", at + 1))
      entries[name.slice(0, at)] = FOLDER;
  return entries;
}

const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

/** Of what a case uses, the names of what is not as cases.json says: then nobody's verdict is worth anything. */
function damagedFiles(kit: string, index: Index, wanted: (each: Case) => boolean): readonly string[] {
  const damaged = new Set<string>();
  const check = (name: string, expected: string | undefined) => {
    const path = join(kit, name);
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    if (!isFile || sha256(readFileSync(path)) !== expected) damaged.add(name);
  };
  for (const each of [...index.packages, ...index.deltas].filter(wanted)) {
    check(each.file, each.sha256);
    const other = "ca" in each ? each.ca : each.base;
    if (other !== null) check(other, index.shared[other]);
  }
  for (const { folder, sha256: expected } of index.catalogues.filter(wanted)) {
    const found = entriesBelow(join(kit, folder)) ?? {};
    const files = Object.fromEntries(Object.entries(found).filter(([, digest]) => digest !== FOLDER));
    const lines = Object.entries(files).map(([name, digest]) => `${digest}  ${name}\n`);
    const folders = Object.keys(withFolders(files)).length;
    if (sha256(lines.sort().join("")) !== expected || folders !== Object.keys(found).length)
      damaged.add(folder);
  }
  return [...damaged];
}

function readIndex(kit: string): Index {
  const text = readFileSync(join(kit, "cases.json"), "utf8");
  try {
    const index: Index = JSON.parse(text);
    const lists = [index.packages, index.deltas, index.catalogues];
    if (lists.every(Array.isArray) && typeof index.shared === "object") return index;
  } catch {
    // It was cut, or changed by hand.
  }
  throw damage(["cases.json"]);
}

function damage(names: readonly string[]): Error {
  const shown = `${names.slice(0, 20).join(", ")}${names.length > 20 ? " and more" : ""}`;
  return new Error(`The kit is damaged, so that nothing was run: ${shown}`);
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const index = readIndex(options.kit);
  const isWanted = ({ id }: Case) => id.includes(options.only);
  if (![...index.packages, ...index.deltas, ...index.catalogues].some(isWanted))
    throw new Error(`No case of cases.json has "${options.only}" in its id.`);
  const damaged = damagedFiles(options.kit, index, isWanted);
  if (damaged.length > 0) throw damage(damaged);
  const folder = mkdtempSync(join(tmpdir(), "mosis-conformance-"));
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      for (const each of running) killAll(each);
      rmSync(folder, { recursive: true, force: true });
      process.exit(signal === "SIGINT" ? 130 : 143);
    });
  const work = [
    ...index.packages.map((wanted) => ({ wanted, run: () => runPackage(wanted, options, folder) })),
    ...index.deltas.map((wanted) => ({ wanted, run: () => runDelta(wanted, index, options, folder) })),
    ...index.catalogues.map((wanted) => ({ wanted, run: () => runCatalogue(wanted, options) })),
  ].filter(({ wanted }) => isWanted(wanted));
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

const UNMEASURED =
  process.platform === "linux" ? "not seen, since every call was too short" : "not measured on this system";

function summary(outcomes: readonly Outcome[], options: Options): number {
  const failed = outcomes.filter(({ passed }) => !passed).length;
  const others = outcomes.filter(({ otherCode }) => otherCode).length;
  const slowest = Math.max(0, ...outcomes.map(({ elapsedMs }) => elapsedMs));
  const largest = Math.max(0, ...outcomes.map(({ peakBytes }) => peakBytes));
  console.log(
    [
      `codes: ${outcomes.length - others} of ${outcomes.length} are the kit's${options.codes ? "" : " (they count with --codes)"}`,
      `slowest: ${(slowest / 1000).toFixed(2)} s; most memory: ${largest === 0 ? UNMEASURED : `${Math.round(largest / 1e6)} MB`}`,
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
