/**
 * How `mosis admin` reaches a store: over the running server's socket, or, when none runs, by taking the folder's lock
 * and running both the operation and the jobs that it causes.
 */
import { openStore } from "../boot/open-store.ts";
import { operatorSocketPath } from "../boot/socket-path.ts";
import { requireDataDir } from "../config.ts";
import { describeError, PROBLEM_KINDS, Problem, type ProblemDetail, type ProblemKind } from "../errors.ts";
import { runOperation } from "../http/operator/operations.ts";
import { createLog } from "../log.ts";
import type { Context } from "./command.ts";
import { commandConfig, type DataOptions } from "./store-options.ts";

export type Operator = {
  /** Runs one operation; dates in the result are RFC 3339 texts. @throws Problem as the operation does */
  call<Result>(name: string, input: Readonly<Record<string, unknown>>): Promise<Result>;
};

type Failure = { kind: ProblemKind; code: string; message: string; details: ProblemDetail[] };

/** Opens a way to the store, uses it, and closes it again. */
export async function withOperator<Value>(
  context:
    | Context<Record<string, never>, DataOptions>
    | (Pick<Context, "io" | "note"> & { options: { data?: string | undefined } }),
  use: (operator: Operator) => Promise<Value>,
): Promise<Value> {
  const config = commandConfig(context);
  const path = operatorSocketPath(requireDataDir(config));
  if (await listens(path)) return use({ call: (name, input) => callServer(path, name, input) });
  const opened = await openStore({
    config,
    clock: context.io.clock,
    log: createLog(context.io.clock, "warn", (line) => context.note(line.trimEnd())),
    mayCreate: false,
    runJobs: false,
  });
  try {
    return await use({
      async call<Result>(name: string, input: Readonly<Record<string, unknown>>) {
        const result = await runOperation(opened.store, name, input);
        await opened.scheduler.drain();
        return JSON.parse(JSON.stringify(result ?? null)) as Result;
      },
    });
  } finally {
    await opened.close(10_000);
  }
}

/** A socket file that nobody listens on was left by a kill. */
async function listens(path: string): Promise<boolean> {
  try {
    await fetch("http://operator/", { unix: path, method: "POST", body: "{}" });
    return true;
  } catch {
    return false;
  }
}

async function callServer<Result>(
  path: string,
  name: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Result> {
  let response: Response;
  try {
    response = await fetch(`http://operator/${name}`, {
      unix: path,
      method: "POST",
      body: JSON.stringify(input),
    });
  } catch (error) {
    throw new Problem(
      "unreachable",
      "operator.unreachable",
      `The server stopped answering on ${path}: ${describeError(error)}.`,
    );
  }
  const body = (await response.json()) as Result | { error: Failure };
  if (response.ok) return body as Result;
  const { kind, code, message, details } = (body as { error: Failure }).error;
  throw new Problem(kind in PROBLEM_KINDS ? kind : "internal", code, message, details);
}
