/** For tests: an Io that keeps what is printed. */
import { systemClock } from "../clock.ts";
import type { ExitCode } from "../errors.ts";
import { type Io, NO_TERMINAL } from "./io.ts";
import { run } from "./program.ts";

export type Ran = {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
  readonly json: unknown;
};

/** Runs one command line in this process, as if nobody sat at a terminal. `json` is what stdout holds, if that is JSON. */
export async function runCommand(
  argv: readonly string[],
  io: Partial<Io> & { readonly cwd: string },
): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const exitCode = await run(argv, {
    stdout: (text) => out.push(text),
    stderr: (text) => err.push(text),
    ...NO_TERMINAL,
    signal: new AbortController().signal,
    clock: systemClock,
    ...io,
  });
  const stdout = out.join("");
  return { exitCode, stdout, stderr: err.join(""), json: parsed(stdout) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
