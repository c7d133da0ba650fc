/** The process: gives the command line to the program, and the program's exit code to the system. */

import { type Io, wantsColor } from "./cli/io.ts";
import { run } from "./cli/program.ts";
import { createAskSecret } from "./cli/prompt.ts";
import { systemClock } from "./clock.ts";
import { processEnvironment } from "./config.ts";

const DEFAULT_COLUMNS = 100;

/** What shells expect of a program that a signal ended: 128 and the signal's number. */
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const SAME_SIGNAL_MS = 500;

function processIo(signal: AbortSignal, interrupt: () => void): Io {
  const environment = processEnvironment();
  const isTerminal = process.stdout.isTTY === true;
  const errorIsTerminal = process.stderr.isTTY === true;
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    askSecret:
      process.stdin.isTTY === true && errorIsTerminal
        ? createAskSecret(process.stdin, process.stderr, signal, interrupt)
        : null,
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

/** Everything that was written is with the system before the process ends. */
async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((done) => {
    stream.write("", () => done());
  });
}

async function main(): Promise<void> {
  const interrupt = new AbortController();
  let interruptedBy: keyof typeof SIGNAL_EXIT_CODES | null = null;
  let interruptedAtMs = 0;
  const end = (name: keyof typeof SIGNAL_EXIT_CODES) => {
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
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => end(name));
  for (const stream of [process.stdout, process.stderr]) {
    // `mosis … | head` closes the pipe when it has enough: that is no error of ours.
    stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 3));
  }
  const exitCode = await run(
    process.argv.slice(2),
    processIo(interrupt.signal, () => end("SIGINT")),
  );
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  process.exit(exitCode !== 0 && interruptedBy !== null ? SIGNAL_EXIT_CODES[interruptedBy] : exitCode);
}

void main();
