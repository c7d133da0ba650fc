/** Runs one parser in a process of its own, and begins a new one after each death or hang, until the time is over. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Told } from "./child.ts";
import { listen } from "./listen.ts";
import { type Fault, SLOW_MS } from "./loop.ts";

/** Without a word for so long, of the processor's time where that can be known: more than any input may take. */
const SILENT_MS = 30_000;
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
  poolBytes: number;
  /** As many as there were; `faults` has each kind and words once. */
  faultCount: number;
  /** What hung or was slow, and whose input, alone in a process of its own, came to its end in time. */
  unconfirmed: number;
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
    poolBytes: 0,
    faultCount: 0,
    unconfirmed: 0,
    faults: [],
  };
  const folder = mkdtempSync(join(tmpdir(), "mosis-fuzz-"));
  try {
    let from = plan.from;
    for (let left = plan.seconds; left > 0 && report.faultCount < FAULTS_MOST * 50; ) {
      const started = performance.now();
      const slow: Fault[] = [];
      const ended = await runChild({ ...plan, from, seconds: left }, join(folder, "current"), report, slow);
      const took = (performance.now() - started) / 1000;
      report.seconds += Math.min(took, left);
      for (const fault of slow) await confirm(plan, fault, folder, report);
      if (ended === "done") break;
      left -= took;
      const { place, bytes } = readCurrent(join(folder, "current"));
      const isTold = await confirm(
        plan,
        { kind: ended.kind, place, bytes, words: ended.words },
        folder,
        report,
      );
      // A seed, or what is kept, would kill the next process as well.
      if (isTold && place < 0) break;
      from = Math.max(from, place + 1);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return report;
}

type Ended = "done" | { readonly kind: "hang" | "exit"; readonly words: string };

/** `slow`: gets what was too slow, which is not told yet. */
async function runChild(plan: Plan, file: string, report: Report, slow: Fault[]): Promise<Ended> {
  const args = [plan.parser, plan.seed, plan.from, plan.seconds, file, plan.keep ? "keep" : ""];
  let latest: Told | undefined;
  let isDone = false;
  const { isHung, code, words } = await listen(args.map(String), silentMs(plan), (line) => {
    if (line.says === "progress") latest = line.run ?? latest;
    else if (line.says === "fault") {
      const { place, words, base64 } = line;
      const kind = line.kind as Fault["kind"];
      const fault = { kind, place, words, bytes: new Uint8Array(Buffer.from(base64, "base64")) };
      // Of very many, those that are not looked at again would be held in vain.
      if (kind === "slow" && slow.length < FAULTS_MOST) slow.push(fault);
      else addFault(report, fault);
    } else if (line.says === "done") {
      isDone = true;
      latest = line.run;
      report.kept = line.kept;
    }
  });
  if (latest !== undefined) addRun(report, latest);
  if (isDone && code === 0) return "done";
  return { kind: isHung ? "hang" : "exit", words };
}

/** Tells a fault; what took too long only when it does so alone. Gives whether it was told. */
async function confirm(plan: Plan, fault: Fault, folder: string, report: Report): Promise<boolean> {
  const isLate = fault.kind === "hang" || fault.kind === "slow";
  if (isLate && !(await isLateAlone(plan, fault.bytes, folder))) {
    report.unconfirmed += 1;
    return false;
  }
  addFault(report, fault);
  return true;
}

/** A process that had much to collect is late with what takes another no time. */
async function isLateAlone(plan: Plan, bytes: Uint8Array, folder: string): Promise<boolean> {
  const file = join(folder, "alone");
  writeFileSync(file, bytes);
  let isDone = false;
  await listen([plan.parser, "alone", file], silentMs(plan), (line) => {
    if (line.says === "alone") isDone = line.tookMs <= SLOW_MS;
  });
  return !isDone;
}

const silentMs = (plan: Plan): number => plan.silentMs ?? SILENT_MS;

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
  report.poolBytes = Math.max(report.poolBytes, run.poolBytes);
  addTo(report.layers, run.layers);
  addTo(report.repaired, run.repaired);
}

function addTo(sums: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + count;
}
