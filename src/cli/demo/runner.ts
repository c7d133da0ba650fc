/** Runs the product's own commands inside of this process, as a person at a terminal would, and gives their JSON. */
import { Problem, type ProblemDetail } from "../../errors.ts";
import { type Io, NO_TERMINAL } from "../io.ts";

/** The command line interpreter; handed in, since it is what loads this command. */
export type RunCommand = (argv: readonly string[], io: Io) => Promise<number>;

export type Runner = {
  /** @throws Problem that names the command, with the command's own code and words. */
  <Result>(argv: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Result>;
};

/** Commands see only the environment that is given here, never the person's own keys or tokens. */
export function createRunner(io: Io, run: RunCommand): Runner {
  return async <Result>(argv: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
    let output = "";
    const exitCode = await run([...argv, "--json"], {
      ...io,
      ...NO_TERMINAL,
      stdout: (text) => {
        output += text;
      },
      stderr: () => {},
      environment,
    });
    const answer = JSON.parse(output || "null") as Result | { error: Failure } | null;
    if (exitCode === 0 && answer !== null) return answer as Result;
    const failure = (answer as { error?: Failure } | null)?.error;
    throw new Problem(
      "internal",
      failure?.code ?? "demo.command_failed",
      `mosis ${argv.slice(0, 3).join(" ")} ended with ${exitCode}: ${failure?.message ?? output.slice(0, 500)}`,
      failure?.details ?? [],
    );
  };
}

type Failure = {
  readonly code: string;
  readonly message: string;
  readonly details?: readonly ProblemDetail[];
};
