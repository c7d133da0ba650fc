/** Runs one parser in a process of its own, and begins a new one after each death or hang, until the time is over. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Line } from "./child.ts";
import type { Fault } from "./loop.ts";

/** Without a word for so long: more than any input may take, on a machine that does other things as well. */
const SILENT_MS = 30_000;
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
      if (ended === "done") break;
      report.seconds += took;
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
  let heard = performance.now();
  let patience = OPENING_MS;
  let isHung = false;
  let isDone = false;
  let executions = 0;
  const timer = setInterval(() => {
    if (performance.now() - heard < patience) return;
    isHung = true;
    child.kill("SIGKILL");
  }, 500);
  const errors = new Response(child.stderr).text();
  try {
    for await (const line of linesOf(child.stdout)) {
      heard = performance.now();
      patience = plan.silentMs ?? SILENT_MS;
      if (line.says === "progress") executions = line.executions;
      else if (line.says === "fault")
        addFault(report, {
          kind: line.kind as Fault["kind"],
          place: line.place,
          words: line.words,
          bytes: new Uint8Array(Buffer.from(line.base64, "base64")),
        });
      else {
        isDone = true;
        report.seconds += plan.seconds;
        report.executions += line.executions;
        report.novel += line.novel;
        report.kept = line.kept;
        report.slowestMs = Math.max(report.slowestMs, line.slowestMs);
        report.grownBytes = Math.max(report.grownBytes, line.grownBytes);
        report.peakBytes = Math.max(report.peakBytes, line.peakBytes);
        addTo(report.layers, line.layers);
        addTo(report.repaired, line.repaired);
      }
    }
    const code = await child.exited;
    if (isDone && code === 0) return "done";
    report.executions += isDone ? 0 : executions;
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

function addTo(sums: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + count;
}
