/** Runs one parser in a process of its own, and begins a new one after each death or hang, until the time is over. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Line, Told } from "./child.ts";
import type { Fault } from "./loop.ts";

/** Without a word for so long, of the processor's time where that can be known: more than any input may take. */
const SILENT_MS = 30_000;
/** And for so many times that by the clock: it waits for what never comes. A busy machine alone makes nobody late. */
const IDLE_TIMES = 10;
const OPENING_MS = 300_000;
const FAULTS_MOST = 20;

export type Report = {
  readonly parser: string;
  readonly seed: number;
  executions: number;
  seconds: number;
  layers: Record<string, number>;
  repaired: Record<string, number>;
  novel: number;
  kept: number;
  slowestMs: number;
  grownBytes: number;
  peakBytes: number;
  /** As many as there were; `faults` has each kind and words once. */
  faultCount: number;
  readonly faults: Fault[];
};

export type Plan = {
  readonly parser: string;
  readonly seed: number;
  readonly from: number;
  readonly seconds: number;
  readonly keep: boolean;
  readonly silentMs?: number;
};

export async function watch(plan: Plan): Promise<Report> {
  const report: Report = {
    parser: plan.parser,
    seed: plan.seed,
    executions: 0,
    seconds: 0,
    layers: {},
    repaired: {},
    novel: 0,
    kept: 0,
    slowestMs: 0,
    grownBytes: 0,
    peakBytes: 0,
    faultCount: 0,
    faults: [],
  };
  const folder = mkdtempSync(join(tmpdir(), "mosis-fuzz-"));
  try {
    let from = plan.from;
    for (let left = plan.seconds; left > 0 && report.faultCount < FAULTS_MOST * 50; ) {
      const started = performance.now();
      const ended = await runChild({ ...plan, from, seconds: left }, join(folder, "current"), report);
      const took = (performance.now() - started) / 1000;
      report.seconds += Math.min(took, left);
      if (ended === "done") break;
      left -= took;
      const { place, bytes } = readCurrent(join(folder, "current"));
      addFault(report, { kind: ended.kind, place, bytes, words: ended.words });
      // A seed, or what is kept, would kill the next process as well.
      if (place < 0) break;
      from = place + 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return report;
}

type Ended = "done" | { readonly kind: "hang" | "exit"; readonly words: string };

async function runChild(plan: Plan, file: string, report: Report): Promise<Ended> {
  const child = Bun.spawn(
    [
      process.execPath,
      join(import.meta.dirname, "child.ts"),
      plan.parser,
      String(plan.seed),
      String(plan.from),
      String(plan.seconds),
      file,
      plan.keep ? "keep" : "",
    ],
    { stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  );
  let heard = spentBy(child.pid);
  let patience = OPENING_MS;
  let isHung = false;
  let isDone = false;
  let latest: Told | undefined;
  const timer = setInterval(() => {
    const spent = spentBy(child.pid);
    const isBusy = spent.processorMs - heard.processorMs >= patience;
    if (!isBusy && spent.clockMs - heard.clockMs < IDLE_TIMES * patience) return;
    isHung = true;
    child.kill("SIGKILL");
  }, 500);
  const errors = new Response(child.stderr).text();
  try {
    for await (const line of linesOf(child.stdout)) {
      heard = spentBy(child.pid);
      patience = plan.silentMs ?? SILENT_MS;
      if (line.says === "progress") latest = line.run ?? latest;
      else if (line.says === "fault")
        addFault(report, {
          kind: line.kind as Fault["kind"],
          place: line.place,
          words: line.words,
          bytes: new Uint8Array(Buffer.from(line.base64, "base64")),
        });
      else {
        isDone = true;
        latest = line.run;
        report.kept = line.kept;
      }
    }
    const code = await child.exited;
    if (latest !== undefined) addRun(report, latest);
    if (isDone && code === 0) return "done";
    return isHung
      ? { kind: "hang", words: `nothing was heard for ${Math.round(patience / 1000)} s` }
      : {
          kind: "exit",
          words: `the process ended with ${code}${child.signalCode ? ` (${child.signalCode})` : ""}: ${(await errors).trim().slice(0, 600)}`,
        };
  } finally {
    clearInterval(timer);
    child.kill("SIGKILL");
  }
}

type Spent = { readonly processorMs: number; readonly clockMs: number };

/** A tick of /proc, which is 10 ms on every Linux that Bun runs on. */
const TICK_MS = 10;

/** Of the processor only Linux tells; elsewhere the clock stands for it. */
function spentBy(pid: number): Spent {
  const clockMs = performance.now();
  if (process.platform !== "linux") return { clockMs, processorMs: clockMs };
  try {
    // Behind the name, which may hold anything, stand the state and then numbers: user is the 12th, system the 13th.
    const numbers = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    return { clockMs, processorMs: TICK_MS * (Number(numbers[11]) + Number(numbers[12])) };
  } catch {
    // It has ended, and spends no more.
    return { clockMs, processorMs: 0 };
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let rest = "";
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("{")) yield JSON.parse(line) as Line;
  }
}

/** What the process wrote last about what it was at. */
function readCurrent(file: string): { place: number; bytes: Uint8Array } {
  const bytes = readFileSync(file);
  if (bytes.length < 12) return { place: -1, bytes: new Uint8Array(0) };
  return {
    place: bytes.readDoubleLE(0),
    bytes: new Uint8Array(bytes.subarray(12, 12 + bytes.readUInt32LE(8))),
  };
}

function addFault(report: Report, fault: Fault): void {
  report.faultCount += 1;
  const shape = ({ kind, words }: Fault) => `${kind} ${words.replaceAll(/\d+/g, "#").slice(0, 120)}`;
  if (report.faults.length < FAULTS_MOST && !report.faults.some((known) => shape(known) === shape(fault)))
    report.faults.push(fault);
}

/** What a process did, to its end or to its death. */
function addRun(report: Report, run: Told): void {
  report.executions += run.executions;
  report.novel += run.novel;
  report.slowestMs = Math.max(report.slowestMs, run.slowestMs);
  report.grownBytes = Math.max(report.grownBytes, run.grownBytes);
  report.peakBytes = Math.max(report.peakBytes, run.peakBytes);
  addTo(report.layers, run.layers);
  addTo(report.repaired, run.repaired);
}

function addTo(sums: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + count;
}
