/** The process: gives the command line to the program, and the program's exit code to the system. */

import { writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { type Io, wantsColor } from "./cli/io.ts";
import { run } from "./cli/program.ts";
import { createQuestions } from "./cli/prompt.ts";
import { systemClock } from "./clock.ts";
import { processEnvironment } from "./config.ts";
import { CHILD_WORD, type ChildWorkName } from "./jobs/child.ts";

const DEFAULT_COLUMNS = 100;

/** What shells expect of a program that a signal ended: 128 and the signal's number. */
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const SAME_SIGNAL_MS = 500;

/** Could not reach or write something. */
const UNWRITABLE_EXIT_CODE = 3;

const ROOM = new Uint8Array(64 * 1024);

/**
 * Writes all of it, or ends the process: what a command did must not be called done when its answer, such as a secret
 * that is shown once, went nowhere. A stream would swallow the error of a full disk.
 */
function writeOut(descriptor: 1 | 2, text: string): void {
  // Encoded in parts, in one memory for all.
  for (let rest = text; rest !== ""; ) {
    const { read, written } = new TextEncoder().encodeInto(rest, ROOM);
    writeBytes(descriptor, ROOM.subarray(0, written));
    rest = rest.slice(read);
  }
}

function writeBytes(descriptor: 1 | 2, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : "";
      // A pipe that is read slowly and does not block.
      if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      else end(descriptor, code);
    }
  }
}

function end(descriptor: 1 | 2, code: unknown): never {
  // `mosis … | head` closes the pipe when it has enough: that is no error of ours.
  if (code === "EPIPE") process.exit(0);
  if (descriptor === 1) writeOut(2, `error: The output could not be written (${String(code)}).\n`);
  process.exit(UNWRITABLE_EXIT_CODE);
}

function processIo(signal: AbortSignal, interrupt: () => void): Io {
  const environment = processEnvironment();
  const isTerminal = process.stdout.isTTY === true;
  const errorIsTerminal = process.stderr.isTTY === true;
  const questions =
    process.stdin.isTTY === true && errorIsTerminal
      ? createQuestions(process.stdin, process.stderr, signal, interrupt)
      : { ask: null, askSecret: null };
  return {
    stdout: (text) => writeOut(1, text),
    stderr: (text) => writeOut(2, text),
    ...questions,
    isTerminal,
    errorIsTerminal,
    columns:
      (isTerminal ? process.stdout.columns : errorIsTerminal ? process.stderr.columns : 0) || DEFAULT_COLUMNS,
    color: wantsColor(isTerminal, environment),
    errorColor: wantsColor(errorIsTerminal, environment),
    environment,
    cwd: process.cwd(),
    signal,
    clock: systemClock,
  };
}

async function main(): Promise<void> {
  const interrupt = new AbortController();
  let interruptedBy: keyof typeof SIGNAL_EXIT_CODES | null = null;
  let interruptedAtMs = 0;
  const interrupted = (name: keyof typeof SIGNAL_EXIT_CODES) => {
    if (interruptedBy !== null) {
      // A second time means: now. But one Ctrl-C comes twice where a script runner hands on what the terminal sent to
      // both of them already.
      if (performance.now() - interruptedAtMs < SAME_SIGNAL_MS) return;
      process.exit(SIGNAL_EXIT_CODES[name]);
    }
    interruptedBy = name;
    interruptedAtMs = performance.now();
    interrupt.abort();
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => interrupted(name));
  const exitCode = await run(
    process.argv.slice(2),
    processIo(interrupt.signal, () => interrupted("SIGINT")),
  );
  process.exit(exitCode !== 0 && interruptedBy !== null ? SIGNAL_EXIT_CODES[interruptedBy] : exitCode);
}

/** What a process does that another one of this program started for it, by the order that it was given: see jobs/child.ts. */
const CHILD_WORK: Readonly<Record<ChildWorkName, (order: unknown) => Promise<void>>> = {
  deltas: async (order) => (await import("./catalog/deltas/maker.ts")).runDeltasChild(order),
  pictures: async (order) => (await import("./catalog/shown-pictures/maker.ts")).runPicturesChild(order),
};

async function child(name: string | undefined): Promise<void> {
  if (name !== "deltas" && name !== "pictures") throw new Error("that is no work of a child process");
  const lines = createInterface({ input: process.stdin });
  // Whoever started it is no more: nobody will take what is made.
  lines.on("close", () => process.exit(1));
  const order = await new Promise<string>((resolve) => lines.once("line", resolve));
  await CHILD_WORK[name](JSON.parse(order));
  process.exit(0);
}

void (process.argv[2] === CHILD_WORD ? child(process.argv[3]) : main());
